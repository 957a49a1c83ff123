package environment

import (
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// said is what a check refuses with: `condition reason: message`.
func said(r *plan.Refusal) string {
	if r == nil {
		return ""
	}
	return r.Type + " " + string(r.Reason) + ": " + r.Message
}

func TestWhatIsKept(t *testing.T) {
	t.Parallel()
	const (
		cluster = "ClusterReady ClusterChanged: spec.cluster."
		vault   = "VaultReady InvalidSpec: spec.vault."
		instead = ", or create another Environment"
	)
	moved := func(field, was, is string) string {
		return vault + field + ": what services keep in Vault is at \"" + was + "\" and cannot move to \"" + is + "\". Undo the change" + instead
	}
	// One for each case: they change it, at the same time.
	theirs := func() fields {
		return fields{"vault.mounts": fields{"kv": "kv", "database": "db", "kubernetesAuth": "k8s"}}
	}
	cases := map[string]struct {
		claim, later fields
		check        func(*environment) *plan.Refusal
		want         string
	}{
		"nothing changes":                     {check: namespaceKept},
		"a namespace of others stays":         {claim: fields{"cluster.namespace": "orders"}, check: namespaceKept},
		"no cluster any more is for the data": {later: fields{"cluster": nil}, check: namespaceKept},
		"another cluster": {later: fields{"cluster.providerConfigRef": fields{"name": "other"}}, check: namespaceKept,
			want: cluster + `providerConfigRef.name: the environment's workloads are in "workloads" and cannot move. Write "workloads" again` + instead},
		"a namespace of others in place of ours": {later: fields{"cluster.namespace": "orders"}, check: namespaceKept,
			want: cluster + `namespace: the environment's workloads are in "` + workloadsName + `" and cannot move. Remove the field` + instead},
		"our own, as if it were of others": {later: fields{"cluster.namespace": workloadsName}, check: namespaceKept,
			want: cluster + `namespace: the environment's workloads are in "` + workloadsName + `" and cannot move. Remove the field` + instead},
		"ours in place of one of others": {claim: fields{"cluster.namespace": "orders"}, later: fields{"cluster.namespace": nil}, check: namespaceKept,
			want: cluster + `namespace: the environment's workloads are in "orders" and cannot move. Write "orders" again` + instead},
		"one of others in place of another": {
			claim: fields{"cluster.namespace": "orders"}, later: fields{"cluster.namespace": "pay"}, check: namespaceKept,
			want: cluster + `namespace: the environment's workloads are in "orders" and cannot move. Write "orders" again` + instead},

		"Vault stays":                               {check: vaultKept},
		"mounts of others stay":                     {claim: theirs(), check: vaultKept},
		"mounts of others, with slashes":            {claim: theirs(), later: fields{"vault.mounts.kv": "/kv/"}, check: vaultKept},
		"no Vault any more is for the data":         {later: fields{"vault": nil}, check: vaultKept},
		"our own path, written down":                {later: fields{"vault.mounts": fields{"kv": kvPath}}, check: vaultKept},
		"a mount of others in place of ours":        {later: fields{"vault.mounts": fields{"kv": "kv"}}, check: vaultKept, want: moved("mounts.kv", kvPath, "kv")},
		"a mount of ours in place of one of others": {claim: theirs(), later: fields{"vault.mounts.database": nil}, check: vaultKept, want: moved("mounts.database", "db", databasePath)},
		"another auth mount of others":              {claim: theirs(), later: fields{"vault.mounts.kubernetesAuth": "k8s2"}, check: vaultKept, want: moved("mounts.kubernetesAuth", "k8s", "k8s2")},
		"another namespace of Vault":                {claim: fields{"vault.namespace": "a"}, later: fields{"vault.namespace": "b"}, check: vaultKept, want: moved("namespace", "a", "b")},
		"a namespace of Vault where was none":       {later: fields{"vault.namespace": "b"}, check: vaultKept, want: moved("namespace", "", "b")},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyParts(t, tc.claim)
			v := w.parts().vaultStatus()
			w.xr["status"] = fields{"vault": fields{
				"namespace": v.Namespace, "kvMount": v.KVMount, "databaseMount": v.DatabaseMount, "kubernetesAuthMount": v.KubernetesAuthMount,
				"auth": fields{"method": string(v.Auth.Method), "mount": v.Auth.Mount},
			}}
			equal(t, "refusal", tc.want, said(tc.check(w.with(tc.later).parts())))
		})
	}
}

// Before anything is composed everything may be said.
func TestNothingIsKeptAtTheBeginning(t *testing.T) {
	t.Parallel()
	e := newWorld(t).with(fields{"cluster.namespace": "orders", "vault.mounts.kv": "kv", "vault.namespace": "a"}).parts()
	e.in.Observed = look(newWorld(t))
	equal(t, "namespace", "", said(namespaceKept(e)))
	equal(t, "Vault", "", said(vaultKept(e)))
}

func TestGroupOfPeople(t *testing.T) {
	t.Parallel()
	const own = " is a group of Kubernetes' own; write one of people in spec.cluster.group"
	cases := map[string]struct {
		claim fields
		want  string
	}{
		"the team":       {fields{}, ""},
		"a group":        {fields{"cluster.group": "oidc:checkout"}, ""},
		"no cluster":     {fields{"owner.team": "system:masters", "cluster": nil}, ""},
		"everybody":      {fields{"cluster.group": "system:authenticated"}, `ClusterReady InvalidSpec: spec.cluster.group: "system:authenticated"` + own},
		"a team by name": {fields{"owner.team": "system:masters"}, `ClusterReady InvalidSpec: spec.owner.team: "system:masters"` + own},
	}
	for reason, tc := range cases {
		equal(t, reason, tc.want, said(groupOfPeople(newWorld(t).with(tc.claim).parts())))
	}
}

func TestQuotaOfOthers(t *testing.T) {
	t.Parallel()
	some := fields{"pods": 5}
	cases := map[string]struct {
		claim fields
		want  string
	}{
		"ours":            {fields{"quota": some}, ""},
		"none":            {fields{"cluster.namespace": "orders"}, ""},
		"none, and alone": {fields{"cluster": nil}, ""},
		"of others": {fields{"quota": some, "cluster.namespace": "orders"},
			"ClusterReady InvalidQuota: spec.quota: namespace orders belongs to others, with its quota. Remove spec.quota"},
		"without a cluster": {fields{"quota": some, "cluster": nil}, "ClusterReady InvalidQuota: spec.quota: namespace team-checkout is where " +
			"workloads run without a spec.cluster, and has a quota of its own. Remove spec.quota, or add spec.cluster"},
	}
	for reason, tc := range cases {
		equal(t, reason, tc.want, said(quotaOfOthers(newWorld(t).with(tc.claim).parts())))
	}
}
