package tenancy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asked is one question: may a namespace name something.
type asked func(t *Tenancy, namespace, value string) bool

func kinds() map[string]asked {
	return map[string]asked{
		"providerConfigs": (*Tenancy).ProviderConfig, "accounts": (*Tenancy).Account, "clusters": (*Tenancy).Cluster,
		"eksClusters": (*Tenancy).EKSCluster, "workloadNamespaces": (*Tenancy).WorkloadNamespace, "vaultConfigs": (*Tenancy).VaultConfig,
		"vaultMounts": (*Tenancy).VaultMount, "vpcs": (*Tenancy).VPC,
		"routeTargets": (*Tenancy).RouteTarget,
	}
}

// listing is a rule for team-* that lists a value in each of some fields.
func listing(value string, fields ...string) Rule {
	r := Rule{Namespaces: []string{"team-*"}}
	for _, f := range fields {
		into := map[string]*[]string{
			"providerConfigs": &r.ProviderConfigs, "accounts": &r.Accounts, "clusters": &r.Clusters, "eksClusters": &r.EKSClusters,
			"workloadNamespaces": &r.WorkloadNamespaces, "vaultConfigs": &r.VaultConfigs, "vaultMounts": &r.VaultMounts, "vpcs": &r.VPCs,
			"routeTargets": &r.RouteTargets,
		}[f]
		*into = []string{value}
	}
	return r
}

func TestWithoutRulesNothingThatExistsMayBeNamed(t *testing.T) {
	t.Parallel()
	want := map[string]bool{
		"providerConfigs": true, "accounts": true, "clusters": true, "eksClusters": true, "vaultConfigs": true,
		"workloadNamespaces": false, "vaultMounts": false, "vpcs": false,
		"routeTargets": false,
	}
	for reason, tenancy := range map[string]*Tenancy{"no tenancy": nil, "no rules": {}} {
		got := map[string]bool{}
		for field, ask := range kinds() {
			got[field] = ask(tenancy, "team-checkout", "something")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", reason, diff)
		}
	}
}

// Each question looks at its own list and at no other.
func TestARuleAllowsWhatItLists(t *testing.T) {
	t.Parallel()
	for listed := range kinds() {
		tenancy := &Tenancy{Rules: []Rule{listing("something", listed)}}
		for field, ask := range kinds() {
			if got := ask(tenancy, "team-checkout", "something"); got != (field == listed) {
				t.Errorf("a rule that lists it in %s, asked for %s: %v", listed, field, got)
			}
			if ask(tenancy, "other", "something") {
				t.Errorf("%s: the rule is for another namespace", field)
			}
			if ask(tenancy, "team-checkout", "something-else") {
				t.Errorf("%s: the rule lists another name", field)
			}
			if !ask(tenancy, "other", "") {
				t.Errorf("%s: what is left out needs no permission", field)
			}
		}
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		patterns []string
		value    string
		want     bool
	}{
		"the name":                             {[]string{"orders"}, "orders", true},
		"a name is no prefix":                  {[]string{"orders"}, "orders-api", false},
		"a prefix":                             {[]string{"orders-*"}, "orders-api", true},
		"a prefix of three":                    {[]string{"ord*"}, "orders", true},
		"a prefix of two fits nothing":         {[]string{"or*"}, "orders", false},
		"a prefix of nothing but the star":     {[]string{"*"}, "orders", true},
		"another prefix":                       {[]string{"billing-*"}, "orders-api", false},
		"the second one":                       {[]string{"billing-*", "orders"}, "orders", true},
		"no pattern":                           {nil, "orders", false},
		"a star in a name means itself":        {[]string{"or*rs"}, "orders", false},
		"the prefix itself without the hyphen": {[]string{"orders-*"}, "orders", false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			tenancy := &Tenancy{Rules: []Rule{{Namespaces: []string{"*"}, VPCs: tc.patterns}}}
			if got := tenancy.VPC("team-checkout", tc.value); got != tc.want {
				t.Errorf("%v fits %q: %v", tc.patterns, tc.value, got)
			}
			tenancy = &Tenancy{Rules: []Rule{{Namespaces: tc.patterns, VPCs: []string{"vpc-0a1"}}}}
			if got := tenancy.VPC(tc.value, "vpc-0a1"); got != tc.want {
				t.Errorf("namespaces %v fit %q: %v", tc.patterns, tc.value, got)
			}
		})
	}
}

