// Package translate turns composed Vault resources into the requests by which their provider would apply them.
package translate

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Object is a composed resource.
type Object = map[string]any

// Request is one call of Vault's HTTP API.
type Request struct {
	// Method is POST or PUT.
	Method string
	// Path below /v1/.
	Path string
	// Body of the request.
	Body map[string]any
}

// Local is what stands in the place of what the examples name: a database on RDS and its administrator.
type Local struct {
	// Address of the local server, host:port.
	Address string
	// Password of the administrator, who is called as the connection says.
	Password string
	// CA that signed the server's certificate, in PEM. It takes the place of the bundle that a connection names, and of those that every
	// machine trusts where Vault asks an issuer.
	CA string
}

// Kinds in the order in which they are applied. A kind that is not here is no business of Vault's.
const kinds = " Mount Backend AuthBackend AuthBackendConfig SecretBackendConnection SecretBackendRole Policy AuthBackendRole SecretV2 "

// Requests are the calls for all Vault resources among the composed ones. Other resources are left out.
func Requests(objects []Object, local Local) ([]Request, error) {
	var vault []Object
	for _, o := range objects {
		if strings.Contains(Text(o, "apiVersion"), ".vault.") {
			if !strings.Contains(kinds, " "+Text(o, "kind")+" ") {
				return nil, fmt.Errorf("%s is a kind of Vault's provider that is not translated", Text(o, "kind"))
			}
			vault = append(vault, o)
		}
	}
	slices.SortStableFunc(vault, func(a, b Object) int {
		return cmp.Compare(strings.Index(kinds, Text(a, "kind")), strings.Index(kinds, Text(b, "kind")))
	})
	var out []Request
	for _, o := range vault {
		requests, err := one(o, objects, local)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", Text(o, "kind"), Text(o, "metadata", "name"), err)
		}
		out = append(out, requests...)
	}
	return out, nil
}

func one(o Object, all []Object, local Local) ([]Request, error) {
	p, _ := At(o, "spec", "forProvider").(map[string]any)
	if Text(p, "namespace") != "" {
		return nil, fmt.Errorf("spec.forProvider.namespace: this Vault has no namespaces")
	}
	switch Text(o, "kind") {
	case "Mount":
		return []Request{{"POST", "sys/mounts/" + Text(p, "path"), fields(p, map[string]string{
			"type": "type", "description": "description", "options": "options"})}}, nil
	case "Backend":
		return []Request{{"POST", "sys/auth/" + Text(p, "path"), fields(p, map[string]string{"type": "type", "description": "description"})}}, nil
	case "AuthBackend":
		return issuer(p, local), nil
	case "AuthBackendConfig":
		return []Request{{"POST", "auth/" + Text(p, "backend") + "/config", fields(p, map[string]string{
			"kubernetesHost": "kubernetes_host", "kubernetesCaCert": "kubernetes_ca_cert", "disableLocalCaJwt": "disable_local_ca_jwt",
		})}}, nil
	case "SecretBackendConnection":
		return connection(p, local)
	case "SecretBackendRole":
		return []Request{{"POST", Text(p, "backend") + "/roles/" + Text(p, "name"), fields(p, map[string]string{
			"dbName": "db_name", "creationStatements": "creation_statements", "revocationStatements": "revocation_statements",
			"renewStatements": "renew_statements", "rollbackStatements": "rollback_statements", "defaultTtl": "default_ttl", "maxTtl": "max_ttl",
		})}}, nil
	case "Policy":
		return []Request{{"PUT", "sys/policies/acl/" + Text(p, "name"), fields(p, map[string]string{"policy": "policy"})}}, nil
	case "AuthBackendRole":
		return []Request{{"POST", "auth/" + Text(p, "backend") + "/role/" + Text(p, "roleName"), authRole(p)}}, nil
	}
	return entry(p, all)
}

// authRole is a role of the Kubernetes or of the JWT method. The provider makes a list of each bound claim.
// https://github.com/hashicorp/terraform-provider-vault/blob/main/vault/resource_jwt_auth_backend_role.go
func authRole(p map[string]any) map[string]any {
	body := fields(p, map[string]string{
		"boundServiceAccountNames": "bound_service_account_names", "boundServiceAccountNamespaces": "bound_service_account_namespaces",
		"audience": "audience", "roleType": "role_type", "userClaim": "user_claim", "boundAudiences": "bound_audiences",
		"tokenPolicies": "token_policies", "tokenTtl": "token_ttl", "tokenMaxTtl": "token_max_ttl",
	})
	if claims, _ := p["boundClaims"].(map[string]any); len(claims) > 0 {
		lists := map[string]any{}
		for claim, values := range claims {
			lists[claim] = strings.Split(fmt.Sprint(values), ",")
		}
		body["bound_claims"] = lists
	}
	return body
}

// issuer mounts the JWT method and tells it whose tokens to trust.
func issuer(p map[string]any, local Local) []Request {
	config := fields(p, map[string]string{
		"oidcDiscoveryUrl": "oidc_discovery_url", "jwksUrl": "jwks_url", "jwksCaPem": "jwks_ca_pem", "boundIssuer": "bound_issuer",
	})
	if _, asks := config["oidc_discovery_url"]; asks {
		config["oidc_discovery_ca_pem"] = local.CA
	}
	return []Request{
		{"POST", "sys/auth/" + Text(p, "path"), fields(p, map[string]string{"type": "type", "description": "description"})},
		{"POST", "auth/" + Text(p, "path") + "/config", config},
	}
}

