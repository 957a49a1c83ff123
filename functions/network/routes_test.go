package network

import (
	"fmt"
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

const routesYAML = `
apiVersion: platform.io/v1
kind: NetworkRoutes
metadata: {name: shared-routes, namespace: platform, uid: xr-uid}
spec:
  cloud: {provider: aws, region: eu-west-1, accountId: "123456789012", providerConfigRef: {name: aws-staging}}
  vpcId: vpc-1
  databaseTier: true
  databaseSubnetIds: [subnet-2, subnet-1]
  privateRouteTableIds: [rtb-a]
  routes: [{cidr: 10.200.0.0/16, transitGatewayId: tgw-1}]
`

func routesWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.stage, w.xr = RoutesStage(), parse(t, routesYAML)
	return w
}

const (
	fromDatabase = "routes-to-10.200.0.0-16-from-database"
	fromPrivate  = "routes-to-10.200.0.0-16-from-rtb-a"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	w := routesWorld(t)
	equal(t, "first call", []string{"routes-table-database", fromPrivate}, resourceNames(w.step()))
	equal(t, "the routes come before the subnets", []string{"routes-table-database", fromDatabase, fromPrivate}, resourceNames(w.step()))
	p := w.settle()
	for name, want := range map[string]fields{
		"routes-table-database":       {"region": "eu-west-1", "vpcId": "vpc-1", "tags": fields{"Name": "shared-table-database"}},
		fromDatabase:                  {"region": "eu-west-1", "routeTableId": "id-of-routes-table-database", "destinationCidrBlock": "10.200.0.0/16", "transitGatewayId": "tgw-1"},
		fromPrivate:                   {"region": "eu-west-1", "routeTableId": "rtb-a", "destinationCidrBlock": "10.200.0.0/16", "transitGatewayId": "tgw-1"},
		"routes-database-in-subnet-1": {"region": "eu-west-1", "routeTableId": "id-of-routes-table-database", "subnetId": "subnet-1"},
		"routes-database-in-subnet-2": {"region": "eu-west-1", "routeTableId": "id-of-routes-table-database", "subnetId": "subnet-2"},
	} {
		equal(t, name, want, forProvider(p, name))
	}
	equal(t, "how many", 5, len(p.Resources))
	equal(t, "status", fields{"databaseRouteTableId": "id-of-routes-table-database", "routedCidrs": []any{"10.200.0.0/16"}}, p.Status.Done().Map())
	equal(t, "condition", conditions.Condition{
		Type: v1.ConditionRoutesReady, Status: conditions.True, Reason: conditions.Available, Message: "the network reaches 10.200.0.0/16",
	}, condition(p, v1.ConditionRoutesReady))
}

// Another target is another target of the same route: nothing of the one before is said any more, nor held on to.
func TestRoutesChange(t *testing.T) {
	t.Parallel()
	w := routesWorld(t)
	w.settle()
	p := w.with(fields{"routes": []any{fields{"cidr": "10.200.0.0/16", "peeringConnectionId": "pcx-1"}}}).step()
	equal(t, "another target", fields{
		"region": "eu-west-1", "routeTableId": "rtb-a", "destinationCidrBlock": "10.200.0.0/16", "vpcPeeringConnectionId": "pcx-1",
	}, forProvider(p, fromPrivate))
	equal(t, "without late initialisation", []string{"Observe", "Create", "Update", "Delete"}, wanted(p, fromPrivate).Strings("spec", "managementPolicies"))
	equal(t, "drops", []string(nil), drops(p))

	p = w.with(fields{"routes": nil}).step()
	equal(t, "no routes", []string{fromDatabase + ": SpecChanged", fromPrivate + ": SpecChanged"}, drops(p))
	p = w.settle()
	equal(t, "the table stays", 3, len(p.Resources))
	equal(t, "words", "the network reaches nothing but itself", condition(p, v1.ConditionRoutesReady).Message)
}

// Subnets that lived in another table until now come to this one when it leads everywhere.
func TestDatabasesWaitForTheirRoutes(t *testing.T) {
	t.Parallel()
	w := routesWorld(t)
	w.asleep = []string{fromDatabase}
	p := w.settle()
	if !wanted(p, "routes-database-in-subnet-1").IsZero() || !p.Waiting {
		t.Error("a subnet is in a table that does not lead where it has to")
	}
	equal(t, "nothing is reached", []string(nil), p.Status.Done().Strings("routedCidrs"))
	w.asleep = nil
	w.wake(fromDatabase)
	w.settle()
	// A route more does not take the subnets out again.
	w.with(fields{"routes": []any{
		fields{"cidr": "10.200.0.0/16", "transitGatewayId": "tgw-1"}, fields{"cidr": "10.201.0.0/16", "transitGatewayId": "tgw-1"},
	}})
	w.asleep = []string{"routes-to-10.201.0.0-16-from-database"}
	p = w.step()
	if wanted(p, "routes-database-in-subnet-1").IsZero() {
		t.Error("a subnet loses its table")
	}
	equal(t, "what is reached", []string{"10.200.0.0/16"}, w.settle().Status.Done().Strings("routedCidrs"))
}

