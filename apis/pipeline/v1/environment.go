package v1

// EnvironmentType is the tier of an environment.
// +kubebuilder:validation:Enum=dev;staging;preview;production
type EnvironmentType string

// The environment types.
const (
	EnvironmentDev        EnvironmentType = "dev"
	EnvironmentStaging    EnvironmentType = "staging"
	EnvironmentPreview    EnvironmentType = "preview"
	EnvironmentProduction EnvironmentType = "production"
)

// EnvironmentPhase is where an environment is in its life.
// +kubebuilder:validation:Enum=Active;Expiring;Expired
type EnvironmentPhase string

// The phases. An empty phase is Active.
const (
	PhaseActive   EnvironmentPhase = "Active"
	PhaseExpiring EnvironmentPhase = "Expiring"
	PhaseExpired  EnvironmentPhase = "Expired"
)

// CloudProvider is a cloud.
// +kubebuilder:validation:Enum=aws;gcp
type CloudProvider string

// The clouds.
const (
	CloudAWS CloudProvider = "aws"
	CloudGCP CloudProvider = "gcp"
)

// SubnetRole is what a subnet is for.
// +kubebuilder:validation:Enum=public;private;database
type SubnetRole string

// The subnet roles.
const (
	SubnetPublic   SubnetRole = "public"
	SubnetPrivate  SubnetRole = "private"
	SubnetDatabase SubnetRole = "database"
)

// Environment is an environment as far as the services in it depend on it. An App kind keeps the last one that it resolved
// in its status.
type Environment struct {
	// Name of the Environment.
	Name string `json:"name"`
	// Namespace of the Environment.
	Namespace string `json:"namespace"`
	// UID of the Environment.
	UID string `json:"uid"`
	// Composite is the name of the cluster-scoped composite behind an Environment claim. Empty in the namespaced flavour.
	// +optional
	Composite string `json:"composite,omitempty"`
	// Type of the Environment.
	Type EnvironmentType `json:"type"`
	// Phase of the Environment.
	// +optional
	Phase EnvironmentPhase `json:"phase,omitempty"`
	// Owner of the Environment.
	Owner Owner `json:"owner"`
	// Cloud of the Environment.
	Cloud Cloud `json:"cloud"`
	// Network of the Environment.
	Network Network `json:"network"`
	// WorkloadNamespace is where workloads run.
	// +optional
	WorkloadNamespace string `json:"workloadNamespace,omitempty"`
	// WorkloadSecurityGroupIDs are the security groups that workloads call from.
	// +optional
	// +listType=atomic
	WorkloadSecurityGroupIDs []string `json:"workloadSecurityGroupIds,omitempty"`
	// Identities of the service accounts that have one in the cloud.
	// +optional
	// +listType=map
	// +listMapKey=serviceAccount
	Identities []Identity `json:"identities,omitempty"`
	// KMSKeyARN of the Environment's key, where it has one.
	// +optional
	KMSKeyARN string `json:"kmsKeyArn,omitempty"`
	// Vault of the Environment, where it has one.
	// +optional
	Vault *Vault `json:"vault,omitempty"`
}

// Expired says that the environment is a preview whose time is over. Nothing but a preview expires.
func (e *Environment) Expired() bool {
	return e != nil && e.Type == EnvironmentPreview && e.Phase == PhaseExpired
}

// Identity is what a service account is in the cloud.
type Identity struct {
	// ServiceAccount in the workload namespace.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	ServiceAccount string `json:"serviceAccount"`
	// RoleARN of the IAM role that the service account takes on.
	// +kubebuilder:validation:Pattern=`^arn:aws[a-z-]*:iam::[0-9]{12}:role/[-_+=,.@/A-Za-z0-9]+$`
	RoleARN string `json:"roleArn"`
}

// Owner is who answers for an environment and pays for it.
type Owner struct {
	// Team that owns the environment.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:example=checkout
	Team string `json:"team"`
	// CostCenter that pays.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	CostCenter string `json:"costCenter,omitempty"`
	// Contact address of the team.
	// +optional
	// +kubebuilder:validation:MaxLength=254
	Contact string `json:"contact,omitempty"`
}

// ProviderConfigReference names the provider configuration that holds the credentials of an account.
type ProviderConfigReference struct {
	// Name of the provider configuration.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
	// Kind of it: ClusterProviderConfig, or ProviderConfig in the namespace of the claim. The claims flavour has only
	// ProviderConfig and ignores the field.
	// +optional
	// +kubebuilder:default=ClusterProviderConfig
	// +kubebuilder:validation:Enum=ClusterProviderConfig;ProviderConfig
	Kind string `json:"kind,omitempty"`
}

