package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/identity"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/servers"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/translate"
)

// identities logs workloads in to Vault with tokens of service accounts: each of its level, and nobody else.
func (s *service) identities(ctx context.Context) error {
	stranger, err := identity.New()
	if err != nil {
		return err
	}
	words := wordsOf(s.method())
	for _, level := range levels() {
		role := s.of("vault-" + s.method() + "-" + level)
		namespace, account := s.bound(level)
		if account == "" {
			continue
		}
		loginFor := func(issuer *identity.Issuer, namespace, account string, audiences ...string) (*servers.Answer, error) {
			token, err := issuer.Token(namespace, account, audiences...)
			if err != nil {
				return nil, err
			}
			return s.root.As("").Do(ctx, http.MethodPost, "auth/"+s.authMount()+"/login",
				map[string]any{"role": translate.Text(role, "spec", "forProvider", "roleName"), "jwt": token})
		}
		login := func(issuer *identity.Issuer, namespace, account string) (*servers.Answer, error) {
			return loginFor(issuer, namespace, account, s.audiences()...)
		}
		who := func(namespace, account string) string { return "service account " + namespace + "/" + account }
		what := "log in as the " + level
		answer, err := login(s.issuer, namespace, account)
		s.Can(who(namespace, account), what, err)
		if err != nil {
			return err
		}
		s.Is("what its token has beside the policy default", s.param("vault-policy-"+level, "name"),
			strings.Join(slices.DeleteFunc(answer.Auth.Policies, func(p string) bool { return p == "default" }), " "))
		s.tokens[level] = s.root.As(answer.Auth.ClientToken)
		for _, other := range []string{"orders-stranger", account + "x", "default"} {
			_, err = login(s.issuer, namespace, other)
			s.Cannot(who(namespace, other), what, err, words.account)
		}
		for _, next := range levels() {
			if _, other := s.bound(next); next != level && other != "" {
				_, err = login(s.issuer, namespace, other)
				s.Cannot(who(namespace, other), what, err, words.account)
			}
		}
		for _, other := range []string{"default", namespace + "-2"} {
			_, err = login(s.issuer, other, account)
			s.Cannot(who(other, account), what, err, words.namespace)
		}
		if s.method() == "jwt" {
			for _, audience := range []string{"sts.amazonaws.com", "https://kubernetes.default.svc", "vault2"} {
				_, err = loginFor(s.issuer, namespace, account, audience)
				s.Cannot(who(namespace, account)+" with a token for "+audience, what, err, "audience claim does not match")
			}
			_, err = loginFor(s.issuer, namespace, account)
			s.Cannot(who(namespace, account)+" with a token for nobody", what, err, "audience")
		}
		_, err = login(stranger, namespace, account)
		s.Cannot(who(namespace, account)+" of another cluster", what, err, words.stranger...)
	}
	return nil
}

// refusals are Vault's words for logins.
type refusals struct {
	account, namespace string
	stranger           []string
}

func wordsOf(method string) refusals {
	if method == "jwt" {
		const claim = "does not match any associated bound claim values"
		return refusals{claim, claim, []string{"no known key successfully validated the token signature", "failed to verify id token signature"}}
	}
	return refusals{
		"service account name not authorized", "namespace not authorized", []string{"permission denied", "signed by somebody else"},
	}
}

// bound are the namespace and the first account that the auth role of a level admits. Empty when there is none.
func (s *service) bound(level string) (namespace, account string) {
	p := translate.At(s.of("vault-"+s.method()+"-"+level), "spec", "forProvider")
	if subject, _, _ := strings.Cut(translate.Text(p, "boundClaims", "sub"), ","); subject != "" {
		parts := strings.Split(subject, ":")
		return parts[len(parts)-2], parts[len(parts)-1]
	}
	accounts, _ := translate.At(p, "boundServiceAccountNames").([]any)
	namespaces, _ := translate.At(p, "boundServiceAccountNamespaces").([]any)
	if len(accounts) == 0 || len(namespaces) == 0 {
		return "", ""
	}
	return fmt.Sprint(namespaces[0]), fmt.Sprint(accounts[0])
}

// audiences are whom the tokens of the service's workloads are for.
func (s *service) audiences() []string {
	for _, level := range levels() {
		if all, _ := translate.At(s.of("vault-jwt-"+level), "spec", "forProvider", "boundAudiences").([]any); len(all) > 0 {
			return []string{fmt.Sprint(all[0])}
		}
	}
	return nil
}

