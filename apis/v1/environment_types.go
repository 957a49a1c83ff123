package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// NetworkReference names the Network that an Environment is in.
type NetworkReference struct {
	// Name of the Network.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:example=shared
	Name string `json:"name"`
	// Namespace of the Network, when it is another one. The Network has to list the Environment's namespace in its sharedWith.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Namespace string `json:"namespace,omitempty"`
}

// IdentityMode is how a service account becomes an IAM role.
// +kubebuilder:validation:Enum=PodIdentity;IRSA
type IdentityMode string

// The identity modes.
const (
	// IdentityPodIdentity: EKS associates the service account with the role; the cluster runs the Pod Identity Agent.
	IdentityPodIdentity IdentityMode = "PodIdentity"
	// IdentityIRSA: the role trusts the cluster's OIDC provider, and an annotation of the service account names the role.
	IdentityIRSA IdentityMode = "IRSA"
)

// EnvironmentCluster is the Kubernetes cluster that workloads run in.
type EnvironmentCluster struct {
	// ProviderConfigRef of provider-kubernetes, which leads to the cluster. It cannot change after creation.
	ProviderConfigRef pipelinev1.ProviderConfigReference `json:"providerConfigRef"`
	// EKS says that it is an EKS cluster in the account and region of spec.cloud. It is only observed, and yields the security group
	// of the workloads, the OIDC issuer and the API server's address.
	// +optional
	EKS *EKSCluster `json:"eks,omitempty"`
	// Namespace that is there already, to use in place of a new one. The platform team allows it in the tenancy of the Composition's
	// input. It is never deleted.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="spec.cluster.namespace cannot change after creation: create another Environment"
	Namespace string `json:"namespace,omitempty"`
	// Group of people, as the cluster knows it, who may work in the namespace. The owner's team when it is not given.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	Group string `json:"group,omitempty"`
	// Deployers may change what runs in the namespace, whatever the team's role there is: the group or the service account of a GitOps
	// tool. They get the role edit. The platform team allows them in the tenancy of the Composition's input.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=8
	Deployers []ClusterDeployer `json:"deployers,omitempty"`
	// Ingress says who may call the workloads: another namespace of the cluster, such as that of its ingress controller, or a range of
	// addresses, such as the subnets of a load balancer. Nobody else may, but for the workloads themselves.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=16
	Ingress []WorkloadIngress `json:"ingress,omitempty"`
	// WorkloadSecurityGroupIDs are the security groups that workloads call from, where it is not EKS that says it.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=5
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:validation:items:Pattern=`^sg-[0-9a-f]+$`
	WorkloadSecurityGroupIDs []string `json:"workloadSecurityGroupIds,omitempty"`
}

// ClusterDeployer is a group or a service account, as the workload cluster knows it.
//
// +kubebuilder:validation:XValidation:rule="has(self.group) != has(self.serviceAccount)",message="write either group or serviceAccount in each of spec.cluster.deployers"
type ClusterDeployer struct {
	// Group of the cluster.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:example="oidc:deployers"
	Group string `json:"group,omitempty"`
	// ServiceAccount of another namespace.
	// +optional
	ServiceAccount *DeployerServiceAccount `json:"serviceAccount,omitempty"`
}

