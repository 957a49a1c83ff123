package cloud

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// worlds are resources whose values, taken together, are all that a kind may have.
func worlds(kind string) []Resource {
	base := map[string]any{"region": "eu-west-1"}
	source := map[string]any{
		"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "networkInterfaceId": "eni-1", "engine": "postgres", "engineVersionActual": "17.6",
		"username": "u", "masterUsername": "u", "databaseName": "d", "allocatedStorage": 20.0, "dbSubnetGroupName": "g",
	}
	forms := []map[string]any{
		{},
		{"storageType": "gp3", "engine": "postgres", "engineVersion": "17", "allocatedStorage": 20.0, "performanceInsightsEnabled": true},
		{"replicateSourceDb": "s"},
		{"snapshotIdentifier": "s"},
		{"engine": "aurora-postgresql", "engineVersion": "17", "serverlessv2ScalingConfiguration": map[string]any{"minCapacity": 0.0}},
		{"enableKeyRotation": true},
		{"vpcEndpointType": "Interface"},
	}
	var all []Resource
	for _, form := range forms {
		all = append(all, Resource{Kind: kind, Name: "n", Seed: "s", Parameters: merge(base, form), Source: source, Members: []string{"one"}})
	}
	return all
}

// TestEveryLateInitialisedFieldIsDecided: for each field that the provider's law would late-initialise the simulated cloud has a value, or
// a reason why it reports none. A field that is new in the law has neither.
func TestEveryLateInitialisedFieldIsDecided(t *testing.T) {
	t.Parallel()
	for kind, facts := range Kinds() {
		if !facts.Ruled() {
			if Provider(kind) == "aws" {
				t.Errorf("there is no law of %s: add it to the list of kinds of make law", kind)
			}
			continue
		}
		if facts.Silent["*"] != "" {
			continue
		}
		for _, field := range facts.Law.LateInitialised() {
			value := slices.ContainsFunc(worlds(kind), func(r Resource) bool {
				_, ok := at(facts.Defaults(r), strings.Split(field, "."))
				return ok
			})
			_, named := facts.Law.Defaults[field]
			value = value || slices.Contains(Needs(kind), field) || named && strings.HasPrefix(field, "parameter.")
			reason := facts.Silent[field]
			if value == (reason != "") && !overlaps(kind, field) {
				t.Errorf("%s: %s has a value: %v, and why it has none: %q. Say one of the two (Defaults, Silent)", kind, field, value, reason)
			}
		}
		for field := range facts.Silent {
			if !slices.Contains(facts.Law.LateInitialised(), field) {
				t.Errorf("%s: %s is not late-initialised any more: take it out of Silent", kind, field)
			}
		}
	}
}

// overlaps are fields that have a value in one form of a resource, and a reason for another form.
func overlaps(kind, field string) bool {
	return kind == Cluster && slices.Contains([]string{"masterUsername", "databaseName"}, field) ||
		kind == Cluster && strings.HasPrefix(field, "scalingConfiguration.")
}

func at(fields map[string]any, path []string) (any, bool) {
	value, ok := fields[path[0]]
	if len(path) == 1 || !ok {
		return value, ok
	}
	below, _ := value.(map[string]any)
	return at(below, path[1:])
}

func TestLate(t *testing.T) {
	t.Parallel()
	kinds := Kinds()
	cases := map[string]struct {
		kind string
		has  map[string]any
		want map[string]any
	}{
		"what has a value": {VPC, map[string]any{"instanceTenancy": "default", "enableNetworkAddressUsageMetrics": false}, map[string]any{
			"instanceTenancy": "default",
		}},
		"what the provider ignores is not": {Instance, map[string]any{"availabilityZone": "a", "dbName": "d", "iops": 3000.0}, map[string]any{
			"iops": 3000.0,
		}},
		"what is below something": {VPCEndpoint, map[string]any{"dnsOptions": map[string]any{"dnsRecordIpType": "ipv4"}}, map[string]any{
			"dnsOptions": map[string]any{"dnsRecordIpType": "ipv4"},
		}},
		"a rule that somebody added": {DefaultSecurityGroup, map[string]any{"ingress": []any{map[string]any{"protocol": "-1"}}}, map[string]any{
			"ingress": []any{map[string]any{"protocol": "-1"}},
		}},
		"nothing of Vault": {Mount, map[string]any{"path": "p"}, map[string]any{}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, kinds[tc.kind].Late(tc.has)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
