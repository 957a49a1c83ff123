package environment

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

const claimYAML = `
apiVersion: platform.io/v1
kind: Environment
metadata: {name: staging, namespace: team-checkout, uid: env-uid, creationTimestamp: "2026-03-01T12:00:00Z"}
spec:
  type: staging
  cloud: {provider: aws, region: eu-west-1, accountId: "123456789012", providerConfigRef: {name: aws-staging}}
  owner: {team: checkout, costCenter: cc-42, contact: checkout@example.org}
  networkRef: {name: shared, namespace: platform}
  cluster:
    providerConfigRef: {name: workloads}
    eks: {name: workloads, identityMode: PodIdentity}
  identities:
  - {serviceAccount: orders-api}
  - {serviceAccount: orders-report}
  vault:
    providerConfigRef: {name: vault}
    source: {securityGroupId: sg-0fa017}
`

// networkYAML is the Network that the claim names.
const networkYAML = `
apiVersion: platform.io/v1
kind: Network
metadata: {name: shared, namespace: platform, uid: net-uid}
status:
  cloud: {provider: aws, region: eu-west-1, accountId: "123456789012"}
  sharedWith: [team-checkout]
  conditions: [{type: Ready, status: "True"}]
  vpcId: vpc-0a1
  cidr: 10.40.0.0/16
  subnets:
  - {id: subnet-0b2, role: database, zone: eu-west-1b, cidr: 10.40.72.0/22}
  - {id: subnet-0b1, role: database, zone: eu-west-1a, cidr: 10.40.68.0/22}
  - {id: subnet-0c1, role: private, zone: eu-west-1a, cidr: 10.40.0.0/20}
`

// created is when the claim of the fixture was created.
func created() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// fields is a JSON object that a test changes.
type fields = map[string]any

// world is a claim, the objects that it may ask for, and a cloud in which everything that is composed becomes ready.
type world struct {
	t    *testing.T
	data settings
	xr   fields
	// network is the object that spec.networkRef names. Nil when there is none.
	network fields
	// others are more objects that core finds: Usages of what lives in the environment, and whatever a test adds.
	others   []fields
	observed map[string]fields
	now      time.Time
	legacy   bool
	// more says that the composite is an EnvironmentIdentities.
	more bool
	// blind says that core has not looked for anything yet.
	blind bool
	// asleep are the names of resources that no provider acts on.
	asleep []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	data := defaultSettings()
	data.tenancy = everything()
	return &world{
		t: t, data: data, xr: parse(t, claimYAML), network: parse(t, networkYAML), observed: map[string]fields{},
		now: created(),
	}
}

// with changes the claim: a value per dotted path below spec; nil removes it.
func (w *world) with(claim fields) *world {
	for _, k := range slices.Sorted(maps.Keys(claim)) {
		set(w.xr, "spec."+k, claim[k])
	}
	return w
}

// minimal is a world in which the claim says no more than it has to.
func minimal(t *testing.T) *world {
	t.Helper()
	return newWorld(t).with(fields{"cluster": nil, "identities": nil, "vault": nil})
}

// readyWorld is a world in which the environment is ready.
func readyWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.settle()
	return w
}

// claimed makes the world's claim one of the claims flavour.
func (w *world) claimed() *world {
	w.legacy = true
	claim := maps.Clone(w.xr)
	claim["metadata"] = fields{"name": "staging", "namespace": "team-checkout", "uid": "claim-uid"}
	w.others = append(w.others, claim)
	w.xr["kind"] = "XEnvironment"
	w.xr["metadata"] = fields{
		"name": "staging-x7k2p", "uid": "env-uid", "creationTimestamp": "2026-03-01T12:00:00Z",
		"labels": fields{"crossplane.io/claim-name": "staging", "crossplane.io/claim-namespace": "team-checkout"},
	}
	set(w.xr, "spec.claimRef", fields{"apiVersion": "platform.io/v1", "kind": "Environment", "namespace": "team-checkout", "name": "staging"})
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

func (w *world) in() plan.In {
	w.t.Helper()
	in := plan.In{
		XR:       w.object(w.xr),
		Subject:  naming.Subject{UID: "env-uid", Kind: "environment", Namespace: "team-checkout", Name: "staging"},
		Flavour:  managed.Flavour{Namespace: "team-checkout"},
		Observed: look(w),
		Required: map[string]plan.Required{},
		Now:      w.now,
	}
	if w.legacy {
		in.Flavour = managed.Flavour{Legacy: true, Namespace: "team-checkout", SecretNamespace: "crossplane-system"}
	}
	return in
}

// call calls the stage as core does: again, for as long as it asks for something that core has not looked for.
func (w *world) call() (*plan.Plan, error) {
	w.t.Helper()
	in := w.in()
	for range 5 {
		stage := Stage(w.data)
		if w.more {
			stage = IdentitiesStage()
		}
		p, err := stage.Compose(in)
		if p == nil || w.blind || !w.answer(in, p) {
			return p, err
		}
	}
	w.t.Fatal("the requirements do not settle")
	return nil, nil
}

// compose calls the stage once and expects a plan.
func (w *world) compose() *plan.Plan {
	w.t.Helper()
	p, err := w.call()
	if err != nil {
		w.t.Fatalf("Compose() failed: %v", err)
	}
	return p
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
	for range 12 {
		before := w.specs()
		p := w.step()
		if cmp.Equal(before, w.specs()) {
			return p
		}
	}
	w.t.Fatal("the plan does not settle")
	return nil
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

// equal compares and says what differs.
func equal(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
