package appdatabase

import (
	"strconv"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/window"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// windows of the backup and of maintenance: the claim's, then those that the platform team has said for the tier, then those that run,
// then an hour of the tier's night that is chosen once for each database. What nobody has said makes way for what somebody has.
func (c catalog) windows(in plan.In, f form, claim claim, tier pipelinev1.EnvironmentType) (backup, maintenance string) {
	said := c.tiers[tier]
	backup, maintenance = first(claim.backupWindow, said.BackupWindow), first(claim.maintenanceWindow, said.MaintenanceWindow)
	composed := in.Observed.Get(f.holder).At("spec", "forProvider")
	runs, runsToo := composed.String(f.backupField), composed.String(f.maintenanceField)
	if kept := first(backup, runs); window.Check(kept, first(maintenance, runsToo)) == nil {
		backup, maintenance = kept, first(maintenance, runsToo)
	}
	seed, err := strconv.ParseUint(naming.Hash(in.Subject.UID, "windows"), 16, 64)
	if err != nil {
		seed = 0 // A hash is hexadecimal: this is never reached.
	}
	return c.nights[tier].Complete(backup, maintenance, seed)
}
