package network

import (
	"fmt"
	"slices"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/ec2"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Composition resource names of the routes to what is elsewhere. They are API. A subnet's part is its id, a route's part is its table,
// and its range with a hyphen for the slash.
const (
	routesPrefix     = ownership.Routes
	nameDatabases    = routesPrefix + "table-database"
	nameDatabasesIn  = routesPrefix + "database-in-"
	nameElsewhere    = routesPrefix + "to-"
	ofDatabases      = "database"
	maxRoutes        = 10
	maxPrivateTables = 3
)

// RoutesStage is the stage of a NetworkRoutes.
func RoutesStage() plan.Stage {
	return plan.Stage{
		Name:       "routes",
		Prefix:     routesPrefix,
		Conditions: []string{v1.ConditionRoutesReady},
		Compose:    composeRoutes,
	}
}

func composeRoutes(in plan.In) (*plan.Plan, error) {
	spec := in.XR.At("spec")
	r := &routes{
		base: newBase(in), vpc: spec.String("vpcId"), tier: spec.Bool("databaseTier"), subnets: sorted(spec.Strings("databaseSubnetIds")),
		tables: sorted(spec.Strings("privateRouteTableIds")), wanted: readRoutes(spec),
	}
	if refusal := r.validate(); refusal != nil {
		return r.plan, refusal
	}
	if r.tier {
		r.table()
	}
	r.lead()
	if r.tier {
		r.databases()
	}
	r.dropRest()
	r.condition()
	r.status()
	return r.plan, nil
}

// routes is one NetworkRoutes on its way from claim to plan.
type routes struct {
	base
	vpc string
	// tier says that the database tier has a table of its own, for these subnets.
	tier    bool
	subnets []string
	// tables of the private subnets.
	tables []string
	wanted []v1.NetworkRoute
}

// validate what a Network says: people do not write these objects.
func (r *routes) validate() *plan.Refusal {
	if r.vpc == "" {
		return plan.Refuse(v1.ConditionRoutesReady, conditions.InvalidSpec,
			"needs spec.vpcId. A Network composes this object: write spec.routes of a Network instead")
	}
	if len(r.wanted) > maxRoutes || len(r.tables) > maxPrivateTables {
		return plan.Refuse(v1.ConditionRoutesReady, conditions.InvalidSpec, fmt.Sprintf(
			"%d routes in %d tables are too many; write %d routes at most, in %d private tables", len(r.wanted), len(r.tables), maxRoutes,
			maxPrivateTables))
	}
	return nil
}

// table of the database subnets. It leads nowhere but into the VPC and to what the routes name.
func (r *routes) table() {
	add(&r.base, nameDatabases, managed.Resource[*ec2.RouteTable]{ForProvider: &ec2.RouteTable{
		Region: r.region(nameDatabases), VPCID: r.keep(nameDatabases, "vpcId", r.vpc), Tags: r.tags(nameDatabases),
	}})
}

// lead from each table to each range.
func (r *routes) lead() {
	for _, route := range r.wanted {
		if r.tier {
			r.route(routeName(ofDatabases, route.CIDR), r.id(nameDatabases), route)
		}
		for _, table := range r.tables {
			r.route(routeName(table, route.CIDR), table, route)
		}
	}
}

func routeName(table, cidr string) string {
	return nameElsewhere + strings.ReplaceAll(cidr, "/", "-") + "-from-" + table
}

// route wants one route. Following: late initialisation would write down where it leads, and a route that leads to a peering connection
// from now on would have two targets.
func (r *routes) route(name, table string, route v1.NetworkRoute) {
	if !r.needs(name, table) {
		return
	}
	add(&r.base, name, managed.Resource[*ec2.Route]{Following: true, ForProvider: &ec2.Route{
		Region: r.region(name), RouteTableID: r.keep(name, "routeTableId", table),
		DestinationCIDRBlock: r.keep(name, "destinationCidrBlock", route.CIDR),
		TransitGatewayID:     route.TransitGatewayID, PeeringConnectionID: route.PeeringConnectionID,
	}})
}

// databases have the table as soon as it leads everywhere: they may have lived in the VPC's main table until then.
func (r *routes) databases() {
	ready := true
	for _, route := range r.wanted {
		ready = ready && health.Of(r.observed(routeName(ofDatabases, route.CIDR))).Ready
	}
	for _, subnet := range r.subnets {
		name, table := nameDatabasesIn+subnet, r.id(nameDatabases)
		if !ready {
			table = ""
		}
		if r.needs(name, table) {
			add(&r.base, name, managed.Resource[*ec2.RouteTableAssociation]{ForProvider: &ec2.RouteTableAssociation{
				Region: r.region(name), RouteTableID: r.keep(name, "routeTableId", table), SubnetID: r.keep(name, "subnetId", subnet),
			}})
		}
	}
}

// dropRest lets routes go that are not wanted any more. The table and its subnets stay: a network does not lose its database tier.
func (r *routes) dropRest() {
	for _, name := range r.in.Observed.Names(routesPrefix) {
		planned := slices.ContainsFunc(r.plan.Resources, func(p plan.Resource) bool { return p.Name == name })
		if !planned {
			r.drop(name, "the network does not want this route, or not from this table, any more")
		}
	}
}

func (r *routes) condition() {
	c := conditions.Condition{Type: v1.ConditionRoutesReady, Status: conditions.False}
	all := r.sum()
	switch {
	case !all.Ready:
		c.Reason, c.Message = all.Reason, all.Message
	case r.waits != "":
		c.Reason, c.Message = conditions.Creating, r.waits+" is created next"
	default:
		c.Status, c.Reason, c.Message = conditions.True, conditions.Available, "the network reaches nothing but itself"
		if len(r.wanted) > 0 {
			c.Message = "the network reaches " + strings.Join(r.reached(), ", ")
		}
	}
	r.plan.Conditions = append(r.plan.Conditions, c)
	r.plan.Waiting = !c.Is()
}

// reached are the ranges that every table leads to. What was reached before and is unknown now is told as before.
func (r *routes) reached() []string {
	before := r.in.XR.Strings("status", "routedCidrs")
	var cidrs []string
	for _, route := range r.wanted {
		all := true
		for _, table := range r.from() {
			name := routeName(table, route.CIDR)
			lost := r.there(name) && r.observed(name).Condition("Ready").Status == "" && slices.Contains(before, route.CIDR)
			all = all && (lost || health.Of(r.observed(name)).Ready)
		}
		if all {
			cidrs = append(cidrs, route.CIDR)
		}
	}
	return cidrs
}

// from are the tables that routes lead from.
func (r *routes) from() []string {
	if r.tier {
		return append([]string{ofDatabases}, r.tables...)
	}
	return r.tables
}

func (r *routes) status() {
	f := object.NewFields()
	known := ""
	if r.there(nameDatabases) {
		known = r.in.XR.String("status", "databaseRouteTableId")
	}
	f.SetStringIf("databaseRouteTableId", first(r.id(nameDatabases), known))
	if reached := r.reached(); len(reached) > 0 {
		f.SetStrings("routedCidrs", reached)
	}
	r.plan.Status = f
}

// readRoutes of a spec, in the order of their ranges.
func readRoutes(spec object.Object) []v1.NetworkRoute {
	var list []v1.NetworkRoute
	for _, o := range spec.List("routes") {
		list = append(list, v1.NetworkRoute{
			CIDR: o.String("cidr"), TransitGatewayID: o.String("transitGatewayId"), PeeringConnectionID: o.String("peeringConnectionId"),
		})
	}
	slices.SortFunc(list, func(a, b v1.NetworkRoute) int { return strings.Compare(a.CIDR, b.CIDR) })
	return list
}
