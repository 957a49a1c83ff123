package inventory

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// known are the values that every database of the tests has.
func known() Values {
	return Values{"passwordSecretRef": "known", "masterPasswordSecretRef": "known"}
}

// add creates a database that is available at once, and returns its target.
func (w *world) add(kind, name string, parameters map[string]any) Target {
	w.t.Helper()
	to := target(kind, name)
	externalName, err := w.Create(to, parameters, known())
	if err != nil {
		w.t.Fatalf("%s %s: %v", kind, name, err)
	}
	to.ExternalName = externalName
	w.Settle(to)
	return to
}

func (w *world) reported(to Target, fields ...string) map[string]any {
	w.t.Helper()
	e, there := w.Get(to)
	if !there {
		w.t.Fatalf("%s %s is not there", to.Kind, to.ExternalName)
	}
	out := map[string]any{}
	for _, field := range fields {
		out[field] = e.Reported[field]
	}
	return out
}

func (w *world) replica(changes map[string]any) map[string]any {
	parameters := map[string]any{
		"region": region, "identifier": "copy", "replicateSourceDb": "db", "parameterGroupName": "postgres17", "skipFinalSnapshot": true,
	}
	maps.Copy(parameters, changes)
	return parameters
}

func (w *world) cluster(changes map[string]any) map[string]any {
	if w.find(cloud.ClusterParameterGroup, region, "aurora17") == nil {
		w.create(cloud.ClusterParameterGroup, "aurora17", map[string]any{"region": region, "family": "aurora-postgresql17"})
		w.create(cloud.ClusterParameterGroup, "aurora16", map[string]any{"region": region, "family": "aurora-postgresql16"})
	}
	parameters := map[string]any{
		"region": region, "engine": "aurora-postgresql", "engineVersion": "17", "dbClusterParameterGroupName": "aurora17",
		"dbSubnetGroupName": "subnets", "vpcSecurityGroupIds": []any{w.securityGroup}, "finalSnapshotIdentifier": "final",
		"masterUsername": "u", "databaseName": "d", "backupRetentionPeriod": 7.0,
	}
	maps.Copy(parameters, changes)
	return parameters
}

func member(changes map[string]any) map[string]any {
	parameters := map[string]any{"region": region, "engine": "aurora-postgresql", "clusterIdentifier": "cluster"}
	maps.Copy(parameters, changes)
	return parameters
}

