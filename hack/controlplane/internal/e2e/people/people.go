// Package people holds the stories of those who use the platform without owning it.
package people

import "github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"

// Scenarios of the package.
func Scenarios() []e2e.Scenario { return nil }
