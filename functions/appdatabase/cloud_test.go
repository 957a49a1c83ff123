package appdatabase

import (
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// monitoringRole is what the cloud calls the role of Enhanced Monitoring.
const monitoringRole = "arn:aws:iam::123456789012:role/orders-monitoring"

// wake makes a resource ready, with what its provider reports.
func (w *world) wake(name string) {
	o := w.observed[name]
	if o["kind"] == "Secret" || o["kind"] == "Usage" || o["kind"] == "ClusterUsage" {
		return
	}
	at, want := fields{}, w.object(o).At("spec", "forProvider")
	switch name {
	case nameSecurityGroup:
		at["id"] = "sg-db"
	case nameMonitoringRole:
		at["arn"] = monitoringRole
	case nameCluster:
		at = fields{
			"endpoint": "orders.cluster-abc.eu-west-1.rds.amazonaws.com", "readerEndpoint": "orders.cluster-ro-abc.eu-west-1.rds.amazonaws.com",
			"port": want.Int("port"), "arn": "arn:aws:rds:eu-west-1:123456789012:cluster:orders", "clusterResourceId": "cluster-ABC",
			"engineVersionActual": want.String("engineVersion") + ".4", "deletionProtection": want.Bool("deletionProtection"),
			"databaseName": first(want.String("databaseName"), "restored"), "masterUsername": first(want.String("masterUsername"), "oldmaster"),
		}
		w.connections[nameCluster] = map[string][]byte{"master_username": []byte("dbmaster"), "attribute.master_password": []byte("s3cr3t")}
	case nameInstance:
		at = fields{
			"address": "orders.abc.eu-west-1.rds.amazonaws.com", "port": want.Int("port"), "arn": "arn:aws:rds:eu-west-1:123456789012:db:" + want.String("identifier"),
			"engineVersionActual": want.String("engineVersion") + ".4", "allocatedStorage": max(want.Int("allocatedStorage"), 20),
			"deletionProtection": want.Bool("deletionProtection"), "instanceClass": want.String("instanceClass"), "resourceId": "db-ABC",
			"dbName": first(want.String("dbName"), "restored"), "username": first(want.String("username"), "oldmaster"),
		}
		w.connections[nameInstance] = map[string][]byte{"username": []byte("dbmaster"), "password": []byte("s3cr3t")}
	}
	if number := strings.TrimPrefix(name, nameReplica); number != name {
		at = fields{
			"address": "replica-" + number + ".abc.eu-west-1.rds.amazonaws.com", "resourceId": "db-REPLICA" + number,
			"engineVersionActual": w.replicaVersion(want), "instanceClass": want.String("instanceClass"),
		}
	}
	if number := strings.TrimPrefix(name, nameMember); number != name {
		at = fields{
			"endpoint": "member-" + number + ".abc.eu-west-1.rds.amazonaws.com", "writer": number == w.writer,
			"instanceClass": want.String("instanceClass"),
		}
	}
	if id, ok := at["resourceId"]; ok {
		// The provider names an instance by its resource id.
		set(o, "metadata.annotations", fields{"crossplane.io/external-name": id})
	}
	o["status"] = fields{"atProvider": at, "conditions": []any{
		fields{"type": "Synced", "status": "True"}, fields{"type": "Ready", "status": "True"},
	}}
}

// replicaVersion is what a replica is told, but PostgreSQL's have what their source has.
func (w *world) replicaVersion(want object.Object) string {
	source := look(w).Get(nameInstance).At("spec", "forProvider")
	if source.String("engine") == "postgres" {
		return source.String("engineVersion") + ".4"
	}
	return want.String("engineVersion") + ".4"
}

// cloud is the world as a stage sees it.
//
// seen are the objects of one call, which does not change them: each is converted once.
type cloud struct {
	*world
	seen map[string]object.Object
}

func look(w *world) cloud { return cloud{world: w, seen: map[string]object.Object{}} }

func (c cloud) Get(name string) object.Object {
	o, ok := c.observed[name]
	if !ok {
		return object.Object{}
	}
	if _, known := c.seen[name]; !known {
		c.seen[name] = c.object(o)
	}
	return c.seen[name]
}

func (c cloud) Connection(name string) map[string][]byte { return c.connections[name] }

func (c cloud) Names(prefix string) []string {
	var names []string
	for name := range c.observed {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