// Rules add up: none takes away what another one gives.
func TestRulesAddUp(t *testing.T) {
	t.Parallel()
	tenancy := &Tenancy{Rules: []Rule{
		{Namespaces: []string{"team-checkout"}, VPCs: []string{"vpc-0a1"}},
		{Namespaces: []string{"team-*"}, VPCs: []string{"vpc-0b1"}},
		{Namespaces: []string{"billing"}, VPCs: []string{"vpc-0c1"}},
	}}
	got := map[string]bool{}
	for _, id := range []string{"vpc-0a1", "vpc-0b1", "vpc-0c1"} {
		got[id] = tenancy.VPC("team-checkout", id)
	}
	if diff := cmp.Diff(map[string]bool{"vpc-0a1": true, "vpc-0b1": true, "vpc-0c1": false}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPermissionsBoundary(t *testing.T) {
	t.Parallel()
	boundary := func(namespaces, arn string) Rule {
		return Rule{Namespaces: []string{namespaces}, PermissionsBoundary: arn}
	}
	cases := map[string]struct {
		rules []Rule
		want  string
	}{
		"no rule says one": {[]Rule{listing("x", "vpcs")}, ""},
		"the placeholders are filled in": {
			[]Rule{boundary("team-*", "arn:{partition}:iam::{accountId}:policy/base")}, "arn:aws-cn:iam::123456789012:policy/base"},
		"an ARN as it is":                {[]Rule{boundary("*", "arn:aws:iam::aws:policy/base")}, "arn:aws:iam::aws:policy/base"},
		"the first that says one counts": {[]Rule{listing("x", "vpcs"), boundary("team-*", "one"), boundary("*", "two")}, "one"},
		"one for another namespace":      {[]Rule{boundary("billing", "one"), boundary("*", "two")}, "two"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := (&Tenancy{Rules: tc.rules}).PermissionsBoundary("team-checkout", "aws-cn", "123456789012"); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
	if got := (*Tenancy)(nil).PermissionsBoundary("a", "aws", "1"); got != "" {
		t.Errorf("without tenancy: %q", got)
	}
}

func TestDeniedSaysWhatToDo(t *testing.T) {
	t.Parallel()
	want := `spec.existing.vpcId: "vpc-0a1" may not be named in namespace "team-checkout". Leave it out or write another one, or ask the ` +
		`platform team: a rule for the namespace in input.tenancy of the Composition has to list it in vpcs`
	if diff := cmp.Diff(want, Denied("spec.existing.vpcId", "vpc-0a1", "team-checkout", "vpcs")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	one := func(r Rule) *Tenancy {
		if r.Namespaces == nil {
			r.Namespaces = []string{"team-*"}
		}
		return &Tenancy{Rules: []Rule{{Namespaces: []string{"platform"}}, r}}
	}
	cases := map[string]struct {
		tenancy *Tenancy
		want    string
	}{
		"none":          {nil, ""},
		"no rules":      {&Tenancy{}, ""},
		"names":         {one(Rule{VPCs: []string{"vpc-0a1"}, Clusters: []string{"workloads", "edge-*"}}), ""},
		"all of a kind": {one(Rule{Namespaces: []string{"*"}, Accounts: []string{"*"}}), ""},
		"no namespaces": {&Tenancy{Rules: []Rule{{}}},
			"tenancy.rules[0].namespaces is empty: write the namespaces that the rule is for, or * for all of them"},
		"a short prefix": {one(Rule{Namespaces: []string{"team-*", "a*"}}),
			`tenancy.rules[1].namespaces[1]: "a*" would fit too much by accident: write 3 characters or more before the *, or * alone for everything`},
		"a star in the middle": {one(Rule{VaultMounts: []string{"team-*-kv"}}),
			`tenancy.rules[1].vaultMounts[0]: "team-*-kv" has a * that is not at its end: write a name, or a prefix that ends in *`},
		"two stars": {one(Rule{VaultConfigs: []string{"team-**"}}),
			`tenancy.rules[1].vaultConfigs[0]: "team-**" has a * that is not at its end: write a name, or a prefix that ends in *`},
		"an empty name": {one(Rule{ProviderConfigs: []string{""}}),
			`tenancy.rules[1].providerConfigs[0]: "" is empty: write a name, or remove it`},
	}
	for _, arn := range []string{
		"arn:{partition}:iam::{accountId}:policy/base", "arn:aws:iam::123456789012:policy/team/base", "arn:aws:iam::aws:policy/PowerUserAccess",
		"arn:aws-us-gov:iam::{accountId}:policy/base_1",
	} {
		cases["the boundary "+arn] = struct {
			tenancy *Tenancy
			want    string
		}{one(Rule{PermissionsBoundary: arn}), ""}
	}
	for _, arn := range []string{
		"base", "arn:aws:iam::123456789012:role/base", "arn:aws:iam::12345:policy/base", "arn:aws:s3::123456789012:policy/base",
		"arn:aws:iam:eu-west-1:123456789012:policy/base", "arn:aws:iam::123456789012:policy/", "arn:aws:iam::123456789012:policy/*",
		"arn:gcp:iam::123456789012:policy/base", "arn:aws:iam::{account}:policy/base", "arn:aws:iam::123456789012:policy/team/",
	} {
		cases["the boundary "+arn] = struct {
			tenancy *Tenancy
			want    string
		}{one(Rule{PermissionsBoundary: arn}), `tenancy.rules[1].permissionsBoundary: "` + arn +
			`" is not the ARN of a managed policy: write it like arn:{partition}:iam::{accountId}:policy/workload-boundary`}
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := tc.tenancy.Validate(); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Every list of a rule is validated.
func TestValidateLooksAtEveryList(t *testing.T) {
	t.Parallel()
	for field := range kinds() {
		if err := (&Tenancy{Rules: []Rule{listing("a*", field)}}).Validate(); err == nil {
			t.Errorf("%s is not validated", field)
		}
	}
}
