package environment

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// wholeEnvironment is the fixture as the services see it.
func wholeEnvironment() *pipelinev1.Environment {
	return &pipelinev1.Environment{
		Name: "staging", Namespace: "team-checkout", UID: "env-uid", Type: "staging", Phase: "Active",
		Owner: pipelinev1.Owner{Team: "checkout", CostCenter: "cc-1", Contact: "checkout@example.org"},
		Cloud: pipelinev1.Cloud{
			Provider: "aws", Region: "eu-west-1", AccountID: "123456789012",
			ProviderConfigRef: &pipelinev1.ProviderConfigReference{Name: "aws-staging", Kind: "ClusterProviderConfig"},
		},
		Network: pipelinev1.Network{VPCID: "vpc-1", Subnets: []pipelinev1.Subnet{
			{ID: "subnet-p1", Role: "private", Zone: "eu-west-1a", CIDR: "10.0.0.0/20"},
			{ID: "subnet-p2", Role: "private", Zone: "eu-west-1b"},
			{ID: "subnet-d2", Role: "database", Zone: "eu-west-1b"},
			{ID: "subnet-d1", Role: "database", Zone: "eu-west-1a"},
			{ID: "subnet-x1", Role: "public", Zone: "eu-west-1a"},
		}},
		WorkloadNamespace: "checkout-staging", WorkloadSecurityGroupIDs: []string{"sg-1"},
		KMSKeyARN: "arn:aws:kms:eu-west-1:123456789012:key/1",
		Vault: &pipelinev1.Vault{
			ProviderConfigRef: &pipelinev1.ProviderConfigReference{Name: "vault", Kind: "ClusterProviderConfig"},
			Namespace:         "platform", KVMount: "staging-kv", DatabaseMount: "staging-db", KubernetesAuthMount: "staging-k8s",
			Source: &pipelinev1.VaultSource{SecurityGroupID: "sg-vault"},
		},
	}
}

