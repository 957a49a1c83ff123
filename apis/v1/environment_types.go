package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// EnvironmentSpec is what a team says about an environment.
type EnvironmentSpec struct {
	// Type sets the tier: how much redundancy, backup and protection everything in the environment gets. It cannot change.
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="spec.type cannot change after creation: create another Environment of the type you need"
	// +kubebuilder:example=staging
	Type pipelinev1.EnvironmentType `json:"type"`

	// Cloud that the environment lives in.
	Cloud pipelinev1.Cloud `json:"cloud"`

	// Owner of the environment. It ends up as tags and labels on everything in it.
	Owner pipelinev1.Owner `json:"owner"`

	// SharedWith lists the other namespaces whose claims may use the environment: a name, or a prefix of at least three
	// characters that ends in *.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:validation:XValidation:rule="self.all(n, n.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$|^[a-z0-9][-a-z0-9]{2,}[*]$'))",message="spec.sharedWith takes namespace names, or a prefix of at least three characters that ends in *, such as team-checkout-*"
	SharedWith []string `json:"sharedWith,omitempty"`
}

// EnvironmentStatus is what App kinds find by the environment's name.
type EnvironmentStatus struct {
	// Phase: Active, Expiring, or Expired. Services in an expired environment are removed.
	// +optional
	Phase pipelinev1.EnvironmentPhase `json:"phase,omitempty"`
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

	ConditionedStatus `json:",inline"`
}

// Environment is a place for services and workloads: a network, a workload namespace, identities, a key and Vault mounts.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,path=environments,singular=environment,shortName=penv,categories=platform;goldenpath
// +kubebuilder:printcolumn:name="TYPE",type=string,JSONPath=`.spec.type`
// +kubebuilder:printcolumn:name="REGION",type=string,JSONPath=`.spec.cloud.region`
// +kubebuilder:printcolumn:name="PHASE",type=string,JSONPath=`.status.phase`
type Environment struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what a team says.
	Spec EnvironmentSpec `json:"spec"`
	// Status is what App kinds find.
	// +optional
	Status EnvironmentStatus `json:"status,omitempty"`
}
