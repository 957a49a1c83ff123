package cloud

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCopies: what a copy is follows from its origin, and what it was before.
func TestCopies(t *testing.T) {
	t.Parallel()
	replica := map[string]any{"region": "r", "identifier": "i", "replicateSourceDb": "source"}
	restored := map[string]any{"region": "r", "identifier": "i", "snapshotIdentifier": "final"}
	source := map[string]any{
		"engine": "mariadb", "engineVersionActual": "10.11.14", "username": "u", "dbName": "d", "allocatedStorage": 40.0, "port": 3307.0,
	}
	cases := map[string]struct {
		kind                         string
		parameters, observed, source map[string]any
		want                         map[string]any
	}{
		"a replica": {Instance, replica, nil, source, map[string]any{
			"engine": "mariadb", "engineVersionActual": "10.11.14", "username": "u", "dbName": "d", "allocatedStorage": int64(40),
			"port": int64(3307),
		}},
		"a replica of which nothing is known": {Instance, replica, nil, nil, map[string]any{
			"engine": "postgres", "engineVersionActual": "17.6", "username": CopiedUsername, "dbName": CopiedDatabase,
			"allocatedStorage": int64(0), "port": int64(5432),
		}},
		"a replica that is upgraded before its source": {Instance, with(replica, "engineVersion", "11.4"), nil, source, map[string]any{
			"engineVersionActual": "11.4.8",
		}},
		"a replica of MariaDB is not taken along": {Instance, with(replica, "engineVersion", "10.11.14"), nil,
			with(source, "engineVersionActual", "11.4.8"), map[string]any{"engineVersionActual": "10.11.14"}},
		"a replica of PostgreSQL is taken along": {Instance, with(replica, "engineVersion", "16.10"),
			map[string]any{"engineVersionActual": "16.10"}, map[string]any{"engine": "postgres", "engineVersionActual": "17.6"},
			map[string]any{"engine": "postgres", "engineVersionActual": "17.6"}},
		"a restored instance, whatever it says": {Instance, with(with(restored, "username", "mine"), "dbName", "mine"), nil, source,
			map[string]any{"username": "u", "dbName": "d", "engine": "mariadb"}},
		"a restored instance goes its own way": {Instance, with(restored, "engine", "postgres"),
			map[string]any{"engineVersionActual": "16.10", "username": "u", "dbName": "d", "allocatedStorage": 20.0},
			map[string]any{"engineVersionActual": "17.6", "username": "other", "dbName": "other", "allocatedStorage": 90.0},
			map[string]any{"engineVersionActual": "16.10", "username": "u", "dbName": "d", "allocatedStorage": int64(20)}},
		"a restored instance has room for its data": {Instance, with(restored, "allocatedStorage", 20.0), nil, source,
			map[string]any{"allocatedStorage": int64(40)}},
		"an instance of no origin without a database": {Instance, map[string]any{"engine": "mysql", "engineVersion": "8.4", "username": "u"}, nil,
			nil, map[string]any{"engineVersionActual": "8.4.6", "username": "u", "dbName": nil, "port": int64(3306)}},
		"a minor version that the cloud has installed stays": {Instance, map[string]any{"engine": "postgres", "engineVersion": "17"},
			map[string]any{"engineVersionActual": "17.7"}, nil, map[string]any{"engineVersionActual": "17.7"}},
		"a new cluster": {Cluster, map[string]any{"engine": "aurora-mysql", "engineVersion": "8.0", "masterUsername": "u", "databaseName": "d"},
			nil, nil, map[string]any{
				"engineVersionActual": "8.0.mysql_aurora.3.10.1", "masterUsername": "u", "databaseName": "d", "port": int64(3306),
				"clusterMembers": []any{}, "latestRestorableTime": nil,
			}},
		"a restored cluster": {Cluster, map[string]any{"engine": "aurora-postgresql", "snapshotIdentifier": "s", "backupRetentionPeriod": 1.0},
			nil, map[string]any{"engineVersionActual": "16.9", "masterUsername": "u", "databaseName": "d"}, map[string]any{
				"engineVersionActual": "16.9", "masterUsername": "u", "databaseName": "d", "port": int64(5432),
				"latestRestorableTime": nil,
			}},
		"an instance of a cluster": {ClusterInstance, map[string]any{"engine": "aurora-postgresql", "clusterIdentifier": "c"},
			map[string]any{"engineVersionActual": "16.9"}, map[string]any{"engineVersionActual": "17.5", "port": 5433.0}, map[string]any{
				"engineVersionActual": "17.5", "port": int64(5433), "writer": false, "id": "name",
			}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			at := Kinds()[tc.kind].Report(Resource{
				Kind: tc.kind, Name: "name", Parameters: tc.parameters, Observed: tc.observed, Source: tc.source,
			})
			got := map[string]any{}
			for field := range tc.want {
				got[field] = at[field]
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func with(fields map[string]any, field string, value any) map[string]any {
	out := map[string]any{field: value}
	for f, v := range fields {
		if f != field {
			out[f] = v
		}
	}
	return out
}

func TestClusterReport(t *testing.T) {
	t.Parallel()
	r := Resource{
		Kind: Cluster, Name: "orders", Seed: "s", Members: []string{"one", "two"},
		Parameters: map[string]any{"region": "eu-west-1", "engine": "aurora-postgresql", "engineVersion": "17", "deletionProtection": true},
	}
	want := map[string]any{
		"id": "orders", "arn": "arn:aws:rds:eu-west-1:123456789012:cluster:orders",
		"clusterResourceId": "cluster-043A718774C572BD8A25ADBEB1", "port": int64(5432),
		"endpoint":       "orders.cluster-c043a718774c5.eu-west-1.rds.amazonaws.com",
		"readerEndpoint": "orders.cluster-ro-c043a718774c5.eu-west-1.rds.amazonaws.com",
		"engine":         "aurora-postgresql", "engineVersionActual": "17.5", "deletionProtection": true,
		"clusterMembers": []any{"one", "two"},
	}
	if diff := cmp.Diff(want, cluster(r)); diff != "" {
		t.Error(diff)
	}
	one := Resource{
		Kind: ClusterInstance, Name: "orders-1", Seed: "s", Writer: true,
		Parameters: map[string]any{"region": "eu-west-1", "engine": "aurora-mysql", "engineVersion": "8.0", "clusterIdentifier": "orders", "instanceClass": "c"},
	}
	want = map[string]any{
		"id": "orders-1", "arn": "arn:aws:rds:eu-west-1:123456789012:db:orders-1", "clusterIdentifier": "orders",
		"dbiResourceId": "db-043A718774C572BD8A25ADBEB1", "endpoint": "orders-1.c043a718774c5.eu-west-1.rds.amazonaws.com",
		"port": int64(3306), "engine": "aurora-mysql", "engineVersionActual": "8.0.mysql_aurora.3.10.1", "instanceClass": "c", "writer": true,
	}
	if diff := cmp.Diff(want, clusterInstance(one)); diff != "" {
		t.Error(diff)
	}
}

// TestCopyDefaults: the provider fills in what a copy inherits.
func TestCopyDefaults(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		resource Resource
		want     map[string]any
	}{
		"a replica": {Resource{
			Kind: Instance, Parameters: map[string]any{"region": "r", "replicateSourceDb": "s", "multiAz": true},
			Source: map[string]any{"engine": "mysql", "engineVersionActual": "8.4.6", "username": "u", "dbName": "d", "allocatedStorage": 20.0},
		}, map[string]any{
			"caCertIdentifier": "rds-ca-rsa2048-g1", "iamDatabaseAuthenticationEnabled": false, "networkType": "IPV4", "kmsKeyId": defaultKey("r"),
			"engine": "mysql", "engineVersion": "8.4.6", "username": "u", "allocatedStorage": int64(20), "port": int64(3306),
			"availabilityZone": nil, "dbName": nil, "backupRetentionPeriod": 0.0, "optionGroupName": "default:mysql-8-4",
		}},
		"a restored cluster with instances": {Resource{
			Kind: Cluster, Parameters: map[string]any{"region": "r", "snapshotIdentifier": "s"}, Members: []string{"one"},
		}, map[string]any{
			"availabilityZones": []any{"ra", "rb", "rc"}, "engineMode": "provisioned", "kmsKeyId": defaultKey("r"), "networkType": "IPV4",
			"masterUsername": CopiedUsername, "databaseName": CopiedDatabase, "clusterMembers": []any{"one"},
		}},
		"a new cluster": {Resource{Kind: Cluster, Parameters: map[string]any{"region": "r"}}, map[string]any{
			"availabilityZones": []any{"ra", "rb", "rc"}, "engineMode": "provisioned", "kmsKeyId": defaultKey("r"), "networkType": "IPV4",
			"masterUsername": nil, "databaseName": nil, "clusterMembers": nil,
		}},
		"an instance of a cluster": {Resource{Kind: ClusterInstance, Parameters: map[string]any{"region": "r", "performanceInsightsEnabled": true}},
			map[string]any{"availabilityZone": "ra", "caCertIdentifier": "rds-ca-rsa2048-g1", "performanceInsightsKmsKeyId": defaultKey("r")}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			filled, got := Kinds()[tc.resource.Kind].Defaults(tc.resource), map[string]any{}
			for field := range tc.want {
				got[field] = filled[field]
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOriginOf(t *testing.T) {
	t.Parallel()
	moment := func(field string) map[string]any {
		return map[string]any{"restoreToPointInTime": map[string]any{field: "s", "useLatestRestorableTime": true}}
	}
	cases := map[string]struct {
		kind       string
		parameters map[string]any
		want       Origin
	}{
		"a replica":                     {Instance, map[string]any{"replicateSourceDb": "s"}, Origin{Kind: Instance, Name: "s", Follows: true}},
		"a replica by ARN":              {Instance, map[string]any{"replicateSourceDb": "arn:aws:rds:r:1:db:s"}, Origin{Kind: Instance, Name: "s", Follows: true}},
		"an instance from a snapshot":   {Instance, map[string]any{"snapshotIdentifier": "rds:s"}, Origin{Kind: Snapshot, Name: "rds:s"}},
		"a snapshot by ARN":             {Cluster, map[string]any{"snapshotIdentifier": "arn:aws:rds:r:1:cluster-snapshot:s"}, Origin{Kind: Snapshot, Name: "s"}},
		"an instance of another moment": {Instance, moment("sourceDbInstanceIdentifier"), Origin{Kind: Instance, Name: "s"}},
		"a cluster of another moment":   {Cluster, moment("sourceClusterIdentifier"), Origin{Kind: Cluster, Name: "s"}},
		"an instance of a cluster":      {ClusterInstance, map[string]any{"clusterIdentifier": "s"}, Origin{Kind: Cluster, Name: "s", Follows: true}},
		"a new instance":                {Instance, map[string]any{"engine": "postgres"}, Origin{}},
		"a new cluster":                 {Cluster, map[string]any{"engine": "aurora-mysql"}, Origin{}},
		"something else":                {SubnetGroup, map[string]any{"snapshotIdentifier": "s"}, Origin{}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, OriginOf(tc.kind, tc.parameters)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	for version, want := range map[[2]string][2]string{
		{"postgres", "17"}:            {"17.6", "postgres17"},
		{"postgres", "17.4"}:          {"17.4", "postgres17"},
		{"mysql", "8.4"}:              {"8.4.6", "mysql8.4"},
		{"mariadb", "10.11"}:          {"10.11.14", "mariadb10.11"},
		{"mariadb", "11.4"}:           {"11.4.8", "mariadb11.4"},
		{"aurora-postgresql", "16"}:   {"16.9", "aurora-postgresql16"},
		{"aurora-mysql", "8.0"}:       {"8.0.mysql_aurora.3.10.1", "aurora-mysql8.0"},
		{"aurora-postgresql", "15.1"}: {"15.1", "aurora-postgresql15"},
	} {
		exact := release(version[0], version[1])
		if exact != want[0] || Family(version[0], exact) != want[1] || Family(version[0], version[1]) != want[1] {
			t.Errorf("%v is %s of family %s, want %v", version, exact, Family(version[0], exact), want)
		}
	}
	for pair, want := range map[[2]string]int{
		{"17", "17.4"}: 0, {"16.10", "16.9"}: 1, {"16", "17.4"}: -1, {"8.0.mysql_aurora.3.9.0", "8.0.mysql_aurora.3.10.1"}: -1,
	} {
		if got := CompareVersions(pair[0], pair[1]); got != want {
			t.Errorf("CompareVersions(%v) = %d, want %d", pair, got, want)
		}
	}
}

// TestWindowFields: whatever waits for the window is something that the kind reports or has as a parameter of that name.
func TestWindowFields(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{Instance, Cluster, ClusterInstance} {
		if len(WindowFields(kind)) == 0 || GroupField(kind) == "" {
			t.Errorf("nothing of a %s waits, or it has no parameter group", kind)
		}
	}
	if len(WindowFields("SubnetGroup")) > 0 || GroupField("SubnetGroup") != "" {
		t.Error("a subnet group has no window")
	}
}
