package appdatabase

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/environment"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// requirementSource is the key of the AppDatabase whose backups a new one is made from.
const requirementSource = "restore-source"

// source is the AppDatabase whose backups a new one is made from.
type source struct {
	object object.Object
	// waits says why the database cannot be created yet. Empty when it can.
	waits string
}

// version of the source as the catalog names it.
func (s source) version(engine inputv1.Engine) string {
	full := s.object.String("status", "version")
	for _, version := range slices.Sorted(maps.Keys(engine.Versions)) {
		if within(full, version) {
			return version
		}
	}
	return ""
}

// findSource looks the source up, until the database is there.
func (d *database) findSource() *plan.Refusal {
	name, namespace := d.claim.restore.Database, d.in.Subject.Namespace
	if name == "" || !d.holder().IsZero() || d.once.Made {
		return nil
	}
	d.plan.Requirements = append(d.plan.Requirements, plan.Requirement{
		Key: requirementSource, APIVersion: v1.APIVersion, Kind: v1.AppDatabaseKind, Namespace: namespace, Name: name,
	})
	found := d.in.Required[requirementSource]
	d.source.object = found.First()
	switch {
	case !found.Resolved:
		d.source.waits = "looks for AppDatabase " + name
		return nil
	case d.source.object.IsZero():
		return plan.Refuse(v1.ConditionDatabaseReady, conditions.RestoreSourceUnusable, fmt.Sprintf(
			"spec.restoreFrom.database: there is no AppDatabase %q in namespace %s. Create this one anew with the name of one that is there, "+
				"or, for one that was deleted, with its final snapshot as spec.restoreFrom.snapshot", name, namespace))
	case d.source.object.String("status", "engine") == "", d.source.object.String("status", "identifier") == "":
		d.source.waits = fmt.Sprintf("waits for AppDatabase %s, which is not created yet", name)
		return nil
	}
	return d.checkSource(d.source.object)
}

func (d *database) checkSource(from object.Object) *plan.Refusal {
	name := from.Name()
	if engine := from.String("status", "engine"); engine != string(d.claim.engine) {
		return plan.Refuse(v1.ConditionDatabaseReady, conditions.RestoreSourceUnusable, fmt.Sprintf(
			"spec.engine: AppDatabase %s, which spec.restoreFrom names, is %s and not %s. Create this one anew with spec.engine: %s",
			name, engine, d.claim.engine, engine))
	}
	cloud := from.At("status", "environment", "cloud")
	if there := cloud.String("accountId") + " " + cloud.String("region"); there != d.env.Cloud.AccountID+" "+d.env.Cloud.Region {
		return plan.Refuse(v1.ConditionDatabaseReady, conditions.RestoreSourceUnusable, fmt.Sprintf(
			"spec.restoreFrom.database: AppDatabase %s is in account %s, and a backup stays in its account and region. Ask the platform team to "+
				"copy a snapshot, and restore that with spec.restoreFrom.snapshot", name, strings.Replace(there, " ", ", region ", 1)))
	}
	return d.checkSourceVersion(name, from.String("status", "version"))
}

// checkSourceVersion judges what the source runs: its backup is of that version, and needs a parameter group of it.
func (d *database) checkSourceVersion(name, runs string) *plan.Refusal {
	engine := d.data.engines[d.claim.engine]
	version := d.source.version(engine)
	switch {
	case runs == "":
		return nil
	case version == "":
		return plan.Refuse(v1.ConditionDatabaseReady, conditions.RestoreSourceUnusable, fmt.Sprintf(
			"spec.restoreFrom.database: AppDatabase %s runs %s %s, which is not on offer any more. Upgrade it first to one of %s",
			name, d.claim.engine, runs, choices(engine.Versions)))
	case lower(d.claim.version, version):
		return plan.Refuse(v1.ConditionDatabaseReady, conditions.RestoreSourceUnusable, fmt.Sprintf(
			"spec.version: AppDatabase %s, which spec.restoreFrom names, runs %s, and a backup cannot go back to %s. Write %q or newer, "+
				"or remove the field", name, runs, d.claim.version, version))
	}
	return nil
}

