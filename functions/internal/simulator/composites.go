package simulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// Composites that a composite composes are clusters of their own, in the same API server and the same cloud.

// platform is the API group of our composites.
const platform = "platform.io/"

// catchUp is how many rounds a composite from a file may take to be what it says that it is.
const catchUp = 40

// deepest is how many levels of composites there may be: an Environment, its Network, and the endpoints of that are three.
const deepest = 5

// Child is what a composed resource composes itself. Nil when it is no composite, or none of Composites.
func (c *Cluster) Child(name string) *Cluster {
	if composed := c.Composed[name]; composed != nil {
		return composed.child
	}
	return nil
}

// reconcileChildren reconciles the composites that are composed. Core calls no function for one that is being deleted.
func (c *Cluster) reconcileChildren(round *Round) error {
	for _, name := range slices.Sorted(maps.Keys(c.Composed)) {
		composed := c.Composed[name]
		if err := c.bear(composed); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if composed.child == nil || object.Of(composed.Object).Deleting() || composed.Fault.Stuck {
			continue
		}
		one, err := c.reconcileChild(composed)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if round.Children == nil {
			round.Children = map[string]*Round{}
		}
		round.Children[name] = one
	}
	return nil
}

func (c *Cluster) reconcileChild(composed *Composed) (*Round, error) {
	child := c.attend(composed)
	child.XR, child.rounds = Without(composed.Object, "status"), c.rounds-1
	round, err := child.Reconcile()
	c.hear(child)
	if err == nil {
		composed.Object = child.reported()
	}
	return round, err
}

// bear makes the cluster of a composite. One from a file that says that it is ready gets what it composes first.
func (c *Cluster) bear(composed *Composed) error {
	o := object.Of(composed.Object)
	if composed.child != nil || !strings.HasPrefix(o.APIVersion(), platform) || c.Composites[kindOfClaim(o)] == nil {
		return nil
	}
	depth := 0
	for above := c; above != nil; above = above.parent {
		depth++
	}
	if depth > deepest {
		return fmt.Errorf("there are more than %d levels of composites in composites", deepest)
	}
	composed.child = newCluster(composed.Object, c.Store, c.Cloud.kinds)
	composed.child.parent = c
	if o.Condition("Ready").Status != "True" {
		return nil
	}
	composed.child.Conditions = nil
	composed.child.believes = true
	defer func() { composed.child.believes = false }()
	for range catchUp {
		if _, err := c.reconcileChild(composed); err != nil {
			return err
		}
		if composed.child.Ready() {
			return nil
		}
		c.tickChild(composed)
	}
	return fmt.Errorf("the %s %s is ready in the file, and not after %d rounds: %v", o.Kind(), o.Name(), catchUp, composed.child.Conditions)
}

// attend hands on to the child what tests set.
func (c *Cluster) attend(composed *Composed) *Cluster {
	child := composed.child
	child.Composites, child.OnCall = c.Composites, c.OnCall
	child.Pipeline = c.Composites[kindOfClaim(object.Of(composed.Object))]
	child.Cloud.Delay, child.Cloud.Teardown = c.Cloud.Delay, c.Cloud.Teardown
	child.Cloud.WindowClosed, child.Cloud.Existing = c.Cloud.WindowClosed, c.Cloud.Existing
	return child
}

// hear takes over what the cloud was asked for, and has refused.
func (c *Cluster) hear(child *Cluster) {
	c.Cloud.Violations = append(c.Cloud.Violations, child.Cloud.Violations...)
	c.Cloud.Calls = append(c.Cloud.Calls, child.Cloud.Calls...)
	child.Cloud.Violations, child.Cloud.Calls = nil, nil
}

// reported is the composite as who composes it sees it. Core says for which generation its own conditions are.
func (c *Cluster) reported() *structpb.Struct {
	generation := object.Of(c.XR).Int("metadata", "generation")
	for i := range c.Conditions {
		if c.Conditions[i].Type == "Synced" || c.Conditions[i].Type == "Ready" {
			c.Conditions[i].Generation = generation
		}
	}
	return c.Observed()
}

// tickChild lets the providers of a composite work once. It says that the composite is gone: not before what it has composed.
func (c *Cluster) tickChild(composed *Composed) bool {
	child := c.attend(composed)
	child.Tick()
	c.hear(child)
	return object.Of(composed.Object).Deleting() && len(child.Composed)+len(child.Terminating) == 0
}

// end deletes everything that a composite composes, because it goes itself.
func (c *Cluster) end(of string, drop pipelinev1.Drop) []Deletion {
	var deleted []Deletion
	for _, name := range slices.Sorted(maps.Keys(c.Composed)) {
		deleted = append(deleted, c.release(of, name, drop)...)
	}
	return deleted
}

func (c *Cluster) outermost() *Cluster {
	for c.parent != nil {
		c = c.parent
	}
	return c
}

// each sees everything that is composed here and below, the terminating as well.
func (c *Cluster) each(see func(*Composed)) {
	below := func(composed *Composed) {
		see(composed)
		if composed.child != nil {
			composed.child.each(see)
		}
	}
	for _, composed := range c.Composed {
		below(composed)
	}
	for _, composed := range c.Terminating {
		below(composed)
	}
}

// kindOfClaim is the kind of a composite as developers write it.
func kindOfClaim(o object.Object) string { return strings.TrimPrefix(o.Kind(), "X") }

// networks are all that have a VPC.
func (c *Cluster) networks() []cloud.Network {
	var all []cloud.Network
	note := func(o object.Object) {
		if id := o.String("status", "vpcId"); id != "" && strings.HasPrefix(o.APIVersion(), platform) && kindOfClaim(o) == "Network" {
			all = append(all, cloud.Network{Name: first(o.Label("crossplane.io/claim-name"), o.Name()), VPC: id})
		}
	}
	for _, o := range c.Store.objects {
		note(object.Of(o))
	}
	outermost := c.outermost()
	note(object.Of(outermost.Observed()))
	outermost.each(func(composed *Composed) { note(object.Of(composed.Object)) })
	return all
}
