package environment

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

// Everything is listed, and still a path has to be the one that it says: before it is there, and when it is.
func TestVaultPathsArePlain(t *testing.T) {
	t.Parallel()
	const instead = "; write the path from its beginning, with a name between slashes, such as team-checkout/kv"
	const own = " is Vault's own, and no rule gives it to anybody. Write the path of a mount of the team's, or remove the field for a new one"
	cases := map[string]struct {
		claim fields
		want  string
	}{
		"a way up": {fields{"vault.mounts": fields{"kv": "checkout/../search/kv"}},
			`spec.vault.mounts.kv: "checkout/../search/kv" has the segment ".."` + instead},
		"a way up from the login": {fields{"vault.mounts": fields{"jwtAuth": "/checkout/../search/"}},
			`spec.vault.mounts.jwtAuth: "checkout/../search" has the segment ".."` + instead},
		"a pattern of a policy": {fields{"vault.mounts": fields{"database": "checkout/+"}},
			`spec.vault.mounts.database: "checkout/+" has the character '+'; write letters, digits and -_.~@: between slashes, such as team-checkout/kv`},
		"another namespace": {fields{"vault.namespace": "admin/team/../other"}, `spec.vault.namespace: "admin/team/../other" has the segment ".."` + instead},
		"Vault itself":      {fields{"vault.mounts": fields{"kv": "sys/policies"}}, `spec.vault.mounts.kv: "sys/policies"` + own},
		"Vault's tokens":    {fields{"vault.mounts": fields{"kubernetesAuth": "token"}}, `spec.vault.mounts.kubernetesAuth: "token"` + own},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			equal(t, "at the beginning", tc.want, refused(t, newWorld(t).with(tc.claim)).Message)
			w := readyWorld(t)
			before := w.specs()
			equal(t, "of one that is there", tc.want, refused(t, w.with(tc.claim)).Message)
			equal(t, "what is there", before, w.specs())
		})
	}
}

// A rule with the workloadNamespaces ["*"] gives nobody the cluster.
func TestSystemNamespacesAreNotAdopted(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"kube-system", "default", "crossplane-system", "kube-node-lease", "monitoring"} {
		w := newWorld(t).with(fields{"cluster.namespace": name})
		w.data.tenancy.SystemNamespaces = []string{"monitoring"}
		equal(t, name, refusal("ClusterReady", conditions.TenancyDenied, `spec.cluster.namespace: "`+name+`" is a namespace of the cluster or of the `+
			`platform, and no rule gives it to anybody. Write one of the team's workloads, or remove the field for a new one`), refused(t, w))
	}
}

// adopting is an Environment in a namespace of the cluster that has labels. Nil: nobody has told yet which.
func adopting(t *testing.T, labels fields) *world {
	t.Helper()
	w := newWorld(t).with(fields{"cluster.namespace": "orders", "vault.mounts": fields{"kubernetesAuth": "team"}})
	w.step()
	if labels == nil {
		set(w.observed[nameNamespace], "status.atProvider.manifest", nil)
	} else {
		set(w.observed[nameNamespace], "status.atProvider.manifest.metadata.labels", labels)
	}
	return w
}

// A rule lists a prefix, and others make namespaces that begin like it: whose one is it says itself, before anybody gets a role there.
func TestNamespacesOfAnotherAreNotAdopted(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		labels fields
		says   string
	}{
		"of another's Environment": {fields{"platform.io/claim-namespace": "team-search", "platform.io/team": "checkout"},
			`label platform.io/claim-namespace: "team-search"`},
		"of another team": {fields{"platform.io/team": "search"}, `label platform.io/team: "search"`},
		"of somebody":     {fields{"platform.io/environment": "staging"}, `label platform.io/environment: "staging"`},
	} {
		w := adopting(t, tc.labels)
		before := w.specs()
		c := refused(t, w)
		equal(t, reason, []string{"ClusterReady", "TenancyDenied"}, []string{c.Type, string(c.Reason)})
		if !strings.Contains(c.Message, "namespace orders is marked as another's ("+tc.says+")") {
			t.Errorf("%s: %s", reason, c.Message)
		}
		equal(t, reason, before, w.specs())
	}
	for reason, labels := range map[string]fields{
		"no marks": {"app": "orders"}, "the team's": {"platform.io/team": "checkout", "platform.io/environment": "old"},
		"of the same tenant": {"platform.io/claim-namespace": "team-checkout", "platform.io/team": "billing"},
	} {
		p := adopting(t, labels).step()
		if wanted(p, nameTeam+"-edit").IsZero() {
			t.Errorf("%s: nobody gets a role", reason)
		}
	}
	if p := adopting(t, nil).step(); !wanted(p, nameTeam+"-edit").IsZero() || wanted(p, nameNamespace).IsZero() {
		t.Error("nobody has said whose namespace it is, and it is adopted")
	}
}

// What runs in a namespace that is marked later, or that nobody sees for a while, stays.
func TestAdoptedNamespaceStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"cluster.namespace": "orders", "vault.mounts": fields{"kubernetesAuth": "team"}})
	w.settle()
	before := w.specs()
	set(w.observed[nameNamespace], "status.atProvider.manifest", nil)
	w.step()
	if diff := cmp.Diff(before, w.specs()); diff != "" {
		t.Errorf("not seen (-want +got):\n%s", diff)
	}
	set(w.observed[nameNamespace], "status.atProvider.manifest.metadata.labels", fields{"platform.io/claim-namespace": "team-search"})
	equal(t, "marked later", conditions.TenancyDenied, refused(t, w).Reason)
	equal(t, "marked later", before, w.specs())
}

// A range is asked for once: a rule that is tightened later takes it from nobody. A peer group can be left.
func TestOwnNetworkKeepsItsRange(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"networkRef": nil, "network": fields{"cidr": "10.50.0.0/16"}})
	w.settle()
	w.data.tenancy.Rules[0].CIDRs, w.data.tenancy.Rules[0].PeerGroups = []string{"10.64.0.0/12"}, nil
	before := w.specs()
	equal(t, "its own range", conditions.Condition{}, refused(t, w))
	w.step()
	equal(t, "what is there", before, w.specs())
	equal(t, "a group", conditions.TenancyDenied, refused(t, w.with(fields{"network.peerGroup": "hub"})).Reason)
	fresh := newWorld(t).with(fields{"networkRef": nil, "network": fields{"cidr": "10.50.0.0/16"}})
	fresh.data.tenancy = &tenancy.Tenancy{Rules: w.data.tenancy.Rules}
	equal(t, "a new one", conditions.TenancyDenied, refused(t, fresh).Reason)
}
