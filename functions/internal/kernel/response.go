package kernel

import (
	"slices"
	"sort"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/contract"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// ttl is when core asks again by itself. Changes of the composite, of what it composes and of what it requires come as
// events, so only a time boundary needs an earlier look.
const ttl = 10 * time.Minute

// start begins a response with everything that the steps before wanted. A fresh one would delete it all.
func (c *call) start() *fnv1.RunFunctionResponse {
	desired := &fnv1.State{Composite: &fnv1.Resource{}, Resources: map[string]*fnv1.Resource{}}
	if before := c.req.GetDesired(); before != nil {
		desired.Resources = make(map[string]*fnv1.Resource, len(before.GetResources())+8)
		for name, r := range before.GetResources() {
			desired.Resources[name] = r
		}
		if xr := before.GetComposite(); xr != nil {
			desired.Composite = &fnv1.Resource{Resource: xr.GetResource(), ConnectionDetails: xr.GetConnectionDetails(), Ready: xr.GetReady()}
		}
	}
	return &fnv1.RunFunctionResponse{
		Meta:    &fnv1.ResponseMeta{Tag: c.req.GetMeta().GetTag(), Ttl: durationpb.New(ttl)},
		Desired: desired,
		Context: c.req.GetContext(),
	}
}

// respond carries a plan out.
func (c *call) respond(p *plan.Plan, now time.Time) *fnv1.RunFunctionResponse {
	rsp := c.start()
	for _, r := range p.Resources {
		c.addResource(rsp, r)
	}
	if p.Waiting || len(rsp.Desired.Resources) == 0 {
		// Core takes a composite without resources for ready.
		rsp.Desired.Composite.Ready = fnv1.Ready_READY_FALSE
	}
	for k, v := range p.Connection {
		setConnection(rsp, k, v)
	}
	if err := c.publish(rsp, p); err != nil {
		return c.fatal(conditions.Internal, err.Error())
	}
	if !p.Status.IsZero() {
		setStatus(rsp, c.xr, p.Status.Done())
	}
	setRequirements(rsp, p.Requirements)
	c.setConditions(rsp, c.leave(p), false)
	rsp.Meta.Ttl = durationpb.New(p.TTL(ttl, now))
	return rsp
}

// leave takes out the conditions that a step behind answers.
func (c *call) leave(p *plan.Plan) []conditions.Condition {
	if len(p.Later) == 0 {
		return p.Conditions
	}
	later := func(conditionType string) bool { return slices.Contains(p.Later, conditionType) }
	c.conditions = slices.DeleteFunc(slices.Clone(c.conditions), later)
	return slices.DeleteFunc(slices.Clone(p.Conditions), func(cond conditions.Condition) bool { return later(cond.Type) })
}

func (c *call) addResource(rsp *fnv1.RunFunctionResponse, r plan.Resource) {
	if r.Data {
		meta := object.EditFields(r.Object).Object("metadata")
		meta.Object("annotations").SetString(v1.DataAnnotation, v1.DataPrimary)
	}
	ready := fnv1.Ready_READY_FALSE
	if health.Of(object.Of(c.req.GetObserved().GetResources()[r.Name].GetResource())).Ready {
		ready = fnv1.Ready_READY_TRUE
	}
	rsp.Desired.Resources[r.Name] = &fnv1.Resource{Resource: r.Object.Struct(), Ready: ready}
}

func setConnection(rsp *fnv1.RunFunctionResponse, key, value string) {
	old := rsp.GetDesired().GetComposite().GetConnectionDetails()
	details := make(map[string][]byte, len(old)+1)
	for k, v := range old {
		details[k] = v
	}
	details[key] = []byte(value)
	rsp.Desired.Composite.ConnectionDetails = details
}

// setStatus merges status fields into the desired composite. The struct of the request is copied at the levels that are
// written, never changed.
func setStatus(rsp *fnv1.RunFunctionResponse, xr, status object.Object) {
	f := object.NewFields()
	f.SetString("apiVersion", xr.APIVersion())
	f.SetString("kind", xr.Kind())
	before := object.Of(rsp.GetDesired().GetComposite().GetResource())
	if !before.IsZero() {
		f.Merge(before)
		f.SetObject("status", object.NewFields().Done())
		f.Object("status").Merge(before.At("status"))
	}
	f.Object("status").Merge(status)
	rsp.Desired.Composite.Resource = f.Done().Struct()
}

func setRequirements(rsp *fnv1.RunFunctionResponse, requirements []plan.Requirement) {
	if len(requirements) == 0 {
		return
	}
	selectors := make(map[string]*fnv1.ResourceSelector, len(requirements))
	for _, r := range requirements {
		s := &fnv1.ResourceSelector{ApiVersion: r.APIVersion, Kind: r.Kind}
		switch {
		case r.Name != "":
			s.Match = &fnv1.ResourceSelector_MatchName{MatchName: r.Name}
		case len(r.Labels) > 0:
			s.Match = &fnv1.ResourceSelector_MatchLabels{MatchLabels: &fnv1.MatchLabels{Labels: r.Labels}}
		}
		if r.Namespace != "" {
			s.Namespace = &r.Namespace
		}
		selectors[r.Key] = s
	}
	rsp.Requirements = &fnv1.Requirements{Resources: selectors}
}

// publish puts into the context what the steps behind act on. The Environment goes into the status too: what is composed
// stays in shape from there while the Environment is away.
func (c *call) publish(rsp *fnv1.RunFunctionResponse, p *plan.Plan) error {
	fields := make(map[string]*structpb.Value, 4)
	for k, v := range rsp.GetContext().GetFields() {
		fields[k] = v
	}
	if slices.ContainsFunc(c.stages, func(s plan.Stage) bool { return s.Publishes }) {
		delete(fields, pipelinev1.EnvironmentKey)
		delete(fields, pipelinev1.WiringKey)
	}
	if p.Environment != nil {
		o := contract.Environment(p.Environment)
		fields[pipelinev1.EnvironmentKey] = structpb.NewStructValue(o.Struct())
		if p.Status.IsZero() {
			p.Status = object.NewFields()
		}
		if !p.Own {
			p.Status.SetObject("environment", o)
		}
	}
	if p.Wiring != nil {
		fields[pipelinev1.WiringKey] = structpb.NewStructValue(contract.Wiring(p.Wiring).Struct())
	}
	drops, err := c.mergeDrops(p.Drops)
	if err != nil {
		return err
	}
	fields[pipelinev1.DropsKey] = drops
	rsp.Context = &structpb.Struct{Fields: fields}
	return nil
}

func (c *call) mergeDrops(drops []pipelinev1.Drop) (*structpb.Value, error) {
	all, err := contextValue[pipelinev1.Drops](c.req, pipelinev1.DropsKey)
	if err != nil {
		return nil, err
	}
	if all == nil {
		all = &pipelinev1.Drops{}
	}
	// Core carries the context over the repeats of a call: ours are those of this call.
	all.Items = slices.DeleteFunc(all.Items, func(d pipelinev1.Drop) bool {
		_, ours := c.owner(d.Name)
		return ours
	})
	all.APIVersion, all.Kind = pipelinev1.APIVersion, "Drops"
	all.Items = append(all.Items, drops...)
	sort.Slice(all.Items, func(i, j int) bool { return all.Items[i].Name < all.Items[j].Name })
	return structpb.NewStructValue(contract.Drops(all).Struct()), nil
}
