package simulator_test

import (
	"fmt"
	"strings"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// The databases that a fake function wants. Fields are added at the end of forProvider.
func instance(name, more string) string {
	return fmt.Sprintf(`{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance, metadata: {name: %s}, spec: {forProvider: {
		region: r, identifier: %s, applyImmediately: false, %s}}}`, name, name, more)
}

func primary(version, more string) string {
	return instance("db", fmt.Sprintf(`engine: mariadb, engineVersion: "%s", parameterGroupName: g%s, allocatedStorage: 20, username: u,
		dbName: d, instanceClass: small, backupRetentionPeriod: 1, %s%s`, version, version, options(version), more))
}

// options of a version of MariaDB: the option group goes along with it.
func options(version string) string {
	return `optionGroupName: "` + cloud.OptionGroup("mariadb", version) + `"`
}

// sourceARN is the instance that replicas follow.
const sourceARN = `replicateSourceDb: "arn:aws:rds:r:123456789012:db:db"`

func replica(more string) string {
	return instance("copy", sourceARN+", skipFinalSnapshot: true, parameterGroupName: g10.11"+more)
}

func database(kind, name, more string) string {
	return fmt.Sprintf(`{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: %s, metadata: {name: %s}, spec: {
		managementPolicies: [Observe, Create, Update, Delete], forProvider: {region: r, %s}}}`, kind, name, more)
}

const (
	oldGroup = `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: ParameterGroup, metadata: {name: g10.11}, spec: {forProvider: {family: mariadb10.11}}}`
	newGroup = `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: ParameterGroup, metadata: {name: g11.4}, spec: {forProvider: {family: mariadb11.4}}}`
)

func groups(more map[string]string) map[string]string {
	all := map[string]string{"old": oldGroup, "new": newGroup}
	for name, document := range more {
		all[name] = document
	}
	return all
}

// TestDatabaseViolations: every step is what the function wants for two rounds, and the last one is refused.
func TestDatabaseViolations(t *testing.T) {
	t.Parallel()
	cluster := func(more string) string {
		return database("Cluster", "c", "engine: aurora-mysql, engineVersion: '8.0', dbClusterParameterGroupName: cg"+more)
	}
	member := database("ClusterInstance", "m", "engine: aurora-mysql, clusterIdentifier: c")
	clusterGroup := `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: ClusterParameterGroup, metadata: {name: cg}, spec: {forProvider: {family: aurora-mysql8.0}}}`
	cases := map[string]struct {
		steps []map[string]string
		want  string
	}{
		"a replica of nothing":        {[]map[string]string{groups(map[string]string{"copy": replica("")})}, "there is no Instance db yet"},
		"a replica with its source":   {[]map[string]string{groups(map[string]string{"db": primary("10.11", ""), "a": replica("")})}, "there is no Instance db yet"},
		"a member without a cluster":  {[]map[string]string{{"m": member}}, "there is no Cluster c yet"},
		"a copy that says its master": {[]map[string]string{{"db": instance("db", "snapshotIdentifier: s, username: u")}}, "username comes from Snapshot s"},
		"a replica of a source without backups": {[]map[string]string{
			groups(map[string]string{"db": instance("db", "engine: mysql, engineVersion: '8.4'")}),
			groups(map[string]string{"db": instance("db", "engine: mysql, engineVersion: '8.4'"), "copy": replica("")}),
		}, "db has no automated backups"},
		"the source before its replica": {[]map[string]string{
			groups(map[string]string{"db": primary("10.11", "")}),
			groups(map[string]string{"db": primary("10.11", ""), "copy": replica("")}),
			groups(map[string]string{"db": primary("11.4", ", allowMajorVersionUpgrade: true"), "copy": replica("")}),
		}, "db cannot be upgraded to 11.4 before its replica copy, which runs 10.11.14"},
		"a replica with the old group": {[]map[string]string{
			groups(map[string]string{"db": primary("10.11", "")}),
			groups(map[string]string{"db": primary("10.11", ""), "copy": replica("")}),
			groups(map[string]string{"db": primary("10.11", ""), "copy": replica(", engineVersion: '11.4', allowMajorVersionUpgrade: true")}),
		}, `family "mariadb10.11" cannot be used for mariadb 11.4`},
		"the group of a replica": {[]map[string]string{
			groups(map[string]string{"db": primary("10.11", "")}),
			groups(map[string]string{"db": primary("10.11", ""), "copy": replica("")}),
			{"new": newGroup, "db": primary("10.11", ""), "copy": replica("")},
		}, "old is deleted while copy uses it"},
		"the source of a replica": {[]map[string]string{
			groups(map[string]string{"db": primary("10.11", "")}),
			groups(map[string]string{"db": primary("10.11", ""), "copy": replica("")}),
			groups(map[string]string{"copy": replica("")}),
		}, "db is deleted while copy depends on it"},
		"a replica by the identifier of its source, once late initialisation has written its subnet group": {[]map[string]string{
			groups(map[string]string{"db": primary("10.11", "")}),
			groups(map[string]string{"db": primary("10.11", ""), "copy": strings.ReplaceAll(replica(""), sourceARN, "replicateSourceDb: db")}),
			groups(map[string]string{"db": primary("10.11", ""), "copy": strings.ReplaceAll(replica(", instanceClass: large"), sourceARN, "replicateSourceDb: db")}),
		}, `"replicate_source_db" must be an ARN`},
		"a replica with a final snapshot": {[]map[string]string{
			groups(map[string]string{"db": primary("10.11", "")}),
			groups(map[string]string{"db": primary("10.11", ""), "copy": replica(", skipFinalSnapshot: false")}),
			groups(map[string]string{"db": primary("10.11", "")}),
		}, "copy is deleted with a final snapshot"},
		"a protected cluster": {[]map[string]string{{"c": cluster(", deletionProtection: true"), "cg": clusterGroup}, {"cg": clusterGroup}},
			"c is deleted while it is protected"},
		"a cluster with instances": {[]map[string]string{{"c": cluster(""), "cg": clusterGroup}, {"c": cluster(""), "cg": clusterGroup, "m": member},
			{"cg": clusterGroup, "m": member}}, "c is deleted while m depends on it"},
		"the group of a cluster": {[]map[string]string{{"c": cluster(""), "cg": clusterGroup}, {"c": cluster("")}}, "cg is deleted while c uses it"},
		"a new master of a cluster": {[]map[string]string{{"c": cluster(""), "cg": clusterGroup}, {"c": cluster(", masterUsername: x"), "cg": clusterGroup}},
			"masterUsername of a Cluster cannot change"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			step := 0
			c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse { return wants(t, tc.steps[step]) })
			for step = range tc.steps {
				if len(c.Cloud.Violations) > 0 {
					t.Fatalf("refused too early: %v", c.Cloud.Violations)
				}
				reconcile(t, c)
				reconcile(t, c)
			}
			if !strings.Contains(strings.Join(c.Cloud.Violations, "; "), tc.want) {
				t.Errorf("violations %v, want %q", c.Cloud.Violations, tc.want)
			}
		})
	}
}

