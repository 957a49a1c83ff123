package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// compositionResourceName is the annotation that maps an object to its name in the composition.
const compositionResourceName = "crossplane.io/composition-resource-name"

// carryOut does what core does with the answer of a pipeline: collect garbage, apply, write the status.
func (c *Cluster) carryOut(round *Round, desired *fnv1.State) error {
	rendered := make(map[string]*structpb.Struct, len(desired.GetResources()))
	names := slices.Sorted(maps.Keys(desired.GetResources()))
	for _, name := range names {
		wanted := desired.GetResources()[name].GetResource()
		if was, ok := c.Composed[name]; ok && was.wanted != nil && Same(was.wanted, wanted) {
			continue
		}
		o, err := c.render(name, wanted)
		if err != nil {
			return err
		}
		rendered[name] = o
	}
	c.collect(round, desired)
	for _, name := range names {
		if rendered[name] == nil {
			continue
		}
		c.apply(round, name, rendered[name])
		c.Composed[name].wanted = desired.GetResources()[name].GetResource()
	}
	for _, composed := range c.Composed {
		composed.external.seen = composed.external.seen || composed.external.id != ""
	}
	c.inUse(round.Deleted)
	c.needed(round.Deleted)
	c.leased(round.Deleted)
	c.publish(round, desired)
	return nil
}

// collect deletes what is observed and no longer wanted. The composite forgets it at once.
func (c *Cluster) collect(round *Round, desired *fnv1.State) {
	for _, name := range slices.Sorted(maps.Keys(c.Composed)) {
		if _, wanted := desired.GetResources()[name]; wanted {
			continue
		}
		composed := c.Composed[name]
		if !object.Of(composed.Object).ControlledBy(object.Of(c.XR).UID()) {
			continue
		}
		round.Deleted = append(round.Deleted, c.release("", name, round.Drops[name])...)
	}
	c.Deletions = append(c.Deletions, round.Deleted...)
}

// release deletes a composed resource, and what goes with it. Of says below what it is.
func (c *Cluster) release(of, name string, drop pipelinev1.Drop) []Deletion {
	composed := c.Composed[name]
	delete(c.Composed, name)
	deleted := []Deletion{{Round: c.rounds, Name: name, Of: of, Object: object.Of(composed.Object), Drop: drop}}
	if composed.child != nil {
		deleted = append(deleted, composed.child.end(path.Join(of, name), drop)...)
	}
	if c.Cloud.finalizes(object.Of(composed.Object)) || composed.child != nil && len(composed.child.Terminating) > 0 {
		c.Delete(composed)
		c.Terminating[ReferenceTo(composed.Object)] = composed
	} else {
		c.leave(composed)
	}
	return deleted
}

// render puts core's own metadata on a desired object. The name of an object that is observed is not the function's to change.
func (c *Cluster) render(name string, desired *structpb.Struct) (*structpb.Struct, error) {
	xr, o := object.Of(c.XR), object.Of(desired)
	out := desired
	if was, ok := c.Composed[name]; ok {
		out = With(out, Text(object.Of(was.Object).Name()), "metadata", "name")
	} else if o.Name() == "" {
		return nil, fmt.Errorf("composed resource %s has no metadata.name", name)
	}
	if xr.Namespace() != "" {
		out = With(out, Text(xr.Namespace()), "metadata", "namespace")
	}
	out = With(out, Text(name), "metadata", "annotations", compositionResourceName)
	out = With(out, Text(c.root()), "metadata", "labels", "crossplane.io/composite")
	for _, label := range []string{"crossplane.io/claim-name", "crossplane.io/claim-namespace"} {
		if value := xr.Label(label); value != "" {
			out = With(out, Text(value), "metadata", "labels", label)
		}
	}
	return With(out, listOf(Nested(fields(map[string]*structpb.Value{
		"apiVersion": Text(xr.APIVersion()), "kind": Text(xr.Kind()), "name": Text(xr.Name()), "uid": Text(xr.UID()),
		"controller": Bool(true), "blockOwnerDeletion": Bool(true),
	}))), "metadata", "ownerReferences"), nil
}

// root is the name of the composite that everything is labelled with.
func (c *Cluster) root() string {
	if root := object.Of(c.XR).Label("crossplane.io/composite"); root != "" {
		return root
	}
	return object.Of(c.XR).Name()
}

