package environment

import (
	"reflect"
	"strings"
	"testing"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

// everything may be named.
func everything() *tenancy.Tenancy {
	all := []string{"*"}
	return &tenancy.Tenancy{Rules: []tenancy.Rule{{
		Namespaces: all, ProviderConfigs: all, Accounts: all, Clusters: all, EKSClusters: all, WorkloadNamespaces: all, VaultConfigs: all,
		VaultMounts: all, VaultNamespaces: all, VaultSources: all, KubernetesHosts: all, SecurityGroups: all, Owners: all, CostCenters: all,
		Groups: all, ServiceAccounts: all, VPCs: all, CIDRs: all, PeerGroups: all,
	}}}
}

// listed is a rule for what the fixture and namesAll name.
func listed() tenancy.Rule {
	return tenancy.Rule{
		Namespaces: []string{"team-*"}, ProviderConfigs: []string{"aws-staging"}, Accounts: []string{"123456789012"},
		Clusters: []string{"workloads"}, EKSClusters: []string{"workloads"}, WorkloadNamespaces: []string{"legacy"},
		VaultConfigs: []string{"vault"}, VaultMounts: []string{"team-kv", "team/*"}, VaultNamespaces: []string{"admin/team"},
		VaultSources: []string{"sg-0fa017", "10.200.0.0/16"}, KubernetesHosts: []string{"https://api.example.org"},
		SecurityGroups: []string{"sg-0a"}, Owners: []string{"checkout"}, CostCenters: []string{"cc-42"}, Groups: []string{"checkout-people"},
		ServiceAccounts: []string{"argocd/deployer"}, CIDRs: []string{"10.64.0.0/12"}, PeerGroups: []string{"checkout"},
	}
}

// namesAll is a claim that names all that can be named.
func namesAll() fields {
	return fields{
		"cluster.namespace": "legacy", "cluster.group": "checkout-people", "cluster.workloadSecurityGroupIds": []any{"sg-0a"},
		"vault.mounts":    fields{"kv": "/team-kv/", "database": "team/db", "kubernetesAuth": "team/k8s"},
		"vault.namespace": "admin/team", "vault.kubernetesHost": "https://api.example.org",
	}
}

// ownNetwork is a claim of a network of its own in the team's peer group.
func ownNetwork(cidr string) fields {
	return fields{"networkRef": nil, "network": fields{"cidr": cidr, "peerGroup": "checkout"}}
}

// Whatever a claim names needs an entry in the list of its kind, and no other list opens it.
func TestTenancy(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		claim           fields
		list            tenancy.List
		condition, says string
	}{
		"an account":                {nil, tenancy.Accounts, "NetworkReady", `spec.cloud.accountId: "123456789012"`},
		"a provider configuration":  {nil, tenancy.ProviderConfigs, "NetworkReady", `spec.cloud.providerConfigRef.name: "aws-staging"`},
		"the default configuration": {fields{"cloud.providerConfigRef": nil}, "", "NetworkReady", `spec.cloud.providerConfigRef.name: left out it means "default", which`},
		"a team":                    {nil, tenancy.Owners, "NetworkReady", `spec.owner.team: "checkout"`},
		"a cost centre":             {nil, tenancy.CostCenters, "NetworkReady", `spec.owner.costCenter: "cc-42"`},
		"a cluster":                 {nil, tenancy.Clusters, "ClusterReady", `spec.cluster.providerConfigRef.name: "workloads"`},
		"a namespace that is there": {nil, tenancy.WorkloadNamespaces, "ClusterReady", `spec.cluster.namespace: "legacy"`},
		"a group of people":         {nil, tenancy.Groups, "ClusterReady", `spec.cluster.group: "checkout-people"`},
		"an EKS cluster":            {nil, tenancy.EKSClusters, "ClusterReady", `spec.cluster.eks.name: "workloads"`},
		"a group that deploys": {
			fields{"cluster.group": nil, "cluster.deployers": []any{fields{"group": "checkout-people"}}}, tenancy.Groups, "ClusterReady",
			`spec.cluster.deployers[0].group: "checkout-people"`,
		},
		"an account that deploys": {
			fields{"cluster.deployers": []any{fields{"serviceAccount": fields{"namespace": "argocd", "name": "deployer"}}}}, tenancy.ServiceAccounts,
			"ClusterReady", `spec.cluster.deployers[0].serviceAccount: "argocd/deployer"`,
		},
		"a security group of workloads": {nil, tenancy.SecurityGroups, "ClusterReady", `spec.cluster.workloadSecurityGroupIds[0]: "sg-0a"`},
		"a Vault":                       {nil, tenancy.VaultConfigs, "VaultReady", `spec.vault.providerConfigRef.name: "vault"`},
		"the default Vault":             {fields{"vault.providerConfigRef": nil}, "", "VaultReady", `spec.vault.providerConfigRef.name: left out it means "default", which`},
		"a namespace of Vault":          {nil, tenancy.VaultNamespaces, "VaultReady", `spec.vault.namespace: "admin/team"`},
		"a mount that is there":         {nil, tenancy.VaultMounts, "VaultReady", `spec.vault.mounts.kv: "team-kv"`},
		"a database mount":              {fields{"vault.mounts": fields{"database": "db"}}, "", "VaultReady", `spec.vault.mounts.database: "db"`},
		"an auth mount":                 {fields{"vault.mounts": fields{"kubernetesAuth": "team"}}, "", "VaultReady", `spec.vault.mounts.kubernetesAuth: "team"`},
		"where Vault calls from":        {nil, tenancy.VaultSources, "VaultReady", `spec.vault.source.securityGroupId: "sg-0fa017"`},
		"a wider range of Vault's":      {fields{"vault.source": fields{"cidr": "10.192.0.0/10"}}, "", "VaultReady", `spec.vault.source.cidr: "10.192.0.0/10"`},
		"a range":                       {ownNetwork("10.64.0.0/16"), tenancy.CIDRs, "NetworkReady", `spec.network.cidr: "10.64.0.0/16"`},
		"a range of the platform's":     {ownNetwork("10.40.0.0/16"), "", "NetworkReady", `spec.network.cidr: "10.40.0.0/16"`},
		"another of the platform's":     {ownNetwork("10.0.0.0/16"), "", "NetworkReady", `spec.network.cidr: "10.0.0.0/16"`},
		"a peer group":                  {ownNetwork("10.64.0.0/16"), tenancy.PeerGroups, "NetworkReady", `spec.network.peerGroup: "checkout"`},
		"an API server":                 {nil, tenancy.KubernetesHosts, "VaultReady", `spec.vault.kubernetesHost: "https://api.example.org"`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			rule := listed()
			forget(t, &rule, tc.list)
			w := newWorld(t).with(namesAll()).with(tc.claim)
			w.data.tenancy = &tenancy.Tenancy{Rules: []tenancy.Rule{rule}}
			c := refused(t, w)
			equal(t, "condition", []string{tc.condition, string(conditions.TenancyDenied)}, []string{c.Type, string(c.Reason)})
			if !strings.HasPrefix(c.Message, tc.says+` may not be named in namespace "team-checkout". `) {
				t.Error(c.Message)
			}
		})
	}
}

