package simulator_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/types/known/structpb"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// Sizes of the property test of networks.
const (
	networkHistories      = 1_000
	shortNetworkHistories = 100
	// networkPatience is how many rounds a network gets to become ready once nothing is wrong any more: another NAT mode takes one level
	// of the graph after the other, with slow providers.
	networkPatience = 30
)

// networkFigures of all histories.
type networkFigures struct {
	rounds, calls, deletions, fatals, ready, healed atomic.Int64
}

// TestNetworkHistories plays random histories of one network each: edits, faults, and states that are lost.
func TestNetworkHistories(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(garbage))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	total := networkHistories
	if testing.Short() {
		total = shortNetworkHistories
	}
	var sum networkFigures
	first, last := 0, total
	if seed := os.Getenv(seedVariable); seed != "" {
		n, err := strconv.Atoi(seed)
		if err != nil {
			t.Fatal(err)
		}
		first, last = n, n+1
	}
	broken := &broken{}
	var wait sync.WaitGroup
	for shard := range shards {
		h := newNetworkHistory(t, &sum)
		wait.Go(func() {
			for seed := first + shard; seed < last; seed += shards {
				one := h.begin(uint64(seed))
				if err := one.play(); err != nil {
					broken.add(uint64(seed), err, one.trace)
				} else if last-first == 1 {
					t.Log(strings.Join(one.trace, "\n"))
				}
			}
		})
	}
	wait.Wait()
	broken.report(t)
	t.Logf("figures: %d network histories, %d rounds, %d calls, %d deletions, %d fatals, %d rounds ready, %d brought to a good end",
		last-first, sum.rounds.Load(), sum.calls.Load(), sum.deletions.Load(), sum.fatals.Load(), sum.ready.Load(), sum.healed.Load())
}

// networkHistory is one network and all that happens to it.
type networkHistory struct {
	figures    *networkFigures
	rng        *rand.Rand
	xr         *structpb.Struct
	pipeline   []simulator.Step
	composites map[string][]simulator.Step
	cluster    *simulator.Cluster
	trace      []string
	wrong      error
	// published are the ids that the status has told.
	published map[string]bool
}

func newNetworkHistory(t *testing.T, sum *networkFigures) *networkHistory {
	t.Helper()
	c, err := simulator.ReadCase(allExamples + "/networks/01-new")
	if err != nil {
		t.Fatal(err)
	}
	return &networkHistory{
		figures: sum, xr: c.XR, pipeline: stepsOf(t, compositionOf("networks"), rendered), composites: composites(t, rendered),
	}
}

// begin a history: in either flavour, with slow providers in every other one.
func (h *networkHistory) begin(seed uint64) *networkHistory {
	one := &networkHistory{figures: h.figures, rng: rand.New(rand.NewPCG(seed, 0x60_1de3)), published: map[string]bool{}, composites: h.composites}
	xr := h.xr
	if seed%2 == 1 {
		xr = simulator.Claims(xr)
	}
	for _, step := range h.pipeline {
		if step.Name == "network" {
			step.Input = routing(step.Input)
		}
		step.Function = &networkWitness{h: one, inner: step.Function}
		one.pipeline = append(one.pipeline, step)
	}
	one.cluster = simulator.New(xr, simulator.NewStore(), one.pipeline...)
	one.cluster.Composites = h.composites
	if seed%4 > 1 {
		one.cluster.Cloud.Delay = func(kind string) int { return len(kind) % 3 }
	}
	return one
}

// routing is an input with a rule more, by which everybody may route anywhere.
func routing(input *structpb.Struct) *structpb.Struct {
	if input == nil {
		input = simulator.With(&structpb.Struct{}, simulator.Text("network.fn.platform.io/v1"), "apiVersion")
		input = simulator.With(input, simulator.Text("Input"), "kind")
	}
	rule := &structpb.Struct{}
	for _, list := range []string{"namespaces", "providerConfigs", "accounts", "routeTargets"} {
		rule = simulator.With(rule, simulator.Texts("*"), list)
	}
	rules := input.GetFields()["tenancy"].GetStructValue().GetFields()["rules"].GetListValue().GetValues()
	return simulator.With(input, structpb.NewListValue(&structpb.ListValue{Values: append(slices.Clone(rules), simulator.Nested(rule))}),
		"tenancy", "rules")
}

