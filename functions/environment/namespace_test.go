package environment

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

func TestNamespace(t *testing.T) {
	t.Parallel()
	p := newWorld(t).parts().plan
	equal(t, "manifest", fields{"apiVersion": "v1", "kind": "Namespace", "metadata": fields{"name": workloadsName, "labels": fields{
		"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted",
		"pod-security.kubernetes.io/audit": "restricted", "platform.io/claim-namespace": "team-checkout", "platform.io/environment": "staging",
		"platform.io/environment-type": "staging", "platform.io/team": "checkout",
	}}}, manifestOf(p, nameNamespace))
	if !holdsData(p, nameNamespace) {
		t.Error("volumes go with the namespace, and nobody is asked")
	}
}

// While an environment is protected its namespace stays in the cluster, whatever happens to the object here.
func TestNamespaceStaysWhileProtected(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claim fields
		want  []string
	}{
		"staging":                  {fields{}, nil},
		"protected by its claim":   {fields{"deletionProtection": true}, []string{"Observe", "Create", "Update", "LateInitialize"}},
		"production":               {fields{"type": "production"}, []string{"Observe", "Create", "Update", "LateInitialize"}},
		"production that may go":   {fields{"type": "production", "deletionProtection": false}, nil},
		"of others, and protected": {fields{"cluster.namespace": "orders", "deletionProtection": true}, []string{"Observe"}},
	}
	for reason, tc := range cases {
		equal(t, reason, tc.want, policies(wanted(newWorld(t).with(tc.claim).parts().plan, nameNamespace)))
	}
}

// The API server takes every label, and two texts are never one.
func TestLabelValue(t *testing.T) {
	t.Parallel()
	kept := []string{"", "checkout", "Team_1.a-b", strings.Repeat("x", 63)}
	for _, text := range kept {
		equal(t, "legal already", text, labelValue(text))
	}
	seen := map[string]string{}
	for _, text := range []string{
		"Team Checkout", "team checkout", "team/checkout", "Zahlungsverkehr & Söhne", "-", "-a", "a-", "结账", "结帐", strings.Repeat("x", 64), "sg-\n",
	} {
		got := labelValue(text)
		if problems := validation.IsValidLabelValue(got); len(problems) > 0 || got == "" {
			t.Errorf("%q becomes %q: %v", text, got, problems)
		}
		if other, taken := seen[got]; taken {
			t.Errorf("%q and %q are both %q", text, other, got)
		}
		seen[got] = text
	}
}

func FuzzLabelValue(f *testing.F) {
	f.Add("Team Checkout")
	f.Add(strings.Repeat("ö", 70))
	f.Add(strings.Repeat("-a.", 1<<18))
	f.Fuzz(func(t *testing.T, text string) {
		defer budget.Start(t, len(text))()
		if got := labelValue(text); len(validation.IsValidLabelValue(got)) > 0 {
			t.Errorf("%q becomes %q", text, got)
		}
	})
}

func binding(t *testing.T, p *plan.Plan, name string) []string {
	t.Helper()
	m := wanted(p, name).At("spec", "forProvider", "manifest")
	subjects := m.List("subjects")
	if len(subjects) != 1 || subjects[0].String("kind") != "Group" || m.String("roleRef", "kind") != "ClusterRole" {
		t.Fatalf("%s is no binding of a ClusterRole to one group: %v", name, m.Map())
	}
	return []string{m.Kind(), m.Name(), m.Namespace(), m.String("roleRef", "name"), subjects[0].String("name")}
}

func TestTeamBinding(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claim fields
		want  []string
	}{
		"the owner":                {fields{}, []string{"RoleBinding", "goldenpath-team-edit", workloadsName, "edit", "checkout"}},
		"a group of the cluster's": {fields{"cluster.group": "oidc:checkout"}, []string{"RoleBinding", "goldenpath-team-edit", workloadsName, "edit", "oidc:checkout"}},
		"production":               {fields{"type": "production"}, []string{"RoleBinding", "goldenpath-team-view", workloadsName, "view", "checkout"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			p := readyParts(t, tc.claim).parts().plan
			equal(t, "binding", tc.want, binding(t, p, nameTeam+"-"+tc.want[3]))
		})
	}
}

// A binding cannot change its role: another role is another binding, beside the first until that is gone.
func TestAnotherRoleIsAnotherBinding(t *testing.T) {
	t.Parallel()
	w := readyParts(t, nil)
	roles := map[string]string{"view": "view", "platform:team": "platform-team-add5a6d08c", "Team_Edit": "team-edit-90df5fe8cb"}
	for role, suffix := range roles {
		tier := w.data.tiers["staging"]
		tier.TeamRole = role
		w.data = newWorld(t).data
		w.data.tiers["staging"] = tier
		p := w.parts().plan
		equal(t, "drops", []string{nameTeam + "-edit: SpecChanged"}, drops(p))
		equal(t, "binding", []string{"RoleBinding", "goldenpath-team-" + suffix, workloadsName, role, "checkout"},
			binding(t, p, nameTeam+"-"+suffix))
	}
}

// An environment from before goes on as it is.
func TestTokenReview(t *testing.T) {
	t.Parallel()
	w := reviewedParts(t, nil)
	want := []string{"ClusterRoleBinding", reviewName, "", "system:auth-delegator", "system:serviceaccounts:" + workloadsName}
	equal(t, "binding", want, binding(t, w.parts().plan, nameTokenReview))
	set(w.observed[nameTokenReview], "spec.forProvider.manifest.metadata.name", "old-name")
	want[1] = "old-name"
	equal(t, "decided once", want, binding(t, w.parts().plan, nameTokenReview))

	set(w.xr, "spec.vault", nil)
	if p := w.parts().plan; !wanted(p, nameTokenReview).IsZero() || drops(p)[0] != nameTokenReview+": SpecChanged" {
		t.Errorf("without Vault: %v", drops(p))
	}
	trusted := newWorld(t).with(fields{"vault.mounts.kubernetesAuth": "k8s"})
	if p := trusted.settleParts(); !wanted(p, nameTokenReview).IsZero() || len(p.Drops) > 0 {
		t.Error("an auth mount of others reviews tokens in its own way")
	}
}

// Who deploys may change what runs in production, where the team looks only.
func TestDeployers(t *testing.T) {
	t.Parallel()
	w := readyParts(t, fields{"type": "production", "cluster.deployers": []any{
		fields{"group": "oidc:deployers"}, fields{"serviceAccount": fields{"namespace": "argocd", "name": "argocd-application-controller"}},
	}})
	m := wanted(w.parts().plan, nameDeployers).At("spec", "forProvider", "manifest")
	equal(t, "place", []string{"RoleBinding", "goldenpath-deployers", workloadsName}, []string{m.Kind(), m.Name(), m.Namespace()})
	equal(t, "role", fields{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"}, m.At("roleRef").Map())
	equal(t, "subjects", any([]any{
		fields{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "oidc:deployers"},
		fields{"kind": "ServiceAccount", "namespace": "argocd", "name": "argocd-application-controller"},
	}), m.Map()["subjects"])
	equal(t, "the team", "view", wanted(w.parts().plan, nameTeam+"-view").At("spec", "forProvider", "manifest").String("roleRef", "name"))
	w.with(fields{"cluster.deployers": nil})
	equal(t, "nobody any more", []string{nameDeployers + ": SpecChanged"}, drops(w.parts().plan))
}
