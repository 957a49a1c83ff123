package environment

import (
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

func allInVault() []string {
	return []string{nameDatabaseMount, nameJWTBackend, nameKVMount, nameVaultPolicy + "team"}
}

// allInVaultBefore is what an environment from before has.
func allInVaultBefore() []string {
	return []string{nameDatabaseMount, nameAuthBackend, nameAuthConfig, nameKVMount, nameVaultPolicy + "team"}
}

func TestOrderInVault(t *testing.T) {
	t.Parallel()
	w := newWorld(t).reviewed()
	w.asleep = []string{nameAuthBackend}
	first := []string{nameDatabaseMount, nameAuthBackend, nameKVMount, nameVaultPolicy + "team"}
	for range 2 {
		p := w.parts().plan
		equal(t, "before the auth mount is there", first, plannedInVault(p))
		w.apply(p)
	}
	w.asleep = nil
	w.apply(w.parts().plan)
	equal(t, "at the end", allInVaultBefore(), plannedInVault(w.settleParts()))
	set(w.observed[nameAuthBackend], "status", nil)
	equal(t, "an auth mount that is not ready any more takes nothing along", allInVaultBefore(), plannedInVault(w.parts().plan))
	equal(t, "a new environment", allInVault(), plannedInVault(newWorld(t).settleParts()))
}

func TestVaultResources(t *testing.T) {
	t.Parallel()
	const about = "Environment team-checkout/staging: "
	p := reviewedParts(t, fields{"vault.namespace": "platform"}).parts().plan
	for name, want := range map[string]fields{
		nameKVMount: {
			"namespace": "platform", "path": kvPath, "type": "kv", "options": fields{"version": "2"}, "description": about + "connections of services",
		},
		nameDatabaseMount: {"namespace": "platform", "path": databasePath, "type": "database", "description": about + "users of databases"},
		nameAuthBackend:   {"namespace": "platform", "path": authPath, "type": "kubernetes", "description": about + "service accounts"},
		nameAuthConfig: {
			"namespace": "platform", "backend": authPath, "kubernetesHost": endpointURL, "kubernetesCaCert": clusterCA, "disableLocalCaJwt": true,
		},
	} {
		equal(t, name, want, forProvider(p, name).Map())
		equal(t, name, fields{"name": "vault", "kind": "ClusterProviderConfig"}, wanted(p, name).At("spec", "providerConfigRef").Map())
		if got, want := holdsData(p, name), name == nameKVMount || name == nameDatabaseMount; got != want {
			t.Errorf("%s holds data: %v", name, got)
		}
	}
	equal(t, "status", &pipelinev1.Vault{
		ProviderConfigRef: &pipelinev1.ProviderConfigReference{Name: "vault"}, Namespace: "platform",
		KVMount: kvPath, DatabaseMount: databasePath, KubernetesAuthMount: authPath, Source: &pipelinev1.VaultSource{SecurityGroupID: "sg-0fa017"},
		DatabaseMountPerService: true, Auth: &pipelinev1.VaultAuth{Method: "Kubernetes", Mount: authPath},
	}, newWorld(t).reviewed().with(fields{"vault.namespace": "platform"}).parts().vaultStatus())
}

// The cluster that logins are reviewed by: what the claim says, what EKS says, and what was said before, in this order.
func TestAuthConfig(t *testing.T) {
	t.Parallel()
	const host, pem = "https://api.example.org", "-----BEGIN CERTIFICATE-----\nb3RoZXI=\n-----END CERTIFICATE-----"
	there, silent := func(*environment) {}, func(e *environment) { e.cluster = cluster{} }
	alone := fields{"vault.kubernetesHost": host, "vault.kubernetesCaCert": pem, "cluster": nil, "identities": nil}
	cases := map[string]struct {
		// claim and what EKS says at first, and later.
		claim, later fields
		at, now      func(*environment)
		want         []string
	}{
		"EKS":                   {at: there, now: there, want: []string{endpointURL, clusterCA}},
		"EKS is silent for now": {at: there, now: silent, want: []string{endpointURL, clusterCA}},
		"the claim":             {claim: fields{"vault.kubernetesHost": host, "vault.kubernetesCaCert": pem}, at: there, now: there, want: []string{host, pem + "\n"}},
		"another way to EKS":    {claim: fields{"vault.kubernetesHost": host}, at: there, now: there, want: []string{host, clusterCA}},
		"no EKS":                {claim: alone, at: silent, now: silent, want: []string{host, pem + "\n"}},
		"no EKS, and a certificate that everybody trusts now": {
			claim: alone, later: fields{"vault.kubernetesCaCert": nil}, at: silent, now: silent, want: []string{host, ""},
		},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).reviewed().with(tc.claim)
			w.settleParts(tc.at)
			if w.observed[nameAuthConfig] == nil {
				t.Fatal("there is no configuration")
			}
			got := forProvider(w.with(tc.later).parts(tc.now).plan, nameAuthConfig)
			equal(t, "configuration", tc.want, []string{got.String("kubernetesHost"), got.String("kubernetesCaCert")})
		})
	}
}

