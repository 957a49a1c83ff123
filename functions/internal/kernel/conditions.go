package kernel

import (
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// setConditions answers every condition type that the function owns, on every call: core keeps what is not
// answered at its last value, or at Unknown after a Fatal. With keep, a type that is not set keeps what is observed: the
// service behind it still runs.
func (c *call) setConditions(rsp *fnv1.RunFunctionResponse, set []conditions.Condition, keep bool) {
	given := make(map[string]conditions.Condition, len(set))
	for _, cond := range set {
		given[cond.Type] = cond
	}
	for _, conditionType := range c.conditions {
		cond, ok := given[conditionType]
		if !ok {
			cond = c.unset(conditionType, keep, set)
		}
		rsp.Conditions = append(rsp.Conditions, c.condition(cond))
		delete(given, conditionType)
	}
	for _, cond := range set {
		if _, left := given[cond.Type]; left {
			rsp.Conditions = append(rsp.Conditions, c.condition(cond))
		}
	}
}

func (c *call) unset(conditionType string, keep bool, set []conditions.Condition) conditions.Condition {
	if was := c.xr.Condition(conditionType); keep && was.Status != "" && was.Reason != "" {
		return conditions.Condition{
			Type: conditionType, Status: conditions.Status(was.Status), Reason: conditions.Reason(was.Reason), Message: was.Message,
		}
	}
	blocked := conditions.Condition{Type: conditionType, Status: conditions.Unknown, Reason: conditions.Blocked}
	for _, cond := range set {
		if !cond.Is() {
			blocked.Message = "waits for " + cond.Type
			break
		}
	}
	return blocked
}

func (c *call) condition(cond conditions.Condition) *fnv1.Condition {
	status := fnv1.Status_STATUS_CONDITION_UNKNOWN
	switch cond.Status {
	case conditions.True:
		status = fnv1.Status_STATUS_CONDITION_TRUE
	case conditions.False:
		status = fnv1.Status_STATUS_CONDITION_FALSE
	case conditions.Unknown:
	}
	out := &fnv1.Condition{
		Type: cond.Type, Status: status, Reason: string(cond.Reason),
		Target: fnv1.Target_TARGET_COMPOSITE_AND_CLAIM.Enum(),
	}
	if cond.Message != "" {
		message := c.quotes.in(cond.Message)
		out.Message = &message
	}
	return out
}

// refuse answers invalid input. With nothing composed yet it is a condition and a warning, which is also what CI stops at,
// and nothing is composed. With something composed it is Fatal, so that the running service stays as it is.
func (c *call) refuse(r *plan.Refusal, p *plan.Plan) *fnv1.RunFunctionResponse {
	set := append(p.Conditions, r.Condition) //nolint:gocritic // the plan ends here
	if len(c.owned()) > 0 {
		if c.unresolved(p.Requirements) {
			return c.again(p)
		}
		return c.fatal(r.Reason, r.Message, set...)
	}
	rsp := c.start()
	rsp.Desired.Composite.Ready = fnv1.Ready_READY_FALSE
	c.keepStatus(rsp)
	// Nothing is composed, so the steps behind have nothing to act on: neither now nor from an earlier repeat.
	if err := c.publish(rsp, &plan.Plan{}); err != nil {
		return c.fatal(conditions.Internal, err.Error())
	}
	setRequirements(rsp, p.Requirements)
	c.setConditions(rsp, set, false)
	c.addResult(rsp, fnv1.Severity_SEVERITY_WARNING, fnv1.Target_TARGET_COMPOSITE_AND_CLAIM, r.Reason, r.Message)
	return rsp
}

// fatal changes nothing: core neither applies nor deletes, and keeps the status.
func (c *call) fatal(reason conditions.Reason, message string, set ...conditions.Condition) *fnv1.RunFunctionResponse {
	rsp := c.start()
	c.keepStatus(rsp)
	c.setConditions(rsp, set, true)
	tellWhy(rsp, reason)
	c.addResult(rsp, fnv1.Severity_SEVERITY_FATAL, fnv1.Target_TARGET_COMPOSITE, reason, message)
	return rsp
}

// tellWhy gives the conditions that wait for no other one the reason of the Fatal. Core says the rest in Synced.
func tellWhy(rsp *fnv1.RunFunctionResponse, reason conditions.Reason) {
	why := map[conditions.Reason]string{
		conditions.InvalidInput: "the input of the composition step is wrong; nothing is changed. The platform team has to correct " +
			"the Composition, Synced says where",
		conditions.InvalidSpec: "the object or what a step before says of it is not understood; nothing is changed. Synced says what to do",
		conditions.Internal:    "the composition function has failed; nothing is changed. The platform team has to report what Synced says",
	}[reason]
	for _, cond := range rsp.GetConditions() {
		if cond.GetReason() == string(conditions.Blocked) && cond.GetMessage() == "" && why != "" {
			cond.Message = &why
		}
	}
}

func (c *call) addResult(rsp *fnv1.RunFunctionResponse, s fnv1.Severity, to fnv1.Target, reason conditions.Reason, message string) {
	why := string(reason)
	rsp.Results = append(rsp.Results, &fnv1.Result{Severity: s, Message: c.quotes.in(message), Reason: &why, Target: to.Enum()})
}

// keepStatus wants the status that is observed, less what a step before wants anew. Conditions are core's.
func (c *call) keepStatus(rsp *fnv1.RunFunctionResponse) {
	status := c.xr.At("status")
	if status.IsZero() {
		return
	}
	wanted := object.Of(rsp.GetDesired().GetComposite().GetResource()).At("status")
	setStatus(rsp, c.xr, object.Without(status, append(wanted.Keys(), "conditions")...))
}
