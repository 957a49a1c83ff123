package simulator_test

import (
	"strings"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"
)

// provided is a managed resource of a service of AWS, or of any other API group.
func provided(service, kind, name, parameters string) string {
	if !strings.Contains(service, ".") {
		service += ".aws.m.upbound.io"
	}
	return `{apiVersion: ` + service + `/v1beta1, kind: ` + kind + `, metadata: {name: ` + name + `}, spec: {forProvider: {` + parameters + `}}}`
}

func vpc(name, cidr string) string {
	return provided("ec2", "VPC", name, `region: r, cidrBlock: `+cidr)
}

func subnet(name, vpcID, cidr string) string {
	return provided("ec2", "Subnet", name, `region: r, vpcId: `+vpcID+`, availabilityZone: ra, cidrBlock: `+cidr)
}

// observed makes a resource one that only looks at what has an external name.
func observed(document, externalName string) string {
	document = strings.Replace(document, "spec: {", "spec: {managementPolicies: [Observe], ", 1)
	return strings.Replace(document, "metadata: {", `metadata: {annotations: {crossplane.io/external-name: `+externalName+`}, `, 1)
}

const (
	trust  = `assumeRolePolicy: '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}'`
	policy = `policy: '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:root"}, "Action": "kms:*"}]}'`
	theirs = "vpc-0e00000000000002a"
)

// vpcID is what the cloud gives a VPC of the name net.
func vpcID(t *testing.T) string {
	t.Helper()
	id := play(t, map[string]string{"it": vpc("net", "10.0.0.0/16")}).Get("it").String("status", "atProvider", "id")
	if id == "" {
		t.Fatal("a VPC has no id")
	}
	return id
}

// refusals are what functions want, one after the other, until the cloud refuses it.
type refusal struct {
	steps []map[string]string
	want  string
}

func networkRefusals(id string) map[string]refusal {
	net := vpc("net", "10.0.0.0/16")
	nat := func(name string) string {
		return provided("ec2", "NATGateway", name, "region: r, allocationId: eipalloc-1, subnetId: subnet-1")
	}
	return map[string]refusal{
		"a VPC that is too large": {[]map[string]string{{"a": vpc("net", "10.0.0.0/8")}}, `"10.0.0.0/8" is no block that AWS takes`},
		"a block with host bits":  {[]map[string]string{{"a": vpc("net", "10.0.0.1/16")}}, `"10.0.0.1/16" is no block`},
		"a subnet outside":        {[]map[string]string{{"a": net}, {"a": net, "b": subnet("b", id, "10.1.0.0/24")}}, "10.1.0.0/24 is not inside 10.0.0.0/16"},
		"a subnet larger than the VPC": {[]map[string]string{
			{"a": vpc("net", "10.0.0.0/20")}, {"a": vpc("net", "10.0.0.0/20"), "b": subnet("b", id, "10.0.0.0/16")},
		}, "10.0.0.0/16 is not inside 10.0.0.0/20"},
		"two subnets in one place": {[]map[string]string{{"b": subnet("b", id, "10.0.0.0/23"), "c": subnet("c", id, "10.0.1.0/24")}},
			"overlaps 10.0.0.0/23 of b"},
		"a subnet of no VPC":       {[]map[string]string{{"a": subnet("b", `""`, "10.0.0.0/24")}}, "there is no Subnet without vpcId"},
		"another block":            {[]map[string]string{{"a": net}, {"a": vpc("net", "10.1.0.0/16")}}, "cidrBlock of a VPC cannot change"},
		"one address for two NATs": {[]map[string]string{{"a": nat("a")}, {"a": nat("a"), "b": nat("b")}}, "the NATGateway a has the same [allocationId]"},
		"a VPC goes before its subnet": {[]map[string]string{
			{"a": net}, {"a": net, "b": subnet("b", id, "10.0.0.0/24")}, {"b": subnet("b", id, "10.0.0.0/24")},
		}, "a is deleted while b uses it"},
	}
}

func otherRefusals() map[string]refusal {
	object := func(name string) string {
		return provided("kubernetes.m.crossplane.io", "Object", "o", `manifest: {apiVersion: v1, kind: Namespace, metadata: {name: `+name+`}}`)
	}
	mount := func(name string) string {
		return provided("vault.vault.m.upbound.io", "Mount", name, "path: kv, type: kv")
	}
	return map[string]refusal{
		"one mount path for two": {[]map[string]string{{"a": mount("a"), "b": mount("b")}}, "has the same [namespace path]"},
		"a key without the account": {[]map[string]string{{"a": provided("kms", "Key", "a", `region: r, policy: '{"Statement": [{}]}'`)}},
			"does not leave the root of the account in charge"},
		"a key loses the account": {[]map[string]string{{"a": provided("kms", "Key", "a", "region: r, "+policy)},
			{"a": provided("kms", "Key", "a", `region: r, policy: x`)}}, "the key policy is not a JSON policy document"},
		"a role that trusts a text": {[]map[string]string{{"a": provided("iam", "Role", "a", "assumeRolePolicy: x")}}, "the trust policy is not a JSON"},
		"a role with a long name": {[]map[string]string{{"a": provided("iam", "Role", strings.Repeat("a", 65), trust)}},
			"the name of a role has 64 characters at most"},
		"another object under one name": {[]map[string]string{{"a": object("one")}, {"a": object("two")}},
			`[metadata name] of a manifest cannot change from "one" to "two"`},
		"an object of nothing": {[]map[string]string{{"a": provided("kubernetes.m.crossplane.io", "Object", "o", "")}},
			"there is no Object without manifest"},
	}
}

