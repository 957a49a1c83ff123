package simulator_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// What the provider's law and the rules of the cloud make of resources, on documents that no function of ours composes.

const (
	following = `, managementPolicies: [Observe, Create, Update, Delete]`
	made      = `, managementPolicies: [Observe, Update, LateInitialize]`
)

func ec2(kind, more, parameters string) string {
	return `{apiVersion: ec2.aws.m.upbound.io/v1beta1, kind: ` + kind + `, metadata: {name: it}, spec: {forProvider: {region: r, ` + parameters + `}` + more + `}}`
}

func volume(more, policies string) string {
	return `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance, metadata: {name: it, annotations: {platform.io/data: primary}}, spec: {forProvider: {
		region: r, identifier: it, engine: postgres, engineVersion: "16", storageType: gp3, username: u, ` + more + `}` + policies + `}}`
}

func parameterGroup(name, value, method string) string {
	return `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: ParameterGroup, metadata: {name: it}, spec: {forProvider: {region: r, family: postgres16,
		description: d, parameter: [{name: ` + name + `, value: "` + value + `", applyMethod: ` + method + `}]}}}`
}

// playThing plays one document after the other, two rounds each, with something that happens before the second round of each.
func playThing(t *testing.T, happens func(*simulator.Cluster), documents ...string) *simulator.Cluster {
	t.Helper()
	document := documents[0]
	c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
		return wants(t, map[string]string{"it": document})
	})
	for _, document = range documents {
		reconcile(t, c)
		reconcile(t, c)
		if happens != nil {
			happens(c)
		}
		reconcile(t, c)
		reconcile(t, c)
	}
	return c
}

func TestLawOfTheProvider(t *testing.T) {
	t.Parallel()
	restart := (*simulator.Cluster).RestartProviders
	byHand := func(field, value string) func(*simulator.Cluster) {
		return func(c *simulator.Cluster) {
			c.ByHand("it", field, parse(t, "{v: "+value+"}").GetFields()["v"])
		}
	}
	const protected = "deletionProtection: true"
	cases := map[string]struct {
		happens   func(*simulator.Cluster)
		documents []string
		want      string
	}{
		"a name that nobody writes down is lost with the provider's memory": {restart, []string{ec2("EIP", following, "domain: vpc")},
			"EIP is created twice"},
		"late initialisation writes it down": {restart, []string{ec2("EIP", "", "domain: vpc")}, ""},
		"what is found by its own name is not lost": {restart, []string{
			`{apiVersion: iam.aws.m.upbound.io/v1beta1, kind: Role, metadata: {name: it}, spec: {forProvider: {assumeRolePolicy: '` + trusts + `'}` + following + `}}`,
		}, ""},
		"growth across 400 GiB": {nil, []string{volume("allocatedStorage: 100", ""), volume("allocatedStorage: 400", "")},
			"Invalid iops value for engine name postgres and storage type gp3: 3000"},
		"also without late initialisation: the provider has it in its state": {nil,
			[]string{volume("allocatedStorage: 100", following), volume("allocatedStorage: 400", following)}, "Invalid iops value"},
		"with what there is from there on": {nil, []string{volume("allocatedStorage: 100", ""),
			volume("allocatedStorage: 400, iops: 12000, storageThroughput: 500", "")}, ""},
		"growth by itself": {func(c *simulator.Cluster) { c.Grow("it", 10) }, []string{volume("allocatedStorage: 395, maxAllocatedStorage: 1000", "")},
			"Invalid iops value"},
		"one field blocks all others": {nil, []string{volume("allocatedStorage: 100, "+protected, ""), volume("allocatedStorage: 400", "")}, "Invalid iops"},
		"the option group of the version before": {nil, []string{volume("allocatedStorage: 20, parameterGroupName: default.postgres16", ""),
			volume(`allocatedStorage: 20, allowMajorVersionUpgrade: true, parameterGroupName: default.postgres17, engineVersion: "17"`, "")},
			"The option group default:postgres-16 is not valid for engine postgres and version 17.6"},
		"a parameter that equals the default": {nil, []string{parameterGroup("rds.force_ssl", "1", "immediate")}, "writes [parameter] again"},
		"as RDS records it":                   {nil, []string{parameterGroup("rds.force_ssl", "1", "pending-reboot")}, ""},
		"a boolean in words":                  {nil, []string{parameterGroup("log_lock_waits", "on", "immediate")}, "writes [parameter] again"},
		"a boolean in digits":                 {nil, []string{parameterGroup("log_lock_waits", "1", "immediate")}, ""},
		"a change by hand is taken back once": {byHand("multiAz", "true"), []string{volume("allocatedStorage: 20, multiAz: false", "")}, ""},
		"what was deleted comes back empty": {func(c *simulator.Cluster) { c.Remove("it") }, []string{volume("allocatedStorage: 20", following)},
			"what held data and was deleted is created again"},
		"policies that no provider takes": {nil, []string{volume("allocatedStorage: 20", ", managementPolicies: [Observe, Update, Delete]")},
			"which is not supported"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			c := playThing(t, tc.happens, tc.documents...)
			got := strings.Join(c.Cloud.Violations, "; ")
			if tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
				t.Errorf("violations %q, want %q", got, tc.want)
			}
		})
	}
}

