package environment

import (
	"testing"
)

const (
	orders    = nameAccount + "orders-api"
	roleARN   = "arn:aws:iam::123456789012:role/orders-api"
	otherRole = "arn:aws:iam::123456789012:role/other"
)

func irsaWorld(t *testing.T) *world {
	t.Helper()
	return newWorld(t).with(fields{
		"cluster.eks.identityMode": "IRSA", "identities": []any{fields{"serviceAccount": "orders-api"}},
	})
}

// An account comes once its identity is complete, and stays.
func TestAccountWaitsForItsIdentity(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		world    *world
		complete func(*world)
		want     fields
	}{
		"IRSA: the role is known": {irsaWorld(t), func(w *world) { w.role("orders-api", roleARN) },
			fields{"name": "orders-api", "namespace": workloadsName, "annotations": fields{"eks.amazonaws.com/role-arn": roleARN}}},
		"Pod Identity: the association is ready": {newWorld(t), func(w *world) { w.associate("orders-api") },
			fields{"name": "orders-api", "namespace": workloadsName}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := tc.world
			w.settleParts()
			if w.observed[nameLimits] == nil || w.observed[orders] != nil {
				t.Fatal("the account is there before its identity")
			}
			tc.complete(w)
			equal(t, "account", fields{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": tc.want}, manifestOf(w.settleParts(), orders))
			for _, name := range []string{nameRole, nameAssociation} {
				delete(w.observed, name+"orders-api")
			}
			equal(t, "the identity is lost", tc.want, manifestOf(w.parts().plan, orders)["metadata"].(fields))
		})
	}
}

func TestAccountIsNotThereWithoutANamespace(t *testing.T) {
	t.Parallel()
	w := irsaWorld(t).role("orders-api", roleARN)
	w.asleep = []string{nameNamespace}
	w.settleParts()
	if w.observed[orders] != nil {
		t.Error("the account is composed before the namespace")
	}
}

func TestAccountFollowsItsRole(t *testing.T) {
	t.Parallel()
	w := irsaWorld(t).role("orders-api", roleARN)
	w.settleParts()
	w.apply(w.parts().plan)
	w.role("orders-api", otherRole)
	annotations := wanted(w.parts().plan, orders).StringMap("spec", "forProvider", "manifest", "metadata", "annotations")
	equal(t, "another role", map[string]string{annotationRole: otherRole}, annotations)
	set(w.xr, "spec.cluster.eks.identityMode", "PodIdentity")
	if manifestOf(w.parts().plan, orders)["metadata"].(fields)["annotations"] != nil {
		t.Error("an associated account still names a role")
	}
}

func TestAccountGoesWithItsIdentity(t *testing.T) {
	t.Parallel()
	w := readyParts(t, nil)
	set(w.xr, "spec.identities", []any{fields{"serviceAccount": "orders-report"}})
	p := w.parts().plan
	equal(t, "drops", []string{orders + ": SpecChanged"}, drops(p))
	if wanted(p, nameAccount+"orders-report").IsZero() || !wanted(p, orders).IsZero() {
		t.Errorf("planned %v", plannedInCluster(p))
	}
}

func TestAccountNeedsEKS(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"cluster.eks": nil}).associate("orders-api")
	w.settleParts()
	if w.observed[orders] != nil || w.observed[nameLimits] == nil {
		t.Error("an account is composed that nobody gives a role")
	}
}
