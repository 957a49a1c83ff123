// Package usage composes the Usages that keep what is in use from being deleted.
package usage

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
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
	by := &core.Resource{
		APIVersion: named.String("apiVersion"), Kind: named.String("kind"), Name: named.String("resourceRef", "name"),
	}
	look := plan.Requirement{Key: prefix + holderKey, APIVersion: by.APIVersion, Kind: by.Kind, Name: by.Name}
	if !in.Flavour.Legacy {
		look.Namespace = in.Flavour.Namespace
	}
	p.Requirements = append(p.Requirements, look)
	if found := in.Required[look.Key]; found.Resolved && found.First().IsZero() {
		return nil
	}
	return by
}

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
