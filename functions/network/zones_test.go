package network

import (
	"strings"
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/network/input/v1"
)

// placed says where the private subnets are: zone and range.
func placed(w *world) map[string]string {
	out := map[string]string{}
	for _, name := range (look{w}).Names("network-subnet-private-") {
		o := look{w}.Get(name).At("spec", "forProvider")
		out[name[len("network-subnet-private-"):]] = o.String("availabilityZone") + " " + o.String("cidrBlock")
	}
	return out
}

func withZones(t *testing.T, zones ...string) settings {
	t.Helper()
	data, err := defaultSettings().with(&inputv1.Input{Zones: map[string][]string{"eu-west-1": zones}})
	if err != nil {
		t.Fatal(err)
	}
	return open(data)
}

func TestZones(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		region string
		zones  int
		want   map[string]string
	}{
		"one":                          {"eu-west-1", 1, map[string]string{"a": "eu-west-1a 10.40.0.0/19"}},
		"a region without its second":  {"us-west-1", 2, map[string]string{"a": "us-west-1a 10.40.0.0/19", "c": "us-west-1c 10.40.64.0/19"}},
		"a region without its third":   {"ca-central-1", 3, map[string]string{"a": "ca-central-1a 10.40.0.0/19", "b": "ca-central-1b 10.40.64.0/19", "d": "ca-central-1d 10.40.128.0/19"}},
		"a region that is new":         {"eu-east-7", 3, map[string]string{"a": "eu-east-7a 10.40.0.0/19", "b": "eu-east-7b 10.40.64.0/19", "c": "eu-east-7c 10.40.128.0/19"}},
		"one that has no second again": {"ap-northeast-1", 2, map[string]string{"a": "ap-northeast-1a 10.40.0.0/19", "c": "ap-northeast-1c 10.40.64.0/19"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"cloud.region": tc.region, "zones": tc.zones})
			data := open(defaultSettings())
			data.regions = []string{"eu-east-7"}
			w.stage = Stage(data)
			equal(t, "placed", tc.want, placed(settled(w)))
		})
	}
}

// A zone that is there stays in its block, whatever the list says by now, and a new one takes the first free block.
func TestZonesStay(t *testing.T) {
	t.Parallel()
	before := map[string]string{"a": "eu-west-1a 10.40.0.0/19", "b": "eu-west-1b 10.40.64.0/19"}
	cases := map[string]struct {
		list  []string
		zones int
		want  map[string]string
	}{
		"another order":      {[]string{"eu-west-1b", "eu-west-1a"}, 2, before},
		"other zones":        {[]string{"eu-west-1c", "eu-west-1d"}, 2, before},
		"a third, and other": {[]string{"eu-west-1c", "eu-west-1a"}, 3, map[string]string{"a": before["a"], "b": before["b"], "c": "eu-west-1c 10.40.128.0/19"}},
		"a zone with a longer name": {[]string{"eu-west-1-dub-1a"}, 3,
			map[string]string{"a": before["a"], "b": before["b"], "dub-1a": "eu-west-1-dub-1a 10.40.128.0/19"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t, nil)
			w.stage = Stage(withZones(t, tc.list...))
			w.with(fields{"zones": tc.zones})
			w.settle()
			equal(t, "placed", tc.want, placed(w))
		})
	}
}

// A subnet that somebody has taken away comes back where it was.
func TestZonesRemembered(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, nil)
	before := placed(w)
	for _, role := range []string{"public", "private", "database"} {
		delete(w.observed, "network-subnet-"+role+"-a")
	}
	w.stage = Stage(withZones(t, "eu-west-1c", "eu-west-1b", "eu-west-1a"))
	w.settle()
	equal(t, "placed", before, placed(w))
}

func TestZonesNotAvailable(t *testing.T) {
	t.Parallel()
	const message = "spec.zones: 3 zones are wanted, and us-west-1 has 2 that we know of (us-west-1a, us-west-1c). Create the network with " +
		"zones: 2, or the platform team adds a zone to zones[us-west-1] in the input of the composition step that runs function-network"
	w := newWorld(t).with(fields{"cloud.region": "us-west-1", "zones": 3})
	conditionType, reason, said := w.refusal()
	equal(t, "a new network", []string{v1.ConditionNetworkReady, string(conditions.ZonesNotAvailable), message},
		[]string{conditionType, string(reason), said})

	// spec.zones cannot become smaller again, so one that is there is not stopped.
	w = readyWorld(t, fields{"cloud.region": "us-west-1"}).with(fields{"zones": 3})
	before := w.specs()
	p := w.step()
	equal(t, "condition", conditions.Condition{
		Type: v1.ConditionNetworkReady, Status: conditions.False, Reason: conditions.ZonesNotAvailable, Message: message,
	}, condition(p, v1.ConditionNetworkReady))
	equal(t, "what is there", before, w.specs())
	if len(p.Drops) > 0 || !p.Waiting {
		t.Errorf("drops %v, waiting %v", p.Drops, p.Waiting)
	}
}

