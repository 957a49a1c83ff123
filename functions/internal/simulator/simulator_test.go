package simulator_test

import (
	"context"
	"errors"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// fake answers what a test tells it to, and remembers what it was asked.
type fake struct {
	answer func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse
	asked  []*fnv1.RunFunctionRequest
}

func (f *fake) RunFunction(_ context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	f.asked = append(f.asked, req)
	rsp := f.answer(req)
	if rsp == nil {
		return nil, errors.New("no answer")
	}
	return rsp, nil
}

const xr = `{apiVersion: platform.io/v1, kind: Thing, metadata: {name: one, namespace: team, uid: uid-1}, spec: {size: small}}`

// fakeCluster runs one fake function.
func fakeCluster(t *testing.T, answer func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse) (*simulator.Cluster, *fake) {
	t.Helper()
	f := &fake{answer: answer}
	return simulator.New(parse(t, xr), simulator.NewStore(), simulator.Step{Name: "fake", Function: f}), f
}

// wants is a response with some resources, all ready.
func wants(t *testing.T, resources map[string]string) *fnv1.RunFunctionResponse {
	t.Helper()
	rsp := &fnv1.RunFunctionResponse{Desired: &fnv1.State{Composite: &fnv1.Resource{}, Resources: map[string]*fnv1.Resource{}}}
	for name, document := range resources {
		rsp.Desired.Resources[name] = &fnv1.Resource{Resource: parse(t, document), Ready: fnv1.Ready_READY_TRUE}
	}
	return rsp
}

const (
	group = `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: SubnetGroup, metadata: {name: g}, spec: {forProvider: {region: r, description: d, subnetIds: [a]}}}`
	small = `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: SubnetGroup, metadata: {name: other}, spec: {forProvider: {region: r, description: d}}}`
)

func reconcile(t *testing.T, c *simulator.Cluster) *simulator.Round {
	t.Helper()
	round, err := c.Step()
	if err != nil {
		t.Fatal(err)
	}
	return round
}

func TestApply(t *testing.T) {
	t.Parallel()
	document := group
	c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
		return wants(t, map[string]string{"group": document})
	})
	if round := reconcile(t, c); !cmp.Equal(round.Created, []string{"group"}) {
		t.Errorf("created %v", round.Created)
	}
	first := c.Get("group")
	if !first.ControlledBy("uid-1") || first.Namespace() != "team" || first.Annotation("crossplane.io/composition-resource-name") != "group" {
		t.Errorf("core's metadata is missing: %v", first.Map())
	}
	if first.Condition("Ready").Status != "True" || first.Condition("Synced").ObservedGeneration != 1 {
		t.Errorf("the provider has not reported: %v", first.At("status").Map())
	}

	document = small
	reconcile(t, c)
	second := c.Get("group")
	if second.Name() != "g" || second.UID() != first.UID() {
		t.Errorf("an observed object keeps its name and uid: %s, %s", second.Name(), second.UID())
	}
	if second.Has("spec", "forProvider", "subnetIds") || second.Int("metadata", "generation") != 2 {
		t.Errorf("what is no longer wanted goes, and that is a new generation: %v", second.Map())
	}
	if second.Annotation("crossplane.io/external-name") == "" {
		t.Error("what the provider wrote stays")
	}
}

func TestCollect(t *testing.T) {
	t.Parallel()
	documents := map[string]string{"group": group}
	c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse { return wants(t, documents) })
	c.Cloud.Teardown = 1
	reconcile(t, c)
	uid := c.Get("group").UID()

	documents = nil
	if round := reconcile(t, c); len(round.Deleted) != 1 || round.Deleted[0].Name != "group" {
		t.Fatalf("deleted %v", round.Deleted)
	}
	if !c.Get("group").IsZero() || len(c.Terminating) != 1 {
		t.Errorf("a deleted resource is forgotten at once, while its provider works: %v, %d terminating", c.Get("group").Map(), len(c.Terminating))
	}

	documents = map[string]string{"group": group}
	if round := reconcile(t, c); len(round.Created) != 0 || !c.Get("group").IsZero() {
		t.Errorf("the old object was patched, and then gone: created %v, %v", round.Created, c.Get("group").Map())
	}
	if round := reconcile(t, c); len(round.Created) != 1 || c.Get("group").UID() == uid {
		t.Errorf("a new object takes its place: created %v", round.Created)
	}
}

func TestFatal(t *testing.T) {
	t.Parallel()
	fatal := false
	c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
		rsp := wants(t, map[string]string{"group": group})
		rsp.Desired.Composite.Resource = parse(t, `{status: {host: db}}`)
		said := &fnv1.Condition{Type: "Said", Status: fnv1.Status_STATUS_CONDITION_FALSE, Reason: "No"}
		if !fatal {
			rsp.Conditions = []*fnv1.Condition{said, {Type: "Unsaid", Status: fnv1.Status_STATUS_CONDITION_TRUE, Reason: "Yes"}}
			return rsp
		}
		rsp = wants(t, nil)
		rsp.Conditions = []*fnv1.Condition{said}
		rsp.Results = []*fnv1.Result{{Severity: fnv1.Severity_SEVERITY_FATAL, Message: "no", Reason: ptr("Why")}}
		return rsp
	})
	reconcile(t, c)
	fatal = true
	round := reconcile(t, c)
	if round.Fatal != "no" || round.Reason != "Why" || len(round.Deleted) != 0 || c.Get("group").IsZero() {
		t.Errorf("a fatal changes nothing: %+v", round)
	}
	if object.Of(c.Status).String("host") != "db" || !c.Ready() {
		t.Error("status and readiness stay")
	}
	got := map[string]string{}
	for _, cond := range c.Conditions {
		got[cond.Type] = cond.Status
	}
	if diff := cmp.Diff(map[string]string{"Said": "False", "Unsaid": "Unknown", "Synced": "False", "Ready": "True"}, got); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
}