func TestResolveReadsEveryField(t *testing.T) {
	t.Parallel()
	got := Resolve(input(t, claim, staging), pipelinev1.CloudAWS)
	want := Resolution{
		Environment: wholeEnvironment(), Current: true,
		Condition: conditions.Condition{
			Type: "EnvironmentResolved", Status: conditions.True, Reason: conditions.EnvironmentFound,
			Message: "Environment team-checkout/staging (staging, eu-west-1)",
		},
		Requirement: plan.Requirement{
			Key: "environment", APIVersion: "platform.io/v1", Kind: "Environment", Namespace: "team-checkout", Name: "staging",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Resolve() (-want +got):\n%s", diff)
	}
}

func TestResolveReadsTheCompositeBehindAClaim(t *testing.T) {
	t.Parallel()
	env := replaced(t, staging, "status:\n", "status:\n  composite: staging-x7k2p\n")
	if got := Resolve(input(t, claim, env), "aws").Environment.Composite; got != "staging-x7k2p" {
		t.Errorf("Composite = %q, want staging-x7k2p", got)
	}
}

func TestResolveAsksInTheNamespaceThatIsNamed(t *testing.T) {
	t.Parallel()
	xr := replaced(t, claim, "{name: staging}", "{name: shared, namespace: platform}")
	got := Resolve(input(t, xr, ""), "aws").Requirement
	want := plan.Requirement{Key: "environment", APIVersion: "platform.io/v1", Kind: "Environment", Namespace: "platform", Name: "shared"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Requirement (-want +got):\n%s", diff)
	}
}

// An Environment that cannot be used gives its reason and a sentence that says what to do. Nothing is composed from it.
func TestResolveFindings(t *testing.T) {
	t.Parallel()
	const shared = "{name: staging, namespace: platform}"
	elsewhere := replaced(t, claim, "{name: staging}", shared)
	inPlatform := replaced(t, staging, "namespace: team-checkout", "namespace: platform")
	cases := map[string]struct {
		xr, env string
		reason  conditions.Reason
		message string
	}{
		"missing": {claim, "", conditions.EnvironmentNotFound,
			`spec.environmentRef: there is no Environment "staging" in namespace "team-checkout". Create it, or name one that exists (kubectl get environments -n team-checkout)`},
		"not shared": {elsewhere, inPlatform, conditions.EnvironmentNotShared,
			`spec.environmentRef: Environment platform/staging is not shared with namespace "team-checkout". Ask its owner to add "team-checkout" to its spec.sharedWith`},
		"shared with another": {elsewhere, replaced(t, inPlatform, "status:\n", "status:\n  sharedWith: [team-check, team-checkouts, te*]\n"),
			conditions.EnvironmentNotShared,
			`spec.environmentRef: Environment platform/staging is not shared with namespace "team-checkout". Ask its owner to add "team-checkout" to its spec.sharedWith`},
		"being deleted": {claim, replaced(t, staging, "uid: env-uid", `uid: env-uid, deletionTimestamp: "2025-01-01T00:00:00Z"`),
			conditions.EnvironmentNotReady, "Environment team-checkout/staging is being deleted"},
		"not ready, in its own words": {claim,
			replaced(t, staging, `status: "True", reason: Available`, `status: "False", reason: Creating, message: waits for the network`),
			conditions.EnvironmentNotReady,
			"Environment team-checkout/staging is not ready yet: Creating waits for the network. This object continues by itself when it is"},
		"without conditions": {claim, replaced(t, staging, `  - {type: Ready, status: "True", reason: Available}`, ""),
			conditions.EnvironmentNotReady, "Environment team-checkout/staging is not ready yet. This object continues by itself when it is"},
		"a phase that only previews have excuses nothing": {claim,
			replaced(t, replaced(t, staging, "phase: Active", "phase: Expired"), `status: "True"`, `status: "False"`),
			conditions.EnvironmentNotReady,
			"Environment team-checkout/staging is not ready yet: Available. This object continues by itself when it is"},
		"another cloud": {claim, replaced(t, staging, "provider: aws", "provider: gcp"), conditions.EnvironmentCloudUnsupported,
			`spec.environmentRef: Environment team-checkout/staging is on cloud "gcp", and appdatabase is offered on aws only. Name an Environment there`},
		"without region": {claim, replaced(t, staging, "region: eu-west-1\n", "region: ''\n"), conditions.EnvironmentNotReady,
			"Environment team-checkout/staging has no status.cloud.region"},
		"without network": {claim, replaced(t, staging, "vpcId: vpc-1", "vpcId: ''"), conditions.EnvironmentWithoutNetwork,
			"Environment team-checkout/staging has no network: its status.network.vpcId is empty. Give it a network, then this object continues by itself"},
		"one zone": {claim, strings.ReplaceAll(staging, "eu-west-1b", "eu-west-1a"), conditions.EnvironmentWithoutNetwork,
			"the network of Environment team-checkout/staging has neither database nor private subnets in two zones, and two are needed. Add a zone to its Network"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := Resolve(input(t, tc.xr, tc.env), pipelinev1.CloudAWS)
			want := conditions.Condition{Type: "EnvironmentResolved", Status: conditions.False, Reason: tc.reason, Message: tc.message}
			if diff := cmp.Diff(want, got.Condition); diff != "" {
				t.Errorf("condition (-want +got):\n%s", diff)
			}
			if got.Environment != nil || got.Current {
				t.Errorf("there is something to compose from: %+v", got.Environment)
			}
			if got.Requirement.Name != "staging" {
				t.Error("the Environment is not asked for again: core would forget it")
			}
		})
	}
}

// What is not looked up yet is neither there nor missing.
func TestResolveBeforeCoreHasLooked(t *testing.T) {
	t.Parallel()
	in := input(t, claim, "")
	in.Required = nil
	got := Resolve(in, "aws").Condition
	if got.Reason != conditions.EnvironmentNotReady || got.Message != "looking up Environment team-checkout/staging" {
		t.Errorf("condition = %+v", got)
	}
}

// The checks stand in an order: a claim that may not see an Environment learns nothing of its state.
func TestResolveOrderOfChecks(t *testing.T) {
	t.Parallel()
	xr := replaced(t, claim, "{name: staging}", "{name: staging, namespace: platform}")
	env := staging
	steps := []struct {
		reason    conditions.Reason
		old, with string
	}{
		{conditions.EnvironmentWithoutNetwork, "vpcId: vpc-1", "vpcId: ''"},
		{conditions.EnvironmentCloudUnsupported, "provider: aws", "provider: gcp"},
		{conditions.EnvironmentNotReady, `status: "True"`, `status: "False"`},
		{conditions.EnvironmentNotShared, "namespace: team-checkout", "namespace: platform"},
	}
	for i, step := range steps {
		env = replaced(t, env, step.old, step.with)
		claimed := claim
		if i == len(steps)-1 {
			claimed = xr
		}
		if got := Resolve(input(t, claimed, env), "aws").Condition.Reason; got != step.reason {
			t.Errorf("with %q: reason %s, want %s", step.with, got, step.reason)
		}
	}
}

