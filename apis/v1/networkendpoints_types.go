package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// NetworkEndpointsSpec is what a Network says about its endpoints.
type NetworkEndpointsSpec struct {
	// Cloud of the network.
	Cloud pipelinev1.Cloud `json:"cloud"`
	// Owner of the network.
	// +optional
	Owner *pipelinev1.Owner `json:"owner,omitempty"`
	// VPCID of the network.
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^vpc-[0-9a-f]+$`
	VPCID string `json:"vpcId"`
	// CIDR of the network: who is in it may call the endpoints.
	// +kubebuilder:validation:MaxLength=18
	CIDR string `json:"cidr"`
	// SubnetIDs to place the endpoints in.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=3
	// +kubebuilder:validation:items:MaxLength=63
	SubnetIDs []string `json:"subnetIds"`
	// Services to reach, by the last part of their service name.
	// +listType=set
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:items:MaxLength=63
	Services []string `json:"services"`
}

// NetworkEndpointsStatus is what became of the endpoints.
type NetworkEndpointsStatus struct {
	// Services that are reached.
	// +optional
	// +listType=map
	// +listMapKey=service
	Services []EndpointStatus `json:"services,omitempty"`

	ConditionedStatus `json:",inline"`
}

// EndpointStatus is one endpoint.
type EndpointStatus struct {
	// Service that is reached.
	Service string `json:"service"`
	// EndpointID in AWS.
	// +optional
	EndpointID string `json:"endpointId,omitempty"`
}

// NetworkEndpoints are the interface endpoints of a Network, which composes it. People write spec.endpoints of the Network.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,path=networkendpoints,singular=networkendpoints,shortName=pnetep,categories=platform;goldenpath
// +kubebuilder:printcolumn:name="VPC",type=string,JSONPath=`.spec.vpcId`
type NetworkEndpoints struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the Network says.
	Spec NetworkEndpointsSpec `json:"spec"`
	// Status is what became of it.
	// +optional
	Status NetworkEndpointsStatus `json:"status,omitempty"`
}