// snapshotAllowed keeps a namespace to the snapshots of its own databases, which carry its hash at the end of their names, and
// to those that the platform team has listed.
func snapshotAllowed(r request) *plan.Refusal {
	name, namespace := r.claim.restore.Snapshot, r.in.Subject.Namespace
	if name == "" || !r.holder.IsZero() || strings.HasSuffix(name, "-"+snapshotOwner(namespace)) && !strings.Contains(name, ":") {
		return nil
	}
	for _, rule := range r.data.snapshots {
		if environment.SharedWith(rule.Namespaces, namespace) && environment.SharedWith(rule.Names, name) {
			return nil
		}
	}
	return plan.Refuse(v1.ConditionDatabaseReady, conditions.SnapshotNotAllowed, fmt.Sprintf(
		"spec.restoreFrom.snapshot: %q is not the final snapshot of a database of namespace %s. The platform team has to add an entry to "+
			"snapshots in the input of the composition step: {namespaces: [%s], names: [%s]}", name, namespace, namespace, name))
}

// snapshotOwner marks the final snapshots of a namespace.
func snapshotOwner(namespace string) string { return naming.Hash(namespace, "snapshots") }

// finalSnapshotName is what the last backup of the database is called. It is decided once for each database that is made here: of one
// that was there before under the same claim there may be such a backup, and RDS would refuse to delete another into it.
func (d *database) finalSnapshotName() string {
	owner, again := "-"+snapshotOwner(d.in.Subject.Namespace), ""
	if previous := d.previous(); previous != "" {
		again = naming.Hash(previous)
	}
	fresh := naming.Unique(d.in.Subject, "final", again, naming.LimitRDS-len(owner)) + owner
	if d.madeAnew() {
		return fresh
	}
	return d.keep(d.form.holder, "finalSnapshotIdentifier", fresh)
}

// madeAnew says that the cloud has another database under the name than it had when this object last saw one.
func (d *database) madeAnew() bool {
	last, now := d.in.XR.String("status", "resourceId"), d.holder().String("status", "atProvider", d.form.resourceIDField)
	return last != "" && now != "" && now != last
}

// previous is the resource id of the database that was here before. Empty when this is the first one.
func (d *database) previous() string {
	status := d.in.XR.At("status")
	// One whose managed resource is forgotten is looked for by its id, and stays the same.
	if d.madeAnew() || (d.holder().IsZero() && !d.once.Made) {
		return first(status.String("resourceId"), status.String("previousResourceId"))
	}
	return status.String("previousResourceId")
}

// restoreInstance fills in where the data of an instance comes from. What it is called, who its master is and how it is
// encrypted come with the data.
func (d *database) restoreInstance(params *rds.Instance) {
	if !d.claim.restored() {
		return
	}
	composed := d.holder().At("spec", "forProvider")
	params.DBName, params.Username = composed.String("dbName"), composed.String("username")
	params.KMSKeyID = composed.String("kmsKeyId")
	params.SnapshotIdentifier = d.claim.restore.Snapshot
	if d.claim.restore.Database != "" {
		time := d.claim.restore.Time
		params.RestoreToPointInTime = &rds.InstancePointInTime{
			SourceDBInstanceIdentifier: first(
				composed.String("restoreToPointInTime", "sourceDbInstanceIdentifier"), d.source.object.String("status", "identifier")),
			RestoreTime: time, UseLatestRestorableTime: latest(time),
		}
	}
}

// restoreCluster fills in where the data of a cluster comes from. Aurora encrypts what it restores with the key that it is given.
func (d *database) restoreCluster(params *rds.Cluster) {
	if !d.claim.restored() {
		return
	}
	composed := d.holder().At("spec", "forProvider")
	params.DatabaseName, params.MasterUsername = composed.String("databaseName"), composed.String("masterUsername")
	params.SnapshotIdentifier = d.claim.restore.Snapshot
	if d.claim.restore.Database != "" {
		time := d.claim.restore.Time
		params.RestoreToPointInTime = &rds.ClusterPointInTime{
			SourceClusterIdentifier: first(
				composed.String("restoreToPointInTime", "sourceClusterIdentifier"), d.source.object.String("status", "identifier")),
			RestoreToTime: time, UseLatestRestorableTime: latest(time),
		}
	}
}

func latest(time string) *bool {
	if time != "" {
		return nil
	}
	return ptr(true)
}
