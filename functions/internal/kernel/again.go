package kernel

import (
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// unresolved says that core has not looked yet for something that is required.
func (c *call) unresolved(requirements []plan.Requirement) bool {
	for _, r := range requirements {
		if _, looked := c.req.GetRequiredResources()[r.Key]; !looked {
			return true
		}
	}
	return false
}

// again asks core to look first and to call again, where the answer would be Fatal: core ends a call that is Fatal without
// looking for anything, so a composite whose status is lost would stay Fatal for ever.
func (c *call) again(p *plan.Plan) *fnv1.RunFunctionResponse {
	rsp := c.look(p.Requirements, c.owned())
	if err := c.publish(rsp, &plan.Plan{}); err != nil {
		return c.fatal(conditions.Internal, err.Error())
	}
	return rsp
}

// look is an answer that core throws away as soon as it has looked. For one that does not, the observed resources of some names are wanted
// as they are.
func (c *call) look(requirements []plan.Requirement, names []string) *fnv1.RunFunctionResponse {
	rsp := c.start()
	for _, name := range names {
		was := object.Of(c.req.GetObserved().GetResources()[name].GetResource())
		rsp.Desired.Resources[name] = &fnv1.Resource{Resource: plan.AsObserved(was).Struct(), Ready: fnv1.Ready_READY_FALSE}
	}
	rsp.Desired.Composite.Ready = fnv1.Ready_READY_FALSE
	c.keepStatus(rsp)
	setRequirements(rsp, requirements)
	c.setConditions(rsp, nil, true)
	return rsp
}
