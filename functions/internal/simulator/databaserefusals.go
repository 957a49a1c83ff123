package simulator

import (
	"maps"
	"slices"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// beginCopy notes a copy or an instance of a cluster that the cloud does not create.
func (cl *Cloud) beginCopy(c *Cluster, name string, o object.Object) {
	origin := originOf(o)
	if origin.Kind == "" {
		return
	}
	for _, field := range cloud.Inherited(kindOf(o)) {
		if o.String("spec", "forProvider", field) != "" {
			cl.violation("round %d: %s: %s comes from %s %s and cannot be said", c.rounds, name, field, cloud.Short(origin.Kind), origin.Name)
		}
	}
	if !origin.Follows {
		return
	}
	source := c.database(origin)
	if source.String("status", "atProvider", "id") == "" {
		cl.violation("round %d: %s: there is no %s %s yet", c.rounds, name, cloud.Short(origin.Kind), origin.Name)
		return
	}
	if origin.Kind == cloud.Instance && source.Int("spec", "forProvider", "backupRetentionPeriod") < 1 {
		cl.violation("round %d: %s: %s has no automated backups, which a replica needs", c.rounds, name, origin.Name)
	}
}

// databaseChange notes what the cloud does not change about a database.
func (cl *Cloud) databaseChange(c *Cluster, name string, was, o object.Object) {
	before, after := was.At("spec", "forProvider"), o.At("spec", "forProvider")
	if is(o, cloud.Instance) {
		// What was only asked for can be taken back.
		had := was.Int("status", "atProvider", "allocatedStorage")
		if after.String("replicateSourceDb") != "" && !after.Has("allocatedStorage") {
			// Nothing is asked for: a replica has what its source has.
			had = 0
		}
		if is := after.Int("allocatedStorage"); is < had && is != before.Int("allocatedStorage") && (is > 0 || before.Has("allocatedStorage")) {
			cl.violation("round %d: %s: RDS storage cannot shrink from %d to %d", c.rounds, name, had, is)
		}
	}
	engine, field := first(after.String("engine"), o.String("status", "atProvider", "engine")), cloud.GroupField(kindOf(o))
	version, running := versionOf(o), versionOf(was)
	group := after.String(field)
	same := before.String(field) == group && before.String("engineVersion") == after.String("engineVersion")
	if family := c.family(group); !same && group != "" && family != cloud.Family(engine, version) {
		cl.violation("round %d: %s: a parameter group of family %q cannot be used for %s %s", c.rounds, name, family, engine, version)
	}
	if running == "" || cloud.Family(engine, running) == cloud.Family(engine, version) {
		return
	}
	if !after.Bool("allowMajorVersionUpgrade") {
		cl.violation("round %d: %s: an upgrade from %s to %s needs allowMajorVersionUpgrade", c.rounds, name, running, version)
	}
	cl.replicasFirst(c, name, o, engine, version)
}

// replicasFirst notes the upgrade of an instance whose read replicas have to be upgraded before it.
func (cl *Cloud) replicasFirst(c *Cluster, name string, o object.Object, engine, version string) {
	if !is(o, cloud.Instance) || cloud.TakesReplicasAlong(engine) {
		return
	}
	for _, replica := range c.followers(o) {
		actual := c.Get(replica).String("status", "atProvider", "engineVersionActual")
		if actual != "" && cloud.Family(engine, actual) != cloud.Family(engine, version) {
			cl.violation("round %d: %s cannot be upgraded to %s before its replica %s, which runs %s", c.rounds, name, version, replica, actual)
		}
	}
}

// versionOf a database is what its parameters ask for, or what runs where that is higher: nothing is downgraded.
func versionOf(o object.Object) string {
	said, actual := o.String("spec", "forProvider", "engineVersion"), o.String("status", "atProvider", "engineVersionActual")
	if said == "" || actual != "" && cloud.CompareVersions(said, actual) < 0 {
		return actual
	}
	return said
}

// family of a composed parameter group that exists in the cloud.
func (c *Cluster) family(group string) string {
	for _, composed := range c.Composed {
		o := object.Of(composed.Object)
		if (is(o, cloud.ParameterGroup) || is(o, cloud.ClusterParameterGroup)) && o.Name() == group {
			return o.String("spec", "forProvider", "family")
		}
	}
	return ""
}

// inUse notes deletions that the cloud refuses: of what a database that stays still needs, and of databases themselves.
func (c *Cluster) inUse(deletions []Deletion) {
	for _, d := range deletions {
		for _, name := range slices.Sorted(maps.Keys(c.Composed)) {
			if o := c.Get(name); isDatabase(o) && needs(o, d.Object) {
				c.Cloud.violation("round %d: %s is deleted while %s uses it", c.rounds, d.Name, o.Name())
			}
		}
		if !isDatabase(d.Object) {
			continue
		}
		spec := d.Object.At("spec", "forProvider")
		if spec.Bool("deletionProtection") {
			c.Cloud.violation("round %d: %s is deleted while it is protected", c.rounds, d.Name)
		}
		if spec.String("replicateSourceDb") != "" && !spec.Bool("skipFinalSnapshot") {
			c.Cloud.violation("round %d: %s is deleted with a final snapshot, which no replica has", c.rounds, d.Name)
		}
		if followers := c.followers(d.Object); len(followers) > 0 {
			c.Cloud.violation("round %d: %s is deleted while %s depends on it", c.rounds, d.Name, followers[0])
		}
	}
}

// needs says that a database cannot be without another resource.
func needs(o, other object.Object) bool {
	spec := o.At("spec", "forProvider")
	switch kindOf(other) {
	case cloud.SubnetGroup:
		return other.Name() == spec.String("dbSubnetGroupName")
	case cloud.SecurityGroup:
		id := other.String("status", "atProvider", "id")
		return is(o, cloud.Instance) || slices.Contains(spec.Strings("vpcSecurityGroupIds"), id)
	case cloud.ParameterGroup, cloud.ClusterParameterGroup:
		if is(other, cloud.ClusterParameterGroup) != is(o, cloud.Cluster) {
			return false
		}
		actual := o.String("status", "atProvider", "engineVersionActual")
		return other.Name() == spec.String(cloud.GroupField(kindOf(o))) || actual != "" &&
			other.String("spec", "forProvider", "family") == cloud.Family(
				first(spec.String("engine"), o.String("status", "atProvider", "engine")), actual)
	default:
		return false
	}
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}
