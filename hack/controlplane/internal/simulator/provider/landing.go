package provider

import (
	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// landingWords are those of networks, identities, keys, clusters and mounts.
func landingWords() map[string]words {
	return map[string]words{
		cloud.VPC:             named("EC2", "EC2 VPC", "Vpc"),
		cloud.Subnet:          named("EC2", "EC2 Subnet", "Subnet"),
		cloud.InternetGateway: named("EC2", "EC2 Internet Gateway", "InternetGateway"),
		cloud.EIP: {"EC2", "EC2 EIP",
			operations("AllocateAddress", "CreateTags", "ReleaseAddress", "DescribeAddresses")},
		cloud.NATGateway:                       named("EC2", "EC2 NAT Gateway", "NatGateway"),
		cloud.RouteTable:                       named("EC2", "Route Table", "RouteTable"),
		cloud.Route:                            {"EC2", "Route", operations("CreateRoute", "ReplaceRoute", "DeleteRoute", "DescribeRouteTables")},
		cloud.RouteTableAssociation:            associated("Route Table Association", "RouteTable"),
		cloud.DefaultSecurityGroup:             named("EC2", "EC2 Default Security Group", "SecurityGroup"),
		cloud.VPCEndpoint:                      named("EC2", "EC2 VPC Endpoint", "VpcEndpoint"),
		cloud.EndpointRouteTableAssociation:    named("EC2", "VPC Endpoint Route Table Association", "VpcEndpoint"),
		cloud.EndpointSubnetAssociation:        named("EC2", "VPC Endpoint Subnet Association", "VpcEndpoint"),
		cloud.EndpointSecurityGroupAssociation: named("EC2", "VPC Endpoint Security Group Association", "VpcEndpoint"),
		cloud.FlowLog:                          named("EC2", "Flow Log", "FlowLogs"),
		cloud.Role:                             {"IAM", "IAM Role", operations("CreateRole", "UpdateRole", "DeleteRole", "GetRole")},
		cloud.Key:                              {"KMS", "KMS Key", operations("CreateKey", "PutKeyPolicy", "ScheduleKeyDeletion", "DescribeKey")},
		cloud.Alias:                            {"KMS", "KMS Alias", operations("CreateAlias", "UpdateAlias", "DeleteAlias", "ListAliases")},
		cloud.LogGroup: {"CloudWatch Logs", "CloudWatch Logs Log Group",
			operations("CreateLogGroup", "PutRetentionPolicy", "DeleteLogGroup", "DescribeLogGroups")},
		cloud.EKSCluster: {"EKS", "EKS Cluster",
			operations("CreateCluster", "UpdateClusterConfig", "DeleteCluster", "DescribeCluster")},
		cloud.PodIdentityAssociation: named("EKS", "EKS Pod Identity Association", "PodIdentityAssociation"),
		cloud.Mount:                  {resource: "error creating mount at %q"},
		cloud.AuthBackend:            {resource: "error enabling auth backend %q"},
		cloud.AuthConfig:             {resource: "error writing Kubernetes auth backend config %q"},
		cloud.JWTAuthBackend:         {resource: "error enabling auth backend %q"},
	}
}

func operations(create, update, remove, observe string) map[string]string {
	return map[string]string{api.Create: create, api.Update: update, api.Delete: remove, read: observe}
}

// named are the words of a resource whose operations are called like it.
func named(service, resource, noun string) words {
	return words{service, resource, operations("Create"+noun, "Modify"+noun, "Delete"+noun, "Describe"+noun+"s")}
}

func associated(resource, noun string) words {
	return words{"EC2", resource, operations("Associate"+noun, "Replace"+noun+"Association", "Disassociate"+noun, "Describe"+noun+"s")}
}
