package simulator

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// What one database of RDS has to do with another: copies and their sources, clusters and their instances. Only what is composed
// by the same composite is known here.

func isDatabase(o object.Object) bool {
	return is(o, cloud.Instance) || is(o, cloud.Cluster) || is(o, cloud.ClusterInstance)
}

// is says that an object is of a kind.
func is(o object.Object, kind string) bool { return cloud.Is(o.APIVersion(), o.Kind(), kind) }

// kindOf an object, as package cloud names it.
func kindOf(o object.Object) string { return cloud.KindOf(o.APIVersion(), o.Kind()) }

// identifierOf a database in the cloud.
func identifierOf(o object.Object) string {
	if is(o, cloud.Instance) {
		return o.String("spec", "forProvider", "identifier")
	}
	return o.Name()
}

// database is an origin that is composed here; the zero Object when it is not.
func (c *Cluster) database(origin cloud.Origin) object.Object {
	if origin.Kind == "" || origin.Kind == cloud.Snapshot {
		return object.Object{}
	}
	for _, composed := range c.Composed {
		if o := object.Of(composed.Object); is(o, origin.Kind) && identifierOf(o) == origin.Name {
			return o
		}
	}
	return object.Object{}
}

// originOf is what a database is a copy of, or the cluster that it belongs to.
func originOf(o object.Object) cloud.Origin {
	if !isDatabase(o) {
		return cloud.Origin{}
	}
	return cloud.OriginOf(kindOf(o), some(o.At("spec", "forProvider"),
		"replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime", "clusterIdentifier"))
}

// followers are the names of the resources that depend on a database, sorted: its read replicas or its instances.
func (c *Cluster) followers(o object.Object) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(c.Composed)) {
		follower := object.Of(c.Composed[name].Object)
		origin := originOf(follower)
		if origin.Follows && is(o, origin.Kind) && origin.Name == identifierOf(o) {
			names = append(names, name)
		}
	}
	return names
}

// members are the instances of a cluster that are there. For an instance it is said whether it takes the changes: the first one
// does.
func (c *Cluster) members(o object.Object) (members []string, writer bool) {
	own := o
	if is(o, cloud.ClusterInstance) {
		own = c.database(originOf(o))
	}
	if !is(own, cloud.Cluster) {
		return nil, false
	}
	writer = true
	for _, name := range c.followers(own) {
		member := c.Get(name)
		if member.String("status", "atProvider", "id") == "" {
			continue
		}
		members = append(members, member.Name())
		if member.Bool("status", "atProvider", "writer") && member.Name() != o.Name() {
			writer = false
		}
	}
	return members, writer
}

// takeAlong upgrades the read replicas of an instance with it, where the engine does so.
func (c *Cluster) takeAlong(source object.Object) {
	version := source.String("status", "atProvider", "engineVersionActual")
	if !is(source, cloud.Instance) || !cloud.TakesReplicasAlong(source.String("status", "atProvider", "engine")) {
		return
	}
	for _, name := range c.followers(source) {
		if was := c.Get(name).String("status", "atProvider", "engineVersionActual"); was != "" && cloud.CompareVersions(was, version) < 0 {
			replica := c.Composed[name]
			replica.Object = With(replica.Object, Text(version), "status", "atProvider", "engineVersionActual")
			replica.external.has = fieldsOf(cloud.Upgraded(replica.external.has.AsMap(), version))
			// What is said of the version before is written back once, and refused: functions see only with that how far the replica is.
			replica.again, replica.external.forgiven = true, 1
		}
	}
}

// awaited takes back what waits for the maintenance window.
func (cl *Cloud) awaited(o object.Object, reported *structpb.Struct) *structpb.Struct {
	if !cl.waits(o) {
		return reported
	}
	for _, field := range cloud.WindowFields(kindOf(o)) {
		if field == "engineVersion" {
			field = "engineVersionActual"
		}
		if was, ok := o.At("status", "atProvider").Struct().GetFields()[field]; ok {
			reported = With(reported, was, field)
		}
	}
	return reported
}

// waits says that changes of a database have to wait for the maintenance window.
func (cl *Cloud) waits(o object.Object) bool {
	return cl.WindowClosed && isDatabase(o) && o.String("status", "atProvider", "id") != "" &&
		!o.Bool("spec", "forProvider", "applyImmediately")
}

// OpenWindow lets the maintenance window come: what has waited for it happens at the next tick.
func (c *Cluster) OpenWindow() {
	for _, composed := range c.Composed {
		if c.Cloud.waits(object.Of(composed.Object)) {
			composed.settled = 0
		}
	}
	c.Cloud.WindowClosed = false
}

// logGroups notes the log groups that RDS makes for a database, because nobody has made them before: they never expire, have no key, and
// stay for ever.
func (c *Cluster) logGroups(composed *Composed) {
	o, e := object.Of(composed.Object), &composed.external
	if e.logged || !isDatabase(o) {
		return
	}
	e.logged = true
	for _, group := range cloud.LogGroups(kindOf(o), identifierOf(o), some(object.Of(e.has), "enabledCloudwatchLogsExports")) {
		there := false
		c.outermost().each(func(other *Composed) {
			name := object.Of(other.Object)
			there = there || is(name, cloud.LogGroup) && other.external.has != nil && first(name.Annotation(externalName), name.Name()) == group
		})
		if !there {
			c.Cloud.violation("round %d: %s: RDS makes the log group %s itself: it never expires, and stays", c.rounds,
				o.Annotation(compositionResourceName), group)
		}
	}
}