// Before EKS has said where it is there is nothing to configure, and the condition says what it waits for.
func TestAuthConfigWaitsForEKS(t *testing.T) {
	t.Parallel()
	silent := func(e *environment) { e.cluster = cluster{} }
	w := newWorld(t).reviewed()
	w.settleParts(silent)
	w.apply(w.parts(silent).plan)
	e := w.parts(silent)
	if !wanted(e.plan, nameAuthConfig).IsZero() {
		t.Error("there is a configuration without an address")
	}
	c := e.vaultReady()
	equal(t, "condition", conditions.Condition{
		Type: "VaultReady", Status: conditions.False, Reason: conditions.Blocked,
		Message: "waits for EKS to say where the API server of the workload cluster is",
	}, c)
}

// A path is decided once, and everything that names it follows.
func TestMountPaths(t *testing.T) {
	t.Parallel()
	theirs := fields{"vault.mounts": fields{"kv": "/kv/shared/", "database": "db", "kubernetesAuth": "k8s/"}}
	paths := func(w *world) []string {
		v := w.parts().vaultStatus()
		return []string{v.KVMount, v.DatabaseMount, v.Auth.Mount}
	}
	others := newWorld(t).with(theirs)
	equal(t, "of others", []string{"kv/shared", "db", "k8s"}, paths(others))
	equal(t, "nothing of others is composed", []string{nameVaultPolicy + "team"}, plannedInVault(others.settleParts()))

	w := readyParts(t, nil)
	for _, name := range []string{nameKVMount, nameDatabaseMount, nameJWTBackend} {
		set(w.observed[name], "spec.forProvider.path", "old-"+w.observed[name]["kind"].(string))
	}
	old := []string{"old-Mount", "old-Mount", "old-AuthBackend"}
	equal(t, "decided once", old, paths(w))
	equal(t, "decided once, whatever is said", old, paths(w.with(theirs)))
	p := w.parts().plan
	equal(t, "resources stay", allInVault(), plannedInVault(p))
	before := reviewedParts(t, nil)
	set(before.observed[nameAuthBackend], "spec.forProvider.path", "old-Backend")
	equal(t, "what names the mount follows", "old-Backend", forProvider(before.parts().plan, nameAuthConfig).String("backend"))

	forged := newWorld(t)
	forged.xr["status"] = fields{"vault": fields{"kvMount": "secret", "databaseMount": "secret", "kubernetesAuthMount": "kubernetes"}}
	equal(t, "a status that somebody wrote says nothing", []string{kvPath, databasePath, jwtPath}, paths(forged))
}

// Nobody's mount is at the path of another, however the names are put together.
func TestMountPathsDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range [][3]string{{"1", "a-b", "c"}, {"2", "a", "b-c"}, {"3", "a", "b-c-kv"}} {
		w := newWorld(t)
		e := w.parts()
		e.in.Subject.UID, e.in.Subject.Namespace, e.in.Subject.Name = s[0], s[1], s[2]
		for _, m := range e.mounts() {
			if seen[m.path] || len(m.path) > 63 || !m.own {
				t.Errorf("%v: %+v", s, m)
			}
			seen[m.path] = true
		}
	}
}

