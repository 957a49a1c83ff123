package appdatabase

import (
	"errors"
	"fmt"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/window"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// restoreUnchanged looks at what the database was made of, where there is one.
func restoreUnchanged(r request) *plan.Refusal {
	if r.holder.IsZero() {
		return nil
	}
	composed := r.holder.At("spec", "forProvider")
	point := composed.At("restoreToPointInTime")
	snapshot, time := composed.String("snapshotIdentifier"), first(point.String("restoreTime"), point.String("restoreToTime"))
	from := r.claim.restore
	if from.Snapshot == snapshot && (from.Database == "") == point.IsZero() && from.Time == time {
		return nil
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.RestoreChanged,
		"spec.restoreFrom cannot be set, changed or removed after creation: write what was there before, or create a new AppDatabase")
}

// restoreComplete is for a composite that the schema has not seen.
func restoreComplete(r request) *plan.Refusal {
	from := r.claim.restore
	var problem string
	switch {
	case !r.claim.restored():
		return nil
	case from.Snapshot != "" && from.Database != "":
		problem = "spec.restoreFrom takes either snapshot or database: write one of the two"
	case from.Time != "" && from.Database == "":
		problem = "spec.restoreFrom.time goes with database: a snapshot is of one moment already. Remove time"
	case from.Database == r.in.Subject.Name:
		problem = "spec.restoreFrom.database names this object itself: write the name of another AppDatabase"
	case r.claim.database != "":
		problem = "spec.database and spec.restoreFrom exclude each other: a restored database keeps its name. Remove spec.database"
	default:
		return nil
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.InvalidSpec, problem)
}

// replicasOffered lets copies run on that are not on offer any more.
func replicasOffered(r request) *plan.Refusal {
	most := int64(maxReplicas)
	if offered := r.data.engines[r.claim.engine].MaxReplicas; offered != nil {
		most = *offered
	}
	there := int64(len(r.in.Observed.Names(r.form.copies)))
	if r.form.aurora {
		// One of them writes.
		there--
	}
	if r.claim.replicas >= 0 && r.claim.replicas <= max(most, there) {
		return nil
	}
	instead := fmt.Sprintf("write 0 to %d", most)
	if most == 0 {
		instead = "remove the field, or ask the platform team for an engine with replicas"
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.ReplicasNotOffered, fmt.Sprintf(
		"spec.replicas: %d is not on offer for %s; %s", r.claim.replicas, r.claim.engine, instead))
}

// windowsApart judges a window of the claim beside the other one, as far as somebody has said that.
func windowsApart(r request) *plan.Refusal {
	if r.claim.backupWindow+r.claim.maintenanceWindow == "" {
		return nil
	}
	tier := r.data.tiers[r.tier]
	backup, maintenance := first(r.claim.backupWindow, tier.BackupWindow), first(r.claim.maintenanceWindow, tier.MaintenanceWindow)
	err := window.Check(backup, maintenance)
	if err == nil {
		return nil
	}
	field := "spec.maintenanceWindow"
	if wrong := (*window.Error)(nil); errors.As(err, &wrong) && wrong.Field == window.FieldBackup {
		field = "spec.backupWindow"
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.InvalidWindow, fmt.Sprintf("%s: %v", field, err))
}

func iamOffered(r request) *plan.Refusal {
	since := facts()[r.claim.engine].iamSince
	version := first(r.claim.version, r.holder.String("spec", "forProvider", "engineVersion"), r.data.engines[r.claim.engine].DefaultVersion)
	if !r.claim.iamAuthentication || since == "" || !lower(version, since) {
		return nil
	}
	return plan.Refuse(v1.ConditionAccessReady, conditions.IAMNotOffered, fmt.Sprintf(
		"spec.iamAuthentication: %s has it from version %s on, and this one is %s. Set spec.version to %s or newer, or remove the field",
		r.claim.engine, since, version, since))
}
