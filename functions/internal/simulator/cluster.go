package simulator

import (
	"context"
	"maps"
	"slices"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/types/known/structpb"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// Function is what a step calls.
type Function interface {
	RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error)
}

// Step is one step of a Composition.
type Step struct {
	// Name of the step.
	Name string
	// Function of the step.
	Function Function
	// Input of the step. None when nil.
	Input *structpb.Struct
}

// Cluster is one composite, what it composes, and the objects that its functions ask for.
type Cluster struct {
	// XR holds the metadata and the spec of the composite.
	XR *structpb.Struct
	// Status of the composite, without conditions. Nil when there is none.
	Status *structpb.Struct
	// Conditions of the composite, in the order in which they first appeared.
	Conditions []Condition
	// Connection details that were published, in the claims flavour.
	Connection map[string][]byte
	// Pipeline of the Composition.
	Pipeline []Step
	// Composites are the Compositions of composites that a composite composes itself, by kind as developers write it. What is not
	// in it has no status.
	Composites map[string][]Step
	// Store of what the functions may require.
	Store *Store
	// Composed resources that the composite refers to, by their composition resource names.
	Composed map[string]*Composed
	// Terminating resources were garbage collected and wait for their provider.
	Terminating map[Reference]*Composed
	// Deletions that core has asked for, in order.
	Deletions []Deletion
	// Cloud is the providers' side.
	Cloud Cloud
	// OnCall sees every call of a function, before core acts on it. It may be nil.
	OnCall func(Call)

	parent     *Cluster
	restarting bool
	// believes says that whatever is written down is there: the composite is from a file that says so.
	believes bool
	// left is what stayed in the cloud when its managed resource went. Only the outermost cluster has it.
	left    map[string]external
	rounds  int
	serial  int
	tracked map[string]map[string]*fnv1.ResourceSelector
	// connected are the mounts in Vault that had a connection, over which there may be leases.
	connected map[string]bool
}

// Composed is one composed resource.
type Composed struct {
	// Object as it is observed.
	Object *structpb.Struct
	// Details are the connection details that the provider wrote.
	Details map[string][]byte
	// Fault of the provider, if any.
	Fault Fault

	// wanted is what the functions wanted last, and desired what core made of it and applied.
	wanted, desired *structpb.Struct
	// waits counts the rounds until the provider is done with what it does now.
	waits int
	// again says that the provider looks once more: after it has written something, and when the cloud has moved on.
	again bool
	// settled is the generation that the provider is done with; zero before the first.
	settled int64
	// gone counts the rounds until a deletion is complete.
	gone int
	// external is what the cloud has. It is what the provider knows of it that is lost when it starts again.
	external external
	// late are the fields of forProvider that the provider has late-initialised. They are its own, also where we say the same.
	late map[string]*structpb.Value
	// touched says that initProvider was there before anybody said something in it: it is the provider's too.
	touched bool
	// child is what the object composes itself, when it is a composite that is played.
	child *Cluster
}

// Condition of the composite.
type Condition struct {
	Type, Status, Reason, Message string
	// Generation that it was set for, as providers report it. Zero for none.
	Generation int64
}

// Deletion is one delete that core has sent.
type Deletion struct {
	// Round in which it happened.
	Round int
	// Name of the composed resource.
	Name string
	// Of is the composed resource that has composed it and has gone with it, by its name; below that of another one, with a slash
	// between them. Empty for what the composite itself composes.
	Of string
	// Object as it was observed.
	Object object.Object
	// Drop that the functions published for it, or for what has composed it. Zero when they did not.
	Drop pipelinev1.Drop
}

// Call is one call of a function.
type Call struct {
	// Step that was run.
	Step string
	// Function that was called.
	Function Function
	// Request and Response of the call.
	Request  *fnv1.RunFunctionRequest
	Response *fnv1.RunFunctionResponse
}

// New makes a cluster for one composite: an object with metadata and spec, and status where it has one.
func New(xr *structpb.Struct, store *Store, pipeline ...Step) *Cluster {
	return newCluster(xr, store, cloud.Kinds(), pipeline...)
}

