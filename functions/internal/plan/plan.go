// Package plan is what a stage takes and gives: everything that it may know, and everything that it wants. It knows no
// protocol, so a stage is tested without one.
package plan

import (
	"slices"
	"strings"
	"time"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Stage is one pure step of a function.
type Stage struct {
	// Name of the stage.
	Name string
	// Prefix of the composition resource names that the stage owns.
	Prefix string
	// Conditions are the types that the stage sets. It sets each of them on every call.
	Conditions []string
	// Publishes says that the stage decides which Environment and Wiring the others see, and what stands in the context.
	Publishes bool
	// Retired are names that earlier versions composed and this one does not. They may go.
	Retired []string
	// Compose computes what is wanted. A *Refusal is the answer to invalid input; any other error is a defect.
	Compose func(In) (*Plan, error)
}

// In is all that a stage may know.
type In struct {
	// XR is the observed composite.
	XR object.Object
	// Subject is what names are made for.
	Subject naming.Subject
	// Flavour of the composite.
	Flavour managed.Flavour
	// Observed composed resources.
	Observed Observed
	// Required resources by the key that a Requirement gave them.
	Required map[string]Required
	// Environment and Wiring come from the stages or the steps before.
	Environment *pipelinev1.Environment
	Wiring      *pipelinev1.Wiring
	// Now is the injected clock.
	Now time.Time
}

// Name of the Kubernetes object behind a composition resource name: the observed one, or a new one.
func (in In) Name(resource string) string {
	if name := in.Observed.Get(resource).Name(); name != "" {
		return name
	}
	return naming.Unique(in.Subject, resource, "", naming.LimitKubernetes)
}

// Observed looks composed resources up without converting the others.
type Observed interface {
	// Get returns a resource by its composition resource name; the zero Object when it is not observed.
	Get(name string) object.Object
	// Connection returns the connection details of a resource.
	Connection(name string) map[string][]byte
	// Names of all observed resources with a prefix, sorted.
	Names(prefix string) []string
}

// Required is the answer to a Requirement.
type Required struct {
	// Resolved says that core has looked. Before that, nothing is known: neither there nor missing.
	Resolved bool
	// Items that were found.
	Items []object.Object
}

// First returns the first item, or the zero Object.
func (r Required) First() object.Object {
	if len(r.Items) == 0 {
		return object.Object{}
	}
	return r.Items[0]
}

// Requirement asks core for objects: for one by its name, for those with some labels, or for all of a kind.
type Requirement struct {
	Key        string
	APIVersion string
	Kind       string
	// Namespace to look in. Empty for cluster-scoped kinds, and for all namespaces where there is no name.
	Namespace string
	// Name of the object. Empty for several.
	Name string
	// Labels that the objects have. Without name and labels every object of the kind is meant.
	Labels map[string]string
}

// Resource is one composed resource that is wanted.
type Resource struct {
	// Name is the composition resource name. It is API: renaming one recreates a cloud resource.
	Name string
	// Object is the minimal intent: no status, no defaults.
	Object object.Object
	// Data marks the holder of the only live copy of somebody's data.
	Data bool
}

// Plan is all that a stage wants.
type Plan struct {
	// Resources that are wanted.
	Resources []Resource
	// Drops are observed resources that go on purpose.
	Drops []pipelinev1.Drop
	// Conditions of the stage.
	Conditions []conditions.Condition
	// Status fields below status. Zero when the stage has none.
	Status object.Fields
	// Requirements for the next call. They are returned on every call, or core forgets them.
	Requirements []Requirement
	// Connection details for the claim's Secret in the claims flavour.
	Connection map[string]string
	// Environment and Wiring are handed to the stages and the steps behind. Nil leaves what is there.
	Environment *pipelinev1.Environment
	// Own says that the Environment is the composite itself, so that its status does not keep it.
	Own    bool
	Wiring *pipelinev1.Wiring
	// Later are condition types that a step behind answers. Core takes two answers with different words for a change, on every call.
	Later []string
	// Waiting says that the composite is not ready, even when each of its resources is.
	Waiting bool
	// Boundary is when the plan changes by the clock alone. Zero when it does not.
	Boundary time.Time
}

// Add wants a resource.
func (p *Plan) Add(name string, o object.Object) {
	p.Resources = append(p.Resources, Resource{Name: name, Object: o})
}

// AddData wants a data holder.
func (p *Plan) AddData(name string, o object.Object) {
	p.Resources = append(p.Resources, Resource{Name: name, Object: o, Data: true})
}

// Hold wants a resource as it is observed, whatever the claim says by now: for what has to stay until something else is gone.
func (p *Plan) Hold(name string, observed object.Object, data bool) {
	p.Resources = append(p.Resources, Resource{Name: name, Object: AsObserved(observed), Data: data})
}

// Drop lets an observed resource go.
func (p *Plan) Drop(name string, reason pipelinev1.DropReason, message string) {
	p.Drops = append(p.Drops, pipelinev1.Drop{Name: name, Reason: reason, Message: message})
}

// Set sets a condition.
func (p *Plan) Set(conditionType string, status conditions.Status, reason conditions.Reason, message string) {
	p.Conditions = append(p.Conditions, conditions.Condition{Type: conditionType, Status: status, Reason: reason, Message: message})
}

// OnlyObserved takes out of the plan what is not observed yet: what is composed stays in shape, and nothing is added but what
// protects it.
func (p *Plan) OnlyObserved(in In) {
	p.Resources = slices.DeleteFunc(p.Resources, func(r Resource) bool {
		return in.Observed.Get(r.Name).IsZero() && !strings.HasPrefix(r.Object.APIVersion(), "protection.crossplane.io/")
	})
	p.Waiting = true
}

// Refusal says that a person has to change something before anything can be composed.
type Refusal struct {
	conditions.Condition
}

// Refuse makes a refusal. The message names the field, what is wrong, and what to write instead.
func Refuse(conditionType string, reason conditions.Reason, message string) *Refusal {
	return &Refusal{conditions.Condition{Type: conditionType, Status: conditions.False, Reason: reason, Message: message}}
}

// Error returns the sentence.
func (r *Refusal) Error() string { return r.Message }

// TTL is when core has to ask again: the given time, or sooner when the clock alone changes the plan before.
func (p *Plan) TTL(longest time.Duration, now time.Time) time.Duration {
	if p.Boundary.IsZero() {
		return longest
	}
	// A boundary that has passed is one that this call has acted on already.
	if left := p.Boundary.Sub(now); left > 0 && left < longest {
		return max(left, time.Second)
	}
	return longest
}
