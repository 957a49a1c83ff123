package kernel_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// input is the typed input of the function under test.
type input struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Size       string `json:"size"`
}

// given is a request in YAML, part by part. An empty part is not there.
type given struct {
	xr        string
	observed  string
	desiredXR string
	desired   string
	context   string
	required  string
	input     string
}

const defaultXR = `{apiVersion: platform.io/v1, kind: Thing, metadata: {name: orders, namespace: team, uid: u-1}}`

func (g given) request(t *testing.T) *fnv1.RunFunctionRequest {
	t.Helper()
	xr := g.xr
	if xr == "" {
		xr = defaultXR
	}
	req := &fnv1.RunFunctionRequest{Meta: &fnv1.RequestMeta{Tag: "tag-1"}, Observed: &fnv1.State{Composite: &fnv1.Resource{Resource: fields(t, xr)}}}
	part(t, g.observed, func(s string) { message(t, "resources: "+s, req.Observed) })
	part(t, g.desired+g.desiredXR, func(string) { req.Desired = &fnv1.State{} })
	part(t, g.desired, func(s string) { message(t, "resources: "+s, req.Desired) })
	part(t, g.desiredXR, func(s string) {
		composite := &fnv1.Resource{}
		message(t, s, composite)
		req.Desired.Composite = composite
	})
	part(t, g.context, func(s string) { req.Context = fields(t, s) })
	part(t, g.required, func(s string) { message(t, "requiredResources: "+s, req) })
	part(t, g.input, func(s string) { req.Input = fields(t, s) })
	return req
}

func part(t *testing.T, s string, use func(string)) {
	t.Helper()
	if s != "" {
		use(s)
	}
}

// message reads YAML into a message, over what it holds already.
func message(t *testing.T, text string, into proto.Message) {
	t.Helper()
	raw, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		t.Fatalf("cannot read %s: %v", text, err)
	}
	read := into.ProtoReflect().New().Interface()
	if err := protojson.Unmarshal(raw, read); err != nil {
		t.Fatalf("cannot read %s: %v", text, err)
	}
	proto.Merge(into, read)
}

func fields(t *testing.T, text string) *structpb.Struct {
	t.Helper()
	s := &structpb.Struct{}
	message(t, text, s)
	return s
}

func obj(t *testing.T, text string) object.Object {
	t.Helper()
	return object.Of(fields(t, text))
}

// wanted reads an expected response. What it does not name is what a call answers that has nothing to do.
func wanted(t *testing.T, text string) *fnv1.RunFunctionResponse {
	t.Helper()
	given := map[string]any{}
	if err := yaml.UnmarshalStrict([]byte(text), &given); err != nil {
		t.Fatalf("cannot read %s: %v", text, err)
	}
	whole := map[string]any{
		"meta":       map[string]any{"tag": "tag-1", "ttl": "600s"},
		"desired":    map[string]any{"composite": map[string]any{}},
		"context":    map[string]any{"platform.io/drops": map[string]any{"apiVersion": "pipeline.platform.io/v1", "kind": "Drops"}},
		"conditions": []any{blocked("AlphaReady", ""), blocked("BetaReady", "")},
	}
	for k, v := range given {
		if v == nil {
			delete(whole, k)
			continue
		}
		whole[k] = v
	}
	raw, err := yaml.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	rsp := &fnv1.RunFunctionResponse{}
	message(t, string(raw), rsp)
	return rsp
}

func blocked(conditionType, on string) map[string]any {
	c := map[string]any{
		"type": conditionType, "status": "STATUS_CONDITION_UNKNOWN", "reason": "Blocked", "target": "TARGET_COMPOSITE_AND_CLAIM",
	}
	if on != "" {
		c["message"] = "waits for " + on
	}
	return c
}

// runner is a function under test.
type runner interface {
	RunFunction(context.Context, *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error)
}

// ask runs a request twice. Whatever the case is about: no error, the request is never written to, and the same request
// gives the same bytes.
func ask(t *testing.T, f runner, req *fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
	t.Helper()
	before := proto.Clone(req)
	rsp, err := f.RunFunction(t.Context(), req)
	if err != nil {
		t.Fatalf("a function never returns an error, core would lose all conditions: %v", err)
	}
	first := bytesOf(t, rsp)
	if diff := cmp.Diff(before, proto.Message(req), protocmp.Transform()); diff != "" {
		t.Errorf("the request was changed (-before +after):\n%s", diff)
	}
	again, err := f.RunFunction(t.Context(), proto.Clone(req).(*fnv1.RunFunctionRequest))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, bytesOf(t, again)) {
		t.Errorf("the same request gave other bytes:\n%s", cmp.Diff(rsp, again, protocmp.Transform()))
	}
	return rsp
}

func bytesOf(t *testing.T, m proto.Message) []byte {
	t.Helper()
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func compare(t *testing.T, want, got *fnv1.RunFunctionResponse) {
	t.Helper()
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
}

// clock of the tests.
func clock() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// compose is the body of a stage under test.
type compose func(plan.In) (*plan.Plan, error)

// alpha publishes, beta follows it.
func alpha(f compose) plan.Stage {
	return plan.Stage{
		Name: "alpha", Prefix: "alpha-", Conditions: []string{"AlphaReady"}, Publishes: true, Retired: []string{"alpha-old"}, Compose: f,
	}
}

func beta(f compose) plan.Stage {
	return plan.Stage{Name: "beta", Prefix: "beta-", Conditions: []string{"BetaReady"}, Compose: f}
}

// fixed answers always the same. The plan is made anew on each call.
func fixed(edit func(*plan.Plan)) compose {
	return func(plan.In) (*plan.Plan, error) {
		p := &plan.Plan{}
		edit(p)
		return p, nil
	}
}

func nothing(*plan.Plan) {}

// function runs stages alpha and beta.
func function(a, b compose) runner {
	return kernel.New("test", clock, func(*input) (kernel.Setup, error) {
		return kernel.Setup{Stages: []plan.Stage{alpha(a), beta(b)}, SecretNamespace: "secrets"}, nil
	})
}

// picky is function, with an input that can be wrong.
func picky(a compose) runner {
	return kernel.New("test", clock, func(in *input) (kernel.Setup, error) {
		if in.Size == "huge" {
			return kernel.Setup{}, errors.New("size: huge is too much")
		}
		return kernel.Setup{Stages: []plan.Stage{alpha(a), beta(fixed(nothing))}}, nil
	})
}

func ready(p *plan.Plan, conditionType string) {
	p.Set(conditionType, conditions.True, conditions.Available, "")
}
