package environment

import (
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

func allInCluster() []string {
	return []string{
		nameLimits, nameNamespace,
		namePolicy + policyNothing, namePolicy + policyDNS, namePolicy + policyEgress, namePolicy + policyNamespace,
		nameQuota, nameAccount + "orders-api", nameAccount + "orders-report", nameTeam + "-edit",
	}
}

// The namespace comes first, and nothing that was composed goes again.
func TestOrderInTheCluster(t *testing.T) {
	t.Parallel()
	w := newWorld(t).associate("orders-api", "orders-report")
	w.asleep = []string{nameNamespace}
	for range 2 {
		p := w.parts().plan
		equal(t, "before the namespace is there", []string{nameNamespace}, plannedInCluster(p))
		w.apply(p)
	}
	w.asleep = nil
	w.apply(w.parts().plan)
	p := w.settleParts()
	equal(t, "at the end", allInCluster(), plannedInCluster(p))
	set(w.observed[nameNamespace], "status", nil)
	equal(t, "a namespace that is not ready any more takes nothing along", allInCluster(), plannedInCluster(w.parts().plan))
	if len(p.Drops) > 0 {
		t.Errorf("drops %v", drops(p))
	}
}

// Every object is where the namespace is: in one cluster for good, and in that namespace.
func TestObjectsAreWhereTheNamespaceIs(t *testing.T) {
	t.Parallel()
	w := readyParts(t, fields{"identities": []any{fields{"serviceAccount": "orders-api"}}})
	set(w.xr, "spec.cluster.providerConfigRef", fields{"name": "elsewhere", "kind": "ProviderConfig"})
	set(w.xr, "spec.identities", []any{fields{"serviceAccount": "orders-api"}, fields{"serviceAccount": "orders-report"}})
	p := w.parts().plan
	equal(t, "objects", allInCluster(), plannedInCluster(p))
	for _, name := range plannedInCluster(p) {
		o := wanted(p, name)
		equal(t, name, fields{"name": "workloads", "kind": "ClusterProviderConfig"}, o.At("spec", "providerConfigRef").Map())
		namespace := o.String("spec", "forProvider", "manifest", "metadata", "namespace")
		if clusterScoped := name == nameNamespace; clusterScoped != (namespace == "") ||
			(!clusterScoped && namespace != workloadsName) {
			t.Errorf("%s is in namespace %q", name, namespace)
		}
		if o.Kind() != "Object" || !strings.HasPrefix(o.APIVersion(), "kubernetes.m.crossplane.io/") {
			t.Errorf("%s is a %s of %s", name, o.Kind(), o.APIVersion())
		}
	}
}

func TestWorkloadNamespace(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		world func(*testing.T) *world
		want  string
	}{
		"a new one":                  {newWorld, workloadsName},
		"without a cluster, its own": {minimal, "team-checkout"},
		"one that is there":          {func(t *testing.T) *world { return newWorld(t).with(fields{"cluster.namespace": "orders"}) }, "orders"},
		"decided once":               {func(t *testing.T) *world { return renamed(t, "old-name") }, "old-name"},
		"decided once, whatever is said": {func(t *testing.T) *world {
			return renamed(t, "old-name").with(fields{"cluster.namespace": "orders"})
		}, "old-name"},
		"a status that somebody wrote says nothing": {func(t *testing.T) *world {
			w := newWorld(t)
			w.xr["status"] = fields{"workloadNamespace": "kube-system"}
			return w
		}, workloadsName},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			equal(t, "namespace", tc.want, tc.world(t).parts().workloadNamespace())
		})
	}
}

// renamed is a world whose namespace was composed by an earlier naming scheme.
func renamed(t *testing.T, name string) *world {
	t.Helper()
	w := readyParts(t, nil)
	set(w.observed[nameNamespace], "spec.forProvider.manifest.metadata.name", name)
	return w
}

// Different environments never share a namespace, however their names are put together.
func TestWorkloadNamespacesDiffer(t *testing.T) {
	t.Parallel()
	name := func(uid, namespace, name string) string {
		e := newWorld(t).parts()
		e.in.Subject.UID, e.in.Subject.Namespace, e.in.Subject.Name = uid, namespace, name
		e.in.Observed = look(newWorld(t))
		return e.workloadNamespace()
	}
	seen := map[string]string{}
	long := strings.Repeat("x", 63)
	for _, s := range [][3]string{{"1", "a-b", "c"}, {"2", "a", "b-c"}, {"3", long, "a"}, {"4", long, "b"}, {"5", "1team", "2.3"}} {
		got := name(s[0], s[1], s[2])
		if other, taken := seen[got]; taken || len(got) > 63 || labelValue(got) != got {
			t.Errorf("%v is in %q, and so is %q", s, got, other)
		}
		seen[got] = strings.Join(s[:], "/")
	}
}

