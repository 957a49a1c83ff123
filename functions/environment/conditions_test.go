package environment

import (
	"fmt"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

func TestConditionsOfAReadyEnvironment(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	p := w.compose()
	vault := p.Status.Done().At("vault")
	equal(t, "conditions", []conditions.Condition{
		{Type: "NetworkReady", Status: conditions.True, Reason: conditions.Available, Message: "vpc-0a1 of Network platform/shared"},
		{Type: "ClusterReady", Status: conditions.True, Reason: conditions.Available,
			Message: "workloads run in namespace " + w.namespace() + " of the cluster of ProviderConfig workloads" + ofCluster},
		{Type: "AccessReady", Status: conditions.True, Reason: conditions.Available,
			Message: "data is encrypted with a key of the environment, and these service accounts have a role: orders-api, orders-report"},
		{Type: "VaultReady", Status: conditions.True, Reason: conditions.Available, Message: fmt.Sprintf(
			"entries are in %s, users of databases in %s, service accounts log in at %s. Policy %s is for the people of the team. A workload logs "+
				"in with a token for audience vault: a projected volume with a serviceAccountToken for it",
			vault.String("kvMount"), vault.String("databaseMount"), vault.String("auth", "mount"),
			w.in().Observed.Get(nameVaultPolicy+policyTeam).String("spec", "forProvider", "name"))},
	}, p.Conditions)
	if p.Waiting {
		t.Error("it waits")
	}
}

func TestClusterReady(t *testing.T) {
	t.Parallel()
	noSource := ". No security group of workloads is known, so databases admit none of them: "
	inWorkloads := func(w *world) string {
		return "workloads run in namespace " + w.namespace() + " of the cluster of ProviderConfig workloads"
	}
	cases := map[string]struct {
		claim  fields
		change func(*world)
		status conditions.Status
		reason conditions.Reason
		want   func(*world) string
	}{
		"no cluster": {fields{"cluster": nil, "identities": nil, "vault": nil}, nil, conditions.True, conditions.NotUsed, func(*world) string {
			return "workloads run in namespace team-checkout, beside this object" + noSource + "name the cluster in spec.cluster"
		}},
		"no EKS, and nobody knows where workloads call from": {fields{"cluster.eks": nil, "identities": nil, "vault": nil}, nil, conditions.True,
			conditions.Available, func(w *world) string {
				return inWorkloads(w) + noSource + "write spec.cluster.eks, or spec.cluster.workloadSecurityGroupIds"
			}},
		"no EKS, and the claim says where workloads call from": {
			fields{"cluster.eks": nil, "identities": nil, "vault": nil, "cluster.workloadSecurityGroupIds": []any{"sg-0e1"}}, nil, conditions.True,
			conditions.Available, inWorkloads},
		"a provider cannot do its work": {nil, func(w *world) {
			set(w.observed[nameQuota], "status.conditions", []any{fields{
				"type": "Synced", "status": "False", "reason": "ReconcileError", "message": "connection refused",
			}})
		}, conditions.False, conditions.Failing, func(w *world) string {
			return "ResourceQuota " + w.in().Name(nameQuota) + ": connection refused"
		}},
		"EKS is in another VPC": {nil, func(w *world) {
			set(w.observed[nameEKS], "status.atProvider.vpcConfig.vpcId", "vpc-0ee")
		}, conditions.False, conditions.ClusterElsewhere, func(*world) string {
			return "spec.cluster.eks: EKS cluster workloads is in vpc-0ee, and the network is vpc-0a1: workloads would not reach what is placed there. " +
				"Name the Network that is vpc-0ee, or a cluster in vpc-0a1"
		}},
		"a service account is lost, and its association too": {nil, func(w *world) {
			delete(w.observed, nameAccount+"orders-api")
			delete(w.observed, nameAssociation+"orders-api")
		}, conditions.False, conditions.Blocked, func(*world) string {
			return "service account orders-api follows when its role is there: no pod is to start without"
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(tc.claim)
			w.settle()
			if tc.change != nil {
				tc.change(w)
			}
			p := w.compose()
			equal(t, "condition", conditions.Condition{Type: "ClusterReady", Status: tc.status, Reason: tc.reason, Message: tc.want(w)},
				condition(p, "ClusterReady"))
			if p.Waiting != (tc.status != conditions.True) {
				t.Errorf("waiting %v", p.Waiting)
			}
		})
	}
}

func TestAccessReadyWithoutIdentities(t *testing.T) {
	t.Parallel()
	w := minimal(t)
	w.settle()
	equal(t, "condition", conditions.Condition{Type: "AccessReady", Status: conditions.True, Reason: conditions.Available,
		Message: "data is encrypted with a key of the environment. No service account has a role: list those that need one in spec.identities"},
		condition(w.compose(), "AccessReady"))
}

// A person sees each condition become true once.
func TestConditionsDoNotFlap(t *testing.T) {
	t.Parallel()
	for reason, claim := range map[string]fields{
		"Pod Identity": nil, "IRSA": {"cluster.eks.identityMode": "IRSA"}, "a Network of its own": {
			"networkRef": nil, "network": fields{"cidr": "10.50.0.0/16"}, "cluster.eks": nil, "identities": nil, "vault": nil,
		},
		"no cluster": {"cluster": nil, "identities": nil, "vault": nil},
	} {
		w := newWorld(t).with(claim)
		was := map[string]bool{}
		for round := range 10 {
			for _, c := range w.step().Conditions {
				if was[c.Type] && !c.Is() {
					t.Errorf("%s, round %d: %s was true: %s", reason, round, c.Type, c.Message)
				}
				was[c.Type] = c.Is()
			}
		}
		for _, conditionType := range []string{"NetworkReady", "ClusterReady", "AccessReady", "VaultReady"} {
			if !was[conditionType] {
				t.Errorf("%s: %s never becomes true", reason, conditionType)
			}
		}
	}
}

// While something is pending, the composite is not ready, even if each of its resources is.
func TestItWaitsForEachCondition(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		lose func(*world)
		want string
	}{
		"the network":    {func(w *world) { w.network = nil }, "NetworkReady"},
		"the cluster":    {func(w *world) { w.observed[nameNamespace]["status"] = nil }, "ClusterReady"},
		"the key":        {func(w *world) { w.observed[nameKey]["status"] = nil }, "AccessReady"},
		"the KV mount":   {func(w *world) { w.observed[nameKVMount]["status"] = nil }, "VaultReady"},
		"an association": {func(w *world) { w.observed[nameAssociation+"orders-api"]["status"] = nil }, "AccessReady"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.lose(w)
			p := w.compose()
			for _, c := range p.Conditions {
				if c.Is() == (c.Type == tc.want) {
					t.Errorf("%+v", c)
				}
			}
			if !p.Waiting {
				t.Error("it does not wait")
			}
		})
	}
}
