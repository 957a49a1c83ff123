// Package lifecycle holds the stories of what ends: processes that are killed and come back while databases are being created,
// and databases, namespaces and whole control planes that are taken down, on purpose or not.
package lifecycle

import "github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"

// Scenarios of the package.
func Scenarios() []e2e.Scenario {
	return []e2e.Scenario{
		{Name: "make-up-down", Run: makeUpDown},
		{Name: "namespace-deleted", Run: namespaceDeleted},
		{Name: "namespace-protected", Run: namespaceProtected},
		{Name: "deletion-protection", Run: deletionProtection},
		{Name: "delete-leaves-nothing", Run: deleteLeavesNothing},
		{Name: "functions-killed", Alone: true, Run: functionsKilled},
		{Name: "functions-down", Alone: true, Run: functionsDown},
		{Name: "core-restarted", Alone: true, Run: coreRestarted},
		{Name: "apiserver-restarted", Alone: true, Run: apiServerRestarted},
		{Name: "simulator-restarted", Alone: true, Run: simulatorRestarted},
	}
}
