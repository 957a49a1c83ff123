package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// retried is what happens by itself to most failures that heal.
const retried = "it is tried again"

// aws are errors of every AWS API.
// Codes: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html and
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. Sentences of a refusal:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
// https://github.com/crossplane-contrib/provider-upjet-aws/issues/1668. Credentials:
// https://github.com/crossplane/crossplane/issues/5578.
func aws() []entry {
	const deny = "explicit deny"
	roles := []string{"to perform sts:AssumeRole", "to perform: sts:AssumeRole", "failed to refresh cached credentials"}
	return []entry{
		{
			codes:  []string{"Throttling", "RequestLimitExceeded", "TooManyRequests", "RequestThrottled"},
			not:    roles,
			reason: conditions.Throttled, means: "The cloud limits how often it may be called", who: Nobody, remedy: retried,
		},
		{
			codes:  []string{"AccessDenied", "UnauthorizedOperation"},
			not:    append(roles, deny),
			reason: conditions.PermissionDenied, means: "The role of the provider lacks this permission", who: PlatformTeam,
			remedy: "allow the action in a policy of the role",
		},
		{
			codes: []string{"AccessDenied", "UnauthorizedOperation"}, says: []string{deny},
			not:    roles,
			reason: conditions.PermissionDenied, means: "A policy forbids this to the role of the provider", who: PlatformTeam,
			remedy: "lift the deny, or to use another account or region",
		},
		{
			codes: []string{
				"ExpiredToken", "InvalidClientTokenId", "UnrecognizedClient", "AuthFailure", "SignatureDoesNotMatch", "RequestExpired",
				"IncompleteSignature",
			},
			not:    roles,
			reason: conditions.CredentialsInvalid, means: "AWS does not accept the credentials of {config}", who: PlatformTeam,
			remedy: "renew them. What runs goes on running",
		},
		{
			says:   append(roles, "no EC2 IMDS role found"),
			reason: conditions.CredentialsInvalid, means: "The provider gets no credentials for {config}", who: PlatformTeam,
			remedy: "correct the role that it names and the trust policy of that role. What runs goes on running",
		},
		{
			codes:  []string{"OptInRequired", "SubscriptionRequired"},
			reason: conditions.PermissionDenied, means: "The account has this region or service not activated", who: PlatformTeam,
			remedy: "activate it",
		},
		{
			codes:  []string{"InternalFailure", "InternalError", "InternalServiceError", "ServiceUnavailable", "Unavailable", "ServiceFailure"},
			reason: conditions.Unreachable, means: "The cloud has a fault of its own", who: Nobody, remedy: retried,
		},
		{
			says:   []string{"request send failed"},
			not:    roles,
			reason: conditions.Unreachable, means: "The provider does not reach AWS", who: PlatformTeam,
			remedy: "check its network, its DNS and its proxy, if this lasts. What runs goes on running",
		},
	}
}