// While something is composed, an Environment that is away is replaced by the last one; with nothing composed there is none.
func TestResolveKeepsTheLastEnvironment(t *testing.T) {
	t.Parallel()
	last := withLast(t, staging)
	unready := replaced(t, staging, `status: "True"`, `status: "False"`)
	cases := map[string]struct {
		xr, env  string
		composed []string
		want     *pipelinev1.Environment
	}{
		"away, something composed":              {last, "", []string{"database-instance"}, wholeEnvironment()},
		"unready, something composed":           {last, unready, []string{"database-instance"}, wholeEnvironment()},
		"away, nothing composed":                {last, "", nil, nil},
		"away, and never resolved":              {claim, "", []string{"database-instance"}, nil},
		"away, and the status is not an object": {claim + "status: {environment: lost}\n", "", []string{"database-instance"}, nil},
		"away, and the status is of another type": {claim + "status: {environment: {name: 7}}\n", "",
			[]string{"database-instance"}, nil},
		"away, and only a part of it is left": {claim + "status: {environment: {name: staging, namespace: team-checkout}}\n", "",
			[]string{"database-instance"}, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := Resolve(input(t, tc.xr, tc.env, tc.composed...), "aws")
			if got.Current {
				t.Error("an Environment that is away is not current")
			}
			if got.Condition.Status != conditions.False {
				t.Errorf("condition is %s", got.Condition.Status)
			}
			if diff := cmp.Diff(tc.want, got.Environment); diff != "" {
				t.Errorf("Environment (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResolveMoved(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ old, with, field, was, is string }{
		"account": {`accountId: "123456789012"`, `accountId: "999999999999"`, "spec.cloud.accountId", "123456789012", "999999999999"},
		"region":  {"region: eu-west-1\n", "region: us-east-1\n", "spec.cloud.region", "eu-west-1", "us-east-1"},
		"network": {"vpcId: vpc-1", "vpcId: vpc-2", "status.network.vpcId", "vpc-1", "vpc-2"},
		"type":    {"type: staging", "type: production", "spec.type", "staging", "production"},
	}
	last := withLast(t, staging)
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			env := replaced(t, staging, tc.old, tc.with)
			got := Resolve(input(t, last, env, "database-instance"), "aws")
			if diff := cmp.Diff(wholeEnvironment(), got.Environment); diff != "" || got.Current {
				t.Errorf("what runs does not stay where it is:\n%s", diff)
			}
			want := tc.field + ` of Environment team-checkout/staging changed from "` + tc.was + `" to "` + tc.is + `". What runs stays where it is: ` +
				`set the old value again, or create this object anew and migrate the data`
			if got.Condition.Reason != conditions.EnvironmentMoved || got.Condition.Message != want {
				t.Errorf("condition = %s %q, want %q", got.Condition.Reason, got.Condition.Message, want)
			}
			fresh := Resolve(input(t, last, env), "aws")
			if !fresh.Current {
				t.Errorf("with nothing composed there is nothing that could move: %s", fresh.Condition.Message)
			}
		})
	}
}

// Credentials that workloads hold are not revoked because a status lost its Vault part.
// What is in Vault stays at its mounts: its names hold them.
func TestResolveVaultMoved(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		old, with, field, was, is string
		// resource and parameter tell of the mount when the status has lost it. Nothing tells of a namespace.
		resource, parameter string
	}{
		"namespace":      {"namespace: platform", "namespace: other", "status.vault.namespace", "platform", "other", "", ""},
		"KV mount":       {"kvMount: staging-kv", "kvMount: kv", "status.vault.kvMount", "staging-kv", "kv", "vault-kv-entry", "mount"},
		"database mount": {"databaseMount: staging-db", "databaseMount: db", "status.vault.databaseMount", "staging-db", "db", "vault-role-reader", "backend"},
		"auth mount": {"kubernetesAuthMount: staging-k8s", "kubernetesAuthMount: k8s", "status.vault.kubernetesAuthMount", "staging-k8s", "k8s",
			"vault-auth-reader", "backend"},
	}
	last := withLast(t, staging)
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			env := replaced(t, staging, tc.old, tc.with)
			want := tc.field + ` of Environment team-checkout/staging changed from "` + tc.was + `" to "` + tc.is + `". What runs stays where it is: ` +
				`set the old value again, or create this object anew and migrate the data`
			got := Resolve(input(t, last, env, "vault-policy-reader"), "aws")
			if got.Condition.Reason != conditions.EnvironmentMoved || got.Condition.Message != want {
				t.Errorf("condition = %s %q, want %q", got.Condition.Reason, got.Condition.Message, want)
			}
			if got := Resolve(input(t, last, env, "database-instance"), "aws"); !got.Current {
				t.Errorf("with nothing in Vault nothing can move: %s", got.Condition.Message)
			}
			if tc.resource == "" {
				return
			}
			lost := input(t, claim, env)
			lost.Observed = composedNames{tc.resource: parse(t, "spec: {forProvider: {"+tc.parameter+": "+tc.was+"}}")}
			if got := Resolve(lost, "aws"); got.Condition.Message != want || got.Environment != nil {
				t.Errorf("with a lost status: condition = %q, want %q; Environment %v", got.Condition.Message, want, got.Environment)
			}
		})
	}
}

