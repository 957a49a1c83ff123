package kinds

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// The kinds, as types.
type (
	instance        struct{}
	cluster         struct{}
	clusterInstance struct{}
	subnetGroup     struct{}
	parameterGroup  struct{}
	clusterGroup    struct{}
	securityGroup   struct{}
	ingressRule     struct{}
	egressRule      struct{}
	rolePolicy      struct{}
	connection      struct{}
	role            struct{}
	policy          struct{}
	authRole        struct{}
	entry           struct{}
	vpc             struct{}
	subnet          struct{}
	internetGateway struct{}
	address         struct{}
	natGateway      struct{}
	routeTable      struct{}
	route           struct{}
	tableOfSubnet   struct{}
	defaultGroup    struct{}
	endpoint        struct{}
	endpointTable   struct{}
	endpointSubnet  struct{}
	endpointGroup   struct{}
	flowLog         struct{}
	iamRole         struct{}
	key             struct{}
	alias           struct{}
	logGroup        struct{}
	eksCluster      struct{}
	podIdentity     struct{}
	object          struct{}
	mount           struct{}
	authBackend     struct{}
	authConfig      struct{}
	jwtBackend      struct{}
	jwtRole         struct{}
)

// Kind is one kind of managed resource.
type Kind struct {
	schema.GroupVersionKind

	// New makes an empty resource, and NewList an empty list.
	New     func() Managed
	NewList func() resource.ManagedList

	register func(*runtime.Scheme)
}

// All kinds that the simulator plays.
func All() []Kind {
	const rds, ec2 = "rds.aws.m.upbound.io/v1beta1", "ec2.aws.m.upbound.io/v1beta1"
	const database = "database.vault.m.upbound.io/v1alpha1"
	return []Kind{
		kind[securityGroup](ec2, "SecurityGroup"),
		kind[ingressRule](ec2, "SecurityGroupIngressRule"),
		kind[egressRule](ec2, "SecurityGroupEgressRule"),
		kind[subnetGroup](rds, "SubnetGroup"),
		kind[parameterGroup](rds, "ParameterGroup"),
		kind[clusterGroup](rds, "ClusterParameterGroup"),
		kind[instance](rds, "Instance"),
		kind[cluster](rds, "Cluster"),
		kind[clusterInstance](rds, "ClusterInstance"),
		kind[rolePolicy]("iam.aws.m.upbound.io/v1beta1", "RolePolicy"),
		kind[connection](database, "SecretBackendConnection"),
		kind[role](database, "SecretBackendRole"),
		kind[policy]("vault.vault.m.upbound.io/v1alpha1", "Policy"),
		kind[authRole]("kubernetes.vault.m.upbound.io/v1alpha1", "AuthBackendRole"),
		kind[entry]("kv.vault.m.upbound.io/v1alpha1", "SecretV2"),
		kind[vpc](ec2, "VPC"),
		kind[subnet](ec2, "Subnet"),
		kind[internetGateway](ec2, "InternetGateway"),
		kind[address](ec2, "EIP"),
		kind[natGateway](ec2, "NATGateway"),
		kind[routeTable](ec2, "RouteTable"),
		kind[route](ec2, "Route"),
		kind[tableOfSubnet](ec2, "RouteTableAssociation"),
		kind[defaultGroup](ec2, "DefaultSecurityGroup"),
		kind[endpoint](ec2, "VPCEndpoint"),
		kind[endpointTable](ec2, "VPCEndpointRouteTableAssociation"),
		kind[endpointSubnet](ec2, "VPCEndpointSubnetAssociation"),
		kind[endpointGroup](ec2, "VPCEndpointSecurityGroupAssociation"),
		kind[flowLog](ec2, "FlowLog"),
		kind[iamRole]("iam.aws.m.upbound.io/v1beta1", "Role"),
		kind[key]("kms.aws.m.upbound.io/v1beta1", "Key"),
		kind[alias]("kms.aws.m.upbound.io/v1beta1", "Alias"),
		kind[logGroup]("cloudwatchlogs.aws.m.upbound.io/v1beta1", "Group"),
		kind[eksCluster]("eks.aws.m.upbound.io/v1beta1", "Cluster"),
		kind[podIdentity]("eks.aws.m.upbound.io/v1beta1", "PodIdentityAssociation"),
		kind[object]("kubernetes.m.crossplane.io/v1alpha1", "Object"),
		kind[mount]("vault.vault.m.upbound.io/v1alpha1", "Mount"),
		kind[authBackend]("auth.vault.m.upbound.io/v1alpha1", "Backend"),
		kind[authConfig]("kubernetes.vault.m.upbound.io/v1alpha1", "AuthBackendConfig"),
		kind[jwtBackend]("jwt.vault.m.upbound.io/v1alpha1", "AuthBackend"),
		kind[jwtRole]("jwt.vault.m.upbound.io/v1alpha1", "AuthBackendRole"),
	}
}

func kind[K any](apiVersion, name string) Kind {
	gvk := schema.FromAPIVersionAndKind(apiVersion, name)
	return Kind{
		GroupVersionKind: gvk,
		New:              func() Managed { return &Resource[K]{} },
		NewList:          func() resource.ManagedList { return &List[K]{} },
		register: func(s *runtime.Scheme) {
			s.AddKnownTypeWithName(gvk, &Resource[K]{})
			s.AddKnownTypeWithName(gvk.GroupVersion().WithKind(name+"List"), &List[K]{})
		},
	}
}

// Key is how package cloud names the kind.
func (k Kind) Key() string { return cloud.KindOf(k.Group, k.Kind) }

// Vault says that a kind is Vault's, and not of AWS.
func (k Kind) Vault() bool { return cloud.Provider(k.Key()) == "vault" }

// Objects says that the kind stands for objects in a cluster: what it makes is really there.
func (k Kind) Objects() bool { return k.Key() == cloud.Object }

// Tagged says that the provider adds its own tags.
func (k Kind) Tagged() bool {
	switch k.Key() {
	case cloud.RolePolicy, cloud.Alias, cloud.Route, cloud.RouteTableAssociation, cloud.EndpointRouteTableAssociation,
		cloud.EndpointSubnetAssociation, cloud.EndpointSecurityGroupAssociation:
		return false
	default:
		return cloud.Provider(k.Key()) == "aws"
	}
}

// Config is the group and the version of the provider's configurations.
func (k Kind) Config() schema.GroupVersion {
	switch cloud.Provider(k.Key()) {
	case "vault":
		return schema.GroupVersion{Group: "vault.m.upbound.io", Version: "v1beta1"}
	case "kubernetes":
		return schema.GroupVersion{Group: "kubernetes.m.crossplane.io", Version: "v1alpha1"}
	default:
		return schema.GroupVersion{Group: "aws.m.upbound.io", Version: "v1beta1"}
	}
}

// AddToScheme registers all kinds.
func AddToScheme(s *runtime.Scheme) {
	for _, k := range All() {
		k.register(s)
		metav1.AddToGroupVersion(s, k.GroupVersion())
	}
}
