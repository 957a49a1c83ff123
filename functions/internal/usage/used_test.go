package usage

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
)

func TestNetwork(t *testing.T) {
	t.Parallel()
	by := core.Resource{APIVersion: "kms/v1", Kind: "Key", Name: "k"}
	byFields := fields{"apiVersion": "kms/v1", "kind": "Key", "resourceRef": fields{"name": "k"}}
	const reason = "appdatabase team/orders lives in it: delete that first"
	cases := map[string]struct {
		legacy bool
		of     Used
		want   []summary
	}{
		"own namespace": {false, Used{"Network", "team", "shared", ""}, []summary{
			{"x-usage-network", "Usage", "team", "", fields{"of": resource("Network", "shared", ""), "by": byFields}}}},
		"another namespace": {false, Used{"Network", "platform", "shared", ""}, []summary{
			{"x-usage-network", "Usage", "team", "", fields{"of": resource("Network", "shared", "platform"), "by": byFields}}}},
		"claims": {true, Used{"Network", "platform", "shared", "shared-b2c4d"}, []summary{
			{"x-usage-network-claim", "Usage", "platform", "", fields{"of": resource("Network", "shared", ""), "reason": reason}},
			{"x-usage-network", "ClusterUsage", "", "", fields{"of": resource("XNetwork", "shared-b2c4d", ""), "by": byFields}}}},
		"claims, without a composite": {true, Used{"Network", "team", "shared", ""}, []summary{
			{"x-usage-network-claim", "Usage", "team", "", fields{"of": resource("Network", "shared", ""), "reason": reason}}}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			in := input(t, tc.legacy)
			got := Network(in, "x-", tc.of, by)
			if diff := cmp.Diff(tc.want, summaries(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			seen := observed{}
			for _, r := range got {
				if !slices.Contains(NetworkNames("x-"), r.Name) {
					t.Errorf("%s is not among the names that a stage drops later", r.Name)
				}
				seen[r.Name] = r.Object
			}
			in.Observed = seen
			again := observed{}
			for _, r := range SameNetwork(in, "x-") {
				again[r.Name] = r.Object
			}
			if diff := cmp.Diff(objects(seen), objects(again)); diff != "" {
				t.Errorf("as they are (-want +got):\n%s", diff)
			}
		})
	}
	if got := SameNetwork(input(t, false), "x-"); len(got) > 0 {
		t.Errorf("there is none, and %v is planned", got)
	}
}

func objects(o observed) map[string]fields {
	out := map[string]fields{}
	for name, usage := range o {
		out[name] = usage.Map()
	}
	return out
}