// TestCreateDatabaseRefused: what has to be there first, and what does not go together.
func TestCreateDatabaseRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		kind, name string
		parameters func(w *world) map[string]any
		values     Values
		want       string
		modelled   bool
	}{
		"a replica of nothing": {cloud.Instance, "copy", func(w *world) map[string]any { return w.replica(map[string]any{"replicateSourceDb": "x"}) }, nil,
			"DBInstanceNotFound: The source instance could not be found: x", true},
		"a replica of a source without backups": {cloud.Instance, "copy", func(w *world) map[string]any {
			w.add(cloud.Instance, "db", w.instance(map[string]any{"backupRetentionPeriod": 0.0}))
			return w.replica(nil)
		}, nil, "InvalidDBInstanceState: Automated backups are not enabled for this database instance. To enable automated backups, " +
			"use ModifyDBInstance to set the backup retention period to a non-zero value.", true},
		"a replica of a source that is being created": {cloud.Instance, "copy", func(w *world) map[string]any {
			if _, err := w.Create(target(cloud.Instance, "db"), w.instance(nil), known()); err != nil {
				w.t.Fatal(err)
			}
			return w.replica(nil)
		}, nil, "InvalidDBInstanceState: Database instance is not in available state.", true},
		"a replica with a subnet group of its own": {cloud.Instance, "copy", func(w *world) map[string]any {
			w.add(cloud.Instance, "db", w.instance(nil))
			return w.replica(map[string]any{"dbSubnetGroupName": "subnets"})
		}, nil, "DBSubnetGroupNotAllowedFault: DbSubnetGroupName should not be specified for read replicas that are created in the same region " +
			"as the master", true},
		"a replica with the parameter group of another version": {cloud.Instance, "copy", func(w *world) map[string]any {
			w.add(cloud.Instance, "db", w.instance(nil))
			return w.replica(map[string]any{"parameterGroupName": "postgres18"})
		}, nil, "InvalidParameterCombination: The parameter group postgres18 with DBParameterGroupFamily postgres18 can't be used for this " +
			"instance. Use a parameter group with DBParameterGroupFamily postgres17.", false},
		"a snapshot that is not there": {cloud.Instance, "db", func(w *world) map[string]any { return w.instance(map[string]any{"snapshotIdentifier": "x"}) },
			nil, "DBSnapshotNotFound: DBSnapshot not found: x", true},
		"the snapshot of an instance for a cluster": {cloud.Cluster, "cluster", func(w *world) map[string]any {
			w.snapshots = []api.Snapshot{{Identifier: "s", Region: region, Instance: "db"}}
			return w.cluster(map[string]any{"snapshotIdentifier": "s"})
		}, nil, "DBClusterSnapshotNotFoundFault: DBClusterSnapshot not found: s", true},
		"a moment of nothing": {cloud.Cluster, "cluster", func(w *world) map[string]any {
			return w.cluster(map[string]any{"restoreToPointInTime": map[string]any{"sourceClusterIdentifier": "x"}})
		}, nil, "DBClusterNotFoundFault: DBCluster x not found.", true},
		"a moment of an instance without backups": {cloud.Instance, "other", func(w *world) map[string]any {
			w.add(cloud.Instance, "db", w.instance(map[string]any{"backupRetentionPeriod": 0.0}))
			return w.instance(map[string]any{"identifier": "other", "restoreToPointInTime": map[string]any{"sourceDbInstanceIdentifier": "db"}})
		}, nil, "PointInTimeRestoreNotEnabled: Point In Time Restore is not enabled for this instance", true},
		"a snapshot of a later version": {cloud.Instance, "db", func(w *world) map[string]any {
			w.snapshots = []api.Snapshot{{Identifier: "s", Region: region, Instance: "db", Engine: "postgres", EngineVersion: "18.1", AllocatedStorage: 20}}
			return w.instance(map[string]any{"snapshotIdentifier": "s"})
		}, nil, "InvalidParameterCombination: Cannot upgrade postgres from 18.1 to 17", false},
		"a snapshot of an earlier version, without the flag": {cloud.Instance, "db", func(w *world) map[string]any {
			w.snapshots = []api.Snapshot{{Identifier: "s", Region: region, Instance: "db", Engine: "postgres", EngineVersion: "16.1", AllocatedStorage: 20}}
			return w.instance(map[string]any{"snapshotIdentifier": "s"})
		}, nil, "InvalidParameterCombination: The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.", false},
		"a cluster without a password": {cloud.Cluster, "cluster", func(w *world) map[string]any { return w.cluster(nil) }, Values{"passwordSecretRef": "known"},
			"InvalidParameterValue: The parameter MasterUserPassword must be provided and must not be blank.", false},
		"a cluster whose name is taken": {cloud.Cluster, "cluster", func(w *world) map[string]any {
			w.add(cloud.Cluster, "cluster", w.cluster(nil))
			return w.cluster(nil)
		}, nil, "DBClusterAlreadyExistsFault: DB Cluster already exists", true},
		"a cluster without its parameter group": {cloud.Cluster, "cluster", func(w *world) map[string]any {
			return w.cluster(map[string]any{"dbClusterParameterGroupName": "x"})
		}, nil, "DBClusterParameterGroupNotFound: DBClusterParameterGroup not found: x", true},
		"a cluster with the parameter group of another version": {cloud.Cluster, "cluster", func(w *world) map[string]any {
			return w.cluster(map[string]any{"dbClusterParameterGroupName": "aurora16"})
		}, nil, "InvalidParameterCombination: The parameter group aurora16 with DBParameterGroupFamily aurora-postgresql16 can't be used for this " +
			"instance. Use a parameter group with DBParameterGroupFamily aurora-postgresql17.", false},
		"an instance of no cluster": {cloud.ClusterInstance, "one", func(*world) map[string]any { return member(nil) }, nil,
			"DBClusterNotFoundFault: DBCluster cluster not found.", true},
		"an instance of another engine": {cloud.ClusterInstance, "one", func(w *world) map[string]any {
			w.add(cloud.Cluster, "cluster", w.cluster(nil))
			return member(map[string]any{"engine": "aurora-mysql"})
		}, nil, "InvalidParameterCombination: The engine name requested for your DB instance (aurora-mysql) doesn't match the engine name of your " +
			"DB cluster (aurora-postgresql).", false},
		"an instance whose name is taken": {cloud.ClusterInstance, "db", func(w *world) map[string]any {
			w.add(cloud.Instance, "db", w.instance(nil))
			w.add(cloud.Cluster, "cluster", w.cluster(nil))
			return member(nil)
		}, nil, "DBInstanceAlreadyExists: DB instance already exists", true},
		"a policy that is no document": {cloud.RolePolicy, "p", func(*world) map[string]any { return map[string]any{"role": "r", "policy": "{"} }, nil,
			"MalformedPolicyDocument: Syntax errors in policy.", true},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			parameters, values := tc.parameters(w), tc.values
			if values == nil {
				values = known()
			}
			_, err := w.Create(target(tc.kind, tc.name), parameters, values)
			says(t, err, tc.want, tc.modelled)
		})
	}
}