// DeployerServiceAccount is a service account of the workload cluster.
type DeployerServiceAccount struct {
	// Namespace of the service account.
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	// +kubebuilder:example=argocd
	Namespace string `json:"namespace"`
	// Name of the service account.
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`
	// +kubebuilder:example=argocd-application-controller
	Name string `json:"name"`
}

// WorkloadIngress is somebody who may call the workloads.
//
// +kubebuilder:validation:XValidation:rule="has(self.namespace) != has(self.cidr)",message="write either namespace or cidr in each of spec.cluster.ingress"
type WorkloadIngress struct {
	// Namespace of the cluster, all pods of which may call.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	// +kubebuilder:example=ingress-nginx
	Namespace string `json:"namespace,omitempty"`
	// CIDR of the callers.
	// +optional
	// +kubebuilder:validation:MaxLength=18
	// +kubebuilder:validation:Pattern=`^([0-9]{1,3}[.]){3}[0-9]{1,3}/[0-9]{1,2}$`
	// +kubebuilder:example="10.40.48.0/21"
	CIDR string `json:"cidr,omitempty"`
	// Ports of the pods, of TCP.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:Minimum=1
	// +kubebuilder:validation:items:Maximum=65535
	Ports []int64 `json:"ports"`
}

// EKSCluster is an EKS cluster.
type EKSCluster struct {
	// Name of the cluster in EKS. It cannot change after creation.
	// +kubebuilder:validation:MaxLength=100
	// +kubebuilder:validation:Pattern=`^[0-9A-Za-z][-_0-9A-Za-z]{0,99}$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="spec.cluster.eks.name cannot change after creation: create another Environment"
	Name string `json:"name"`
	// IdentityMode of spec.identities: PodIdentity, or IRSA.
	// +optional
	// +kubebuilder:default=PodIdentity
	IdentityMode IdentityMode `json:"identityMode,omitempty"`
	// PodSecurityGroup is the security group that databases admit: that of the Cluster, which every pod and node of a shared cluster has,
	// or one of the Environment, which its pods get when they start (EKS's security groups for pods; the cluster has to have them
	// switched on). Both admits either, for a move: write Both, restart the workloads, then Environment.
	// +optional
	// +kubebuilder:default=Cluster
	PodSecurityGroup PodSecurityGroup `json:"podSecurityGroup,omitempty"`
}

// PodSecurityGroup says whose security group pods have.
// +kubebuilder:validation:Enum=Cluster;Both;Environment
type PodSecurityGroup string

// Whose security group pods have.
const (
	// PodSecurityGroupCluster is EKS's own: every pod of the cluster without another one has it, and the nodes have it.
	PodSecurityGroupCluster PodSecurityGroup = "Cluster"
	// PodSecurityGroupBoth admits pods with either.
	PodSecurityGroupBoth PodSecurityGroup = "Both"
	// PodSecurityGroupEnvironment is one that the pods of the environment have, and no others.
	PodSecurityGroupEnvironment PodSecurityGroup = "Environment"
)

// Quota is what all workloads of an environment may take together, in the quantities of Kubernetes. What is not given follows from the
// type.
type Quota struct {
	// CPU that is requested, such as "20" or 500m.
	// +optional
	// +kubebuilder:validation:MaxLength=20
	CPU string `json:"cpu,omitempty"`
	// Memory that is requested, such as 40Gi.
	// +optional
	// +kubebuilder:validation:MaxLength=20
	Memory string `json:"memory,omitempty"`
	// Storage of all volumes, such as 500Gi.
	// +optional
	// +kubebuilder:validation:MaxLength=20
	Storage string `json:"storage,omitempty"`
	// Pods that may run.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=10000
	Pods int64 `json:"pods,omitempty"`
}

// EnvironmentIdentity is a service account that has a role in the cloud.
type EnvironmentIdentity struct {
	// ServiceAccount in the workload namespace. It is created.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`
	// +kubebuilder:example=orders-api
	ServiceAccount string `json:"serviceAccount"`
}