func newCluster(xr *structpb.Struct, store *Store, kinds map[string]cloud.Facts, pipeline ...Step) *Cluster {
	c := &Cluster{
		XR:          Without(xr, "status"),
		Status:      Without(object.Of(xr).At("status").Struct(), "conditions"),
		Pipeline:    pipeline,
		Store:       store,
		Composed:    map[string]*Composed{},
		Terminating: map[Reference]*Composed{},
		Cloud:       Cloud{Delay: func(string) int { return 0 }, kinds: kinds},
		tracked:     map[string]map[string]*fnv1.ResourceSelector{},
		connected:   map[string]bool{},
		left:        map[string]external{},
	}
	for _, cond := range object.Of(xr).List("status", "conditions") {
		c.Conditions = append(c.Conditions, Condition{
			Type: cond.String("type"), Status: cond.String("status"), Reason: cond.String("reason"), Message: cond.String("message"),
		})
	}
	return c
}

// Adopt takes observed composed resources over, as they come from a file.
func (c *Cluster) Adopt(objects ...*structpb.Struct) {
	for _, o := range objects {
		name := object.Of(o).Annotation(compositionResourceName)
		composed := &Composed{Object: o, Details: detailsOf(o)}
		if object.Of(o).Condition("Ready").Status == "True" {
			composed.settled = object.Of(o).Int("metadata", "generation")
		}
		c.Composed[name] = composed
	}
	for _, composed := range c.Composed {
		c.found(composed)
	}
}

// Fork makes a second cluster that goes on from here by itself. The objects are shared, because they are never written.
func (c *Cluster) Fork() *Cluster {
	return c.fork(&Store{objects: maps.Clone(c.Store.objects)}, nil)
}

func (c *Cluster) fork(store *Store, parent *Cluster) *Cluster {
	fork := *c
	fork.Store, fork.parent, fork.left = store, parent, maps.Clone(c.left)
	fork.Conditions = slices.Clone(c.Conditions)
	fork.Connection, fork.connected = maps.Clone(c.Connection), maps.Clone(c.connected)
	fork.Composed = forkAll(&fork, c.Composed)
	fork.Terminating = forkAll(&fork, c.Terminating)
	fork.Deletions = slices.Clone(c.Deletions)
	fork.Cloud.Violations = slices.Clone(c.Cloud.Violations)
	fork.Cloud.Calls = slices.Clone(c.Cloud.Calls)
	return &fork
}

func forkAll[K comparable](parent *Cluster, composed map[K]*Composed) map[K]*Composed {
	fork := make(map[K]*Composed, len(composed))
	for key, c := range composed {
		one := *c
		if c.child != nil {
			one.child = c.child.fork(parent.Store, parent)
		}
		fork[key] = &one
	}
	return fork
}

// Observed returns the composite as the functions see it.
func (c *Cluster) Observed() *structpb.Struct {
	xr := c.XR
	if c.Status != nil {
		xr = With(xr, Nested(c.Status), "status")
	}
	if len(c.Conditions) == 0 {
		return xr
	}
	conditions := make([]*structpb.Value, 0, len(c.Conditions))
	for _, cond := range c.Conditions {
		conditions = append(conditions, condition(cond))
	}
	return With(xr, listOf(conditions...), "status", "conditions")
}

// Condition returns a condition of the composite; the zero Condition when there is none.
func (c *Cluster) Condition(conditionType string) Condition {
	for _, cond := range c.Conditions {
		if cond.Type == conditionType {
			return cond
		}
	}
	return Condition{}
}

// Ready says that core takes the composite for ready.
func (c *Cluster) Ready() bool { return c.Condition("Ready").Status == "True" }

// Get returns a composed resource as it is observed; the zero Object when there is none.
func (c *Cluster) Get(name string) object.Object {
	if composed, ok := c.Composed[name]; ok {
		return object.Of(composed.Object)
	}
	return object.Object{}
}

// RestartCore forgets what core keeps in memory: which objects the functions asked for.
func (c *Cluster) RestartCore() { c.tracked = map[string]map[string]*fnv1.ResourceSelector{} }

func (c *Cluster) setCondition(cond Condition) {
	for i := range c.Conditions {
		if c.Conditions[i].Type == cond.Type {
			c.Conditions[i] = cond
			return
		}
	}
	c.Conditions = append(c.Conditions, cond)
}

// Transition is the time of every condition: a fixed one, so that a run can be repeated.
const transition = "2026-01-01T00:00:00Z"

func condition(cond Condition) *structpb.Value {
	f := map[string]*structpb.Value{
		"type": Text(cond.Type), "status": Text(cond.Status), "reason": Text(cond.Reason), "lastTransitionTime": Text(transition),
	}
	if cond.Message != "" {
		f["message"] = Text(cond.Message)
	}
	if cond.Generation > 0 {
		f["observedGeneration"] = Number(cond.Generation)
	}
	return Nested(fields(f))
}
