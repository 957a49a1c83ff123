package landing

import (
	"strings"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
)

const madeUp = "the control plane's simulator makes this status up: there is no such network, key or Vault"

func annotated(fault string) string {
	return strings.Replace(staging, "metadata: {", `metadata: {annotations: {simulator.platform.io/environment: "`+fault+`"}, `, 1)
}

// answered is a whole response.
func answered(t *testing.T, ready fnv1.Ready, status, message string) *fnv1.RunFunctionResponse {
	t.Helper()
	xr := structOf(t, "apiVersion: platform.io/v1\nkind: Environment\n")
	if status != "" {
		xr.Fields["status"] = structpb.NewStructValue(structOf(t, status))
	}
	return &fnv1.RunFunctionResponse{
		Meta:    &fnv1.ResponseMeta{Tag: "tag", Ttl: durationpb.New(10 * time.Minute)},
		Desired: &fnv1.State{Composite: &fnv1.Resource{Resource: xr, Ready: ready}},
		Conditions: []*fnv1.Condition{{
			Type: "Simulated", Status: fnv1.Status_STATUS_CONDITION_TRUE, Reason: "StandIn", Message: &message,
			Target: fnv1.Target_TARGET_COMPOSITE_AND_CLAIM.Enum(),
		}},
	}
}

func refused(message string) *fnv1.RunFunctionResponse {
	return &fnv1.RunFunctionResponse{
		Meta: &fnv1.ResponseMeta{Tag: "tag", Ttl: durationpb.New(10 * time.Minute)},
		Results: []*fnv1.Result{{
			Severity: fnv1.Severity_SEVERITY_FATAL, Message: message, Target: fnv1.Target_TARGET_COMPOSITE.Enum(),
		}},
	}
}

func TestRunFunction(t *testing.T) {
	t.Parallel()
	playing := func(fault string) string {
		return madeUp + `; it plays "` + fault + `", as the annotation simulator.platform.io/environment asks`
	}
	active, expired := "phase: Active\n"+stagingStatus, "phase: Expired\n"+stagingStatus
	yes, no := fnv1.Ready_READY_TRUE, fnv1.Ready_READY_FALSE
	cases := map[string]struct {
		xr   string
		want *fnv1.RunFunctionResponse
	}{
		"an Environment is whole and ready": {staging, answered(t, yes, active+stagingVault, madeUp)},
		"an empty annotation asks nothing":  {annotated(""), answered(t, yes, active+stagingVault, madeUp)},
		"status lost":                       {annotated("status-lost"), answered(t, no, "", playing("status-lost"))},
		"not ready keeps its status":        {annotated("not-ready"), answered(t, no, active+stagingVault, playing("not-ready"))},
		"no Vault":                          {annotated("no-vault"), answered(t, yes, active, playing("no-vault"))},
		"expired":                           {annotated("expired"), answered(t, yes, expired+stagingVault, playing("expired"))},
		"a fault that nobody knows": {annotated("not-redy"), refused(`the annotation simulator.platform.io/environment says "not-redy": ` +
			"write one of expired, no-vault, not-ready, status-lost, or remove it")},
		"another kind": {strings.Replace(staging, "kind: Environment", "kind: Network", 1),
			refused("the stand-in for function-environment plays platform.io/v1 Environment only, not platform.io/v1 Network: correct the Composition")},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			req := observed(t, tc.xr)
			got := run(t, req)
			if diff := cmp.Diff(tc.want, got, protocmp.Transform()); diff != "" {
				t.Errorf("response (-want +got):\n%s", diff)
			}
		})
	}
}

// What is not an Environment at all is a Fatal result and no crash.
func TestRunFunctionUnreadable(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		req  *fnv1.RunFunctionRequest
		want string
	}{
		"a spec of another type": {observed(t, "apiVersion: platform.io/v1\nkind: Environment\nspec: {type: 7}\n"), "cannot read the composite as an Environment: "},
		"no composite":           {&fnv1.RunFunctionRequest{}, "the stand-in for function-environment plays platform.io/v1 Environment only, not  :"},
	} {
		got := run(t, tc.req).GetResults()
		if len(got) != 1 || got[0].GetSeverity() != fnv1.Severity_SEVERITY_FATAL || !strings.HasPrefix(got[0].GetMessage(), tc.want) {
			t.Errorf("%s: results %v, want one that is fatal and begins %q", reason, got, tc.want)
		}
	}
}

// What steps before the stand-in desired stays.
func TestRunFunctionKeepsOthers(t *testing.T) {
	t.Parallel()
	req := observed(t, staging)
	req.Desired = &fnv1.State{Resources: map[string]*fnv1.Resource{"other": {Resource: structOf(t, "kind: ConfigMap")}}}
	want := proto.Clone(req.GetDesired().GetResources()["other"])
	if diff := cmp.Diff(want, run(t, req).GetDesired().GetResources()["other"], protocmp.Transform()); diff != "" {
		t.Errorf("the resource of another step (-want +got):\n%s", diff)
	}
}

func TestSameRequestSameBytes(t *testing.T) {
	t.Parallel()
	marshal := func() []byte {
		b, err := proto.MarshalOptions{Deterministic: true}.Marshal(run(t, observed(t, staging)))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	first := marshal()
	for range 20 {
		if diff := cmp.Diff(first, marshal()); diff != "" {
			t.Fatalf("the response differs:\n%s", diff)
		}
	}
}
