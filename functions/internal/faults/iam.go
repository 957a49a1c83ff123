package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// iam are errors of roles and policies. Codes:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html#API_PutRolePolicy_Errors and API_CreateRole. Sizes:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, as in https://github.com/kubernetes/kops/issues/12558.
func iam() []entry {
	return []entry{
		{
			codes:  []string{"NoSuchEntity"},
			reason: conditions.DependencyNotFound, means: "The role or policy that is named does not exist in this account", who: PlatformTeam,
			remedy: "find out who deleted it; one of an identity of the Environment is created again by itself",
		},
		{
			codes:  []string{"LimitExceeded"},
			reason: conditions.QuotaExceeded, means: "The role or its policies are at a limit of IAM", who: PlatformTeam,
			remedy: "take grants from the role, or to raise the quota where IAM lets it be raised",
		},
		{
			codes:  []string{"MalformedPolicyDocument"},
			reason: conditions.ValueRefused, means: "IAM does not take the policy", who: PlatformTeam,
			remedy: "check that the roles that it names exist, or else to report this as a defect",
		},
		{
			codes:  []string{"EntityAlreadyExists"},
			reason: conditions.NameTaken, means: "The account has one of this name that this object did not create, in IAM", who: PlatformTeam,
			remedy: "find out whose it is, and to rename or delete it",
		},
		{
			codes:  []string{"UnmodifiableEntity"},
			reason: conditions.ChangeRefused, means: "Roles of AWS services cannot be changed", who: PlatformTeam,
			remedy: "find out whose role has this name, and to report this as a defect",
		},
		{
			codes:  []string{"EntityTemporarilyUnmodifiable", "ConcurrentModification"},
			reason: conditions.Busy, means: "Somebody else changes the role at the moment", who: Nobody, remedy: retried,
		},
		{
			codes:  []string{"DeleteConflict"},
			reason: conditions.InUse, means: "The role or policy is used still", who: Nobody, remedy: retried + " until nothing uses it",
		},
	}
}
