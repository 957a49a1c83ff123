package simulator

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// Cloud is the providers' side: how long things take, and what a cloud would not have put up with.
type Cloud struct {
	// Delay is how many rounds a new or changed resource of a kind takes.
	Delay func(kind string) int
	// Teardown is how many rounds the deletion of every managed resource takes.
	Teardown int
	// WindowClosed lets changes with applyImmediately: false wait. OpenWindow ends it.
	WindowClosed bool
	// Existing is what is reported of things that were there before us, by their external names, where it is not what follows from
	// the name (package cloud). Nil fields say that there is no such thing.
	Existing map[string]map[string]any
	// Violations are requests that a cloud refuses or answers by a replacement, and what a provider does that it should not, in order.
	Violations []string
	// Calls are the creations and changes that providers have sent, in order. Deletions are in Cluster.Deletions.
	Calls []ProviderCall

	kinds map[string]cloud.Facts
}

// ProviderCall is one call of a provider that creates or changes something.
type ProviderCall struct {
	// Round in which it was sent.
	Round int
	// Kind and Name of the managed resource.
	Kind, Name string
	// Creates says that it makes something new.
	Creates bool
	// Fields that it changes, sorted. Nil for a creation.
	Fields []string
}

// Fault is what is wrong with one resource.
type Fault struct {
	// Message of Synced=False. The resource does not get on while there is one.
	Message string
	// Stuck keeps a resource as it is, without an error.
	Stuck bool
}

// Clear says that nothing is wrong.
func (f Fault) Clear() bool { return f == Fault{} }

// Tick lets every provider work once.
func (c *Cluster) Tick() {
	c.restart()
	for _, name := range slices.Sorted(maps.Keys(c.Composed)) {
		if composed := c.Composed[name]; c.tick(composed) {
			delete(c.Composed, name)
			c.leave(composed)
		}
	}
	for ref, composed := range c.Terminating {
		if c.tick(composed) {
			delete(c.Terminating, ref)
			c.leave(composed)
		}
	}
}

// Step is one reconcile and one tick.
func (c *Cluster) Step() (*Round, error) {
	round, err := c.Reconcile()
	c.Tick()
	return round, err
}

// LoseStatus takes the status of a composed resource away, until its provider writes it again.
func (c *Cluster) LoseStatus(name string) {
	composed := c.Composed[name]
	if composed == nil || !managed(object.Of(composed.Object)) {
		return
	}
	composed.Object = Without(composed.Object, "status")
	composed.settled = 0
}

// Delete begins the deletion of a managed resource.
func (c *Cluster) Delete(composed *Composed) {
	composed.gone = c.Cloud.Teardown
	composed.Object = With(composed.Object, Text(transition), "metadata", "deletionTimestamp")
	composed.Object = With(composed.Object, Texts("finalizer.managedresource.crossplane.io"), "metadata", "finalizers")
}

// tick says that the resource is gone.
func (c *Cluster) tick(composed *Composed) bool {
	o := object.Of(composed.Object)
	switch {
	case composed.child != nil:
		return c.tickChild(composed)
	case o.Deleting():
		composed.gone--
		return composed.gone < 0
	case !managed(o) || composed.Fault.Stuck:
		return false
	case composed.Fault.Message != "":
		composed.settled = 0
		composed.Object = withConditions(composed.Object,
			Condition{
				Type: "Synced", Status: "False", Reason: "ReconcileError", Message: composed.Fault.Message,
				Generation: o.Int("metadata", "generation"),
			}, readyCondition(o))
		return false
	case composed.settled == o.Int("metadata", "generation") && composed.waits == 0 && !onlyObserved(o):
		if composed.again {
			c.poll(composed)
		}
		return false
	case composed.waits > 0:
		composed.waits--
		if o.Condition("Ready").Status == "" {
			composed.Object = withConditions(composed.Object,
				synced(o.Int("metadata", "generation")), Condition{Type: "Ready", Status: "False", Reason: "Creating"})
		}
		return false
	}
	c.settle(composed)
	return false
}

// providerTags are added by the AWS provider to whatever has tags.
func providerTags(o object.Object) *structpb.Struct {
	return fields(map[string]*structpb.Value{
		"crossplane-kind":           Text(strings.ToLower(o.Kind() + "." + group(o))),
		"crossplane-name":           Text(o.Name()),
		"crossplane-providerconfig": Text(o.String("spec", "providerConfigRef", "name")),
	})
}

func synced(generation int64) Condition {
	return Condition{Type: "Synced", Status: "True", Reason: "ReconcileSuccess", Generation: generation}
}

// readyCondition keeps what a failing resource was before.
func readyCondition(o object.Object) Condition {
	was := o.Condition("Ready")
	if was.Status == "" {
		return Condition{Type: "Ready", Status: "False", Reason: "Creating"}
	}
	return Condition{Type: "Ready", Status: was.Status, Reason: was.Reason, Message: was.Message}
}

func withConditions(o *structpb.Struct, conditions ...Condition) *structpb.Struct {
	values := make([]*structpb.Value, 0, len(conditions))
	for _, c := range conditions {
		values = append(values, condition(c))
	}
	return With(o, listOf(values...), "status", "conditions")
}

// managed says that a provider works on the object.
func managed(o object.Object) bool {
	return strings.HasSuffix(group(o), ".upbound.io") || is(o, cloud.Object)
}

// finalizes says that the deletion of the object takes time.
func (cl *Cloud) finalizes(o object.Object) bool { return managed(o) && cl.Teardown > 0 }

func group(o object.Object) string {
	g, _, found := strings.Cut(o.APIVersion(), "/")
	if !found {
		return ""
	}
	return g
}
