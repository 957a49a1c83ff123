package vault

import (
	"errors"
	"testing"
	"time"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

func TestCondition(t *testing.T) {
	t.Parallel()
	const where = "the connection string is at staging-kv/team-checkout/appdatabase/orders"
	unknown := conditions.Condition{Status: conditions.False, Reason: conditions.VaultSourceUnknown,
		Message: "the database cannot admit Vault: Environment team-checkout/staging has no status.vault.source. Set its securityGroupId or its cidr"}
	name := func(w *world, resource string) string { return w.in().Name(resource) }
	no := func(reason conditions.Reason, message string) conditions.Condition {
		return conditions.Condition{Status: conditions.False, Reason: reason, Message: message}
	}
	cases := map[string]struct {
		change func(*world)
		want   func(*world) conditions.Condition
	}{
		"all is well": {func(*world) {}, func(*world) conditions.Condition {
			return conditions.Condition{Status: conditions.True, Reason: conditions.Available, Message: where}
		}},
		"static": {func(w *world) { w.static(); w.settle() }, func(*world) conditions.Condition {
			return conditions.Condition{Status: conditions.True, Reason: conditions.Available, Message: where}
		}},
		"no source": {func(w *world) { w.env.Vault.Source = nil }, func(*world) conditions.Condition { return unknown }},
		"an empty source": {func(w *world) { w.env.Vault.Source = &pipelinev1.VaultSource{} },
			func(*world) conditions.Condition { return unknown }},
		"a source by CIDR": {func(w *world) { w.env.Vault.Source = &pipelinev1.VaultSource{CIDR: "10.9.0.0/24"} }, func(*world) conditions.Condition {
			return conditions.Condition{Status: conditions.True, Reason: conditions.Available, Message: where}
		}},
		"no source, and none needed": {func(w *world) { w.static(); w.settle(); w.env.Vault.Source = nil }, func(*world) conditions.Condition {
			return conditions.Condition{Status: conditions.True, Reason: conditions.Available, Message: where}
		}},
		"nothing there": {func(w *world) { w.observed = map[string]fields{} }, func(w *world) conditions.Condition {
			return no(conditions.Creating, "Policy "+name(w, "vault-policy-reader")+": not created yet")
		}},
		"something fails": {func(w *world) {
			w.observed["vault-policy-reader"]["status"] = fields{}
			w.observed["vault-auth-writer"]["status"] = failing("permission denied")
		}, func(w *world) conditions.Condition {
			return no(conditions.Failing, "AuthBackendRole "+name(w, "vault-auth-writer")+": permission denied")
		}},
		"the connection string is not known": {func(w *world) { delete(w.observed, namePayload); delete(w.observed, nameEntry); w.wiring.Entry = nil },
			func(*world) conditions.Condition {
				return no(conditions.Blocked, "waits for the service to be available")
			}},
		"the database is not there": {func(w *world) {
			for _, level := range levels("vault-role-") {
				delete(w.observed, level)
			}
			delete(w.observed, nameConnection)
			delete(w.observed[holder], "status")
		}, func(*world) conditions.Condition {
			return no(conditions.Blocked, "waits for the service to be available")
		}},
		"a role that waits for the connection": {func(w *world) {
			delete(w.observed, "vault-role-reader")
			w.observed[nameConnection]["status"] = fields{}
		}, func(w *world) conditions.Condition {
			return no(conditions.Creating, "SecretBackendConnection "+name(w, nameConnection)+": no status from the provider yet")
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			p := w.compose()
			want := tc.want(w)
			equal(t, "VaultReady", want, vaultReady(p))
			if p.Waiting == want.Is() {
				t.Errorf("waiting %v", p.Waiting)
			}
		})
	}
}

// Everything that is ready is not yet everything.
func TestConditionCountsWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{nameEntry, "vault-role-writer", nameConnection} {
		w := readyWorld(t)
		delete(w.observed, name)
		w.wiring.Database.Host = ""
		if p := w.compose(); vaultReady(p).Is() || !p.Waiting {
			t.Errorf("without %s: %+v", name, vaultReady(p))
		}
	}
}