func TestRoutesStatusLost(t *testing.T) {
	t.Parallel()
	w := routesWorld(t)
	names := resourceNames(w.settle())
	before := w.specs()
	w.loseStatus(true)
	w.asleep = names
	p := w.step()
	equal(t, "names", names, resourceNames(p))
	equal(t, "specs and status", before, w.specs())
	if !p.Waiting {
		t.Error("nothing is known, and it is ready")
	}
}

// A NetworkRoutes composes less than 50 resources.
func TestRoutesFigures(t *testing.T) {
	t.Parallel()
	var list []any
	for n := range maxRoutes {
		list = append(list, fields{"cidr": fmt.Sprintf("10.2%02d.0.0/16", n), "transitGatewayId": "tgw-1"})
	}
	w := routesWorld(t).with(fields{
		"routes": list, "databaseSubnetIds": []any{"subnet-1", "subnet-2", "subnet-3"}, "privateRouteTableIds": []any{"rtb-a", "rtb-b", "rtb-c"},
	})
	w.settle()
	equal(t, "composed", 44, len(w.observed))
	w.with(fields{"routes": append(list, fields{"cidr": "10.250.0.0/16", "transitGatewayId": "tgw-1"})})
	_, reason, message := w.refusal()
	equal(t, "one more", []string{"InvalidSpec", "11 routes in 3 tables are too many; write 10 routes at most, in 3 private tables"},
		[]string{string(reason), message})
	_, _, message = routesWorld(t).with(fields{"vpcId": nil}).refusal()
	equal(t, "without a network", "needs spec.vpcId. A Network composes this object: write spec.routes of a Network instead", message)
}

// routed is a world whose namespace may route through what begins in a way.
func routed(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	data := open(defaultSettings())
	data.tenancy.Rules[0].RouteTargets = []string{"tgw-*", "pcx-1"}
	w.stage = Stage(data)
	return w
}

// The child composite says what the routes need, and follows the network.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	w := routed(t).with(fields{"routes": []any{fields{"cidr": "10.200.0.0/16", "transitGatewayId": "tgw-1"}}})
	p := w.settle()
	want := fields{
		"cloud": fields{"provider": "aws", "region": "eu-west-1", "accountId": "123456789012", "providerConfigRef": fields{"name": "aws-staging"}},
		"owner": fields{"team": "platform", "costCenter": "cc 1!"}, "vpcId": "id-of-network-vpc", "databaseTier": true,
		"databaseSubnetIds":    []any{"id-of-network-subnet-database-a", "id-of-network-subnet-database-b"},
		"privateRouteTableIds": []any{"id-of-network-route-table-private-a", "id-of-network-route-table-private-b"},
		"routes":               []any{fields{"cidr": "10.200.0.0/16", "transitGatewayId": "tgw-1"}},
	}
	equal(t, "spec", want, wanted(p, nameRoutes).At("spec").Map())
	equal(t, "what is reached", []string{"10.40.0.0/16", "10.200.0.0/16"}, p.Status.Done().Strings("routedCidrs"))
	equal(t, "tables", []any{
		fields{"id": "id-of-network-route-table-public", "role": "public"},
		fields{"id": "id-of-network-route-table-private-a", "role": "private", "zone": "eu-west-1a"},
		fields{"id": "id-of-network-route-table-private-b", "role": "private", "zone": "eu-west-1b"},
		fields{"id": "rtb-database", "role": "database"},
	}, p.Status.Done().Map()["routeTables"])

	// A table whose id is lost keeps its routes, and one that is new gets them when it is there.
	before := wanted(p, nameRoutes).At("spec").Map()
	for _, name := range []string{"network-route-table-private-a", "network-subnet-database-b"} {
		delete(w.observed[name], "status")
		delete(w.observed[name]["metadata"].(fields), "annotations")
	}
	w.asleep = []string{"network-route-table-private-a", "network-subnet-database-b"}
	equal(t, "what is not known now stays", before, wanted(w.step(), nameRoutes).At("spec").Map())
}

