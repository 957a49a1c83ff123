package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// ec2Samples are errors of security groups.
func ec2Samples() map[string]sample {
	return map[string]sample{
		"too many groups": {
			"create failed: async create failed: failed to create the resource: [{0 creating Security Group (orders-sg): operation error EC2: CreateSecurityGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error SecurityGroupLimitExceeded: The maximum number of security groups for VPC 'vpc-1' has been reached.  []}]",
			conditions.QuotaExceeded, PlatformTeam,
			`SecurityGroupLimitExceeded: The maximum number of security groups for VPC 'vpc-1' has been reached. The account has as many security groups as it may have in this region. The platform team has to raise the VPC quota "VPC security groups per Region", or to delete some`,
		},
		"too many rules": {
			"create failed: async create failed: failed to create the resource: [{0 creating VPC Security Group Rule (): operation error EC2: AuthorizeSecurityGroupIngress, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.  []}]",
			conditions.QuotaExceeded, PlatformTeam,
			`RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached. The security group has as many rules as it may have. The platform team has to raise the VPC quota "Inbound or outbound rules per security group", or to name fewer in spec.cluster.workloadSecurityGroupIds of the Environment`,
		},
		"a group has the name": {
			"create failed: async create failed: failed to create the resource: [{0 creating Security Group (orders-sg): operation error EC2: CreateSecurityGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidGroup.Duplicate: The security group 'orders-sg' already exists for VPC 'vpc-1'  []}]",
			conditions.NameTaken, PlatformTeam,
			"InvalidGroup.Duplicate: The security group 'orders-sg' already exists for VPC 'vpc-1'. The network has a security group of this name that this object did not create. The platform team has to find out whose it is, and to delete it",
		},
		"a rule is there": {
			`create failed: async create failed: failed to create the resource: [{0 creating VPC Security Group Rule (): operation error EC2: AuthorizeSecurityGroupIngress, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidPermission.Duplicate: the specified rule "peer: sg-1, TCP, from port: 5432, to port: 5432, ALLOW" already exists  []}]`,
			conditions.NameTaken, PlatformTeam,
			`InvalidPermission.Duplicate: the specified rule "peer: sg-1, TCP, from port: 5432, to port: 5432, ALLOW" already exists. Somebody has added the same rule by hand. The platform team has to remove that rule`,
		},
		"a group that there is not": {
			"create failed: async create failed: failed to create the resource: [{0 creating VPC Security Group Rule (): operation error EC2: AuthorizeSecurityGroupIngress, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidGroup.NotFound: You have specified two resources that belong to different networks.  []}]",
			conditions.DependencyNotFound, PlatformTeam,
			"InvalidGroup.NotFound: You have specified two resources that belong to different networks. A security group that is named does not exist. The platform team has to correct spec.cluster.workloadSecurityGroupIds or spec.vault.source of the Environment",
		},
		"an identifier that is none": {
			`create failed: async create failed: failed to create the resource: [{0 creating VPC Security Group Rule (): operation error EC2: AuthorizeSecurityGroupIngress, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidGroupId.Malformed: Invalid id: "work" (expecting "sg-...")  []}]`,
			conditions.DependencyNotFound, PlatformTeam,
			`InvalidGroupId.Malformed: Invalid id: "work" (expecting "sg-..."). A security group that is named does not exist. The platform team has to correct spec.cluster.workloadSecurityGroupIds or spec.vault.source of the Environment`,
		},
		"a network that there is not": {
			"create failed: async create failed: failed to create the resource: [{0 creating Security Group (orders-sg): operation error EC2: CreateSecurityGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist  []}]",
			conditions.DependencyNotFound, PlatformTeam,
			"InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist. The network of the Environment does not exist in this account and region. The platform team has to correct spec.existing of the Network, or its account and region",
		},
		"a transit gateway that the network is not attached to": {
			"create failed: async create failed: failed to create the resource: [{0 creating Route in Route Table (rtb-1) with destination (10.200.0.0/16): operation error EC2: CreateRoute, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidTransitGatewayID.NotFound: The transitGateway ID 'tgw-1' does not exist.  []}]",
			conditions.DependencyNotFound, PlatformTeam,
			"InvalidTransitGatewayID.NotFound: The transitGateway ID 'tgw-1' does not exist. The transit gateway of a route does not exist in this region, or the network is not attached to it. The platform team has to attach the VPC to it and accept the attachment, or to correct transitGatewayId in spec.routes of the Network",
		},
		"a peering connection that there is not": {
			"create failed: async create failed: failed to create the resource: [{0 creating Route in Route Table (rtb-1) with destination (10.200.0.0/16): operation error EC2: CreateRoute, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidVpcPeeringConnectionID.NotFound: The vpcPeeringConnection ID 'pcx-1' does not exist  []}]",
			conditions.DependencyNotFound, PlatformTeam,
			"InvalidVpcPeeringConnectionID.NotFound: The vpcPeeringConnection ID 'pcx-1' does not exist. The peering connection of a route does not exist, or is none of this network. The platform team has to create and accept it, or to correct peeringConnectionId in spec.routes of the Network",
		},
		"too many routes": {
			"create failed: async create failed: failed to create the resource: [{0 creating Route in Route Table (rtb-1) with destination (10.200.0.0/16): operation error EC2: CreateRoute, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error RouteLimitExceeded: The maximum number of routes has been reached.  []}]",
			conditions.QuotaExceeded, PlatformTeam,
			`RouteLimitExceeded: The maximum number of routes has been reached. The route table has as many routes as it may have. The platform team has to raise the VPC quota "Routes per route table"`,
		},
		"a group that is used": {
			"async delete failed: failed to delete the resource: [{0 deleting Security Group (orders-sg): operation error EC2: DeleteSecurityGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error DependencyViolation: resource sg-1 has a dependent object  []}]",
			conditions.InUse, Nobody,
			"DependencyViolation: resource sg-1 has a dependent object. Something in the cloud uses it still: it is tried again until that is gone; nothing to do",
		},
	}
}
