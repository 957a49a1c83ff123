package tenancy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rule is a rule for team-* that lists a value in some lists.
func rule(value string, lists ...List) Rule {
	r := Rule{Namespaces: []string{"team-*"}}
	for _, l := range lists {
		into := map[List]*[]string{
			ProviderConfigs: &r.ProviderConfigs, Accounts: &r.Accounts, Clusters: &r.Clusters, EKSClusters: &r.EKSClusters,
			WorkloadNamespaces: &r.WorkloadNamespaces, VaultConfigs: &r.VaultConfigs, VaultMounts: &r.VaultMounts,
			VaultNamespaces: &r.VaultNamespaces, VaultSources: &r.VaultSources, KubernetesHosts: &r.KubernetesHosts,
			SecurityGroups: &r.SecurityGroups, Owners: &r.Owners, CostCenters: &r.CostCenters, Groups: &r.Groups,
			ServiceAccounts: &r.ServiceAccounts, VPCs: &r.VPCs, RouteTargets: &r.RouteTargets, CIDRs: &r.CIDRs, PeerGroups: &r.PeerGroups,
		}[l]
		*into = []string{value}
	}
	return r
}

func (t *Tenancy) may(namespace string, list List, value string) bool {
	return len(t.Refused(namespace, []Name{{Field: "spec.x", Value: value, List: list}})) == 0
}

func lists() []List {
	all := make([]List, 0, len(listings()))
	for _, l := range listings() {
		all = append(all, l.list)
	}
	return all
}

func TestWithoutRulesNothingMayBeNamed(t *testing.T) {
	t.Parallel()
	for reason, tenancy := range map[string]*Tenancy{"no tenancy": nil, "no rules": {}} {
		for _, list := range append(lists(), "none of the lists") {
			if tenancy.may("team-checkout", list, "something") {
				t.Errorf("%s: %s", reason, list)
			}
		}
	}
}

