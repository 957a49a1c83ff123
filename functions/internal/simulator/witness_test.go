package simulator_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/proto"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// witness looks at every call of a function from the outside.
type witness struct {
	h     *history
	inner simulator.Function
}

// oneOf is how many calls there are to one that is made twice.
const oneOf = 64

// RunFunction calls the function, and some calls twice: the same request has to give the same bytes, and stay as it is.
func (w *witness) RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
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
		w.h.figures.doubled.Add(1)
		again, err := w.inner.RunFunction(ctx, req)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(marshal(rsp), marshal(again)) {
			w.h.fail("the same request gave two different responses")
		}
		if !bytes.Equal(before, marshal(req)) {
			w.h.fail("the function changed its request")
		}
	}
	w.answers(rsp)
	w.secrets(req, rsp)
	return rsp, nil
}

func (h *history) fail(format string, args ...any) {
	if h.wrong == nil {
		h.wrong = fmt.Errorf(format, args...)
	}
}

func marshal(m proto.Message) []byte {
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return []byte(err.Error())
	}
	return raw
}

// own are the condition types of each step.
func (w *witness) own() []string {
	step := ""
	for _, s := range w.h.cluster.Pipeline {
		if s.Function == simulator.Function(w) {
			step = s.Name
		}
	}
	switch {
	case step == "guardrails":
		return []string{v1.ConditionGuardrailsPassed}
	case step == "iam":
		return nil // It has a word on AccessReady, which is not its own.
	case step == "vault":
		return []string{v1.ConditionVaultReady}
	case w.h.split:
		// AccessReady is left to the step that gives the grants, when there are any.
		return []string{v1.ConditionEnvironmentResolved, v1.ConditionDatabaseReady}
	default:
		return []string{v1.ConditionEnvironmentResolved, v1.ConditionDatabaseReady, v1.ConditionAccessReady, v1.ConditionVaultReady}
	}
}

// answers holds one response against the promise to be complete.
func (w *witness) answers(rsp *fnv1.RunFunctionResponse) {
	wrongInput := false
	for _, result := range rsp.GetResults() {
		if result.GetSeverity() != fnv1.Severity_SEVERITY_FATAL {
			continue
		}
		wrongInput = wrongInput || result.GetReason() == string(conditions.InvalidInput)
		w.fatal(rsp, result)
	}
	given := map[string]bool{}
	for _, c := range rsp.GetConditions() {
		if given[c.GetType()] {
			w.h.fail("condition %s is answered twice", c.GetType())
		}
		given[c.GetType()] = true
		if c.GetReason() == "" {
			w.h.fail("condition %s has no reason", c.GetType())
		}
		if c.GetStatus() == fnv1.Status_STATUS_CONDITION_FALSE && c.GetMessage() == "" {
			w.h.fail("condition %s is false with reason %s and no sentence", c.GetType(), c.GetReason())
		}
	}
	for _, own := range w.own() {
		if !given[own] && !wrongInput {
			w.h.fail("condition %s is not answered", own)
		}
	}
	if ttl := rsp.GetMeta().GetTtl().AsDuration(); ttl <= 0 {
		w.h.fail("the response has a time to live of %v", ttl)
	}
}

// fatal wants a reason, a sentence, and a condition that says the same.
func (w *witness) fatal(rsp *fnv1.RunFunctionResponse, result *fnv1.Result) {
	reason := conditions.Reason(result.GetReason())
	if reason == "" || len(result.GetMessage()) < 20 {
		w.h.fail("a fatal result without a reason and a sentence: %q %q", reason, result.GetMessage())
	}
	if reason == conditions.Internal {
		w.h.fail("a defect of ours: %s", result.GetMessage())
	}
	if reason == conditions.WouldLoseResource && !w.h.statusLost {
		w.h.fail("a resource would have been lost: %s", result.GetMessage())
	}
	if reason == conditions.WouldLoseData {
		w.h.fail("data would have been lost: %s", result.GetMessage())
	}
	if reason == conditions.InvalidInput {
		// The platform team's mistake: core's Synced=False carries the sentence, and the service's conditions stay what they are.
		return
	}
	for _, c := range rsp.GetConditions() {
		if c.GetStatus() == fnv1.Status_STATUS_CONDITION_FALSE && c.GetReason() == string(reason) && c.GetMessage() != "" {
			return
		}
	}
	w.h.fail("fatal %s (%s) has no condition that says so: %v", reason, result.GetMessage(), rsp.GetConditions())
}

// secrets looks for the password everywhere but where it may be: in the data of a Secret, and in connection details.
func (w *witness) secrets(req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) {
	if w.h.rng.IntN(8) != 0 {
		return
	}
	known := len(req.GetObserved().GetComposite().GetConnectionDetails()) > 0
	for _, r := range req.GetObserved().GetResources() {
		known = known || len(r.GetConnectionDetails()) > 0 || object.Of(r.GetResource()).Kind() == "Secret"
	}
	if !known {
		return
	}
	public := &fnv1.RunFunctionResponse{
		Meta: rsp.GetMeta(), Results: rsp.GetResults(), Context: rsp.GetContext(), Requirements: rsp.GetRequirements(),
		Conditions: rsp.GetConditions(),
		Desired: &fnv1.State{
			Composite: &fnv1.Resource{Resource: rsp.GetDesired().GetComposite().GetResource()}, Resources: map[string]*fnv1.Resource{},
		},
	}
	for name, r := range rsp.GetDesired().GetResources() {
		if o := object.Of(r.GetResource()); o.APIVersion() != "v1" || o.Kind() != "Secret" {
			public.Desired.Resources[name] = r
		}
	}
	raw, err := proto.Marshal(public)
	if err != nil {
		w.h.fail("cannot marshal: %v", err)
	}
	for _, form := range passwordForms {
		if bytes.Contains(raw, form) {
			w.h.fail("the password of the master user stands outside of Secrets")
		}
	}
}

// passwordForms are the password as it is, and in base64 at each of the three offsets.
var passwordForms = func() [][]byte {
	forms := [][]byte{[]byte(simulator.Password)}
	for offset := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", offset) + simulator.Password))
		forms = append(forms, []byte(encoded[4:len(encoded)-4]))
	}
	return forms
}()
