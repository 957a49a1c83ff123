package environment

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// hostile is a request that nobody has judged: another account's configuration, another team, everybody invited.
const hostile = `
spec:
  type: preview
  owner: {team: search}
  cloud: {provider: aws, region: us-east-1, accountId: "999999999999", providerConfigRef: {name: admin}}
  sharedWith: ["team-*"]
  resourceRef: {name: somebody-elses}
`

// What an Environment is asked for is not what it is. Its owner may write anything there.
func TestResolveReadsNoSpec(t *testing.T) {
	t.Parallel()
	got := Resolve(input(t, claim, staging+hostile), "aws")
	if diff := cmp.Diff(wholeEnvironment(), got.Environment); diff != "" || !got.Current {
		t.Errorf("current %v, %s, Environment (-want +got):\n%s", got.Current, got.Condition.Message, diff)
	}
	xr := replaced(t, claim, "{name: staging}", "{name: staging, namespace: platform}")
	others := replaced(t, staging+hostile, "namespace: team-checkout", "namespace: platform")
	if got := Resolve(input(t, xr, others), "aws").Condition.Reason; got != conditions.EnvironmentNotShared {
		t.Errorf("spec.sharedWith is believed: %s", got)
	}
}

// Core leaves Ready as it is when a request is refused. What refuses it says so in its own conditions, and core in Synced.
func TestResolveDoubts(t *testing.T) {
	t.Parallel()
	const ready = `  - {type: Ready, status: "True", reason: Available}`
	cases := map[string]struct {
		condition, want string
	}{
		"a refused request": {`{type: NetworkReady, status: "False", reason: TenancyDenied, message: no rule lists it}`,
			"is not as it is asked to be: NetworkReady is False, TenancyDenied no rule lists it"},
		"core cannot apply":   {`{type: Synced, status: "False", reason: ReconcileError}`, "is not as it is asked to be: Synced is False, ReconcileError"},
		"guardrails refuse":   {`{type: GuardrailsPassed, status: "False", reason: WouldLoseData}`, "is not as it is asked to be: GuardrailsPassed is False, WouldLoseData"},
		"held still":          {`{type: Synced, status: "False", reason: ReconcilePaused}`, ""},
		"core is well":        {`{type: Synced, status: "True", reason: ReconcileSuccess}`, ""},
		"overlapping peers":   {`{type: PeersDisjoint, status: "False", reason: PeersOverlap}`, ""},
		"a rule in the group": {`{type: NetworkReady, status: "False", reason: DefaultGroupOpen}`, ""},
		"a type of others":    {`{type: Audited, status: "False"}`, ""},
		"not known":           {`{type: VaultReady, status: Unknown, reason: Blocked}`, ""},
	}
	last := withLast(t, staging)
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			env := replaced(t, staging, ready, ready+"\n  - "+tc.condition)
			got := Resolve(input(t, last, env, "database-instance"), "aws")
			if got.Current != (tc.want == "") || !strings.Contains(got.Condition.Message, tc.want) {
				t.Errorf("current %v, %s", got.Current, got.Condition.Message)
			}
			if diff := cmp.Diff(wholeEnvironment(), got.Environment); diff != "" {
				t.Errorf("what runs does not stay (-want +got):\n%s", diff)
			}
		})
	}
}

