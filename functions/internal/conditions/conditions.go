// Package conditions holds what a person reads: the conditions of our kinds and their reasons.
package conditions

// Status of a condition.
type Status string

// The statuses.
const (
	True    Status = "True"
	False   Status = "False"
	Unknown Status = "Unknown"
)

// Reason is why a condition has its status. Reasons are API: tools match on them.
type Reason string

// Reasons of a condition that is true.
const (
	Available         Reason = "Available"
	EnvironmentFound  Reason = "EnvironmentFound"
	StaticCredentials Reason = "StaticCredentials"
	NotUsed           Reason = "NotUsed"
	Passed            Reason = "Passed"
)

// Reasons to wait.
const (
	// Creating: the cloud is at work.
	Creating Reason = "Creating"
	// Failing: the provider reports an error and tries again.
	Failing Reason = "Failing"
	// DataLost: what held data was deleted outside of the platform, and is not made again by itself.
	DataLost Reason = "DataLost"
	// Deleting: a resource is being deleted.
	Deleting Reason = "Deleting"
	// Blocked: another condition has to become true first.
	Blocked Reason = "Blocked"
)

// Reasons that name the environment.
const (
	EnvironmentNotFound         Reason = "EnvironmentNotFound"
	EnvironmentNotReady         Reason = "EnvironmentNotReady"
	EnvironmentNotShared        Reason = "EnvironmentNotShared"
	EnvironmentCloudUnsupported Reason = "EnvironmentCloudUnsupported"
	EnvironmentWithoutNetwork   Reason = "EnvironmentWithoutNetwork"
	EnvironmentInvalid          Reason = "EnvironmentInvalid"
	EnvironmentMoved            Reason = "EnvironmentMoved"
	EnvironmentExpired          Reason = "EnvironmentExpired"
)

// Reasons that name an environment's own parts.
const (
	// TypeChanged, CloudChanged and ClusterChanged: what lives in the environment cannot follow.
	TypeChanged    Reason = "TypeChanged"
	CloudChanged   Reason = "CloudChanged"
	ClusterChanged Reason = "ClusterChanged"
	InvalidTTL     Reason = "InvalidTTL"
	InvalidQuota   Reason = "InvalidQuota"
	// SharedTooWide: sharedWith would include everybody by accident.
	SharedTooWide Reason = "SharedTooWide"
	// TenancyDenied: the namespace may not name something.
	TenancyDenied    Reason = "TenancyDenied"
	NetworkNotFound  Reason = "NetworkNotFound"
	NetworkNotReady  Reason = "NetworkNotReady"
	NetworkNotShared Reason = "NetworkNotShared"
	// NetworkElsewhere: the Network is in another account or region than the environment.
	NetworkElsewhere Reason = "NetworkElsewhere"
	// NetworkChanged: another VPC than the one that services are placed in.
	NetworkChanged Reason = "NetworkChanged"
	// NetworkNotGiven: neither networkRef nor network.
	NetworkNotGiven Reason = "NetworkNotGiven"
	// ClusterElsewhere: the workload cluster is in another VPC than the network.
	ClusterElsewhere Reason = "ClusterElsewhere"
	// WorkloadSourceUnknown: nobody says which security groups workloads call from.
	WorkloadSourceUnknown Reason = "WorkloadSourceUnknown"
	// VaultHostUnknown: nobody says where Vault finds the API server of the workload cluster.
	VaultHostUnknown Reason = "VaultHostUnknown"
)

