package environment

import (
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// A new environment trusts the issuer of its cluster. Nobody in the cluster may review tokens for it.
func TestJWTAuth(t *testing.T) {
	t.Parallel()
	const (
		host, issuer = "https://api.example.org", "https://issuer.example.org"
		about        = "Environment team-checkout/staging: service accounts"
	)
	there, silent := func(*environment) {}, func(e *environment) { e.cluster = cluster{} }
	alone := func(more fields) fields {
		claim := fields{"cluster.eks": nil, "identities": nil}
		for k, v := range more {
			claim[k] = v
		}
		return claim
	}
	cases := map[string]struct {
		claim, want fields
		now         func(*environment)
	}{
		"EKS":                   {nil, fields{"oidcDiscoveryUrl": issuerURL, "boundIssuer": issuerURL}, there},
		"EKS is silent for now": {nil, fields{"oidcDiscoveryUrl": issuerURL, "boundIssuer": issuerURL}, silent},
		"no EKS":                {alone(fields{"vault.issuer": issuer}), fields{"oidcDiscoveryUrl": issuer, "boundIssuer": issuer}, there},
		"EKS, and a Vault that does not reach its issuer": {fields{"vault.kubernetesHost": host},
			fields{"jwksUrl": host + "/openid/v1/jwks", "jwksCaPem": clusterCA, "boundIssuer": issuerURL}, there},
		"EKS, and a Vault that does not reach its issuer, silent for now": {fields{"vault.kubernetesHost": host},
			fields{"jwksUrl": host + "/openid/v1/jwks", "jwksCaPem": clusterCA, "boundIssuer": issuerURL}, silent},
		"no EKS and no issuer": {alone(fields{"vault.kubernetesHost": host, "vault.kubernetesCaCert": clusterCA}),
			fields{"jwksUrl": host + "/openid/v1/jwks", "jwksCaPem": clusterCA}, silent},
		"with a certificate that everybody trusts": {alone(fields{"vault.kubernetesHost": host}), fields{"jwksUrl": host + "/openid/v1/jwks"}, silent},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(tc.claim)
			w.settleParts(func(e *environment) {
				if e.eksCluster() == nil {
					e.cluster = cluster{}
				}
			})
			if w.observed[nameJWTBackend] == nil {
				t.Fatal("there is no auth mount")
			}
			e := w.parts(tc.now)
			tc.want["type"], tc.want["path"], tc.want["description"] = "jwt", jwtPath, about
			equal(t, "auth mount", tc.want, forProvider(e.plan, nameJWTBackend).Map())
			equal(t, "login", pipelinev1.VaultAuth{Method: "JWT", Mount: jwtPath, Audience: "vault"}, e.login())
			for _, name := range []string{nameTokenReview, nameAuthBackend, nameAuthConfig} {
				if !wanted(e.plan, name).IsZero() {
					t.Errorf("%s is there too", name)
				}
			}
		})
	}
}

// Vault looks for the keys when it is told of them, so they can be read before.
func TestKeysOfTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"vault.kubernetesHost": "https://api.example.org"})
	w.asleep = []string{nameTokenKeys}
	w.settleParts()
	e := w.parts()
	equal(t, "binding", []string{"ClusterRoleBinding", keysName, "", "system:service-account-issuer-discovery", "system:unauthenticated"},
		binding(t, e.plan, nameTokenKeys))
	if !wanted(e.plan, nameJWTBackend).IsZero() {
		t.Error("Vault is told of keys that it cannot read yet")
	}
	equal(t, "words", "waits for the workload cluster to let Vault read the keys of its tokens", e.vaultReady().Message)
	w.asleep = nil
	w.apply(w.parts().plan)
	if p := w.settleParts(); wanted(p, nameJWTBackend).IsZero() {
		t.Error("there is no auth mount")
	}
	w.asleep = []string{nameTokenKeys}
	set(w.observed[nameTokenKeys], "status", nil)
	if p := w.parts().plan; wanted(p, nameJWTBackend).IsZero() {
		t.Error("a binding that is not ready any more takes the auth mount along")
	}
	equal(t, "drops", []string{nameTokenKeys + ": SpecChanged"}, drops(w.with(fields{"vault.kubernetesHost": nil}).parts().plan))
}

