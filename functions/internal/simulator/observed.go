package simulator

import (
	"slices"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// onlyObserved says that a provider looks at something, and does no more.
func onlyObserved(o object.Object) bool {
	return slices.Equal(o.Strings("spec", "managementPolicies"), []string{"Observe"})
}

// keeps says that the deletion of a managed resource leaves alone what it stands for.
func keeps(o object.Object) bool {
	policies := o.Strings("spec", "managementPolicies")
	return len(policies) > 0 && !slices.Contains(policies, "*") && !slices.Contains(policies, "Delete") ||
		o.String("spec", "deletionPolicy") == "Orphan"
}

// look reports something that was there before us, by its external name.
func (c *Cluster) look(composed *Composed) {
	o := object.Of(composed.Object)
	generation, facts := o.Int("metadata", "generation"), c.Cloud.kinds[kindOf(o)]
	composed.settled = generation
	resource := c.plain(o, facts, o.At("spec", "forProvider").Struct().GetFields())
	known, said := c.Cloud.Existing[resource.Name]
	// An object of a cluster is found by what its manifest calls it.
	named := o.Annotation(externalName) != "" || is(o, cloud.Object)
	if !named || !facts.Exists(resource.Name) || said && known == nil {
		composed.Object = withConditions(composed.Object, Condition{
			Type: "Synced", Status: "False", Reason: "ReconcileError", Message: "observe failed: external resource does not exist",
			Generation: generation,
		}, readyCondition(o))
		return
	}
	out := With(composed.Object, Nested(Merge(fieldsOf(facts.Existing(resource)), nil, fieldsOf(known))), "status", "atProvider")
	composed.Object = withConditions(out, synced(generation), Condition{Type: "Ready", Status: "True", Reason: "Available"})
}
