// Package cidr plans the address space of a network. The plan is made once and for ever: a zone or a tier that is added later finds
// its range free, and nothing that is there moves.
package cidr

import (
	"fmt"
	"net/netip"
	"slices"
)

// Sizes of a network, in bits of its prefix.
const (
	// Largest network that AWS makes.
	// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
	Largest = 16
	// Smallest network that the plans fit into: three zones with a private and a public subnet of 32 addresses and a database subnet of 16.
	// It does not depend on what is asked for today: the place of three zones and all tiers is kept free.
	Smallest = 24
)

// MaxZones is how many zones a network may have. There is a block more than that, which stays free.
const MaxZones = 3

const (
	blocks = MaxZones + 1
	// smallestSubnet is a /28, the smallest that AWS makes. It keeps five of the sixteen addresses for itself.
	// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
	smallestSubnet = 16
	// smallestPublic is a /27: a load balancer wants eight free addresses in each subnet, and one of that size.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
	smallestPublic = 32
)

// Role of a range.
type Role string

// The roles.
const (
	Public   Role = "public"
	Private  Role = "private"
	Database Role = "database"
	Spare    Role = "spare"
)

// Range is a part of a network.
type Range struct {
	Prefix netip.Prefix
	Role   Role
	// Zone is 0 to 2. The fourth block, 3, is spare.
	Zone int
}

// Parse reads the address range of a new network. The error says what to write instead, without the name of the field.
func Parse(text string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(text)
	if err != nil || !p.Addr().Is4() {
		return netip.Prefix{}, fmt.Errorf("%q is not an IPv4 range; write one such as 10.40.0.0/16", text)
	}
	switch {
	case p.Masked() != p:
		return netip.Prefix{}, fmt.Errorf("%s is an address within a network; write the network, %s", text, p.Masked())
	case p.Bits() > Smallest:
		return netip.Prefix{}, fmt.Errorf("%s is too small: it has to have room for three zones with a subnet of each tier, so that one can "+
			"be added later. The smallest that fits is a /%d; write %s", text, Smallest, resized(p, Smallest))
	case p.Bits() < Largest:
		return netip.Prefix{}, fmt.Errorf("%s is too large: AWS makes networks of /%d at most; write %s", text, Largest, resized(p, Largest))
	case !private(p):
		return netip.Prefix{}, fmt.Errorf("%s is not private: it belongs to somebody on the internet, who could not be reached any more. "+
			"Write a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10", text)
	}
	return p, nil
}

// resized is a network of another size that begins where this one does, or before.
func resized(p netip.Prefix, bits int) netip.Prefix { return netip.PrefixFrom(p.Addr(), bits).Masked() }

// private says that a range is none of the internet's: RFC 1918, or RFC 6598, which AWS also takes.
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
func private(p netip.Prefix) bool {
	for _, space := range []netip.Prefix{space(10, 0, 8), space(172, 16, 12), space(192, 168, 16), space(100, 64, 10)} {
		if space.Contains(p.Addr()) && p.Bits() >= space.Bits() {
			return true
		}
	}
	return false
}

func space(a, b byte, bits int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{a, b, 0, 0}), bits)
}

// Ranges of a network, in the order of their addresses.
type Ranges []Range

// Plans of a network that Parse has taken, the newest first. A network keeps the plan that its subnets were made by.
func Plans(network netip.Prefix) []Ranges { return []Ranges{Plan(network), First(network)} }

// Plan cuts a network into ranges as First does, but for public subnets in which a load balancer finds no place: they have the whole of
// their quarter and, where that is too small as well, zones have no blocks: first come the private ranges of all zones, then the public
// and then those of the databases.
func Plan(network netip.Prefix) Ranges {
	quarter := size(network) / blocks / 4
	switch {
	case size(network)/blocks/8 >= smallestPublic:
		return First(network)
	case quarter >= smallestPublic:
		return cutBlocks(network, quarter)
	}
	ranges := make(Ranges, 0, 3*MaxZones+1)
	at := value(network.Addr())
	for _, tier := range []struct {
		role Role
		size uint32
	}{{Private, smallestPublic}, {Public, smallestPublic}, {Database, smallestSubnet}} {
		for zone := range MaxZones {
			ranges = append(ranges, Range{prefix(at, tier.size), tier.role, zone})
			at += tier.size
		}
	}
	return append(ranges, Range{prefix(at, value(network.Addr())+size(network)-at), Spare, MaxZones})
}

// First cuts a network into ranges without gaps: three blocks for zones, and a fourth that is spare. A block is
// one half private; the third quarter begins with the range of the databases and the last one with the public range. Both are an
// eighth of the block, but 16 addresses at least. What is left of a quarter is spare.
func First(network netip.Prefix) Ranges {
	return cutBlocks(network, max(size(network)/blocks/8, smallestSubnet))
}

// cutBlocks with public subnets of a size.
func cutBlocks(network netip.Prefix, public uint32) Ranges {
	ranges := make(Ranges, 0, 5*MaxZones+1)
	start := value(network.Addr())
	block := size(network) / blocks
	quarter := block / 4
	database := max(block/8, smallestSubnet)
	for zone := range MaxZones {
		at := start + uint32(zone)*block
		ranges = append(ranges, Range{prefix(at, block/2), Private, zone})
		for n, tier := range []struct {
			role Role
			size uint32
		}{{Database, database}, {Public, public}} {
			third := at + uint32(2+n)*quarter
			ranges = append(ranges, Range{prefix(third, tier.size), tier.role, zone})
			if tier.size < quarter {
				ranges = append(ranges, Range{prefix(third+tier.size, quarter-tier.size), Spare, zone})
			}
		}
	}
	return append(ranges, Range{prefix(start+MaxZones*block, block), Spare, MaxZones})
}

// Has says that there is a range of a role.
func (ranges Ranges) Has(p netip.Prefix, role Role) bool {
	return slices.ContainsFunc(ranges, func(r Range) bool { return r.Prefix == p && r.Role == role })
}

// Subnet is the range of a role in a zone. The zero Prefix when there is none.
func (ranges Ranges) Subnet(role Role, zone int) netip.Prefix {
	for _, r := range ranges {
		if r.Role == role && r.Zone == zone {
			return r.Prefix
		}
	}
	return netip.Prefix{}
}

// Zone is the zone whose block holds a range. It is -1 when none does.
func (ranges Ranges) Zone(of netip.Prefix) int {
	for _, r := range ranges {
		if r.Prefix.Overlaps(of) && of.Bits() >= r.Prefix.Bits() {
			return r.Zone
		}
	}
	return -1
}

// size is how many addresses a network has.
func size(p netip.Prefix) uint32 { return 1 << (32 - p.Bits()) }

func value(a netip.Addr) uint32 {
	b := a.As4()
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// prefix of a number of addresses that is a power of two.
func prefix(at, addresses uint32) netip.Prefix {
	bits := 32
	for n := addresses; n > 1; n /= 2 {
		bits--
	}
	a := netip.AddrFrom4([4]byte{byte(at >> 24), byte(at >> 16), byte(at >> 8), byte(at)})
	return netip.PrefixFrom(a, bits)
}