func TestJWTAuthWaitsForEKS(t *testing.T) {
	t.Parallel()
	silent := func(e *environment) { e.cluster = cluster{} }
	w := newWorld(t)
	w.settleParts(silent)
	e := w.parts(silent)
	if !wanted(e.plan, nameJWTBackend).IsZero() {
		t.Error("there is an auth mount without an issuer")
	}
	equal(t, "condition", conditions.Condition{
		Type: "VaultReady", Status: conditions.False, Reason: conditions.Blocked,
		Message: "waits for EKS to say who issues the tokens of the workload cluster",
	}, e.vaultReady())
}

// How service accounts log in is decided once: workloads do it in one way.
func TestLoginStays(t *testing.T) {
	t.Parallel()
	const host = "https://api.example.org"
	audience := fields{"vault.audience": "orders"}
	cases := map[string]struct {
		world func(*testing.T, fields) *world
		claim fields
		want  pipelinev1.VaultAuth
	}{
		"new":                           {readyParts, nil, pipelinev1.VaultAuth{Method: "JWT", Mount: jwtPath, Audience: "vault"}},
		"with an audience":              {readyParts, audience, pipelinev1.VaultAuth{Method: "JWT", Mount: jwtPath, Audience: "orders"}},
		"from before":                   {reviewedParts, nil, pipelinev1.VaultAuth{Method: "Kubernetes", Mount: authPath}},
		"from before, with an audience": {reviewedParts, audience, pipelinev1.VaultAuth{Method: "Kubernetes", Mount: authPath, Audience: "orders"}},
		"from before, told where the API server is": {reviewedParts, fields{"vault.kubernetesHost": host}, pipelinev1.VaultAuth{Method: "Kubernetes", Mount: authPath}},
		"at a mount of others":                      {readyParts, fields{"vault.mounts.kubernetesAuth": "k8s"}, pipelinev1.VaultAuth{Method: "Kubernetes", Mount: "k8s"}},
		"at a JWT mount of others": {
			readyParts, fields{"vault.mounts.jwtAuth": "/jwt/"}, pipelinev1.VaultAuth{Method: "JWT", Mount: "jwt", Audience: "vault"},
		},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := tc.world(t, tc.claim)
			equal(t, "login", tc.want, w.parts().login())
			mount := w.parts().vaultStatus().KubernetesAuthMount
			if (mount != "") != (tc.want.Method == "Kubernetes") {
				t.Errorf("kubernetesAuthMount: %q", mount)
			}
			if p := w.parts().plan; len(p.Drops) > 0 {
				t.Errorf("drops %v", drops(p))
			}
		})
	}
}

// What nobody would look at is refused.
func TestAuthFieldsThatSayNothing(t *testing.T) {
	t.Parallel()
	const issuer = "https://issuer.example.org"
	cases := map[string]struct {
		world func(*testing.T, fields) *world
		later fields
		want  string
	}{
		"an issuer for an environment from before": {reviewedParts, fields{"vault.issuer": issuer},
			"VaultReady InvalidSpec: spec.vault.issuer: service accounts log in at " + authPath + ", which was there before and does not ask this " +
				"issuer. Remove the field, or create another Environment"},
		"a certificate of nobody": {readyParts, fields{"vault.kubernetesCaCert": clusterCA},
			"VaultReady InvalidSpec: spec.vault.kubernetesCaCert: Vault takes the keys of tokens from the issuer, and not from the API server that " +
				"this certificate is of. Remove the field, or write spec.vault.kubernetesHost too"},
		"a certificate for an environment from before": {reviewedParts, fields{"vault.kubernetesCaCert": clusterCA}, ""},
		"an issuer": {readyParts, fields{"vault.issuer": issuer}, ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			e := tc.world(t, nil).with(tc.later).parts()
			refusal := issuerUsed(e)
			if refusal == nil {
				refusal = vaultCertificate(e)
			}
			equal(t, "refusal", tc.want, said(refusal))
		})
	}
}

// Whom Vault trusts, and whom it calls for it, is the platform team's to allow.
func TestIssuerNeedsARule(t *testing.T) {
	t.Parallel()
	const issuer = "https://issuer.example.org"
	e := newWorld(t).with(fields{"vault.issuer": issuer}).parts()
	for _, f := range e.foreignVault() {
		if f.Value == issuer {
			return
		}
	}
	t.Error("an issuer may be named without a rule")
}