// Deletion is the call by which the provider deletes a composed resource. Nil where its policies leave it alone, and for what is not of
// Vault's provider.
func Deletion(o Object) *Request {
	if policies, _ := At(o, "spec", "managementPolicies").([]any); !strings.Contains(Text(o, "apiVersion"), ".vault.") ||
		(len(policies) > 0 && !slices.Contains(policies, any("Delete"))) || Text(o, "spec", "deletionPolicy") == "Orphan" {
		return nil
	}
	p, _ := At(o, "spec", "forProvider").(map[string]any)
	path := map[string]string{
		"Mount": "sys/mounts/" + Text(p, "path"), "Backend": "sys/auth/" + Text(p, "path"), "AuthBackend": "sys/auth/" + Text(p, "path"),
		"SecretBackendConnection": Text(p, "backend") + "/config/" + Text(p, "name"),
		"SecretBackendRole":       Text(p, "backend") + "/roles/" + Text(p, "name"), "Policy": "sys/policies/acl/" + Text(p, "name"),
		"AuthBackendRole": "auth/" + Text(p, "backend") + "/role/" + Text(p, "roleName"),
		"SecretV2":        Text(p, "mount") + "/metadata/" + Text(p, "name"),
	}[Text(o, "kind")]
	if path == "" {
		return nil
	}
	return &Request{Method: "DELETE", Path: path}
}

// connection points at the local server; everything else is as it is composed.
func connection(p map[string]any, local Local) ([]Request, error) {
	for field, plugin := range map[string]string{"postgresql": "postgresql-database-plugin", "mysql": "mysql-database-plugin"} {
		blocks, _ := p[field].([]any)
		if len(blocks) == 0 {
			continue
		}
		block, _ := blocks[0].(map[string]any)
		address, err := Relocate(Text(block, "connectionUrl"), local.Address)
		if err != nil {
			return nil, err
		}
		body := fields(p, map[string]string{"allowedRoles": "allowed_roles", "verifyConnection": "verify_connection"})
		body["plugin_name"], body["connection_url"] = plugin, address
		body["username"], body["password"] = Text(block, "username"), local.Password
		if Text(block, "tlsCa") != "" {
			body["tls_ca"] = local.CA
		}
		if how := Text(block, "passwordAuthentication"); how != "" {
			body["password_authentication"] = how
		}
		return []Request{{"POST", Text(p, "backend") + "/config/" + Text(p, "name"), body}}, nil
	}
	return nil, fmt.Errorf("spec.forProvider has no block of an engine")
}

// entry is the data of the payload Secret, which the provider reads by the reference.
func entry(p map[string]any, all []Object) ([]Request, error) {
	name, key := Text(p, "dataJsonSecretRef", "name"), Text(p, "dataJsonSecretRef", "key")
	for _, o := range all {
		if Text(o, "kind") != "Secret" || Text(o, "metadata", "name") != name {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(Text(o, "data", key))
		if err != nil {
			return nil, fmt.Errorf("%s of Secret %s: %w", key, name, err)
		}
		var data map[string]any
		if err := json.Unmarshal(raw, &data); err != nil {
			return nil, fmt.Errorf("%s of Secret %s: %w", key, name, err)
		}
		path := Text(p, "mount") + "/%s/" + Text(p, "name")
		requests := []Request{{"POST", fmt.Sprintf(path, "data"), map[string]any{"data": data}}}
		if metadata, _ := p["customMetadata"].([]any); len(metadata) > 0 {
			first, _ := metadata[0].(map[string]any)
			body := fields(first, map[string]string{"maxVersions": "max_versions"})
			requests = append(requests, Request{"POST", fmt.Sprintf(path, "metadata"), body})
		}
		return requests, nil
	}
	return nil, fmt.Errorf("the Secret %s is not composed", name)
}

// fields renames what is there.
func fields(p map[string]any, names map[string]string) map[string]any {
	out := make(map[string]any, len(names))
	for from, to := range names {
		if v, found := p[from]; found {
			out[to] = v
		}
	}
	return out
}

// Relocate puts another host and port into a connection string: a URL, or a DSN of MySQL's driver.
func Relocate(address, to string) (string, error) {
	if before, after, found := strings.Cut(address, "@tcp("); found {
		_, rest, closed := strings.Cut(after, ")")
		if !closed {
			return "", fmt.Errorf("%q is no DSN: it lacks a )", address)
		}
		return before + "@tcp(" + to + ")" + rest, nil
	}
	// Vault's placeholders are not valid in a URL.
	u, err := url.Parse(strings.NewReplacer("{{", "OPEN", "}}", "CLOSE").Replace(address))
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("%q is neither a URL nor a DSN", address)
	}
	u.Host = to
	return strings.NewReplacer("OPEN", "{{", "CLOSE", "}}").Replace(u.String()), nil
}

// At is the value at a path, or nil.
func At(o any, path ...string) any {
	for _, key := range path {
		fields, _ := o.(map[string]any)
		o = fields[key]
	}
	return o
}

// Text is the string at a path, or an empty one.
func Text(o any, path ...string) string {
	s, _ := At(o, path...).(string)
	return s
}