const trusts = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s"},"Action":"sts:AssumeRole"}]}`

// TestRefusedCallChangesNothing: with one field refused, nothing of the call happens, and the provider says why.
func TestRefusedCallChangesNothing(t *testing.T) {
	t.Parallel()
	c := playThing(t, nil, volume("allocatedStorage: 100, deletionProtection: true", ""), volume("allocatedStorage: 400, deletionProtection: false", ""))
	it := c.Get("it")
	if !it.Bool("status", "atProvider", "deletionProtection") || it.Int("status", "atProvider", "allocatedStorage") != 100 {
		t.Errorf("it happened in part: %v", it.At("status").Map())
	}
	if synced := it.Condition("Synced"); synced.Status != "False" || !strings.HasPrefix(synced.Message, "InvalidParameterCombination: ") {
		t.Errorf("Synced is %v", synced)
	}
}

// TestCallsOfProviders: everything goes out in one call, and nothing at rest, nor after a restart.
func TestCallsOfProviders(t *testing.T) {
	t.Parallel()
	const before, after = "allocatedStorage: 20, iamDatabaseAuthenticationEnabled: false", "allocatedStorage: 40, iamDatabaseAuthenticationEnabled: true"
	c := playThing(t, (*simulator.Cluster).RestartProviders, volume(before, ""), volume(after, ""))
	want := []simulator.ProviderCall{
		{Round: 1, Kind: "Instance", Name: "it", Creates: true},
		{Round: 5, Kind: "Instance", Name: "it", Fields: []string{"allocatedStorage", "iamDatabaseAuthenticationEnabled"}},
	}
	if diff := cmp.Diff(want, c.Cloud.Calls); diff != "" {
		t.Error(diff)
	}
}

// TestRuleByHand: a rule that somebody adds to a default security group stays, and late initialisation makes it intent.
func TestRuleByHand(t *testing.T) {
	t.Parallel()
	rule := func(c *simulator.Cluster) {
		c.ByHand("it", "ingress", structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{
			simulator.Nested(parse(t, `{protocol: "-1", cidrBlocks: ["0.0.0.0/0"]}`)),
		}}))
	}
	for policies, pinned := range map[string]bool{"": true, following: false} {
		c := playThing(t, rule, ec2("DefaultSecurityGroup", policies, "vpcId: vpc-1"))
		it := c.Get("it")
		if it.Has("spec", "forProvider", "ingress") != pinned || len(it.List("status", "atProvider", "ingress")) != 1 {
			t.Errorf("with %q it is pinned: %v, want %v; reported is %v", policies, !pinned, pinned, it.At("status", "atProvider").Map())
		}
		if said := strings.Join(c.Cloud.Violations, "; "); strings.Contains(said, "late initialisation makes ingress") != pinned {
			t.Errorf("with %q: violations %q", policies, said)
		}
	}
}