// EnvironmentVault is the part of a Vault server that an environment gets.
//
// +kubebuilder:validation:XValidation:rule="!(has(self.issuer) && has(self.kubernetesHost))",message="write either spec.vault.issuer or spec.vault.kubernetesHost: Vault takes the keys of the tokens from one of them"
type EnvironmentVault struct {
	// ProviderConfigRef of provider-vault. The provider's default when it is not given.
	// +optional
	ProviderConfigRef *pipelinev1.ProviderConfigReference `json:"providerConfigRef,omitempty"`
	// Namespace of Vault Enterprise.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	Namespace string `json:"namespace,omitempty"`
	// Mounts that are there already, to use in place of new ones. The platform team allows them in the tenancy of the Composition's
	// input. They are never deleted.
	// +optional
	Mounts *VaultMounts `json:"mounts,omitempty"`
	// Audience that the tokens are for that service accounts log in to Vault with: vault when it is not given, and any where an environment
	// from before, or a Kubernetes auth mount of others, asks for none.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[-._~:/?#@!$&'()*+;=%0-9A-Za-z]+$`
	// +kubebuilder:example=vault
	Audience string `json:"audience,omitempty"`
	// Issuer of the workload cluster's service account tokens, where Vault can read /.well-known/openid-configuration below it. EKS says it
	// where it is not given.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^https://[-._:/\[\]0-9A-Za-z]+$`
	// +kubebuilder:example="https://oidc.example.org/workloads"
	Issuer string `json:"issuer,omitempty"`
	// KubernetesHost is the address of the workload cluster's API server as Vault reaches it. Vault takes the keys of the tokens from there
	// in place of the issuer, for one that it does not reach. An environment from before reviews tokens there, and EKS says it where it is
	// not given.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^https://[-.:\[\]0-9A-Za-z]+$`
	KubernetesHost string `json:"kubernetesHost,omitempty"`
	// KubernetesCACert of that API server, in PEM. EKS says it where it is not given.
	// +optional
	// +kubebuilder:validation:MaxLength=65536
	KubernetesCACert string `json:"kubernetesCaCert,omitempty"`
	// Source that Vault's servers call from. Without it no database can admit Vault.
	// +optional
	Source *pipelinev1.VaultSource `json:"source,omitempty"`
	// Port that Vault listens on, for workloads: at the addresses of its source, or in the network where that is a security group.
	// +optional
	// +kubebuilder:default=8200
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	Port int64 `json:"port,omitempty"`
}

// VaultMounts are mounts that others own.
//
// +kubebuilder:validation:XValidation:rule="!(has(self.kubernetesAuth) && has(self.jwtAuth))",message="write either spec.vault.mounts.kubernetesAuth or spec.vault.mounts.jwtAuth: service accounts log in at one of them"
type VaultMounts struct {
	// KV is the path of a KV version 2 mount.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	KV string `json:"kv,omitempty"`
	// Database is the path of a database secrets mount.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	Database string `json:"database,omitempty"`
	// KubernetesAuth is the path of a Kubernetes auth mount that trusts the workload cluster already.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	KubernetesAuth string `json:"kubernetesAuth,omitempty"`
	// JWTAuth is the path of a JWT auth mount that trusts the issuer of the workload cluster already.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	JWTAuth string `json:"jwtAuth,omitempty"`
}

