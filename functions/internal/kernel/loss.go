package kernel

import (
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// loss is a plan that must not be carried out.
type loss struct {
	reason  conditions.Reason
	message string
}

// condition is the guardrails' verdict.
func (l *loss) condition() conditions.Condition {
	return conditions.Condition{Type: v1.ConditionGuardrailsPassed, Status: conditions.False, Reason: l.reason, Message: l.message}
}

// taken refuses names that a step before this one must not use: those of our stages and, before the first function of ours, all that
// have our prefixes. What a step wants under such a name would be taken for ours, and nobody could tell whether it may go.
func (c *call) taken(function string) *loss {
	first := slices.ContainsFunc(c.stages, func(s plan.Stage) bool { return s.Publishes })
	var names []string
	for name := range c.req.GetDesired().GetResources() {
		if _, own := c.owner(name); own || (first && ownership.Ours(name)) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	return &loss{conditions.NameReserved, fmt.Sprintf("a step before function-%s wants composed resources whose names are reserved: %s. "+
		"Nothing was changed. The platform team has to rename them there, or to put function-%s first; README.md lists the prefixes",
		function, strings.Join(names, ", "), function)}
}

// losses checks the plan against what is observed. Core deletes every observed resource that is missing from the final
// desired state, so each one of ours is planned again or dropped with a reason, and a data holder goes only with consent.
// It also adds the drops of retired names to the plan.
func (c *call) losses(p *plan.Plan) *loss {
	planned, err := c.planned(p)
	if err != nil {
		return &loss{conditions.Internal, err.Error()}
	}
	dropped := make(map[string]pipelinev1.Drop, len(p.Drops))
	for _, d := range p.Drops {
		dropped[d.Name] = d
	}
	var missing []string
	for _, name := range c.owned() {
		if _, ok := planned[name]; ok {
			continue
		}
		drop, ok := dropped[name]
		if !ok {
			if drop, ok = c.retired(name); !ok {
				missing = append(missing, name)
				continue
			}
			p.Drops = append(p.Drops, drop)
		}
		if l := c.dataLoss(drop, p.Environment); l != nil {
			return l
		}
	}
	if len(missing) > 0 {
		return &loss{conditions.WouldLoseResource, fmt.Sprintf(
			"composed resources would have been deleted without a reason: %s. Nothing was changed; please report this",
			strings.Join(missing, ", "))}
	}
	return nil
}

// planned indexes the plan and refuses what no stage may plan or drop: a foreign name, a name twice, a name that is also
// dropped, and another kind under an observed name, which core would leak.
func (c *call) planned(p *plan.Plan) (map[string]struct{}, error) {
	planned := make(map[string]struct{}, len(p.Resources))
	for _, r := range p.Resources {
		if _, ok := c.owner(r.Name); !ok {
			return nil, fmt.Errorf("composed resource %s belongs to no stage of this function", r.Name)
		}
		if _, twice := planned[r.Name]; twice {
			return nil, fmt.Errorf("composed resource %s is planned twice", r.Name)
		}
		planned[r.Name] = struct{}{}
		was := object.Of(c.req.GetObserved().GetResources()[r.Name].GetResource())
		if !was.IsZero() && (was.Kind() != r.Object.Kind() || group(was) != group(r.Object)) {
			return nil, fmt.Errorf("composed resource %s is a %s and cannot become a %s under the same name", r.Name, was.Kind(), r.Object.Kind())
		}
	}
	for _, d := range p.Drops {
		if _, ok := c.owner(d.Name); !ok {
			return nil, fmt.Errorf("dropped resource %s belongs to no stage of this function", d.Name)
		}
		if _, both := planned[d.Name]; both {
			return nil, fmt.Errorf("composed resource %s is both planned and dropped", d.Name)
		}
	}
	return planned, nil
}

func group(o object.Object) string {
	g, _, found := strings.Cut(o.APIVersion(), "/")
	if !found {
		return ""
	}
	return g
}

func (c *call) retired(name string) (pipelinev1.Drop, bool) {
	stage, ok := c.owner(name)
	if !ok || !slices.Contains(stage.Retired, name) {
		return pipelinev1.Drop{}, false
	}
	return pipelinev1.Drop{
		Name: name, Reason: pipelinev1.DropRetired,
		Message: fmt.Sprintf("stage %s no longer composes it", stage.Name),
	}, true
}

// dataLoss refuses to drop a data holder without consent.
func (c *call) dataLoss(d pipelinev1.Drop, env *pipelinev1.Environment) *loss {
	holder := object.Of(c.req.GetObserved().GetResources()[d.Name].GetResource())
	if !HoldsData(holder) || Consents(c.xr, d, env) {
		return nil
	}
	return &loss{conditions.WouldLoseData, DataLossMessage(d.Name)}
}

// HoldsData says that an observed resource is the only live copy of somebody's data.
func HoldsData(o object.Object) bool { return o.Annotation(v1.DataAnnotation) == v1.DataPrimary }

// DataLossMessage is the sentence of a refused loss.
func DataLossMessage(name string) string {
	return fmt.Sprintf("the data in %s would be lost. Nothing was changed. If you mean it, annotate the object with %s: %q",
		name, v1.AllowDataLossAnnotation, name)
}

// Consents says that a data holder may go: its name stands in the annotation, or it is in an expired preview, which
// consents for itself.
func Consents(xr object.Object, d pipelinev1.Drop, env *pipelinev1.Environment) bool {
	if d.Reason == pipelinev1.DropEnvironmentExpired && env.Expired() {
		return true
	}
	return slices.Contains(AllowedLosses(xr), d.Name)
}

// maxConsent is more than the names of all that a composite may hold. What is longer consents to nothing: nobody has read it.
const maxConsent = 8 << 10

// AllowedLosses are the names in the annotation, sorted.
func AllowedLosses(xr object.Object) []string {
	var names []string
	annotation := xr.Annotation(v1.AllowDataLossAnnotation)
	if len(annotation) > maxConsent {
		return nil
	}
	for name := range strings.SplitSeq(annotation, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
