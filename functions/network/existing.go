package network

import (
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/ec2"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// adopt observes a VPC and subnets that others own. They are neither changed nor deleted, whatever becomes of this object.
func (n *network) adopt() {
	add(&n.base, nameExistingVPC, managed.Resource[*ec2.VPC]{
		Observe: true, ExternalName: n.claim.existing.VPCID,
		ForProvider: &ec2.VPC{Region: n.region(nameExistingVPC)},
	})
	wanted := map[string]bool{nameExistingVPC: true}
	for _, s := range n.claim.existing.Subnets {
		name := existingSubnet(s.ID)
		wanted[name] = true
		add(&n.base, name, managed.Resource[*ec2.Subnet]{
			Observe: true, ExternalName: s.ID,
			ForProvider: &ec2.Subnet{Region: n.region(name)},
		})
	}
	for _, name := range n.in.Observed.Names(nameExisting) {
		if !wanted[name] {
			n.drop(name, "spec.existing does not name it any more; it was only observed")
		}
	}
}

func existingSubnet(id string) string { return nameExisting + id }

// existingSubnets are those of which enough is known to place something in.
func (n *network) existingSubnets() []pipelinev1.Subnet {
	before := map[string]object.Object{}
	for _, s := range n.in.XR.List("status", "subnets") {
		before[s.String("id")] = s
	}
	var subnets []pipelinev1.Subnet
	for _, s := range n.claim.existing.Subnets {
		at := n.observed(existingSubnet(s.ID)).At("status", "atProvider")
		zone := first(at.String("availabilityZone"), before[s.ID].String("zone"))
		if zone == "" || n.foreign(s.ID) {
			continue
		}
		subnets = append(subnets, pipelinev1.Subnet{
			ID: s.ID, Role: s.Role, Zone: zone, CIDR: first(at.String("cidrBlock"), before[s.ID].String("cidr")),
		})
	}
	return subnets
}

// foreign says that a subnet belongs to another VPC than the one that is named.
func (n *network) foreign(id string) bool {
	vpc := n.observed(existingSubnet(id)).String("status", "atProvider", "vpcId")
	return vpc != "" && vpc != n.claim.existing.VPCID
}

// foreignSubnets tells which subnets are of another VPC. Empty when none is.
func (n *network) foreignSubnets() string {
	if n.claim.existing == nil {
		return ""
	}
	var parts []string
	for _, s := range n.claim.existing.Subnets {
		if n.foreign(s.ID) {
			parts = append(parts, fmt.Sprintf("%s is of %s", s.ID,
				n.observed(existingSubnet(s.ID)).String("status", "atProvider", "vpcId")))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
