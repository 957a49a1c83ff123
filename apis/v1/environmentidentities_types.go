package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// EnvironmentIdentitiesSpec is what an Environment says about those of its identities that it does not hold itself.
type EnvironmentIdentitiesSpec struct {
	// Environment that they are of, by its name.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Environment string `json:"environment"`
	// Cloud of the environment.
	Cloud pipelinev1.Cloud `json:"cloud"`
	// Owner of the environment.
	Owner pipelinev1.Owner `json:"owner"`
	// Cluster that the service accounts are in.
	Cluster IdentitiesCluster `json:"cluster"`
	// PermissionsBoundary of the roles, where the tenancy of the Environment asks for one.
	// +optional
	// +kubebuilder:validation:MaxLength=1024
	PermissionsBoundary string `json:"permissionsBoundary,omitempty"`
	// ServiceAccounts that get a role each.
	// +listType=set
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=63
	ServiceAccounts []string `json:"serviceAccounts"`
}

// IdentitiesCluster is the workload cluster as far as identities depend on it.
type IdentitiesCluster struct {
	// ProviderConfigRef of provider-kubernetes, which leads to the cluster.
	ProviderConfigRef pipelinev1.ProviderConfigReference `json:"providerConfigRef"`
	// EKSName is its name in EKS.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=100
	EKSName string `json:"eksName"`
	// IdentityMode of the service accounts.
	IdentityMode IdentityMode `json:"identityMode"`
	// ARN of the cluster. With IRSA it is not needed.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	ARN string `json:"arn,omitempty"`
	// Issuer of the service account tokens. With PodIdentity it is not needed.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	Issuer string `json:"issuer,omitempty"`
	// Namespace of the service accounts.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Namespace string `json:"namespace"`
	// NamespaceOfOthers says that the namespace was there before: service accounts stay in it.
	// +optional
	NamespaceOfOthers bool `json:"namespaceOfOthers,omitempty"`
}

// EnvironmentIdentitiesStatus is what became of the identities.
type EnvironmentIdentitiesStatus struct {
	// Identities of the service accounts that have one in the cloud.
	// +optional
	// +listType=map
	// +listMapKey=serviceAccount
	Identities []pipelinev1.Identity `json:"identities,omitempty"`

	ConditionedStatus `json:",inline"`
}

// EnvironmentIdentities are identities of an Environment, which composes it for those that it has no room for. People write
// spec.identities of the Environment.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,path=environmentidentities,singular=environmentidentities,shortName=penvid,categories=platform;goldenpath
// +kubebuilder:printcolumn:name="ENVIRONMENT",type=string,JSONPath=`.spec.environment`
type EnvironmentIdentities struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the Environment says.
	Spec EnvironmentIdentitiesSpec `json:"spec"`
	// Status is what became of it.
	// +optional
	Status EnvironmentIdentitiesStatus `json:"status,omitempty"`
}