// An Environment of an earlier version has published no cloud. What runs stays, and what is new waits for the next call of the Environment.
func TestResolveOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	before := replaced(t, staging, "  cloud:\n    provider: aws\n    region: eu-west-1\n    accountId: \"123456789012\"\n"+
		"    providerConfigRef: {name: aws-staging, kind: ClusterProviderConfig}\n", "")
	const want = "Environment team-checkout/staging has not published its status.cloud yet. This object continues by itself when it is"
	got := Resolve(input(t, withLast(t, staging), before, "database-instance"), "aws")
	if diff := cmp.Diff(wholeEnvironment(), got.Environment); diff != "" || got.Current || got.Condition.Message != want {
		t.Errorf("current %v, %s, Environment (-want +got):\n%s", got.Current, got.Condition.Message, diff)
	}
	expired := replaced(t, before, "phase: Active", "phase: Expired")
	if got := Resolve(input(t, withLast(t, staging), expired, "database-instance"), "aws"); got.Expired() || got.Current {
		t.Error("something goes because of a phase of an Environment whose type nobody has judged")
	}
	if got := Resolve(input(t, claim, before), "aws"); got.Environment != nil {
		t.Errorf("something is composed from %+v", got.Environment)
	}
	xr := replaced(t, claim, "{name: staging}", "{name: staging, namespace: platform}")
	others := replaced(t, before, "namespace: team-checkout", "namespace: platform")
	if got := Resolve(input(t, xr, others), "aws").Condition.Message; got !=
		"Environment platform/staging has not published its status.sharedWith yet. This object continues by itself when it is" {
		t.Errorf("who may not see it learns %q", got)
	}
}

// Nothing that runs follows to another provider configuration, which may be that of another account.
func TestResolveConfigMoved(t *testing.T) {
	t.Parallel()
	const aws, vault = "providerConfigRef: {name: aws-staging, kind: ClusterProviderConfig}", "    providerConfigRef: {name: vault, kind: ClusterProviderConfig}\n"
	cases := map[string]struct {
		old, with, field, was, is string
	}{
		"another one":  {aws, "providerConfigRef: {name: admin}", "status.cloud.providerConfigRef", "ClusterProviderConfig aws-staging", "ClusterProviderConfig admin"},
		"another kind": {aws, "providerConfigRef: {name: aws-staging, kind: ProviderConfig}", "status.cloud.providerConfigRef", "ClusterProviderConfig aws-staging", "ProviderConfig aws-staging"},
		"the default":  {"    " + aws + "\n", "", "status.cloud.providerConfigRef", "ClusterProviderConfig aws-staging", "ClusterProviderConfig default"},
		"another Vault": {vault, "    providerConfigRef: {name: other}\n", "status.vault.providerConfigRef", "ClusterProviderConfig vault",
			"ClusterProviderConfig other"},
	}
	last := withLast(t, staging)
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			env := replaced(t, staging, tc.old, tc.with)
			want := tc.field + ` of Environment team-checkout/staging changed from "` + tc.was + `" to "` + tc.is + `". What runs stays where it is: ` +
				`set the old value again, or create this object anew and migrate the data`
			got := Resolve(input(t, last, env, "database-instance", "vault-policy-reader"), pipelinev1.CloudAWS)
			if diff := cmp.Diff(wholeEnvironment(), got.Environment); diff != "" || got.Current || got.Condition.Message != want {
				t.Errorf("current %v, %q, want %q, Environment:\n%s", got.Current, got.Condition.Message, want, diff)
			}
			name, _ := strings.CutPrefix(tc.was, "ClusterProviderConfig ")
			lost := input(t, claim, env)
			lost.Observed = composedNames{"database-instance": parse(t, "{}"), "vault-policy-reader": parse(t, "{}")}
			for resource := range lost.Observed.(composedNames) {
				if strings.HasPrefix(resource, "vault") == strings.Contains(tc.field, "vault") {
					lost.Observed.(composedNames)[resource] = parse(t, "spec: {providerConfigRef: {name: "+name+"}}")
				}
			}
			if got := Resolve(lost, "aws"); got.Condition.Message != want || got.Environment != nil {
				t.Errorf("with a lost status: %q; Environment %v", got.Condition.Message, got.Environment)
			}
		})
	}
	same := replaced(t, staging, aws, "providerConfigRef: {name: aws-staging}")
	if got := Resolve(input(t, last, same, "database-instance"), "aws"); !got.Current {
		t.Errorf("the same configuration in other words: %s", got.Condition.Message)
	}
}