func TestWithoutVault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.env.Vault = nil
	p := w.compose()
	equal(t, "dynamic", conditions.Condition{Status: conditions.False, Reason: conditions.VaultNotConfigured,
		Message: "spec.credentials is dynamic, and Environment team-checkout/staging has no Vault. Set spec.credentials to static, " +
			"or ask the platform team for Vault"}, vaultReady(p))
	if len(p.Resources) > 0 || !p.Waiting {
		t.Errorf("%v, waiting %v", resourceNames(p), p.Waiting)
	}
	w.static()
	p = w.compose()
	equal(t, "static", conditions.Condition{Status: conditions.True, Reason: conditions.NotUsed,
		Message: "Environment team-checkout/staging has no Vault"}, vaultReady(p))
	if len(p.Resources) > 0 || p.Waiting {
		t.Errorf("%v, waiting %v", resourceNames(p), p.Waiting)
	}
}

// What is in Vault is not lost with the words that said where.
func TestVaultIsRemoved(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.env.Vault = nil
	p, err := Stage().Compose(w.in())
	refusal := (*plan.Refusal)(nil)
	if !errors.As(err, &refusal) || refusal.Reason != conditions.VaultRemoved || refusal.Type != "VaultReady" || len(p.Drops) > 0 {
		t.Errorf("Compose() = %v, %v", p, err)
	}
}

func TestDrops(t *testing.T) {
	t.Parallel()
	changed := func(names ...string) []string {
		var out []string
		for _, name := range names {
			out = append(out, name+": SpecChanged")
		}
		return out
	}
	cases := map[string]struct {
		change func(*world)
		want   []string
	}{
		"nothing changed": {func(*world) {}, nil},
		"a level that nobody has any more": {func(w *world) { w.wiring.Access = w.wiring.Access[:1] },
			changed("vault-auth-writer", "vault-policy-writer", "vault-role-writer")},
		"one of two accounts": {func(w *world) { w.wiring.Access = w.wiring.Access[:2] }, nil},
		"no access at all": {func(w *world) { w.wiring.Access = nil },
			changed(append(levels("vault-auth-", "vault-policy-"), levels("vault-role-")...)...)},
		"credentials became static": {func(w *world) { w.static() }, changed("vault-connection", "vault-role-reader", "vault-role-writer")},
		"static, and a level less": {func(w *world) { w.static(); w.wiring.Access = w.wiring.Access[:1] },
			changed("vault-auth-writer", "vault-connection", "vault-policy-writer", "vault-role-reader", "vault-role-writer")},
		"the database is away": {func(w *world) { delete(w.observed, holder); w.wiring.Database.Host = "" }, nil},
		"the entry is away":    {func(w *world) { w.wiring.Entry = nil }, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			p := w.compose()
			equal(t, "drops", tc.want, drops(p))
			w.neitherLostNorBoth(p)
		})
	}
}

// neitherLostNorBoth checks that everything of the stage that is observed is wanted or dropped.
func (w *world) neitherLostNorBoth(p *plan.Plan) {
	w.t.Helper()
	dropped := map[string]bool{}
	for _, d := range p.Drops {
		dropped[d.Name] = true
	}
	for _, name := range (cloud{w}).Names(prefix) {
		if dropped[name] != wanted(p, name).IsZero() {
			w.t.Errorf("%s is lost, or wanted and dropped", name)
		}
	}
}

// A level that goes is no longer among the roles that the connection serves.
func TestAllowedRolesFollowTheLevels(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.wiring.Access = w.wiring.Access[:1]
	equal(t, "allowedRoles", any([]any{readerName}), params(w.compose(), nameConnection)["allowedRoles"])
}

// When the connection goes, its Usage of the Environment stays until it is gone.
func TestUsageOutlivesTheConnection(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.static()
	connection := w.observed[nameConnection]
	p := w.step()
	if wanted(p, "vault-usage-environment").IsZero() {
		t.Error("the Usage goes before the connection")
	}
	w.observed[nameConnection] = connection
	p = w.step()
	equal(t, "while it goes, and core observes it", []string{"vault-connection: SpecChanged"}, drops(p))
	w.going = connection
	for range 2 {
		p = w.step()
		equal(t, "while it goes, and core has forgotten it", []string(nil), drops(p))
		if wanted(p, "vault-usage-environment").IsZero() {
			t.Error("the Usage goes before the connection")
		}
	}
	w.going = nil
	p = w.step()
	equal(t, "when it is gone", []string{"vault-usage-environment: SpecChanged"}, drops(p))
	equal(t, "after", 0, len(w.step().Drops))
}

