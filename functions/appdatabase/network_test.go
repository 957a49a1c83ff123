package appdatabase

import (
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// rules are `name: source -> security group` of the wanted ingress rules.
func rules(p *plan.Plan) []string {
	var out []string
	for _, name := range resourceNames(p) {
		if strings.HasPrefix(name, nameIngress) {
			rule := wanted(p, name).At("spec", "forProvider")
			source := rule.String("referencedSecurityGroupId")
			if cidr := rule.String("cidrIpv4"); cidr != "" {
				source += "cidr " + cidr
			}
			out = append(out, name+": "+source+" -> "+rule.String("securityGroupId"))
		}
	}
	return out
}

func TestIngressRules(t *testing.T) {
	t.Parallel()
	const work, vault = "database-ingress-sg-work: sg-work -> sg-db", "database-ingress-sg-vault: sg-vault -> sg-db"
	cases := map[string]struct {
		claim, environment fields
		want               []string
	}{
		"workloads and Vault": {nil, nil, []string{vault, work}},
		"Vault by CIDR": {nil, fields{"status.vault.source": fields{"cidr": "10.9.0.0/24"}},
			[]string{"database-ingress-10-9-0-0-24: cidr 10.9.0.0/24 -> sg-db", work}},
		"Vault calls from where workloads do": {nil, fields{"status.vault.source": fields{"securityGroupId": "sg-work"}}, []string{work}},
		"a source twice":                      {nil, fields{"status.workloadSecurityGroupIds": []any{"sg-work", "sg-work"}}, []string{vault, work}},
		"two kinds of workloads": {nil, fields{"status.workloadSecurityGroupIds": []any{"sg-work", "sg-jobs"}},
			[]string{"database-ingress-sg-jobs: sg-jobs -> sg-db", vault, work}},
		"Vault that nobody knows the place of": {nil, fields{"status.vault.source": nil}, []string{work}},
		"Vault with an empty source":           {nil, fields{"status.vault.source": fields{}}, []string{work}},
		"Vault that issues no users":           {fields{"credentials": "static"}, nil, []string{work}},
		"no Vault":                             {nil, fields{"status.vault": nil}, []string{work}},
		"no workloads":                         {nil, fields{"status.workloadSecurityGroupIds": nil}, []string{vault}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.with(tc.claim)
			w.within(tc.environment)
			equal(t, "rules", tc.want, rules(w.settle()))
		})
	}
}

func TestIngressRule(t *testing.T) {
	t.Parallel()
	for engine, port := range map[string]float64{"postgres": 5432, "mysql": 3306} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			set(w.xr, "spec.engine", engine)
			rule := wanted(w.settle(), "database-ingress-sg-work")
			equal(t, "spec", fields{
				"forProvider": fields{
					"region": "eu-west-1", "securityGroupId": "sg-db", "referencedSecurityGroupId": "sg-work", "ipProtocol": "tcp",
					"fromPort": port, "toPort": port, "description": engine + " from sg-work",
				},
				"providerConfigRef": fields{"name": "aws-staging", "kind": "ClusterProviderConfig"},
			}, rule.At("spec").Map())
		})
	}
}

// A rule goes when the Environment that is there no longer names its source, and only then.
func TestIngressRuleIsDropped(t *testing.T) {
	t.Parallel()
	const dropped = "database-ingress-sg-vault: EnvironmentChanged"
	cases := map[string]struct {
		change func(*world)
		drops  []string
	}{
		"the source changed":           {func(w *world) { set(w.env, "status.vault.source.securityGroupId", "sg-other") }, []string{dropped}},
		"the source is lost":           {func(w *world) { set(w.env, "status.vault.source", nil) }, nil},
		"all workloads are lost":       {func(w *world) { set(w.env, "status.workloadSecurityGroupIds", nil) }, nil},
		"another workload":             {func(w *world) { set(w.env, "status.workloadSecurityGroupIds", []any{"sg-new"}) }, []string{"database-ingress-sg-work: EnvironmentChanged"}},
		"credentials became static":    {func(w *world) { set(w.xr, "spec.credentials", "static") }, []string{"database-ingress-sg-vault: SpecChanged"}},
		"nothing changed":              {func(*world) {}, nil},
		"the environment is away":      {func(w *world) { w.env = nil }, nil},
		"the environment is unready":   {func(w *world) { set(w.env, "status.conditions", []any{}) }, nil},
		"away, and the source is lost": {func(w *world) { w.env = nil; set(w.xr, "status.environment.vault.source", nil) }, nil},
		"away, and others were named": {func(w *world) {
			w.env = nil
			set(w.xr, "status.environment.workloadSecurityGroupIds", []any{"sg-new"})
		}, nil},
		"away, and all sources are": {func(w *world) { w.env = nil; set(w.xr, "status.environment.workloadSecurityGroupIds", nil) }, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			p := w.compose()
			equal(t, "drops", tc.drops, drops(p))
			if tc.drops == nil && len(rules(p)) != 2 {
				t.Errorf("rules = %v, want both", rules(p))
			}
		})
	}
}

