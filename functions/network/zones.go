package network

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/cidr"
)

// zone that the network is in.
type zone struct {
	// block of the address space.
	block int
	name  string
	// key is the end of the composition resource names.
	key string
}

// space is the address space of a network of our own.
type space struct {
	network netip.Prefix
	ranges  cidr.Ranges
	// wrong says what is wrong with it. Nil when it can be planned.
	wrong error
}

// settle decides the address space, and which zone has which block of it. A zone that has subnets stays in its block, whatever order
// the list of zones has by now; a new one takes the first free block.
func (n *network) settle() {
	if n.claim.existing != nil {
		return
	}
	n.space.network, n.space.wrong = cidr.Parse(n.keep(nameVPC, "cidrBlock", n.claim.cidr))
	if n.space.wrong != nil {
		return
	}
	n.space.ranges = n.ranges()
	blocks := n.usedBlocks()
	for block := range min(n.claim.zones, cidr.MaxZones) {
		if blocks[block].name != "" {
			continue
		}
		free := slices.IndexFunc(n.candidates(block), func(name string) bool {
			return !slices.ContainsFunc(blocks[:], func(z zone) bool { return z.name == name })
		})
		if free >= 0 {
			name := n.candidates(block)[free]
			blocks[block] = zone{block: block, name: name, key: key(n.cloud.Region, name)}
		}
	}
	for _, z := range blocks {
		if z.name != "" {
			n.zones = append(n.zones, z)
		}
	}
}

// ranges are the plan that the subnets that are there were made by: the newest of those that most of them fit. A new network has the
// newest.
func (n *network) ranges() cidr.Ranges {
	var chosen cidr.Ranges
	most := -1
	for _, ranges := range cidr.Plans(n.space.network) {
		fit := 0
		for _, name := range n.in.Observed.Names(nameSubnet) {
			p, err := netip.ParsePrefix(n.keep(name, "cidrBlock", ""))
			role, _, _ := strings.Cut(strings.TrimPrefix(name, nameSubnet), "-")
			if err == nil && ranges.Has(p, cidr.Role(role)) {
				fit++
			}
		}
		if fit > most {
			chosen, most = ranges, fit
		}
	}
	return chosen
}

// candidates for a block: the zone that had it before, and those of the region.
func (n *network) candidates(block int) []string {
	names := n.data.zonesOf(n.cloud.Region)
	before := n.in.XR.Strings("status", "zones")
	if n.there(nameVPC) && block < len(before) && key(n.cloud.Region, before[block]) != "" {
		return append([]string{before[block]}, names...)
	}
	return names
}

// usedBlocks are the zones of the subnets that are there.
func (n *network) usedBlocks() [cidr.MaxZones]zone {
	var blocks [cidr.MaxZones]zone
	for _, name := range n.in.Observed.Names(nameSubnet) {
		subnet := n.observed(name).At("spec", "forProvider")
		p, err := netip.ParsePrefix(subnet.String("cidrBlock"))
		if err != nil {
			continue
		}
		if block := n.space.ranges.Zone(p); block >= 0 && block < cidr.MaxZones {
			_, k, _ := strings.Cut(strings.TrimPrefix(name, nameSubnet), "-")
			blocks[block] = zone{block: block, name: subnet.String("availabilityZone"), key: k}
		}
	}
	return blocks
}

// names of the zones.
func (n *network) zoneNames() []string {
	names := make([]string, 0, len(n.zones))
	for _, z := range n.zones {
		names = append(names, z.name)
	}
	return names
}