func TestExpired(t *testing.T) {
	t.Parallel()
	for flavour, legacy := range map[string]bool{"namespaced": false, "claims": true} {
		t.Run(flavour, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.legacy, w.env.Type = legacy, pipelinev1.EnvironmentPreview
			if legacy {
				w.env.Composite = "staging-x7k2p"
			}
			w.settle()
			w.env.Phase, w.wiring = pipelinev1.PhaseExpired, nil
			connection := w.observed[nameConnection]
			p := w.step()
			for _, r := range p.Resources {
				if r.Object.Kind() != "Usage" && r.Object.Kind() != "ClusterUsage" {
					t.Errorf("%s stays", r.Name)
				}
			}
			for _, d := range p.Drops {
				equal(t, d.Name, pipelinev1.DropEnvironmentExpired, d.Reason)
			}
			equal(t, "VaultReady", conditions.Condition{Status: conditions.False, Reason: conditions.EnvironmentExpired,
				Message: "the environment has expired, and what the service had in Vault with it"}, vaultReady(p))
			if len(p.Resources) == 0 || !p.Waiting {
				t.Errorf("the Usage goes before the connection; waiting %v", p.Waiting)
			}
			w.observed[nameConnection] = connection
			w.step()
			w.going = connection
			p = w.step()
			equal(t, "while it goes, and core has forgotten it", []string(nil), drops(p))
			if len(p.Resources) == 0 || !p.Waiting {
				t.Errorf("the Usage goes before the connection; waiting %v", p.Waiting)
			}
			w.going = nil
			w.neitherLostNorBoth(w.compose())
			p = w.step()
			equal(t, "at the end", 0, len(p.Resources))
			equal(t, "left", []string(nil), (cloud{w}).Names(prefix))
		})
	}
}

// A service that stays in an expired preview, because it is protected, keeps what it has in Vault.
func TestExpiredAndKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.env.Type = pipelinev1.EnvironmentPreview
	w.settle()
	w.env.Phase = pipelinev1.PhaseExpired
	if p := w.compose(); len(p.Drops) > 0 || wanted(p, nameConnection).IsZero() {
		t.Errorf("drops %v", drops(p))
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	entry := func(role, name, path string) any {
		f := fields{"role": role, "authRole": name}
		if path != "" {
			f["credentialsPath"] = path
		}
		return f
	}
	const path = "staging-kv/team-checkout/appdatabase/orders"
	w := newWorld(t)
	const administrator = "Vault logs in as dbmaster, with the password in key password of Secret orders-master, which nobody rotates. To change " +
		"it, write another one there: the providers of the database and of Vault take it over"
	want := fields{"vault": fields{"path": path, "administrator": administrator, "access": []any{
		entry("reader", readerName, "staging-db/creds/"+readerName), entry("writer", writerName, "staging-db/creds/"+writerName)}}}
	equal(t, "from the first call", want, w.compose().Status.Done().Map())
	equal(t, "at the end", want, w.settle().Status.Done().Map())
	want = fields{"vault": fields{"path": path, "access": []any{entry("reader", readerName, ""), entry("writer", writerName, "")}}}
	equal(t, "static", want, w.static().compose().Status.Done().Map())
	w.wiring.Access = nil
	equal(t, "nobody", fields{"vault": fields{"path": path}}, w.compose().Status.Done().Map())
}

// Core drops a status field that the API does not have: every one that is written is among its types.
func TestStatusIsInTheAPI(t *testing.T) {
	t.Parallel()
	var status v1.AppDatabaseStatus
	if err := readyWorld(t).compose().Status.Done().DecodeStrict(&status); err != nil {
		t.Fatal(err)
	}
	if status.Vault == nil || len(status.Vault.Access) != 2 {
		t.Errorf("the status is not complete: %+v", status.Vault)
	}
}

func TestNewTakesAClock(t *testing.T) {
	t.Parallel()
	if New(time.Now) == nil {
		t.Error("there is no function")
	}
}
