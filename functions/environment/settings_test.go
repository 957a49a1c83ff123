package environment

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tier"
)

// What is on offer without any input is itself in order.
func TestDefaultSettings(t *testing.T) {
	t.Parallel()
	s := defaultSettings()
	if s.egress != egressWeb || s.tenancy != nil || s.warnBefore != 24*time.Hour || s.shortest != time.Hour || s.longest != 30*24*time.Hour {
		t.Errorf("%+v", s)
	}
	equal(t, "tiers", "dev, preview, production, staging", s.types())
	for name, tier := range s.tiers {
		again, err := tune(tier, inputv1.Tier{
			PodSecurity: tier.PodSecurity, TeamRole: tier.TeamRole, CPU: tier.CPU, Memory: tier.Memory, Storage: tier.Storage, Pods: tier.Pods,
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		equal(t, string(name), tier, again)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	rules := &tenancy.Tenancy{Rules: []tenancy.Rule{{Namespaces: []string{"team-*"}}}}
	cases := map[string]struct {
		input inputv1.Input
		want  func(*settings)
	}{
		"nothing": {inputv1.Input{}, func(*settings) {}},
		"no web":  {inputv1.Input{Egress: "None"}, func(s *settings) { s.egress = egressNone }},
		"the web": {inputv1.Input{Egress: "Web"}, func(*settings) {}},
		"tenancy": {inputv1.Input{Tenancy: rules}, func(s *settings) { s.tenancy = rules }},
		"a Composition for Networks": {
			inputv1.Input{NetworkComposition: "networks.example.org"}, func(s *settings) { s.networkComposition = "networks.example.org" },
		},
		"other ports of databases": {
			inputv1.Input{DatabasePorts: []int64{5432, 3306, 9092}}, func(s *settings) { s.databasePorts = []int64{3306, 5432, 9092} },
		},
		"caches of DNS": {inputv1.Input{DNS: &inputv1.DNS{Addresses: []string{"169.254.20.10"}}}, func(s *settings) {
			s.dns.addresses = []string{"169.254.20.10/32"}
		}},
		"no expiry": {inputv1.Input{Expiry: &inputv1.Expiry{}}, func(*settings) {}},
		"an expiry": {inputv1.Input{Expiry: &inputv1.Expiry{WarnBefore: "90m", LongestTTL: "7d"}}, func(s *settings) { s.warnBefore, s.longest = 90*time.Minute, 7*24*time.Hour }},
		"a shorter life": {
			inputv1.Input{Expiry: &inputv1.Expiry{ShortestTTL: "10m"}}, func(s *settings) { s.shortest = 10 * time.Minute },
		},
		"the least": {inputv1.Input{Expiry: &inputv1.Expiry{LongestTTL: "1h"}}, func(s *settings) { s.longest = time.Hour }},
		"a part of a tier": {inputv1.Input{Tiers: map[string]inputv1.Tier{"dev": {CPU: "20", Pods: 7}}}, func(s *settings) {
			tier := s.tiers[pipelinev1.EnvironmentDev]
			tier.CPU, tier.Pods = "20", 7
			s.tiers[pipelinev1.EnvironmentDev] = tier
		}},
		"all of a tier, which does not say when a key goes": {inputv1.Input{Tiers: map[string]inputv1.Tier{"preview": {
			PodSecurity: "privileged", TeamRole: "platform:preview-team", CPU: "1", Memory: "1Gi", Storage: "1Gi", Pods: 1, DeletionProtection: ptr(true),
		}}}, func(s *settings) {
			s.tiers[pipelinev1.EnvironmentPreview] = tier.Environment{
				PodSecurity: "privileged", TeamRole: "platform:preview-team", CPU: "1", Memory: "1Gi", Storage: "1Gi", Pods: 1,
				Most:               tier.Quota{CPU: "40", Memory: "80Gi", Storage: "500Gi", Pods: 300},
				DeletionProtection: true, KeyDeletable: true,
			}
		}},
		"protection that is turned off": {inputv1.Input{Tiers: map[string]inputv1.Tier{"production": {DeletionProtection: ptr(false)}}}, func(s *settings) {
			tier := s.tiers[pipelinev1.EnvironmentProduction]
			tier.DeletionProtection = false
			s.tiers[pipelinev1.EnvironmentProduction] = tier
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			base, want, unexported := defaultSettings(), defaultSettings(), cmp.AllowUnexported(settings{}, dns{})
			got, err := base.with(&tc.input)
			if err != nil {
				t.Fatal(err)
			}
			tc.want(&want)
			if diff := cmp.Diff(want, got, unexported); diff != "" {
				t.Errorf("with() (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(defaultSettings(), base, unexported); diff != "" {
				t.Errorf("the input of one call changes the settings of all others:\n%s", diff)
			}
		})
	}
}

func TestSettingsMistakes(t *testing.T) {
	t.Parallel()
	dev := func(in inputv1.Tier) inputv1.Input { return inputv1.Input{Tiers: map[string]inputv1.Tier{"dev": in}} }
	expiry := func(warn, longest string) inputv1.Input {
		return inputv1.Input{Expiry: &inputv1.Expiry{WarnBefore: warn, LongestTTL: longest}}
	}
	const span = " is not a time span: write a number with m, h or d, such as 72h or 14d"
	role := func(name string) string {
		return "tiers.dev.teamRole: \"" + name + "\" cannot be the name of a ClusterRole here; write one of at most 63 letters, digits and .:_-, such as edit"
	}
	long := strings.Repeat("x", 64)
	cases := map[string]struct {
		input inputv1.Input
		want  string
	}{
		"egress": {inputv1.Input{Egress: "All"}, `egress: "All"; write Web or None`},
		"a namespace of DNS": {inputv1.Input{DNS: &inputv1.DNS{Namespace: "-"}},
			`dns.namespace: "-" is not the name of a namespace; write one such as kube-system`},
		"labels of DNS": {inputv1.Input{DNS: &inputv1.DNS{Labels: map[string]string{"k8s-app": "a b"}}},
			`dns.labels: "k8s-app: a b" is not a label; write them like k8s-app: kube-dns`},
		"a cache of DNS": {inputv1.Input{DNS: &inputv1.DNS{Addresses: []string{"169.254.20.0/24"}}},
			`dns.addresses[0]: "169.254.20.0/24" is not an IPv4 address; write one such as 169.254.20.10`},
		"the ports of databases": {inputv1.Input{DatabasePorts: []int64{5432, 0}}, "databasePorts[1]: 0 is not a port; write 1 to 65535"},
		"a tier":                 {inputv1.Input{Tiers: map[string]inputv1.Tier{"qa": {}}}, "tiers.qa: unknown tier; write one of dev, preview, production, staging"},
		"CPU":                    {dev(inputv1.Tier{CPU: "4x"}), `tiers.dev.cpu: "4x" is not a quantity; write for example 20`},
		"memory":                 {dev(inputv1.Tier{Memory: "400m"}), `tiers.dev.memory: "400m" is less than 1Mi; write for example 40Gi`},
		"storage":                {dev(inputv1.Tier{Storage: "1e3"}), `tiers.dev.storage: "1e3" is not a quantity; write for example 500Gi`},
		"pods":                   {dev(inputv1.Tier{Pods: -1}), `tiers.dev.pods: -1; write 1 or more`},
		"Pod Security":           {dev(inputv1.Tier{PodSecurity: "strict"}), `tiers.dev.podSecurity: "strict"; write privileged, baseline, restricted`},
		"a role in a path":       {dev(inputv1.Tier{TeamRole: "a/b"}), role("a/b")},
		"a role of dots":         {dev(inputv1.Tier{TeamRole: ".."}), role("..")},
		"a long role":            {dev(inputv1.Tier{TeamRole: long}), role(long)},
		"a warning":              {expiry("soon", ""), `expiry.warnBefore: "soon"` + span},
		"a limit":                {expiry("", "1w"), `expiry.longestTTL: "1w"` + span},
		"a long beginning": {inputv1.Input{Expiry: &inputv1.Expiry{ShortestTTL: "31d"}},
			"expiry.longestTTL: 30d is less than 31d, the shortest ttl of a preview"},
		"a short limit": {expiry("", "59m"), "expiry.longestTTL: 59m is less than 1h, the shortest ttl of a preview"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if _, err := defaultSettings().with(&tc.input); err == nil || err.Error() != tc.want {
				t.Errorf("with() = %v, want %s", err, tc.want)
			}
		})
	}
}

// Several mistakes give the same sentence on every call: core would else write a new status each time.
func TestSettingsMistakesAreToldInOrder(t *testing.T) {
	t.Parallel()
	in := inputv1.Input{Tiers: map[string]inputv1.Tier{"a": {}, "b": {}, "c": {}, "dev": {CPU: "x", Memory: "y", Storage: "z"}}}
	_, first := defaultSettings().with(&in)
	for range 50 {
		if _, err := defaultSettings().with(&in); err == nil || err.Error() != first.Error() {
			t.Fatalf("%v, and another time %v", first, err)
		}
	}
}