func TestInputRefused(t *testing.T) {
	t.Parallel()
	for want, in := range map[string]inputv1.Input{
		`zones.eu-west-1: "eu-west-2a" is not a zone of the region; write one such as eu-west-1a`: {Zones: map[string][]string{"eu-west-1": {"eu-west-2a"}}},
		`zones.eu-west-1: "eu-west-1" is not a zone of the region; write one such as eu-west-1a`:  {Zones: map[string][]string{"eu-west-1": {"eu-west-1"}}},
		"zones.eu-west-1: eu-west-1a stands there twice":                                          {Zones: map[string][]string{"eu-west-1": {"eu-west-1a", "eu-west-1a"}}},
		"zones.eu-west-1: names no zone; take the region out, or write one such as eu-west-1a":    {Zones: map[string][]string{"eu-west-1": {}}},
		`stage: "vpc" is not a stage; write network, endpoints or routes`:                         {Stage: "vpc"},
	} {
		if _, err := stageOf(&in); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestInput(t *testing.T) {
	t.Parallel()
	off := false
	data, err := defaultSettings().with(&inputv1.Input{FlowLogs: &inputv1.FlowLogs{Enabled: &off, RetentionDays: 7}})
	if err != nil || data.flowLogs != (flowLogs{enabled: false, retentionDays: 7}) {
		t.Errorf("%+v, %v", data.flowLogs, err)
	}
	if data, err = defaultSettings().with(&inputv1.Input{}); err != nil || data.flowLogs != (flowLogs{enabled: true, retentionDays: 30}) {
		t.Errorf("%+v, %v", data.flowLogs, err)
	}
	for stage, want := range map[inputv1.StageName]string{"": "network", "network": "network", "endpoints": "endpoints"} {
		if s, err := stageOf(&inputv1.Input{Stage: stage}); err != nil || s.Name != want {
			t.Errorf("stage %q is %s, %v", stage, s.Name, err)
		}
	}
}

// A small network keeps the subnets that an earlier plan gave it, and what is added to it follows that plan. A new one has public subnets
// that a load balancer finds a place in.
func TestSmallNetworksKeepTheirPlan(t *testing.T) {
	t.Parallel()
	ranges := func(w *world) map[string]string {
		out := map[string]string{}
		for _, name := range (look{w}).Names(nameSubnet) {
			out[strings.TrimPrefix(name, nameSubnet)] = look{w}.Get(name).String("spec", "forProvider", "cidrBlock")
		}
		return out
	}
	w := readyWorld(t, fields{"cidr": "192.168.9.0/24", "databaseTier": false})
	equal(t, "new", map[string]string{
		"private-a": "192.168.9.0/27", "private-b": "192.168.9.32/27", "public-a": "192.168.9.96/27", "public-b": "192.168.9.128/27",
	}, ranges(w))
	w.with(fields{"zones": 3, "databaseTier": true})
	w.settle()
	equal(t, "and grown", 9, len(ranges(w)))

	w = readyWorld(t, fields{"cidr": "192.168.9.0/24", "databaseTier": false})
	older := map[string]string{
		"private-a": "192.168.9.0/27", "private-b": "192.168.9.64/27", "public-a": "192.168.9.48/28", "public-b": "192.168.9.112/28",
	}
	for name, cidr := range older {
		set(w.observed[nameSubnet+name], "spec.forProvider.cidrBlock", cidr)
	}
	w.settle()
	equal(t, "older", older, ranges(w))
	w.with(fields{"zones": 3, "databaseTier": true})
	w.settle()
	older["private-c"], older["public-c"] = "192.168.9.128/27", "192.168.9.176/28"
	older["database-a"], older["database-b"], older["database-c"] = "192.168.9.32/28", "192.168.9.96/28", "192.168.9.160/28"
	equal(t, "older, and grown", older, ranges(w))
}
