package vault

import (
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/sqlaccess"
)

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
			"username":      "dbmaster", "passwordAuthentication": "scram-sha-256", "passwordSecretRef": fields{"name": "orders-master", "key": "password"},
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
	w.wiring.Database.Engine, w.wiring.Database.Port = "mariadb", 3306
	equal(t, "mariadb has the plugin of mysql", want, params(w.settle(), nameConnection))

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
	for _, engine := range []string{"postgresql", "mysql", "mariadb"} {
		for what, lose := range lost {
			t.Run(engine+", without "+what, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.wiring.Database.Engine, w.wiring.Database.CABundle = engine, "PEM"
				before := params(w.settle(), nameConnection)
				lose(w)
				equal(t, "connection", before, params(w.compose(), nameConnection))
			})
		}
	}
}

// A server may log its statements, and what it logs is read by more people than its passwords are for. The MySQL plugin knows no verifier.
func TestConnectionSendsAVerifier(t *testing.T) {
	t.Parallel()
	for engine, want := range map[string][2]string{
		"postgresql": {"postgresql", "scram-sha-256"}, "mysql": {"mysql", ""}, "mariadb": {"mysql", ""},
	} {
		w := newWorld(t)
		w.wiring.Database.Engine = engine
		block := wanted(w.settle(), nameConnection).At("spec", "forProvider").List(want[0])[0]
		equal(t, engine, want[1], block.String("passwordAuthentication"))
	}
}

// With the server's certificates Vault verifies it; an address that verifies and no certificates would lock Vault out.
func TestConnectionVerifiesTheServer(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ block, encrypts, verifies string }{
		"postgresql": {"postgresql", "?sslmode=require", "?sslmode=verify-full"},
		"mysql":      {"mysql", "?tls=skip-verify", "?tls=true"},
		"mariadb":    {"mysql", "?tls=skip-verify", "?tls=true"},
	}
	for engine, tc := range cases {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.wiring.Database.Engine = engine
			login := func() []string {
				block := wanted(w.settle(), nameConnection).At("spec", "forProvider").List(tc.block)[0]
				_, query, _ := strings.Cut(block.String("connectionUrl"), "?")
				return []string{"?" + query, block.String("tlsCa")}
			}
			equal(t, "without certificates", []string{tc.encrypts, ""}, login())
			w.wiring.Database.CABundle = "PEM"
			equal(t, "with certificates", []string{tc.verifies, "PEM"}, login())
			w.wiring.Database.CABundle = ""
			equal(t, "no longer", []string{tc.encrypts, ""}, login())
		})
	}
}

// A database that was restored says in its status who its administrator is; what was asked for comes first, and a name is kept.
func TestConnectionFollowsTheAdministrator(t *testing.T) {
	t.Parallel()
	asked := func(w *world, name string) {
		w.observed[holder]["spec"].(fields)["forProvider"].(fields)["username"] = name
	}
	brought := func(w *world, name string) {
		status := ready()
		status["atProvider"] = fields{"username": name}
		w.observed[holder]["status"] = status
	}
	cases := map[string]struct {
		change func(*world)
		want   string
	}{
		"somebody else is asked for":                   {func(w *world) { asked(w, "other") }, "other"},
		"nobody is asked for, the restore brought one": {func(w *world) { asked(w, ""); brought(w, "former") }, "former"},
		"asked for, and another one is there still":    {func(w *world) { asked(w, "other"); brought(w, "former") }, "other"},
		"the provider no longer says who":              {func(w *world) { asked(w, "") }, "dbmaster"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			got := wanted(w.compose(), nameConnection).At("spec", "forProvider").List("postgresql")[0]
			equal(t, "username", tc.want, got.String("username"))
			equal(t, "password", "orders-master", got.String("passwordSecretRef", "name"))
		})
	}
	never := newWorld(t)
	asked(never, "")
	if !wanted(never.compose(), nameConnection).IsZero() {
		t.Error("Vault is to log in as nobody")
	}
}

func TestDatabaseRole(t *testing.T) {
	t.Parallel()
	p := readyWorld(t).compose()
	for level, name := range map[string]string{"reader": readerName, "writer": writerName} {
		got := params(p, "vault-role-"+level)
		statements := sqlaccess.For("postgresql", "orders", level)
		equal(t, level, fields{
			"namespace": "platform", "backend": "staging-db", "name": name, "dbName": ordersName, "defaultTtl": 3600.0, "maxTtl": 86400.0,
			"creationStatements": texts(statements.Create), "revocationStatements": texts(statements.Revoke),
			"renewStatements": texts(statements.Renew), "rollbackStatements": texts(statements.Rollback),
		}, got)
	}
	for _, engine := range []string{"mysql", "mariadb"} {
		w := newWorld(t)
		w.wiring.Database.Engine = engine
		statements, got := sqlaccess.For(engine, "orders", "writer"), params(w.settle(), "vault-role-writer")
		equal(t, engine, []any{texts(statements.Create), texts(statements.Revoke), nil, texts(statements.Rollback)}, []any{
			got["creationStatements"], got["revocationStatements"], got["renewStatements"], got["rollbackStatements"]})
	}
}

func texts(in []string) []any {
	out := make([]any, 0, len(in))
	for _, s := range in {
		out = append(out, s)
	}
	return out
}