// Reasons that name a network.
const (
	// InvalidCIDR: the address range is none that a network can have.
	InvalidCIDR Reason = "InvalidCIDR"
	// CIDRChanged: a network cannot get another address range.
	CIDRChanged Reason = "CIDRChanged"
	// CloudUnsupported: there are no networks on this cloud.
	CloudUnsupported Reason = "CloudUnsupported"
	// RegionUnknown: no region is called like that, or none that we know.
	RegionUnknown Reason = "RegionUnknown"
	// AccountMismatch: the VPC is in another account than the object says.
	AccountMismatch Reason = "AccountMismatch"
	// ZonesNotAvailable: the region has fewer zones.
	ZonesNotAvailable Reason = "ZonesNotAvailable"
	// NetworkShrink: a zone or the database tier would go, with what lives in it.
	NetworkShrink Reason = "NetworkShrink"
	// ExistingChanged: an existing VPC is another one now, or none.
	ExistingChanged Reason = "ExistingChanged"
	// SubnetForeign: a subnet is of another VPC.
	SubnetForeign Reason = "SubnetForeign"
	// DefaultGroupOpen: somebody has added rules to the default security group.
	DefaultGroupOpen Reason = "DefaultGroupOpen"
	// PeersOverlap: networks that are to be connected have the same addresses.
	PeersOverlap Reason = "PeersOverlap"
	// PeerGroupTaken: a network that is there cannot join a peer group in which others have its addresses.
	PeerGroupTaken Reason = "PeerGroupTaken"
)

// Reasons that name a field of the claim.
const (
	InvalidSpec           Reason = "InvalidSpec"
	UnknownEngine         Reason = "UnknownEngine"
	UnknownVersion        Reason = "UnknownVersion"
	UnknownSize           Reason = "UnknownSize"
	EngineChanged         Reason = "EngineChanged"
	EnvironmentRefChanged Reason = "EnvironmentRefChanged"
	VersionDowngrade      Reason = "VersionDowngrade"
	StorageShrink         Reason = "StorageShrink"
	DuplicateAccess       Reason = "DuplicateAccess"
	RestoreChanged        Reason = "RestoreChanged"
	RestoreSourceUnusable Reason = "RestoreSourceUnusable"
	SnapshotNotAllowed    Reason = "SnapshotNotAllowed"
	ReplicasNotOffered    Reason = "ReplicasNotOffered"
	InvalidParameter      Reason = "InvalidParameter"
	InvalidWindow         Reason = "InvalidWindow"
	IAMNotOffered         Reason = "IAMNotOffered"
)

// Reasons that name an identity in the cloud.
const (
	// IdentityUnknown: the Environment has no identity of a service account.
	IdentityUnknown Reason = "IdentityUnknown"
	// IdentityInvalid: the Environment's identity of a service account cannot be.
	IdentityInvalid Reason = "IdentityInvalid"
	// PolicyTooLarge: the policy does not fit on the identity.
	PolicyTooLarge Reason = "PolicyTooLarge"
)

// Reasons that name Vault or a Secret.
const (
	VaultNotConfigured Reason = "VaultNotConfigured"
	VaultSourceUnknown Reason = "VaultSourceUnknown"
	VaultRemoved       Reason = "VaultRemoved"
	SecretNameTaken    Reason = "SecretNameTaken"
)

// ForeignDropped is the reason of a warning: a resource of another function is no longer wanted.
const ForeignDropped Reason = "ForeignDropped"

// Reasons of a Fatal.
const (
	// WouldLoseResource: a composed resource would have been deleted without a reason.
	WouldLoseResource Reason = "WouldLoseResource"
	// WouldLoseData: a data holder would have been deleted without consent.
	WouldLoseData Reason = "WouldLoseData"
	// IdentityChanged: a data holder would have been replaced by something else under its name.
	IdentityChanged Reason = "IdentityChanged"
	// ExpiryForged: an Environment that does not end would have been told to have expired.
	ExpiryForged Reason = "ExpiryForged"
	// NameReserved: another step uses a name that says that a resource is ours.
	NameReserved Reason = "NameReserved"
	// InvalidInput: the input of the composition step is wrong.
	InvalidInput Reason = "InvalidInput"
	// Internal: a defect of ours.
	Internal Reason = "Internal"
)

// Condition is one condition of a composite and its claim.
type Condition struct {
	Type    string
	Status  Status
	Reason  Reason
	Message string
}

// Is says that the condition is true.
func (c Condition) Is() bool { return c.Status == True }
