package appdatabase

import (
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// parameterGroupName is the composition resource name of a family's parameter group. A major upgrade composes the new
// family's group beside the old one, switches the database, and only then lets the old one go.
func (d *database) parameterGroupName(family string) string {
	return d.form.groups + naming.Mend(family)
}

func (d *database) parameterGroups() {
	wanted := d.parameterGroupName(d.settings.family)
	d.parameterGroup(wanted, d.settings.family, d.claim.retain)
	// Before the database is there, the claim may still ask for another engine, in the other form.
	for _, name := range slices.Concat(d.in.Observed.Names(nameParameterGroup), d.in.Observed.Names(nameClusterGroup)) {
		if name == wanted {
			continue
		}
		family := d.in.Observed.Get(name).String("spec", "forProvider", "family")
		switch {
		case !d.upgraded() || d.replicaUses(name):
			d.parameterGroup(name, family, d.claim.retain)
		case d.retained(name):
			d.parameterGroup(name, family, false)
		default:
			d.plan.Drop(name, pipelinev1.DropSuperseded, "the database runs version "+d.settings.version+" with its own parameter group")
		}
	}
}

// parameterGroup of an instance, or on Aurora of the cluster: what is set there goes for each of its instances.
func (d *database) parameterGroup(name, family string, retain bool) {
	region := d.keep(name, "region", d.env.Cloud.Region)
	family = d.keep(name, "family", family)
	description := d.keep(name, "description", "AppDatabase "+d.in.Subject.Namespace+"/"+d.in.Subject.Name)
	list := d.parameterList(d.in.Observed.Get(name), family)
	if strings.HasPrefix(name, nameClusterGroup) {
		d.plan.Add(name, aws(d, name, retain, &rds.ClusterParameterGroup{
			Region: region, Family: family, Description: description, Parameter: list,
		}))
		return
	}
	d.plan.Add(name, aws(d, name, retain, &rds.ParameterGroup{
		Region: region, Family: family, Description: description, Parameter: list,
	}))
}

// upgraded says that the database uses no parameter group but the wanted one: there is no database yet, or it runs the wanted
// version and says that it is well.
func (d *database) upgraded() bool {
	holder := d.holder()
	if holder.IsZero() {
		return true
	}
	return within(holder.String("status", "atProvider", "engineVersionActual"), d.settings.version) &&
		holder.String("spec", "forProvider", d.form.groupField) == d.in.Name(d.parameterGroupName(d.settings.family)) &&
		health.Of(holder).Ready
}

// replicaUses says that a read replica has, or may still have, the parameter group.
func (d *database) replicaUses(name string) bool {
	if d.form.aurora {
		return false
	}
	group := d.in.Observed.Get(name).Name()
	return slices.ContainsFunc(d.observedCopies(), func(replica object.Object) bool {
		return replica.String("spec", "forProvider", d.form.groupField) == group || !health.Of(replica).Ready
	})
}

// upgrading says that the database has still to reach the wanted version.
func (d *database) upgrading() bool {
	actual := d.holder().String("status", "atProvider", "engineVersionActual")
	return d.settings.running != "" && (d.settings.running != d.settings.version || (actual != "" && !within(actual, d.settings.version)))
}

// runningGroup is the observed parameter group that the database is composed with.
func runningGroup(in plan.In, f form) object.Object {
	used := in.Observed.Get(f.holder).String("spec", "forProvider", f.groupField)
	for _, name := range in.Observed.Names(f.groups) {
		if group := in.Observed.Get(name); used != "" && group.Name() == used {
			return group
		}
	}
	return object.Object{}
}

// familyOf a version: from the catalog, or, for a version that has left it, from what runs.
func familyOf(in plan.In, f form, engine inputv1.Engine, version string) string {
	if v, ok := engine.Versions[version]; ok {
		return v.Family
	}
	return runningGroup(in, f).String("spec", "forProvider", "family")
}

// restoring says that the backup of another database is not restored yet: it takes no version but that one's.
func (d *database) restoring() bool {
	return d.claim.restore.Database != "" && d.holder().String("status", "atProvider", "engineVersionActual") == ""
}

// versionAndGroup are what the database is composed with now: the wanted ones, or during an upgrade the running ones until the
// new parameter group is there, a backup is restored and, where they go first, the read replicas are through.
func (d *database) versionAndGroup() (version, group string) {
	wanted := d.parameterGroupName(d.settings.family)
	running := d.settings.running
	if running == "" || running == d.settings.version ||
		(health.Of(d.in.Observed.Get(wanted)).Ready && d.replicasThrough() && !d.restoring()) {
		return d.settings.version, d.in.Name(wanted)
	}
	return running, d.holder().String("spec", "forProvider", d.form.groupField)
}

// replicasThrough says that no read replica stands in the way of the upgrade of its source. One that has gone further does
// not: it cannot come back.
func (d *database) replicasThrough() bool {
	if !d.settings.facts.replicasFirst || d.form.aurora {
		return true
	}
	return !slices.ContainsFunc(d.observedCopies(), func(replica object.Object) bool {
		actual := replica.String("status", "atProvider", "engineVersionActual")
		return actual == "" || lower(actual, d.settings.version)
	})
}

// replicaVersionAndGroup are what a read replica is composed with now. A replica starts with the version of its source, and those
// of PostgreSQL go along with it. The version is always said: the provider would hold on to the one that it sees first, and take
// an upgrade back.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.Process.html
func (d *database) replicaVersionAndGroup(replica object.Object) (version, group string) {
	wanted := d.parameterGroupName(d.settings.family)
	actual := replica.String("status", "atProvider", "engineVersionActual")
	composed := replica.At("spec", "forProvider")
	sourceVersion, sourceGroup := d.versionAndGroup()
	switch {
	case d.settings.facts.replicasFirst && d.upgrading() && actual != "" && !lower(d.settings.version, actual) &&
		health.Of(d.in.Observed.Get(wanted)).Ready:
		return d.settings.version, d.in.Name(wanted)
	case within(actual, d.settings.version):
		return d.settings.version, d.in.Name(wanted)
	default:
		// New, or not known, or further than its source, which has stepped back.
		return first(composed.String("engineVersion"), sourceVersion), first(composed.String(d.form.groupField), sourceGroup)
	}
}

// switched says that the database runs what it is composed with, so that a replica can be made of it with the same parameter group.
func (d *database) switched() bool {
	version, _ := d.versionAndGroup()
	return within(d.holder().String("status", "atProvider", "engineVersionActual"), version)
}
