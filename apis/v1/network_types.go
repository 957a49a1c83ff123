package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// NATMode says how private subnets reach the internet.
// +kubebuilder:validation:Enum=none;single;perZone
type NATMode string

// The NAT modes.
const (
	// NATNone: private subnets reach endpoints of AWS only.
	NATNone NATMode = "none"
	// NATSingle: one gateway for all zones. When its zone fails, the others have no way out.
	NATSingle NATMode = "single"
	// NATPerZone: one gateway for each zone.
	NATPerZone NATMode = "perZone"
)

// NetworkShape is what a network of ours looks like.
type NetworkShape struct {
	// CIDR of the network: private, /16 to /24. It cannot change after creation.
	// +optional
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="the cidr of a network cannot change after creation: create another Network"
	// +kubebuilder:validation:MaxLength=18
	// +kubebuilder:validation:Pattern=`^([0-9]{1,3}[.]){3}[0-9]{1,3}/[0-9]{1,2}$`
	// +kubebuilder:example="10.40.0.0/16"
	CIDR string `json:"cidr,omitempty"`

	// Zones to spread the subnets over: 2 unless it is given; in an Environment's own network by its type, 3 in production. Databases need
	// two. A zone can be added later, and none can be taken away.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=3
	// +kubebuilder:validation:XValidation:rule="self >= oldSelf",message="zones of a network can be added and not taken away: what lives in them would be lost"
	Zones int64 `json:"zones,omitempty"`

	// DatabaseTier adds subnets for databases that have no way to or from the internet. It can be added later, and not taken away.
	// +optional
	// +kubebuilder:default=true
	// +kubebuilder:validation:XValidation:rule="self || !oldSelf",message="the databaseTier of a network can be added and not taken away: databases live in it"
	DatabaseTier *bool `json:"databaseTier,omitempty"`

	// NAT lets private subnets call the internet: none, single (one gateway), or perZone. Single unless it is given; in an Environment's
	// own network by its type, perZone in production.
	// +optional
	NAT NATMode `json:"nat,omitempty"`

	// FlowLogs record in CloudWatch who talks to whom.
	// +optional
	FlowLogs *FlowLogs `json:"flowLogs,omitempty"`

	// Endpoints are services of AWS that the network reaches without the internet, by the last part of their service name, such
	// as ecr.api, ecr.dkr, sts, logs, secretsmanager. Each costs money by the hour. S3 and DynamoDB are always there, for nothing.
	// With those of endpointPresets there are 20 at most.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=20
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:validation:items:Pattern=`^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$`
	Endpoints []string `json:"endpoints,omitempty"`

	// EndpointPresets are services that belong together, in addition to endpoints. eksPrivate is what a cluster needs that has no way to
	// the internet: autoscaling, ec2, ecr.api, ecr.dkr, eks, eks-auth, elasticloadbalancing, logs and sts. The platform team may add others.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:example={"eksPrivate"}
	EndpointPresets []string `json:"endpointPresets,omitempty"`

	// Routes lead from the private and the database subnets to ranges elsewhere, through a transit gateway or a peering connection that is
	// there: to Vault, for example. With the first route the database subnets of a network that is older than this field get a route table
	// of their own; until then they have the VPC's main one, so what somebody has added to that by hand has to be among the routes.
	// +optional
	// +listType=map
	// +listMapKey=cidr
	// +kubebuilder:validation:MaxItems=10
	Routes []NetworkRoute `json:"routes,omitempty"`

	// PeerGroup names networks that are, or may one day be, connected. Two in one group must not overlap. That is checked and not
	// guaranteed: two that are created in the same moment may miss each other, and PeersDisjoint says so later.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	PeerGroup string `json:"peerGroup,omitempty"`
}

// FlowLogs of a network.
type FlowLogs struct {
	// Enabled unless it is false.
	// +optional
	// +kubebuilder:default=true
	Enabled *bool `json:"enabled,omitempty"`
	// RetentionDays of the log group, as CloudWatch offers them: 30 unless it is given or the platform team says otherwise; in an
	// Environment's own network by its type, 365 in production.
	// +optional
	// +kubebuilder:validation:Enum=1;3;5;7;14;30;60;90;120;150;180;365;400;545;731;1096;1827;2192;2557;2922;3288;3653
	RetentionDays int64 `json:"retentionDays,omitempty"`
	// KMSKeyARN is the key that the log group is encrypted with: one of the network's account and region, whose policy admits CloudWatch
	// Logs. Without it AWS encrypts with a key of its own; an Environment's own network has the environment's key. Another key can be
	// given later, and none cannot.
	// +optional
	// +kubebuilder:validation:MaxLength=256
	// +kubebuilder:validation:XValidation:rule="self.matches('^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[-0-9a-z]+$')",message="kmsKeyArn takes the ARN of a key, such as arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	// +kubebuilder:example="arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	KMSKeyARN string `json:"kmsKeyArn,omitempty"`
}

// ExistingNetwork is a VPC that others own. It is only observed: never changed, never deleted.
type ExistingNetwork struct {
	// VPCID of it.
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^vpc-[0-9a-f]+$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="spec.existing.vpcId cannot change after creation: create another Network"
	VPCID string `json:"vpcId"`
	// Subnets of it to use.
	// +listType=map
	// +listMapKey=id
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=12
	Subnets []ExistingSubnet `json:"subnets"`
}

