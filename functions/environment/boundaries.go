package environment

import (
	"fmt"
	"slices"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

// Labels with which environments mark their namespaces.
const (
	labelClaimNamespace = "platform.io/claim-namespace"
	labelEnvironment    = "platform.io/environment"
	labelType           = "platform.io/environment-type"
	labelTeam           = "platform.io/team"
)

// vaultPathsPlain is asked before any path is compared or composed: Vault's client would clean a/../b.
func vaultPathsPlain(e *environment) *plan.Refusal {
	v := e.claim.vault
	if v == nil {
		return nil
	}
	paths := append(mountsOf(v), existingMount{"namespace", strings.Trim(v.Namespace, "/")})
	for i, m := range paths {
		field := "spec.vault.mounts." + m.field
		if i == len(paths)-1 {
			field = "spec.vault.namespace"
		}
		if m.path == "" {
			continue
		}
		if err := tenancy.CheckPath(m.path); err != nil {
			return plan.Refuse(v1.ConditionVaultReady, conditions.InvalidSpec, field+": "+err.Error())
		}
		if first, _, _ := strings.Cut(m.path, "/"); slices.Contains(mountsOfVault()[m.field], first) {
			return plan.Refuse(v1.ConditionVaultReady, conditions.TenancyDenied, fmt.Sprintf("%s: %q is Vault's own, and no rule gives it to "+
				"anybody. Write the path of a mount of the team's, or remove the field for a new one", field, m.path))
		}
	}
	return nil
}

// mountsOfVault are the mounts that every Vault has and runs with, by the field that could name them.
// https://developer.hashicorp.com/vault/docs/secrets#secrets-engines-lifecycle
func mountsOfVault() map[string][]string {
	engines, methods := []string{"sys", "identity", "cubbyhole", "auth", "audit"}, []string{"token"}
	return map[string][]string{"kv": engines, "database": engines, "kubernetesAuth": methods, "jwtAuth": methods}
}

// namespaceOfTheSystem: who may work in a namespace of the cluster's own has the cluster.
func namespaceOfTheSystem(e *environment) *plan.Refusal {
	if e.claim.cluster == nil || e.claim.cluster.Namespace == "" || !e.data.tenancy.System(e.claim.cluster.Namespace) {
		return nil
	}
	return plan.Refuse(v1.ConditionClusterReady, conditions.TenancyDenied, fmt.Sprintf("spec.cluster.namespace: %q is a namespace of the "+
		"cluster or of the platform, and no rule gives it to anybody. Write one of the team's workloads, or remove the field for a new one",
		e.claim.cluster.Namespace))
}

// namespaceOfAnother: a prefix in a rule fits what others made later. A namespace says itself whose it is.
func namespaceOfAnother(e *environment) *plan.Refusal {
	if e.claim.cluster == nil || !e.adopted() {
		return nil
	}
	label, value := e.otherMark()
	if label == "" {
		return nil
	}
	return plan.Refuse(v1.ConditionClusterReady, conditions.TenancyDenied, fmt.Sprintf("spec.cluster.namespace: namespace %s is marked as "+
		"another's (label %s: %q), and no rule gives it to anybody else. Write one of the team's, or remove the field for a new one. If it is "+
		"the team's, the platform team sets the label %s: %q there",
		e.workloadNamespace(), label, value, labelClaimNamespace, labelValue(e.in.Subject.Namespace)))
}

// otherMark is the label that says that the adopted namespace is another's. Empty when none does, or when it has not been seen yet.
func (e *environment) otherMark() (label, value string) {
	labels := e.liveNamespace().At("metadata", "labels")
	for _, own := range []struct{ label, value string }{
		{labelClaimNamespace, labelValue(e.in.Subject.Namespace)}, {labelTeam, labelValue(e.claim.owner.Team)},
		// Who does not say whose environment it is does not say that it is ours.
		{labelEnvironment, ""}, {labelType, ""},
	} {
		if is := labels.String(own.label); is == own.value && is != "" {
			return "", ""
		} else if is != "" {
			return own.label, is
		}
	}
	return "", ""
}

// liveNamespace is the workload namespace as the cluster has it. The zero Object before provider-kubernetes has told.
func (e *environment) liveNamespace() object.Object {
	return e.in.Observed.Get(nameNamespace).At("status", "atProvider", "manifest")
}