// What others made is only looked at, and gets what this environment needs and no more.
func TestNamespaceOfOthers(t *testing.T) {
	t.Parallel()
	w := readyParts(t, fields{"cluster.namespace": "orders"})
	p := w.parts().plan
	equal(t, "objects", []string{
		nameNamespace, nameAccount + "orders-api", nameAccount + "orders-report", nameTeam + "-edit",
	}, plannedInCluster(p))
	equal(t, "namespace", fields{"apiVersion": "v1", "kind": "Namespace", "metadata": fields{"name": "orders"}}, manifestOf(p, nameNamespace))
	equal(t, "policies", []string{"Observe"}, policies(wanted(p, nameNamespace)))
	if holdsData(p, nameNamespace) {
		t.Error("what belongs to others is not ours to lose")
	}
	// An account may have been there before.
	keeps := []string{"Observe", "Create", "Update", "LateInitialize"}
	equal(t, "account", keeps, policies(wanted(p, nameAccount+"orders-api")))
	// Several environments may be in it.
	if name := manifestOf(p, nameTeam+"-edit")["metadata"].(fields)["name"].(string); !strings.HasPrefix(name, "team-checkout-staging-team-edit-") {
		t.Errorf("the binding is called %q", name)
	}
	for reason, change := range map[string]any{"taken away": nil, "another": "other"} {
		set(w.xr, "spec.cluster.namespace", change)
		p := w.parts().plan
		if got := manifestOf(p, nameNamespace)["metadata"].(fields)["name"]; got != "orders" || len(policies(wanted(p, nameNamespace))) != 1 {
			t.Errorf("%s: it becomes ours: %v", reason, wanted(p, nameNamespace).Map())
		}
	}
}

// Without the cluster everything in it goes, each with a reason. The namespace holds data, so that the kernel asks first.
func TestClusterTakenAway(t *testing.T) {
	t.Parallel()
	w := readyParts(t, nil)
	set(w.xr, "spec.cluster", nil)
	p := w.parts().plan
	equal(t, "objects", []string(nil), plannedInCluster(p))
	var want []string
	for _, name := range allInCluster() {
		want = append(want, name+": SpecChanged")
	}
	equal(t, "drops", want, drops(p))
	equal(t, "namespace", "team-checkout", w.parts().workloadNamespace())
	equal(t, "nothing was there", []string(nil), drops(minimal(t).parts().plan))
}

// What an input may be, the environment keeps to its shape.
func TestPartsOfEveryType(t *testing.T) {
	t.Parallel()
	for kind, want := range map[pipelinev1.EnvironmentType][]string{
		"dev": {"baseline", "edit"}, "preview": {"baseline", "edit"}, "staging": {"restricted", "edit"}, "production": {"restricted", "view"},
	} {
		w := readyParts(t, fields{"type": string(kind)})
		p := w.parts().plan
		labels := wanted(p, nameNamespace).At("spec", "forProvider", "manifest", "metadata", "labels")
		role := wanted(p, nameTeam+"-"+want[1]).String("spec", "forProvider", "manifest", "roleRef", "name")
		equal(t, string(kind), want, []string{labels.String("pod-security.kubernetes.io/enforce"), role})
		protected := kind == "production"
		for _, name := range []string{nameNamespace, nameKVMount, nameDatabaseMount} {
			if got := policies(wanted(p, name)); holdsData(p, name) != true || (got != nil) != protected {
				t.Errorf("%s of %s: data %v, policies %v", name, kind, holdsData(p, name), got)
			}
		}
	}
}

func TestPodIdentityIsOfEKS(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		cluster *v1.EnvironmentCluster
		want    bool
	}{
		"no cluster":   {nil, false},
		"not EKS":      {&v1.EnvironmentCluster{}, false},
		"IRSA":         {&v1.EnvironmentCluster{EKS: &v1.EKSCluster{IdentityMode: v1.IdentityIRSA}}, false},
		"associations": {&v1.EnvironmentCluster{EKS: &v1.EKSCluster{IdentityMode: v1.IdentityPodIdentity}}, true},
	}
	for reason, tc := range cases {
		if got := (&environment{claim: claim{cluster: tc.cluster}, plan: &plan.Plan{}}).podIdentity(); got != tc.want {
			t.Errorf("%s: %v", reason, got)
		}
	}
}
