package cloud

import "strings"

// The kinds that we compose: the API group without the flavour's suffix, and the kind. Two services may have a kind of one name.
const (
	Instance              = "rds.aws/Instance"
	Cluster               = "rds.aws/Cluster"
	ClusterInstance       = "rds.aws/ClusterInstance"
	SubnetGroup           = "rds.aws/SubnetGroup"
	ParameterGroup        = "rds.aws/ParameterGroup"
	ClusterParameterGroup = "rds.aws/ClusterParameterGroup"

	SecurityGroup                    = "ec2.aws/SecurityGroup"
	SecurityGroupIngressRule         = "ec2.aws/SecurityGroupIngressRule"
	SecurityGroupEgressRule          = "ec2.aws/SecurityGroupEgressRule"
	VPC                              = "ec2.aws/VPC"
	Subnet                           = "ec2.aws/Subnet"
	InternetGateway                  = "ec2.aws/InternetGateway"
	EIP                              = "ec2.aws/EIP"
	NATGateway                       = "ec2.aws/NATGateway"
	RouteTable                       = "ec2.aws/RouteTable"
	Route                            = "ec2.aws/Route"
	RouteTableAssociation            = "ec2.aws/RouteTableAssociation"
	DefaultSecurityGroup             = "ec2.aws/DefaultSecurityGroup"
	VPCEndpoint                      = "ec2.aws/VPCEndpoint"
	EndpointRouteTableAssociation    = "ec2.aws/VPCEndpointRouteTableAssociation"
	EndpointSubnetAssociation        = "ec2.aws/VPCEndpointSubnetAssociation"
	EndpointSecurityGroupAssociation = "ec2.aws/VPCEndpointSecurityGroupAssociation"
	FlowLog                          = "ec2.aws/FlowLog"

	Role                   = "iam.aws/Role"
	RolePolicy             = "iam.aws/RolePolicy"
	Key                    = "kms.aws/Key"
	Alias                  = "kms.aws/Alias"
	LogGroup               = "cloudwatchlogs.aws/Group"
	EKSCluster             = "eks.aws/Cluster"
	PodIdentityAssociation = "eks.aws/PodIdentityAssociation"

	Object = "kubernetes/Object"

	DatabaseConnection = "database.vault/SecretBackendConnection"
	DatabaseRole       = "database.vault/SecretBackendRole"
	Policy             = "vault.vault/Policy"
	Mount              = "vault.vault/Mount"
	AuthBackend        = "auth.vault/Backend"
	AuthConfig         = "kubernetes.vault/AuthBackendConfig"
	AuthRole           = "kubernetes.vault/AuthBackendRole"
	JWTAuthBackend     = "jwt.vault/AuthBackend"
	JWTAuthRole        = "jwt.vault/AuthBackendRole"
	KVSecret           = "kv.vault/SecretV2"
)

// KindOf is how this package names a kind of an API group of either flavour, or of an apiVersion.
func KindOf(group, kind string) string {
	group, _, _ = strings.Cut(group, "/")
	for _, domain := range []string{".upbound.io", ".crossplane.io"} {
		if service, ours := strings.CutSuffix(group, domain); ours {
			return strings.TrimSuffix(service, ".m") + "/" + kind
		}
	}
	return group + "/" + kind
}

// Is says that an object of an apiVersion and a kind is of one of ours, without making its name.
func Is(apiVersion, kind, ours string) bool {
	service, name, _ := strings.Cut(ours, "/")
	rest, same := strings.CutPrefix(apiVersion, service)
	return same && name == kind &&
		(strings.HasPrefix(rest, ".m.") || strings.HasPrefix(rest, ".upbound.io/") || strings.HasPrefix(rest, ".crossplane.io/"))
}

// Short is the kind alone, as people and API servers write it.
func Short(kind string) string { return kind[strings.LastIndex(kind, "/")+1:] }

// Service of a kind, such as rds.aws.
func Service(kind string) string {
	service, _, _ := strings.Cut(kind, "/")
	return service
}

// Provider of a kind: aws, vault or kubernetes.
func Provider(kind string) string {
	service := Service(kind)
	return service[strings.LastIndex(service, ".")+1:]
}
