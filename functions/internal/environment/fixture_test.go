package environment

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// staging is an Environment that has everything.
const staging = `
apiVersion: platform.io/v1
kind: Environment
metadata: {name: staging, namespace: team-checkout, uid: env-uid}
status:
  type: staging
  owner: {team: checkout, costCenter: cc-1, contact: checkout@example.org}
  cloud:
    provider: aws
    region: eu-west-1
    accountId: "123456789012"
    providerConfigRef: {name: aws-staging, kind: ClusterProviderConfig}
  phase: Active
  conditions:
  - {type: Ready, status: "True", reason: Available}
  network:
    vpcId: vpc-1
    subnets:
    - {id: subnet-p1, role: private, zone: eu-west-1a, cidr: 10.0.0.0/20}
    - {id: subnet-p2, role: private, zone: eu-west-1b}
    - {id: subnet-d2, role: database, zone: eu-west-1b}
    - {id: subnet-d1, role: database, zone: eu-west-1a}
    - {id: subnet-x1, role: public, zone: eu-west-1a}
  workloadNamespace: checkout-staging
  workloadSecurityGroupIds: [sg-1]
  kmsKeyArn: arn:aws:kms:eu-west-1:123456789012:key/1
  vault:
    providerConfigRef: {name: vault, kind: ClusterProviderConfig}
    namespace: platform
    kvMount: staging-kv
    databaseMount: staging-db
    kubernetesAuthMount: staging-k8s
    source: {securityGroupId: sg-vault}
`

const claim = `
apiVersion: platform.io/v1
kind: AppDatabase
metadata: {name: orders, namespace: team-checkout, uid: xr-uid}
spec:
  environmentRef: {name: staging}
`

// parse reads YAML as an object.
func parse(t *testing.T, text string) object.Object {
	t.Helper()
	var fields map[string]any
	if err := yaml.Unmarshal([]byte(text), &fields); err != nil {
		t.Fatal(err)
	}
	o, err := object.FromValue(fields)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// replaced is a text with one part replaced. A part that is not there is a mistake of the test.
func replaced(t *testing.T, text, old, with string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q stands %d times in the fixture, want once", old, strings.Count(text, old))
	}
	return strings.Replace(text, old, with, 1)
}

// composedNames are observed resources: their composition resource names, and YAML where more of them matters.
type composedNames map[string]object.Object

func (n composedNames) Get(name string) object.Object     { return n[name] }
func (composedNames) Connection(string) map[string][]byte { return nil }
func (n composedNames) Names(prefix string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(n)), func(s string) bool { return !strings.HasPrefix(s, prefix) })
}

// input is a call: the claim, what core found for it, and what is composed.
func input(t *testing.T, xr, env string, composed ...string) plan.In {
	t.Helper()
	in := plan.In{
		XR:       parse(t, xr),
		Subject:  naming.Subject{UID: "xr-uid", Kind: "appdatabase", Namespace: "team-checkout", Name: "orders"},
		Observed: composedNames{},
		Required: map[string]plan.Required{RequirementKey: {Resolved: true}},
	}
	for _, name := range composed {
		in.Observed.(composedNames)[name] = object.Object{}
	}
	if env != "" {
		in.Required[RequirementKey] = plan.Required{Resolved: true, Items: []object.Object{parse(t, env)}}
	}
	return in
}

// withLast is the claim with an Environment in its status, as a call before left it there.
func withLast(t *testing.T, env string) string {
	t.Helper()
	r := Resolve(input(t, claim, env), "aws")
	if !r.Current {
		t.Fatalf("the fixture does not resolve: %s", r.Condition.Message)
	}
	o, err := object.FromValue(map[string]any{"environment": r.Environment})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := yaml.Marshal(map[string]any{"status": o.Map()})
	if err != nil {
		t.Fatal(err)
	}
	return claim + string(raw)
}
