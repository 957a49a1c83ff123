package simulator

import (
	"slices"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// What happens in the cloud without a managed resource that asks for it. The provider sees it at its next look.

// ByHand lets somebody change a parameter in the cloud.
func (c *Cluster) ByHand(name, field string, value *structpb.Value) {
	if e := c.there(name); e != nil {
		e.has, e.quiet, e.hand = With(e.has, value, field), false, append(slices.Clone(e.hand), field)
	}
}

// Grow lets storage grow by itself, by some GiB, up to where it may. The provider may then write back, once, what it has late-initialised
// before, and be refused: functions see only with it that the cloud has moved on.
func (c *Cluster) Grow(name string, by int64) {
	if e := c.there(name); e != nil {
		has := e.has.AsMap()
		e.has, e.forgiven = fieldsOf(cloud.Grown(has, cloud.Whole(has["allocatedStorage"])+by)), 1
	}
}

// Remove lets somebody delete a thing in the cloud.
func (c *Cluster) Remove(name string) {
	if e := c.there(name); e != nil {
		e.has, e.gone = nil, true
	}
}

// Lose lets a managed resource vanish, as out of a backup that is too old: what it stands for stays.
func (c *Cluster) Lose(name string) {
	composed := c.Composed[name]
	delete(c.Composed, name)
	if composed != nil && composed.external.has != nil {
		c.outermost().left[c.address(object.Of(composed.Object), composed.external.id)] = composed.external
	}
}

// there is a thing in the cloud, whose provider looks again. Nil when it is not there.
func (c *Cluster) there(name string) *external {
	composed := c.Composed[name]
	if composed == nil || composed.external.has == nil {
		return nil
	}
	composed.settled = 0
	return &composed.external
}

// mayCreate says that the provider creates what is not there.
func mayCreate(o object.Object) bool {
	policies := o.Strings("spec", "managementPolicies")
	return len(policies) == 0 || slices.Contains(policies, "*") || slices.Contains(policies, "Create")
}

// lost is what a provider makes of a thing that is gone and that it may not create: a change from nothing, which needs a replacement.
// https://github.com/crossplane/upjet/blob/main/pkg/controller/external_tfpluginsdk.go
func (c *Cluster) lost(composed *Composed) {
	o := object.Of(composed.Object)
	said := o.At("spec", "forProvider").Struct().AsMap()
	message := "async update failed: failed to update the resource"
	if r := c.Cloud.kinds[kindOf(o)].Replaces(cloud.Changes(kindOf(o), said, nil, nil), nil); r != nil {
		message = "async update failed: " + r.Error()
	}
	// It is tried again and again.
	generation := o.Int("metadata", "generation")
	composed.settled = 0
	composed.Object = withConditions(composed.Object, synced(generation), readyCondition(o),
		Condition{Type: "LastAsyncOperation", Status: "False", Reason: "AsyncUpdateFailure", Message: message})
}

// unmade is what a provider reports of a creation that has failed after there was something.
func (c *Cluster) unmade(composed *Composed, r *cloud.Refusal) {
	generation := object.Of(composed.Object).Int("metadata", "generation")
	composed.settled = 0
	composed.Object = withConditions(composed.Object, synced(generation), Condition{Type: "Ready", Status: "False", Reason: "Creating"},
		Condition{Type: "LastAsyncOperation", Status: "False", Reason: "AsyncCreateFailure", Message: "async create failed: " + r.Error()})
}
