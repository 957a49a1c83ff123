package environment

import (
	"fmt"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	vaultmr "github.com/goldenpath-dev/goldenpath/functions/internal/managed/vault"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// keysPath is where an API server has the keys that it signs tokens with.
// https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery
const keysPath = "/openid/v1/jwks"

// vaultAuth is where service accounts log in.
func (e *environment) vaultAuth() {
	auth := e.authMount()
	switch {
	case !auth.own:
	case e.authMethod() == pipelinev1.AuthJWT:
		e.jwtAuth(auth)
	default:
		addVault(e, auth.resource, &vaultmr.AuthBackend{
			Namespace: e.claim.vault.Namespace, Type: "kubernetes", Path: auth.path, Description: e.describe("service accounts"),
		})
		e.authConfig(auth.path)
	}
}

// authMethod is decided once, by what is composed: workloads log in as the method wants it. New environments get JWT. There Vault verifies
// a token by itself, so that nobody in the workload cluster needs the right to review tokens, and asks whom the token is for.
func (e *environment) authMethod() pipelinev1.VaultAuthMethod {
	mounts := e.claim.vault.Mounts
	switch {
	case e.observes(nameJWTBackend):
		return pipelinev1.AuthJWT
	case e.observes(nameAuthBackend), e.observes(nameAuthConfig), mounts.KubernetesAuth != "":
		return pipelinev1.AuthKubernetes
	}
	return pipelinev1.AuthJWT
}

func (e *environment) authMount() mount {
	mounts := e.claim.vault.Mounts
	if e.authMethod() == pipelinev1.AuthJWT {
		return e.mount(nameJWTBackend, "jwtAuth", mounts.JWTAuth, "jwt")
	}
	return e.mount(nameAuthBackend, "kubernetesAuth", mounts.KubernetesAuth, "kubernetes")
}

// login is how and where service accounts log in. A Kubernetes auth mount that workloads log in at already takes tokens for anybody,
// unless the claim says otherwise.
func (e *environment) login() pipelinev1.VaultAuth {
	login := pipelinev1.VaultAuth{Method: e.authMethod(), Mount: e.authMount().path, Audience: e.claim.vault.Audience}
	if login.Method == pipelinev1.AuthJWT {
		login.Audience = first(login.Audience, wiring.VaultAudience)
	}
	return login
}

// ownAuth says that service accounts log in at an auth mount of ours.
func (e *environment) ownAuth() bool { return e.claim.vault != nil && e.authMount().own }

// reviews says that Vault asks the API server about tokens, at an auth mount of ours from before.
func (e *environment) reviews() bool {
	return e.ownAuth() && e.authMethod() == pipelinev1.AuthKubernetes
}

// jwtAuth trusts the issuer of the cluster. Vault takes the keys from the issuer or, where it does not reach that, from the API server.
// https://developer.hashicorp.com/vault/docs/auth/jwt/oidc-providers/kubernetes
// https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
func (e *environment) jwtAuth(auth mount) {
	v := e.claim.vault
	composed := e.in.Observed.Get(nameJWTBackend).At("spec", "forProvider")
	params := &vaultmr.JWTAuthBackend{
		Namespace: v.Namespace, Type: "jwt", Path: auth.path, Description: e.describe("service accounts"),
		BoundIssuer: first(v.Issuer, e.cluster.issuer, composed.String("boundIssuer")),
	}
	if v.KubernetesHost != "" {
		params.JWKSURL, params.JWKSCAPEM = v.KubernetesHost+keysPath, first(certificates(v.KubernetesCACert), e.cluster.ca)
		if e.eksCluster() != nil {
			params.JWKSCAPEM = first(params.JWKSCAPEM, certificates(composed.String("jwksCaPem")))
		}
	} else {
		params.OIDCDiscoveryURL = params.BoundIssuer
	}
	switch {
	case e.observes(nameJWTBackend):
	case params.JWKSURL+params.OIDCDiscoveryURL == "", e.eksCluster() != nil && params.BoundIssuer == "",
		// Vault looks for the keys when it is told of them.
		e.readsKeys() && e.claim.cluster != nil && !health.Of(e.in.Observed.Get(nameTokenKeys)).Ready:
		return
	}
	addVault(e, nameJWTBackend, params)
}

// readsKeys says that Vault takes the keys of tokens from the API server.
func (e *environment) readsKeys() bool {
	return e.ownAuth() && e.authMethod() == pipelinev1.AuthJWT && e.claim.vault.KubernetesHost != ""
}

// tokenKeys lets everybody read the public keys that the cluster signs tokens with: Vault has no account there. They are no secret.
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles
func (e *environment) tokenKeys() {
	if !e.readsKeys() {
		if e.observes(nameTokenKeys) {
			e.plan.Drop(nameTokenKeys, pipelinev1.DropSpecChanged, "Vault takes the keys of tokens from the issuer, or from nobody, now")
		}
		return
	}
	name := first(e.observedManifest(nameTokenKeys).String("metadata", "name"),
		naming.Unique(e.qualified(), "token-keys", "", naming.LimitKubernetes))
	f := clusterManifest("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", name)
	bind(f, "system:service-account-issuer-discovery", people("system:unauthenticated"))
	e.inNamespace(nameTokenKeys, f.Done())
}

// authConfig tells a Kubernetes auth mount from before which cluster it trusts, once that is known. Vault reviews a login with the token of
// the login: see tokenReview.
// https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#configure-method
func (e *environment) authConfig(backend string) {
	v := e.claim.vault
	composed := e.in.Observed.Get(nameAuthConfig).At("spec", "forProvider")
	host := first(v.KubernetesHost, e.cluster.endpoint, composed.String("kubernetesHost"))
	ca := first(certificates(v.KubernetesCACert), e.cluster.ca)
	if e.claim.cluster != nil && e.claim.cluster.EKS != nil {
		// What EKS does not say at the moment stays what it was. Earlier versions left it in base64.
		ca = first(ca, certificates(composed.String("kubernetesCaCert")))
	}
	if host == "" || (!e.observes(nameAuthConfig) && !health.Of(e.in.Observed.Get(nameAuthBackend)).Ready) {
		return
	}
	addVault(e, nameAuthConfig, &vaultmr.KubernetesAuthConfig{
		Namespace: v.Namespace, Backend: backend, KubernetesHost: host, KubernetesCACert: ca, DisableLocalCAJWT: ptr(true),
	})
}

// issuerUsed refuses an issuer that nobody would ask: workloads log in as they did when the environment was made.
func issuerUsed(e *environment) *plan.Refusal {
	if e.claim.vault == nil || e.claim.vault.Issuer == "" || (e.authMethod() == pipelinev1.AuthJWT && e.ownAuth()) {
		return nil
	}
	return plan.Refuse(v1.ConditionVaultReady, conditions.InvalidSpec, fmt.Sprintf(
		"spec.vault.issuer: service accounts log in at %s, which was there before and does not ask this issuer. Remove the field, or create "+
			"another Environment", e.authMount().path))
}
