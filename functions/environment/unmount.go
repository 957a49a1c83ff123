package environment

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	vaultmr "github.com/goldenpath-dev/goldenpath/functions/internal/managed/vault"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// vaultMounts are what is mounted in Vault. Vault revokes all that was issued at a mount before it unmounts, and does not unmount while
// that fails.
func vaultMounts() []string {
	return []string{nameKVMount, nameDatabaseMount, nameAuthBackend, nameJWTBackend}
}

// requirementMount begins the keys of the mounts that core has forgotten.
const requirementMount = "environment-mount-"

// lookForMounts asks for the mounts that are not observed. Core forgets a resource as soon as it has asked for its deletion, and a mount
// that cannot be unmounted would hang where nobody looks.
func (e *environment) lookForMounts() {
	kinds := map[string]managed.Kind{
		nameKVMount: (&vaultmr.Mount{}).Kind(), nameDatabaseMount: (&vaultmr.Mount{}).Kind(),
		nameAuthBackend: (&vaultmr.AuthBackend{}).Kind(), nameJWTBackend: (&vaultmr.JWTAuthBackend{}).Kind(),
	}
	if e.claim.vault == nil || slices.ContainsFunc(vaultMounts(), e.observes) {
		return
	}
	for _, name := range vaultMounts() {
		look := plan.Requirement{
			Key: requirementMount + name, APIVersion: kinds[name].APIVersion(e.in.Flavour), Kind: kinds[name].Kind, Name: e.in.Name(name),
		}
		if !e.in.Flavour.Legacy {
			look.Namespace = e.in.Flavour.Namespace
		}
		e.plan.Requirements = append(e.plan.Requirements, look)
	}
}

// mountLeft is a mount that is going, as far as core has found one.
func (e *environment) mountLeft(name string) object.Object {
	if o := e.in.Observed.Get(name); !o.IsZero() {
		return o
	}
	return e.in.Required[requirementMount+name].First()
}

// mountsLeft says that a mount that core has forgotten is not gone yet, or that nobody knows.
func (e *environment) mountsLeft() bool {
	for _, r := range e.plan.Requirements {
		if found := e.in.Required[r.Key]; strings.HasPrefix(r.Key, requirementMount) && (!found.Resolved || !found.First().IsZero()) {
			return true
		}
	}
	return false
}

// mountsFail says which mounts Vault cannot unmount, in its words, and what helps. Empty when it can.
func (e *environment) mountsFail() string {
	var failing []health.Resource
	var commands []string
	for _, name := range vaultMounts() {
		o := e.mountLeft(name)
		if o.IsZero() || health.Of(o).Reason != conditions.Failing {
			continue
		}
		failing = append(failing, health.Resource{Kind: o.Kind(), Name: o.Name(), Observed: o})
		path := o.String("spec", "forProvider", "path") + "/"
		if o.Kind() != "Mount" {
			path = "auth/" + path
		}
		commands = append(commands, "vault lease revoke -force -prefix "+path)
	}
	if len(failing) == 0 {
		return ""
	}
	return fmt.Sprintf("%s. Vault revokes what it has issued before it unmounts. Where that is impossible for good, because a database is "+
		"gone that users were issued in, the platform team runs: %s", health.Sum(failing).Message, strings.Join(commands, "; "))
}
