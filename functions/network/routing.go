package network

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/ec2"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
)

// anywhere is the destination of a default route.
const anywhere = "0.0.0.0/0"

// tablePublic is the one route table of all public subnets. Each zone has a private one of its own, whatever the NAT mode is: another
// mode then changes routes, and not the tables of running subnets. Database subnets have one in the composite of the routes
// (elsewhere), or are left to the VPC's main table; neither leads to the internet.
const tablePublic = nameRouteTable + "public"

func tablePrivate(z zone) string { return nameRouteTable + "private-" + z.key }

func (n *network) routeTables() {
	n.routeTable(tablePublic)
	for _, z := range n.zones {
		n.routeTable(tablePrivate(z))
		n.associate(pipelinev1.SubnetPublic, z, tablePublic)
		n.associate(pipelinev1.SubnetPrivate, z, tablePrivate(z))
	}
}

func (n *network) routeTable(name string) {
	if n.needs(name, n.vpcID()) {
		add(&n.base, name, managed.Resource[*ec2.RouteTable]{ForProvider: &ec2.RouteTable{
			Region: n.region(name), VPCID: n.vpcOf(name), Tags: n.tags(name),
		}})
	}
}

func (n *network) associate(role pipelinev1.SubnetRole, z zone, table string) {
	name := nameAssociation + string(role) + "-" + z.key
	tableID, subnetID := n.id(table), n.subnetID(subnetName(role, z))
	if n.needs(name, tableID, subnetID) {
		add(&n.base, name, managed.Resource[*ec2.RouteTableAssociation]{ForProvider: &ec2.RouteTableAssociation{
			Region: n.region(name), RouteTableID: n.keep(name, "routeTableId", tableID), SubnetID: n.keep(name, "subnetId", subnetID),
		}})
	}
}

// routes to the internet: of the public subnets through the internet gateway, of the private ones through NAT where there is any.
func (n *network) routes() {
	n.route(nameRoute+"public", tablePublic, ec2.Route{
		GatewayID: n.keep(nameRoute+"public", "gatewayId", n.id(nameInternetGateway)),
	})
	wanted := map[string]bool{}
	for _, z := range n.zones {
		if gateway, ok := n.gatewayOf(z); ok {
			wanted[routePrivate(z)] = true
			n.route(routePrivate(z), tablePrivate(z), ec2.Route{NATGatewayID: n.leadsTo(z, gateway)})
		}
	}
	for _, name := range n.in.Observed.Names(nameRoute + "private-") {
		if !wanted[name] {
			n.drop(name, "private subnets do not call the internet any more: spec.nat is none")
		}
	}
}

func routePrivate(z zone) string { return nameRoute + "private-" + z.key }

// route wants a default route in a table, to where the given one leads.
func (n *network) route(name, table string, r ec2.Route) {
	tableID := n.id(table)
	if n.needs(name, tableID, first(r.GatewayID, r.NATGatewayID)) {
		r.Region, r.RouteTableID, r.DestinationCIDRBlock = n.region(name), n.keep(name, "routeTableId", tableID), anywhere
		add(&n.base, name, managed.Resource[*ec2.Route]{ForProvider: &r})
	}
}

// gatewayServices are the services with an endpoint that is free: routes that lead to the service and not through NAT.
// https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
func gatewayServices() []string { return []string{"dynamodb", "s3"} }

// gatewayEndpoints give the private subnets routes to S3 and DynamoDB. The public subnets have none: what is in them, load balancers
// and NAT gateways, calls neither service of its own accord. Database subnets have no way out, not even to these.
func (n *network) gatewayEndpoints() {
	for _, service := range gatewayServices() {
		name := nameEndpoint + service
		var users []string
		for _, z := range n.zones {
			users = append(users, name+"-private-"+z.key)
		}
		if n.needs(name, n.vpcID()) {
			// Following: late initialisation would pin what the associations change (provider-aws issue 1596).
			add(&n.base, name, managed.Resource[*ec2.VPCEndpoint]{
				Following: true, ExternalName: n.builtOn("vpcEndpointId", users...),
				ForProvider: &ec2.VPCEndpoint{
					Region: n.region(name), VPCID: n.vpcOf(name), VPCEndpointType: "Gateway",
					ServiceName: n.keep(name, "serviceName", partition.EndpointService(n.cloud.Region, service)),
					Tags:        n.tags(name),
				},
			})
		}
		for _, z := range n.zones {
			n.associateEndpoint(name, z)
		}
	}
}

func (n *network) associateEndpoint(endpoint string, z zone) {
	name := endpoint + "-private-" + z.key
	endpointID, tableID := n.id(endpoint), n.id(tablePrivate(z))
	if n.needs(name, endpointID, tableID) {
		add(&n.base, name, managed.Resource[*ec2.VPCEndpointRouteTableAssociation]{ForProvider: &ec2.VPCEndpointRouteTableAssociation{
			Region:        n.region(name),
			VPCEndpointID: n.keep(name, "vpcEndpointId", endpointID), RouteTableID: n.keep(name, "routeTableId", tableID),
		}})
	}
}
