package kernel

import (
	"fmt"
	"sort"
	"strings"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// call is one request on its way through the kernel.
type call struct {
	req    *fnv1.RunFunctionRequest
	xr     object.Object
	stages []plan.Stage
	// conditions are the types that are answered on every call.
	conditions []string
	quotes     quotes
}

func newCall(req *fnv1.RunFunctionRequest) *call {
	xr := object.Of(req.GetObserved().GetComposite().GetResource())
	return &call{req: req, xr: xr, quotes: quotesOf(xr)}
}

// in is what the stages may know of the request.
func (c *call) in(secretNamespace string, now time.Time) (plan.In, error) {
	fl, err := managed.FlavourOf(c.xr, secretNamespace)
	if err != nil {
		return plan.In{}, fmt.Errorf("cannot tell the flavour of the composite: %w", err)
	}
	in := plan.In{
		XR:       c.xr,
		Flavour:  fl,
		Subject:  subjectOf(c.xr),
		Observed: observed{c.req.GetObserved().GetResources()},
		Required: requiredOf(c.req),
		Now:      now,
	}
	if in.Environment, err = contextValue[pipelinev1.Environment](c.req, pipelinev1.EnvironmentKey); err != nil {
		return plan.In{}, err
	}
	in.Wiring, err = contextValue[pipelinev1.Wiring](c.req, pipelinev1.WiringKey)
	return in, err
}

// subjectOf names the object that a developer wrote: the claim in the claims flavour, the composite itself otherwise. A composite
// that another one composes is named like itself, in the namespace of the outermost claim.
func subjectOf(xr object.Object) naming.Subject {
	s := naming.Subject{UID: xr.UID(), Namespace: xr.Namespace(), Name: xr.Name(), Kind: strings.ToLower(xr.Kind())}
	if s.Namespace != "" {
		return s
	}
	if claim := xr.At("spec", "claimRef"); !claim.IsZero() {
		s.Namespace, s.Name = claim.String("namespace"), claim.String("name")
		s.Kind = strings.TrimPrefix(s.Kind, "x")
	} else if ns := xr.Label("crossplane.io/claim-namespace"); ns != "" {
		s.Namespace, s.Kind = ns, strings.TrimPrefix(s.Kind, "x")
	}
	return s
}

// contextValue decodes a value of the pipeline context strictly: a contract that we only half understand is not acted on.
func contextValue[T any](req *fnv1.RunFunctionRequest, key string) (*T, error) {
	v, ok := req.GetContext().GetFields()[key]
	if !ok {
		return nil, nil //nolint:nilnil // no value and no mistake: the step before did not publish one
	}
	if v.GetStructValue() == nil {
		return nil, fmt.Errorf("the pipeline context %q is not what this version understands: it is not an object", key)
	}
	out := new(T)
	if err := object.Of(v.GetStructValue()).DecodeStrict(out); err != nil {
		return nil, fmt.Errorf("the pipeline context %q is not what this version understands: %w", key, err)
	}
	return out, nil
}

// requiredOf are the required objects. Of one of ours a stage sees what it publishes, and not what is asked of it: that has been judged
// by nobody yet. Of those of the composite's own kind it sees all: who of two that ask for the same came first is decided between requests.
func requiredOf(req *fnv1.RunFunctionRequest) map[string]plan.Required {
	kind := object.Of(req.GetObserved().GetComposite().GetResource()).Kind()
	required := make(map[string]plan.Required, len(req.GetRequiredResources()))
	for key, resources := range req.GetRequiredResources() {
		items := make([]object.Object, 0, len(resources.GetItems()))
		for _, item := range resources.GetItems() {
			items = append(items, published(object.Of(item.GetResource()), kind))
		}
		required[key] = plan.Required{Resolved: true, Items: items}
	}
	return required
}

// published is an object without the request in it, where that is a tenant's.
func published(o object.Object, kind string) object.Object {
	if !strings.HasPrefix(o.APIVersion(), v1.Group+"/") || o.Kind() == kind {
		return o
	}
	return object.Without(o, "spec")
}

// observed looks resources up in the wire form.
type observed struct {
	resources map[string]*fnv1.Resource
}

func (o observed) Get(name string) object.Object {
	return object.Of(o.resources[name].GetResource())
}

func (o observed) Connection(name string) map[string][]byte {
	return o.resources[name].GetConnectionDetails()
}

func (o observed) Names(prefix string) []string {
	var names []string
	for name := range o.resources {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// own takes the stages that run in process.
func (c *call) own(stages []plan.Stage) {
	c.stages = stages
	for _, stage := range stages {
		c.conditions = append(c.conditions, stage.Conditions...)
	}
}

// owner is the in-process stage that a composition resource name belongs to.
func (c *call) owner(name string) (plan.Stage, bool) {
	for _, stage := range c.stages {
		if strings.HasPrefix(name, stage.Prefix) {
			return stage, true
		}
	}
	return plan.Stage{}, false
}

// owned are the observed resources of the in-process stages, sorted.
func (c *call) owned() []string {
	var names []string
	for name := range c.req.GetObserved().GetResources() {
		if _, ok := c.owner(name); ok {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}
