package network

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/network/input/v1"
)

// defaultRetentionDays of flow logs: long enough to look into what happened last month.
const defaultRetentionDays = 30

// settings are what the input of the step tunes.
type settings struct {
	// regions that we do not know of.
	regions  []string
	zones    map[string][]string
	flowLogs flowLogs
	// presets of interface endpoints.
	presets map[string][]string
	tenancy *tenancy.Tenancy
}

func defaultSettings() settings {
	return settings{flowLogs: flowLogs{enabled: true, retentionDays: defaultRetentionDays}, presets: presets()}
}

// with the input of the step.
func (s settings) with(in *inputv1.Input) (settings, error) {
	s.tenancy = in.Tenancy
	if err := in.Tenancy.Validate(); err != nil {
		return s, fmt.Errorf("the tenancy cannot be used: %w", err)
	}
	if logs := in.FlowLogs; logs != nil {
		if logs.Enabled != nil {
			s.flowLogs.enabled = *logs.Enabled
		}
		if logs.RetentionDays > 0 {
			s.flowLogs.retentionDays = logs.RetentionDays
		}
	}
	if err := partition.CheckMore(in.Regions); err != nil {
		return s, err
	}
	if err := checkPresets(in.EndpointPresets); err != nil {
		return s, err
	}
	s.presets = presets()
	maps.Copy(s.presets, in.EndpointPresets)
	s.regions = in.Regions
	s.zones = in.Zones
	for _, region := range slices.Sorted(maps.Keys(in.Zones)) {
		names := in.Zones[region]
		if len(names) == 0 {
			return s, fmt.Errorf("zones.%s: names no zone; take the region out, or write one such as %sa", region, region)
		}
		for i, name := range names {
			if key(region, name) == "" {
				return s, fmt.Errorf("zones.%s: %q is not a zone of the region; write one such as %sa", region, name, region)
			}
			if slices.Contains(names[:i], name) {
				return s, fmt.Errorf("zones.%s: %s stands there twice", region, name)
			}
		}
	}
	return s, nil
}

// zonesOf a region, in the order in which networks use them.
func (s settings) zonesOf(region string) []string {
	if names, ok := s.zones[region]; ok {
		return names
	}
	return partition.Zones(region)
}

// key is the part of a zone's name that tells it from the others of its region. Empty when the zone is of another region.
func key(region, zone string) string {
	k, ok := strings.CutPrefix(zone, region)
	if !ok || region == "" {
		return ""
	}
	return strings.Trim(k, "-")
}
