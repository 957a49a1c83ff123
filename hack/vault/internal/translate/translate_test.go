package translate

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func resource(kind, name string, params Object) Object {
	return Object{
		"apiVersion": "x.vault.m.upbound.io/v1alpha1", "kind": kind, "metadata": Object{"name": name}, "spec": Object{"forProvider": params},
	}
}

func local() Local { return Local{Address: "127.0.0.1:5", Password: "secret", CA: "local CA"} }

func block(fields Object) []any { return []any{fields} }

// Every field that is composed reaches Vault under Vault's name, and only host, port, password and CA are the local ones.
func TestRequests(t *testing.T) {
	t.Parallel()
	payload := Object{"kind": "Secret", "apiVersion": "v1", "metadata": Object{"name": "payload"}, "data": Object{
		"data.json": base64.StdEncoding.EncodeToString([]byte(`{"uri":"x"}`))}}
	objects := []Object{
		resource("SecretV2", "entry", Object{
			"mount": "kv", "name": "a/b", "dataJsonSecretRef": Object{"name": "payload", "key": "data.json"}, "customMetadata": block(Object{"maxVersions": 1.0}),
		}),
		payload,
		resource("AuthBackendRole", "auth", Object{
			"backend": "k8s", "roleName": "r", "boundServiceAccountNames": []any{"a"}, "boundServiceAccountNamespaces": []any{"n"},
			"tokenPolicies": []any{"p"}, "tokenTtl": 1.0, "tokenMaxTtl": 2.0,
		}),
		resource("Policy", "policy", Object{"name": "p", "policy": "path"}),
		resource("SecretBackendRole", "role", Object{
			"backend": "db", "name": "r", "dbName": "c", "creationStatements": []any{"c"}, "revocationStatements": []any{"d"}, "renewStatements": []any{"e"},
			"rollbackStatements": []any{"f"}, "defaultTtl": 1.0, "maxTtl": 2.0,
		}),
		resource("SecretBackendConnection", "connection", Object{
			"backend": "db", "name": "c", "allowedRoles": []any{"r"}, "postgresql": block(Object{
				"connectionUrl": "postgresql://{{username}}:{{password}}@db.example.org:5432/shop?sslmode=require", "username": "master", "tlsCa": "PEM",
				"passwordAuthentication": "scram-sha-256"}),
		}),
		{"apiVersion": "rds.aws.m.upbound.io/v1beta1", "kind": "Instance"},
	}
	want := []Request{
		{"POST", "db/config/c", map[string]any{
			"plugin_name": "postgresql-database-plugin", "allowed_roles": []any{"r"}, "username": "master", "password": "secret", "tls_ca": "local CA",
			"connection_url":          "postgresql://{{username}}:{{password}}@127.0.0.1:5/shop?sslmode=require",
			"password_authentication": "scram-sha-256",
		}},
		{"POST", "db/roles/r", map[string]any{
			"db_name": "c", "creation_statements": []any{"c"}, "revocation_statements": []any{"d"}, "renew_statements": []any{"e"},
			"rollback_statements": []any{"f"}, "default_ttl": 1.0, "max_ttl": 2.0,
		}},
		{"PUT", "sys/policies/acl/p", map[string]any{"policy": "path"}},
		{"POST", "auth/k8s/role/r", map[string]any{
			"bound_service_account_names": []any{"a"}, "bound_service_account_namespaces": []any{"n"}, "token_policies": []any{"p"},
			"token_ttl": 1.0, "token_max_ttl": 2.0,
		}},
		{"POST", "kv/data/a/b", map[string]any{"data": map[string]any{"uri": "x"}}},
		{"POST", "kv/metadata/a/b", map[string]any{"max_versions": 1.0}},
	}
	got, err := Requests(objects, local())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What cannot be applied as it is composed is an error and not left out.
func TestRequestsRefuse(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		object Object
		want   string
	}{
		"another kind of Vault's":      {resource("Audit", "m", nil), "is not translated"},
		"a Vault namespace":            {resource("Policy", "p", Object{"namespace": "n"}), "has no namespaces"},
		"no engine":                    {resource("SecretBackendConnection", "c", Object{"oracle": block(nil)}), "no block of an engine"},
		"an address that is none":      {resource("SecretBackendConnection", "c", Object{"mysql": block(Object{"connectionUrl": "x"})}), "neither a URL nor a DSN"},
		"an entry without its payload": {resource("SecretV2", "e", Object{"dataJsonSecretRef": Object{"name": "gone"}}), "is not composed"},
		"a DSN that does not end":      {resource("SecretBackendConnection", "c", Object{"mysql": block(Object{"connectionUrl": "u:p@tcp(h:1/"})}), "lacks a )"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got, err := Requests([]Object{tc.object}, local()); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("Requests() = %v, %v, want %s", got, err, tc.want)
			}
		})
	}
}

func TestRelocate(t *testing.T) {
	t.Parallel()
	cases := map[string][2]string{
		"URL with Vault's placeholders": {"postgresql://{{username}}:{{password}}@db:5432/shop?sslmode=require", "postgresql://{{username}}:{{password}}@h:1/shop?sslmode=require"},
		"DSN":                           {"{{username}}:{{password}}@tcp(db:3306)/?tls=true", "{{username}}:{{password}}@tcp(h:1)/?tls=true"},
		"URL without a user":            {"mysql://db:3306/shop", "mysql://h:1/shop"},
	}
	for reason, tc := range cases {
		if got, err := Relocate(tc[0], "h:1"); err != nil || got != tc[1] {
			t.Errorf("%s: Relocate() = %q, %v, want %q", reason, got, err, tc[1])
		}
	}
}
