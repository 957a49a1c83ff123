// Package usage composes the Usages that keep what is in use from being deleted.
package usage

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Composition resource names below a stage's prefix.
const (
	environmentName      = "usage-environment"
	environmentClaimName = "usage-environment-claim"
	networkName          = "usage-network"
	networkClaimName     = "usage-network-claim"
	protectionName       = "usage-protection"
	protectionClaimName  = "usage-protection-claim"
	secretName           = "usage-master-secret"
	serverName           = "usage-vault-server"
	wayName              = "usage-vault-way"
	// holderKey is the key of a requirement, below a stage's prefix too.
	holderKey = "usage-holder"
)

// EnvironmentNames of all Usages of an Environment that a stage may compose.
func EnvironmentNames(prefix string) []string {
	return []string{prefix + environmentName, prefix + environmentClaimName}
}

// ProtectionNames of all Usages that protect the composite itself.
func ProtectionNames(prefix string) []string {
	return []string{prefix + protectionName, prefix + protectionClaimName}
}

// ServerName and WayName are Usages by what Vault's leases hang on: of the server that issued users are taken back in, and of the way to
// it.
func ServerName(prefix string) string { return prefix + serverName }

// WayName is described at ServerName.
func WayName(prefix string) string { return prefix + wayName }

// Between keeps one resource of a composite until another one of it is gone. It replays no deletion: one that was refused to somebody in
// March must not happen in June.
func Between(in plan.In, name string, of object.Object, by core.Resource) plan.Resource {
	u := core.Usage{
		Name: in.Name(name), By: &by, Of: core.Resource{APIVersion: of.APIVersion(), Kind: of.Kind(), Name: of.Name()},
	}
	if !in.Flavour.Legacy {
		u.Namespace = in.Flavour.Namespace
	}
	return plan.Resource{Name: name, Object: u.Object()}
}

// SecretName of the Usage of a holder's Secret.
func SecretName(prefix string) string { return prefix + secretName }

// Secret keeps a Secret that a managed resource needs for as long as that exists. A namespace that is deleted loses its objects
// in any order, and a provider that has lost the Secret with a password that it generates can neither make another one in there
// nor get on to the deletion (provider-aws v2.5.0, PasswordGenerator): the namespace would never go.
func Secret(in plan.In, prefix, secret string, by core.Resource) plan.Resource {
	u := core.Usage{
		Name: in.Name(prefix + secretName), Namespace: in.Flavour.Namespace, By: &by,
		Of: core.Resource{APIVersion: "v1", Kind: "Secret", Name: secret},
	}
	return plan.Resource{Name: prefix + secretName, Object: u.Object()}
}

// Keep plans the Usages of the Environment for as long as the holder, a managed resource of ours, exists, and returns their names.
// Core forgets a composed resource as soon as it has asked for its deletion, and the cloud is not done then. So a holder that is
// not observed any more, and that a Usage still names, is looked up: that Usage stays until core has looked and found nothing.
func Keep(in plan.In, p *plan.Plan, env *pipelinev1.Environment, prefix, holder string) map[string]bool {
	by := user(in, p, prefix, holder)
	if by == nil {
		return nil
	}
	kept := make(map[string]bool, 2)
	for _, u := range environment(in, env, prefix, by) {
		p.Resources = append(p.Resources, u)
		kept[u.Name] = true
	}
	return kept
}

// user is the holder that exists as far as is known. Nil when there is none.
func user(in plan.In, p *plan.Plan, prefix, holder string) *core.Resource {
	if o := in.Observed.Get(holder); !o.IsZero() {
		return &core.Resource{APIVersion: o.APIVersion(), Kind: o.Kind(), Name: o.Name()}
	}
	named := in.Observed.Get(prefix+environmentName).At("spec", "by")
	if named.IsZero() {
		return nil
	}
	return Still(in, p, prefix+holderKey, named)
}

// Still is the resource that a Usage is by and that core has forgotten, looked up under a key: nil when it is gone. While core has not
// looked it is taken to be there.
func Still(in plan.In, p *plan.Plan, key string, named object.Object) *core.Resource {
	by := &core.Resource{
		APIVersion: named.String("apiVersion"), Kind: named.String("kind"), Name: named.String("resourceRef", "name"),
	}
	look := plan.Requirement{Key: key, APIVersion: by.APIVersion, Kind: by.Kind, Name: by.Name}
	if !in.Flavour.Legacy {
		look.Namespace = in.Flavour.Namespace
	}
	p.Requirements = append(p.Requirements, look)
	if found := in.Required[look.Key]; found.Resolved && found.First().IsZero() {
		return nil
	}
	return by
}

// Holder is a holder that is not observed any more and still exists, as core has found it for Keep. The zero Object when there is none, and
// while core has not looked.
func Holder(in plan.In, prefix string) object.Object { return in.Required[prefix+holderKey].First() }

// environment keeps the Environment while what uses it exists.
func environment(in plan.In, env *pipelinev1.Environment, prefix string, by *core.Resource) []plan.Resource {
	of := Used{Kind: v1.EnvironmentKind, Namespace: env.Namespace, Name: env.Name, Composite: env.Composite}
	k := keeper{in: in, name: prefix + environmentName, claimName: prefix + environmentClaimName}
	k.labels = map[string]string{v1.EnvironmentUIDLabel: env.UID}
	return k.keep(of, by)
}

// Protection keeps the composite itself, and its claim, for as long as it is composed.
func Protection(in plan.In, prefix, reason string) []plan.Resource {
	self := core.Resource{APIVersion: in.XR.APIVersion(), Kind: in.XR.Kind(), Name: in.XR.Name()}
	u := core.Usage{Name: in.Name(prefix + protectionName), Of: self, Reason: reason}
	if !in.Flavour.Legacy {
		u.Namespace = in.Flavour.Namespace
		return []plan.Resource{{Name: prefix + protectionName, Object: u.Object()}}
	}
	claimRef := in.XR.At("spec", "claimRef")
	claim := core.Usage{
		Name: in.Name(prefix + protectionClaimName), Namespace: in.Flavour.Namespace, Reason: reason,
		Of: core.Resource{APIVersion: claimRef.String("apiVersion"), Kind: claimRef.String("kind"), Name: claimRef.String("name")},
	}
	return []plan.Resource{
		{Name: prefix + protectionName, Object: u.Object()},
		{Name: prefix + protectionClaimName, Object: claim.Object()},
	}
}
