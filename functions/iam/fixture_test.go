package iam

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// fields is a JSON object that a test changes.
type fields = map[string]any

// user is the ARN of a database user.
const user = "arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABCDEFGHIJKL/"

// Composition resource names. They are API: these are the hashes that the first version gives.
const (
	apiGrant    = "iam-grant-orders-api-083b5aad6d"
	reportGrant = "iam-grant-orders-report-2ae12e7e39"
)

// world is a service with its wiring, and a cloud in which everything that is composed becomes ready.
type world struct {
	t        *testing.T
	env      *pipelinev1.Environment
	wiring   *pipelinev1.Wiring
	observed map[string]fields
	legacy   bool
}

// newWorld has a reader and a writer, each with an identity, and a service that says that its access is well.
func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{
		t: t,
		env: &pipelinev1.Environment{
			Name: "staging", Namespace: "team-checkout", Type: pipelinev1.EnvironmentStaging,
			Cloud: pipelinev1.Cloud{AccountID: "111122223333", ProviderConfigRef: &pipelinev1.ProviderConfigReference{Name: "aws-staging"}},
			Vault: &pipelinev1.Vault{},
			Identities: []pipelinev1.Identity{
				{ServiceAccount: "orders-report", RoleARN: roleARN("staging-orders-report")},
				{ServiceAccount: "orders-api", RoleARN: "arn:aws:iam::111122223333:role/goldenpath/staging/staging-orders-api"},
				{ServiceAccount: "somebody-else", RoleARN: "not for us to judge"},
			},
		},
		wiring: &pipelinev1.Wiring{
			Access:      []pipelinev1.Access{{ServiceAccount: "orders-report", Role: "reader"}, {ServiceAccount: "orders-api", Role: "writer"}},
			Grants:      []pipelinev1.Grant{connect("reader"), connect("writer")},
			AccessReady: &pipelinev1.Verdict{Status: "True", Reason: "Available", Message: "the details are in Secret orders"},
		},
		observed: map[string]fields{},
	}
}

// readyWorld is a world in which everything is granted.
func readyWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.settle()
	return w
}

func roleARN(name string) string { return "arn:aws:iam::111122223333:role/" + name }

// connect permits a level to log in as its user.
func connect(level string) pipelinev1.Grant {
	return pipelinev1.Grant{Role: level, Actions: []string{"rds-db:connect"}, Resources: []string{user + "orders_" + level}}
}

// connectPolicy is the document of connect.
func connectPolicy(level string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["rds-db:connect"],"Resource":["` + user + "orders_" + level + `"]}]}`
}

// manyResources permit one action on so many resources that the document has more than the given characters.
func manyResources(level string, characters int) pipelinev1.Grant {
	g := pipelinev1.Grant{Role: level, Actions: []string{"rds-db:connect"}}
	for n := range characters/len(user) + 1 {
		g.Resources = append(g.Resources, fmt.Sprintf("%su%d", user, n))
	}
	return g
}

func ready() fields {
	return fields{"conditions": []any{fields{"type": "Synced", "status": "True"}, fields{"type": "Ready", "status": "True"}}}
}

func failing(message string) fields {
	return fields{"conditions": []any{fields{"type": "Synced", "status": "False", "message": message}}}
}

// identity is the identity of a service account in the Environment.
func (w *world) identity(account string) *pipelinev1.Identity {
	w.t.Helper()
	for i := range w.env.Identities {
		if w.env.Identities[i].ServiceAccount == account {
			return &w.env.Identities[i]
		}
	}
	w.t.Fatalf("no identity of %s", account)
	return nil
}

// loseIdentities takes the identities of some service accounts out of the Environment.
func (w *world) loseIdentities(accounts ...string) {
	w.env.Identities = slices.DeleteFunc(w.env.Identities, func(i pipelinev1.Identity) bool { return slices.Contains(accounts, i.ServiceAccount) })
}

func (w *world) in() plan.In {
	in := plan.In{
		Subject:     naming.Subject{UID: "xr-uid", Kind: "appdatabase", Namespace: "team-checkout", Name: "orders"},
		Flavour:     managed.Flavour{Namespace: "team-checkout"},
		Observed:    cloud{w},
		Environment: w.env,
		Wiring:      w.wiring,
	}
	if w.legacy {
		in.Flavour = managed.Flavour{Legacy: true, Namespace: "team-checkout"}
	}
	return in
}

func (w *world) compose() *plan.Plan {
	w.t.Helper()
	p, err := Stage().Compose(w.in())
	if err != nil {
		w.t.Fatalf("Compose() failed: %v", err)
	}
	w.neitherLostNorBoth(p)
	return p
}

// neitherLostNorBoth checks that everything of the stage that is observed is wanted or dropped, once it knows what is asked.
func (w *world) neitherLostNorBoth(p *plan.Plan) {
	w.t.Helper()
	if w.env == nil || (w.wiring == nil && !w.env.Expired()) {
		return
	}
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

// settle calls until nothing is added, and returns the last plan.
func (w *world) settle() *plan.Plan {
	w.t.Helper()
	for range 4 {
		p, changed := w.compose(), false
		for _, r := range p.Resources {
			now := r.Object.Map()
			now["status"] = ready()
			changed = changed || !cmp.Equal(now, w.observed[r.Name])
			w.observed[r.Name] = now
		}
		for _, d := range p.Drops {
			delete(w.observed, d.Name)
			changed = true
		}
		if !changed {
			return p
		}
	}
	w.t.Fatal("the plan does not settle")
	return nil
}

// cloud is the world as a stage sees it.
type cloud struct{ *world }

func (c cloud) Get(name string) object.Object {
	f, ok := c.observed[name]
	if !ok {
		return object.Object{}
	}
	o, err := object.FromValue(f)
	if err != nil {
		c.t.Fatal(err)
	}
	return o
}

func (c cloud) Connection(string) map[string][]byte { return nil }

func (c cloud) Names(prefix string) []string {
	var names []string
	for name := range c.observed {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// wanted is a resource of a plan; the zero Object when it is not wanted.
func wanted(p *plan.Plan, name string) object.Object {
	for _, r := range p.Resources {
		if r.Name == name {
			return r.Object
		}
	}
	return object.Object{}
}

// grants are `name: role`, sorted.
func grants(p *plan.Plan) []string {
	var out []string
	for _, r := range p.Resources {
		out = append(out, r.Name+": "+r.Object.String("spec", "forProvider", "role"))
	}
	slices.Sort(out)
	return out
}

// drops are `name: reason: message`, sorted.
func drops(p *plan.Plan) []string {
	var out []string
	for _, d := range p.Drops {
		out = append(out, d.Name+": "+string(d.Reason)+": "+d.Message)
	}
	slices.Sort(out)
	return out
}

// accessReady is the stage's condition without its type.
func accessReady(p *plan.Plan) conditions.Condition {
	for _, c := range p.Conditions {
		if c.Type == "AccessReady" {
			c.Type = ""
			return c
		}
	}
	return conditions.Condition{}
}

// equal compares and says what differs.
func equal(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
