// Package lifecycle holds the stories of what goes away.
package lifecycle

import "github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"

// Scenarios of the package.
func Scenarios() []e2e.Scenario { return nil }
