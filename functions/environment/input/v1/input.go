// Package v1 is the input of function-environment: what a platform team tunes in the Composition, without a fork.
//
// +kubebuilder:object:generate=true
// +groupName=environment.fn.platform.io
// +versionName=v1
package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

// StageName is what the function composes.
// +kubebuilder:validation:Enum=environment;identities
type StageName string

// The stages.
const (
	// StageEnvironment composes an Environment.
	StageEnvironment StageName = "environment"
	// StageIdentities composes an EnvironmentIdentities.
	StageIdentities StageName = "identities"
)

// Input of function-environment. Every field has a default.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,path=inputs,singular=input,categories=crossplane
type Input struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Stage to run: environment in the Composition of Environment, identities in the one of EnvironmentIdentities.
	// +optional
	// +kubebuilder:default=environment
	Stage StageName `json:"stage,omitempty"`

	// SecretNamespace for the Secrets of cluster-scoped managed resources, in the claims flavour only.
	// +optional
	// +kubebuilder:default=crossplane-system
	SecretNamespace string `json:"secretNamespace,omitempty"`

	// Regions of AWS that this version does not know of, because they are newer. Their partition follows from their names. An Environment
	// in a region that is in neither list is refused before anything is composed.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:example={"eu-east-7"}
	Regions []string `json:"regions,omitempty"`

	// Tiers to change: dev, preview, staging, production.
	// +optional
	Tiers map[string]Tier `json:"tiers,omitempty"`

	// Tenancy bounds what the Environments of a namespace may name: what no rule lists may not be named.
	// +optional
	Tenancy *tenancy.Tenancy `json:"tenancy,omitempty"`

	// NetworkComposition is the name of the Composition for the Networks of environments that have one of their own, where it is not the
	// default of the API. Its tenancy judges them again.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:example=networks.example.org
	NetworkComposition string `json:"networkComposition,omitempty"`

	// Expiry of previews.
	// +optional
	Expiry *Expiry `json:"expiry,omitempty"`

	// Egress of the workload namespace beyond what its policies name (databases, what is private in the network, Vault, DNS): Web admits
	// HTTPS to anywhere, None nothing.
	// +optional
	// +kubebuilder:validation:Enum=Web;None
	// +kubebuilder:default=Web
	Egress string `json:"egress,omitempty"`

	// DNS of the workload clusters, where it is not CoreDNS as EKS installs it.
	// +optional
	DNS *DNS `json:"dns,omitempty"`

	// DatabasePorts that workloads call in the ranges for databases: 3306 and 5432 when they are not given. They replace the list.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:Minimum=1
	// +kubebuilder:validation:items:Maximum=65535
	DatabasePorts []int64 `json:"databasePorts,omitempty"`
}

// DNS is where workloads look up names.
type DNS struct {
	// Namespace of its pods: kube-system when it is not given.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Namespace string `json:"namespace,omitempty"`
	// Labels of its pods: k8s-app: kube-dns when they are not given.
	// +optional
	Labels map[string]string `json:"labels,omitempty"`
	// Addresses of caches on the nodes, such as 169.254.20.10 of NodeLocal DNSCache.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:example={"169.254.20.10"}
	Addresses []string `json:"addresses,omitempty"`
}

// Tier is what an environment type means for an Environment. A field that is not given keeps its default.
type Tier struct {
	// PodSecurity level that the workload namespace enforces.
	// +optional
	// +kubebuilder:validation:Enum=privileged;baseline;restricted
	PodSecurity string `json:"podSecurity,omitempty"`
	// TeamRole is the ClusterRole that the owner's group has in the workload namespace.
	// +optional
	TeamRole string `json:"teamRole,omitempty"`
	// CPU, Memory, Storage and Pods of the quota, unless the claim says otherwise.
	// +optional
	CPU string `json:"cpu,omitempty"`
	// +optional
	Memory string `json:"memory,omitempty"`
	// +optional
	Storage string `json:"storage,omitempty"`
	// +optional
	// +kubebuilder:validation:Minimum=1
	Pods int64 `json:"pods,omitempty"`
	// MaxQuota is the most that spec.quota of a claim may ask for: ten times our defaults where it is not given, or the tier's own where that
	// is more. An environment that has more keeps it, and takes no changes until its claim asks for less.
	// +optional
	// +kubebuilder:example={"cpu": "64", "memory": "256Gi", "storage": "2Ti", "pods": 500}
	MaxQuota *MaxQuota `json:"maxQuota,omitempty"`
	// DeletionProtection unless the claim says otherwise.
	// +optional
	DeletionProtection *bool `json:"deletionProtection,omitempty"`
	// Network of an Environment's own, where its spec.network does not say it. A network that is there keeps what it was made with.
	// +optional
	Network *TierNetwork `json:"network,omitempty"`
}

// MaxQuota bounds a quota. A field that is not given keeps its default.
type MaxQuota struct {
	// CPU that is requested, such as "64".
	// +optional
	// +kubebuilder:validation:MaxLength=20
	CPU string `json:"cpu,omitempty"`
	// Memory that is requested, such as 256Gi.
	// +optional
	// +kubebuilder:validation:MaxLength=20
	Memory string `json:"memory,omitempty"`
	// Storage of all volumes, such as 2Ti.
	// +optional
	// +kubebuilder:validation:MaxLength=20
	Storage string `json:"storage,omitempty"`
	// Pods that may run.
	// +optional
	// +kubebuilder:validation:Minimum=1
	Pods int64 `json:"pods,omitempty"`
}

// TierNetwork is what an environment type means for a network of the environment's own. A field that is not given keeps its default.
type TierNetwork struct {
	// Zones of the network, or as many as the region has: 3 in production, else 2.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=3
	Zones int64 `json:"zones,omitempty"`
	// NAT mode: perZone in production, else single.
	// +optional
	// +kubebuilder:validation:Enum=none;single;perZone
	NAT string `json:"nat,omitempty"`
	// FlowLogRetentionDays as CloudWatch offers them: 365 in production, 30 in staging, else 7.
	// +optional
	// +kubebuilder:validation:Enum=1;3;5;7;14;30;60;90;120;150;180;365;400;545;731;1096;1827;2192;2557;2922;3288;3653
	FlowLogRetentionDays int64 `json:"flowLogRetentionDays,omitempty"`
}

// Expiry of previews.
type Expiry struct {
	// WarnBefore is how long before its end a preview says that it expires, such as 24h. At most half of its ttl.
	// +optional
	// +kubebuilder:validation:Pattern=`^[1-9][0-9]{0,5}(m|h|d)$`
	WarnBefore string `json:"warnBefore,omitempty"`
	// ShortestTTL that a preview may ask for. One hour unless it is given: in less a database is hardly there.
	// +optional
	// +kubebuilder:validation:Pattern=`^[1-9][0-9]{0,5}(m|h|d)$`
	ShortestTTL string `json:"shortestTTL,omitempty"`
	// LongestTTL that a preview may ask for, such as 30d.
	// +optional
	// +kubebuilder:validation:Pattern=`^[1-9][0-9]{0,5}(m|h|d)$`
	LongestTTL string `json:"longestTTL,omitempty"`
}
