package simulator_test

import (
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

const networkExamples = "networks"

// generatedNetworks are the examples whose observed state comes out of a run: what their specs said at first, and when the run ends.
func generatedNetworks() map[string]struct {
	before func(*structpb.Struct) *structpb.Struct
	done   func(*simulator.Cluster) bool
} {
	same := func(xr *structpb.Struct) *structpb.Struct { return xr }
	spec := func(value *structpb.Value, field string) func(*structpb.Struct) *structpb.Struct {
		return func(xr *structpb.Struct) *structpb.Struct { return simulator.With(xr, value, "spec", field) }
	}
	return map[string]struct {
		before func(*structpb.Struct) *structpb.Struct
		done   func(*simulator.Cluster) bool
	}{
		"02-ready":               {same, ready},
		"03-endpoints":           {same, ready},
		"04-no-nat":              {same, ready},
		"05-existing":            {same, ready},
		"10-shrink-refused":      {spec(simulator.Number(3), "zones"), ready},
		"11-claim-ready":         {same, ready},
		"12-interface-endpoints": {same, ready},
		"14-fewer-nat-gateways":  {spec(simulator.Text("perZone"), "nat"), ready},
		"15-routes":              {same, ready},
		"17-routes-of-a-network": {same, ready},
	}
}

// TestWriteNetworkInputs holds the generated inputs of the examples against what the simulator makes of them. With -update it writes
// them.
func TestWriteNetworkInputs(t *testing.T) {
	for name, g := range generatedNetworks() {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(allExamples, networkExamples, name)
			cluster := playExample(t, networkExamples+"/"+name, simulator.NewClock(rendered()))
			cluster.XR = g.before(cluster.XR)
			until(t, cluster, g.done)
			observed, err := cluster.ObservedFile()
			if err != nil {
				t.Fatal(err)
			}
			xr, err := cluster.WithStatus(dir)
			if err != nil {
				t.Fatal(err)
			}
			holds(t, filepath.Join(dir, "observed.yaml"), observed)
			holds(t, filepath.Join(dir, "xr.yaml"), xr)
		})
	}
}

// refusedNetworks are the examples that are not meant to become ready, and the reason in their conditions.
func refusedNetworks() map[string]string {
	return map[string]string{
		"06-cidr-too-small":      "InvalidCIDR",
		"07-cidr-not-private":    "InvalidCIDR",
		"08-peers-overlap":       "PeersOverlap",
		"09-zones-not-available": "ZonesNotAvailable",
		"10-shrink-refused":      "NetworkShrink",
		"13-existing-denied":     "TenancyDenied",
		"18-region-unknown":      "RegionUnknown",
		"19-route-refused":       "TenancyDenied",
	}
}

// TestNetworksConverge feeds every example its own output back as ready, in both flavours, until it is ready. One that is refused says
// why, and composes nothing.
func TestNetworksConverge(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(allExamples, networkExamples, "*", "xr.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples (%v)", err)
	}
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file))
		for _, flavour := range []string{"as it is", "in the other flavour", "from its state", restarting} {
			t.Run(name+"/"+flavour, func(t *testing.T) {
				t.Parallel()
				cluster := playExample(t, networkExamples+"/"+name, simulator.NewClock(rendered()))
				switch flavour {
				case "in the other flavour":
					cluster = otherFlavour(t, cluster, name)
				case "from its state":
					c, err := simulator.ReadCase(filepath.Dir(file))
					if err != nil {
						t.Fatal(err)
					}
					was := cluster
					cluster = c.Cluster(was.Pipeline...)
					cluster.Composites = was.Composites
				}
				reason, refused := refusedNetworks()[name]
				if refused && (reason != "NetworkShrink" || len(cluster.Composed) > 0) {
					networkRefused(t, cluster, reason)
					return
				}
				networkConverges(t, cluster, flavour == restarting)
			})
		}
	}
}

// otherFlavour is the same composite in the other flavour, with the same functions.
func otherFlavour(t *testing.T, was *simulator.Cluster, name string) *simulator.Cluster {
	t.Helper()
	c, err := simulator.ReadCase(filepath.Join(allExamples, networkExamples, name))
	if err != nil {
		t.Fatal(err)
	}
	for i, required := range c.Required {
		c.Required[i] = other(simulator.Case{XR: required}).XR
		if status, ok := required.GetFields()["status"]; ok {
			c.Required[i] = simulator.With(c.Required[i], status, "status")
		}
	}
	cluster := other(c).Cluster(was.Pipeline...)
	cluster.Composites = was.Composites
	return cluster
}

func networkConverges(t *testing.T, cluster *simulator.Cluster, restarts bool) {
	t.Helper()
	depth, rounds := 0, 0
	for limit := grace; !cluster.Ready() || rounds == 0; rounds++ {
		if restarts {
			cluster.RestartProviders()
		}
		round := step(t, cluster)
		if round.Fatal != "" {
			t.Fatalf("round %d: %s", rounds, round.Fatal)
		}
		below := 0
		for _, child := range round.Children {
			below += len(child.Created) + len(child.Deleted)
		}
		if len(round.Created)+len(round.Deleted)+below > 0 {
			depth, limit = depth+1, limit+1
		}
		for _, d := range round.Deleted {
			if object.Of(cluster.XR).String("spec", "nat") == "perZone" || d.Drop.Reason != "SpecChanged" {
				t.Errorf("round %d: %s was deleted: %s", rounds, d.Name, d.Drop.Reason)
			}
		}
		if rounds > limit {
			t.Fatalf("not ready after %d rounds at a depth of %d: %v", rounds, depth, cluster.Conditions)
		}
	}
	// Gateways that nobody needs any more go while the network is ready.
	for range calm {
		step(t, cluster)
	}
	stays(t, cluster)
	if !cluster.Ready() {
		t.Errorf("it was ready, and is not any more: %v", cluster.Conditions)
	}
	if got := len(cluster.Composed); got > 50 {
		t.Errorf("it composes %d resources", got)
	}
	t.Logf("figures: %s: %d resources, depth %d, ready in round %d", t.Name(), len(cluster.Composed), depth, rounds)
}

func networkRefused(t *testing.T, cluster *simulator.Cluster, reason string) {
	t.Helper()
	before := len(cluster.Composed)
	for range 3 {
		round := step(t, cluster)
		if len(round.Created)+len(round.Deleted) > 0 {
			t.Errorf("created %v, deleted %v", round.Created, round.Deleted)
		}
	}
	if said := conditionOf(cluster, reason); said.Message == "" || said.Status != "False" {
		t.Errorf("no condition says %s: %v", reason, cluster.Conditions)
	}
	if len(cluster.Composed) != before {
		t.Errorf("%d resources, and there were %d", len(cluster.Composed), before)
	}
	stays(t, cluster)
}
