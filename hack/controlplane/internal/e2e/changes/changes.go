// Package changes holds the stories of what changes about a database that runs: its size, its copies, its version, its access, what
// the platform team offers, and its Environment. Exactly what is meant changes, and nothing is created anew.
package changes

import "github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"

// Scenarios of the package.
func Scenarios() []e2e.Scenario {
	return []e2e.Scenario{
		{Name: "change-size", Run: changeSize},
		{Name: "change-replicas", Run: changeReplicas},
		{Name: "change-readers", Run: changeReaders},
		{Name: "upgrade-postgres", Run: upgradePostgres},
		{Name: "upgrade-mariadb", Run: upgradeMariaDB},
		{Name: "change-in-window", Run: changeInWindow},
		{Name: "restore-snapshot", Run: restoreSnapshot},
		{Name: "restore-point-in-time", Run: restorePointInTime},
		{Name: "retain", Run: retain},
		{Name: "day-two-refused", Run: dayTwoRefused},
		{Name: "change-access", Run: changeAccess},
		{Name: "change-tier-values", Run: changeTierValues},
		{Name: "environment-in-use", Run: environmentInUse},
		{Name: "environment-in-use-elsewhere", Run: environmentInUseElsewhere},
		{Name: "in-use-after-drop", Run: inUseAfterDrop},
		{Name: "environment-status-lost", Run: environmentStatusLost},
		{Name: "environment-loses-vault", Run: environmentLosesVault},
	}
}