// apply merges a desired object into the observed one as a server-side apply does: what was applied before and is no longer
// wanted goes, what the provider wrote stays.
func (c *Cluster) apply(round *Round, name string, desired *structpb.Struct) {
	composed, ok := c.Composed[name]
	if !ok {
		// A name that is still terminating is patched, and observed again.
		if composed, ok = c.Terminating[ReferenceTo(desired)]; ok {
			delete(c.Terminating, ReferenceTo(desired))
			c.Composed[name] = composed
		}
	}
	if !ok {
		c.serial++
		round.Created = append(round.Created, name)
		created := With(desired, Text(uidOf(object.Of(c.XR).UID(), name, c.serial)), "metadata", "uid")
		created = With(created, Number(1), "metadata", "generation")
		created = With(created, Text(transition), "metadata", "creationTimestamp")
		c.Composed[name] = &Composed{Object: created, desired: desired}
		c.Cloud.begin(c, name, c.Composed[name])
		return
	}
	before := composed.desired
	if before == nil {
		// From a file: what is there and not wanted, the provider wrote.
		before = desired
	}
	was := composed.Object
	merged := composed.shared(was, Merge(was, before, desired))
	if refused := composed.initialRefused(object.Of(merged)); refused != "" {
		// What is being deleted is patched before any function has seen that it is still there: that heals in the next call.
		if !object.Of(was).Deleting() {
			c.Cloud.violation("round %d: %s: spec.initProvider%s", c.rounds, name, refused)
		}
		return
	}
	composed.desired = desired
	if !Same(Without(Without(was, "metadata"), "status"), Without(Without(merged, "metadata"), "status")) {
		merged = With(merged, Number(object.Of(was).Int("metadata", "generation")+1), "metadata", "generation")
	}
	composed.Object = merged
	c.Cloud.change(c, name, composed, object.Of(was))
}

// shared puts back what the provider has written and nobody has changed: who says the same in a server-side apply owns it beside the
// provider, and takes nothing away with it.
func (c *Composed) shared(was, merged *structpb.Struct) *structpb.Struct {
	live := object.Of(was).At("spec", "forProvider").Struct().GetFields()
	now := object.Of(merged).At("spec", "forProvider").Struct().GetFields()
	for field, value := range c.late {
		if _, wanted := now[field]; !wanted && live[field] != nil && proto.Equal(live[field], value) {
			merged = With(merged, value, "spec", "forProvider", field)
		}
	}
	return merged
}

// initialRefused says why an API server refuses what initProvider is to be. It takes the last field out of an object that somebody else
// owns too, and writes null in its place. And where there could be a reference, the provider writes null in the place of an empty string.
func (c *Composed) initialRefused(merged object.Object) string {
	is := merged.At("spec", "initProvider")
	if c.touched && is.Len() == 0 && object.Of(c.Object).At("spec", "initProvider").Len() > 0 {
		return `: Invalid value: "null": must be of type object`
	}
	for field, value := range is.StringMap() {
		if value == "" {
			return "." + field + `: Invalid value: "null": must be of type string`
		}
	}
	return ""
}

// Merge applies an object over a live one: fields of the one before that are not wanted any more go.
func Merge(live, before, desired *structpb.Struct) *structpb.Struct {
	out := &structpb.Struct{Fields: maps.Clone(live.GetFields())}
	if out.Fields == nil {
		out.Fields = map[string]*structpb.Value{}
	}
	for key := range before.GetFields() {
		if _, wanted := desired.GetFields()[key]; !wanted {
			delete(out.Fields, key)
		}
	}
	for key, value := range desired.GetFields() {
		if nested := value.GetStructValue(); nested != nil && live.GetFields()[key].GetStructValue() != nil {
			value = Nested(Merge(live.GetFields()[key].GetStructValue(), before.GetFields()[key].GetStructValue(), nested))
		}
		out.Fields[key] = value
	}
	return out
}

// publish writes status, conditions and connection details of the composite.
func (c *Cluster) publish(round *Round, desired *fnv1.State) {
	c.Status = Without(object.Of(desired.GetComposite().GetResource()).At("status").Struct(), "conditions")
	if len(c.Status.GetFields()) == 0 {
		c.Status = nil
	}
	if object.Of(c.XR).Namespace() == "" && len(desired.GetComposite().GetConnectionDetails()) > 0 {
		details := maps.Clone(c.Connection)
		if details == nil {
			details = map[string][]byte{}
		}
		maps.Copy(details, desired.GetComposite().GetConnectionDetails())
		c.Connection = details
	}
	c.answer(round)
	c.setCondition(Condition{Type: "Synced", Status: "True", Reason: "ReconcileSuccess"})
	if readyOf(desired) {
		c.setCondition(Condition{Type: "Ready", Status: "True", Reason: "Available"})
		return
	}
	c.setCondition(Condition{Type: "Ready", Status: "False", Reason: "Creating"})
}

// readyOf is core's rule: every desired resource has to be ready, unless the composite's own readiness says otherwise.
func readyOf(desired *fnv1.State) bool {
	switch desired.GetComposite().GetReady() {
	case fnv1.Ready_READY_TRUE:
		return true
	case fnv1.Ready_READY_FALSE:
		return false
	case fnv1.Ready_READY_UNSPECIFIED:
	}
	for _, r := range desired.GetResources() {
		if r.GetReady() != fnv1.Ready_READY_TRUE {
			return false
		}
	}
	return true
}

// uidOf makes a stable uid.
func uidOf(parts ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(parts...)))
	h := hex.EncodeToString(sum[:])
	return h[:8] + "-" + h[8:12] + "-5" + h[13:16] + "-8" + h[17:20] + "-" + h[20:32]
}