// With a lost status, what is composed tells where it is.
func TestResolveMovedWithALostStatus(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ old, with, parameter string }{
		"region":  {"region: eu-west-1\n", "region: us-east-1\n", "region: eu-west-1"},
		"network": {"vpcId: vpc-1", "vpcId: vpc-2", "vpcId: vpc-1"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			in := input(t, claim, replaced(t, staging, tc.old, tc.with))
			in.Observed = composedNames{"database-security-group": parse(t, "spec: {forProvider: {"+tc.parameter+"}}")}
			if got := Resolve(in, "aws"); got.Condition.Reason != conditions.EnvironmentMoved || got.Current {
				t.Errorf("condition = %+v", got.Condition)
			}
			in.Observed = composedNames{"foreign-thing": parse(t, "spec: {forProvider: {"+tc.parameter+"}}")}
			if got := Resolve(in, "aws"); !got.Current {
				t.Errorf("a resource of another function is asked: %+v", got.Condition)
			}
		})
	}
}

// A status that lost a part says nothing about a move, and heals with the next call.
func TestResolveWithAPartOfTheLastEnvironment(t *testing.T) {
	t.Parallel()
	xr := claim + "status: {environment: {name: staging, namespace: team-checkout}}\n"
	got := Resolve(input(t, xr, staging, "database-instance"), "aws")
	if diff := cmp.Diff(wholeEnvironment(), got.Environment); diff != "" || !got.Current {
		t.Errorf("current %v, %s, Environment (-want +got):\n%s", got.Current, got.Condition.Message, diff)
	}
}

func TestResolveVaultRemoved(t *testing.T) {
	t.Parallel()
	without, _, _ := strings.Cut(staging, "  vault:\n")
	last := withLast(t, staging)
	cases := map[string]struct {
		composed []string
		vault    *pipelinev1.Vault
	}{
		"something in Vault":                {[]string{"database-instance", "vault-policy-reader"}, wholeEnvironment().Vault},
		"nothing in Vault":                  {[]string{"database-instance"}, nil},
		"nothing composed at all":           {nil, nil},
		"a name that only begins like ours": {[]string{"vaulted"}, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := Resolve(input(t, last, without, tc.composed...), "aws")
			if diff := cmp.Diff(tc.vault, got.Environment.Vault); diff != "" || !got.Current {
				t.Errorf("current %v, Vault (-want +got):\n%s", got.Current, diff)
			}
			if says := strings.Contains(got.Condition.Message, "no status.vault any more"); says != (tc.vault != nil) {
				t.Errorf("the condition says that Vault was lost: %v; it says %q", says, got.Condition.Message)
			}
		})
	}
}

func TestResolveExpired(t *testing.T) {
	t.Parallel()
	preview := replaced(t, staging, "type: staging", "type: preview")
	expired := replaced(t, preview, "phase: Active", "phase: Expired")
	cases := map[string]struct {
		env     string
		expired bool
	}{
		"preview that expired":               {expired, true},
		"preview that expired and is tired":  {replaced(t, expired, `status: "True"`, `status: "False"`), true},
		"preview that is about to":           {replaced(t, preview, "phase: Active", "phase: Expiring"), false},
		"staging with a phase that is wrong": {replaced(t, staging, "phase: Active", "phase: Expired"), false},
		"preview that is taken down":         {emptied(t, expired), true},
		"preview in a cloud of others":       {replaced(t, expired, "provider: aws", "provider: gcp"), true},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := Resolve(input(t, claim, tc.env), "aws")
			if got.Expired() != tc.expired || !got.Current {
				t.Fatalf("Expired() = %v, current %v", got.Expired(), got.Current)
			}
			want := conditions.Condition{
				Type: "EnvironmentResolved", Status: conditions.True, Reason: conditions.EnvironmentFound, Message: got.Condition.Message,
			}
			if tc.expired {
				want.Status, want.Reason = conditions.False, conditions.EnvironmentExpired
				want.Message = "the preview environment team-checkout/staging has expired: its services are removed and their data is gone. " +
					"Delete this object, or extend the environment to start anew"
			}
			if diff := cmp.Diff(want, got.Condition); diff != "" {
				t.Errorf("condition (-want +got):\n%s", diff)
			}
		})
	}
}

