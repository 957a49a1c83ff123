package cidr

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
)

func TestParse(t *testing.T) {
	t.Parallel()
	const smallest = " is too small: it has to have room for three zones with a subnet of each tier, so that one can be added later. " +
		"The smallest that fits is a /24; write "
	const public = " is not private: it belongs to somebody on the internet, who could not be reached any more. " +
		"Write a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10"
	cases := map[string]struct{ text, want string }{
		"the largest":                         {"10.40.0.0/16", ""},
		"the smallest":                        {"10.40.7.0/24", ""},
		"the end of the second private space": {"172.31.255.0/24", ""},
		"the third private space":             {"192.168.0.0/16", ""},
		"the shared space":                    {"100.127.0.0/16", ""},
		"one bit too small":                   {"10.40.7.0/25", "10.40.7.0/25" + smallest + "10.40.7.0/24"},
		"too small, in the middle":            {"10.40.7.128/28", "10.40.7.128/28" + smallest + "10.40.7.0/24"},
		"one bit too large":                   {"10.40.0.0/15", "10.40.0.0/15 is too large: AWS makes networks of /16 at most; write 10.40.0.0/16"},
		"a whole private space":               {"10.0.0.0/8", "10.0.0.0/8 is too large: AWS makes networks of /16 at most; write 10.0.0.0/16"},
		"an address with a mask":              {"10.40.1.1/16", "10.40.1.1/16 is an address within a network; write the network, 10.40.0.0/16"},
		"just behind the second space":        {"172.32.0.0/16", "172.32.0.0/16" + public},
		"just before the second space":        {"172.15.0.0/16", "172.15.0.0/16" + public},
		"just behind the shared space":        {"100.128.0.0/16", "100.128.0.0/16" + public},
		"just before the shared space":        {"100.63.0.0/16", "100.63.0.0/16" + public},
		"just behind the third space":         {"192.169.0.0/16", "192.169.0.0/16" + public},
		"somebody else's":                     {"8.8.8.0/24", "8.8.8.0/24" + public},
		"itself":                              {"127.0.0.0/16", "127.0.0.0/16" + public},
		"everything":                          {"0.0.0.0/0", "0.0.0.0/0 is too large: AWS makes networks of /16 at most; write 0.0.0.0/16"},
		"another protocol":                    {"fd00::/16", `"fd00::/16" is not an IPv4 range; write one such as 10.40.0.0/16`},
		"one protocol in the other":           {"::ffff:10.40.0.0/112", `"::ffff:10.40.0.0/112" is not an IPv4 range; write one such as 10.40.0.0/16`},
		"a number above 255":                  {"10.400.0.0/16", `"10.400.0.0/16" is not an IPv4 range; write one such as 10.40.0.0/16`},
		"more bits than there are":            {"10.40.0.0/33", `"10.40.0.0/33" is not an IPv4 range; write one such as 10.40.0.0/16`},
		"an address":                          {"10.40.0.0", `"10.40.0.0" is not an IPv4 range; write one such as 10.40.0.0/16`},
		"nothing":                             {"", `"" is not an IPv4 range; write one such as 10.40.0.0/16`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			p, err := Parse(tc.text)
			if got := errorText(err); got != tc.want {
				t.Errorf("Parse(%q) = %q, want %q", tc.text, got, tc.want)
			}
			if err == nil && p.String() != tc.text {
				t.Errorf("Parse(%q) = %s", tc.text, p)
			}
		})
	}
}

