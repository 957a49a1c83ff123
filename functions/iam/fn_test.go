package iam

import (
	"context"
	"strings"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/types/known/structpb"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/contract"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// request is what core sends to function-iam behind a step that published the wiring, and wants a resource of its own.
func (w *world) request() *fnv1.RunFunctionRequest {
	w.t.Helper()
	from := func(f fields) *structpb.Struct {
		s, err := structpb.NewStruct(f)
		if err != nil {
			w.t.Fatal(err)
		}
		return s
	}
	value := func(o object.Object) *structpb.Value { return structpb.NewStructValue(o.Struct()) }
	observed := map[string]*fnv1.Resource{}
	for name, f := range w.observed {
		observed[name] = &fnv1.Resource{Resource: from(f)}
	}
	return &fnv1.RunFunctionRequest{
		Meta: &fnv1.RequestMeta{Tag: "t"},
		Observed: &fnv1.State{
			Composite: &fnv1.Resource{Resource: from(fields{
				"apiVersion": "example.org/v1", "kind": "Shop", "metadata": fields{"name": "orders", "namespace": "team-checkout", "uid": "xr-uid"},
			})},
			Resources: observed,
		},
		Desired: &fnv1.State{Resources: map[string]*fnv1.Resource{"their-bucket": {Resource: from(fields{"kind": "Bucket"})}}},
		Context: &structpb.Struct{Fields: map[string]*structpb.Value{
			pipelinev1.EnvironmentKey: value(contract.Environment(w.env)),
			pipelinev1.WiringKey:      value(contract.Wiring(w.wiring)),
		}},
	}
}

func (w *world) run() *fnv1.RunFunctionResponse {
	w.t.Helper()
	rsp, err := New(time.Now).RunFunction(context.Background(), w.request())
	if err != nil {
		w.t.Fatal(err)
	}
	return rsp
}

// published makes the world one whose contract says what it is, as strict reading asks for.
func published(t *testing.T) *world {
	t.Helper()
	w := readyWorld(t)
	w.wiring.APIVersion, w.wiring.Kind = pipelinev1.APIVersion, "Wiring"
	return w
}

// As a step of its own the function wants what the stage wants, beside what the steps before want, and answers the condition that
// they answered: core takes the later answer.
func TestStepOfItsOwn(t *testing.T) {
	t.Parallel()
	w := published(t)
	rsp := w.run()
	want := map[string]fnv1.Ready{"their-bucket": fnv1.Ready_READY_UNSPECIFIED, apiGrant: fnv1.Ready_READY_TRUE, reportGrant: fnv1.Ready_READY_TRUE}
	got := map[string]fnv1.Ready{}
	for name, r := range rsp.GetDesired().GetResources() {
		got[name] = r.GetReady()
	}
	equal(t, "desired", want, got)
	equal(t, "policy", connectPolicy("writer"), object.Of(rsp.GetDesired().GetResources()[apiGrant].GetResource()).String("spec", "forProvider", "policy"))
	equal(t, "results", 0, len(rsp.GetResults()))
	if c := rsp.GetConditions(); len(c) != 1 || c[0].GetType() != "AccessReady" || c[0].GetStatus() != fnv1.Status_STATUS_CONDITION_TRUE ||
		!strings.HasSuffix(c[0].GetMessage(), "IAM login is granted to orders-api, orders-report") {
		t.Errorf("conditions = %v", c)
	}

	w.loseIdentities("orders-api")
	rsp = w.run()
	if c := rsp.GetConditions(); len(c) != 1 || c[0].GetReason() != "IdentityUnknown" || rsp.GetDesired().GetComposite().GetReady() != fnv1.Ready_READY_FALSE {
		t.Errorf("conditions = %v, ready %v", c, rsp.GetDesired().GetComposite().GetReady())
	}
}

// What goes is published, or the guardrails would stop it.
func TestDropsArePublished(t *testing.T) {
	t.Parallel()
	w := published(t)
	w.wiring.Access = w.wiring.Access[1:]
	drops := w.run().GetContext().GetFields()[pipelinev1.DropsKey].GetStructValue().GetFields()["items"].GetListValue().GetValues()
	if len(drops) != 1 || drops[0].GetStructValue().GetFields()["name"].GetStringValue() != reportGrant {
		t.Errorf("drops = %v", drops)
	}
}

// A wrong contract, and one that is not there any more, are Fatal once something is granted: nothing changes.
func TestFatal(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*world, *fnv1.RunFunctionRequest)
		reason string
	}{
		"every action": {func(w *world, req *fnv1.RunFunctionRequest) {
			w.wiring.Grants[0].Actions[0] = "*"
			req.Context.Fields[pipelinev1.WiringKey] = structpb.NewStructValue(contract.Wiring(w.wiring).Struct())
		}, "Internal"},
		"no contract": {func(_ *world, req *fnv1.RunFunctionRequest) { delete(req.Context.Fields, pipelinev1.WiringKey) }, "WouldLoseResource"},
		"a contract of a later version": {func(_ *world, req *fnv1.RunFunctionRequest) {
			req.Context.Fields[pipelinev1.WiringKey].GetStructValue().Fields["conditions"] = structpb.NewStringValue("none")
		}, "InvalidSpec"},
		"an input that has a field": {func(_ *world, req *fnv1.RunFunctionRequest) {
			req.Input = &structpb.Struct{Fields: map[string]*structpb.Value{"stages": structpb.NewStringValue("iam")}}
		}, "InvalidInput"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := published(t)
			req := w.request()
			tc.change(w, req)
			rsp, err := New(time.Now).RunFunction(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			if r := rsp.GetResults(); len(r) != 1 || r[0].GetSeverity() != fnv1.Severity_SEVERITY_FATAL || r[0].GetReason() != tc.reason {
				t.Errorf("results = %v", r)
			}
		})
	}
}
