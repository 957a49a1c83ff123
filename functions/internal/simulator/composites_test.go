package simulator_test

import (
	"strings"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

const inner = `{apiVersion: platform.io/v1, kind: Network, metadata: {name: inner}, spec: {zones: 2}}`

// nested is a composite with another one in it, which composes two groups.
type nested struct {
	*simulator.Cluster

	// wanted is what the outer composite wants, and below what the inner one wants.
	wanted, below map[string]string
	// drops of the outer one.
	drops []string
	// asked are the requests to the inner one.
	asked []*fnv1.RunFunctionRequest
	// broken is what the inner pipeline answers with.
	broken bool
}

func newNested(t *testing.T, document string) *nested {
	t.Helper()
	n := &nested{wanted: map[string]string{"network": inner}, below: map[string]string{"group": group}}
	outer := &fake{answer: func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
		rsp := wants(t, n.wanted)
		drops := make([]string, 0, len(n.drops))
		for _, name := range n.drops {
			drops = append(drops, `{name: `+name+`, reason: SpecChanged, message: m}`)
		}
		rsp.Context = parse(t, `{"`+pipelinev1.DropsKey+`": {apiVersion: pipeline.platform.io/v1, kind: Drops, items: [`+strings.Join(drops, ", ")+`]}}`)
		return rsp
	}}
	within := &fake{answer: func(req *fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
		n.asked = append(n.asked, req)
		if n.broken {
			return nil
		}
		rsp := wants(t, n.below)
		zones := object.Of(req.GetObserved().GetComposite().GetResource()).Int("spec", "zones")
		rsp.Desired.Composite.Resource = simulator.With(nil, simulator.Number(zones), "status", "zones")
		for name, d := range rsp.GetDesired().GetResources() {
			observed := object.Of(req.GetObserved().GetResources()[name].GetResource())
			d.Ready = fnv1.Ready_READY_FALSE
			if observed.Condition("Ready").Status == "True" {
				d.Ready = fnv1.Ready_READY_TRUE
			}
		}
		return rsp
	}}
	n.Cluster = simulator.New(parse(t, document), simulator.NewStore(), simulator.Step{Name: "outer", Function: outer})
	innermost := &fake{answer: func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
		return wants(t, map[string]string{"small": small})
	}}
	n.Composites = map[string][]simulator.Step{
		"Network": {{Name: "inner", Function: within}}, "NetworkEndpoints": {{Name: "innermost", Function: innermost}},
	}
	return n
}

const claimed = `{apiVersion: platform.io/v1, kind: XThing, metadata: {name: one-x7k2p, uid: uid-1, labels: {crossplane.io/composite: one-x7k2p,
  crossplane.io/claim-name: one, crossplane.io/claim-namespace: team}}, spec: {}}`

// TestChild: a composite is reconciled by its own pipeline, and what it is flows into the composed object.
func TestChild(t *testing.T) {
	t.Parallel()
	n := newNested(t, xr)
	first := reconcile(t, n.Cluster)
	if !cmp.Equal(first.Created, []string{"network"}) || !cmp.Equal(first.Children["network"].Created, []string{"group"}) {
		t.Errorf("created %v, below %v", first.Created, first.Children["network"].Created)
	}
	child := n.Child("network")
	if o := child.Get("group"); !o.ControlledBy(n.Get("network").UID()) || o.Namespace() != "team" || o.Label("crossplane.io/composite") != "one" {
		t.Errorf("core's metadata is missing: %v", o.Map())
	}
	if got := n.Get("network").Condition("Ready"); got.Status != "False" || got.Reason != "Creating" {
		t.Errorf("the composite is not ready yet: %v", got)
	}
	reconcile(t, n.Cluster)
	for _, conditionType := range []string{"Ready", "Synced"} {
		if got := n.Get("network").Condition(conditionType); got.Status != "True" || got.ObservedGeneration != 1 {
			t.Errorf("%s of the composite is %v", conditionType, got)
		}
	}
	n.wanted["network"] = strings.ReplaceAll(inner, "2", "3")
	reconcile(t, n.Cluster)
	if o := n.Get("network"); o.Int("status", "zones") != 3 || o.Condition("Synced").ObservedGeneration != 2 {
		t.Errorf("what the outer one changes arrives in the inner one: %v", o.Map())
	}
	if n.Child("nothing") != nil || child.Child("group") != nil {
		t.Error("what is no composite composes nothing")
	}
	n.broken = true
	if _, err := n.Step(); err == nil || !strings.Contains(err.Error(), "network: step inner") {
		t.Errorf("a broken pipeline below is an error: %v", err)
	}
}