// TestReplica: it is what its source is, it follows PostgreSQL's upgrades, and it stands alone when its source goes.
func TestReplica(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	source := w.add(cloud.Instance, "db", w.instance(map[string]any{"allocatedStorage": 40.0}))
	replica := w.add(cloud.Instance, "copy", w.replica(nil))
	want := map[string]any{"engine": "postgres", "engineVersionActual": "17.6", "allocatedStorage": int64(40), "username": "u", "dbName": "d"}
	if diff := cmp.Diff(want, w.reported(replica, "engine", "engineVersionActual", "allocatedStorage", "username", "dbName")); diff != "" {
		t.Error(diff)
	}
	subnets := target(cloud.SubnetGroup, "subnets")
	subnets.ExternalName = "subnets"
	upgrade := map[string]any{"engineVersion": "18", "parameterGroupName": "postgres18", "allowMajorVersionUpgrade": true}
	if err := w.Update(source, upgrade, nil, false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"engineVersionActual": "18.1"}, w.reported(replica, "engineVersionActual")); diff != "" {
		t.Errorf("it is taken along: %s", diff)
	}
	if e, _ := w.Get(replica); e.Parameters["parameterGroupName"] != "default.postgres18" {
		t.Errorf("its parameter group is %v", e.Parameters["parameterGroupName"])
	}
	says(t, w.Update(replica, map[string]any{"parameterGroupName": "postgres17"}, nil, false), "InvalidParameterCombination: The parameter group "+
		"postgres17 with DBParameterGroupFamily postgres17 can't be used for this instance. Use a parameter group with DBParameterGroupFamily "+
		"postgres18.", false)
	if err := w.Update(replica, map[string]any{"skipFinalSnapshot": false, "finalSnapshotIdentifier": "x"}, nil, false); err != nil {
		t.Fatal(err)
	}
	says(t, w.Delete(replica), "InvalidParameterCombination: FinalDBSnapshotIdentifier can not be specified when deleting a replica instance", false)
	if err := w.Delete(source); err != nil {
		t.Fatal(err)
	}
	w.Settle(source)
	says(t, w.Delete(subnets), "InvalidDBSubnetGroupStateFault: Cannot delete the subnet group 'subnets' because at least one database instance: "+
		"copy is still using it.", true)
	if err := w.Delete(replica); err != nil {
		t.Errorf("a replica that is one no more: %v", err)
	}
	if got := len(w.snapshots); got != 2 {
		t.Errorf("%d snapshots, want one of each", got)
	}
}

// TestReplicasFirst: MariaDB and MySQL upgrade the replicas before their source.
func TestReplicasFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, family := range []string{"mariadb10.11", "mariadb11.4"} {
		w.create(cloud.ParameterGroup, family, map[string]any{"region": region, "family": family})
	}
	source := w.add(cloud.Instance, "db", w.instance(map[string]any{"engine": "mariadb", "engineVersion": "10.11", "parameterGroupName": "mariadb10.11"}))
	replica := w.add(cloud.Instance, "copy", w.replica(map[string]any{"parameterGroupName": "mariadb10.11"}))
	upgrade := map[string]any{"engineVersion": "11.4", "parameterGroupName": "mariadb11.4", "allowMajorVersionUpgrade": true}
	says(t, w.Update(source, upgrade, nil, false),
		"InvalidParameterCombination: One or more of the DB Instance's read replicas need to be upgraded: copy", false)
	for _, to := range []Target{replica, source} {
		if err := w.Update(to, upgrade, nil, false); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]any{"engineVersionActual": "11.4.8"}, w.reported(to, "engineVersionActual")); diff != "" {
			t.Error(diff)
		}
	}
}