// routesOf a spec: pairs of a range and a target.
func routesOf(pairs ...string) *structpb.Value {
	list := &structpb.ListValue{}
	for i := 0; i < len(pairs); i += 2 {
		field := "transitGatewayId"
		if strings.HasPrefix(pairs[i+1], "pcx-") {
			field = "peeringConnectionId"
		}
		route := simulator.With(&structpb.Struct{}, simulator.Text(pairs[i]), "cidr")
		list.Values = append(list.Values, simulator.Nested(simulator.With(route, simulator.Text(pairs[i+1]), field)))
	}
	return structpb.NewListValue(list)
}

func (h *networkHistory) play() error {
	for range 5 + h.rng.IntN(8) {
		events := networkEvents()
		name := slices.Sorted(maps.Keys(events))[h.rng.IntN(len(events))]
		h.trace = append(h.trace, name)
		events[name](h)
		for range 1 + h.rng.IntN(3) {
			if err := h.round(); err != nil {
				return fmt.Errorf("after %q: %w", name, err)
			}
		}
	}
	return h.heal()
}

// round is one reconcile with all checks, and one tick of the providers.
func (h *networkHistory) round() error {
	h.figures.rounds.Add(1)
	before := map[string]object.Object{}
	for name, c := range h.cluster.Composed {
		before[name] = object.Of(c.Object)
	}
	r, err := h.cluster.Reconcile()
	if err != nil {
		return err
	}
	h.note(r)
	if err := h.judge(r, before); err != nil {
		return err
	}
	h.cluster.Tick()
	return h.wrong
}

func (h *networkHistory) note(r *simulator.Round) {
	line := fmt.Sprintf("    ready=%v", h.cluster.Ready())
	if r.Fatal != "" {
		h.figures.fatals.Add(1)
		line += " fatal=" + r.Fatal
	}
	for _, d := range r.Deleted {
		h.figures.deletions.Add(1)
		line += fmt.Sprintf(" deleted=%s (%s)", d.Name, d.Drop.Reason)
	}
	if h.cluster.Ready() {
		h.figures.ready.Add(1)
	}
	h.trace = append(h.trace, line+fmt.Sprintf(" created=%v", r.Created))
}

// droppable are the beginnings of the names of what may go, because the spec says so. All else is kept whatever happens.
func droppable() []string {
	return []string{
		"network-route-private-", "network-nat-gateway-", "network-nat-address-", "network-flow-log", "network-interface-endpoints",
		"network-usage-protection", "endpoints-service-", "endpoints-group-of-", "endpoints-in-", "routes-to-",
		"network-routes",
	}
}

func (h *networkHistory) judge(r *simulator.Round, before map[string]object.Object) error {
	for _, d := range r.Deleted {
		if d.Name == "network-routes" && !h.cluster.Get("network-subnet-database-a").IsZero() {
			return fmt.Errorf("the database subnets lose their route table: %+v", d.Drop)
		}
		below := strings.HasPrefix(d.Of, "network-interface-endpoints")
		may := slices.ContainsFunc(droppable(), func(prefix string) bool { return strings.HasPrefix(d.Name, prefix) })
		if !below && (!may || d.Drop.Reason != "SpecChanged" || d.Drop.Message == "") {
			return fmt.Errorf("%s was deleted: %+v", d.Name, d.Drop)
		}
		if err := unused(d, before); err != nil {
			return err
		}
	}
	for name, was := range before {
		is := h.cluster.Get(name)
		if !is.IsZero() && is.Name() != was.Name() {
			return fmt.Errorf("%s was renamed from %s to %s", name, was.Name(), is.Name())
		}
	}
	if len(h.cluster.Cloud.Violations) > 0 {
		return fmt.Errorf("the cloud refuses: %s", h.cluster.Cloud.Violations[0])
	}
	if len(h.cluster.Composed) > 50 {
		return fmt.Errorf("%d resources", len(h.cluster.Composed))
	}
	if r.Fatal != "" {
		// Nothing is written, so what was lost before stays lost.
		return nil
	}
	return h.told()
}

// unused: no route leads to a NAT gateway that goes, and no gateway has an address that goes.
func unused(d simulator.Deletion, before map[string]object.Object) error {
	id := d.Object.String("status", "atProvider", "id")
	for name, o := range before {
		if name == d.Name {
			continue
		}
		for _, field := range []string{"natGatewayId", "allocationId"} {
			if id != "" && (o.String("spec", "forProvider", field) == id || o.String("status", "atProvider", field) == id) {
				return fmt.Errorf("%s was deleted, and %s leads to it", d.Name, name)
			}
		}
	}
	return nil
}

