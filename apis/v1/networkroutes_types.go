package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// NetworkRoute leads from the private and the database subnets to a range that is elsewhere: where Vault is, or another network.
//
// +kubebuilder:validation:XValidation:rule="has(self.transitGatewayId) != has(self.peeringConnectionId)",message="a route needs exactly one target: write either transitGatewayId or peeringConnectionId"
type NetworkRoute struct {
	// CIDR that the route leads to. It must not overlap with the network or with another route.
	// +kubebuilder:validation:MaxLength=18
	// +kubebuilder:validation:Pattern=`^([0-9]{1,3}[.]){3}[0-9]{1,3}/[0-9]{1,2}$`
	// +kubebuilder:example="10.200.0.0/16"
	CIDR string `json:"cidr"`
	// TransitGatewayID of a transit gateway that the network is attached to. The platform team lists it in the tenancy of the
	// Composition's input.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^tgw-[0-9a-f]+$`
	// +kubebuilder:example="tgw-0a1b2c3d4e5f60718"
	TransitGatewayID string `json:"transitGatewayId,omitempty"`
	// PeeringConnectionID of an active peering connection of the network. The platform team lists it in the tenancy of the Composition's
	// input.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^pcx-[0-9a-f]+$`
	// +kubebuilder:example="pcx-0a1b2c3d4e5f60718"
	PeeringConnectionID string `json:"peeringConnectionId,omitempty"`
}

// NetworkRoutesSpec is what a Network says about its routes.
type NetworkRoutesSpec struct {
	// Cloud of the network.
	Cloud pipelinev1.Cloud `json:"cloud"`
	// Owner of the network.
	// +optional
	Owner *pipelinev1.Owner `json:"owner,omitempty"`
	// VPCID of the network.
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^vpc-[0-9a-f]+$`
	VPCID string `json:"vpcId"`
	// DatabaseTier has a route table of its own.
	// +optional
	DatabaseTier bool `json:"databaseTier,omitempty"`
	// DatabaseSubnetIDs are the subnets that the route table of the database tier is for.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=3
	// +kubebuilder:validation:items:MaxLength=63
	DatabaseSubnetIDs []string `json:"databaseSubnetIds,omitempty"`
	// PrivateRouteTableIDs are the route tables of the private subnets. The routes are added to them.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=3
	// +kubebuilder:validation:items:MaxLength=63
	PrivateRouteTableIDs []string `json:"privateRouteTableIds,omitempty"`
	// Routes to what is elsewhere.
	// +optional
	// +listType=map
	// +listMapKey=cidr
	// +kubebuilder:validation:MaxItems=10
	Routes []NetworkRoute `json:"routes,omitempty"`
}

// NetworkRoutesStatus is what became of the routes.
type NetworkRoutesStatus struct {
	// DatabaseRouteTableID is the route table of the database tier.
	// +optional
	DatabaseRouteTableID string `json:"databaseRouteTableId,omitempty"`
	// RoutedCIDRs are the ranges that a route leads to from every table.
	// +optional
	// +listType=set
	RoutedCIDRs []string `json:"routedCidrs,omitempty"`

	ConditionedStatus `json:",inline"`
}

// NetworkRoutes are the routes of a Network to what is elsewhere, with the route table of its database tier. The Network composes it.
// People write spec.routes of the Network.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,path=networkroutes,singular=networkroutes,shortName=pnetrt,categories=platform;goldenpath
// +kubebuilder:printcolumn:name="VPC",type=string,JSONPath=`.spec.vpcId`
type NetworkRoutes struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the Network says.
	Spec NetworkRoutesSpec `json:"spec"`
	// Status is what became of it.
	// +optional
	Status NetworkRoutesStatus `json:"status,omitempty"`
}
