package kernel

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// composite reads an AppDatabase whose spec is JSON, or another kind where the spec names one.
func composite(t *testing.T, apiVersion, kind, spec string) object.Object {
	t.Helper()
	var fields map[string]any
	text := fmt.Sprintf(`{"apiVersion": %q, "kind": %q, "metadata": {"namespace": "team"}, "spec": %s}`, apiVersion, kind, spec)
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		t.Fatal(err)
	}
	o, err := object.FromValue(fields)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// No text of a tenant reaches a stage that is longer than the schema lets it be, and what is said of it repeats little of it.
func TestBounded(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("x", n) }
	many := strings.TrimSuffix(strings.Repeat(`{"serviceAccount": "a"},`, 65), ",")
	cases := map[string]struct {
		apiVersion, kind, spec string
		want                   string
	}{
		"an ordinary one":   {"platform.io/v1", "AppDatabase", `{"engine": "postgres", "parameters": {"work_mem": "4096"}}`, ""},
		"a name":            {"platform.io/v1", "AppDatabase", `{"size": "` + long(254) + `"}`, `spec.size has more than 253 characters: "` + long(100) + `..."`},
		"in the claims":     {"platform.io/v1", "XAppDatabase", `{"size": "` + long(254) + `"}`, "spec.size has more than 253"},
		"characters":        {"platform.io/v1", "AppDatabase", `{"size": "` + strings.Repeat("ä", 253) + `"}`, ""},
		"a megabyte":        {"platform.io/v1", "AppDatabase", `{"size": "` + long(1<<20) + `"}`, "spec.size has more than 253"},
		"a longer one":      {"platform.io/v1", "AppDatabase", `{"parameters": {"a": "` + long(1024) + `"}}`, ""},
		"too long for that": {"platform.io/v1", "AppDatabase", `{"parameters": {"a": "` + long(1025) + `"}}`, "spec.parameters[a] has more than 1024"},
		"a key":             {"platform.io/v1", "AppDatabase", `{"parameters": {"` + long(254) + `": "1"}}`, "spec.parameters has a name of more than 253"},
		"a list":            {"platform.io/v1", "AppDatabase", `{"access": [` + many + `]}`, "spec.access has 65 items; write 64 at most"},
		"in a list": {"platform.io/v1", "AppDatabase", `{"access": [{"serviceAccount": "a"}, {"serviceAccount": "` + long(254) + `"}]}`,
			"spec.access[1].serviceAccount has more than 253"},
		"in an object":        {"platform.io/v1", "Environment", `{"vault": {"namespace": "` + long(254) + `"}}`, "spec.vault.namespace has more than 253"},
		"a kind of others":    {"platform.io/v1", "Shop", `{"size": "` + long(254) + `"}`, ""},
		"a group of others":   {"example.org/v1", "AppDatabase", `{"size": "` + long(254) + `"}`, ""},
		"a number for a text": {"platform.io/v1", "AppDatabase", `{"size": 9e99, "parameters": [1], "access": {"a": {}}}`, ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			err := bounded(composite(t, tc.apiVersion, tc.kind, tc.spec), boundsOf())
			switch {
			case tc.want == "" && err != nil:
				t.Errorf("bounded() = %v, want no error", err)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("bounded() = %v, want %q", err, tc.want)
			case err != nil && strings.Contains(err.Error(), long(101)):
				t.Errorf("bounded() repeats more than 100 characters: %v", err)
			}
		})
	}
}

// What is too long is Fatal, before a stage or a reviewer sees it.
func TestOversizedIsFatalBeforeAnybodyReadsIt(t *testing.T) {
	t.Parallel()
	xr := composite(t, "platform.io/v1", "AppDatabase", `{"size": "`+strings.Repeat("x", 1<<20)+`"}`)
	req := &fnv1.RunFunctionRequest{Observed: &fnv1.State{Composite: &fnv1.Resource{Resource: xr.Struct()}}}
	never := func(plan.In) (*plan.Plan, error) { t.Error("the stage was called"); return &plan.Plan{}, nil }
	functions := map[string]interface {
		RunFunction(context.Context, *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error)
	}{
		"a function": New("test", time.Now, func(*struct{}) (Setup, error) {
			return Setup{Stages: []plan.Stage{{Name: "s", Prefix: "s-", Compose: never}}}, nil
		}),
		"a reviewer": NewReviewer("test", nil, func(*struct{}, Review) Verdict { t.Error("the review was called"); return Verdict{} }),
	}
	for name, f := range functions {
		rsp, err := f.RunFunction(t.Context(), req)
		if err != nil || len(rsp.GetResults()) != 1 || rsp.GetResults()[0].GetSeverity() != fnv1.Severity_SEVERITY_FATAL {
			t.Errorf("%s: %v, %v; want one Fatal result", name, rsp.GetResults(), err)
		}
	}
}

