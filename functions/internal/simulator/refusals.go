package simulator

import (
	"fmt"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// begin starts the creation of a resource.
func (cl *Cloud) begin(composed *Composed) {
	composed.waits = cl.Delay(object.Of(composed.Object).Kind())
}

// change starts the work on a new intent, and notes what the cloud would not do.
func (cl *Cloud) change(c *Cluster, name string, composed *Composed, was object.Object) {
	o := object.Of(composed.Object)
	if !managed(o) || o.Deleting() {
		// What is composed anew while the old object is still terminating is patched onto that, and then made again.
		return
	}
	if composed.settled != 0 && composed.settled != o.Int("metadata", "generation") {
		composed.waits = cl.Delay(o.Kind())
	}
	if o.String("spec", "writeConnectionSecretToRef", "name") == "" {
		composed.Details = nil
	}
	for _, field := range cl.kinds[o.Kind()].Identity {
		before, after := was.At("spec", "forProvider").Struct().GetFields()[field], o.At("spec", "forProvider").Struct().GetFields()[field]
		if !sameValue(before, after) {
			cl.violation("round %d: %s: %s of a %s cannot change from %v to %v", c.rounds, name, field, o.Kind(), before, after)
		}
	}
	if o.Kind() == "Instance" {
		cl.instanceChange(c, name, was, o)
	}
}

func (cl *Cloud) instanceChange(c *Cluster, name string, was, o object.Object) {
	before, after := was.At("spec", "forProvider"), o.At("spec", "forProvider")
	if had := max(before.Int("allocatedStorage"), was.Int("status", "atProvider", "allocatedStorage")); after.Int("allocatedStorage") < had {
		cl.violation("round %d: %s: RDS storage cannot shrink from %d to %d", c.rounds, name, had, after.Int("allocatedStorage"))
	}
	same := before.String("parameterGroupName") == after.String("parameterGroupName") &&
		before.String("engineVersion") == after.String("engineVersion")
	if family := c.family(after.String("parameterGroupName")); !same && family != after.String("engine")+after.String("engineVersion") {
		cl.violation("round %d: %s: a parameter group of family %q cannot be used for %s %s",
			c.rounds, name, family, after.String("engine"), after.String("engineVersion"))
	}
	if version, is := before.String("engineVersion"), after.String("engineVersion"); version != is && !after.Bool("allowMajorVersionUpgrade") {
		cl.violation("round %d: %s: an upgrade from %s to %s needs allowMajorVersionUpgrade", c.rounds, name, version, is)
	}
}

// family of a composed parameter group that exists in the cloud.
func (c *Cluster) family(group string) string {
	for _, composed := range c.Composed {
		if o := object.Of(composed.Object); o.Kind() == "ParameterGroup" && o.Name() == group {
			return o.String("spec", "forProvider", "family")
		}
	}
	return ""
}

// inUse notes deletions that the cloud refuses because the instance still needs the resource.
func (c *Cluster) inUse(deletions []Deletion) {
	for _, composed := range c.Composed {
		o := object.Of(composed.Object)
		if o.Kind() != "Instance" {
			continue
		}
		spec, actual := o.At("spec", "forProvider"), o.String("status", "atProvider", "engineVersionActual")
		for _, d := range deletions {
			used := d.Object.Name() == spec.String("parameterGroupName") || d.Object.Name() == spec.String("dbSubnetGroupName") ||
				d.Object.Kind() == "SecurityGroup"
			if family := d.Object.String("spec", "forProvider", "family"); family != "" && actual != "" {
				used = used || strings.HasPrefix(spec.String("engine")+actual, family+".")
			}
			if used {
				c.Cloud.violation("round %d: %s is deleted while %s uses it", c.rounds, d.Name, o.Name())
			}
		}
	}
}

func (cl *Cloud) violation(format string, args ...any) {
	cl.Violations = append(cl.Violations, fmt.Sprintf(format, args...))
}
