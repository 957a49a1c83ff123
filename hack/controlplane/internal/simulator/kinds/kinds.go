package kinds

import (
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
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
	rolePolicy      struct{}
	connection      struct{}
	role            struct{}
	policy          struct{}
	authRole        struct{}
	entry           struct{}
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

// Vault says that a kind is Vault's, and not of AWS.
func (k Kind) Vault() bool { return strings.HasSuffix(k.Group, ".vault.m.upbound.io") }

// Tagged says that the provider adds its own tags.
func (k Kind) Tagged() bool { return !k.Vault() && k.Kind != "RolePolicy" }

// ConfigGroup is the API group of the provider's configurations.
func (k Kind) ConfigGroup() string {
	if k.Vault() {
		return "vault.m.upbound.io"
	}
	return "aws.m.upbound.io"
}

// AddToScheme registers all kinds.
func AddToScheme(s *runtime.Scheme) {
	for _, k := range All() {
		k.register(s)
		metav1.AddToGroupVersion(s, k.GroupVersion())
	}
}
