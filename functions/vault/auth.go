package vault

import (
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	vaultmr "github.com/goldenpath-dev/goldenpath/functions/internal/managed/vault"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// account begins the subject of a service account's token, before its namespace and its name.
// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
const account = "system:serviceaccount:"

// auth is how and where service accounts log in. What a status has lost is what is composed.
func (s *service) auth() pipelinev1.VaultAuth {
	login := s.env.Vault.Login()
	if login.Mount != "" {
		return login
	}
	if names := s.in.Observed.Names(wiring.VaultJWTRole); len(names) > 0 {
		composed := s.in.Observed.Get(names[0]).At("spec", "forProvider")
		login = pipelinev1.VaultAuth{Method: pipelinev1.AuthJWT, Mount: composed.String("backend")}
		for _, audience := range composed.Strings("boundAudiences") {
			login.Audience = audience
		}
		return login
	}
	if names := s.in.Observed.Names(wiring.VaultAuthRole); len(names) > 0 {
		composed := s.in.Observed.Get(names[0]).At("spec", "forProvider")
		return pipelinev1.VaultAuth{
			Method: pipelinev1.AuthKubernetes, Mount: composed.String("backend"), Audience: composed.String("audience"),
		}
	}
	return login
}

// authRole binds the policy to the service accounts of the level, in the workload namespace and nowhere else.
func (s *service) authRole(role string) {
	login := s.auth()
	switch {
	case login.Mount == "":
		return
	case login.Method == pipelinev1.AuthJWT:
		s.jwtRole(role, login)
	default:
		s.kubernetesRole(role, login)
	}
}

func (s *service) kubernetesRole(role string, login pipelinev1.VaultAuth) {
	add(s, wiring.VaultAuthRole+role, &vaultmr.KubernetesAuthRole{
		Namespace:                     s.env.Vault.Namespace,
		Backend:                       login.Mount,
		RoleName:                      wiring.AuthRoleName(s.in, role),
		BoundServiceAccountNames:      wiring.Accounts(s.wiring.Access, role),
		BoundServiceAccountNamespaces: []string{s.workloadNamespace()},
		Audience:                      login.Audience,
		TokenPolicies:                 []string{wiring.PolicyName(s.in, role)},
		TokenTTL:                      ptr[int64](tokenTTL),
		TokenMaxTTL:                   ptr[int64](tokenMaxTTL),
	})
}

// jwtRole admits tokens by their subject: Vault asks nobody, so that nobody needs the right to review tokens. Whoever is not in the
// list, or has a token for something else, is refused.
// https://developer.hashicorp.com/vault/docs/auth/jwt/oidc-providers/kubernetes
// https://developer.hashicorp.com/vault/api-docs/auth/jwt#create-update-role
func (s *service) jwtRole(role string, login pipelinev1.VaultAuth) {
	accounts := wiring.Accounts(s.wiring.Access, role)
	subjects := make([]string, 0, len(accounts))
	for _, name := range accounts {
		subjects = append(subjects, account+s.workloadNamespace()+":"+name)
	}
	audience := login.Audience
	if audience == "" {
		audience = wiring.VaultAudience
	}
	add(s, wiring.VaultJWTRole+role, &vaultmr.JWTAuthRole{
		Namespace:      s.env.Vault.Namespace,
		Backend:        login.Mount,
		RoleName:       wiring.AuthRoleName(s.in, role),
		RoleType:       "jwt",
		UserClaim:      "sub",
		BoundAudiences: []string{audience},
		// The names of namespaces and service accounts have no commas.
		BoundClaims:   map[string]string{"sub": strings.Join(subjects, ",")},
		TokenPolicies: []string{wiring.PolicyName(s.in, role)},
		TokenTTL:      ptr[int64](tokenTTL),
		TokenMaxTTL:   ptr[int64](tokenMaxTTL),
	})
}

// workloadNamespace defaults to the claim's own. One that the Environment has lost since stays.
func (s *service) workloadNamespace() string {
	if ns := s.env.WorkloadNamespace; ns != "" {
		return ns
	}
	for _, name := range s.in.Observed.Names(wiring.VaultAuthRole) {
		for _, ns := range s.in.Observed.Get(name).Strings("spec", "forProvider", "boundServiceAccountNamespaces") {
			return ns
		}
	}
	for _, name := range s.in.Observed.Names(wiring.VaultJWTRole) {
		subject := s.in.Observed.Get(name).String("spec", "forProvider", "boundClaims", "sub")
		if ns, _, found := strings.Cut(strings.TrimPrefix(subject, account), ":"); found {
			return ns
		}
	}
	return s.in.Subject.Namespace
}

// otherAuthRole is the prefix of the auth roles of the method that is not in use. Empty while nobody knows which one is.
func (s *service) otherAuthRole() string {
	switch login := s.auth(); {
	case login.Mount == "":
		return ""
	case login.Method == pipelinev1.AuthJWT:
		return wiring.VaultAuthRole
	default:
		return wiring.VaultJWTRole
	}
}
