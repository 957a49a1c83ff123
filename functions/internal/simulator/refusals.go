package simulator

import (
	"fmt"
	"slices"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// begin starts the creation of a resource.
func (cl *Cloud) begin(c *Cluster, name string, composed *Composed) {
	o := object.Of(composed.Object)
	composed.waits = cl.Delay(o.Kind())
	if isDatabase(o) {
		cl.beginCopy(c, name, o)
	}
	if managed(o) && !onlyObserved(o) {
		cl.landing(c, name, o)
	}
}

// change starts the work on a new intent, and notes what the cloud would not do.
func (cl *Cloud) change(c *Cluster, name string, composed *Composed, was object.Object) {
	o := object.Of(composed.Object)
	if !managed(o) || o.Deleting() {
		// What is composed anew while the old object is still terminating is patched onto that, and then made again.
		return
	}
	if was.Int("metadata", "generation") != o.Int("metadata", "generation") {
		composed.external.quiet = false
	}
	if composed.settled != 0 && composed.settled != o.Int("metadata", "generation") {
		composed.waits = cl.Delay(o.Kind())
	}
	if o.String("spec", "writeConnectionSecretToRef", "name") == "" {
		composed.Details = nil
	}
	for _, field := range cl.kinds[kindOf(o)].Identity {
		before, after := was.At("spec", "forProvider").Struct().GetFields()[field], o.At("spec", "forProvider").Struct().GetFields()[field]
		// What is not said any more, and is late-initialised, is the cloud's to decide: nothing changes.
		unsaid := after == nil && slices.Contains(cl.kinds[kindOf(o)].Law.LateInit, field)
		sourced := field == "replicateSourceDb" && cloud.SameSource(before.GetStringValue(), after.GetStringValue())
		if !sameValue(before, after) && !unsaid && !sourced {
			cl.violation("round %d: %s: %s of a %s cannot change from %v to %v", c.rounds, name, field, o.Kind(), before, after)
		}
	}
	if isDatabase(o) {
		cl.databaseChange(c, name, was, o)
	}
	cl.documents(c, name, o)
	cl.manifest(c, name, was, o)
}

func (cl *Cloud) violation(format string, args ...any) {
	cl.Violations = append(cl.Violations, fmt.Sprintf(format, args...))
}
