package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// NetworkSpec is what a platform team says about a network.
type NetworkSpec struct {
	// CIDR of the network. It cannot change after creation.
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="spec.cidr cannot change after creation: create another Network"
	// +kubebuilder:validation:Pattern=`^([0-9]{1,3}[.]){3}[0-9]{1,3}/[0-9]{1,2}$`
	// +kubebuilder:example="10.40.0.0/16"
	CIDR string `json:"cidr"`

	// Zones to spread the subnets over. Databases need two.
	// +optional
	// +kubebuilder:default=2
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=3
	Zones int64 `json:"zones,omitempty"`
}

// NetworkStatus is what Environments find.
type NetworkStatus struct {
	pipelinev1.Network `json:",inline"`

	ConditionedStatus `json:",inline"`
}

// Network is a VPC with its subnets. Several Environments may share one.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,path=networks,singular=network,shortName=pnet,categories=platform;goldenpath
// +kubebuilder:printcolumn:name="CIDR",type=string,JSONPath=`.spec.cidr`
// +kubebuilder:printcolumn:name="VPC",type=string,JSONPath=`.status.vpcId`
type Network struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what a platform team says.
	Spec NetworkSpec `json:"spec"`
	// Status is what Environments find.
	// +optional
	Status NetworkStatus `json:"status,omitempty"`
}
