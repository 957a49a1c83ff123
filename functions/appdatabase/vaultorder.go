package appdatabase

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/usage"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// requirementMount is the key of a mount of users that core has forgotten.
const requirementMount = prefix + "mount-of-users"

// leased says that Vault may still have users to take back, which it does in the database: the vault stage keeps its Usage until what
// the leases hang on is gone.
func (d *database) leased() bool {
	return len(d.in.Observed.Names(ownership.Vault)) > 0 || d.mountOfUsers() != nil
}

// issuing says that Vault still has a mount or a connection for the database.
func (d *database) issuing() bool {
	for _, name := range append(usage.EnvironmentNames(ownership.Vault), wiring.VaultDatabaseMount, wiring.VaultConnection) {
		if !d.in.Observed.Get(name).IsZero() {
			return true
		}
	}
	return false
}

// keepForVault keeps the server, and the rule that lets Vault in, until the service's mount is gone. Functions are not called for an object
// that is being deleted, and then everything of it is deleted at once: the database would be gone before Vault has taken its users back,
// and no mount is ever unmounted that has users whom nobody can take back.
func (d *database) keepForVault() {
	by := d.mountOfUsers()
	for _, u := range []struct{ name, of string }{
		{usage.ServerName(prefix), d.serverForVault()}, {usage.WayName(prefix), d.ruleForVault()},
	} {
		of := d.in.Observed.Get(u.of)
		switch {
		case by != nil && !of.IsZero():
			d.plan.Resources = append(d.plan.Resources, usage.Between(d.in, u.name, of, *by))
		case by != nil && !d.in.Observed.Get(u.name).IsZero():
			// What it is to be of next is not there yet.
			d.plan.Hold(u.name, d.in.Observed.Get(u.name), false)
		case !d.in.Observed.Get(u.name).IsZero():
			d.plan.Drop(u.name, pipelinev1.DropSpecChanged, "Vault issues no users of the database any more")
		}
	}
}

// mountOfUsers is the service's own mount: the one that is there, or the one that core has forgotten and that is not gone yet. Nil when
// there is none.
func (d *database) mountOfUsers() *core.Resource {
	if mount := d.in.Observed.Get(wiring.VaultDatabaseMount); !mount.IsZero() {
		return &core.Resource{APIVersion: mount.APIVersion(), Kind: mount.Kind(), Name: mount.Name()}
	}
	for _, u := range []string{usage.ServerName(prefix), usage.WayName(prefix)} {
		if by := d.in.Observed.Get(u).At("spec", "by"); !by.IsZero() {
			return usage.Still(d.in, d.plan, requirementMount, by)
		}
	}
	return nil
}

// serverForVault is the resource that answers. The cloud does not delete a cluster before its instances, and one of those is enough. Empty
// when there is none.
func (d *database) serverForVault() string {
	if !d.form.aurora {
		return d.form.holder
	}
	keep, _ := d.copies(1 + d.settings.replicas)
	for _, name := range keep {
		if !d.in.Observed.Get(name).IsZero() {
			return name
		}
	}
	return ""
}

// ruleForVault is the rule that lets Vault in. Empty when there is none.
func (d *database) ruleForVault() string {
	if source := d.vaultSource(); source != "" {
		return ingressName(source)
	}
	return ""
}

// needsRule says that Vault still comes in by an observed rule.
func (d *database) needsRule(name, source string) bool {
	return d.usedByVault(name) || (source == d.vaultSource() && d.issuing())
}

// usedByVault says that a Usage keeps a resource. It goes when the Usage is of another one: a delete that is refused stops everything else.
func (d *database) usedByVault(name string) bool {
	o := d.in.Observed.Get(name)
	for _, u := range []string{usage.ServerName(prefix), usage.WayName(prefix)} {
		of := d.in.Observed.Get(u).At("spec", "of")
		if !o.IsZero() && of.String("kind") == o.Kind() && of.String("resourceRef", "name") == o.Name() {
			return true
		}
	}
	return false
}

// expireLeased holds everything while Vault takes its users back, and lets the Usages go before what they are of. It says whether there
// was anything to wait for.
func (d *database) expireLeased() bool {
	usages, leased := map[string]bool{}, d.leased()
	for _, name := range []string{usage.ServerName(prefix), usage.WayName(prefix)} {
		usages[name] = !leased && !d.in.Observed.Get(name).IsZero()
	}
	if !leased && !usages[usage.ServerName(prefix)] && !usages[usage.WayName(prefix)] {
		return false
	}
	for _, name := range d.in.Observed.Names(prefix) {
		if usages[name] {
			d.plan.Drop(name, pipelinev1.DropEnvironmentExpired, "Vault has taken back the users of the database")
			continue
		}
		o := d.in.Observed.Get(name)
		d.plan.Hold(name, o, kernel.HoldsData(o))
	}
	d.leasedConditions()
	return true
}