// told: ids that the status has told are told for ever, because others are built on them.
func (h *networkHistory) told() error {
	status := object.Of(h.cluster.Status)
	now := map[string]bool{}
	if id := status.String("vpcId"); id != "" {
		now[id] = true
	}
	for _, s := range status.List("subnets") {
		now[s.String("id")+" "+s.String("role")+" "+s.String("zone")+" "+s.String("cidr")] = true
	}
	for id := range h.published {
		if !now[id] {
			return fmt.Errorf("the status has forgotten %s", id)
		}
	}
	h.published = now
	return nil
}

// heal puts right whatever a message could have asked for. Then the network has to become ready: no history is a trap.
func (h *networkHistory) heal() error {
	h.trace = append(h.trace, "everything is put right")
	zones, databases := map[string]bool{}, false
	for name, c := range h.cluster.Composed {
		c.Fault = simulator.Fault{}
		if zone, ok := strings.CutPrefix(name, "network-subnet-private-"); ok {
			zones[zone] = true
		}
		databases = databases || strings.HasPrefix(name, "network-subnet-database-")
		if child := h.cluster.Child(name); child != nil {
			for _, below := range child.Composed {
				below.Fault = simulator.Fault{}
			}
		}
	}
	h.spec(simulator.Number(int64(max(1, len(zones)))), "zones")
	h.spec(simulator.Bool(databases), "databaseTier")
	cidr, region := "10.40.0.0/16", "eu-west-1"
	if vpc := h.cluster.Get("network-vpc").At("spec", "forProvider"); !vpc.IsZero() {
		cidr, region = vpc.String("cidrBlock"), vpc.String("region")
	}
	h.spec(simulator.Text(cidr), "cidr")
	h.spec(simulator.Text(region), "cloud", "region")
	for range networkPatience {
		if err := h.round(); err != nil {
			return fmt.Errorf("after %q: %w", "everything is put right", err)
		}
		if h.cluster.Ready() {
			h.figures.healed.Add(1)
			return nil
		}
	}
	return fmt.Errorf("after %q: it never becomes ready: %v", "everything is put right", h.cluster.Conditions)
}

func (h *networkHistory) spec(value *structpb.Value, path ...string) {
	h.cluster.XR = simulator.With(h.cluster.XR, value, append([]string{"spec"}, path...)...)
}

func (h *networkHistory) one(values ...string) *structpb.Value {
	return simulator.Text(values[h.rng.IntN(len(values))])
}

// resource is a random composed resource, of the network or of its endpoints, with who composes it.
func (h *networkHistory) resource() (*simulator.Cluster, string) {
	cluster := h.cluster
	for _, name := range []string{"network-interface-endpoints", "network-routes"} {
		if child := h.cluster.Child(name); child != nil && h.rng.IntN(4) == 0 {
			cluster = child
		}
	}
	names := slices.Sorted(maps.Keys(cluster.Composed))
	if len(names) == 0 {
		return cluster, ""
	}
	return cluster, names[h.rng.IntN(len(names))]
}

