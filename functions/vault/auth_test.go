package vault

import (
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

func jwt(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.env.Vault.KubernetesAuthMount = ""
	w.env.Vault.Auth = &pipelinev1.VaultAuth{Method: pipelinev1.AuthJWT, Mount: "staging-jwt", Audience: "vault"}
	return w
}

// A token has to be for Vault, of the workload namespace, and of an account of the level.
func TestJWTRole(t *testing.T) {
	t.Parallel()
	want := fields{
		"namespace": "platform", "backend": "staging-jwt", "roleName": writerName, "roleType": "jwt", "userClaim": "sub",
		"boundAudiences": []any{"vault"},
		"boundClaims": fields{
			"sub": "system:serviceaccount:checkout-staging:orders-api,system:serviceaccount:checkout-staging:orders-batch",
		},
		"tokenPolicies": []any{writerName}, "tokenTtl": 3600.0, "tokenMaxTtl": 86400.0,
	}
	w := jwt(t)
	p := w.settle()
	equal(t, "role", want, params(p, "vault-jwt-writer"))
	equal(t, "kind", "jwt.vault.m.upbound.io/v1alpha1 AuthBackendRole", wanted(p, "vault-jwt-writer").APIVersion()+" "+wanted(p, "vault-jwt-writer").Kind())
	equal(t, "status", fields{"method": "JWT", "mount": "staging-jwt", "audience": "vault"}, p.Status.Done().At("vault", "auth").Map())
	for _, name := range levels("vault-auth-") {
		if !wanted(p, name).IsZero() {
			t.Errorf("%s is there too", name)
		}
	}
	w.env.Vault.Auth.Audience, w.env.WorkloadNamespace = "", ""
	equal(t, "a status that lost the audience and the namespace", want, params(w.compose(), "vault-jwt-writer"))
	w.env.Vault.Auth = nil
	equal(t, "a status that lost the method", want, params(w.compose(), "vault-jwt-writer"))
	if p := w.compose(); len(p.Drops) > 0 {
		t.Errorf("drops %v", drops(p))
	}
}

func TestKubernetesRoleAsksForAnAudience(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	if _, asks := params(w.compose(), "vault-auth-reader")["audience"]; asks {
		t.Error("a mount from before asks for an audience that workloads' tokens are not for")
	}
	w.env.Vault.Auth = &pipelinev1.VaultAuth{Method: pipelinev1.AuthKubernetes, Mount: "staging-k8s", Audience: "orders"}
	equal(t, "audience", any("orders"), params(w.compose(), "vault-auth-reader")["audience"])
	w.env.Vault.Auth, w.env.Vault.KubernetesAuthMount = nil, ""
	equal(t, "a status that lost the mount", any("staging-k8s"), params(w.compose(), "vault-auth-reader")["backend"])
}

// Another method is other roles, and those of the one before go.
func TestAuthMethodChanges(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.env.Vault.Auth = &pipelinev1.VaultAuth{Method: pipelinev1.AuthJWT, Mount: "staging-jwt", Audience: "vault"}
	p := w.step()
	equal(t, "drops", []string{"vault-auth-reader: EnvironmentChanged", "vault-auth-writer: EnvironmentChanged"}, drops(p))
	equal(t, "their names stay", []any{readerName, writerName}, []any{params(p, "vault-jwt-reader")["roleName"], params(p, "vault-jwt-writer")["roleName"]})
}