// policies admits each level to its own paths and to no others.
func (s *service) policies(ctx context.Context, w *world) {
	entry := strings.TrimSuffix(s.path, "/"+s.path[strings.LastIndex(s.path, "/")+1:])
	mount, _, _ := strings.Cut(s.path, "/")
	database := "static-db"
	if backend := s.param("vault-connection", "backend"); backend != "" {
		database = backend
	}
	metadata := strings.Replace(s.path, "/data/", "/metadata/", 1)
	for _, level := range levels() {
		vault := s.tokens[level]
		if vault == nil {
			continue
		}
		who := level + "'s workload"
		_, err := vault.Do(ctx, http.MethodGet, s.path, nil)
		s.Can(who, "read "+s.path, err)
		attempts := [][2]string{
			{http.MethodPost, s.path}, {http.MethodDelete, s.path},
			{"LIST", metadata}, {http.MethodGet, metadata}, {http.MethodDelete, metadata},
			{http.MethodGet, s.path + "-2"}, {http.MethodGet, s.path + "/below"}, {http.MethodGet, entry}, {http.MethodGet, entry + "/neighbour"},
			{"LIST", mount + "/metadata"}, {http.MethodGet, strings.Replace(s.path, "/data/team-", "/data/other-", 1)},
			{http.MethodGet, database + "/creds/other-app-" + level}, {"LIST", database + "/roles"}, {"LIST", database + "/config"},
			{http.MethodGet, "sys/policies/acl/root"}, {"LIST", "sys/policies/acl"}, {http.MethodGet, "sys/mounts"},
			{"LIST", "auth/" + s.authMount() + "/role"}, {http.MethodPost, "auth/token/create-orphan"},
			{http.MethodPost, "sys/policies/acl/" + s.param("vault-policy-"+level, "name")},
		}
		if s.has(level) {
			_, err = vault.Do(ctx, http.MethodGet, s.creds(level), nil)
			s.Can(who, "read "+s.creds(level), err)
			connection := database + "/config/" + s.param("vault-connection", "name")
			role := database + "/roles/" + s.param("vault-role-"+level, "name")
			attempts = append(attempts, [2]string{http.MethodGet, s.creds(level) + "-2"}, [2]string{http.MethodGet, connection},
				[2]string{http.MethodPost, connection}, [2]string{http.MethodGet, role}, [2]string{http.MethodPost, role},
				[2]string{http.MethodPost, strings.Replace(connection, "/config/", "/rotate-root/", 1)})
			for _, other := range levels() {
				if other != level {
					attempts = append(attempts, [2]string{http.MethodGet, s.creds(other)})
				}
			}
		}
		for _, path := range w.neighbours {
			if path != s.path {
				attempts = append(attempts, [2]string{http.MethodGet, path})
			}
		}
		for _, attempt := range attempts {
			_, err := vault.Do(ctx, attempt[0], attempt[1], map[string]any{})
			s.Cannot(who, attempt[0]+" "+attempt[1], err, "permission denied")
		}
	}
	w.neighbours = append(w.neighbours, s.path)
	for _, level := range levels() {
		if s.has(level) {
			w.neighbours = append(w.neighbours, s.creds(level))
		}
	}
}

// transport is about TLS: between workloads and the server, and between Vault and the server.
func (s *service) transport(ctx context.Context, w *world) error {
	u, err := s.issue(ctx, "reader")
	if err != nil {
		return err
	}
	_, err = s.db.Open(ctx, servers.Login{User: u.name, Password: u.password, Database: s.login.Database, Plain: true})
	s.Cannot(u.String(), "log in without TLS", err, "no encryption", "insecure transport", "SSL", "access denied")

	composed, err := translate.Requests(s.objects, translate.Local{Address: s.db.Address(), Password: s.login.Password})
	if err != nil {
		return err
	}
	body := map[string]any{}
	for _, r := range composed {
		if strings.Contains(r.Path, "/config/") {
			body = r.Body
		}
	}
	address, _ := body["connection_url"].(string)
	verifying := strings.NewReplacer("sslmode=require", "sslmode=verify-full", "tls=skip-verify", "tls=true").Replace(address)
	tried := 0
	try := func(address, ca string) error {
		// Vault keeps the tls_ca of a connection that is written again without one.
		tried++
		path := fmt.Sprintf("%s/config/e2e-transport-%d", s.param("vault-connection", "backend"), tried)
		request := map[string]any{"connection_url": address, "allowed_roles": []string{}}
		for _, field := range []string{"plugin_name", "username", "password"} {
			request[field] = body[field]
		}
		if ca != "" {
			request["tls_ca"] = ca
		}
		_, err := s.root.Do(ctx, http.MethodPost, path, request)
		return err
	}
	elsewhere, err := translate.Relocate(verifying, strings.Replace(s.db.Address(), "127.0.0.1", "localhost", 1))
	if err != nil {
		return err
	}
	plain := strings.NewReplacer("sslmode=verify-full", "sslmode=disable", "tls=true", "tls=false").Replace(verifying)
	s.Can("Vault", "log in and verify the server by its CA: "+verifying, try(verifying, string(w.certificate.CA)))
	const unverified = "x509: certificate"
	s.Cannot("Vault", "log in when another CA is to verify the server", try(verifying, string(w.other.CA)), unverified)
	s.Cannot("Vault", "log in when no CA is given to verify by", try(verifying, ""), unverified)
	s.Cannot("Vault", "log in to a server whose certificate has another name", try(elsewhere, string(w.certificate.CA)), unverified)
	s.Cannot("Vault", "log in without TLS", try(plain, ""), "no encryption", "insecure transport", "SSL", "access denied")
	return nil
}
