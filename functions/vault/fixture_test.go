package vault

import (
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

// holder is the composition resource name of the service's database.
const holder = "shop-instance"

// world is a service with its wiring, and a Vault in which everything that is composed becomes ready.
type world struct {
	t           *testing.T
	env         *pipelinev1.Environment
	wiring      *pipelinev1.Wiring
	observed    map[string]fields
	connections map[string]map[string][]byte
	legacy      bool
	// asleep are the names of resources that the provider does not act on.
	asleep []string
	// versions are the resource versions that the API server gave.
	versions map[string]string
	// going is the connection while its provider deletes it, when core no longer observes it.
	going fields
}

// newWorld has a database that runs, and two levels of access.
func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{
		t: t,
		env: &pipelinev1.Environment{
			Name: "staging", Namespace: "team-checkout", UID: "env-uid", Type: pipelinev1.EnvironmentStaging, WorkloadNamespace: "checkout-staging",
			Vault: &pipelinev1.Vault{
				ProviderConfigRef: &pipelinev1.ProviderConfigReference{Name: "vault"}, Namespace: "platform",
				KVMount: "staging-kv", DatabaseMount: "staging-db", KubernetesAuthMount: "staging-k8s",
				Source: &pipelinev1.VaultSource{SecurityGroupID: "sg-vault"},
			},
		},
		wiring: &pipelinev1.Wiring{
			Access: []pipelinev1.Access{
				{ServiceAccount: "orders-report", Role: "reader"}, {ServiceAccount: "orders-api", Role: "writer"},
				{ServiceAccount: "orders-batch", Role: "writer"},
			},
			Database: &pipelinev1.Database{
				Engine: "postgresql", Host: "db.example.org", Port: 5432, Name: "orders",
				Administrator: pipelinev1.Administrator{Resource: holder, UsernameField: "username", PasswordSecretRefField: "passwordSecretRef"},
			},
			Entry: &pipelinev1.Entry{
				Values: map[string]string{"host": "db.example.org"}, URLs: map[string]string{"uri": "postgresql://db.example.org:5432/orders"},
			},
		},
		observed: map[string]fields{holder: {
			"apiVersion": "rds.aws.m.upbound.io/v1beta1", "kind": "Instance", "metadata": fields{"name": "orders-instance"},
			"spec": fields{"forProvider": fields{
				"username": "dbmaster", "passwordSecretRef": fields{"name": "orders-master", "key": "password", "namespace": "ignored"},
			}},
			"status": ready(),
		}},
		connections: map[string]map[string][]byte{},
	}
}

// readyWorld is a world in which everything is wired.
func readyWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.settle()
	return w
}

// static makes the wiring one of static credentials.
func (w *world) static() *world {
	w.wiring.Database = nil
	w.wiring.Entry.URLs["uri"] = "postgresql://{username}:{password}@db.example.org:5432/orders"
	w.wiring.Entry.Credentials = &pipelinev1.CredentialsReference{Resource: holder, UsernameKey: "username", PasswordKey: "password"}
	w.connections[holder] = map[string][]byte{"username": []byte("dbmaster"), "password": []byte("s3cr3t")}
	return w
}

func ready() fields {
	return fields{"conditions": []any{fields{"type": "Synced", "status": "True"}, fields{"type": "Ready", "status": "True"}}}
}

func failing(message string) fields {
	return fields{"conditions": []any{fields{"type": "Synced", "status": "False", "message": message}}}
}

func (w *world) in() plan.In {
	in := plan.In{
		Subject:     naming.Subject{UID: "xr-uid", Kind: "appdatabase", Namespace: "team-checkout", Name: "orders"},
		Flavour:     managed.Flavour{Namespace: "team-checkout"},
		Observed:    cloud{w},
		Environment: w.env,
		Wiring:      w.wiring,
	}
	if _, kept := w.observed["vault-usage-environment"]; kept {
		looked := plan.Required{Resolved: true}
		if w.going != nil {
			looked.Items = []object.Object{w.object(w.going)}
		}
		in.Required = map[string]plan.Required{"vault-usage-holder": looked}
	}
	if w.legacy {
		in.Flavour = managed.Flavour{Legacy: true, Namespace: "team-checkout", SecretNamespace: "crossplane-system"}
	}
	return in
}

func (w *world) compose() *plan.Plan {
	w.t.Helper()
	p, err := Stage().Compose(w.in())
	if err != nil {
		w.t.Fatalf("Compose() failed: %v", err)
	}
	return p
}

// step is one call and what comes of it.
func (w *world) step() *plan.Plan {
	w.t.Helper()
	p := w.compose()
	for _, r := range p.Resources {
		now := r.Object.Map()
		if was := w.observed[r.Name]; was != nil {
			now["status"] = was["status"]
		}
		if !slices.Contains(w.asleep, r.Name) {
			now["status"] = ready()
		}
		if version := w.versions[r.Name]; version != "" {
			now["metadata"].(fields)["resourceVersion"] = version
		}
		w.observed[r.Name] = now
	}
	for _, d := range p.Drops {
		delete(w.observed, d.Name)
	}
	return p
}

// settle repeats until nothing is added, and returns the last plan.
func (w *world) settle() *plan.Plan {
	w.t.Helper()
	for range 8 {
		before := w.specs()
		p := w.step()
		if cmp.Equal(before, w.specs()) {
			return p
		}
	}
	w.t.Fatal("the plan does not settle")
	return nil
}

func (w *world) specs() fields {
	specs := fields{}
	for name, o := range w.observed {
		specs[name] = []any{o["metadata"], o["spec"], o["data"]}
	}
	return specs
}

// cloud is the world as a stage sees it.
type cloud struct{ *world }

func (c cloud) Get(name string) object.Object {
	if f, ok := c.observed[name]; ok {
		return c.object(f)
	}
	return object.Object{}
}

func (w *world) object(f fields) object.Object {
	w.t.Helper()
	o, err := object.FromValue(f)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func (c cloud) Connection(name string) map[string][]byte { return c.connections[name] }

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

// params is spec.forProvider of a wanted resource.
func params(p *plan.Plan, name string) fields {
	return wanted(p, name).At("spec", "forProvider").Map()
}

func resourceNames(p *plan.Plan) []string {
	names := make([]string, 0, len(p.Resources))
	for _, r := range p.Resources {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	return names
}

// drops are `name: reason`, sorted.
func drops(p *plan.Plan) []string {
	var out []string
	for _, d := range p.Drops {
		out = append(out, d.Name+": "+string(d.Reason))
	}
	slices.Sort(out)
	return out
}

// vaultReady is the stage's condition without its type.
func vaultReady(p *plan.Plan) conditions.Condition {
	for _, c := range p.Conditions {
		if c.Type == "VaultReady" {
			c.Type = ""
			return c
		}
	}
	return conditions.Condition{}
}

// equal compares and says what differs.
func equal(t *testing.T, what string, want, got any, opts ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(want, got, opts...); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
