// Package people holds the stories of who may do what: developers, teams that share an Environment, and teams that do not.
package people

import (
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// Scenarios of the package.
func Scenarios() []e2e.Scenario {
	return []e2e.Scenario{
		{Name: "developer-identity", Run: developer},
		{Name: "developer-mistakes", Run: mistakes},
		{Name: "environment-of-another-team", Run: sharing},
		{Name: "confusable-names", Run: confusable},
	}
}
