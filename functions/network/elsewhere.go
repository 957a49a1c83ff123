package network

import (
	"net/netip"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

// elsewhere is a composite of its own: the route table of the database tier, and the routes to what is elsewhere. A network has it from
// the call on that makes its database subnets, or its first route. The database subnets of one that is older have the VPC's main table
// and keep it until somebody writes routes: a route that was added to that table by hand would be lost to them.
func (n *network) elsewhere() {
	older := len(n.in.Observed.Names(nameSubnet+string(pipelinev1.SubnetDatabase)+"-")) > 0
	if !n.there(nameRoutes) && len(n.claim.routes) == 0 && (older || !n.claim.databaseTier) {
		return
	}
	if len(n.claim.routes) == 0 && !n.claim.databaseTier {
		n.drop(nameRoutes, "spec.routes is empty")
		return
	}
	was := n.observed(nameRoutes).At("spec")
	n.leadsElsewhere = true
	vpc := first(was.String("vpcId"), n.vpcID())
	if vpc == "" {
		n.waiting(nameRoutes)
		return
	}
	spec := n.childSpec()
	spec.SetString("vpcId", vpc)
	if n.claim.databaseTier {
		spec.SetBool("databaseTier", true)
		setTexts(spec, "databaseSubnetIds", n.knownOr(was.Strings("databaseSubnetIds"), func(z zone) string {
			return n.subnetID(subnetName(pipelinev1.SubnetDatabase, z))
		}))
	}
	setTexts(spec, "privateRouteTableIds", n.knownOr(was.Strings("privateRouteTableIds"), func(z zone) string {
		return n.id(tablePrivate(z))
	}))
	if len(n.claim.routes) > 0 {
		for i, item := range spec.Objects("routes", len(n.claim.routes)) {
			route := n.claim.routes[i]
			item.SetString("cidr", route.CIDR)
			item.SetStringIf("transitGatewayId", route.TransitGatewayID)
			item.SetStringIf("peeringConnectionId", route.PeeringConnectionID)
		}
	}
	n.plan.Add(nameRoutes, core.Composite{
		Kind: v1.NetworkRoutesKind, Name: n.in.Name(nameRoutes), Spec: spec.Done(),
	}.Object(n.in.Flavour))
}

// childSpec is what every composite of the network says of whose it is.
func (n *network) childSpec() object.Fields {
	spec := object.NewFields()
	spec.SetObject("cloud", n.in.XR.At("spec", "cloud"))
	if owner := n.in.XR.At("spec", "owner"); !owner.IsZero() {
		spec.SetObject("owner", owner)
	}
	return spec
}

// knownOr are the ids of all zones. While one of them is not known, those of before are told too: no route is taken away for that.
func (n *network) knownOr(before []string, of func(zone) string) []string {
	var ids []string
	for _, z := range n.zones {
		ids = append(ids, of(z))
	}
	if slices.Contains(ids, "") {
		ids = slices.DeleteFunc(append(ids, before...), func(id string) bool { return id == "" })
	}
	return sorted(ids)
}

func setTexts(f object.Fields, field string, texts []string) {
	if len(texts) > 0 {
		f.SetStrings(field, texts)
	}
}

// routesLead refuses routes that AWS would refuse, or that lead where the platform team lets nobody.
func (n *network) routesLead() *plan.Refusal {
	if len(n.claim.routes) > maxRoutes {
		return refuse(conditions.InvalidSpec, "spec.routes: %d are too many; write %d at most", len(n.claim.routes), maxRoutes)
	}
	var seen []netip.Prefix
	for _, route := range n.claim.routes {
		p, err := netip.ParsePrefix(route.CIDR)
		switch {
		case err != nil || !p.Addr().Is4():
			return refuse(conditions.InvalidCIDR, "spec.routes: %q is not an IPv4 range; write one such as 10.200.0.0/16", quote.Short(route.CIDR))
		case p.Masked() != p:
			return refuse(conditions.InvalidCIDR, "spec.routes: %s is an address within a network; write the network, %s", p, p.Masked())
		case n.space.network.IsValid() && p.Overlaps(n.space.network):
			return refuse(conditions.InvalidCIDR, "spec.routes: %s overlaps with the network itself, %s, which is always reached; write the range "+
				"of what is elsewhere", p, n.space.network)
		}
		for _, other := range seen {
			if p.Overlaps(other) {
				return refuse(conditions.InvalidCIDR, "spec.routes: %s and %s overlap; write ranges that do not, or one of them", other, p)
			}
		}
		seen = append(seen, p)
		if refusal := n.routeTarget(route); refusal != nil {
			return refusal
		}
	}
	return nil
}

func (n *network) routeTarget(route v1.NetworkRoute) *plan.Refusal {
	gateway, peering := route.TransitGatewayID, route.PeeringConnectionID
	if (gateway == "") == (peering == "") {
		return refuse(conditions.InvalidSpec, "spec.routes: the one to %s needs exactly one target; write either transitGatewayId or "+
			"peeringConnectionId", route.CIDR)
	}
	field, id, begins := "transitGatewayId", gateway, "tgw-"
	if gateway == "" {
		field, id, begins = "peeringConnectionId", peering, "pcx-"
	}
	if !isID(id, begins) {
		return refuse(conditions.InvalidSpec, "spec.routes: %s %q of the one to %s is no such id; write one like %s0a1b2c3d4e5f60718", field,
			quote.Short(id), route.CIDR, begins)
	}
	namespace, named := n.in.Subject.Namespace, tenancy.Name{Field: "spec.routes." + field, Value: id, List: tenancy.RouteTargets}
	if refused := n.data.tenancy.Refused(namespace, []tenancy.Name{named}); len(refused) > 0 {
		return refuse(conditions.TenancyDenied, "%s", tenancy.Denied(namespace, refused))
	}
	return nil
}

// isID says that a text is an id of AWS that begins in some way.
func isID(id, begins string) bool {
	const digits, longest = "0123456789abcdef", 32
	rest, ok := strings.CutPrefix(id, begins)
	return ok && rest != "" && len(rest) <= longest && strings.Trim(rest, digits) == ""
}

// routesReady hands on what the composite of the routes says.
func (n *network) routesReady() conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionRoutesReady, Status: conditions.False}
	child := n.observed(nameRoutes)
	planned := slices.ContainsFunc(n.plan.Resources, func(r plan.Resource) bool { return r.Name == nameRoutes })
	state, said := health.Of(child), child.Condition(v1.ConditionRoutesReady)
	switch {
	case !n.leadsElsewhere:
		c.Status, c.Reason, c.Message = conditions.True, conditions.NotUsed, "spec.routes is empty"
	case !planned:
		c.Reason, c.Message = conditions.Blocked, "the routes follow when the VPC is there"
	case state.Ready && said.Status == string(conditions.True):
		c.Status, c.Reason, c.Message = conditions.True, conditions.Available, said.Message
	case said.Status == string(conditions.False) && said.Reason != "":
		c.Reason, c.Message = conditions.Reason(said.Reason), said.Message
	default:
		c.Reason, c.Message = conditions.Creating, first(state.Message, "the routes are being created")
	}
	return c
}