// emptied is an Environment that has taken down everything in it.
func emptied(t *testing.T, env string) string {
	t.Helper()
	before, _, found := strings.Cut(env, "  network:")
	if !found {
		t.Fatal("there is no network")
	}
	return before
}

// Only what was composed in an Environment goes with it: another one of the same name may have expired since.
func TestResolveExpiredInPlaceOfAnother(t *testing.T) {
	t.Parallel()
	expired := replaced(t, replaced(t, staging, "type: staging", "type: preview"), "phase: Active", "phase: Expired")
	preview := withLast(t, replaced(t, staging, "type: staging", "type: preview"))
	cases := map[string]struct {
		xr, env string
		want    conditions.Reason
	}{
		"the same one":       {preview, emptied(t, expired), conditions.EnvironmentExpired},
		"it was staging":     {withLast(t, staging), emptied(t, expired), conditions.EnvironmentMoved},
		"in another region":  {preview, replaced(t, expired, "region: eu-west-1\n", "region: us-east-1\n"), conditions.EnvironmentMoved},
		"in another account": {preview, replaced(t, expired, `accountId: "123456789012"`, `accountId: "210987654321"`), conditions.EnvironmentMoved},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := Resolve(input(t, tc.xr, tc.env, "database-instance"), "aws")
			if got.Condition.Reason != tc.want || got.Expired() != (tc.want == conditions.EnvironmentExpired) {
				t.Fatalf("%+v, expired %v", got.Condition, got.Expired())
			}
			// What a person protects stays in the network that it is in.
			if got.Environment.Network.VPCID != "vpc-1" {
				t.Errorf("the network is %+v", got.Environment.Network)
			}
		})
	}
}

// What a person protects stays where it is beyond the end, whatever becomes of the Environment. Histories found it.
func TestResolveExpiredThatMoved(t *testing.T) {
	t.Parallel()
	expired := replaced(t, replaced(t, staging, "type: staging", "type: preview"), "phase: Active", "phase: Expired")
	preview := withLast(t, replaced(t, staging, "type: staging", "type: preview"))
	moved := replaced(t, replaced(t, expired, "kvMount: staging-kv", "kvMount: other-kv"), "vpcId: vpc-1", "vpcId: vpc-2")
	got := Resolve(input(t, preview, moved, "database-instance", "vault-kv-entry"), "aws")
	if !got.Expired() || got.Environment.Network.VPCID != "vpc-1" || got.Environment.Vault.KVMount != "staging-kv" {
		t.Errorf("expired %v, network %+v, Vault %+v", got.Expired(), got.Environment.Network, got.Environment.Vault)
	}
}

func TestResolveWithoutVaultSource(t *testing.T) {
	t.Parallel()
	env := replaced(t, staging, "    source: {securityGroupId: sg-vault}\n", "")
	if got := Resolve(input(t, claim, env), "aws").Environment.Vault; got == nil || got.Source != nil {
		t.Errorf("Vault = %+v, want one without a source", got)
	}
	env = replaced(t, staging, "{securityGroupId: sg-vault}", "{cidr: 10.9.0.0/24}")
	if got := Resolve(input(t, claim, env), "aws").Environment.Vault.Source; got == nil || got.CIDR != "10.9.0.0/24" {
		t.Errorf("source = %+v, want a CIDR", got)
	}
}

