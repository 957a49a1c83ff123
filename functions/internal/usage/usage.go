// Package usage composes the Usages that keep what is in use from being deleted.
package usage

import (
	"fmt"

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
	protectionName       = "usage-protection"
	protectionClaimName  = "usage-protection-claim"
)

// EnvironmentNames of all Usages of an Environment that a stage may compose.
func EnvironmentNames(prefix string) []string {
	return []string{prefix + environmentName, prefix + environmentClaimName}
}

// ProtectionNames of all Usages that protect the composite itself.
func ProtectionNames(prefix string) []string {
	return []string{prefix + protectionName, prefix + protectionClaimName}
}

// Environment keeps the Environment while the holder, an observed managed resource, exists. In the claims flavour both the
// composite behind the Environment and its claim are kept: with only one of them, the delete of the other is accepted.
func Environment(in plan.In, env *pipelinev1.Environment, prefix string, holder object.Object) []plan.Resource {
	labels := map[string]string{v1.EnvironmentUIDLabel: env.UID}
	by := &core.Resource{APIVersion: holder.APIVersion(), Kind: holder.Kind(), Name: holder.Name()}
	name := in.Name(prefix + environmentName)
	if !in.Flavour.Legacy {
		of := core.Resource{APIVersion: v1.APIVersion, Kind: v1.EnvironmentKind, Name: env.Name}
		if env.Namespace != in.Flavour.Namespace {
			of.Namespace = env.Namespace
		}
		u := core.Usage{Name: name, Namespace: in.Flavour.Namespace, Labels: labels, Of: of, By: by}
		return []plan.Resource{{Name: prefix + environmentName, Object: u.Object()}}
	}
	claim := core.Usage{
		Name: in.Name(prefix + environmentClaimName), Namespace: env.Namespace, Labels: labels,
		Of:     core.Resource{APIVersion: v1.APIVersion, Kind: v1.EnvironmentKind, Name: env.Name},
		Reason: fmt.Sprintf("%s %s/%s lives in it: delete that first", in.Subject.Kind, in.Subject.Namespace, in.Subject.Name),
	}
	usages := []plan.Resource{{Name: prefix + environmentClaimName, Object: claim.Object()}}
	if env.Composite != "" {
		composite := core.Usage{
			Name: name, Labels: labels, By: by,
			Of: core.Resource{APIVersion: v1.APIVersion, Kind: "X" + v1.EnvironmentKind, Name: env.Composite},
		}
		usages = append(usages, plan.Resource{Name: prefix + environmentName, Object: composite.Object()})
	}
	return usages
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