// play lets a fake function want one thing after the other, for two rounds each, and returns what then is.
func play(t *testing.T, steps ...map[string]string) *simulator.Cluster {
	t.Helper()
	step := 0
	c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse { return wants(t, steps[step]) })
	for step = range steps {
		reconcile(t, c)
		reconcile(t, c)
	}
	if len(c.Cloud.Violations) > 0 {
		t.Errorf("the cloud refuses: %v", c.Cloud.Violations)
	}
	return c
}

func at(c *simulator.Cluster, name string, fields ...string) map[string]any {
	all := c.Get(name).At("status", "atProvider").Map()
	out := map[string]any{}
	for _, field := range fields {
		out[field] = all[field]
	}
	return out
}

// TestReplicas: a replica is what its source is, and is upgraded before it.
func TestReplicas(t *testing.T) {
	t.Parallel()
	before := groups(map[string]string{"db": primary("10.11", "")})
	both := groups(map[string]string{"db": primary("10.11", ""), "copy": replica("")})
	first := strings.ReplaceAll(replica(", engineVersion: '11.4', allowMajorVersionUpgrade: true, "+options("11.4")), "g10.11", "g11.4")
	c := play(t, before, both)
	want := map[string]any{"engine": "mariadb", "engineVersionActual": "10.11.14", "username": "u", "dbName": "d", "allocatedStorage": 20.0}
	if diff := cmp.Diff(want, at(c, "copy", "engine", "engineVersionActual", "username", "dbName", "allocatedStorage")); diff != "" {
		t.Error(diff)
	}
	if got := c.Get("copy").String("spec", "forProvider", "engineVersion"); got != "10.11.14" {
		t.Errorf("the provider fills in the version: %q", got)
	}
	c = play(t, before, both, groups(map[string]string{"db": primary("10.11", ""), "copy": first}),
		groups(map[string]string{"db": primary("11.4", ", allowMajorVersionUpgrade: true"), "copy": first}),
		map[string]string{"new": newGroup, "db": primary("11.4", ""), "copy": first})
	for _, name := range []string{"db", "copy"} {
		if diff := cmp.Diff(map[string]any{"engineVersionActual": "11.4.8"}, at(c, name, "engineVersionActual")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestReplicasGoAlong: PostgreSQL upgrades the replicas with their source.
func TestReplicasGoAlong(t *testing.T) {
	t.Parallel()
	source := func(version string) string {
		return database("Instance", "db", `identifier: db, engine: postgres, backupRetentionPeriod: 1, allowMajorVersionUpgrade: true, engineVersion: "`+
			version+`"`)
	}
	copied := database("Instance", "copy", "identifier: copy, "+sourceARN+", skipFinalSnapshot: true")
	c := play(t, map[string]string{"db": source("16")}, map[string]string{"db": source("16"), "copy": copied},
		map[string]string{"db": source("17"), "copy": copied})
	if diff := cmp.Diff(map[string]any{"engineVersionActual": "17.6"}, at(c, "copy", "engineVersionActual")); diff != "" {
		t.Error(diff)
	}
}

// TestReplicaGetsAnARN: the identifier of a source and its ARN are the same to the provider, and only they.
func TestReplicaGetsAnARN(t *testing.T) {
	t.Parallel()
	before := groups(map[string]string{"db": primary("10.11", "")})
	named := func(source string) map[string]string {
		return groups(map[string]string{"db": primary("10.11", ""), "copy": strings.ReplaceAll(replica(""), sourceARN, "replicateSourceDb: "+source)})
	}
	c := play(t, before, named("arn:aws:rds:r:123456789012:db:db"))
	if got := c.Get("copy").String("spec", "forProvider", "dbSubnetGroupName"); got == "" {
		t.Error("late initialisation leaves the subnet group alone")
	}
	if !cloud.SameSource("db", "arn:aws:rds:r:123456789012:db:db") || cloud.SameSource("db", "arn:aws:rds:r:123456789012:db:other") ||
		cloud.SameSource("db", "") || cloud.SameSource("db", "other") {
		t.Error("what the provider overlooks is the difference between an ARN and the identifier in it")
	}
}

// TestCluster: the first instance writes, and none is named otherwise than its object.
func TestCluster(t *testing.T) {
	t.Parallel()
	cluster := database("Cluster", "c", "engine: aurora-postgresql, engineVersion: '17', snapshotIdentifier: s")
	member := func(name string) string {
		return database("ClusterInstance", name, "engine: aurora-postgresql, clusterIdentifier: c, instanceClass: small")
	}
	c := play(t, map[string]string{"c": cluster}, map[string]string{"c": cluster, "one": member("one")},
		map[string]string{"c": cluster, "one": member("one"), "two": member("two")})
	for name, want := range map[string]map[string]any{
		"one": {"writer": true, "engineVersionActual": "17.5", "port": 5432.0, "id": "one"},
		"two": {"writer": false, "engineVersionActual": "17.5", "port": 5432.0, "id": "two"},
	} {
		if diff := cmp.Diff(want, at(c, name, "writer", "engineVersionActual", "port", "id")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if c.Get("c").Has("spec", "forProvider", "kmsKeyId") {
		t.Error("a provider that must not fills fields in")
	}
	if got := c.Get("c").Annotation("crossplane.io/external-name"); got != "c" {
		t.Errorf("the external name of the cluster is %q", got)
	}
	policy := `{apiVersion: iam.aws.m.upbound.io/v1beta1, kind: RolePolicy, metadata: {name: p}, spec: {forProvider: {role: r, policy: "{}"}}}`
	if got := play(t, map[string]string{"p": policy}).Get("p").Annotation("crossplane.io/external-name"); got != "p" {
		t.Errorf("the external name of the policy is %q, which is not its id", got)
	}
}

// TestWindow: what waits for the maintenance window is reported as it was, and what does not wait at once.
func TestWindow(t *testing.T) {
	t.Parallel()
	small, large := primary("10.11", ""), strings.ReplaceAll(primary("10.11", ", deletionProtection: true"), "small", "large")
	wanted := groups(map[string]string{"db": small})
	c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse { return wants(t, wanted) })
	c.Cloud.WindowClosed = true
	reconcile(t, c)
	wanted = groups(map[string]string{"db": large})
	reconcile(t, c)
	reconcile(t, c)
	want := map[string]any{"instanceClass": "small", "deletionProtection": true}
	if diff := cmp.Diff(want, at(c, "db", "instanceClass", "deletionProtection")); diff != "" {
		t.Errorf("while the window is closed: %s", diff)
	}
	if c.Get("db").Condition("Ready").Status != "True" {
		t.Error("a database that waits is ready")
	}
	c.OpenWindow()
	reconcile(t, c)
	want["instanceClass"] = "large"
	if diff := cmp.Diff(want, at(c, "db", "instanceClass", "deletionProtection")); diff != "" {
		t.Errorf("after the window: %s", diff)
	}
	wanted = groups(map[string]string{"db": strings.ReplaceAll(small, "applyImmediately: false", "applyImmediately: true")})
	c.Cloud.WindowClosed = true
	reconcile(t, c)
	if diff := cmp.Diff(map[string]any{"instanceClass": "small"}, at(c, "db", "instanceClass")); diff != "" {
		t.Errorf("what is applied at once does not wait: %s", diff)
	}
}