// TestCluster: its instances, who of them writes, and the order in which it all goes.
func TestCluster(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cluster := w.add(cloud.Cluster, "cluster", w.cluster(map[string]any{"deletionProtection": true}))
	one := w.add(cloud.ClusterInstance, "one", member(map[string]any{"promotionTier": 0.0}))
	two := w.add(cloud.ClusterInstance, "two", member(map[string]any{"promotionTier": 1.0}))
	members := func(want ...any) {
		t.Helper()
		if diff := cmp.Diff(map[string]any{"clusterMembers": want}, w.reported(cluster, "clusterMembers")); diff != "" {
			t.Error(diff)
		}
	}
	writes := func(to Target, want bool) {
		t.Helper()
		if diff := cmp.Diff(map[string]any{"writer": want, "engineVersionActual": "17.5"}, w.reported(to, "writer", "engineVersionActual")); diff != "" {
			t.Errorf("%s: %s", to.ExternalName, diff)
		}
	}
	members("one", "two")
	writes(one, true)
	writes(two, false)
	if err := w.Delete(one); err != nil {
		t.Fatal(err)
	}
	members("two")
	writes(two, true)
	w.Settle(one)
	says(t, w.Delete(cluster), "InvalidParameterCombination: Cannot delete protected Cluster, please disable deletion protection and try again.", false)
	if err := w.Update(cluster, map[string]any{"deletionProtection": false}, nil, false); err != nil {
		t.Fatal(err)
	}
	says(t, w.Delete(cluster), "InvalidDBClusterStateFault: Cluster cannot be deleted, it still contains DB instances in non-deleting state.", true)
	group := target(cloud.ClusterParameterGroup, "aurora17")
	group.ExternalName = "aurora17"
	says(t, w.Delete(group), "InvalidDBParameterGroupState: One or more database instances are still members of this parameter group aurora17, "+
		"so the group cannot be deleted", true)
	for _, to := range []Target{two, cluster} {
		if err := w.Delete(to); err != nil {
			t.Errorf("%s: %v", to.Kind, err)
		}
	}
	w.Settle(cluster)
	if err := w.Delete(group); err != nil {
		t.Error(err)
	}
	want := []api.Snapshot{{
		Identifier: "final", Region: region, Cluster: "cluster", Engine: "aurora-postgresql", EngineVersion: "17.5", Username: "u", Database: "d",
	}}
	if diff := cmp.Diff(want, w.snapshots, cmpopts.IgnoreFields(api.Snapshot{}, "Taken")); diff != "" {
		t.Error(diff)
	}
	again := w.add(cloud.Cluster, "again", w.cluster(nil))
	says(t, w.Delete(again), "DBClusterSnapshotAlreadyExistsFault: Cannot create the cluster snapshot because one with the identifier final "+
		"already exists.", true)
}

// TestClusterUpgrade: the instances of a cluster go along with it.
func TestClusterUpgrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cluster := w.add(cloud.Cluster, "cluster", w.cluster(map[string]any{"engineVersion": "16", "dbClusterParameterGroupName": "aurora16"}))
	one := w.add(cloud.ClusterInstance, "one", member(nil))
	upgrade := map[string]any{"engineVersion": "17", "dbClusterParameterGroupName": "aurora17"}
	says(t, w.Update(cluster, upgrade, nil, false),
		"InvalidParameterCombination: The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.", false)
	upgrade["allowMajorVersionUpgrade"] = true
	if err := w.Update(cluster, upgrade, nil, false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"engineVersionActual": "17.5"}, w.reported(one, "engineVersionActual")); diff != "" {
		t.Error(diff)
	}
}

