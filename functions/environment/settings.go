package environment

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tier"
)

// What the workload namespace may call beyond its network.
const (
	egressWeb  = "Web"
	egressNone = "None"
)

// day of a lifetime. Nobody means the one that a change of the clock makes longer.
const day = 24 * time.Hour

// settings are all data that a platform team may tune.
type settings struct {
	tiers map[pipelinev1.EnvironmentType]tier.Environment
	// networks are what the types mean for a network of the environment's own.
	networks map[pipelinev1.EnvironmentType]tier.Network
	tenancy  *tenancy.Tenancy
	// regions that we do not know of.
	regions []string
	// warnBefore, shortest and longest are about the ttl of previews.
	warnBefore, shortest, longest time.Duration
	egress                        string
	dns                           dns
	databasePorts                 []int64
	// networkComposition is the Composition of a Network of the environment's own. Empty for the default one.
	networkComposition string
}

// defaultSettings are those without any input. In less than an hour a database is hardly there, and a preview that is wanted for more
// than a month is no preview.
func defaultSettings() settings {
	s := settings{
		tiers: map[pipelinev1.EnvironmentType]tier.Environment{}, networks: tier.Networks(),
		warnBefore: day, shortest: time.Hour, longest: 30 * day, egress: egressWeb,
		dns: clusterDNS(), databasePorts: databasePorts(),
	}
	for name, t := range tier.Tiers() {
		s.tiers[name] = t.Environment
	}
	return s
}

// with are the settings with those of the input. The same mistakes always give the same sentence.
func (s settings) with(in *inputv1.Input) (settings, error) {
	if err := in.Tenancy.Validate(); err != nil {
		return s, err
	}
	s.tenancy, s.networkComposition = in.Tenancy, in.NetworkComposition
	if err := partition.CheckMore(in.Regions); err != nil {
		return s, err
	}
	s.regions = in.Regions
	switch in.Egress {
	case "":
	case egressWeb, egressNone:
		s.egress = in.Egress
	default:
		return s, fmt.Errorf("egress: %q; write %s or %s", in.Egress, egressWeb, egressNone)
	}
	if err := s.tuneDNS(in.DNS); err != nil {
		return s, fmt.Errorf("dns.%w", err)
	}
	if err := s.tunePorts(in.DatabasePorts); err != nil {
		return s, err
	}
	if err := s.tuneExpiry(in.Expiry); err != nil {
		return s, fmt.Errorf("expiry.%w", err)
	}
	if len(in.Tiers) == 0 {
		return s, nil
	}
	s.tiers = maps.Clone(s.tiers)
	for _, name := range slices.Sorted(maps.Keys(in.Tiers)) {
		base, known := s.tiers[pipelinev1.EnvironmentType(name)]
		if !known {
			return s, fmt.Errorf("tiers.%s: unknown tier; write one of %s", name, s.types())
		}
		tuned, err := tune(base, in.Tiers[name])
		if err != nil {
			return s, fmt.Errorf("tiers.%s.%w", name, err)
		}
		s.tiers[pipelinev1.EnvironmentType(name)] = tuned
	}
	err := s.tuneNetworks(in.Tiers)
	return s, err
}

// types of environments, for a message.
func (s settings) types() string {
	names := make([]string, 0, len(s.tiers))
	for name := range s.tiers {
		names = append(names, string(name))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (s *settings) tuneExpiry(in *inputv1.Expiry) error {
	if in == nil {
		return nil
	}
	for _, f := range []struct {
		field, value string
		into         *time.Duration
	}{
		{"warnBefore", in.WarnBefore, &s.warnBefore}, {"shortestTTL", in.ShortestTTL, &s.shortest}, {"longestTTL", in.LongestTTL, &s.longest},
	} {
		if f.value == "" {
			continue
		}
		d, err := parseTTL(f.value)
		if err != nil {
			return fmt.Errorf("%s: %w", f.field, err)
		}
		*f.into = d
	}
	if s.longest < s.shortest {
		return fmt.Errorf("longestTTL: %s is less than %s, the shortest ttl of a preview", spanOf(s.longest), spanOf(s.shortest))
	}
	return nil
}

// tune lays what the input says over a tier.
func tune(base tier.Environment, in inputv1.Tier) (tier.Environment, error) {
	if in.PodSecurity != "" {
		if !slices.Contains(podSecurityLevels(), in.PodSecurity) {
			return base, fmt.Errorf("podSecurity: %q; write %s", in.PodSecurity, strings.Join(podSecurityLevels(), ", "))
		}
		base.PodSecurity = in.PodSecurity
	}
	if in.TeamRole != "" {
		if err := checkRole(in.TeamRole); err != nil {
			return base, fmt.Errorf("teamRole: %w", err)
		}
		base.TeamRole = in.TeamRole
	}
	for _, q := range []struct {
		field, value string
		into         *string
	}{{"cpu", in.CPU, &base.CPU}, {"memory", in.Memory, &base.Memory}, {"storage", in.Storage, &base.Storage}} {
		if q.value == "" {
			continue
		}
		if err := checkQuantity(q.field, q.value); err != nil {
			return base, err
		}
		*q.into = q.value
	}
	if in.Pods < 0 {
		return base, fmt.Errorf("pods: %d; write 1 or more", in.Pods)
	}
	if in.Pods > 0 {
		base.Pods = in.Pods
	}
	if in.DeletionProtection != nil {
		base.DeletionProtection = *in.DeletionProtection
	}
	most, err := tuneMost(base, in.MaxQuota)
	if err != nil {
		return base, fmt.Errorf("maxQuota.%w", err)
	}
	base.Most = most
	return base, nil
}

// podSecurityLevels are those of Kubernetes.
func podSecurityLevels() []string { return []string{"privileged", tier.Baseline, tier.Restricted} }

// checkRole wants a name that a ClusterRole can have and that others are made of: of words with . : _ and - between them.
func checkRole(name string) error {
	const limit = 63
	illegal := func(r rune) bool {
		letter := (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z')
		return !letter && (r < '0' || r > '9') && !strings.ContainsRune(".:_-", r)
	}
	if len(name) > limit || strings.ContainsFunc(name, illegal) || strings.Trim(name, ".") == "" {
		return fmt.Errorf(
			"%q cannot be the name of a ClusterRole here; write one of at most %d letters, digits and .:_-, such as edit", name, limit)
	}
	return nil
}