// TestLost: what a provider reports of a thing that is gone and that it may not create, or cannot.
func TestLost(t *testing.T) {
	t.Parallel()
	remove := func(c *simulator.Cluster) { c.Remove("it") }
	for reason, policies := range map[string]string{
		"AsyncUpdateFailure": made, "AsyncCreateFailure": `, initProvider: {domain: d-none}`,
	} {
		document := volume("allocatedStorage: 20", "")
		c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
			return wants(t, map[string]string{"it": document})
		})
		reconcile(t, c)
		document = volume("allocatedStorage: 20", policies)
		reconcile(t, c)
		remove(c)
		reconcile(t, c)
		reconcile(t, c)
		if last := c.Get("it").Condition("LastAsyncOperation"); last.Reason != reason || len(c.Cloud.Violations) > 0 {
			t.Errorf("%s: %v, violations %v", reason, last, c.Cloud.Violations)
		}
	}
}

// TestLeases: a database that goes together with its connection leaves users behind that nobody can revoke.
func TestLeases(t *testing.T) {
	t.Parallel()
	database := volume("allocatedStorage: 20, backupRetentionPeriod: 1", following)
	wanted := map[string]string{"it": database}
	c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse { return wants(t, wanted) })
	reconcile(t, c)
	connection := `{apiVersion: database.vault.m.upbound.io/v1alpha1, kind: SecretBackendConnection, metadata: {name: c}, spec: {forProvider: {
		backend: mount, name: c, allowedRoles: [reader], postgresql: [{connectionUrl: "postgresql://{{username}}:{{password}}@` +
		c.Get("it").String("status", "atProvider", "address") + `:5432/d"}]}}}`
	wanted = map[string]string{"it": database, "c": connection}
	reconcile(t, c)
	first := c.Fork()
	wanted = nil
	reconcile(t, c)
	if got := strings.Join(c.Cloud.Violations, "; "); !strings.Contains(got, `it is deleted while Vault has users in it (c): failed to revoke "mount/creds/reader/`) {
		t.Errorf("violations %q", got)
	}
	for _, wanted = range []map[string]string{{"it": database}, nil} {
		reconcile(t, first)
	}
	if len(first.Cloud.Violations) > 0 {
		t.Errorf("one after the other: %v", first.Cloud.Violations)
	}
}

// TestRestoreCarries: a restore has the version and the encryption of its snapshot, whatever is said.
func TestRestoreCarries(t *testing.T) {
	t.Parallel()
	const restored = `snapshotIdentifier: s, storageEncrypted: true, kmsKeyId: ours`
	for reason, tc := range map[string]struct {
		snapshot map[string]any
		want     string
	}{
		"of another major version": {map[string]any{"engineVersionActual": "15.14", "storageEncrypted": true, "kmsKeyId": "ours"},
			"The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."},
		"unencrypted": {map[string]any{"engineVersionActual": "16.10", "storageEncrypted": false, "kmsKeyId": ""},
			`the following update requires replacing it: cannot change the value of the argument "kms_key_id" from "" to "ours"`},
		"with another key": {map[string]any{"engineVersionActual": "16.10", "storageEncrypted": true, "kmsKeyId": "theirs"},
			`cannot change the value of the argument "kms_key_id" from "theirs" to "ours"`},
		"that fits": {map[string]any{"engineVersionActual": "16.2", "storageEncrypted": true, "kmsKeyId": "ours"}, ""},
	} {
		document := strings.Replace(volume(restored, ""), ", username: u", "", 1)
		c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
			return wants(t, map[string]string{"it": document})
		})
		c.Cloud.Existing = map[string]map[string]any{"s": tc.snapshot}
		reconcile(t, c)
		reconcile(t, c)
		got := strings.Join(c.Cloud.Violations, "; ")
		if tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
			t.Errorf("a snapshot %s: violations %q, want %q", reason, got, tc.want)
		}
	}
}
