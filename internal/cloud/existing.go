package cloud

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// What was in the cloud before us. Who observes something by an external name that nobody of us made finds it there, and what it is
// follows from its name, so that an example can write the ids that it needs:
//
//   - A VPC is 10.<n>.0.0/16, where n is the number in the last two digits of its id: vpc-0e00000000000002a is 10.42.0.0/16.
//   - A subnet is in the VPC whose id begins with 0e and ends with the third and fourth digit from the right of its own:
//     subnet-0e000000000002aa1 is in vpc-0e00000000000002a. The last digits are its zone (a, b or c) and its number: that one is in
//     zone a, and its cidr is 10.42.1.0/24. Zone b begins at 10.42.16.0/24, and zone c at 10.42.32.0/24.
//   - An EKS cluster is in the VPC of the Network that it is named after (VPCOf), or else in ExistingVPC. A test of the unit
//     simulator can say another one: Cloud.Existing there.
//   - What has "dead" in its id or its name is not there.

// ExistingVPC is a VPC that was there before us. Its cidr is 10.42.0.0/16.
const ExistingVPC = "vpc-0e00000000000002a"

// Exists says that there is something of an external name that nobody of us made.
func (f Facts) Exists(name string) bool {
	return f.Existing != nil && name != "" && !strings.Contains(name, "dead")
}

func existingVPC(r Resource) map[string]any {
	return vpcOf(r, r.Name, fmt.Sprintf("10.%d.0.0/16", hexadecimal(tail(r.Name, 2))))
}

func existingSubnet(r Resource) map[string]any {
	digits := tail(r.Name, 4)
	zone := (hexadecimal(digits[2:3]) + 2) % 3
	block := hexadecimal(digits[3:])
	return subnetOf(r, r.Name, "vpc-0e"+strings.Repeat("0", 13)+digits[:2],
		fmt.Sprintf("10.%d.%d.0/24", hexadecimal(digits[:2]), 16*zone+block), r.text("region")+string(rune('a'+zone)))
}

// tail is the end of an id. What is too short begins with zeros.
func tail(id string, n int) string {
	id = strings.Repeat("0", n) + id
	return id[len(id)-n:]
}

// hexadecimal is the number in some digits; zero when they are none.
func hexadecimal(digits string) int {
	n, err := strconv.ParseUint(digits, 16, 16)
	if err != nil {
		return 0
	}
	return int(n)
}

// Network is a VPC, and the Network that it belongs to.
type Network struct{ Name, VPC string }

// VPCOf an EKS cluster is that of the Network that it is named after: one name begins with the other, up to a hyphen, as in the
// Network shared and the cluster shared-eks. Of several Networks it is the one whose name is closest. Empty when there is none.
func VPCOf(cluster string, networks []Network) string {
	best, distance := "", 0
	for _, n := range slices.SortedFunc(slices.Values(networks), func(a, b Network) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.VPC, b.VPC))
	}) {
		fits := strings.HasPrefix(cluster+"-", n.Name+"-") || strings.HasPrefix(n.Name+"-", cluster+"-")
		apart := max(len(cluster)-len(n.Name), len(n.Name)-len(cluster))
		if fits && n.Name != "" && n.VPC != "" && (best == "" || apart < distance) {
			best, distance = n.VPC, apart
		}
	}
	return best
}
