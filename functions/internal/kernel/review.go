package kernel

import (
	"context"
	"fmt"
	"sort"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Review is what the last step of a pipeline may know: all that is observed, and all that the steps before want.
type Review struct {
	// XR is the observed composite.
	XR object.Object
	// Subject is the object that the developer wrote.
	Subject naming.Subject
	// Observed composed resources.
	Observed plan.Observed
	// Desired composed resources by name.
	Desired map[string]object.Object
	// Drops that the steps before published, by name.
	Drops map[string]pipelinev1.Drop
	// Environment that the kind's function published, or a step behind it: good for words, and proof of nothing. Nil when there is none.
	Environment *pipelinev1.Environment
	// Status that the steps before want the composite to have.
	Status object.Object
	// Required are the answers to what the verdict before required, from the control plane: no step in between writes them.
	Required map[string]plan.Required
}

// Verdict is the outcome of a review.
type Verdict struct {
	// Refused stops everything: nothing is applied and nothing is deleted.
	Refused *plan.Refusal
	// Requirements for the verdict. Before core has looked, nothing is refused and nothing goes.
	Requirements []plan.Requirement
	// Labels and Tags to add to the desired resources that Marks names.
	Labels, Tags map[string]string
	// Labelled and Tagged say which desired resources get them.
	Labelled, Tagged func(name string, o object.Object) bool
	// Warnings for the platform team, as events on the composite.
	Warnings []string
	// Conditions of the reviewer.
	Conditions []conditions.Condition
	// Status fields below status.
	Status object.Fields
}

// Reviewer is a function that composes nothing and judges everything.
type Reviewer[I any] struct {
	panics
	name       string
	conditions []string
	review     func(*I, Review) Verdict
	bounds     map[string]bound
}

// NewReviewer makes a reviewer that owns some condition types.
func NewReviewer[I any](name string, owned []string, review func(*I, Review) Verdict) *Reviewer[I] {
	return &Reviewer[I]{name: name, conditions: owned, review: review, bounds: boundsOf()}
}

// RunFunction answers one request. It returns an error only when nobody waits for the answer any more: core would lose all conditions.
func (f *Reviewer[I]) RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (rsp *fnv1.RunFunctionResponse, _ error) {
	c := newCall(req)
	c.conditions = f.conditions
	defer f.answer(f.name, c, &rsp)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return f.run(c), nil
}

func (f *Reviewer[I]) run(c *call) *fnv1.RunFunctionResponse {
	input := new(I)
	if err := object.Of(c.req.GetInput()).DecodeStrict(input); err != nil {
		return c.fatal(conditions.InvalidInput, fmt.Sprintf("the input of the composition step that runs function-%s is wrong: %v", f.name, err))
	}
	if err := bounded(c.xr, f.bounds); err != nil {
		return c.fatal(conditions.InvalidSpec, err.Error())
	}
	r, err := c.reviewed()
	if err != nil {
		return c.fatal(conditions.Internal, err.Error())
	}
	v := f.review(input, r)
	if c.unresolved(v.Requirements) {
		return c.look(v.Requirements, c.missing())
	}
	if v.Refused != nil {
		return c.fatal(v.Refused.Reason, v.Refused.Message, v.Refused.Condition)
	}
	rsp := c.start()
	setRequirements(rsp, v.Requirements)
	mark(rsp, v)
	if !v.Status.IsZero() {
		setStatus(rsp, c.xr, v.Status.Done())
	}
	c.setConditions(rsp, v.Conditions, false)
	for _, w := range v.Warnings {
		c.addResult(rsp, fnv1.Severity_SEVERITY_WARNING, fnv1.Target_TARGET_COMPOSITE, conditions.ForeignDropped, w)
	}
	readyWhenAllAre(rsp)
	return rsp
}

func (c *call) reviewed() (Review, error) {
	r := Review{
		XR:       c.xr,
		Subject:  subjectOf(c.xr),
		Observed: observed{c.req.GetObserved().GetResources()},
		Desired:  make(map[string]object.Object, len(c.req.GetDesired().GetResources())),
		Drops:    map[string]pipelinev1.Drop{},
		Status:   object.Of(c.req.GetDesired().GetComposite().GetResource()).At("status"),
		Required: requiredOf(c.req),
	}
	for name, d := range c.req.GetDesired().GetResources() {
		r.Desired[name] = object.Of(d.GetResource())
	}
	drops, err := contextValue[pipelinev1.Drops](c.req, pipelinev1.DropsKey)
	if err != nil {
		return r, err
	}
	if drops != nil {
		for _, d := range drops.Items {
			r.Drops[d.Name] = d
		}
	}
	r.Environment, err = contextValue[pipelinev1.Environment](c.req, pipelinev1.EnvironmentKey)
	return r, err
}

// missing are the observed resources that no step wants any more, sorted.
func (c *call) missing() []string {
	var names []string
	for name := range c.req.GetObserved().GetResources() {
		if _, wanted := c.req.GetDesired().GetResources()[name]; !wanted {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// mark adds labels and tags. A desired resource is copied before it is written: it is also the request's.
func mark(rsp *fnv1.RunFunctionResponse, v Verdict) {
	names := make([]string, 0, len(rsp.GetDesired().GetResources()))
	for name := range rsp.GetDesired().GetResources() {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		d := rsp.Desired.Resources[name]
		o := object.Of(d.GetResource())
		if v.Labelled(name, o) {
			o = object.WithStrings(o, v.Labels, "metadata", "labels")
		}
		if v.Tagged(name, o) {
			o = object.WithStrings(o, v.Tags, "spec", "forProvider", "tags")
		}
		rsp.Desired.Resources[name] = &fnv1.Resource{Resource: o.Struct(), ConnectionDetails: d.GetConnectionDetails(), Ready: d.GetReady()}
	}
}

// readyWhenAllAre says that the composite is ready when every desired resource is, also those of other functions, and no step
// has said that it is not. Otherwise core decides, and names what is not ready.
func readyWhenAllAre(rsp *fnv1.RunFunctionResponse) {
	if rsp.GetDesired().GetComposite().GetReady() != fnv1.Ready_READY_UNSPECIFIED {
		return
	}
	for _, d := range rsp.GetDesired().GetResources() {
		if d.GetReady() != fnv1.Ready_READY_TRUE {
			return
		}
	}
	rsp.Desired.Composite.Ready = fnv1.Ready_READY_TRUE
}