func TestSharedWith(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		patterns []string
		want     bool
	}{
		"named":                         {[]string{"other", "team-checkout"}, true},
		"nobody":                        {nil, false},
		"prefix":                        {[]string{"team-*"}, true},
		"shortest prefix":               {[]string{"tea*"}, true},
		"prefix of two characters":      {[]string{"te*"}, false},
		"everybody":                     {[]string{"*"}, false},
		"nothing":                       {[]string{""}, false},
		"prefix that is the name":       {[]string{"team-checkout*"}, true},
		"prefix of another":             {[]string{"team-pay*"}, false},
		"a name is not a prefix":        {[]string{"team-check"}, false},
		"a star inside is no wildcard":  {[]string{"team-*out"}, false},
		"a question mark is none":       {[]string{"team-checkou?"}, false},
		"short prefix, then the name":   {[]string{"t*", "team-checkout"}, true},
		"capitals are another name":     {[]string{"Team-Checkout"}, false},
		"prefix longer than the name":   {[]string{"team-checkout-eu*"}, false},
		"two stars are not a long name": {[]string{"a**"}, false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := SharedWith(tc.patterns, "team-checkout"); got != tc.want {
				t.Errorf("SharedWith(%q) = %v", tc.patterns, got)
			}
		})
	}
}

func TestPlacementSubnets(t *testing.T) {
	t.Parallel()
	sub := func(id string, role pipelinev1.SubnetRole, zone string) pipelinev1.Subnet {
		return pipelinev1.Subnet{ID: id, Role: role, Zone: zone}
	}
	cases := map[string]struct {
		subnets []pipelinev1.Subnet
		want    []string
	}{
		"database tier first":         {wholeEnvironment().Network.Subnets, []string{"subnet-d1", "subnet-d2"}},
		"private where there is none": {wholeEnvironment().Network.Subnets[:2], []string{"subnet-p1", "subnet-p2"}},
		"a tier in one zone is none": {
			[]pipelinev1.Subnet{sub("d1", "database", "a"), sub("p2", "private", "b"), sub("p1", "private", "a")}, []string{"p1", "p2"}},
		"public never":          {[]pipelinev1.Subnet{sub("x1", "public", "a"), sub("x2", "public", "b")}, nil},
		"one zone":              {[]pipelinev1.Subnet{sub("p1", "private", "a"), sub("p2", "private", "a")}, nil},
		"without id or zone":    {[]pipelinev1.Subnet{sub("", "private", "a"), sub("p2", "private", ""), sub("p3", "private", "b")}, nil},
		"all of a tier, sorted": {[]pipelinev1.Subnet{sub("c", "private", "a"), sub("a", "private", "b"), sub("b", "private", "a")}, []string{"a", "b", "c"}},
		"no subnets":            {nil, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, s := range PlacementSubnets(pipelinev1.Network{VPCID: "vpc-1", Subnets: tc.subnets}) {
				got = append(got, s.ID)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("subnets (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCloudListsWhatIsOffered(t *testing.T) {
	t.Parallel()
	env := replaced(t, staging, "provider: aws", "provider: other")
	got := Resolve(input(t, claim, env), pipelinev1.CloudAWS, pipelinev1.CloudGCP).Condition.Message
	if !strings.Contains(got, "offered on aws, gcp only") {
		t.Errorf("the message does not list the clouds: %s", got)
	}
}

// A source that admits the world, or cannot be meant, is not used, whoever wrote it into the status.
func TestResolveReach(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ old, with, field string }{
		"the world as a workload": {"[sg-1]", "[0.0.0.0/0]", "status.workloadSecurityGroupIds"},
		"every namespace":         {"workloadNamespace: checkout-staging", "workloadNamespace: '*'", "status.workloadNamespace"},
		"the world as Vault":      {"{securityGroupId: sg-vault}", "{cidr: 0.0.0.0/0}", "status.vault.source.cidr"},
		"half of the world":       {"{securityGroupId: sg-vault}", "{cidr: 0.0.0.0/1}", "status.vault.source.cidr"},
		"not a network":           {"{securityGroupId: sg-vault}", "{cidr: vault}", "status.vault.source.cidr"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			c := Resolve(input(t, claim, replaced(t, staging, tc.old, tc.with)), "aws").Condition
			if c.Reason != conditions.EnvironmentInvalid || !strings.HasPrefix(c.Message, tc.field+" of Environment") {
				t.Errorf("%s %q, want EnvironmentInvalid about %s", c.Reason, c.Message, tc.field)
			}
		})
	}
}

// An Environment may have been extended since: only one that is there now has expired.
func TestLastEnvironmentHasNotExpired(t *testing.T) {
	t.Parallel()
	expired := replaced(t, replaced(t, staging, "type: staging", "type: preview"), "phase: Active", "phase: Expired")
	xr := withLast(t, expired)
	r := Resolve(input(t, xr, "", "database-instance"), "aws")
	if r.Environment == nil || r.Expired() {
		t.Errorf("Expired() = %v with %+v, want the last Environment, not expired", r.Expired(), r.Environment)
	}
}
