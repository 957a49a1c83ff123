package vault

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
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

// Vault is told to log in when the database is there; what it was told stays, whatever is lost.
func TestConnectionWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*world)
		want   bool
	}{
		"ready":                {func(*world) {}, true},
		"no host":              {func(w *world) { w.wiring.Database.Host = "" }, false},
		"not ready":            {func(w *world) { w.observed[holder]["status"] = fields{} }, false},
		"not composed":         {func(w *world) { delete(w.observed, holder) }, false},
		"going":                {func(w *world) { w.observed[holder]["metadata"] = fields{"deletionTimestamp": "2025-01-01T00:00:00Z"} }, false},
		"nobody wants a user":  {func(w *world) { w.static() }, false},
		"nobody has an access": {func(w *world) { w.wiring.Access = nil }, true},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			tc.change(w)
			if got := !wanted(w.compose(), nameConnection).IsZero(); got != tc.want {
				t.Errorf("the connection is composed: %v, want %v", got, tc.want)
			}
		})
	}
}

func connectionParams() fields {
	return fields{
		"namespace": "platform", "backend": "staging-db", "name": ordersName, "allowedRoles": []any{readerName, writerName},
		"postgresql": []any{fields{
			"connectionUrl": "postgresql://{{username}}:{{password}}@db.example.org:5432/orders?sslmode=require",
			"username":      "dbmaster", "passwordSecretRef": fields{"name": "orders-master", "key": "password"},
		}},
	}
}

func TestConnection(t *testing.T) {
	t.Parallel()
	equal(t, "postgresql", connectionParams(), params(readyWorld(t).compose(), nameConnection))

	w := newWorld(t)
	w.wiring.Database.Engine, w.wiring.Database.Port = "mysql", 3306
	want := connectionParams()
	delete(want, "postgresql")
	want["mysql"] = []any{fields{
		"connectionUrl": "{{username}}:{{password}}@tcp(db.example.org:3306)/?tls=skip-verify",
		"username":      "dbmaster", "passwordSecretRef": fields{"name": "orders-master", "key": "password"},
	}}
	equal(t, "mysql", want, params(w.settle(), nameConnection))

	w = newWorld(t)
	w.legacy = true
	ref := wanted(w.settle(), nameConnection).At("spec", "forProvider").List("postgresql")[0].At("passwordSecretRef")
	equal(t, "claims flavour", "crossplane-system", ref.String("namespace"))

	w = newWorld(t)
	w.wiring.Access = nil
	want = connectionParams()
	delete(want, "allowedRoles")
	equal(t, "nobody has an access", want, params(w.settle(), nameConnection))
}

// What Vault was told stays while it is unknown.
func TestConnectionKeepsWhatIsLost(t *testing.T) {
	t.Parallel()
	lost := map[string]func(*world){
		"the host":                   func(w *world) { w.wiring.Database.Host = "" },
		"the status of the database": func(w *world) { delete(w.observed[holder], "status") },
		"the database":               func(w *world) { delete(w.observed, holder) },
		"the host and the database":  func(w *world) { delete(w.observed, holder); w.wiring.Database.Host = "" },
	}
	for _, engine := range []string{"postgresql", "mysql"} {
		for what, lose := range lost {
			t.Run(engine+", without "+what, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.wiring.Database.Engine = engine
				before := params(w.settle(), nameConnection)
				lose(w)
				equal(t, "connection", before, params(w.compose(), nameConnection))
			})
		}
	}
}

func TestConnectionFollowsTheAdministrator(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.observed[holder]["spec"].(fields)["forProvider"].(fields)["username"] = "other"
	got := wanted(w.compose(), nameConnection).At("spec", "forProvider").List("postgresql")[0]
	equal(t, "username", "other", got.String("username"))
}

