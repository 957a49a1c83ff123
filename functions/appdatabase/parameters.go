package appdatabase

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// parameterGroupName is the composition resource name of a family's parameter group. A major upgrade composes the new
// family's group beside the old one, switches the instance, and only then lets the old one go.
func parameterGroupName(family string) string {
	return nameParameterGroup + naming.Mend(family)
}

func (d *database) parameterGroups() {
	wanted := parameterGroupName(d.settings.family)
	d.parameterGroup(wanted, d.settings.family, d.claim.retain)
	for _, name := range d.in.Observed.Names(nameParameterGroup) {
		if name == wanted {
			continue
		}
		family := d.in.Observed.Get(name).String("spec", "forProvider", "family")
		switch {
		case !d.upgraded():
			d.parameterGroup(name, family, d.claim.retain)
		case d.retained(name):
			d.parameterGroup(name, family, false)
		default:
			d.plan.Drop(name, pipelinev1.DropSuperseded, "the instance runs version "+d.settings.version+" with its own parameter group")
		}
	}
}

func (d *database) parameterGroup(name, family string, retain bool) {
	d.plan.Add(name, aws(d, name, retain, &rds.ParameterGroup{
		Region:      d.keep(name, "region", d.env.Cloud.Region),
		Family:      d.keep(name, "family", family),
		Description: d.keep(name, "description", "AppDatabase "+d.in.Subject.Namespace+"/"+d.in.Subject.Name),
		Parameter: []rds.Parameter{
			{Name: d.settings.facts.tlsParameter, Value: d.settings.facts.tlsValue, ApplyMethod: "immediate"},
		},
	}))
}

// upgraded says that no parameter group but the wanted one is in use: there is no instance yet, or it runs the wanted
// version and says that it is well.
func (d *database) upgraded() bool {
	instance := d.in.Observed.Get(nameInstance)
	if instance.IsZero() {
		return true
	}
	return within(instance.String("status", "atProvider", "engineVersionActual"), d.settings.version) &&
		instance.String("spec", "forProvider", "parameterGroupName") == d.in.Name(parameterGroupName(d.settings.family)) &&
		health.Of(instance).Ready
}

// upgrading says that the instance has still to reach the wanted version.
func (d *database) upgrading() bool {
	actual := d.in.Observed.Get(nameInstance).String("status", "atProvider", "engineVersionActual")
	return d.settings.running != "" && (d.settings.running != d.settings.version || (actual != "" && !within(actual, d.settings.version)))
}

// runningGroup is the observed parameter group that the instance is composed with.
func runningGroup(in plan.In) object.Object {
	used := in.Observed.Get(nameInstance).String("spec", "forProvider", "parameterGroupName")
	for _, name := range in.Observed.Names(nameParameterGroup) {
		if group := in.Observed.Get(name); used != "" && group.Name() == used {
			return group
		}
	}
	return object.Object{}
}

// familyOf a version: from the catalog, or, for a version that has left it, from what runs.
func familyOf(in plan.In, engine inputv1.Engine, version string) string {
	if v, ok := engine.Versions[version]; ok {
		return v.Family
	}
	return runningGroup(in).String("spec", "forProvider", "family")
}

// versionAndGroup are what the instance is composed with now: the wanted ones, or during an upgrade the running ones until
// the new parameter group is there.
func (d *database) versionAndGroup() (version, group string) {
	wanted := parameterGroupName(d.settings.family)
	running := d.settings.running
	if running == "" || running == d.settings.version || health.Of(d.in.Observed.Get(wanted)).Ready {
		return d.settings.version, d.in.Name(wanted)
	}
	return running, d.in.Observed.Get(nameInstance).String("spec", "forProvider", "parameterGroupName")
}