// The table is there from the call on that makes the database subnets.
func TestDatabaseTableFromTheBeginning(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.step()
	p := w.step()
	if wanted(p, nameRoutes).IsZero() || wanted(p, "network-subnet-database-a").IsZero() {
		t.Error("the database subnets are made without their table")
	}
	w = readyWorld(t, fields{"databaseTier": false})
	equal(t, "without the tier there is nothing to route", []string(nil), look{w}.Names(nameRoutes))
	w.with(fields{"databaseTier": true})
	w.settle()
	equal(t, "with the tier there is", []string{nameRoutes}, look{w}.Names(nameRoutes))
}

// The database subnets of an older network stay where they are until somebody writes routes.
func TestOlderNetworksKeepTheirTable(t *testing.T) {
	t.Parallel()
	w := routed(t)
	w.settle()
	delete(w.observed, nameRoutes)
	w.xr["status"] = nil
	set(w.observed[nameVPC], "status.atProvider.mainRouteTableId", "rtb-main")
	p := w.settle()
	equal(t, "no composite", []string(nil), look{w}.Names(nameRoutes))
	equal(t, "their table", any(fields{"id": "rtb-main", "role": "database"}), p.Status.Done().Map()["routeTables"].([]any)[3])
	if c := condition(p, v1.ConditionRoutesReady); !c.Is() || c.Reason != conditions.NotUsed || p.Waiting {
		t.Errorf("%+v", c)
	}
	w.with(fields{"routes": []any{fields{"cidr": "10.200.0.0/16", "peeringConnectionId": "pcx-1"}}})
	w.settle()
	equal(t, "with a route", []string{nameRoutes}, look{w}.Names(nameRoutes))
	w.with(fields{"routes": nil})
	equal(t, "the table stays when the last route goes", []string(nil), drops(w.settle()))
	equal(t, "the table stays when the last route goes", []string{nameRoutes}, look{w}.Names(nameRoutes))
}

func TestRoutesRefused(t *testing.T) {
	t.Parallel()
	to := func(cidr, field, id string) fields { return fields{"cidr": cidr, field: id} }
	const gateway, peering = "transitGatewayId", "peeringConnectionId"
	cases := map[string]struct {
		routes []any
		want   []string
	}{
		"no range": {[]any{to("all", gateway, "tgw-1")},
			[]string{"InvalidCIDR", `spec.routes: "all" is not an IPv4 range; write one such as 10.200.0.0/16`}},
		"an address": {[]any{to("10.200.0.1/16", gateway, "tgw-1")},
			[]string{"InvalidCIDR", "spec.routes: 10.200.0.1/16 is an address within a network; write the network, 10.200.0.0/16"}},
		"the network itself": {[]any{to("10.0.0.0/8", gateway, "tgw-1")}, []string{"InvalidCIDR", "spec.routes: 10.0.0.0/8 overlaps with the " +
			"network itself, 10.40.0.0/16, which is always reached; write the range of what is elsewhere"}},
		"twice": {[]any{to("10.200.0.0/16", gateway, "tgw-1"), to("10.200.1.0/24", gateway, "tgw-1")},
			[]string{"InvalidCIDR", "spec.routes: 10.200.0.0/16 and 10.200.1.0/24 overlap; write ranges that do not, or one of them"}},
		"no target": {[]any{fields{"cidr": "10.200.0.0/16"}}, []string{"InvalidSpec", "spec.routes: the one to 10.200.0.0/16 needs exactly one " +
			"target; write either transitGatewayId or peeringConnectionId"}},
		"two targets": {[]any{fields{"cidr": "10.200.0.0/16", gateway: "tgw-1", peering: "pcx-1"}}, []string{"InvalidSpec", "spec.routes: the one to " +
			"10.200.0.0/16 needs exactly one target; write either transitGatewayId or peeringConnectionId"}},
		"another id": {[]any{to("10.200.0.0/16", gateway, "vgw-1")}, []string{"InvalidSpec", `spec.routes: transitGatewayId "vgw-1" of the one to ` +
			`10.200.0.0/16 is no such id; write one like tgw-0a1b2c3d4e5f60718`}},
		"a foreign one": {[]any{to("10.200.0.0/16", peering, "pcx-2")}, []string{"TenancyDenied",
			denied("spec.routes.peeringConnectionId", "pcx-2", tenancy.RouteTargets)}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			_, why, message := routed(t).with(fields{"routes": tc.routes}).refusal()
			equal(t, "refusal", tc.want, []string{string(why), message})
		})
	}
	_, why, _ := newWorld(t).with(fields{"routes": []any{to("10.200.0.0/16", gateway, "tgw-1")}}).refusal()
	equal(t, "without a rule", "TenancyDenied", string(why))
}
