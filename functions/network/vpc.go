package network

import (
	"slices"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/cidr"
	"github.com/goldenpath-dev/goldenpath/functions/internal/holder"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/ec2"
)

// vpc is the network itself, with the security group that everything without one of its own would get: it admits nothing, and lets
// nothing out. Nothing in AWS refuses to delete a VPC that is merely empty, so while it is protected the provider does not either.
func (n *network) vpc() {
	vpc := managed.Resource[*ec2.VPC]{Retain: n.claim.protected, ForProvider: &ec2.VPC{
		Region:           n.region(nameVPC),
		CIDRBlock:        n.space.network.String(),
		EnableDNSSupport: ptr(true), EnableDNSHostnames: ptr(true),
		Tags: n.tags(nameVPC),
	}}
	holder.Write(n.once().From(n.in, "ipv4IpamPoolId", noPool, "cidrBlock"), &vpc)
	n.plan.AddData(nameVPC, write(&n.base, nameVPC, vpc))
	n.defaultGroup()
	if n.needs(nameInternetGateway, n.vpcID()) {
		add(&n.base, nameInternetGateway, managed.Resource[*ec2.InternetGateway]{ForProvider: &ec2.InternetGateway{
			Region: n.region(nameInternetGateway), VPCID: n.vpcOf(nameInternetGateway), Tags: n.tags(nameInternetGateway),
		}})
	}
}

// vpcName is the VPC, ours or another's.
func (n *network) vpcName() string {
	if n.claim.existing != nil {
		return nameExistingVPC
	}
	return nameVPC
}

// vpcID is known once the VPC exists.
func (n *network) vpcID() string {
	if id := n.id(n.vpcName()); id != "" || !n.there(n.vpcName()) || n.observed(n.vpcName()).Deleting() {
		return id
	}
	return n.in.XR.String("status", "vpcId")
}

// noPool is the id of a pool of addresses that nobody has: a second creation of the VPC is refused, and one that is there has nothing to do
// with it.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html
const noPool = "ipam-pool-00000000000000000"

// once is the VPC, which is made once.
func (n *network) once() holder.Holder {
	if n.claim.existing != nil {
		return holder.Holder{}
	}
	return holder.Of(n.in, nameVPC, "id", n.in.XR.String("status", "vpcId")).Adopt(n.in)
}

// vpcOf a resource never changes, unless the VPC was lost, with all that was in it, and made anew.
func (n *network) vpcOf(resource string) string {
	if once := n.once(); once.Anew != "" && !once.Again() {
		return n.vpcID()
	}
	return n.keep(resource, "vpcId", n.vpcID())
}

// otherAccount is the account that the VPC is really in, when it is not the one of spec.cloud. Only the provider's credentials decide.
func (n *network) otherAccount() string {
	owner := n.observed(n.vpcName()).String("status", "atProvider", "ownerId")
	if owner == n.cloud.AccountID {
		return ""
	}
	return owner
}

// tierFacts is what a kind of subnet is for.
type tierFacts struct {
	role pipelinev1.SubnetRole
	// part of the address space.
	part cidr.Role
	tags map[string]string
}

// tiers of the network. The tags tell controllers in Kubernetes where to place load balancers.
// https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html
func (n *network) tiers() []tierFacts {
	tiers := []tierFacts{
		{pipelinev1.SubnetPublic, cidr.Public, map[string]string{"kubernetes.io/role/elb": "1"}},
		{pipelinev1.SubnetPrivate, cidr.Private, map[string]string{"kubernetes.io/role/internal-elb": "1"}},
	}
	if n.claim.databaseTier {
		tiers = append(tiers, tierFacts{pipelinev1.SubnetDatabase, cidr.Database, nil})
	}
	return tiers
}

// subnets of each tier in each zone. Not even in a public one does a machine get a public address unless it asks for one.
func (n *network) subnets() {
	for _, z := range n.zones {
		for _, tier := range n.tiers() {
			name := subnetName(tier.role, z)
			if !n.needs(name, n.vpcID()) {
				continue
			}
			add(&n.base, name, managed.Resource[*ec2.Subnet]{ForProvider: &ec2.Subnet{
				Region: n.region(name), VPCID: n.vpcOf(name),
				CIDRBlock:           n.keep(name, "cidrBlock", n.space.ranges.Subnet(tier.part, z.block).String()),
				AvailabilityZone:    n.keep(name, "availabilityZone", z.name),
				MapPublicIPOnLaunch: ptr(false),
				Tags:                n.tags(name, tier.tags),
			}})
		}
	}
}

func subnetName(role pipelinev1.SubnetRole, z zone) string {
	return nameSubnet + string(role) + "-" + z.key
}

// privateSubnetIDs are those of all zones. Nil while one of them is not known.
func (n *network) privateSubnetIDs() []string {
	var ids []string
	for _, z := range n.zones {
		ids = append(ids, n.subnetID(subnetName(pipelinev1.SubnetPrivate, z)))
	}
	if slices.Contains(ids, "") {
		return nil
	}
	slices.Sort(ids)
	return ids
}

// subnetID is also remembered by the status.
func (n *network) subnetID(name string) string {
	if id := n.id(name); id != "" || !n.there(name) || n.observed(name).Deleting() {
		return id
	}
	for _, s := range n.in.XR.List("status", "subnets") {
		if s.String("cidr") == n.keep(name, "cidrBlock", "") {
			return s.String("id")
		}
	}
	return ""
}