// TestChildWithoutComposition: what nobody reconciles has no status.
func TestChildWithoutComposition(t *testing.T) {
	t.Parallel()
	n := newNested(t, xr)
	n.Composites = nil
	reconcile(t, n.Cluster)
	if n.Child("network") != nil || n.Get("network").Has("status") {
		t.Errorf("somebody reconciles it: %v", n.Get("network").Map())
	}
}

// TestChildOfClaim: in the claims flavour the composite has no namespace, and knows the claim by labels.
func TestChildOfClaim(t *testing.T) {
	t.Parallel()
	n := newNested(t, claimed)
	n.wanted["network"] = strings.ReplaceAll(inner, "Network", "XNetwork")
	n.below["group"] = strings.ReplaceAll(group, "aws.m.", "aws.")
	reconcile(t, n.Cluster)
	want := map[string]string{
		"crossplane.io/claim-name": "one", "crossplane.io/claim-namespace": "team", "crossplane.io/composite": "one-x7k2p",
	}
	for name, o := range map[string]object.Object{"the composite": n.Get("network"), "what it composes": n.Child("network").Get("group")} {
		if diff := cmp.Diff(want, o.StringMap("metadata", "labels")); diff != "" || o.Namespace() != "" {
			t.Errorf("%s: namespace %q, %s", name, o.Namespace(), diff)
		}
	}
}

