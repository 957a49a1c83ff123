package environment

import (
	"fmt"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// conditions say what is pending and why.
func (e *environment) conditions() {
	for _, c := range []conditions.Condition{e.network.condition, e.clusterReady(), e.accessReady(), e.vaultReady()} {
		e.plan.Conditions = append(e.plan.Conditions, c)
		if !c.Is() {
			e.plan.Waiting = true
		}
	}
}

// clusterReady is about the workload namespace and all in it, and about EKS. It also tells of the end of a preview, ahead of time.
func (e *environment) clusterReady() conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionClusterReady, Status: conditions.False}
	found, state := e.clusterFinding(), health.Sum(e.workloadParts())
	switch {
	case e.claim.cluster == nil:
		c.Status, c.Reason = conditions.True, conditions.NotUsed
		c.Message = fmt.Sprintf("workloads run in namespace %s, beside this object", e.workloadNamespace())
	case found != nil:
		c.Reason, c.Message = found.reason, found.message
	case !state.Ready:
		c.Reason, c.Message = state.Reason, state.Message
	case e.podGroups() != v1.PodSecurityGroupCluster && !e.plans(namePodGroupPolicy):
		c.Reason = conditions.Blocked
		c.Message = "the security group of the pods waits for what EKS says of the cluster, and for its rules"
	case e.accountWaits() != "":
		c.Reason = conditions.Blocked
		c.Message = fmt.Sprintf("service account %s follows when its role is there: no pod is to start without", e.accountWaits())
	default:
		c.Status, c.Reason = conditions.True, conditions.Available
		c.Message = fmt.Sprintf("workloads run in namespace %s of the cluster of ProviderConfig %s",
			e.workloadNamespace(), e.claim.cluster.ProviderConfigRef.Name)
	}
	if c.Is() {
		c.Message += e.admits()
	}
	if c.Is() && e.life.phase == pipelinev1.PhaseExpiring {
		c.Message += fmt.Sprintf(". This preview expires at %s, and its services go with their data: raise spec.ttl to extend it", e.expiry())
	}
	return c
}

// accountWaits is the first service account that is not planned yet. Empty when all are.
func (e *environment) accountWaits() string {
	for _, account := range e.here() {
		if !e.plans(nameAccount + account) {
			return account
		}
	}
	return ""
}

// admits says in plain words whom databases admit.
func (e *environment) admits() string {
	switch ids := e.workloadSecurityGroupIDs(); {
	case len(ids) == 0:
		return ". " + e.noSource()
	case e.eksCluster() == nil:
		return ""
	case e.podGroups() == v1.PodSecurityGroupEnvironment:
		return fmt.Sprintf(". Databases admit %s: pods of this environment, and no others of the cluster", e.podGroupID())
	case e.podGroups() == v1.PodSecurityGroupBoth:
		return fmt.Sprintf(". Databases admit pods with %s, which is for this environment alone, and still those with %s, which every pod of "+
			"the cluster has: restart the workloads, then write Environment in spec.cluster.eks.podSecurityGroup",
			e.podGroupID(), e.cluster.securityGroupID)
	default:
		return fmt.Sprintf(". Databases admit %s, the security group of the cluster: every pod and node that has it may connect, also those of "+
			"others. spec.cluster.eks.podSecurityGroup gives this environment's pods one of their own", first(e.cluster.securityGroupID, ids[0]))
	}
}

// noSource says who cannot reach the databases, and what helps.
func (e *environment) noSource() string {
	words := "No security group of workloads is known, so databases admit none of them: "
	if e.claim.cluster == nil {
		return words + "name the cluster in spec.cluster"
	}
	return words + "write spec.cluster.eks, or spec.cluster.workloadSecurityGroupIds"
}

// workloadParts are EKS and the objects in the workload cluster, in the order of the graph. What is not planned yet waits for what is.
func (e *environment) workloadParts() []health.Resource {
	var parts []health.Resource
	for _, r := range e.plan.Resources {
		if r.Name == nameEKS || workloadNames(r.Name) || podGroupNames(r.Name) {
			parts = append(parts, health.Resource{Kind: manifestKind(r.Object), Name: r.Object.Name(), Observed: e.in.Observed.Get(r.Name)})
		}
	}
	return parts
}

// manifestKind is the kind that a person knows: not that of provider-kubernetes.
func manifestKind(o object.Object) string {
	return first(o.String("spec", "forProvider", "manifest", "kind"), o.Kind())
}

// accessReady is about the key and the identities.
func (e *environment) accessReady() conditions.Condition {
	if lost := e.keyLost(); lost != nil {
		return *lost
	}
	c := conditions.Condition{Type: v1.ConditionAccessReady, Status: conditions.False}
	if state := e.accessState(); !state.Ready {
		c.Reason, c.Message = state.Reason, state.Message
		return c
	}
	c.Status, c.Reason = conditions.True, conditions.Available
	switch n := len(e.claim.identities); n {
	case 0:
		c.Message = "data is encrypted with a key of the environment. No service account has a role: list those that need one in spec.identities"
	default:
		c.Message = "data is encrypted with a key of the environment, and these service accounts have a role: " + some(e.claim.identities)
	}
	return c
}
