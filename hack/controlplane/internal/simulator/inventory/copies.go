package inventory

import (
	"cmp"
	"slices"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// What one database has to do with another: replicas and their sources, copies and what they were made of, clusters and their
// instances.

// relate tells what a resource follows from.
func (c *Cloud) relate(r *cloud.Resource, region string) {
	origin := cloud.OriginOf(r.Kind, r.Parameters)
	r.Source = c.stateOf(origin, region)
	switch r.Kind {
	case cloud.Cluster:
		for _, e := range c.members(region, r.Name) {
			r.Members = append(r.Members, e.Name)
		}
	case cloud.ClusterInstance:
		// The first instance takes the changes, until it goes.
		r.Writer = r.Observed["writer"] == true || !slices.ContainsFunc(c.members(region, origin.Name), func(e *Entry) bool {
			return e.Reported["writer"] == true
		})
	}
}

// stateOf an origin is what a copy of it is made of. Nil when it is not there.
func (c *Cloud) stateOf(origin cloud.Origin, region string) map[string]any {
	if origin.Kind == cloud.Snapshot {
		for _, s := range c.snapshots {
			if s.Identifier == origin.Name && s.Region == region {
				return map[string]any{
					"engine": s.Engine, "engineVersionActual": s.EngineVersion, "allocatedStorage": s.AllocatedStorage,
					"username": s.Username, "masterUsername": s.Username, "dbName": s.Database, "databaseName": s.Database,
					"storageEncrypted": s.Encrypted, "kmsKeyId": s.KMSKey,
				}
			}
		}
		return nil
	}
	if e := c.named(origin.Kind, region, origin.Name); e != nil {
		return merged(e.Reported, e.encryption())
	}
	return nil
}

// encryption of a database, as a copy takes it along.
func (e *Entry) encryption() map[string]any {
	out := map[string]any{}
	for _, field := range []string{"storageEncrypted", "kmsKeyId", "dbSubnetGroupName", "storageType"} {
		if value, known := e.Parameters[field]; known {
			out[field] = value
		}
	}
	return out
}

// named finds a resource by the name that a person knows it by.
func (c *Cloud) named(kind, region, name string) *Entry {
	for _, e := range c.entries {
		if e.Kind == kind && e.Region == region && e.Name == name {
			return e
		}
	}
	return nil
}

// members are the instances of a cluster that are not on their way out, in the order in which they would take over.
func (c *Cloud) members(region, name string) []*Entry {
	return slices.DeleteFunc(c.followers(cloud.Cluster, region, name), func(e *Entry) bool { return e.Status == Deleting })
}

// followers depend on a database: read replicas, and instances of a cluster.
func (c *Cloud) followers(kind, region, name string) []*Entry {
	var list []*Entry
	for _, e := range c.entries {
		origin := cloud.OriginOf(e.Kind, e.Parameters)
		if e.Region == region && origin.Follows && origin.Kind == kind && origin.Name == name {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(cloud.Whole(a.Parameters["promotionTier"]), cloud.Whole(b.Parameters["promotionTier"])),
			cmp.Compare(a.Created, b.Created), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// reportRelatives makes anew what is reported of whatever follows from a database.
func (c *Cloud) reportRelatives(e *Entry) {
	for _, follower := range c.followers(e.Kind, e.Region, e.Name) {
		c.takeAlong(e, follower)
		c.report(follower)
	}
	if e.Kind != cloud.ClusterInstance {
		return
	}
	for _, member := range c.members(e.Region, text(e.Parameters, "clusterIdentifier")) {
		c.report(member)
	}
	if cluster := c.named(cloud.Cluster, e.Region, text(e.Parameters, "clusterIdentifier")); cluster != nil {
		c.report(cluster)
	}
}

// takeAlong upgrades a read replica with its source, where the engine does so. A parameter group of its own that no longer fits
// gives way to the default one.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.html
func (c *Cloud) takeAlong(source, replica *Entry) {
	engine, version := text(source.Reported, "engine"), text(source.Reported, "engineVersionActual")
	if replica.Kind != cloud.Instance || !cloud.TakesReplicasAlong(engine) ||
		cloud.Family(engine, text(replica.Reported, "engineVersionActual")) == cloud.Family(engine, version) {
		return
	}
	after := cloud.Upgraded(replica.Parameters, version)
	if c.fits(replica.Kind, replica.Region, after) != nil {
		after["parameterGroupName"] = "default." + cloud.Family(engine, version)
	}
	replica.Parameters = after
}

// inherit is what a copy gets whatever is said of it.
func (c *Cloud) inherit(r *cloud.Resource, region string) {
	origin := cloud.OriginOf(r.Kind, r.Parameters)
	if origin.Kind == "" || r.Kind == cloud.ClusterInstance {
		return
	}
	reported := c.facts[r.Kind].Report(*r)
	for _, field := range append(cloud.Inherited(r.Kind), "allocatedStorage") {
		if value, ok := reported[field]; ok {
			r.Parameters[field] = value
		}
	}
	r.Parameters = numbers(r.Parameters)
	if source := c.named(origin.Kind, region, origin.Name); source != nil && origin.Follows {
		r.Parameters["dbSubnetGroupName"] = source.Parameters["dbSubnetGroupName"]
	}
}

// numbers are as JSON has them: they are compared with what is said.
func numbers(parameters map[string]any) map[string]any {
	for field, value := range parameters {
		if n, ok := value.(int64); ok {
			parameters[field] = float64(n)
		}
	}
	return parameters
}

// rememberOrigin fills in what the cloud knows of a copy and its managed resource does not say.
func (e *Entry) rememberOrigin() {
	if cloud.OriginOf(e.Kind, e.Parameters).Kind == "" {
		return
	}
	for parameter, reported := range map[string]string{"engine": "engine", "engineVersion": "engineVersionActual"} {
		if e.Parameters[parameter] == nil && e.Reported[reported] != nil {
			e.Parameters = merged(e.Parameters, map[string]any{parameter: e.Reported[reported]})
		}
	}
}
