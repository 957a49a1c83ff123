package network

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

const networkYAML = `
apiVersion: platform.io/v1
kind: Network
metadata: {name: shared, namespace: platform, uid: xr-uid, creationTimestamp: "2026-01-02T00:00:00Z"}
spec:
  cloud: {provider: aws, region: eu-west-1, accountId: "123456789012", providerConfigRef: {name: aws-staging}}
  owner: {team: platform, costCenter: "cc 1!"}
  cidr: 10.40.0.0/16
`

const endpointsYAML = `
apiVersion: platform.io/v1
kind: NetworkEndpoints
metadata: {name: shared-endpoints, namespace: platform, uid: xr-uid}
spec:
  cloud: {provider: aws, region: eu-west-1, accountId: "123456789012", providerConfigRef: {name: aws-staging}}
  owner: {team: platform}
  vpcId: vpc-1
  cidr: 10.40.0.0/16
  subnetIds: [subnet-2, subnet-1]
  services: [sts, ecr.api]
`

// fields is a JSON object that a test changes.
type fields = map[string]any

// world is a composite, and a cloud in which everything that is composed becomes ready.
type world struct {
	t        *testing.T
	stage    plan.Stage
	xr       fields
	observed map[string]fields
	// others are the other networks. Nil before core has looked.
	others *plan.Required
	legacy bool
	// asleep are the names of resources that the cloud does not act on.
	asleep []string
	// account that the provider's credentials are for.
	account string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{
		t: t, stage: Stage(open(defaultSettings())), xr: parse(t, networkYAML), observed: map[string]fields{},
		others: &plan.Required{Resolved: true}, account: "123456789012",
	}
}

// open are settings with a rule that lets everybody name everything of this test.
func open(data settings) settings {
	all := []string{"*"}
	data.tenancy = &tenancy.Tenancy{Rules: []tenancy.Rule{{
		Namespaces: all, ProviderConfigs: all, Accounts: all, Owners: all, CostCenters: all, VPCs: []string{"vpc-0a", "vpc-0f"},
		CIDRs: all, PeerGroups: all,
	}}}
	return data
}

// endpointsWorld is a world with a NetworkEndpoints.
func endpointsWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.stage, w.xr = EndpointsStage(), parse(t, endpointsYAML)
	return w
}

// existingWorld is a world with a Network that adopts a VPC.
func existingWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	return w.with(fields{"cidr": nil, "existing": fields{"vpcId": "vpc-0a", "subnets": []any{
		fields{"id": "subnet-0b", "role": "private"}, fields{"id": "subnet-0c", "role": "database"},
	}}})
}

// with changes the spec: a value per dotted path; nil removes it.
func (w *world) with(spec fields) *world {
	for k, v := range spec {
		set(w.xr, "spec."+k, v)
	}
	return w
}

// readyWorld is a world in which a network with a spec is ready.
func readyWorld(t *testing.T, spec fields) *world {
	t.Helper()
	w := newWorld(t).with(spec)
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

// claimed makes the composite one of the claims flavour.
func (w *world) claimed() *world {
	w.legacy = true
	w.xr["kind"] = "X" + w.xr["kind"].(string)
	w.xr["metadata"] = fields{"name": "shared-x7k2p", "uid": "xr-uid"}
	set(w.xr, "spec.claimRef", fields{"apiVersion": "platform.io/v1", "kind": "Network", "namespace": "platform", "name": "shared"})
	return w
}

// look answers with what is observed.
type look struct{ w *world }

func (l look) Get(name string) object.Object {
	if f, ok := l.w.observed[name]; ok {
		return l.w.object(f)
	}
	return object.Object{}
}

// once looks like look, and converts what is asked for once: in a call nothing changes.
type once struct {
	look

	objects map[string]object.Object
}

func (o once) Get(name string) object.Object {
	if _, known := o.objects[name]; !known {
		o.objects[name] = o.look.Get(name)
	}
	return o.objects[name]
}

func (look) Connection(string) map[string][]byte { return nil }

func (l look) Names(prefix string) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(l.w.observed)) {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	return names
}

func (w *world) in() plan.In {
	w.t.Helper()
	in := plan.In{
		XR:       w.object(w.xr),
		Subject:  naming.Subject{UID: "xr-uid", Kind: "network", Namespace: "platform", Name: "shared"},
		Flavour:  managed.Flavour{Namespace: "platform"},
		Observed: once{look{w}, map[string]object.Object{}},
		Required: map[string]plan.Required{},
	}
	if w.legacy {
		in.Flavour = managed.Flavour{Legacy: true, Namespace: "platform", SecretNamespace: "crossplane-system"}
	}
	if w.others != nil {
		in.Required[requirementPeers] = *w.others
	}
	return in
}