// While an environment is protected what is in Vault stays there.
func TestMountsStayWhileProtected(t *testing.T) {
	t.Parallel()
	keeps := []string{"Observe", "Create", "Update", "LateInitialize"}
	for _, name := range []string{nameKVMount, nameDatabaseMount} {
		equal(t, name, []string(nil), policies(wanted(newWorld(t).parts().plan, name)))
		equal(t, name, keeps, policies(wanted(newWorld(t).with(fields{"deletionProtection": true}).parts().plan, name)))
	}
}

// Without spec.vault everything in it goes, each with a reason. The mounts hold data, so that the kernel asks first.
func TestVaultTakenAway(t *testing.T) {
	t.Parallel()
	w := reviewedParts(t, nil)
	set(w.xr, "spec.vault", nil)
	e := w.parts()
	equal(t, "resources", []string(nil), plannedInVault(e.plan))
	var want []string
	for _, name := range append([]string{nameTokenReview}, allInVaultBefore()...) {
		want = append(want, name+": SpecChanged")
	}
	equal(t, "drops", want, drops(e.plan))
	if e.vaultStatus() != nil {
		t.Error("services are told of a Vault that is not there")
	}
}

func TestVaultReady(t *testing.T) {
	t.Parallel()
	const (
		entries = "entries are in " + kvPath + ", users of databases in " + databasePath + ", service accounts log in at "
		people  = ". Policy " + policyName + " is for the people of the team"
		token   = ". A workload logs in with a token for audience vault: a projected volume with a serviceAccountToken for it"
		known   = entries + jwtPath + people + token
		before  = entries + authPath + people
	)
	cases := map[string]struct {
		claim  fields
		before bool
		change func(*world)
		want   conditions.Condition
	}{
		"everything is there": {want: conditions.Condition{Status: conditions.True, Reason: conditions.Available, Message: known}},
		"no Vault": {claim: fields{"vault": nil}, want: conditions.Condition{
			Status: conditions.True, Reason: conditions.NotUsed, Message: "spec.vault is not set: the credentials of services are static",
		}},
		"no source: only databases need one": {claim: fields{"vault.source": nil}, want: conditions.Condition{
			Status: conditions.True, Reason: conditions.Available,
			Message: known + ". Databases cannot admit Vault: set securityGroupId or cidr of spec.vault.source",
		}},
		"no cluster: somebody else has to bind": {
			claim: fields{"cluster": nil, "identities": nil, "vault.kubernetesHost": "https://api.example.org"},
			want: conditions.Condition{Status: conditions.True, Reason: conditions.Available, Message: known + ". There is no spec.cluster, so bind " +
				"ClusterRole system:service-account-issuer-discovery to the group system:unauthenticated yourself: without it Vault does not read " +
				"the keys of tokens, and nobody logs in"},
		},
		"from before, no cluster: somebody else has to bind": {
			claim: fields{"cluster": nil, "identities": nil, "vault.kubernetesHost": "https://api.example.org"}, before: true,
			want: conditions.Condition{Status: conditions.True, Reason: conditions.Available, Message: before + ". There is no spec.cluster, so bind " +
				"ClusterRole system:auth-delegator to the group system:serviceaccounts:team-checkout yourself: without it nobody logs in"},
		},
		"a mount that fails": {change: func(w *world) {
			set(w.observed[nameKVMount], "status.conditions", []any{fields{"type": "Synced", "status": "False", "message": "path is already in use"}})
		}, want: conditions.Condition{Status: conditions.False, Reason: conditions.Failing, Message: "Mount "}},
		"a mount that is going": {change: func(w *world) {
			set(w.observed[nameDatabaseMount], "metadata.deletionTimestamp", "2026-03-01T12:00:00Z")
		}, want: conditions.Condition{Status: conditions.False, Reason: conditions.Deleting, Message: "Mount "}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyParts(t, tc.claim)
			if tc.before {
				w = reviewedParts(t, tc.claim)
			}
			if tc.change != nil {
				tc.change(w)
			}
			got := w.parts().vaultReady()
			tc.want.Type = "VaultReady"
			if tc.want.Status == conditions.False && strings.HasPrefix(got.Message, tc.want.Message) {
				tc.want.Message = got.Message
			}
			equal(t, "condition", tc.want, got)
		})
	}
}