func TestLandingIsRefused(t *testing.T) {
	t.Parallel()
	for _, cases := range []map[string]refusal{networkRefusals(vpcID(t)), otherRefusals()} {
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
				if got := strings.Join(c.Cloud.Violations, "; "); !strings.Contains(got, tc.want) {
					t.Errorf("violations %v, want %q", c.Cloud.Violations, tc.want)
				}
			})
		}
	}
}

// TestLandingIsTaken: what the cloud puts up with, near to what it does not.
func TestLandingIsTaken(t *testing.T) {
	t.Parallel()
	net, id := vpc("net", "10.0.0.0/16"), vpcID(t)
	below := subnet("b", id, "10.0.0.0/24")
	retained := strings.Replace(net, "spec: {", "spec: {managementPolicies: [Observe, Create, Update, LateInitialize], ", 1)
	beside := subnet("b", theirs, "10.42.0.0/24")
	cases := map[string][]map[string]string{
		"neighbours":                  {{"a": net}, {"a": net, "b": below, "c": subnet("c", id, "10.0.1.0/24")}},
		"the same place in two VPCs":  {{"b": below, "c": subnet("c", "vpc-1", "10.0.0.0/24")}},
		"all goes at once":            {{"a": net}, {"a": net, "b": below}, {}},
		"a VPC that stays behind":     {{"a": retained}, {"a": retained, "b": below}, {"b": below}},
		"a VPC of somebody else goes": {{"a": observed(net, theirs)}, {"a": observed(net, theirs), "b": beside}, {"b": beside}},
		"a key and a role":            {{"a": provided("kms", "Key", "a", "region: r, "+policy), "b": provided("iam", "Role", "b", trust)}},
	}
	for reason, steps := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			play(t, steps...)
		})
	}
}

// TestObserved: what is only observed is what its external name says, and stays as it is.
func TestObserved(t *testing.T) {
	t.Parallel()
	cluster := provided("eks", "Cluster", "c", "region: r")
	documents := map[string]string{
		"vpc":     observed(provided("ec2", "VPC", "v", "region: r"), theirs),
		"subnet":  observed(provided("ec2", "Subnet", "s", "region: r"), "subnet-0e000000000002ab1"),
		"dead":    observed(provided("ec2", "Subnet", "d", "region: r"), "subnet-0dead"),
		"unnamed": strings.Replace(cluster, "spec: {", "spec: {managementPolicies: [Observe], ", 1),
		"gone":    observed(cluster, "gone"),
		"said":    observed(cluster, "said"),
		"shared":  observed(cluster, "shared-apps"),
		"other":   observed(cluster, "other"),
	}
	c, _ := fakeCluster(t, func(*fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse { return wants(t, documents) })
	c.Store.Put(parse(t, `{apiVersion: platform.io/v1, kind: Network, metadata: {name: shared, namespace: platform}, status: {vpcId: vpc-1}}`))
	c.Cloud.Existing = map[string]map[string]any{"gone": nil, "said": {"vpcConfig": map[string]any{"vpcId": "vpc-2"}}}
	reconcile(t, c)
	for _, name := range []string{"dead", "unnamed", "gone"} {
		if got := c.Get(name).Condition("Synced"); got.Status != "False" || got.Message != "observe failed: external resource does not exist" {
			t.Errorf("%s: %v", name, got)
		}
	}
	if diff := cmp.Diff(map[string]any{"cidrBlock": "10.42.0.0/16", "id": theirs}, at(c, "vpc", "cidrBlock", "id")); diff != "" {
		t.Error(diff)
	}
	wantSubnet := map[string]any{"cidrBlock": "10.42.17.0/24", "availabilityZone": "rb", "vpcId": theirs}
	if diff := cmp.Diff(wantSubnet, at(c, "subnet", "cidrBlock", "availabilityZone", "vpcId")); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{"said": "vpc-2", "shared": "vpc-1", "other": theirs} {
		o := c.Get(name)
		if got := o.String("status", "atProvider", "vpcConfig", "vpcId"); got != want || o.Condition("Ready").Status != "True" {
			t.Errorf("%s is in %q, want %q: %v", name, got, want, o.Condition("Ready"))
		}
		if o.Has("spec", "forProvider", "tags") || o.Int("metadata", "generation") != 1 {
			t.Errorf("%s was changed: %v", name, o.Map())
		}
	}
	if got := c.Get("said").String("status", "atProvider", "vpcConfig", "clusterSecurityGroupId"); got == "" {
		t.Error("what is said of a thing stands beside what follows from its name")
	}
	// What is looked at is looked at again.
	c.Cloud.Existing["gone"] = map[string]any{}
	reconcile(t, c)
	if got := c.Get("gone").Condition("Synced"); got.Status != "True" {
		t.Errorf("it came later: %v", got)
	}
	if len(c.Cloud.Violations) > 0 {
		t.Error(c.Cloud.Violations)
	}
}

// TestObject: an object in another cluster is reported as it was applied, and has the name of its Object.
func TestObject(t *testing.T) {
	t.Parallel()
	document := `{apiVersion: kubernetes.m.crossplane.io/v1alpha1, kind: Object, metadata: {name: o},
	  spec: {forProvider: {manifest: {apiVersion: v1, kind: Namespace, metadata: {name: team, labels: {a: b}}}}}}`
	o := play(t, map[string]string{"o": document}).Get("o")
	if o.Condition("Ready").Status != "True" || o.Annotation("crossplane.io/external-name") != "o" {
		t.Errorf("it is not ready, or has another name: %v", o.Map())
	}
	got := o.At("status", "atProvider", "manifest")
	if got.Name() != "team" || got.UID() == "" || got.Label("a") != "b" {
		t.Errorf("the manifest is reported as %v", got.Map())
	}
	if o.At("spec", "forProvider", "manifest", "metadata").Has("uid") {
		t.Error("what was wanted is changed")
	}
}