func TestRequirements(t *testing.T) {
	t.Parallel()
	c, f := fakeCluster(t, func(req *fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
		rsp := wants(t, nil)
		rsp.Context = simulator.With(req.GetContext(), simulator.Number(len(req.GetContext().GetFields())+1), "calls")
		rsp.Requirements = &fnv1.Requirements{Resources: map[string]*fnv1.ResourceSelector{
			"secret": {ApiVersion: "v1", Kind: "Secret", Namespace: ptr("team"), Match: &fnv1.ResourceSelector_MatchName{MatchName: "s"}},
		}}
		return rsp
	})
	reconcile(t, c)
	if len(f.asked) != 2 {
		t.Fatalf("%d calls, want 2: the second with the answer", len(f.asked))
	}
	if _, known := f.asked[0].GetRequiredResources()["secret"]; known {
		t.Error("in the first call the key is absent")
	}
	if r, known := f.asked[1].GetRequiredResources()["secret"]; !known || len(r.GetItems()) != 0 {
		t.Error("in the second call the key is there, and empty")
	}
	if len(f.asked[1].GetContext().GetFields()) != 1 {
		t.Error("the context is carried over")
	}

	f.asked = nil
	c.Store.Put(parse(t, `{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: team}}`))
	reconcile(t, c)
	if len(f.asked) != 1 || len(f.asked[0].GetRequiredResources()["secret"].GetItems()) != 1 {
		t.Errorf("core remembers what was asked for, and asks once: %d calls", len(f.asked))
	}

	f.asked = nil
	c.RestartCore()
	reconcile(t, c)
	if len(f.asked) != 2 {
		t.Errorf("after a restart it does not: %d calls", len(f.asked))
	}
}

func TestRequirementsThatNeverSettle(t *testing.T) {
	t.Parallel()
	n := 0
	c, f := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
		n++
		rsp := wants(t, nil)
		rsp.Requirements = &fnv1.Requirements{Resources: map[string]*fnv1.ResourceSelector{
			"secret": {Kind: "Secret", Match: &fnv1.ResourceSelector_MatchName{MatchName: string(rune('a' + n))}},
		}}
		return rsp
	})
	if _, err := c.Reconcile(); err == nil || len(f.asked) != 6 {
		t.Errorf("error %v after %d calls, want one after 6", err, len(f.asked))
	}
}

func TestProviderFaults(t *testing.T) {
	t.Parallel()
	c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
		return wants(t, map[string]string{"group": group})
	})
	reconcile(t, c)
	c.Composed["group"].Fault = simulator.Fault{Message: "quota"}
	c.Tick()
	if o := c.Get("group"); o.Condition("Synced").Message != "quota" || o.Condition("Ready").Status != "True" {
		t.Errorf("a failing resource says why, and stays what it was: %v", o.At("status").Map())
	}
	c.Composed["group"].Fault = simulator.Fault{}
	c.Tick()
	if o := c.Get("group"); o.Condition("Synced").Status != "True" {
		t.Errorf("it recovers: %v", o.At("status").Map())
	}
	c.LoseStatus("group")
	if c.Get("group").Has("status") {
		t.Error("the status is lost")
	}
	c.Tick()
	if !c.Get("group").Has("status") {
		t.Error("the provider writes it again")
	}
}

// TestViolations: what the cloud refuses is noticed. Without this, a property test that finds none proves nothing.
func TestViolations(t *testing.T) {
	t.Parallel()
	for reason, change := range map[string]func(*structpb.Struct) *structpb.Struct{
		"storage shrinks":       func(s *structpb.Struct) *structpb.Struct { return set(s, simulator.Number(10), "allocatedStorage") },
		"the identifier":        func(s *structpb.Struct) *structpb.Struct { return set(s, simulator.Text("x"), "identifier") },
		"the key":               func(s *structpb.Struct) *structpb.Struct { return set(s, simulator.Text("x"), "kmsKeyId") },
		"the version alone":     func(s *structpb.Struct) *structpb.Struct { return set(s, simulator.Text("18"), "engineVersion") },
		"a group of no version": func(s *structpb.Struct) *structpb.Struct { return set(s, simulator.Text("x"), "parameterGroupName") },
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			c, err := simulator.ReadCase(examples + "/03-ready")
			if err != nil {
				t.Fatal(err)
			}
			cluster := c.Cluster(oneStep(nil)...)
			step(t, cluster)
			cluster.Pipeline = append(cluster.Pipeline, simulator.Step{Name: "sabotage", Function: &fake{answer: func(req *fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
				d := req.GetDesired()
				d.Resources["database-instance"] = &fnv1.Resource{Resource: change(d.GetResources()["database-instance"].GetResource())}
				return &fnv1.RunFunctionResponse{Desired: d, Context: req.GetContext()}
			}}})
			if _, err := cluster.Reconcile(); err != nil {
				t.Fatal(err)
			}
			if len(cluster.Cloud.Violations) == 0 {
				t.Error("the cloud put up with it")
			}
		})
	}
}

func set(s *structpb.Struct, value *structpb.Value, field string) *structpb.Struct {
	return simulator.With(s, value, "spec", "forProvider", field)
}

func ptr[T any](v T) *T { return &v }