// EnvironmentSpec is what a team says about an environment.
//
// +kubebuilder:validation:XValidation:rule="!(has(self.networkRef) && has(self.network))",message="write either spec.networkRef, for a network that is there, or spec.network, for one of its own"
// +kubebuilder:validation:XValidation:rule="!has(self.ttl) || self.type == 'preview'",message="spec.ttl is for previews: leave it out, or create a preview. Nothing but a preview expires"
// +kubebuilder:validation:XValidation:rule="self.cloud.provider == oldSelf.cloud.provider && self.cloud.region == oldSelf.cloud.region && self.cloud.accountId == oldSelf.cloud.accountId",message="provider, region and accountId of spec.cloud cannot change after creation: create another Environment"
// +kubebuilder:validation:XValidation:rule="!has(self.network) || has(self.network.cidr)",message="spec.network.cidr is missing: write the range of the new network, such as 10.40.0.0/16"
// +kubebuilder:validation:XValidation:rule="!has(self.identities) || size(self.identities) == 0 || has(self.cluster)",message="spec.identities needs spec.cluster.eks: service accounts take on roles in an EKS cluster"
type EnvironmentSpec struct {
	// Type sets the tier: how much redundancy, backup and protection everything in the environment gets. It cannot change.
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="spec.type cannot change after creation: create another Environment of the type you need"
	// +kubebuilder:example=staging
	Type pipelinev1.EnvironmentType `json:"type"`

	// Cloud that the environment lives in.
	Cloud pipelinev1.Cloud `json:"cloud"`

	// Owner of the environment. It ends up as tags and labels on everything in it.
	Owner pipelinev1.Owner `json:"owner"`

	// NetworkRef names the Network to be in: one for many environments is the normal case.
	// +optional
	NetworkRef *NetworkReference `json:"networkRef,omitempty"`

	// Network of its own, in place of networkRef.
	// +optional
	Network *NetworkShape `json:"network,omitempty"`

	// Cluster that workloads run in. Without it they run in the environment's own namespace, beside it.
	// +optional
	Cluster *EnvironmentCluster `json:"cluster,omitempty"`

	// Quota of the workload namespace. It needs spec.cluster.
	// +optional
	Quota *Quota `json:"quota,omitempty"`

	// Identities are the service accounts that get an IAM role each. Services grant it what their claims ask for. From the ninth on they
	// are in objects of their own (EnvironmentIdentities), which the Environment composes.
	// +optional
	// +listType=map
	// +listMapKey=serviceAccount
	// +kubebuilder:validation:MaxItems=40
	Identities []EnvironmentIdentity `json:"identities,omitempty"`

	// Vault that issues credentials. Without it the credentials of services are static.
	// +optional
	Vault *EnvironmentVault `json:"vault,omitempty"`

	// TTL of a preview, which needs one, from its creation: a number with m, h or d, one hour at least, such as 72h or 14d. Then its
	// services go with their data. Raise it to extend. Who takes it away keeps the end that was told.
	// +optional
	// +kubebuilder:validation:MaxLength=7
	// +kubebuilder:validation:Pattern=`^[1-9][0-9]{0,5}(m|h|d)$`
	// +kubebuilder:example="72h"
	TTL string `json:"ttl,omitempty"`

	// SharedWith lists the other namespaces whose claims may use the environment: a name, or a prefix of at least three
	// characters that ends in *.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:validation:XValidation:rule="self.all(n, n.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$|^[a-z0-9][-a-z0-9]{2,}[*]$'))",message="spec.sharedWith takes namespace names, or a prefix of at least three characters that ends in *, such as team-checkout-*"
	SharedWith []string `json:"sharedWith,omitempty"`

	// DeletionProtection refuses the deletion of the environment. On in production unless it is false.
	// +optional
	DeletionProtection *bool `json:"deletionProtection,omitempty"`
}