// routedCIDRs are the network's own range and those that the routes lead to. Nil for a VPC that others own: nobody knows.
func (n *network) routedCIDRs() []string {
	if n.claim.existing != nil || n.ownCIDR() == "" {
		return nil
	}
	return append([]string{n.ownCIDR()}, n.observed(nameRoutes).Strings("status", "routedCidrs")...)
}

// tablesOf the subnets, as far as their ids are known.
func (n *network) tablesOf() []v1.RouteTableStatus {
	var tables []v1.RouteTableStatus
	tell := func(role pipelinev1.SubnetRole, zone, id string) {
		for _, before := range n.in.XR.List("status", "routeTables") {
			if before.String("role") == string(role) && before.String("zone") == zone {
				id = first(id, before.String("id"))
			}
		}
		if id != "" {
			tables = append(tables, v1.RouteTableStatus{ID: id, Role: role, Zone: zone})
		}
	}
	tell(pipelinev1.SubnetPublic, "", n.id(tablePublic))
	for _, z := range n.zones {
		tell(pipelinev1.SubnetPrivate, z.name, n.id(tablePrivate(z)))
	}
	if !n.claim.databaseTier {
		return tables
	}
	id := n.observed(nameRoutes).String("status", "databaseRouteTableId")
	if !n.leadsElsewhere {
		id = n.observed(nameVPC).String("status", "atProvider", "mainRouteTableId")
	}
	tell(pipelinev1.SubnetDatabase, "", id)
	return tables
}
