// Package v1 is the input of function-network: what a platform team tunes in the Composition, without a fork.
//
// +kubebuilder:object:generate=true
// +groupName=network.fn.platform.io
// +versionName=v1
package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

// StageName is what the function composes.
// +kubebuilder:validation:Enum=network;endpoints;routes
type StageName string

// The stages.
const (
	// StageNetwork composes a Network.
	StageNetwork StageName = "network"
	// StageEndpoints composes a NetworkEndpoints.
	StageEndpoints StageName = "endpoints"
	// StageRoutes composes a NetworkRoutes.
	StageRoutes StageName = "routes"
)

// Input of function-network. Every field has a default.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,path=inputs,singular=input,categories=crossplane
type Input struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Stage to run: network in the Composition of Network, endpoints in the one of NetworkEndpoints, routes in
	// the one of NetworkRoutes.
	// +optional
	// +kubebuilder:default=network
	Stage StageName `json:"stage,omitempty"`

	// Regions of AWS that this version does not know of, because they are newer. Their partition follows from their names. A Network in a
	// region that is in neither list is refused before anything is composed.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:example={"eu-east-7"}
	Regions []string `json:"regions,omitempty"`

	// Zones to use in a region, in their order, by the region's name. They replace the list that we know. A zone that a network is
	// in already stays in its place.
	// +optional
	Zones map[string][]string `json:"zones,omitempty"`

	// EndpointPresets are lists of services for spec.endpointPresets, by name, beside the ones that we know (eksPrivate) or in place of
	// them. A service is the last part of its name, such as ecr.api.
	// +optional
	// +kubebuilder:example={"batch": {"sqs", "sns", "monitoring"}}
	EndpointPresets map[string][]string `json:"endpointPresets,omitempty"`

	// FlowLogs where a Network does not say anything about them.
	// +optional
	FlowLogs *FlowLogs `json:"flowLogs,omitempty"`

	// Tenancy bounds what the Networks of a namespace may name: what no rule lists may not be named.
	// +optional
	Tenancy *tenancy.Tenancy `json:"tenancy,omitempty"`

	// SecretNamespace for the Secrets of cluster-scoped managed resources, in the claims flavour only.
	// +optional
	// +kubebuilder:default=crossplane-system
	SecretNamespace string `json:"secretNamespace,omitempty"`
}

// FlowLogs are the defaults of flow logs.
type FlowLogs struct {
	// Enabled unless it is false.
	// +optional
	Enabled *bool `json:"enabled,omitempty"`
	// RetentionDays of the log groups, as CloudWatch offers them: 30 when it is not given.
	// +optional
	// +kubebuilder:validation:Enum=1;3;5;7;14;30;60;90;120;150;180;365;400;545;731;1096;1827;2192;2557;2922;3288;3653
	RetentionDays int64 `json:"retentionDays,omitempty"`
}
