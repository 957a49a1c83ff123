package network

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/network/input/v1"
)

// defaultRetentionDays of flow logs: long enough to look into what happened last month.
const defaultRetentionDays = 30

// settings are what the input of the step tunes.
type settings struct {
	zones    map[string][]string
	flowLogs flowLogs
	tenancy  *tenancy.Tenancy
}

func defaultSettings() settings {
	return settings{flowLogs: flowLogs{enabled: true, retentionDays: defaultRetentionDays}}
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
	letters, ok := exceptions()[region]
	if !ok {
		letters = "abc"
	}
	names := make([]string, 0, len(letters))
	for _, letter := range letters {
		names = append(names, region+string(letter))
	}
	return names
}

// exceptions are the regions whose first three zones are not a, b and c. An account created before November 2025 may know others yet:
// AWS deals the letters out to each account. The input of the step names them.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
func exceptions() map[string]string {
	return map[string]string{
		"ap-northeast-1": "acd",
		"ca-central-1":   "abd",
		"cn-north-1":     "abd",
		"us-west-1":      "ac",
	}
}

// key is the part of a zone's name that tells it from the others of its region. Empty when the zone is of another region.
func key(region, zone string) string {
	k, ok := strings.CutPrefix(zone, region)
	if !ok || region == "" {
		return ""
	}
	return strings.Trim(k, "-")
}
