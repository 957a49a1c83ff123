package environment

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tier"
)

// networkShape is the shape that the claim gives the network of the environment's own and, where it says nothing, what the type means.
// That is decided once: a network that is there keeps the zones, the gateways and the retention that it was made with.
func (e *environment) networkShape(f object.Fields) {
	f.Merge(e.claim.network)
	shape := e.data.networks[e.claim.kind]
	shape.Zones = min(shape.Zones, int64(len(partition.Zones(e.claim.cloud.Region))))
	was := e.in.Observed.Get(nameNetwork)
	if !was.IsZero() {
		was = was.At("spec")
		shape = tier.Network{
			Zones: was.Int("zones"), NAT: was.String("nat"), FlowLogRetentionDays: was.Int("flowLogs", "retentionDays"),
		}
	}
	if !e.claim.network.Has("zones") && shape.Zones > 0 {
		f.SetNumber("zones", float64(shape.Zones))
	}
	if !e.claim.network.Has("nat") {
		f.SetStringIf("nat", shape.NAT)
	}
	e.flowLogShape(f, shape, was.String("flowLogs", "kmsKeyArn"))
}

// flowLogShape adds the retention and the key of the flow logs to what the claim says of them. The key is the environment's, as soon as
// it is there.
func (e *environment) flowLogShape(f object.Fields, shape tier.Network, keyBefore string) {
	logs := e.claim.network.At("flowLogs")
	if logs.Has("enabled") && !logs.Bool("enabled") {
		return
	}
	key := first(logs.String("kmsKeyArn"), keyBefore, e.kmsKeyARN())
	days := shape.FlowLogRetentionDays
	if logs.Has("retentionDays") {
		days = logs.Int("retentionDays")
	}
	said := object.NewFields()
	said.Merge(logs)
	if days > 0 {
		said.SetNumber("retentionDays", float64(days))
	}
	said.SetStringIf("kmsKeyArn", key)
	if done := said.Done(); done.Len() > 0 {
		f.SetObject("flowLogs", done)
	}
}

// retentions are those that CloudWatch offers, in days.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
func retentions() []int64 {
	return []int64{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
}

// tuneNetworks lays what the input says over the networks of the tiers.
func (s *settings) tuneNetworks(tiers map[string]inputv1.Tier) error {
	s.networks = maps.Clone(s.networks)
	for _, name := range slices.Sorted(maps.Keys(tiers)) {
		in := tiers[name].Network
		if in == nil {
			continue
		}
		kind := pipelinev1.EnvironmentType(name)
		shape := s.networks[kind]
		if in.Zones < 0 || in.Zones > 3 {
			return fmt.Errorf("tiers.%s.network.zones: %d; write 1 to 3", name, in.Zones)
		}
		if in.Zones > 0 {
			shape.Zones = in.Zones
		}
		if modes := []string{string(v1.NATNone), string(v1.NATSingle), string(v1.NATPerZone)}; in.NAT != "" {
			if !slices.Contains(modes, in.NAT) {
				return fmt.Errorf("tiers.%s.network.nat: %q; write one of %s", name, in.NAT, strings.Join(modes, ", "))
			}
			shape.NAT = in.NAT
		}
		if days := in.FlowLogRetentionDays; days != 0 {
			if !slices.Contains(retentions(), days) {
				return fmt.Errorf("tiers.%s.network.flowLogRetentionDays: %d days are not offered by CloudWatch; write one such as 30 or 365",
					name, days)
			}
			shape.FlowLogRetentionDays = days
		}
		s.networks[kind] = shape
	}
	return nil
}
