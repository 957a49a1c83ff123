package vault

import (
	"regexp"
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// Names of the fixture: readable part and hash over the uid of the composite and the level.
const (
	readerName = "orders-reader-55b4be4518"
	writerName = "orders-writer-bb6d4913e3"
	ordersName = "orders-4ab79ab1a4"
)

func levels(prefixes ...string) []string {
	var names []string
	for _, p := range prefixes {
		names = append(names, p+"reader", p+"writer")
	}
	return names
}

// Each step waits for what it refers to, and nothing that was composed goes again.
func TestOrderOfCreation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asleep = []string{nameConnection}
	access := levels("vault-auth-", "vault-policy-")
	equal(t, "first", []string{access[0], access[1], nameConnection, namePayload, access[2], access[3]}, resourceNames(w.step()))
	second := []string{access[0], access[1], nameConnection, nameEntry, namePayload, access[2], access[3], "vault-usage-environment"}
	equal(t, "while Vault cannot log in", second, resourceNames(w.step()))
	w.asleep = nil
	w.step()
	roles := levels("vault-role-")
	all := []string{access[0], access[1], nameConnection, nameEntry, namePayload, access[2], access[3], roles[0], roles[1], "vault-usage-environment"}
	p := w.settle()
	equal(t, "at the end", all, resourceNames(p))
	if p.Waiting || !vaultReady(p).Is() {
		t.Errorf("waiting %v, %+v", p.Waiting, vaultReady(p))
	}
}

// Static credentials: the entry, and who may read it. Nothing that issues users, and no door to it.
func TestStaticCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t).static()
	p := w.settle()
	access := levels("vault-auth-", "vault-policy-")
	equal(t, "resources", []string{access[0], access[1], nameEntry, namePayload, access[2], access[3]}, resourceNames(p))
	for _, name := range []string{access[2], access[3]} {
		if policy := params(p, name)["policy"].(string); strings.Contains(policy, "staging-db") {
			t.Errorf("%s leads to the database mount:\n%s", name, policy)
		}
	}
	if p.Waiting || !vaultReady(p).Is() || len(p.Drops) > 0 {
		t.Errorf("waiting %v, %+v, drops %v", p.Waiting, vaultReady(p), drops(p))
	}
}

// Names are decided once: those that are composed stay, also in what refers to them.
func TestNamesAreKept(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	rename := func(resource, field, name string) {
		w.observed[resource]["spec"].(fields)["forProvider"].(fields)[field] = name
	}
	rename(nameConnection, "name", "old-connection")
	rename("vault-role-reader", "name", "old-role")
	rename("vault-policy-reader", "name", "old-policy")
	rename("vault-auth-reader", "roleName", "old-auth")
	w.observed["vault-policy-reader"]["metadata"].(fields)["name"] = "old-object"
	p := w.compose()
	got := []any{
		params(p, nameConnection)["name"], params(p, nameConnection)["allowedRoles"], params(p, "vault-role-reader")["name"],
		params(p, "vault-role-reader")["dbName"], params(p, "vault-policy-reader")["name"], params(p, "vault-auth-reader")["roleName"],
		params(p, "vault-auth-reader")["tokenPolicies"], wanted(p, "vault-policy-reader").Name(),
	}
	equal(t, "names", []any{
		"old-connection", []any{"old-role", writerName}, "old-role", "old-connection", "old-policy", "old-auth", []any{"old-policy"}, "old-object",
	}, got)
	if policy := params(p, "vault-policy-reader")["policy"].(string); !strings.Contains(policy, `"staging-db/creds/old-role"`) {
		t.Errorf("the policy does not follow the role:\n%s", policy)
	}
	access := p.Status.Done().At("vault").List("access")
	equal(t, "status", []string{"old-auth", "staging-db/creds/old-role"}, []string{access[0].String("authRole"), access[0].String("credentialsPath")})
}

// policyPaths are the paths of a policy and what they permit.
func policyPaths(t *testing.T, policy string) map[string]string {
	t.Helper()
	block := regexp.MustCompile(`(?s)path "([^"]+)" \{\n  capabilities = (\[[^\]]*\])\n\}\n`)
	if rest := block.ReplaceAllString(policy, ""); rest != "" {
		t.Errorf("the policy holds more than paths: %q", rest)
	}
	paths := map[string]string{}
	for _, m := range block.FindAllStringSubmatch(policy, -1) {
		paths[m[1]] = m[2]
	}
	return paths
}

// A policy admits exactly the paths of its level.
func TestPolicyAdmitsExactlyItsPaths(t *testing.T) {
	t.Parallel()
	const entry, read = "staging-kv/data/team-checkout/appdatabase/orders", `["read"]`
	p := readyWorld(t).compose()
	for level, name := range map[string]string{"reader": readerName, "writer": writerName} {
		got := params(p, "vault-policy-"+level)
		equal(t, level+" name", name, got["name"].(string))
		equal(t, level, map[string]string{entry: read, "staging-db/creds/" + name: read}, policyPaths(t, got["policy"].(string)))
	}
	p = newWorld(t).static().settle()
	for _, level := range []string{"reader", "writer"} {
		equal(t, level+", static", map[string]string{entry: read}, policyPaths(t, params(p, "vault-policy-"+level)["policy"].(string)))
	}
}