// A call that nobody waits for ends before the next stage, and gives no answer.
func TestCancelledCallEndsBetweenStages(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	stage := func(name string, compose func()) plan.Stage {
		return plan.Stage{Name: name, Prefix: name + "-", Compose: func(plan.In) (*plan.Plan, error) { compose(); return &plan.Plan{}, nil }}
	}
	f := New("test", time.Now, func(*struct{}) (Setup, error) {
		return Setup{Stages: []plan.Stage{stage("a", cancel), stage("b", func() { t.Error("the second stage was called") })}}, nil
	})
	xr := composite(t, "example.org/v1", "Thing", `{}`)
	req := &fnv1.RunFunctionRequest{Observed: &fnv1.State{Composite: &fnv1.Resource{Resource: xr.Struct()}}}
	if rsp, err := f.RunFunction(ctx, req); err == nil || rsp != nil {
		t.Errorf("RunFunction() = %v, %v; want the error of the context", rsp, err)
	}
}

// A consent that nobody can have read is none.
func TestLongConsentIsNone(t *testing.T) {
	t.Parallel()
	for annotation, want := range map[string]int{
		"a,b":                               2,
		"a," + strings.Repeat("x", 8<<10-2): 2,
		"a," + strings.Repeat("x", 8<<10-1): 0,
	} {
		xr := object.WithStrings(composite(t, "platform.io/v1", "AppDatabase", `{}`),
			map[string]string{"platform.io/allow-data-loss": annotation}, "metadata", "annotations")
		if got := len(AllowedLosses(xr)); got != want {
			t.Errorf("%d bytes allow %d losses, want %d", len(annotation), got, want)
		}
	}
}

// Whatever a stage says, little of the claim is in it: also of what stands in quotes, with its escapes, and of what is in something longer.
func TestMessagesQuoteLittleOfTheSpec(t *testing.T) {
	t.Parallel()
	long, escaped, inner := strings.Repeat("x", 150), strings.Repeat("\u00e9\n", 60), strings.Repeat("y", 120)
	xr := composite(t, "example.org/v1", "Thing", fmt.Sprintf(`{"a": [%q], "b": {%q: %q}, "c": %q}`, long, inner, "z"+inner+"z", escaped))
	req := &fnv1.RunFunctionRequest{Observed: &fnv1.State{Composite: &fnv1.Resource{Resource: xr.Struct()}}}
	f := New("test", time.Now, func(*struct{}) (Setup, error) {
		return Setup{Stages: []plan.Stage{{Name: "s", Prefix: "s-", Conditions: []string{"ThingReady"}, Compose: func(plan.In) (*plan.Plan, error) {
			return &plan.Plan{}, plan.Refuse("ThingReady", "Wrong", fmt.Sprintf("%s and %q and z%sz and %s", long, escaped, inner, inner))
		}}}}, nil
	})
	rsp, err := f.RunFunction(t.Context(), req)
	if err != nil || len(rsp.GetResults()) != 1 || len(rsp.GetConditions()) != 1 {
		t.Fatalf("RunFunction() = %v, %v", rsp, err)
	}
	for what, message := range map[string]string{"condition": rsp.GetConditions()[0].GetMessage(), "result": rsp.GetResults()[0].GetMessage()} {
		for _, text := range []string{long, inner, strings.Repeat("\u00e9\\n", 60)} {
			if strings.Contains(message, text) || !strings.Contains(message, text[:90]) {
				t.Errorf("%s: %s", what, message)
			}
		}
	}
}
