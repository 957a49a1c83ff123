package network

import (
	"strings"
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// routesOf the private subnets: the gateway that each wanted route leads to.
func routesOf(w *world) map[string]string {
	routes := map[string]string{}
	for name := range w.observed {
		if strings.HasPrefix(name, nameRoute+"private-") {
			routes[strings.TrimPrefix(name, nameRoute)] = look{w}.Get(name).String("spec", "forProvider", "natGatewayId")
		}
	}
	return routes
}

const (
	natA = "id-of-network-nat-gateway-a"
	natB = "id-of-network-nat-gateway-b"
)

func TestNATModes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		nat    string
		routes map[string]string
		nats   []string
	}{
		"nobody calls the internet": {"none", map[string]string{}, nil},
		"one gateway for all zones": {"single", map[string]string{"private-a": natA, "private-b": natA}, []string{"network-nat-gateway-a"}},
		"a gateway for each zone": {"perZone", map[string]string{"private-a": natA, "private-b": natB},
			[]string{"network-nat-gateway-a", "network-nat-gateway-b"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t, fields{"nat": tc.nat})
			equal(t, "routes", tc.routes, routesOf(w))
			equal(t, "gateways", tc.nats, look{w}.Names(nameGateway))
			if tc.nats != nil {
				equal(t, "gateway", fields{
					"region": "eu-west-1", "allocationId": "id-of-network-nat-address-a", "subnetId": "id-of-network-subnet-public-a",
					"tags": fields{"Name": "shared-nat-gateway-a"},
				}, forProvider(w.compose(), "network-nat-gateway-a"))
				equal(t, "address", fields{
					"region": "eu-west-1", "domain": "vpc",
					"tags": fields{"Name": "shared-nat-address-a"},
				}, forProvider(w.compose(), "network-nat-address-a"))
			}
			equal(t, "address, without late initialisation", []string{"Observe", "Create", "Update", "Delete"},
				wanted(readyWorld(t, fields{"nat": "single"}).compose(), "network-nat-address-a").Strings("spec", "managementPolicies"))
		})
	}
}

// A gateway that a route leads to stays until the route leads elsewhere, and an address until its gateway is gone.
func TestNATFewer(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, fields{"nat": "perZone"}).with(fields{"nat": "single"})
	w.asleep = []string{"network-route-private-b"}

	p := w.step()
	equal(t, "the route is switched first", natA, forProvider(p, "network-route-private-b")["natGatewayId"])
	equal(t, "and nothing goes yet", []string(nil), drops(p))
	if c := condition(p, v1.ConditionNetworkReady); !c.Is() || !p.Waiting {
		t.Errorf("the network works, and is on its way: %+v, waiting %v", c, p.Waiting)
	}

	set(w.observed["network-route-private-b"], "metadata.generation", 2)
	set(w.observed["network-route-private-b"], "status.observedGeneration", 1)
	equal(t, "nothing goes before the provider has switched it", []string(nil), drops(w.step()))

	w.asleep = nil
	w.wake("network-route-private-b")
	p = w.step()
	equal(t, "then the gateway goes", []string{"network-nat-gateway-b: SpecChanged"}, drops(p))
	if wanted(p, "network-nat-address-b").IsZero() {
		t.Error("the address goes while its gateway is there")
	}
	p = w.step()
	equal(t, "then its address", []string{"network-nat-address-b: SpecChanged"}, drops(p))
	if !p.Waiting {
		t.Error("it is ready before the address is gone")
	}
	if p = w.step(); p.Waiting {
		t.Error("it waits for nothing")
	}
	equal(t, "in the end", map[string]string{"private-a": natA, "private-b": natA}, routesOf(w))
	equal(t, "in the end", []string(nil), drops(w.step()))
}

func TestNATNone(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, fields{"nat": "single"}).with(fields{"nat": "none"})
	equal(t, "the routes go first", []string{"network-route-private-a: SpecChanged", "network-route-private-b: SpecChanged"}, drops(w.step()))
	equal(t, "then the gateway", []string{"network-nat-gateway-a: SpecChanged"}, drops(w.step()))
	equal(t, "then its address", []string{"network-nat-address-a: SpecChanged"}, drops(w.step()))
	equal(t, "then nothing", []string(nil), drops(w.settle()))
}

// A route is switched to a new gateway when that one works, and not before.
func TestNATMore(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, fields{"nat": "single"}).with(fields{"nat": "perZone"})
	w.step()
	w.asleep = []string{"network-nat-gateway-b"}
	w.step()
	set(w.observed["network-nat-gateway-b"], "metadata.annotations", fields{externalName: natB})
	p := w.step()
	equal(t, "the gateway is not ready", natA, forProvider(p, "network-route-private-b")["natGatewayId"])
	c := condition(p, v1.ConditionNetworkReady)
	if c.Is() || !p.Waiting {
		t.Errorf("%+v, waiting %v", c, p.Waiting)
	}
	w.asleep = nil
	equal(t, "the gateway is ready", map[string]string{"private-a": natA, "private-b": natB}, routesOf(settled(w)))
}

func settled(w *world) *world {
	w.t.Helper()
	w.settle()
	return w
}

// The mode that is taken back before anything happened leaves nothing behind.
func TestNATTakenBack(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, fields{"nat": "single"}).with(fields{"nat": "perZone"})
	w.asleep = []string{"network-nat-address-b"}
	w.step()
	w.with(fields{"nat": "single"})
	equal(t, "the address was never used", []string{"network-nat-address-b: SpecChanged"}, drops(w.step()))
	equal(t, "routes", map[string]string{"private-a": natA, "private-b": natA}, routesOf(settled(w)))
}

// AWS makes no NAT gateway in a network without an internet gateway.
func TestNATWaitsForTheInternetGateway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asleep = []string{nameInternetGateway}
	for range 6 {
		w.step()
	}
	equal(t, "gateways", []string(nil), look{w}.Names(nameGateway))
	w.asleep = nil
	w.settle()
	equal(t, "gateways", []string{"network-nat-gateway-a"}, look{w}.Names(nameGateway))
}

// Whatever is lost, a route leads where it led.
func TestNATStatusLost(t *testing.T) {
	t.Parallel()
	for reason, externalNames := range map[string]bool{"the status": false, "the external names too": true} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t, fields{"nat": "perZone"})
			before := routesOf(w)
			w.loseStatus(externalNames)
			w.asleep = resourceNames(w.compose())
			w.step()
			equal(t, "routes", before, routesOf(w))
			equal(t, "addresses", []string{"198.51.100.1", "198.51.100.2"}, look{w}.w.object(w.xr).Strings("status", "natAddresses"))
		})
	}
}