// forget empties a list of a rule, by its name in the input.
func forget(t *testing.T, r *tenancy.Rule, list tenancy.List) {
	t.Helper()
	v := reflect.ValueOf(r).Elem()
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); name == string(list) {
			v.Field(i).SetZero()
			return
		}
	}
	if list != "" {
		t.Fatalf("a rule has no list %s", list)
	}
}

// What a rule lists may be named, and what is in a range that it lists.
func TestTenancyAllows(t *testing.T) {
	t.Parallel()
	for reason, claim := range map[string]fields{
		"what is listed":             {},
		"a network of its own":       ownNetwork("10.65.0.0/16"),
		"a range in Vault's":         {"vault.source": fields{"cidr": "10.200.7.0/24"}},
		"no more than it has to be":  {"cluster": nil, "identities": nil, "vault": nil, "networkRef": nil, "owner.costCenter": nil},
		"a range that is all of it":  {"vault.source": fields{"cidr": "10.200.0.0/16"}},
		"Vault without a source yet": {"vault.source": nil},
	} {
		w := newWorld(t).with(namesAll()).with(claim)
		w.data.tenancy = &tenancy.Tenancy{Rules: []tenancy.Rule{{Namespaces: []string{"billing"}}, listed()}}
		equal(t, reason, conditions.Condition{}, refused(t, w))
	}
}

// Without a rule nobody may name anything: one refusal says the rule for all of it, and with that rule the claim goes on.
func TestTenancyIsClosed(t *testing.T) {
	t.Parallel()
	want := `spec.cloud.accountId: "123456789012" may not be named in namespace "team-checkout". Write another one, or ask the platform ` +
		`team to add this rule to tenancy.rules in the input of the Composition: {namespaces: ["team-checkout"], ` +
		`providerConfigs: ["aws-staging"], accounts: ["123456789012"], clusters: ["workloads"], eksClusters: ["workloads"], ` +
		`vaultConfigs: ["vault"], vaultSources: ["sg-0fa017"], owners: ["checkout"], costCenters: ["cc-42"]}`
	for reason, none := range map[string]*tenancy.Tenancy{
		"no tenancy": nil, "no rules": {}, "rules for others": {Rules: []tenancy.Rule{{Namespaces: []string{"billing"}, Accounts: []string{"*"}}}},
	} {
		w := newWorld(t)
		w.data.tenancy = none
		equal(t, reason, refusal("NetworkReady", conditions.TenancyDenied, want), refused(t, w))
	}
	w := newWorld(t)
	w.data.tenancy = &tenancy.Tenancy{Rules: []tenancy.Rule{{
		Namespaces: []string{"team-checkout"}, ProviderConfigs: []string{"aws-staging"}, Accounts: []string{"123456789012"},
		Clusters: []string{"workloads"}, EKSClusters: []string{"workloads"}, VaultConfigs: []string{"vault"}, VaultSources: []string{"sg-0fa017"},
		Owners: []string{"checkout"}, CostCenters: []string{"cc-42"},
	}}}
	equal(t, "with the rule", conditions.Condition{}, refused(t, w))
}

func TestTenancyOfTheInputIsValidated(t *testing.T) {
	t.Parallel()
	_, err := defaultSettings().with(&inputv1.Input{Tenancy: &tenancy.Tenancy{Rules: []tenancy.Rule{{Namespaces: []string{"a*"}}}}})
	if err == nil || !strings.HasPrefix(err.Error(), `tenancy.rules[0].namespaces[0]: "a*"`) {
		t.Errorf("a pattern that fits too much: %v", err)
	}
	good := everything()
	if s, err := defaultSettings().with(&inputv1.Input{Tenancy: good}); err != nil || s.tenancy != good {
		t.Errorf("%v, %+v", err, s.tenancy)
	}
}
