package network

import (
	"fmt"
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// The graph grows as the ids come in, and is then complete.
func TestNew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	equal(t, "first call", []string{
		"network-flow-log-group", "network-flow-log-policy", "network-flow-log-role", "network-nat-address-a", "network-usage-protection",
		"network-vpc",
	}, resourceNames(w.step()))
	p := w.settle()
	equal(t, "ready", []string{
		"network-association-private-a", "network-association-private-b", "network-association-public-a", "network-association-public-b",
		"network-default-security-group",
		"network-endpoint-dynamodb", "network-endpoint-dynamodb-private-a", "network-endpoint-dynamodb-private-b",
		"network-endpoint-s3", "network-endpoint-s3-private-a", "network-endpoint-s3-private-b",
		"network-flow-log", "network-flow-log-group", "network-flow-log-policy", "network-flow-log-role",
		"network-internet-gateway", "network-nat-address-a", "network-nat-gateway-a",
		"network-route-private-a", "network-route-private-b", "network-route-public",
		"network-route-table-private-a", "network-route-table-private-b", "network-route-table-public", "network-routes",
		"network-subnet-database-a", "network-subnet-database-b", "network-subnet-private-a", "network-subnet-private-b",
		"network-subnet-public-a", "network-subnet-public-b",
		"network-usage-protection", "network-vpc",
	}, resourceNames(p))
	for _, c := range p.Conditions {
		if !c.Is() {
			t.Errorf("%+v", c)
		}
	}
	if p.Waiting || len(p.Drops) > 0 {
		t.Errorf("waiting %v, drops %v", p.Waiting, p.Drops)
	}
	equal(t, "ready", "id-of-network-vpc (10.40.0.0/16) in eu-west-1a, eu-west-1b", condition(p, v1.ConditionNetworkReady).Message)
}

// The number of composed resources of each variant. An XR composes about 50 at most.
func TestFigures(t *testing.T) {
	t.Parallel()
	most := 0
	for _, zones := range []int{1, 2, 3} {
		for _, nat := range []string{"none", "single", "perZone"} {
			for _, tier := range []bool{false, true} {
				for _, endpoints := range []any{nil, services(maxInterfaces)} {
					w := readyWorld(t, fields{"zones": zones, "nat": nat, "databaseTier": tier, "endpoints": endpoints})
					most = max(most, len(w.observed))
					t.Logf("figures: zones %d, nat %s, databaseTier %v, endpoints %v: %d composed", zones, nat, tier, endpoints != nil, len(w.observed))
				}
			}
		}
	}
	if most != 49 {
		t.Errorf("the largest network composes %d resources", most)
	}
	for services := 1; services <= maxServices; services++ {
		var names []any
		for n := range services {
			names = append(names, fmt.Sprintf("service-%d", n))
		}
		w := endpointsWorld(t).with(fields{"services": names, "subnetIds": []any{"subnet-1", "subnet-2", "subnet-3"}})
		w.settle()
		t.Logf("figures: %d endpoints in 3 subnets: %d composed", services, len(w.observed))
		if len(w.observed) != 2+5*services {
			t.Errorf("%d endpoints compose %d resources", services, len(w.observed))
		}
	}
}
