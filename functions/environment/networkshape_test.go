package environment

import (
	"testing"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
)

// shaped is a world with a network of its own of which the claim says some things.
func shaped(t *testing.T, kind, region string, shape fields) *world {
	t.Helper()
	shape["cidr"] = "10.50.0.0/16"
	w := minimal(t).with(fields{"type": kind, "cloud.region": region, "networkRef": nil, "network": shape})
	if kind == "preview" {
		w.with(fields{"ttl": "72h"})
	}
	return w
}

func shapeOf(w *world) fields {
	w.t.Helper()
	spec := wanted(w.compose(), nameNetwork).At("spec").Map()
	out := fields{}
	for _, field := range []string{"zones", "nat", "flowLogs"} {
		if value, said := spec[field]; said {
			out[field] = value
		}
	}
	return out
}

// What the claim does not say of a new network follows from the type.
func TestNetworkByType(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		kind, region string
		shape        fields
		want         fields
	}{
		"production": {"production", "eu-west-1", fields{}, fields{"zones": 3.0, "nat": "perZone", "flowLogs": fields{"retentionDays": 365.0}}},
		"staging":    {"staging", "eu-west-1", fields{}, fields{"zones": 2.0, "nat": "single", "flowLogs": fields{"retentionDays": 30.0}}},
		"dev":        {"dev", "eu-west-1", fields{}, fields{"zones": 2.0, "nat": "single", "flowLogs": fields{"retentionDays": 7.0}}},
		"preview":    {"preview", "eu-west-1", fields{}, fields{"zones": 2.0, "nat": "single", "flowLogs": fields{"retentionDays": 7.0}}},
		"two zones":  {"production", "us-west-1", fields{}, fields{"zones": 2.0, "nat": "perZone", "flowLogs": fields{"retentionDays": 365.0}}},
		"all is said": {"production", "eu-west-1", fields{"zones": 1, "nat": "none", "flowLogs": fields{"enabled": false}},
			fields{"zones": 1.0, "nat": "none", "flowLogs": fields{"enabled": false}}},
		"a part is said": {"production", "eu-west-1", fields{"zones": 2, "flowLogs": fields{"retentionDays": 90}},
			fields{"zones": 2.0, "nat": "perZone", "flowLogs": fields{"retentionDays": 90.0}}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			equal(t, "shape", tc.want, shapeOf(shaped(t, tc.kind, tc.region, tc.shape)))
		})
	}
}

// A network that is there keeps what it was made with, also when nobody had said it then. It gets the environment's key when that is there.
func TestNetworkByTypeStays(t *testing.T) {
	t.Parallel()
	const key = "arn:aws:kms:eu-west-1:123456789012:key/0a0b0c0d"
	w := shaped(t, "production", "eu-west-1", fields{})
	w.settle()
	want := fields{"zones": 3.0, "nat": "perZone", "flowLogs": fields{"retentionDays": 365.0, "kmsKeyArn": key}}
	equal(t, "with its key", want, shapeOf(w))
	data, err := defaultSettings().with(&inputv1.Input{Tenancy: everything(), Tiers: map[string]inputv1.Tier{"production": {Network: &inputv1.TierNetwork{
		Zones: 1, NAT: "single", FlowLogRetentionDays: 30,
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.data = data
	equal(t, "another table", want, shapeOf(w))
	equal(t, "of which a new one is made", fields{"zones": 1.0, "nat": "single", "flowLogs": fields{"retentionDays": 30.0}}, func() fields {
		w := shaped(t, "production", "eu-west-1", fields{})
		w.data = data
		return shapeOf(w)
	}())

	spec := w.observed[nameNetwork]["spec"].(fields)
	for _, field := range []string{"zones", "nat", "flowLogs"} {
		delete(spec, field)
	}
	equal(t, "an older one, which has the defaults of a Network", fields{"flowLogs": fields{"kmsKeyArn": key}}, shapeOf(w))
}

func TestTierNetworkMistakes(t *testing.T) {
	t.Parallel()
	for want, in := range map[string]inputv1.TierNetwork{
		"tiers.dev.network.zones: 4; write 1 to 3":                                                                  {Zones: 4},
		`tiers.dev.network.nat: "two"; write one of none, single, perZone`:                                          {NAT: "two"},
		"tiers.dev.network.flowLogRetentionDays: 8 days are not offered by CloudWatch; write one such as 30 or 365": {FlowLogRetentionDays: 8},
	} {
		_, err := defaultSettings().with(&inputv1.Input{Tiers: map[string]inputv1.Tier{"dev": {Network: &in}}})
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