// What a refusal says to write is taken, unless it is somebody else's.
func TestParseTakesItsOwnAdvice(t *testing.T) {
	t.Parallel()
	for advised, given := range map[string]string{"10.40.7.0/24": "10.40.7.64/26", "10.40.0.0/16": "10.40.0.0/12", "192.168.4.0/22": "192.168.5.1/22"} {
		if _, err := Parse(given); err == nil {
			t.Errorf("%s is taken", given)
		}
		if _, err := Parse(advised); err != nil {
			t.Errorf("%s: %v", advised, err)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// text of a plan: one line for each range.
func text(ranges Ranges) []string {
	lines := make([]string, 0, len(ranges))
	for _, r := range ranges {
		lines = append(lines, r.Prefix.String()+" "+string(r.Role)+" "+string(rune('0'+r.Zone)))
	}
	return lines
}

// The plan is for ever: a network that is there was made by it. So this test never changes.
func TestFirst(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		network string
		want    []string
	}{
		"the largest": {"10.40.0.0/16", []string{
			"10.40.0.0/19 private 0", "10.40.32.0/21 database 0", "10.40.40.0/21 spare 0", "10.40.48.0/21 public 0", "10.40.56.0/21 spare 0",
			"10.40.64.0/19 private 1", "10.40.96.0/21 database 1", "10.40.104.0/21 spare 1", "10.40.112.0/21 public 1", "10.40.120.0/21 spare 1",
			"10.40.128.0/19 private 2", "10.40.160.0/21 database 2", "10.40.168.0/21 spare 2", "10.40.176.0/21 public 2", "10.40.184.0/21 spare 2",
			"10.40.192.0/18 spare 3",
		}},
		"an eighth of a block is a smallest subnet": {"10.0.4.0/23", []string{
			"10.0.4.0/26 private 0", "10.0.4.64/28 database 0", "10.0.4.80/28 spare 0", "10.0.4.96/28 public 0", "10.0.4.112/28 spare 0",
			"10.0.4.128/26 private 1", "10.0.4.192/28 database 1", "10.0.4.208/28 spare 1", "10.0.4.224/28 public 1", "10.0.4.240/28 spare 1",
			"10.0.5.0/26 private 2", "10.0.5.64/28 database 2", "10.0.5.80/28 spare 2", "10.0.5.96/28 public 2", "10.0.5.112/28 spare 2",
			"10.0.5.128/25 spare 3",
		}},
		"the smallest has nothing to spare in a block": {"192.168.9.0/24", []string{
			"192.168.9.0/27 private 0", "192.168.9.32/28 database 0", "192.168.9.48/28 public 0",
			"192.168.9.64/27 private 1", "192.168.9.96/28 database 1", "192.168.9.112/28 public 1",
			"192.168.9.128/27 private 2", "192.168.9.160/28 database 2", "192.168.9.176/28 public 2",
			"192.168.9.192/26 spare 3",
		}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, text(First(netip.MustParsePrefix(tc.network)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The plan of new networks: as the first one, but for public subnets that are too small. This test never changes either.
func TestPlan(t *testing.T) {
	t.Parallel()
	for bits := Largest; bits <= 22; bits++ {
		network := netip.PrefixFrom(netip.MustParseAddr("10.40.0.0"), bits)
		if diff := cmp.Diff(text(First(network)), text(Plan(network))); diff != "" {
			t.Errorf("%s (-first +now):\n%s", network, diff)
		}
	}
	cases := map[string][]string{
		"10.0.4.0/23": {
			"10.0.4.0/26 private 0", "10.0.4.64/28 database 0", "10.0.4.80/28 spare 0", "10.0.4.96/27 public 0",
			"10.0.4.128/26 private 1", "10.0.4.192/28 database 1", "10.0.4.208/28 spare 1", "10.0.4.224/27 public 1",
			"10.0.5.0/26 private 2", "10.0.5.64/28 database 2", "10.0.5.80/28 spare 2", "10.0.5.96/27 public 2",
			"10.0.5.128/25 spare 3",
		},
		"192.168.9.0/24": {
			"192.168.9.0/27 private 0", "192.168.9.32/27 private 1", "192.168.9.64/27 private 2",
			"192.168.9.96/27 public 0", "192.168.9.128/27 public 1", "192.168.9.160/27 public 2",
			"192.168.9.192/28 database 0", "192.168.9.208/28 database 1", "192.168.9.224/28 database 2",
			"192.168.9.240/28 spare 3",
		},
	}
	for network, want := range cases {
		if diff := cmp.Diff(want, text(Plan(netip.MustParsePrefix(network)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", network, diff)
		}
	}
}

func TestSubnet(t *testing.T) {
	t.Parallel()
	network := netip.MustParsePrefix("10.40.0.0/16")
	for _, tc := range []struct {
		role Role
		zone int
		want string
	}{
		{Private, 0, "10.40.0.0/19"}, {Database, 1, "10.40.96.0/21"}, {Public, 2, "10.40.176.0/21"}, {Public, 3, "invalid Prefix"},
	} {
		if got := Plan(network).Subnet(tc.role, tc.zone).String(); got != tc.want {
			t.Errorf("Subnet(%s, %d) = %s, want %s", tc.role, tc.zone, got, tc.want)
		}
	}
}

func TestZone(t *testing.T) {
	t.Parallel()
	network := netip.MustParsePrefix("10.40.0.0/16")
	for reason, tc := range map[string]struct {
		of   string
		want int
	}{
		"the first subnet":           {"10.40.0.0/19", 0},
		"the last one of a zone":     {"10.40.112.0/21", 1},
		"a part of a subnet":         {"10.40.129.0/24", 2},
		"more than one range":        {"10.40.0.0/18", -1},
		"the spare block":            {"10.40.200.0/21", 3},
		"another network":            {"10.41.0.0/19", -1},
		"what holds the whole of it": {"10.0.0.0/8", -1},
	} {
		if got := Plan(network).Zone(netip.MustParsePrefix(tc.of)); got != tc.want {
			t.Errorf("%s: Zone(%s) = %d, want %d", reason, tc.of, got, tc.want)
		}
	}
}

// FuzzPlan: whatever is taken is cut without overlap and without a gap, into subnets that AWS makes, and each zone and tier finds
// its place whether others are there or not.
func FuzzPlan(f *testing.F) {
	for _, seed := range []string{"10.40.0.0/16", "192.168.9.0/24", "172.16.16.0/20", "100.64.0.0/18", "10.40.1.0/16", "fd00::/16"} {
		f.Add(seed)
	}
	f.Add(strings.Repeat("10.0.0.0/8", 1<<16))
	f.Fuzz(func(t *testing.T, given string) {
		defer budget.Start(t, len(given))()
		network, err := Parse(given)
		if err != nil {
			return
		}
		for _, ranges := range Plans(network) {
			cutsAll(t, network, ranges)
			grows(t, network, ranges)
		}
		for zone := range MaxZones {
			// A load balancer finds its place.
			if public := Plan(network).Subnet(Public, zone); public.Bits() > 27 {
				t.Fatalf("%s: public subnet %s", network, public)
			}
		}
	})
}

// cutsAll: without overlap and without a gap, into subnets that AWS makes.
func cutsAll(t *testing.T, network netip.Prefix, ranges Ranges) {
	t.Helper()
	next := value(network.Addr())
	for _, r := range ranges {
		if value(r.Prefix.Addr()) != next || r.Prefix.Masked() != r.Prefix {
			t.Fatalf("%s: %s does not begin where the one before ends", network, r.Prefix)
		}
		if r.Prefix.Bits() > 28 || r.Prefix.Bits() < 16 || !network.Contains(r.Prefix.Addr()) {
			t.Fatalf("%s: AWS makes no subnet %s", network, r.Prefix)
		}
		next += size(r.Prefix)
	}
	if next != value(network.Addr())+size(network) {
		t.Fatalf("%s: the plan ends at %d", network, next)
	}
}

// grows: the subnets of a smaller network are among those of a larger one, in every step from one zone to three with all tiers.
func grows(t *testing.T, network netip.Prefix, ranges Ranges) {
	t.Helper()
	var before []netip.Prefix
	for zones := 1; zones <= MaxZones; zones++ {
		for _, tiers := range [][]Role{{Private, Public}, {Private, Public, Database}} {
			var now []netip.Prefix
			for zone := range zones {
				for _, role := range tiers {
					p := ranges.Subnet(role, zone)
					if !p.IsValid() || ranges.Zone(p) != zone || !slices.Contains(ranges, Range{p, role, zone}) {
						t.Fatalf("%s: no %s subnet in zone %d", network, role, zone)
					}
					now = append(now, p)
				}
			}
			if len(tiers) == 3 {
				// What a tier or a zone adds does not move what was there.
				for _, p := range before {
					if !slices.Contains(now, p) {
						t.Fatalf("%s: %s has moved", network, p)
					}
				}
				before = now
			}
		}
	}
}
