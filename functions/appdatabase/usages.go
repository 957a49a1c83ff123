package appdatabase

import (
	"fmt"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/usage"
)

// usages keep the Environment while the instance exists, and the object itself while it is protected: functions are not
// called for an object that is being deleted, so a protected instance would otherwise hang for ever.
func (d *database) usages() {
	instance := d.in.Observed.Get(nameInstance)
	if !instance.IsZero() {
		d.plan.Resources = append(d.plan.Resources, usage.Environment(d.in, d.env, prefix, instance)...)
	} else {
		d.dropObserved(usage.EnvironmentNames(prefix), "the instance is gone")
	}
	if d.protectedNow() {
		d.plan.Resources = append(d.plan.Resources, usage.Protection(d.in, prefix, fmt.Sprintf(
			"%s is protected: set spec.deletionProtection to false, wait until status.deletionProtection is false, then delete it",
			d.in.Subject.Name))...)
		return
	}
	d.dropObserved(usage.ProtectionNames(prefix), "deletion protection is off")
}

func (d *database) dropObserved(names []string, message string) {
	for _, name := range names {
		if !d.in.Observed.Get(name).IsZero() {
			d.plan.Drop(name, pipelinev1.DropSpecChanged, message)
		}
	}
}

// protectedNow says that protection is wanted, or still on in the cloud: a delete in between would hang.
func (d *database) protectedNow() bool {
	return d.settings.protected || d.in.Observed.Get(nameInstance).Bool("status", "atProvider", "deletionProtection")
}

// expire drops everything, because the preview environment has expired. The Usage of the Environment stays until the
// instance is gone.
func (d *database) expire() {
	d.plan.Waiting = true
	instance := d.in.Observed.Get(nameInstance)
	keep := map[string]bool{}
	if !instance.IsZero() {
		for _, u := range usage.Environment(d.in, d.env, prefix, instance) {
			d.plan.Resources = append(d.plan.Resources, u)
			keep[u.Name] = true
		}
	}
	for _, name := range d.in.Observed.Names(prefix) {
		if !keep[name] {
			d.plan.Drop(name, pipelinev1.DropEnvironmentExpired, "the preview environment "+d.env.Name+" has expired")
		}
	}
	d.expiredConditions(strings.Join(d.in.Observed.Names(prefix), ", "))
}
