package appdatabase

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/parameters"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/environment"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

const claimYAML = `
apiVersion: platform.io/v1
kind: AppDatabase
metadata: {name: orders, namespace: team-checkout, uid: xr-uid}
spec:
  engine: postgres
  size: small
  environmentRef: {name: staging}
  access:
  - {serviceAccount: orders-api, role: writer}
  - {serviceAccount: orders-report, role: reader}
`

const environmentYAML = `
apiVersion: platform.io/v1
kind: Environment
metadata: {name: staging, namespace: team-checkout, uid: env-uid}
status:
  type: staging
  owner: {team: checkout}
  cloud: {provider: aws, region: eu-west-1, accountId: "123456789012", providerConfigRef: {name: aws-staging}}
  phase: Active
  conditions: [{type: Ready, status: "True"}]
  network:
    vpcId: vpc-1
    subnets:
    - {id: subnet-2, role: database, zone: eu-west-1b}
    - {id: subnet-1, role: database, zone: eu-west-1a}
  workloadNamespace: checkout-staging
  workloadSecurityGroupIds: [sg-work]
  kmsKeyArn: arn:aws:kms:eu-west-1:123456789012:key/1
  vault:
    kvMount: staging-kv
    databaseMount: staging-db
    kubernetesAuthMount: staging-k8s
    source: {securityGroupId: sg-vault}
`

// fields is a JSON object that a test changes.
type fields = map[string]any

// world is a claim, its Environment, and a cloud in which everything that is composed becomes ready.
type world struct {
	t           *testing.T
	data        catalog
	xr, env     fields
	observed    map[string]fields
	connections map[string]map[string][]byte
	secret      *plan.Required
	// source is what core found of the AppDatabase to restore from. Nil before it has looked.
	source *plan.Required
	legacy bool
	// asleep are the names of resources that the cloud does not act on.
	asleep []string
	// writer is the number of the cluster's instance that writes.
	writer string
	// going is the instance while the cloud deletes it, when core no longer observes it.
	going fields
	// mount of users while Vault takes them back, when core no longer observes it.
	mount fields
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{
		t: t, data: wholeCatalog(t), xr: parse(t, claimYAML), env: parse(t, environmentYAML),
		writer: "1", observed: map[string]fields{}, connections: map[string]map[string][]byte{}, secret: &plan.Required{Resolved: true},
	}
}

// with changes the claim: a value per field of spec; nil removes it.
func (w *world) with(claim fields) *world {
	for k, v := range claim {
		set(w.xr, "spec."+k, v)
	}
	return w
}

// within changes the Environment: a value per dotted path; nil removes it.
func (w *world) within(environment fields) *world {
	for k, v := range environment {
		set(w.env, k, v)
	}
	return w
}

// wholeCatalog is the catalog with what is known of parameters.
func wholeCatalog(t *testing.T) catalog {
	t.Helper()
	c := defaultCatalog()
	table, err := parameters.Load()
	if err != nil {
		t.Fatal(err)
	}
	c.parameters = table
	return c
}

// readyWorld is a world in which the database is available.
func readyWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.settle()
	return w
}

func parse(t *testing.T, text string) fields {
	t.Helper()
	var f fields
	if err := yaml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// set writes a value at a dotted path; nil removes it.
func set(f fields, path string, value any) {
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		child, ok := f[key].(fields)
		if !ok {
			child = fields{}
			f[key] = child
		}
		f = child
	}
	last := keys[len(keys)-1]
	if value == nil {
		delete(f, last)
		return
	}
	f[last] = value
}