// compose calls the stage once and expects a plan.
func (w *world) compose() *plan.Plan {
	w.t.Helper()
	p, err := w.stage.Compose(w.in())
	if err != nil {
		w.t.Fatalf("Compose() failed: %v", err)
	}
	return p
}

// refusal calls the stage once and expects a refusal: its type, its reason and its sentence.
func (w *world) refusal() (string, conditions.Reason, string) {
	w.t.Helper()
	_, err := w.stage.Compose(w.in())
	refusal := (*plan.Refusal)(nil)
	if !errors.As(err, &refusal) {
		w.t.Fatalf("Compose() gave %v and no refusal", err)
	}
	return refusal.Type, refusal.Reason, refusal.Message
}

// apply does to the cloud what the plan wants.
func (w *world) apply(p *plan.Plan) {
	w.t.Helper()
	for _, r := range p.Resources {
		was := w.observed[r.Name]
		now := r.Object.Map()
		if was != nil {
			now["status"] = was["status"]
			if name, ok := was["metadata"].(fields)["annotations"]; ok {
				set(now, "metadata.annotations", name)
			}
		}
		w.observed[r.Name] = now
		if !slices.Contains(w.asleep, r.Name) {
			w.wake(r.Name)
		}
	}
	for _, d := range p.Drops {
		delete(w.observed, d.Name)
	}
	if !p.Status.IsZero() {
		w.xr["status"] = p.Status.Done().Map()
	}
}

// wake lets the cloud act on a resource.
func (w *world) wake(name string) {
	w.t.Helper()
	o := w.observed[name]
	meta, _ := o["metadata"].(fields)
	id := idOf(name)
	if kind := o["kind"].(string); kind == "Group" || kind == "Role" || kind == "RolePolicy" {
		id = meta["name"].(string)
	}
	if annotations, ok := meta["annotations"].(fields); ok && annotations[externalName] != nil {
		id = annotations[externalName].(string)
	}
	at := fields{"id": id, "arn": "arn:aws:x:eu-west-1:123456789012:" + meta["name"].(string)}
	switch o["kind"] {
	case "VPC":
		at["ownerId"], at["cidrBlock"] = w.account, w.object(o).String("spec", "forProvider", "cidrBlock")
		if at["cidrBlock"] == "" {
			at["cidrBlock"] = "10.7.0.0/16"
		}
	case "Subnet":
		at["vpcId"], at["availabilityZone"], at["cidrBlock"] = "vpc-0a", "eu-west-1b", "10.7.1.0/24"
	case "EIP":
		at["publicIp"] = "198.51.100." + map[string]string{"a": "1", "b": "2", "c": "3"}[name[len(name)-1:]]
	case "Usage", "ClusterUsage":
		return
	}
	ready := []any{fields{"type": "Synced", "status": "True"}, fields{"type": "Ready", "status": "True"}}
	switch kind := strings.TrimPrefix(o["kind"].(string), "X"); kind {
	case "NetworkEndpoints":
		ready = append(ready, fields{"type": "EndpointsReady", "status": "True", "reason": "Available", "message": "sts within the network"})
		at = nil
	case "NetworkRoutes":
		var reached []any
		for _, route := range w.object(o).List("spec", "routes") {
			reached = append(reached, route.String("cidr"))
		}
		ready = append(ready, fields{"type": "RoutesReady", "status": "True", "reason": "Available", "message": "the network reaches some"})
		o["status"] = fields{"databaseRouteTableId": "rtb-database", "routedCidrs": reached, "conditions": ready}
		return
	default:
		annotations, _ := meta["annotations"].(fields)
		annotations = maps.Clone(annotations)
		if annotations == nil {
			annotations = fields{}
		}
		annotations[externalName] = id
		meta["annotations"] = annotations
	}
	o["status"] = fields{"atProvider": at, "conditions": ready}
}

// idOf a resource in the cloud.
func idOf(name string) string { return "id-of-" + name }

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
	for range 10 {
		before := map[string]any{"": w.xr["status"]}
		for name, o := range w.observed {
			before[name] = maps.Clone(o)
		}
		p := w.step()
		after := map[string]any{"": w.xr["status"]}
		for name, o := range w.observed {
			after[name] = o
		}
		if cmp.Equal(before, after) {
			return p
		}
	}
	w.t.Fatal("the plan does not settle")
	return nil
}

func (w *world) specs() map[string]any {
	specs := map[string]any{"": w.xr["status"]}
	for name, o := range w.observed {
		specs[name] = o["spec"]
	}
	return specs
}

// loseStatus of everything that is composed, of the external names too, and of the composite.
func (w *world) loseStatus(externalNames bool) {
	for _, o := range w.observed {
		delete(o, "status")
		if meta, ok := o["metadata"].(fields); ok && externalNames {
			delete(meta, "annotations")
		}
	}
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
func forProvider(p *plan.Plan, name string) fields {
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