// ExistingSubnet is a subnet that others own.
type ExistingSubnet struct {
	// ID of the subnet.
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^subnet-[0-9a-f]+$`
	ID string `json:"id"`
	// Role that it plays: public, private or database.
	Role pipelinev1.SubnetRole `json:"role"`
}

// NetworkSpec is what a platform team says about a network.
//
// +kubebuilder:validation:XValidation:rule="has(self.cidr) != has(self.existing)",message="write either spec.cidr, for a new network, or spec.existing, for one that is there"
// +kubebuilder:validation:XValidation:rule="self.cloud.provider == oldSelf.cloud.provider && self.cloud.region == oldSelf.cloud.region && self.cloud.accountId == oldSelf.cloud.accountId",message="provider, region and accountId of spec.cloud cannot change after creation: create another Network"
type NetworkSpec struct {
	// Cloud that the network is in.
	Cloud pipelinev1.Cloud `json:"cloud"`

	// Owner of the network. It ends up as tags on everything in it.
	// +optional
	Owner *pipelinev1.Owner `json:"owner,omitempty"`

	NetworkShape `json:",inline"`

	// Existing VPC to adopt in place of a new one. The platform team allows it in the tenancy of the Composition's input.
	// +optional
	Existing *ExistingNetwork `json:"existing,omitempty"`

	// SharedWith lists the other namespaces whose Environments may use the network: a name, or a prefix of at least three
	// characters that ends in *.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:validation:XValidation:rule="self.all(n, n.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$|^[a-z0-9][-a-z0-9]{2,}[*]$'))",message="spec.sharedWith takes namespace names, or a prefix of at least three characters that ends in *, such as team-checkout-*"
	SharedWith []string `json:"sharedWith,omitempty"`

	// DeletionProtection refuses the deletion of the network, and keeps the VPC where nothing can refuse it.
	// +optional
	// +kubebuilder:default=true
	DeletionProtection *bool `json:"deletionProtection,omitempty"`
}

// NetworkStatus is what Environments find.
type NetworkStatus struct {
	pipelinev1.Network `json:",inline"`

	// Cloud that was allowed: the account, the region and the provider configuration of the network. It and the next three are empty
	// until the network has been judged once, and stay as they are while a change of the spec is refused.
	// +optional
	Cloud *pipelinev1.Cloud `json:"cloud,omitempty"`
	// SharedWith are the namespaces, names or prefixes that end in *, whose Environments may be in the network.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=63
	SharedWith []string `json:"sharedWith,omitempty"`
	// PeerGroup that the network is in.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	PeerGroup string `json:"peerGroup,omitempty"`
	// Composite is the name of the composite behind the claim. Empty in the namespaced flavour.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	Composite string `json:"composite,omitempty"`
	// NATAddresses that private subnets call the internet from, to be allowed elsewhere.
	// +optional
	// +listType=set
	NATAddresses []string `json:"natAddresses,omitempty"`
	// Zones in use.
	// +optional
	// +listType=atomic
	Zones []string `json:"zones,omitempty"`
	// NAT as it is.
	// +optional
	NAT string `json:"nat,omitempty"`
	// Plan of the address space: every subnet that there is, and what is kept free for zones and tiers to come.
	// +optional
	// +listType=map
	// +listMapKey=cidr
	Plan []PlannedSubnet `json:"plan,omitempty"`
	// RouteTables that subnets of a tier have: for who adds routes, gateway endpoints or propagation of their own.
	// +optional
	// +listType=atomic
	RouteTables []RouteTableStatus `json:"routeTables,omitempty"`
	// FlowLogGroup is the log group with the flow logs.
	// +optional
	FlowLogGroup string `json:"flowLogGroup,omitempty"`
	// DeletionProtection as it is.
	// +optional
	DeletionProtection bool `json:"deletionProtection,omitempty"`
	// DataLoss echoes the consent that is given.
	// +optional
	DataLoss *DataLossStatus `json:"dataLoss,omitempty"`

	ConditionedStatus `json:",inline"`
}

// RouteTableStatus is a route table of a network.
type RouteTableStatus struct {
	// ID of the route table.
	ID string `json:"id"`
	// Role of the subnets that have it: public, private or database.
	Role pipelinev1.SubnetRole `json:"role"`
	// Zone of the subnets that have it. Empty when those of all zones do.
	// +optional
	Zone string `json:"zone,omitempty"`
}

// PlannedSubnet is one range of a network's address space.
type PlannedSubnet struct {
	// CIDR of the range.
	CIDR string `json:"cidr"`
	// Role of the range: public, private, database, or spare.
	Role string `json:"role"`
	// Zone that the range is for. Empty for a spare one that no zone has.
	// +optional
	Zone string `json:"zone,omitempty"`
	// Used says that there is a subnet. The others are kept free.
	// +optional
	Used bool `json:"used,omitempty"`
}

// Network is a VPC with its subnets. Several Environments may share one.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,path=networks,singular=network,shortName=pnet,categories=platform;goldenpath
// +kubebuilder:printcolumn:name="CIDR",type=string,JSONPath=`.status.cidr`
// +kubebuilder:printcolumn:name="VPC",type=string,JSONPath=`.status.vpcId`
// +kubebuilder:printcolumn:name="REGION",type=string,JSONPath=`.spec.cloud.region`
// +kubebuilder:printcolumn:name="NAT",type=string,JSONPath=`.status.nat`
type Network struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what a platform team says.
	Spec NetworkSpec `json:"spec"`
	// Status is what Environments find.
	// +optional
	Status NetworkStatus `json:"status,omitempty"`
}