// TestChildGoes: what is below goes with the composite, and the composite goes last.
func TestChildGoes(t *testing.T) {
	t.Parallel()
	n := newNested(t, xr)
	n.Cloud.Teardown = 1
	n.below["second"] = `{apiVersion: platform.io/v1, kind: NetworkEndpoints, metadata: {name: innermost}}`
	reconcile(t, n.Cluster)
	calls := len(n.asked)
	n.wanted, n.drops = nil, []string{"network"}
	round := reconcile(t, n.Cluster)
	var got []string
	for _, d := range round.Deleted {
		got = append(got, d.Of+":"+d.Name+" "+string(d.Drop.Reason))
	}
	want := []string{":network SpecChanged", "network:group SpecChanged", "network:second SpecChanged", "network/second:small SpecChanged"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(n.Composed) != 0 || len(n.Terminating) != 1 {
		t.Errorf("the composite waits for what is below: %v", n.Terminating)
	}
	reconcile(t, n.Cluster)
	reconcile(t, n.Cluster)
	if len(n.Terminating) != 0 || len(n.asked) != calls {
		t.Errorf("%d are left, and %d calls were made for what is being deleted", len(n.Terminating), len(n.asked)-calls)
	}
}

// TestChildOfItself: a composite that composes its own kind for ever is an error, and no endless loop.
func TestChildOfItself(t *testing.T) {
	t.Parallel()
	n := newNested(t, xr)
	n.below["again"] = inner
	if _, err := n.Step(); err == nil || !strings.Contains(err.Error(), "composites in composites") {
		t.Errorf("it is no error: %v", err)
	}
}

// TestChildFork: two that go on from one point do not meet again.
func TestChildFork(t *testing.T) {
	t.Parallel()
	n := newNested(t, xr)
	reconcile(t, n.Cluster)
	fork := n.Fork()
	n.below["second"] = strings.ReplaceAll(group, "name: g", "name: h")
	if _, err := fork.Step(); err != nil {
		t.Fatal(err)
	}
	if fork.Child("network").Get("second").IsZero() || !n.Child("network").Get("second").IsZero() {
		t.Error("a fork has changed the other one")
	}
}

// TestChildFromFile: a composite that a file says is ready has composed what it needs.
func TestChildFromFile(t *testing.T) {
	t.Parallel()
	n := newNested(t, xr)
	reconcile(t, n.Cluster)
	reconcile(t, n.Cluster)
	again := newNested(t, xr)
	again.Adopt(n.Get("network").Struct())
	round := reconcile(t, again.Cluster)
	if !again.Ready() || len(round.Created) > 0 || len(round.Children["network"].Created) > 0 {
		t.Errorf("ready %v, created %v, below %v", again.Ready(), round.Created, round.Children["network"].Created)
	}
	if again.Child("network").Get("group").IsZero() || again.Get("network").Condition("Ready").Status != "True" {
		t.Errorf("it is as it was: %v", again.Get("network").Map())
	}
	never := newNested(t, xr)
	never.below["never"] = `{apiVersion: platform.io/v1, kind: Unknown, metadata: {name: never}}`
	never.Adopt(n.Get("network").Struct())
	if _, err := never.Step(); err == nil || !strings.Contains(err.Error(), "ready in the file") {
		t.Errorf("it never becomes what the file says: %v", err)
	}
}

// TestSelection: a function finds objects of every level by name, by labels, and all of a kind.
func TestSelection(t *testing.T) {
	t.Parallel()
	usage := func(name, namespace, uid string) string {
		return `{apiVersion: protection.crossplane.io/v1beta1, kind: Usage, metadata: {name: ` + name + `, namespace: ` + namespace +
			`, labels: {platform.io/environment-uid: "` + uid + `"}}}`
	}
	network := func(name, namespace string) string {
		return `{apiVersion: platform.io/v1, kind: Network, metadata: {name: ` + name + `, namespace: ` + namespace + `}}`
	}
	labels := func(labels map[string]string, namespace *string) *fnv1.ResourceSelector {
		return &fnv1.ResourceSelector{
			ApiVersion: "protection.crossplane.io/v1beta1", Kind: "Usage", Namespace: namespace,
			Match: &fnv1.ResourceSelector_MatchLabels{MatchLabels: &fnv1.MatchLabels{Labels: labels}},
		}
	}
	team := "team"
	cases := map[string]struct {
		selector *fnv1.ResourceSelector
		want     []string
	}{
		"labels, in all namespaces": {labels(map[string]string{"platform.io/environment-uid": "1"}, nil), []string{"other/b", "team/a", "team/own"}},
		"labels, in one namespace":  {labels(map[string]string{"platform.io/environment-uid": "1"}, &team), []string{"team/a", "team/own"}},
		"no such label":             {labels(map[string]string{"platform.io/environment-uid": "3"}, nil), nil},
		"all of a kind, with the composite itself and what it composes": {
			&fnv1.ResourceSelector{ApiVersion: "platform.io/v1", Kind: "Network"}, []string{"other/far", "team/inner", "team/one"}},
		"all of a kind in one namespace": {
			&fnv1.ResourceSelector{ApiVersion: "platform.io/v1", Kind: "Network", Namespace: &team}, []string{"team/inner", "team/one"}},
		"another version": {&fnv1.ResourceSelector{ApiVersion: "platform.io/v2", Kind: "Network"}, nil},
		"a name": {&fnv1.ResourceSelector{ApiVersion: "platform.io/v1", Kind: "Network", Namespace: &team,
			Match: &fnv1.ResourceSelector_MatchName{MatchName: "one"}}, []string{"team/one"}},
		"a name that another namespace has": {&fnv1.ResourceSelector{ApiVersion: "platform.io/v1", Kind: "Network", Namespace: &team,
			Match: &fnv1.ResourceSelector_MatchName{MatchName: "far"}}, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			for level, asks := range map[string]string{"outer": "outer", "inner": "inner"} {
				n := newNested(t, strings.ReplaceAll(xr, "Thing", "Network"))
				n.wanted["usage"] = usage("own", "team", "1")
				n.Store.Put(parse(t, usage("a", "team", "1")))
				n.Store.Put(parse(t, usage("b", "other", "1")))
				n.Store.Put(parse(t, usage("c", "team", "2")))
				n.Store.Put(parse(t, network("far", "other")))
				var got []string
				n.OnCall = func(call simulator.Call) {
					if call.Step != asks {
						return
					}
					call.Response.Requirements = &fnv1.Requirements{Resources: map[string]*fnv1.ResourceSelector{"key": tc.selector}}
					got = nil
					for _, item := range call.Request.GetRequiredResources()["key"].GetItems() {
						got = append(got, object.Of(item.GetResource()).Namespace()+"/"+object.Of(item.GetResource()).Name())
					}
				}
				reconcile(t, n.Cluster)
				reconcile(t, n.Cluster)
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("%s: %s", level, diff)
				}
			}
		})
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	clock := simulator.NewClock(now())
	clock.Advance(time.Hour)
	if got := clock.Now(); !got.Equal(now().Add(time.Hour)) {
		t.Errorf("Now() = %v", got)
	}
	clock.Set(now())
	if got := clock.Now(); !got.Equal(now()) {
		t.Errorf("Now() = %v", got)
	}
}