// Cloud is an account and a region.
//
// +kubebuilder:validation:XValidation:rule="self.provider != 'aws' || has(self.accountId)",message="spec.cloud.accountId is required on aws: write the twelve digits of the account, in quotes"
type Cloud struct {
	// Provider of the cloud.
	Provider CloudProvider `json:"provider"`
	// Region of the cloud.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:example=eu-west-1
	Region string `json:"region"`
	// AccountID of the AWS account: twelve digits, in quotes.
	// +optional
	// +kubebuilder:validation:MaxLength=12
	// +kubebuilder:validation:Pattern=`^[0-9]{12}$`
	// +kubebuilder:example="123456789012"
	AccountID string `json:"accountId,omitempty"`
	// ProviderConfigRef to use. The provider's default when it is not given.
	// +optional
	ProviderConfigRef *ProviderConfigReference `json:"providerConfigRef,omitempty"`
}

// Network is a VPC and its subnets.
type Network struct {
	// VPCID of the network.
	// +optional
	VPCID string `json:"vpcId,omitempty"`
	// CIDR of the network.
	// +optional
	CIDR string `json:"cidr,omitempty"`
	// Subnets of the network.
	// +optional
	// +listType=map
	// +listMapKey=id
	Subnets []Subnet `json:"subnets,omitempty"`
	// RoutedCIDRs are the ranges that the private and the database subnets have a route to, the network's own first. Empty when that is
	// not known, as for a network that others own.
	// +optional
	// +listType=atomic
	RoutedCIDRs []string `json:"routedCidrs,omitempty"`
}

// Subnet is one subnet of a network.
type Subnet struct {
	// ID of the subnet.
	ID string `json:"id"`
	// Role of the subnet.
	Role SubnetRole `json:"role"`
	// Zone of the subnet.
	Zone string `json:"zone"`
	// CIDR of the subnet.
	// +optional
	CIDR string `json:"cidr,omitempty"`
}

// Vault is an environment's part of a Vault server.
type Vault struct {
	// ProviderConfigRef to use. The provider's default when it is not given.
	// +optional
	ProviderConfigRef *ProviderConfigReference `json:"providerConfigRef,omitempty"`
	// Namespace of Vault Enterprise.
	// +optional
	Namespace string `json:"namespace,omitempty"`
	// KVMount is the path of a KV version 2 mount.
	// +kubebuilder:validation:MinLength=1
	KVMount string `json:"kvMount"`
	// DatabaseMount is the path of a database secrets mount.
	// +kubebuilder:validation:MinLength=1
	DatabaseMount string `json:"databaseMount"`
	// DatabaseMountPerService says that a service mounts a database engine of its own, at a path that begins with databaseMount: the
	// users that Vault has issued go with the mount, while the database still answers. One that is in databaseMount already stays there.
	// +optional
	DatabaseMountPerService bool `json:"databaseMountPerService,omitempty"`
	// KubernetesAuthMount is the path of a Kubernetes auth mount that trusts the workload cluster. Empty where service accounts log in
	// with another method: see auth.
	// +optional
	// +kubebuilder:validation:MinLength=1
	KubernetesAuthMount string `json:"kubernetesAuthMount,omitempty"`
	// Auth is how and where service accounts log in. The Kubernetes method at kubernetesAuthMount when it is not given.
	// +optional
	Auth *VaultAuth `json:"auth,omitempty"`
	// Source that Vault's servers call from. Without it no database can admit Vault.
	// +optional
	Source *VaultSource `json:"source,omitempty"`
}

// VaultAuthMethod is an auth method of Vault.
// +kubebuilder:validation:Enum=Kubernetes;JWT
type VaultAuthMethod string

// The auth methods.
const (
	// AuthKubernetes asks the API server of the workload cluster about a token.
	AuthKubernetes VaultAuthMethod = "Kubernetes"
	// AuthJWT verifies a token with the keys of the cluster's issuer.
	AuthJWT VaultAuthMethod = "JWT"
)

// VaultAuth is how and where service accounts log in.
type VaultAuth struct {
	// Method is Kubernetes or JWT.
	Method VaultAuthMethod `json:"method"`
	// Mount is the path of the auth mount.
	// +kubebuilder:validation:MinLength=1
	Mount string `json:"mount"`
	// Audience that a token has to be for. Empty when any will do.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	Audience string `json:"audience,omitempty"`
}

// Login is how and where service accounts log in.
func (v *Vault) Login() VaultAuth {
	if v.Auth != nil {
		return *v.Auth
	}
	return VaultAuth{Method: AuthKubernetes, Mount: v.KubernetesAuthMount}
}

// VaultSource is where Vault's servers call from.
//
// +kubebuilder:validation:XValidation:rule="has(self.securityGroupId) != has(self.cidr)",message="write either securityGroupId or cidr"
// +kubebuilder:validation:XValidation:rule="!has(self.cidr) || !self.cidr.matches('/[0-7]$')",message="cidr admits too much of the world: write a network of /8 or smaller"
type VaultSource struct {
	// SecurityGroupID of Vault's servers.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^sg-[0-9a-f]+$`
	SecurityGroupID string `json:"securityGroupId,omitempty"`
	// CIDR of Vault's servers.
	// +optional
	// +kubebuilder:validation:MaxLength=18
	// +kubebuilder:validation:Pattern=`^([0-9]{1,3}[.]){3}[0-9]{1,3}/[0-9]{1,2}$`
	CIDR string `json:"cidr,omitempty"`
}
