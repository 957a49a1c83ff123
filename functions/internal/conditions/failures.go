package conditions

// Reasons why a provider fails, where its error is known (package faults). A condition that fails says Failing all the same:
// several resources fail for several reasons at once.
const (
	// PermissionDenied: the provider may not do this.
	PermissionDenied Reason = "PermissionDenied"
	// CredentialsInvalid: the provider has no credentials, or such as are not accepted.
	CredentialsInvalid Reason = "CredentialsInvalid"
	// QuotaExceeded: the account has as many as it may have.
	QuotaExceeded Reason = "QuotaExceeded"
	// CapacityExhausted: the cloud has no machine free.
	CapacityExhausted Reason = "CapacityExhausted"
	// Throttled: the cloud limits how often it is called.
	Throttled Reason = "Throttled"
	// Unreachable: what is called does not answer, or has a fault of its own.
	Unreachable Reason = "Unreachable"
	// NameTaken: there is one of the same name that is not ours.
	NameTaken Reason = "NameTaken"
	// VersionUnsupported: the cloud does not offer this version, here or for this size.
	VersionUnsupported Reason = "VersionUnsupported"
	// ValueRefused: the cloud does not take a value of the claim, of the catalog or of the environment.
	ValueRefused Reason = "ValueRefused"
	// DependencyNotFound: something that the resource names is not there.
	DependencyNotFound Reason = "DependencyNotFound"
	// InUse: something else uses the resource, so that it cannot go yet.
	InUse Reason = "InUse"
	// Busy: an earlier change goes on.
	Busy Reason = "Busy"
	// ChangeRefused: what is there cannot be changed in this way.
	ChangeRefused Reason = "ChangeRefused"
	// OutcomeUnknown: the provider cannot tell whether it has created the resource.
	OutcomeUnknown Reason = "OutcomeUnknown"
	// Paused: somebody has told the provider to leave the resource alone.
	Paused Reason = "Paused"
)
