package simulator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// maxRepeats is how often core repeats a call after the first one.
const maxRepeats = 5

// Round is what one reconcile did.
type Round struct {
	// Fatal is the message of the fatal result; empty when there was none.
	Fatal string
	// Reason of the fatal result.
	Reason string
	// Desired resources after the last step that answered.
	Desired map[string]*fnv1.Resource
	// Drops that are published in the context, by name.
	Drops map[string]pipelinev1.Drop
	// Answered are the conditions of all responses, in order.
	Answered []*fnv1.Condition
	// Created are the names of new composed resources, sorted.
	Created []string
	// Deleted are the deletions of this round.
	Deleted []Deletion
	// Last is the response of the last step that answered.
	Last *fnv1.RunFunctionResponse
	// Children are the rounds of the composites that are composed, by their composition resource names.
	Children map[string]*Round
}

// Reconcile runs the pipeline once and carries out what it answers. Then it does the same for the composites that are composed. An
// error is one that core would report, too: a pipeline broke, and nothing was changed.
func (c *Cluster) Reconcile() (*Round, error) {
	round, err := c.reconcile()
	if err != nil {
		return round, err
	}
	return round, c.reconcileChildren(round)
}

func (c *Cluster) reconcile() (*Round, error) {
	c.rounds++
	round := &Round{}
	desired, answers := &fnv1.State{}, &structpb.Struct{Fields: map[string]*structpb.Value{}}
	observed := c.state()
	required := map[string]map[string]*fnv1.ResourceSelector{}
	for _, step := range c.Pipeline {
		req := &fnv1.RunFunctionRequest{
			Observed: observed, Desired: desired, Context: answers, Input: step.Input, RequiredResources: map[string]*fnv1.Resources{},
		}
		for key, sel := range c.tracked[step.Name] {
			req.RequiredResources[key] = c.fetch(sel)
		}
		req.Meta = &fnv1.RequestMeta{Tag: "round-" + strconv.Itoa(c.rounds) + "-" + step.Name}
		rsp, err := c.run(step, req)
		if err != nil {
			return nil, err
		}
		round.answer(rsp)
		if round.Fatal != "" {
			c.fatal(round)
			return round, nil
		}
		required[step.Name] = rsp.GetRequirements().GetResources()
		desired, answers = rsp.GetDesired(), rsp.GetContext()
	}
	if err := c.carryOut(round, desired); err != nil {
		return round, err
	}
	c.tracked = required
	return round, nil
}

// run calls a function, and again for as long as it asks for other objects than it got.
func (c *Cluster) run(step Step, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	var before *fnv1.Requirements
	seeded := maps.Clone(req.GetRequiredResources())
	for i := 0; i <= maxRepeats; i++ {
		rsp, err := step.Function.RunFunction(context.Background(), req)
		if err != nil {
			return nil, fmt.Errorf("step %s: %w", step.Name, err)
		}
		if c.OnCall != nil {
			c.OnCall(Call{Step: step.Name, Function: step.Function, Request: req, Response: rsp})
		}
		if fatal(rsp) != nil || proto.Equal(rsp.GetRequirements(), before) {
			return rsp, nil
		}
		before = rsp.GetRequirements()
		next := maps.Clone(seeded)
		for key, sel := range before.GetResources() {
			next[key] = c.fetch(sel)
		}
		if i == 0 && maps.EqualFunc(req.GetRequiredResources(), next, sameResources) {
			return rsp, nil
		}
		req = &fnv1.RunFunctionRequest{
			Meta: req.GetMeta(), Observed: req.GetObserved(), Desired: req.GetDesired(), Input: req.GetInput(),
			Context: rsp.GetContext(), RequiredResources: next,
		}
	}
	return nil, errors.New("step " + step.Name + ": requirements didn't stabilize after the maximum number of iterations")
}

func sameResources(a, b *fnv1.Resources) bool {
	return slices.EqualFunc(a.GetItems(), b.GetItems(), func(x, y *fnv1.Resource) bool { return Same(x.GetResource(), y.GetResource()) })
}

// state is what the functions observe.
func (c *Cluster) state() *fnv1.State {
	s := &fnv1.State{
		Composite: &fnv1.Resource{Resource: c.Observed(), ConnectionDetails: c.Connection},
		Resources: make(map[string]*fnv1.Resource, len(c.Composed)),
	}
	for name, composed := range c.Composed {
		s.Resources[name] = &fnv1.Resource{Resource: composed.Object, ConnectionDetails: composed.Details}
	}
	return s
}

func (r *Round) answer(rsp *fnv1.RunFunctionResponse) {
	r.Last = rsp
	r.Desired = rsp.GetDesired().GetResources()
	r.Answered = append(r.Answered, rsp.GetConditions()...)
	var drops pipelinev1.Drops
	// A contract that cannot be read has no drops: whatever is deleted then, is deleted without a reason.
	if err := object.Of(rsp.GetContext().GetFields()[pipelinev1.DropsKey].GetStructValue()).DecodeStrict(&drops); err == nil {
		r.Drops = make(map[string]pipelinev1.Drop, len(drops.Items))
		for _, d := range drops.Items {
			r.Drops[d.Name] = d
		}
	}
	if f := fatal(rsp); f != nil {
		r.Fatal, r.Reason = f.GetMessage(), f.GetReason()
	}
}

func fatal(rsp *fnv1.RunFunctionResponse) *fnv1.Result {
	for _, result := range rsp.GetResults() {
		if result.GetSeverity() == fnv1.Severity_SEVERITY_FATAL {
			return result
		}
	}
	return nil
}

// fatal keeps everything as it is, but for the conditions: those that were answered are set, all other custom ones become
// unknown. Ready keeps its value.
func (c *Cluster) fatal(round *Round) {
	answered := map[string]bool{}
	for _, cond := range round.Answered {
		answered[cond.GetType()] = true
	}
	for i, cond := range c.Conditions {
		if !answered[cond.Type] && cond.Type != "Ready" && cond.Type != "Synced" {
			c.Conditions[i] = Condition{
				Type: cond.Type, Status: "Unknown", Reason: "FatalError",
				Message: "A fatal error occurred before the status of this condition could be determined.",
			}
		}
	}
	c.answer(round)
	c.setCondition(Condition{Type: "Synced", Status: "False", Reason: "ReconcileError", Message: "cannot compose resources: " + round.Fatal})
}

func (c *Cluster) answer(round *Round) {
	for _, cond := range round.Answered {
		status := "Unknown"
		switch cond.GetStatus() {
		case fnv1.Status_STATUS_CONDITION_TRUE:
			status = "True"
		case fnv1.Status_STATUS_CONDITION_FALSE:
			status = "False"
		case fnv1.Status_STATUS_CONDITION_UNKNOWN, fnv1.Status_STATUS_CONDITION_UNSPECIFIED:
		}
		c.setCondition(Condition{Type: cond.GetType(), Status: status, Reason: cond.GetReason(), Message: cond.GetMessage()})
	}
}
