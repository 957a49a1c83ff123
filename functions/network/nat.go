package network

import (
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/ec2"
)

// gatewayOf is the NAT gateway that a zone's private subnets call the internet through, or false when they do not.
func (n *network) gatewayOf(z zone) (string, bool) {
	switch n.claim.nat {
	case v1.NATPerZone:
		return nameGateway + z.key, true
	case v1.NATSingle:
		return nameGateway + n.zones[0].key, true
	default:
		return "", false
	}
}

// gateways wants the NAT gateways of the mode, each with its public address. Core deletes what is dropped before it applies what is
// wanted, so a gateway that a route still leads to stays until no route does: otherwise the subnets of that zone would be cut off in
// between.
func (n *network) gateways() {
	wanted := map[string]bool{}
	for _, z := range n.zones {
		if gateway, ok := n.gatewayOf(z); ok && gateway == nameGateway+z.key {
			wanted[gateway] = true
			n.gateway(z.key)
		}
	}
	for _, name := range n.in.Observed.Names(nameGateway) {
		switch {
		case wanted[name]:
		case n.routesSettled():
			n.drop(name, "no route leads to it any more: spec.nat is "+string(n.claim.nat))
		default:
			n.gateway(strings.TrimPrefix(name, nameGateway))
		}
	}
	for _, name := range n.in.Observed.Names(nameAddress) {
		key := strings.TrimPrefix(name, nameAddress)
		switch {
		case wanted[nameGateway+key], !n.routesSettled() && n.there(nameGateway+key):
		case n.there(nameGateway + key):
			// AWS does not release the address of a gateway.
			n.address(name)
		default:
			n.drop(name, "its NAT gateway is gone")
		}
	}
}

// gateway wants the NAT gateway of a zone, and its address. AWS makes one only where there is an internet gateway.
func (n *network) gateway(key string) {
	name, address := nameGateway+key, nameAddress+key
	n.address(address)
	subnet := n.subnetID(nameSubnet + string(pipelinev1.SubnetPublic) + "-" + key)
	internet := ""
	if health.Of(n.observed(nameInternetGateway)).Ready {
		internet = n.id(nameInternetGateway)
	}
	if n.needs(name, n.id(address), subnet, internet) {
		add(&n.base, name, managed.Resource[*ec2.NATGateway]{ForProvider: &ec2.NATGateway{
			Region:       n.region(name),
			AllocationID: n.keep(name, "allocationId", n.id(address)),
			SubnetID:     n.keep(name, "subnetId", subnet),
			Tags:         n.tags(name),
		}})
	}
}

// address of a NAT gateway. Following: late initialisation would write down the network interface of the gateway, and give the
// address to that one again when the gateway is another.
func (n *network) address(name string) {
	add(&n.base, name, managed.Resource[*ec2.EIP]{
		Following: true, ExternalName: n.builtOn("allocationId", nameGateway+strings.TrimPrefix(name, nameAddress)),
		ForProvider: &ec2.EIP{Region: n.region(name), Domain: "vpc", Tags: n.tags(name)},
	})
}

// leadsTo is the NAT gateway of a private route: the wanted one, as soon as it works where there is another one until then.
func (n *network) leadsTo(z zone, gateway string) string {
	was, id := n.keep(routePrivate(z), "natGatewayId", ""), n.id(gateway)
	if was != "" && was != id && (id == "" || !health.Of(n.observed(gateway)).Ready) {
		return was
	}
	return id
}

// routesSettled says that every private route is where the mode wants it, as far as the provider is too.
func (n *network) routesSettled() bool {
	names := n.in.Observed.Names(nameRoute + "private-")
	if n.claim.nat == v1.NATNone {
		return len(names) == 0
	}
	for _, z := range n.zones {
		route := n.observed(routePrivate(z))
		if route.IsZero() {
			continue
		}
		gateway, _ := n.gatewayOf(z)
		if id := n.id(gateway); id == "" || route.String("spec", "forProvider", "natGatewayId") != id || !health.Of(route).Ready {
			return false
		}
	}
	return true
}

// switching says that routes or gateways are not yet what the mode wants. The network works all the while.
func (n *network) switching() bool {
	if n.claim.existing != nil {
		return false
	}
	wanted := 0
	for _, z := range n.zones {
		if gateway, ok := n.gatewayOf(z); ok && gateway == nameGateway+z.key {
			wanted++
		}
	}
	return !n.routesSettled() || len(n.in.Observed.Names(nameGateway)) > wanted || len(n.in.Observed.Names(nameAddress)) > wanted
}
