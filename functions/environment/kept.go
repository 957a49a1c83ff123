package environment

import (
	"fmt"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// namespaceKept: workloads and their volumes do not follow to another namespace or cluster, and a namespace that was there before does
// not become one of ours, nor the other way round.
func namespaceKept(e *environment) *plan.Refusal {
	c := e.claim.cluster
	if c == nil || !e.observes(nameNamespace) {
		return nil
	}
	refuse := func(field, was, again string) *plan.Refusal {
		return plan.Refuse(v1.ConditionClusterReady, conditions.ClusterChanged, fmt.Sprintf(
			"spec.cluster.%s: the environment's workloads are in %q and cannot move. %s, or create another Environment", field, was, again))
	}
	if was := e.configOf(nameNamespace).Name; was != c.ProviderConfigRef.Name {
		return refuse("providerConfigRef.name", was, fmt.Sprintf("Write %q again", was))
	}
	is := e.workloadNamespace()
	switch {
	case e.adopted() && c.Namespace != is:
		return refuse("namespace", is, fmt.Sprintf("Write %q again", is))
	case !e.adopted() && c.Namespace != "":
		return refuse("namespace", is, "Remove the field")
	}
	return nil
}

// quotaOfOthers: a namespace that was there before has a quota of its own, for all who are in it. So has the environment's own, in which
// workloads run without a cluster.
func quotaOfOthers(e *environment) *plan.Refusal {
	if e.claim.quota == (v1.Quota{}) || (e.claim.cluster != nil && !e.adopted()) {
		return nil
	}
	what := "belongs to others, with its quota. Remove spec.quota"
	if e.claim.cluster == nil {
		what = "is where workloads run without a spec.cluster, and has a quota of its own. Remove spec.quota, or add spec.cluster"
	}
	return plan.Refuse(v1.ConditionClusterReady, conditions.InvalidQuota, fmt.Sprintf(
		"spec.quota: namespace %s %s", e.workloadNamespace(), what))
}

// vaultKept: services have what they keep in Vault under the paths that the status told them.
func vaultKept(e *environment) *plan.Refusal {
	v, was := e.vaultStatus(), e.before().At("vault")
	if v == nil {
		return nil
	}
	refuse := func(field, was, is string) *plan.Refusal {
		return plan.Refuse(v1.ConditionVaultReady, conditions.InvalidSpec, fmt.Sprintf(
			"spec.vault.%s: what services keep in Vault is at %q and cannot move to %q. Undo the change, or create another Environment",
			field, was, is))
	}
	for _, m := range e.mounts() {
		if m.existing != "" && m.existing != m.path {
			return refuse("mounts."+m.field, m.path, m.existing)
		}
	}
	if was.IsZero() {
		return nil
	}
	for _, f := range []struct{ field, was, is string }{
		{"namespace", was.String("namespace"), v.Namespace},
		{"mounts.kv", was.String("kvMount"), v.KVMount},
		{"mounts.database", was.String("databaseMount"), v.DatabaseMount},
		{"mounts." + e.authMount().field, first(was.String("auth", "mount"), was.String("kubernetesAuthMount")), v.Login().Mount},
	} {
		if f.was != f.is {
			return refuse(f.field, f.was, f.is)
		}
	}
	return nil
}
