package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// ec2 are errors of security groups and their rules.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html#CommonErrors. Quotas:
// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups.
func ec2() []entry {
	return []entry{
		{
			codes:  []string{"SecurityGroupLimitExceeded"},
			reason: conditions.QuotaExceeded, means: "The account has as many security groups as it may have in this region",
			who: PlatformTeam, remedy: `raise the VPC quota "VPC security groups per Region", or to delete some`,
		},
		{
			codes:  []string{"RulesPerSecurityGroupLimitExceeded"},
			reason: conditions.QuotaExceeded, means: "The security group has as many rules as it may have", who: PlatformTeam,
			remedy: `raise the VPC quota "Inbound or outbound rules per security group", or to name fewer in ` +
				"spec.cluster.workloadSecurityGroupIds of the Environment",
		},
		{
			codes:  []string{"InvalidGroup.Duplicate"},
			reason: conditions.NameTaken, means: "The network has a security group of this name that this object did not create",
			who: PlatformTeam, remedy: "find out whose it is, and to delete it",
		},
		{
			codes:  []string{"InvalidPermission.Duplicate"},
			reason: conditions.NameTaken, means: "Somebody has added the same rule by hand", who: PlatformTeam, remedy: "remove that rule",
		},
		{
			codes: []string{
				"InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidSecurityGroupID.NotFound", "InvalidSecurityGroupId.Malformed",
			},
			reason: conditions.DependencyNotFound, means: "A security group that is named does not exist", who: PlatformTeam,
			remedy: "correct spec.cluster.workloadSecurityGroupIds or spec.vault.source of the Environment",
		},
		{
			codes:  []string{"InvalidVpcID.NotFound", "InvalidVpcID.Malformed", "InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed"},
			reason: conditions.DependencyNotFound, means: "The network of the Environment does not exist in this account and region",
			who: PlatformTeam, remedy: "correct spec.existing of the Network, or its account and region",
		},
		{
			codes:  []string{"InvalidTransitGatewayID.NotFound", "InvalidTransitGatewayID.Malformed"},
			reason: conditions.DependencyNotFound, who: PlatformTeam,
			means:  "The transit gateway of a route does not exist in this region, or the network is not attached to it",
			remedy: "attach the VPC to it and accept the attachment, or to correct transitGatewayId in spec.routes of the Network",
		},
		{
			codes:  []string{"InvalidVpcPeeringConnectionID.NotFound", "InvalidVpcPeeringConnectionId.Malformed"},
			reason: conditions.DependencyNotFound, means: "The peering connection of a route does not exist, or is none of this network",
			who: PlatformTeam, remedy: "create and accept it, or to correct peeringConnectionId in spec.routes of the Network",
		},
		{
			codes:  []string{"RouteLimitExceeded"},
			reason: conditions.QuotaExceeded, means: "The route table has as many routes as it may have", who: PlatformTeam,
			remedy: `raise the VPC quota "Routes per route table"`,
		},
		{
			codes:  []string{"DependencyViolation"},
			reason: conditions.InUse, means: "Something in the cloud uses it still", who: Nobody, remedy: retried + " until that is gone",
		},
	}
}
