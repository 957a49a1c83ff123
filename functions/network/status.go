package network

import (
	"net/netip"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/cidr"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// status is what Environments find, and all that they act on: it says what was allowed. Every field that is known is written on every
// call: core removes the others.
func (n *network) status() {
	f := object.NewFields()
	f.SetStringIf("vpcId", n.vpcID())
	f.SetStringIf("cidr", n.ownCIDR())
	f.SetStringIf("peerGroup", n.joined())
	n.allowedStatus(f)
	setTexts(f, "routedCidrs", n.routedCIDRs())
	f.SetBool("deletionProtection", n.protectedNow())
	if lost := kernel.AllowedLosses(n.in.XR); len(lost) > 0 {
		f.Object("dataLoss").SetStrings("allowed", lost)
	}
	if n.claim.existing != nil {
		subnets := n.existingSubnets()
		writeSubnets(f, subnets)
		writeZones(f, subnets)
	} else {
		n.ownStatus(f)
	}
	n.plan.Status = f
}

// allowedStatus is what the claim asked for and was allowed.
func (n *network) allowedStatus(f object.Fields) {
	cloud := f.Object("cloud")
	cloud.SetString("provider", string(n.cloud.Provider))
	cloud.SetString("region", n.cloud.Region)
	cloud.SetStringIf("accountId", n.cloud.AccountID)
	if config := n.cloud.ProviderConfigRef; config != nil {
		ref := cloud.Object("providerConfigRef")
		ref.SetString("name", config.Name)
		ref.SetStringIf("kind", config.Kind)
	}
	if shared := n.in.XR.Strings("spec", "sharedWith"); len(shared) > 0 {
		f.SetStrings("sharedWith", shared)
	}
	// A claim may name any composite as its own. This one says itself whose it is.
	if n.in.Flavour.Legacy && n.in.XR.Has("spec", "claimRef") {
		f.SetString("composite", n.in.XR.Name())
	}
}

// ownStatus is what only a network of our own has.
func (n *network) ownStatus(f object.Fields) {
	writeSubnets(f, n.ownSubnets())
	f.SetStrings("zones", n.zoneNames())
	f.SetString("nat", string(n.claim.nat))
	if addresses := n.natAddresses(); len(addresses) > 0 {
		f.SetStrings("natAddresses", addresses)
	}
	if tables := n.tablesOf(); len(tables) > 0 {
		for i, item := range f.Objects("routeTables", len(tables)) {
			item.SetString("id", tables[i].ID)
			item.SetString("role", string(tables[i].Role))
			item.SetStringIf("zone", tables[i].Zone)
		}
	}
	if n.claim.flowLogs.enabled {
		f.SetString("flowLogGroup", n.cloudName(nameFlowLogGroup))
	}
	ranges := n.space.ranges
	for i, item := range f.Objects("plan", len(ranges)) {
		item.SetString("cidr", ranges[i].Prefix.String())
		item.SetString("role", string(ranges[i].Role))
		zone, used := n.plannedFor(ranges[i])
		item.SetStringIf("zone", zone)
		if used {
			item.SetBool("used", true)
		}
	}
}

// plannedFor is the zone that a range is for, and whether there is a subnet in it.
func (n *network) plannedFor(r cidr.Range) (string, bool) {
	for _, z := range n.zones {
		if z.block == r.Zone {
			return z.name, n.there(subnetName(pipelinev1.SubnetRole(r.Role), z))
		}
	}
	return "", false
}

// ownSubnets that have an id, by zone.
func (n *network) ownSubnets() []pipelinev1.Subnet {
	var subnets []pipelinev1.Subnet
	for _, z := range n.zones {
		for _, tier := range n.tiers() {
			name := subnetName(tier.role, z)
			if id := n.subnetID(name); id != "" {
				subnets = append(subnets, pipelinev1.Subnet{ID: id, Role: tier.role, Zone: z.name, CIDR: n.keep(name, "cidrBlock", "")})
			}
		}
	}
	return subnets
}

func writeSubnets(f object.Fields, subnets []pipelinev1.Subnet) {
	if len(subnets) == 0 {
		return
	}
	for i, item := range f.Objects("subnets", len(subnets)) {
		item.SetString("id", subnets[i].ID)
		item.SetString("role", string(subnets[i].Role))
		item.SetString("zone", subnets[i].Zone)
		item.SetStringIf("cidr", subnets[i].CIDR)
	}
}

func writeZones(f object.Fields, subnets []pipelinev1.Subnet) {
	var zones []string
	for _, s := range subnets {
		zones = append(zones, s.Zone)
	}
	slices.Sort(zones)
	if zones = slices.Compact(zones); len(zones) > 0 {
		f.SetStrings("zones", zones)
	}
}

// natAddresses of the gateways that are wanted. While one of them is not known, those of before are told too: somebody may have
// allowed them.
func (n *network) natAddresses() []string {
	var addresses []string
	lost := false
	for _, z := range n.zones {
		gateway, ok := n.gatewayOf(z)
		if !ok || gateway != nameGateway+z.key {
			continue
		}
		address := first(n.observed(gateway).String("status", "atProvider", "publicIp"),
			n.observed(nameAddress+z.key).String("status", "atProvider", "publicIp"))
		if address == "" {
			lost = true
			continue
		}
		addresses = append(addresses, address)
	}
	if lost && n.claim.nat != v1.NATNone {
		addresses = append(addresses, n.in.XR.Strings("status", "natAddresses")...)
	}
	slices.SortFunc(addresses, compareAddresses)
	return slices.Compact(addresses)
}

// compareAddresses as numbers, and what is none of them as text.
func compareAddresses(a, b string) int {
	one, err1 := netip.ParseAddr(a)
	two, err2 := netip.ParseAddr(b)
	if err1 != nil || err2 != nil {
		return strings.Compare(a, b)
	}
	return one.Compare(two)
}