// networkEvents are what may happen to a network.
func networkEvents() map[string]func(*networkHistory) {
	fault := func(f simulator.Fault) func(*networkHistory) {
		return func(h *networkHistory) {
			if cluster, name := h.resource(); name != "" {
				cluster.Composed[name].Fault = f
			}
		}
	}
	return map[string]func(*networkHistory){
		"nothing":           func(*networkHistory) {},
		"another NAT mode":  func(h *networkHistory) { h.spec(h.one("none", "single", "perZone"), "nat") },
		"one more NAT mode": func(h *networkHistory) { h.spec(h.one("none", "single", "perZone"), "nat") },
		"other zones":       func(h *networkHistory) { h.spec(simulator.Number(int64(1+h.rng.IntN(3))), "zones") },
		"another tier":      func(h *networkHistory) { h.spec(simulator.Bool(h.rng.IntN(2) == 0), "databaseTier") },
		"protection":        func(h *networkHistory) { h.spec(simulator.Bool(h.rng.IntN(2) == 0), "deletionProtection") },
		"flow logs":         func(h *networkHistory) { h.spec(simulator.Bool(h.rng.IntN(2) == 0), "flowLogs", "enabled") },
		"endpoints":         func(h *networkHistory) { h.spec(simulator.Texts("sts", "logs"), "endpoints") },
		"another endpoint":  func(h *networkHistory) { h.spec(simulator.Texts("sts"), "endpoints") },
		"no endpoints":      func(h *networkHistory) { h.spec(simulator.Texts(), "endpoints") },
		"many endpoints":    func(h *networkHistory) { h.spec(simulator.Texts("eksPrivate"), "endpointPresets") },
		"no presets":        func(h *networkHistory) { h.spec(simulator.Texts(), "endpointPresets") },
		"a route":           func(h *networkHistory) { h.spec(routesOf("10.200.0.0/16", "tgw-1"), "routes") },
		"another target":    func(h *networkHistory) { h.spec(routesOf("10.200.0.0/16", "pcx-1"), "routes") },
		"routes": func(h *networkHistory) {
			h.spec(routesOf("10.200.0.0/16", "tgw-1", "10.201.0.0/16", "pcx-1"), "routes")
		},
		"no routes":           func(h *networkHistory) { h.spec(routesOf(), "routes") },
		"another cidr":        func(h *networkHistory) { h.spec(h.one("10.40.0.0/16", "10.40.0.0/17", "8.0.0.0/16"), "cidr") },
		"another region":      func(h *networkHistory) { h.spec(h.one("eu-west-1", "eu-west-1", "us-west-1"), "cloud", "region") },
		"a provider fails":    fault(simulator.Fault{Message: "create failed: out of luck"}),
		"a provider is stuck": fault(simulator.Fault{Stuck: true}),
		"providers recover": func(h *networkHistory) {
			for _, c := range h.cluster.Composed {
				c.Fault = simulator.Fault{}
			}
		},
		"core restarts":             func(h *networkHistory) { h.cluster.RestartCore() },
		"the providers start again": func(h *networkHistory) { h.cluster.RestartProviders() },
		"somebody adds a rule to the default security group": func(h *networkHistory) {
			h.cluster.ByHand("network-default-security-group", "ingress", anybody())
		},
		"the status of a resource is lost": func(h *networkHistory) {
			if cluster, name := h.resource(); name != "" {
				cluster.LoseStatus(name)
			}
		},
		"the status of everything is lost": func(h *networkHistory) {
			for name := range h.cluster.Composed {
				h.cluster.LoseStatus(name)
			}
		},
		"the status of the network is lost": func(h *networkHistory) { h.cluster.Status = nil },
	}
}

// anybody is the list of a rule that lets everybody in.
func anybody() *structpb.Value {
	rule := simulator.With(simulator.With(nil, simulator.Text("-1"), "protocol"), simulator.Texts("0.0.0.0/0"), "cidrBlocks")
	return structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{simulator.Nested(rule)}})
}

// networkWitness looks at every call of a function from the outside, and makes some of them twice.
type networkWitness struct {
	h     *networkHistory
	inner simulator.Function
}

// RunFunction calls the function: the same request has to give the same bytes, and stay as it is, and every condition is answered.
func (w *networkWitness) RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	w.h.figures.calls.Add(1)
	twice := w.h.rng.IntN(oneOf) == 0
	var before []byte
	if twice {
		before = marshal(req)
	}
	rsp, err := w.inner.RunFunction(ctx, req)
	if err != nil {
		return nil, err
	}
	if twice {
		again, err := w.inner.RunFunction(ctx, req)
		if err != nil || !bytes.Equal(marshal(rsp), marshal(again)) {
			w.h.wrong = fmt.Errorf("the same request gave two different responses (error %w)", err)
		}
		if !bytes.Equal(before, marshal(req)) {
			w.h.wrong = fmt.Errorf("the function changed its request")
		}
	}
	answered := map[string]bool{}
	for _, c := range rsp.GetConditions() {
		answered[c.GetType()] = c.GetReason() != ""
	}
	all := []string{v1.ConditionNetworkReady, v1.ConditionEndpointsReady, v1.ConditionRoutesReady, v1.ConditionPeersDisjoint}
	if answered[v1.ConditionGuardrailsPassed] {
		return rsp, nil
	}
	for _, conditionType := range all {
		if !answered[conditionType] {
			w.h.wrong = fmt.Errorf("%s is not answered", conditionType)
		}
	}
	return rsp, nil
}