// A rule that is observed stays on its security group, also while that has lost its status.
func TestIngressRuleKeepsItsGroup(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	delete(w.observed[nameSecurityGroup], "status")
	equal(t, "rules", []string{"database-ingress-sg-vault: sg-vault -> sg-db", "database-ingress-sg-work: sg-work -> sg-db"}, rules(w.compose()))
}

func TestSecurityGroupHasNoRulesOfItsOwn(t *testing.T) {
	t.Parallel()
	equal(t, "spec.forProvider", fields{
		"region": "eu-west-1", "vpcId": "vpc-1", "description": "Database of AppDatabase team-checkout/orders",
		"name": newWorld(t).in().Name(nameSecurityGroup),
	}, wanted(newWorld(t).compose(), nameSecurityGroup).At("spec", "forProvider").Map())
}

func TestSubnetGroup(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	subnets := func() []string {
		return wanted(w.compose(), nameSubnetGroup).Strings("spec", "forProvider", "subnetIds")
	}
	equal(t, "sorted", []string{"subnet-1", "subnet-2"}, subnets())
	set(w.env, "status.network.subnets", []any{
		fields{"id": "subnet-1", "role": "database", "zone": "eu-west-1a"}, fields{"id": "subnet-2", "role": "database", "zone": "eu-west-1b"},
		fields{"id": "subnet-3", "role": "database", "zone": "eu-west-1c"},
	})
	equal(t, "a zone is added", []string{"subnet-1", "subnet-2", "subnet-3"}, subnets())
	w.env = nil
	equal(t, "the environment is away", []string{"subnet-1", "subnet-2"}, subnets())
}

// A rule that its provider would leave in the cloud still admits its source. Retain keeps the database, not an open door.
func TestRetainedRuleIsReleasedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set(w.xr, "spec.deletionPolicy", "Retain")
	w.settle()
	set(w.env, "status.workloadSecurityGroupIds", []any{"sg-new"})
	const name = "database-ingress-sg-work"

	p := w.step()
	equal(t, "drops", []string(nil), drops(p))
	if policies := wanted(p, name).Strings("spec", "managementPolicies"); policies != nil {
		t.Errorf("managementPolicies = %v while the rule is on its way out, want none", policies)
	}
	equal(t, "drops of the next call", []string{name + ": EnvironmentChanged"}, drops(w.step()))
}

// RDS does not let go of subnets that a running database is in, so a tier that comes later is not moved to.
func TestSubnetTierIsKept(t *testing.T) {
	t.Parallel()
	private := []any{
		fields{"id": "subnet-8", "role": "private", "zone": "eu-west-1a"}, fields{"id": "subnet-9", "role": "private", "zone": "eu-west-1b"},
	}
	w := newWorld(t)
	set(w.env, "status.network.subnets", private)
	w.settle()
	set(w.env, "status.network.subnets", append(private, fields{"id": "subnet-1", "role": "database", "zone": "eu-west-1a"},
		fields{"id": "subnet-2", "role": "database", "zone": "eu-west-1b"}, fields{"id": "subnet-7", "role": "private", "zone": "eu-west-1c"}))
	got := wanted(w.compose(), nameSubnetGroup).Strings("spec", "forProvider", "subnetIds")
	equal(t, "subnets", []string{"subnet-7", "subnet-8", "subnet-9"}, got)
}