// TestRestores: a copy has the contents of its origin, whatever is said.
func TestRestores(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add(cloud.Instance, "db", w.instance(map[string]any{"allocatedStorage": 40.0}))
	w.add(cloud.Cluster, "cluster", w.cluster(nil))
	w.snapshots = []api.Snapshot{
		{Identifier: "s", Region: region, Instance: "gone", Engine: "postgres", EngineVersion: "17.2", Username: "old", Database: "olddb", AllocatedStorage: 50},
		{Identifier: "s", Region: region, Cluster: "gone", Engine: "aurora-postgresql", EngineVersion: "17.2", Username: "old", Database: "olddb"},
	}
	moment := map[string]any{"sourceDbInstanceIdentifier": "db", "sourceClusterIdentifier": "cluster", "useLatestRestorableTime": true}
	cases := map[string]struct {
		kind       string
		parameters map[string]any
		want       map[string]any
	}{
		"an instance from a snapshot": {cloud.Instance, w.instance(map[string]any{"identifier": "a", "snapshotIdentifier": "s"}),
			map[string]any{"username": "old", "dbName": "olddb", "allocatedStorage": int64(50), "engineVersionActual": "17.6"}},
		"an instance of another moment": {cloud.Instance, w.instance(map[string]any{"identifier": "b", "restoreToPointInTime": moment, "username": "mine"}),
			map[string]any{"username": "u", "dbName": "d", "allocatedStorage": int64(40)}},
		"a cluster from a snapshot": {cloud.Cluster, w.cluster(map[string]any{"snapshotIdentifier": "arn:aws:rds:r:1:cluster-snapshot:s"}),
			map[string]any{"masterUsername": "old", "databaseName": "olddb"}},
		"a cluster of another moment": {cloud.Cluster, w.cluster(map[string]any{"restoreToPointInTime": moment, "databaseName": "mine"}),
			map[string]any{"masterUsername": "u", "databaseName": "d"}},
	}
	for reason, tc := range cases {
		to := w.add(tc.kind, reason, tc.parameters)
		got := map[string]any{}
		for field := range tc.want {
			got[field] = w.reported(to, field)[field]
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", reason, diff)
		}
	}
	if e := w.named(cloud.Instance, region, "b"); e.Parameters["username"] != "u" {
		t.Error("the provider has to notice that the master is not the one that is said")
	}
}

// TestWindow: what waits for the maintenance window happens when it comes, or with a change that does not wait.
func TestWindow(t *testing.T) {
	t.Parallel()
	later := map[string]any{
		"instanceClass": "large", "deletionProtection": true, "engineVersion": "18", "parameterGroupName": "postgres18",
		"allowMajorVersionUpgrade": true,
	}
	for reason, then := range map[string]func(w *world, to Target) error{
		"the window comes": func(w *world, to Target) error { w.OpenWindow(to); return nil },
		"a change at once": func(w *world, to Target) error {
			return w.Update(to, map[string]any{"applyImmediately": true}, nil, true)
		},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			to := w.add(cloud.Instance, "db", w.instance(map[string]any{"instanceClass": "small", "applyImmediately": false}))
			if err := w.Update(to, later, nil, true); err != nil {
				t.Fatal(err)
			}
			want := map[string]any{"instanceClass": "small", "deletionProtection": true, "engineVersionActual": "17.6"}
			if diff := cmp.Diff(want, w.reported(to, "instanceClass", "deletionProtection", "engineVersionActual")); diff != "" {
				t.Errorf("before: %s", diff)
			}
			e, _ := w.Get(to)
			pending := map[string]any{"instanceClass": "large", "engineVersion": "18", "parameterGroupName": "postgres18"}
			if diff := cmp.Diff(pending, e.Pending); diff != "" || e.Parameters["parameterGroupName"] != "postgres17" {
				t.Errorf("pending: %s, %v", diff, e.Parameters["parameterGroupName"])
			}
			if err := then(w, to); err != nil {
				t.Fatal(err)
			}
			want = map[string]any{"instanceClass": "large", "deletionProtection": true, "engineVersionActual": "18.1"}
			if diff := cmp.Diff(want, w.reported(to, "instanceClass", "deletionProtection", "engineVersionActual")); diff != "" {
				t.Errorf("after: %s", diff)
			}
			if e, _ := w.Get(to); len(e.Pending) > 0 || e.Parameters["parameterGroupName"] != "postgres18" {
				t.Errorf("it is pending still: %v", e.Pending)
			}
		})
	}
}

// TestRestoredCopy: a simulator that starts again knows a replica from what its provider reported.
func TestRestoredCopy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := target(cloud.Instance, "copy")
	to.ExternalName = "db-COPY"
	w.Restore(to, w.replica(nil), map[string]any{
		"id": "db-COPY", "engine": "postgres", "engineVersionActual": "17.6", "username": "u", "dbName": "d", "allocatedStorage": 20.0,
	})
	want := map[string]any{"id": "db-COPY", "engine": "postgres", "engineVersionActual": "17.6", "username": "u", "dbName": "d"}
	if diff := cmp.Diff(want, w.reported(to, "id", "engine", "engineVersionActual", "username", "dbName")); diff != "" {
		t.Error(diff)
	}
	if err := w.Update(to, map[string]any{"instanceClass": "large"}, nil, false); err != nil {
		t.Errorf("it cannot be changed: %v", err)
	}
}