// Each list opens what it is of, and nothing else.
func TestARuleAllowsWhatItLists(t *testing.T) {
	t.Parallel()
	for _, listed := range lists() {
		tenancy := &Tenancy{Rules: []Rule{rule("something", listed)}}
		for _, list := range lists() {
			if got := tenancy.may("team-checkout", list, "something"); got != (list == listed) {
				t.Errorf("a rule that lists it in %s, asked for %s: %v", listed, list, got)
			}
			if tenancy.may("other", list, "something") {
				t.Errorf("%s: the rule is for another namespace", list)
			}
			if tenancy.may("team-checkout", list, "something-else") {
				t.Errorf("%s: the rule lists another name", list)
			}
			if !tenancy.may("other", list, "") {
				t.Errorf("%s: nothing needs no permission", list)
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
			if got := tenancy.may("team-checkout", VPCs, tc.value); got != tc.want {
				t.Errorf("%v fits %q: %v", tc.patterns, tc.value, got)
			}
			tenancy = &Tenancy{Rules: []Rule{{Namespaces: tc.patterns, VPCs: []string{"vpc-0a1"}}}}
			if got := tenancy.may(tc.value, VPCs, "vpc-0a1"); got != tc.want {
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
		got[id] = tenancy.may("team-checkout", VPCs, id)
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
		"no rule says one": {[]Rule{rule("x", VPCs)}, ""},
		"the placeholders are filled in": {
			[]Rule{boundary("team-*", "arn:{partition}:iam::{accountId}:policy/base")}, "arn:aws-cn:iam::123456789012:policy/base"},
		"an ARN as it is":                {[]Rule{boundary("*", "arn:aws:iam::aws:policy/base")}, "arn:aws:iam::aws:policy/base"},
		"the first that says one counts": {[]Rule{rule("x", VPCs), boundary("team-*", "one"), boundary("*", "two")}, "one"},
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

func TestPaths(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		pattern, path string
		want          bool
	}{
		"the path":                         {"team/kv", "team/kv", true},
		"everything":                       {"*", "team/kv", true},
		"what is below":                    {"team/*", "team/kv", true},
		"what is far below":                {"team/*", "team/a/b", true},
		"not itself":                       {"team/*", "team", false},
		"nothing below":                    {"team/*", "team/", false},
		"a prefix of one segment":          {"team-*", "team-kv", true},
		"a prefix does not reach below":    {"team*", "team-secrets/kv", false},
		"a prefix of the last segment":     {"team/ord*", "team/orders", true},
		"the last segment of another":      {"team/ord*", "other/orders", false},
		"a longer name is another":         {"team/*", "team-b/kv", false},
		"a path is not what is around it":  {"team/kv", "team", false},
		"a path is not what is below it":   {"team/kv", "team/kv/a", false},
		"a star that is no pattern on top": {"or*", "orders", false},
	} {
		tenancy := &Tenancy{Rules: []Rule{{Namespaces: []string{"*"}, VaultMounts: []string{tc.pattern}}}}
		if got := tenancy.may("team-checkout", VaultMounts, tc.path); got != tc.want {
			t.Errorf("%s: %s fits %s: %v", reason, tc.pattern, tc.path, got)
		}
	}
}

func TestVaultSources(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		pattern, source string
		want            bool
	}{
		"the network":                {"10.200.0.0/16", "10.200.0.0/16", true},
		"a part of it":               {"10.200.0.0/16", "10.200.7.0/24", true},
		"more than it":               {"10.200.0.0/16", "10.0.0.0/8", false},
		"the one beside":             {"10.200.0.0/16", "10.201.0.0/24", false},
		"any":                        {"*", "10.201.0.0/24", true},
		"a group":                    {"sg-0a", "sg-0a", true},
		"another group":              {"sg-0a", "sg-0ab", false},
		"a group is in no network":   {"10.0.0.0/8", "sg-0a", false},
		"a network is in no group":   {"sg-0a", "10.0.0.0/8", false},
		"what begins like a network": {"10.2*", "10.200.0.0/16", false},
	} {
		tenancy := &Tenancy{Rules: []Rule{{Namespaces: []string{"*"}, VaultSources: []string{tc.pattern}}}}
		if got := tenancy.may("team-checkout", VaultSources, tc.source); got != tc.want {
			t.Errorf("%s: %s fits %s: %v", reason, tc.pattern, tc.source, got)
		}
	}
}

func TestDeniedSaysWhatToDo(t *testing.T) {
	t.Parallel()
	refused := []Name{
		{Field: "spec.existing.vpcId", Value: "vpc-0a1", List: VPCs}, {Field: "spec.cloud.accountId", Value: "123456789012", List: Accounts},
		{Field: "spec.elsewhere", Value: "vpc-0a1", List: VPCs}, {Field: "spec.another", Value: "vpc-0b1", List: VPCs},
	}
	want := `spec.existing.vpcId: "vpc-0a1" may not be named in namespace "team-checkout". Write another one, or ask the platform team to add ` +
		`this rule to tenancy.rules in the input of the Composition: {namespaces: ["team-checkout"], accounts: ["123456789012"], ` +
		`vpcs: ["vpc-0a1", "vpc-0b1"]}`
	if diff := cmp.Diff(want, Denied("team-checkout", refused)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = `spec.x: left out it means "default", which may not be named in namespace "a". Write another one, or ask the platform team to add ` +
		`this rule to tenancy.rules in the input of the Composition: {namespaces: ["a"], providerConfigs: ["default"]}`
	left := []Name{{Field: "spec.x", Value: Default, List: ProviderConfigs, LeftOut: true}}
	if diff := cmp.Diff(want, Denied("a", left)); diff != "" {
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
		"a host that is left open": {one(Rule{KubernetesHosts: []string{"https://api.*"}}),
			`tenancy.rules[1].kubernetesHosts[0]: "https://api.*" leaves a part of the host open, and everybody can have one that begins like it: ` +
				`write the host in full, with the * below it, such as https://oidc.example.org/id/*`},
		"what is below a host": {one(Rule{KubernetesHosts: []string{"https://oidc.example.org/id/*", "*"}, CIDRs: []string{"*", "10.64.0.0/12"}}), ""},
		"a range that is none": {one(Rule{CIDRs: []string{"10.64*"}}),
			`tenancy.rules[1].cidrs[0]: "10.64*" is not a range: write one such as 10.64.0.0/12, or * for all of them`},
		"a system namespace that is none": {&Tenancy{SystemNamespaces: []string{"infra", "a*"}},
			`tenancy.systemNamespaces[1]: "a*" would fit too much by accident: write 3 characters or more before the *, or * alone for everything`},
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
	for _, list := range lists() {
		if err := (&Tenancy{Rules: []Rule{rule("a*", list)}}).Validate(); err == nil {
			t.Errorf("%s is not validated", list)
		}
	}
}
