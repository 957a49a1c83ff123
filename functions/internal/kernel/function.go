// Package kernel turns a request into a plan and a plan into a response, and keeps the promises that every function makes:
// nothing disappears by accident, waiting is not failing, the same request gives the same bytes, every answer is
// complete, and a panic is an answer too. Besides the object package and the server, nothing else touches protobuf.
package kernel

import (
	"context"
	"errors"
	"fmt"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Setup is what a function makes of the input of its composition step.
type Setup struct {
	// Stages to run in process, in order. The first one that refuses ends the chain.
	Stages []plan.Stage
	// SecretNamespace for the Secrets of cluster-scoped managed resources.
	SecretNamespace string
}

// Function is a composition function: a chain of stages behind a typed input.
type Function[I any] struct {
	panics
	name   string
	now    func() time.Time
	setup  func(*I) (Setup, error)
	bounds map[string]bound
}

// New makes a function. setup is called with the decoded input of the step on every call; an error of it is a mistake of
// the platform team and Fatal.
func New[I any](name string, now func() time.Time, setup func(*I) (Setup, error)) *Function[I] {
	return &Function[I]{name: name, now: now, setup: setup, bounds: boundsOf()}
}

// RunFunction answers one request. It returns an error only when nobody waits for the answer any more: core would lose all conditions.
func (f *Function[I]) RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (rsp *fnv1.RunFunctionResponse, _ error) {
	c := newCall(req)
	defer f.answer(f.name, c, &rsp)
	rsp = f.run(ctx, c)
	if rsp == nil {
		return nil, context.Cause(ctx)
	}
	return rsp, nil
}

// run returns nil when the call was given up.
func (f *Function[I]) run(ctx context.Context, c *call) *fnv1.RunFunctionResponse {
	setup, err := f.decode(c.req)
	c.own(setup.Stages)
	if err != nil {
		return c.fatal(conditions.InvalidInput, fmt.Sprintf("the input of the composition step that runs function-%s is wrong: %v", f.name, err))
	}
	if err := bounded(c.xr, f.bounds); err != nil {
		return c.fatal(conditions.InvalidSpec, err.Error())
	}
	if l := c.taken(f.name); l != nil {
		return c.fatal(l.reason, l.message, l.condition())
	}
	now := f.now()
	in, err := c.in(setup.SecretNamespace, now)
	if err != nil {
		return c.fatal(conditions.InvalidSpec, err.Error())
	}
	merged, err := runChain(ctx, setup.Stages, in)
	if ctx.Err() != nil {
		return nil
	}
	if refusal := (*plan.Refusal)(nil); errors.As(err, &refusal) {
		return c.refuse(refusal, merged)
	}
	if err != nil {
		return c.fatal(conditions.Internal, err.Error())
	}
	if loss := c.losses(merged); loss != nil {
		if c.unresolved(merged.Requirements) {
			return c.again(merged)
		}
		// It is the guardrails' verdict, given before they are asked: their step does not run after a Fatal.
		return c.fatal(loss.reason, loss.message, loss.condition())
	}
	return c.respond(merged, now)
}

// decode makes the setup of the input. When that is wrong, it also returns the setup of an empty input, so that the conditions
// of its stages are answered.
func (f *Function[I]) decode(req *fnv1.RunFunctionRequest) (Setup, error) {
	input := new(I)
	err := object.Of(req.GetInput()).DecodeStrict(input)
	if err == nil {
		var setup Setup
		if setup, err = f.setup(input); err == nil {
			return setup, nil
		}
	}
	setup, emptyErr := f.setup(new(I))
	return setup, errors.Join(err, emptyErr)
}

// runChain runs the stages and merges their plans. With a refusal it returns what is known so far: its requirements.
// It ends between two stages when nobody waits for the answer any more.
func runChain(ctx context.Context, stages []plan.Stage, in plan.In) (*plan.Plan, error) {
	merged := &plan.Plan{}
	for _, stage := range stages {
		if err := ctx.Err(); err != nil {
			return merged, fmt.Errorf("before stage %s: %w", stage.Name, err)
		}
		p, err := stage.Compose(in)
		if p != nil {
			merge(merged, p)
		}
		if err != nil {
			return merged, fmt.Errorf("stage %s: %w", stage.Name, err)
		}
		if stage.Publishes {
			// Core carries the context over the repeats of a call: what an earlier one published is not to be acted on.
			in.Environment, in.Wiring = p.Environment, p.Wiring
		}
	}
	return merged, nil
}

func merge(into, p *plan.Plan) {
	into.Resources = append(into.Resources, p.Resources...)
	into.Drops = append(into.Drops, p.Drops...)
	into.Conditions = append(into.Conditions, p.Conditions...)
	into.Requirements = append(into.Requirements, p.Requirements...)
	into.Later = append(into.Later, p.Later...)
	into.Waiting = into.Waiting || p.Waiting
	into.Own = into.Own || p.Own
	if !p.Boundary.IsZero() && (into.Boundary.IsZero() || p.Boundary.Before(into.Boundary)) {
		into.Boundary = p.Boundary
	}
	if into.Connection == nil {
		into.Connection = p.Connection
	}
	if p.Environment != nil {
		into.Environment = p.Environment
	}
	if p.Wiring != nil {
		into.Wiring = p.Wiring
	}
	if into.Status.IsZero() {
		into.Status = p.Status
	} else if !p.Status.IsZero() {
		into.Status.Merge(p.Status.Done())
	}
}
