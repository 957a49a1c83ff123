package appdatabase

import (
	"fmt"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/usage"
)

// usages keep the Environment while the instance exists, and the object itself while it is protected: functions are not
// called for an object that is being deleted, so a protected instance would otherwise hang for ever.
func (d *database) usages() {
	d.keepForVault()
	kept := usage.Keep(d.in, d.plan, d.env, prefix, d.form.holder)
	d.keepMasterSecret(kept)
	d.dropObserved(append(usage.EnvironmentNames(prefix), usage.SecretName(prefix)), kept, "the database is gone")
	if d.protectedNow() {
		d.plan.Resources = append(d.plan.Resources, usage.Protection(d.in, prefix, fmt.Sprintf(
			"%s is protected: set spec.deletionProtection to false, wait until status.deletionProtection is false, then delete it",
			d.in.Subject.Name))...)
		return
	}
	d.dropObserved(usage.ProtectionNames(prefix), nil, "deletion protection is off")
}

// keepMasterSecret keeps the Secret with the master password as long as the Environment is kept, which is while the instance
// exists, as far as is known. In the claims flavour the Secret is not in a namespace that people delete.
func (d *database) keepMasterSecret(kept map[string]bool) {
	name, instance := usage.SecretName(prefix), d.holder()
	observed := d.in.Observed.Get(name)
	made := instance.Has("status", "atProvider", d.form.addressField) || !observed.IsZero()
	if d.in.Flavour.Legacy || len(kept) == 0 || !made {
		return
	}
	by := core.Resource{APIVersion: instance.APIVersion(), Kind: instance.Kind(), Name: instance.Name()}
	if named := observed.At("spec", "by"); instance.IsZero() {
		by = core.Resource{
			APIVersion: named.String("apiVersion"), Kind: named.String("kind"), Name: named.String("resourceRef", "name"),
		}
	}
	secret := first(observed.String("spec", "of", "resourceRef", "name"), d.masterSecretName())
	d.plan.Resources = append(d.plan.Resources, usage.Secret(d.in, prefix, secret, by))
	kept[name] = true
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
	return d.settings.protected || d.protectedInCloud()
}

// expire drops everything, because the preview environment has expired. Nothing goes before Vault has taken its users back: the database
// has to answer, and the rule that lets Vault in has to be there. The Usage of the Environment stays until the instance is gone.
func (d *database) expire() {
	d.plan.Waiting = true
	if d.expireLeased() {
		return
	}
	kept := usage.Keep(d.in, d.plan, d.env, prefix, d.form.holder)
	if !d.in.Observed.Get(usage.SecretName(prefix)).IsZero() {
		d.keepMasterSecret(kept)
	}
	if len(kept) > 0 {
		d.keepLogGroups(kept)
	}
	for _, name := range d.in.Observed.Names(prefix) {
		if !kept[name] {
			d.plan.Drop(name, pipelinev1.DropEnvironmentExpired, "the preview environment "+d.env.Name+" has expired")
		}
	}
	id := first(d.holder().String("status", "atProvider", d.form.resourceIDField), d.in.XR.String("status", "resourceId"), d.previous())
	if id != "" {
		// Should the environment come back, the next database is told apart from this one.
		d.plan.Status = object.NewFields()
		d.plan.Status.SetString("previousResourceId", id)
	}
	d.expiredConditions(strings.Join(d.in.Observed.Names(prefix), ", "))
}