func TestDatabaseRole(t *testing.T) {
	t.Parallel()
	p := readyWorld(t).compose()
	for level, name := range map[string]string{"reader": readerName, "writer": writerName} {
		got := params(p, "vault-role-"+level)
		creation, revocation := got["creationStatements"], got["revocationStatements"]
		delete(got, "creationStatements")
		delete(got, "revocationStatements")
		equal(t, level, fields{
			"namespace": "platform", "backend": "staging-db", "name": name, "dbName": ordersName, "defaultTtl": 3600.0, "maxTtl": 86400.0,
		}, got)
		if len(creation.([]any)) < 3 || len(revocation.([]any)) == 0 {
			t.Errorf("%s: creation %v, revocation %v", level, creation, revocation)
		}
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

// entryData is the KV entry in the payload Secret of a plan.
func entryData(t *testing.T, p *plan.Plan) map[string]string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(wanted(p, namePayload).String("data", payloadKey))
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) == 0 {
		return nil
	}
	var data map[string]string
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatalf("the payload is not a JSON object of strings: %v", err)
	}
	return data
}

func TestEntry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.settle()
	equal(t, "dynamic", map[string]string{"host": "db.example.org", "uri": "postgresql://db.example.org:5432/orders"}, entryData(t, p))
	payload := wanted(p, namePayload)
	equal(t, "entry", fields{
		"namespace": "platform", "mount": "staging-kv", "name": "team-checkout/appdatabase/orders", "deleteAllVersions": true,
		"customMetadata":    []any{fields{"maxVersions": 1.0}},
		"dataJsonSecretRef": fields{"name": payload.Name(), "key": "data.json"},
	}, params(p, nameEntry))
	equal(t, "payload", []string{"v1", "Secret", "team-checkout"}, []string{payload.APIVersion(), payload.Kind(), payload.Namespace()})

	static := newWorld(t).static().settle()
	equal(t, "static", map[string]string{
		"host": "db.example.org", "uri": "postgresql://dbmaster:s3cr3t@db.example.org:5432/orders", "username": "dbmaster", "password": "s3cr3t",
	}, entryData(t, static))

	w = newWorld(t)
	w.legacy = true
	p = w.settle()
	equal(t, "claims flavour", []string{"crossplane-system", "crossplane-system"},
		[]string{wanted(p, namePayload).Namespace(), wanted(p, nameEntry).String("spec", "forProvider", "dataJsonSecretRef", "namespace")})
}

// The entry is written when it is complete, and keeps what it holds while something is away.
func TestEntryIsCompleteOrAsItWas(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world){
		"no entry":    func(w *world) { w.wiring.Entry = nil },
		"no details":  func(w *world) { w.connections = nil },
		"no password": func(w *world) { w.connections[holder]["password"] = nil },
		"no username": func(w *world) { delete(w.connections[holder], "username") },
	}
	for reason, lose := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			fresh := newWorld(t).static()
			lose(fresh)
			p := fresh.settle()
			if !wanted(p, namePayload).IsZero() || !wanted(p, nameEntry).IsZero() {
				t.Errorf("an entry that is not complete is written: %v", entryData(t, p))
			}
			w := newWorld(t).static()
			before := entryData(t, w.settle())
			lose(w)
			p = w.compose()
			equal(t, "entry", before, entryData(t, p))
			if wanted(p, nameEntry).IsZero() || len(before) == 0 {
				t.Error("the entry goes")
			}

			delete(w.observed, namePayload)
			if p = w.compose(); wanted(p, nameEntry).IsZero() {
				t.Error("the entry goes with the Secret that it was written from")
			}
		})
	}
}

// Secret values stand in the data of Secrets and nowhere else.
func TestNoSecretValueOutsideOfSecrets(t *testing.T) {
	t.Parallel()
	p := newWorld(t).static().settle()
	for _, r := range p.Resources {
		if r.Object.Kind() != "Secret" && mentions(t, r.Object, "s3cr3t") {
			t.Errorf("%s holds the password", r.Name)
		}
	}
	if mentions(t, p.Status.Done(), "s3cr3t") || strings.Contains(vaultReady(p).Message, "s3cr3t") {
		t.Error("the status holds the password")
	}
	if !strings.Contains(string(mustDecode(t, wanted(p, namePayload).String("data", payloadKey))), "s3cr3t") {
		t.Fatal("the fixture has no password")
	}
}

func mentions(t *testing.T, o object.Object, text string) bool {
	t.Helper()
	raw, err := json.Marshal(o.Map())
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(raw), text)
}

func mustDecode(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
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
		"unknown engine":  {func(w *world) { w.wiring.Database.Engine = "oracle" }, `database.engine: "oracle"; write postgresql or mysql`},
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