// EnvironmentStatus is what App kinds find by the environment's name.
type EnvironmentStatus struct {
	// Type that was allowed: what services in the environment go by. It and the next four are empty until the environment has been
	// judged once, and stay as they are while a change of the spec is refused.
	// +optional
	Type pipelinev1.EnvironmentType `json:"type,omitempty"`
	// Owner that was allowed.
	// +optional
	Owner *pipelinev1.Owner `json:"owner,omitempty"`
	// Cloud that was allowed: the account, the region and the provider configuration that services are placed with.
	// +optional
	Cloud *pipelinev1.Cloud `json:"cloud,omitempty"`
	// SharedWith are the namespaces, names or prefixes that end in *, whose services may be in the environment.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=63
	SharedWith []string `json:"sharedWith,omitempty"`
	// Composite is the name of the composite behind the claim. Empty in the namespaced flavour.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	Composite string `json:"composite,omitempty"`
	// Phase: Active, Expiring, or Expired. Services in an expired environment are removed.
	// +optional
	Phase pipelinev1.EnvironmentPhase `json:"phase,omitempty"`
	// ExpiresAt is when a preview expires.
	// +optional
	ExpiresAt string `json:"expiresAt,omitempty"`
	// Network that services are placed in.
	// +optional
	Network *pipelinev1.Network `json:"network,omitempty"`
	// WorkloadNamespace is where the environment's workloads run.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	WorkloadNamespace string `json:"workloadNamespace,omitempty"`
	// WorkloadSecurityGroupIDs are the security groups that workloads call from.
	// +optional
	// +listType=set
	// +kubebuilder:validation:items:Pattern=`^sg-[0-9a-f]+$`
	WorkloadSecurityGroupIDs []string `json:"workloadSecurityGroupIds,omitempty"`
	// Cluster that workloads run in, as EKS describes it.
	// +optional
	Cluster *EnvironmentClusterStatus `json:"cluster,omitempty"`
	// Identities of the service accounts that have one in the cloud. Services grant cloud permissions to these.
	// +optional
	// +listType=map
	// +listMapKey=serviceAccount
	Identities []pipelinev1.Identity `json:"identities,omitempty"`
	// KMSKeyARN encrypts what is stored in the environment.
	// +optional
	KMSKeyARN string `json:"kmsKeyArn,omitempty"`
	// Vault mounts of the environment.
	// +optional
	Vault *pipelinev1.Vault `json:"vault,omitempty"`
	// Tier is what the type means here: the effective values.
	// +optional
	Tier *EnvironmentTierStatus `json:"tier,omitempty"`
	// DeletionProtection as it is.
	// +optional
	DeletionProtection bool `json:"deletionProtection,omitempty"`
	// DataLoss echoes the consent that is given.
	// +optional
	DataLoss *DataLossStatus `json:"dataLoss,omitempty"`

	ConditionedStatus `json:",inline"`
}

// EnvironmentClusterStatus is what EKS says of a cluster.
type EnvironmentClusterStatus struct {
	// Name of the cluster.
	// +optional
	Name string `json:"name,omitempty"`
	// Issuer of the service account tokens.
	// +optional
	Issuer string `json:"issuer,omitempty"`
	// Endpoint of the API server.
	// +optional
	Endpoint string `json:"endpoint,omitempty"`
	// PodSecurityGroupID is the security group that the environment's pods have, where it has one for them.
	// +optional
	PodSecurityGroupID string `json:"podSecurityGroupId,omitempty"`
}

// EnvironmentTierStatus are the effective values of an environment's type.
type EnvironmentTierStatus struct {
	// PodSecurity level that the workload namespace enforces.
	// +optional
	PodSecurity string `json:"podSecurity,omitempty"`
	// TeamRole that the owner's group has in the workload namespace.
	// +optional
	TeamRole string `json:"teamRole,omitempty"`
	// Quota of the workload namespace.
	// +optional
	Quota *Quota `json:"quota,omitempty"`
	// KeyDeletable says that the KMS key goes with the environment.
	// +optional
	KeyDeletable bool `json:"keyDeletable,omitempty"`
}

// Environment is a place for services and workloads: a network, a workload namespace, identities, a key and Vault mounts.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,path=environments,singular=environment,shortName=penv,categories=platform;goldenpath
// +kubebuilder:printcolumn:name="TYPE",type=string,JSONPath=`.spec.type`
// +kubebuilder:printcolumn:name="REGION",type=string,JSONPath=`.spec.cloud.region`
// +kubebuilder:printcolumn:name="PHASE",type=string,JSONPath=`.status.phase`
// +kubebuilder:printcolumn:name="EXPIRES",type=string,JSONPath=`.status.expiresAt`
// +kubebuilder:printcolumn:name="NAMESPACE",type=string,JSONPath=`.status.workloadNamespace`,priority=1
type Environment struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what a team says.
	Spec EnvironmentSpec `json:"spec"`
	// Status is what App kinds find.
	// +optional
	Status EnvironmentStatus `json:"status,omitempty"`
}