// An auth role binds exactly the accounts of its level, in the workload namespace and nowhere else.
func TestAuthRoleBindsExactlyItsAccounts(t *testing.T) {
	t.Parallel()
	role := func(name, namespace string, accounts ...any) fields {
		return fields{
			"namespace": "platform", "backend": "staging-k8s", "roleName": name, "boundServiceAccountNames": accounts,
			"boundServiceAccountNamespaces": []any{namespace}, "tokenPolicies": []any{name}, "tokenTtl": 3600.0, "tokenMaxTtl": 86400.0,
		}
	}
	w := newWorld(t)
	p := w.settle()
	equal(t, "reader", role(readerName, "checkout-staging", "orders-report"), params(p, "vault-auth-reader"))
	equal(t, "writer", role(writerName, "checkout-staging", "orders-api", "orders-batch"), params(p, "vault-auth-writer"))
	if !wanted(p, "vault-auth-admin").IsZero() {
		t.Error("a level that nobody has gets a role")
	}
	w.env.WorkloadNamespace = ""
	equal(t, "workload namespace lost", role(readerName, "checkout-staging", "orders-report"), params(w.compose(), "vault-auth-reader"))
	never := newWorld(t)
	never.env.WorkloadNamespace = ""
	equal(t, "never a workload namespace", role(readerName, "team-checkout", "orders-report"), params(never.compose(), "vault-auth-reader"))
}

func TestUsageKeepsTheEnvironmentForTheConnection(t *testing.T) {
	t.Parallel()
	usage := wanted(readyWorld(t).compose(), "vault-usage-environment")
	equal(t, "by", fields{
		"apiVersion": "database.vault.m.upbound.io/v1alpha1", "kind": "SecretBackendConnection",
		"resourceRef": fields{"name": readyWorld(t).in().Name(nameConnection)},
	}, usage.At("spec", "by").Map())
	equal(t, "label", "env-uid", usage.Label("platform.io/environment-uid"))
}

func TestResourcesUseTheProviderConfigOfTheEnvironment(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, r := range readyWorld(t).compose().Resources {
		if !r.Object.Has("spec", "forProvider") {
			continue
		}
		checked++
		equal(t, r.Name, fields{"name": "vault", "kind": "ClusterProviderConfig"}, r.Object.At("spec", "providerConfigRef").Map())
		if r.Data {
			t.Errorf("%s is a data holder", r.Name)
		}
	}
	if checked != 8 {
		t.Errorf("%d managed resources, want 8", checked)
	}
}

// An engine that the stage does not know is a defect of the step before.
// The contract may come from somebody else's composite. Its values end up in statements that run as the administrator.
func TestWrongContract(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*world)
		want   string
	}{
		"unknown engine":  {func(w *world) { w.wiring.Database.Engine = "oracle" }, `database.engine: "oracle"; write postgresql, mysql or mariadb`},
		"unknown role":    {func(w *world) { w.wiring.Access[0].Role = "owner" }, `access[0].role: "owner"; write reader, writer or admin`},
		"every account":   {func(w *world) { w.wiring.Access[0].ServiceAccount = "*" }, `access[0].serviceAccount: "*" is not the name of a service account`},
		"name with quote": {func(w *world) { w.wiring.Database.Name = `a"; DROP` }, `database.name: "a\"; DROP"; write a letter, then letters, digits and underscores`},
		"no name":         {func(w *world) { w.wiring.Database.Name = "" }, `database.name: ""; write a letter, then letters, digits and underscores`},
		"host with path":  {func(w *world) { w.wiring.Database.Host = "db/x?sslmode=disable" }, `database.host: "db/x?sslmode=disable" is not the name of a host`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			if _, err := Stage().Compose(w.in()); err == nil || err.Error() != "the wiring contract is wrong: "+tc.want {
				t.Errorf("Compose() = %v, want %s", err, tc.want)
			}
		})
	}
}

// Without a contract the stage knows nothing: it wants nothing and drops nothing.
func TestWithoutWiring(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world){
		"no contract":    func(w *world) { w.wiring = nil },
		"no environment": func(w *world) { w.env = nil },
		"neither":        func(w *world) { w.wiring, w.env = nil, nil },
	}
	for reason, lose := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			lose(w)
			p := w.compose()
			if len(p.Resources)+len(p.Drops)+len(p.Conditions) > 0 || !p.Waiting {
				t.Errorf("plan = %+v", p)
			}
		})
	}
}

// While the Environment is away nothing is added, and nothing goes.
func TestHold(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.wiring.Hold = true
	w.wiring.Access = append(w.wiring.Access, pipelinev1.Access{ServiceAccount: "orders-admin", Role: "admin"})
	p := w.compose()
	for _, name := range resourceNames(p) {
		if strings.HasSuffix(name, "-admin") {
			t.Errorf("%s is added", name)
		}
	}
	if len(p.Resources) != len(w.observed)-1 || len(p.Drops) > 0 || !p.Waiting {
		t.Errorf("%v, drops %v, waiting %v", resourceNames(p), drops(p), p.Waiting)
	}
}
