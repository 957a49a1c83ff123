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
	kept := usage.Keep(d.in, d.plan, d.env, prefix, nameInstance)
	d.dropObserved(usage.EnvironmentNames(prefix), kept, "the instance is gone")
	if d.protectedNow() {
		d.plan.Resources = append(d.plan.Resources, usage.Protection(d.in, prefix, fmt.Sprintf(
			"%s is protected: set spec.deletionProtection to false, wait until status.deletionProtection is false, then delete it",
			d.in.Subject.Name))...)
		return
	}
	d.dropObserved(usage.ProtectionNames(prefix), nil, "deletion protection is off")
}

func (d *database) dropObserved(names []string, kept map[string]bool, message string) {
	for _, name := range names {
		if !kept[name] && !d.in.Observed.Get(name).IsZero() {
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
	kept := usage.Keep(d.in, d.plan, d.env, prefix, nameInstance)
	for _, name := range d.in.Observed.Names(prefix) {
		if !kept[name] {
			d.plan.Drop(name, pipelinev1.DropEnvironmentExpired, "the preview environment "+d.env.Name+" has expired")
		}
	}
	d.expiredConditions(strings.Join(d.in.Observed.Names(prefix), ", "))
}