func (w *world) object(f fields) object.Object {
	w.t.Helper()
	o, err := object.FromValue(f)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

// claimed makes the world's claim one of the claims flavour.
func (w *world) claimed() *world {
	w.legacy = true
	w.xr["kind"] = "XAppDatabase"
	w.xr["metadata"] = fields{"name": "orders-x7k2p", "uid": "xr-uid"}
	set(w.xr, "spec.claimRef", fields{"apiVersion": "platform.io/v1", "kind": "AppDatabase", "namespace": "team-checkout", "name": "orders"})
	set(w.env, "status.composite", "staging-b2c4d")
	return w
}

func (w *world) in() plan.In {
	w.t.Helper()
	in := plan.In{
		XR:       w.object(w.xr),
		Subject:  naming.Subject{UID: "xr-uid", Kind: "appdatabase", Namespace: "team-checkout", Name: "orders"},
		Flavour:  managed.Flavour{Namespace: "team-checkout"},
		Observed: look(w),
		Required: map[string]plan.Required{environment.RequirementKey: {Resolved: true}},
	}
	if w.legacy {
		in.Flavour = managed.Flavour{Legacy: true, Namespace: "team-checkout", SecretNamespace: "crossplane-system"}
	}
	if w.env != nil {
		in.Required[environment.RequirementKey] = plan.Required{Resolved: true, Items: []object.Object{w.object(w.env)}}
	}
	if by := look(w).Get("database-usage-environment").At("spec", "by"); !by.IsZero() {
		in.Required["database-usage-holder"] = plan.Required{Resolved: true}
		if w.going != nil && w.object(w.going).Name() == by.String("resourceRef", "name") {
			in.Required["database-usage-holder"] = plan.Required{Resolved: true, Items: []object.Object{w.object(w.going)}}
		}
	}
	if w.mount != nil {
		in.Required[requirementMount] = plan.Required{Resolved: true, Items: []object.Object{w.object(w.mount)}}
	} else {
		in.Required[requirementMount] = plan.Required{Resolved: true}
	}
	if w.secret != nil {
		in.Required[requirementSecret] = *w.secret
	}
	if w.source != nil {
		in.Required[requirementSource] = *w.source
	}
	return in
}

// compose calls the stage once and expects a plan.
func (w *world) compose() *plan.Plan {
	w.t.Helper()
	p, err := Stage(w.data).Compose(w.in())
	if err != nil {
		w.t.Fatalf("Compose() failed: %v", err)
	}
	return p
}

// apply does to the cloud what the plan wants.
func (w *world) apply(p *plan.Plan) {
	w.t.Helper()
	for _, r := range p.Resources {
		was := w.observed[r.Name]
		now := r.Object.Map()
		if was != nil {
			now["status"] = was["status"]
		}
		w.observed[r.Name] = now
		if !slices.Contains(w.asleep, r.Name) {
			w.wake(r.Name)
		}
	}
	for _, d := range p.Drops {
		delete(w.observed, d.Name)
	}
	status := fields{}
	if !p.Status.IsZero() {
		status = p.Status.Done().Map()
	}
	if p.Environment != nil {
		status["environment"] = w.environmentStatus(p)
	}
	w.xr["status"] = status
}

func (w *world) environmentStatus(p *plan.Plan) fields {
	o, err := object.FromValue(p.Environment)
	if err != nil {
		w.t.Fatal(err)
	}
	return o.Map()
}

// step is one call and what comes of it.
func (w *world) step() *plan.Plan {
	w.t.Helper()
	p := w.compose()
	w.apply(p)
	return p
}

// settle repeats until a call wants what is there already, and returns that call's plan.
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

func (w *world) specs() map[string]any {
	specs := map[string]any{"": w.xr["status"]}
	for name, o := range w.observed {
		specs[name] = []any{o["metadata"], o["spec"], o["data"]}
	}
	return specs
}

// instance is the observed instance, to be changed.
func (w *world) instance() fields {
	w.t.Helper()
	o, ok := w.observed[nameInstance]
	if !ok {
		w.t.Fatal("there is no instance")
	}
	return o
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

// forProvider is what a wanted resource asks of the cloud.
func forProvider(p *plan.Plan, name string) object.Object {
	return wanted(p, name).At("spec", "forProvider")
}

func resourceNames(p *plan.Plan) []string {
	names := make([]string, 0, len(p.Resources))
	for _, r := range p.Resources {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	return names
}

// drops are `name: reason`, in their order.
func drops(p *plan.Plan) []string {
	var out []string
	for _, d := range p.Drops {
		out = append(out, d.Name+": "+string(d.Reason))
	}
	return out
}

func condition(p *plan.Plan, conditionType string) conditions.Condition {
	for _, c := range p.Conditions {
		if c.Type == conditionType {
			return c
		}
	}
	return conditions.Condition{}
}

// secretData are the decoded values of the wanted connection Secret.
func secretData(t *testing.T, p *plan.Plan) map[string]string {
	t.Helper()
	data := wanted(p, nameConnection).StringMap("data")
	for k, v := range data {
		raw, err := base64.StdEncoding.DecodeString(v)
		if err != nil {
			t.Fatal(err)
		}
		data[k] = string(raw)
	}
	return data
}

// equal compares and says what differs.
func equal(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
