package guardrails

import (
	"slices"
	"strings"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/guardrails/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Keys of the marks. As labels on what is composed, as tags on what is in the cloud.
const (
	keyKind        = "platform.io/claim-kind"
	keyNamespace   = "platform.io/claim-namespace"
	keyName        = "platform.io/claim-name"
	keyEnvironment = "platform.io/environment"
	keyTeam        = "platform.io/team"
	keyCostCenter  = "platform.io/cost-center"
	keyTier        = "platform.io/environment-type"
	keyManagedBy   = "platform.io/managed-by"
)

// labels say which claim an object belongs to. Their values are names, so they are legal as they are.
func labels(r kernel.Review) map[string]string {
	m := map[string]string{
		keyKind:      r.Subject.Kind,
		keyNamespace: r.Subject.Namespace,
		keyName:      r.Subject.Name,
	}
	if r.Environment != nil {
		m[keyEnvironment] = r.Environment.Name
	}
	return m
}

// tags say in the cloud who owns a resource and who pays for it. The platform's own win over those of the input.
func tags(in *inputv1.Input, r kernel.Review) map[string]string {
	m := make(map[string]string, len(in.Tags)+8)
	for k, v := range in.Tags {
		m[k] = tagValue(v)
	}
	for k, v := range labels(r) {
		m[k] = v
	}
	m[keyManagedBy] = "goldenpath"
	team, costCenter := owner(r)
	if team != "" {
		m[keyTeam] = tagValue(team)
	}
	if costCenter != "" {
		m[keyCostCenter] = tagValue(costCenter)
	}
	if r.Environment != nil {
		m[keyTier] = string(r.Environment.Type)
	}
	return m
}

// owner is that of the environment or, of what is in none, the composite's own.
func owner(r kernel.Review) (team, costCenter string) {
	if env := r.Environment; env != nil {
		return env.Owner.Team, env.Owner.CostCenter
	}
	own := r.XR.At("spec", "owner")
	return own.String("team"), own.String("costCenter")
}

// tagValue replaces what AWS does not take in the value of a tag, and keeps to its length.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
func tagValue(value string) string {
	const limit = 256
	mended := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(" _.:/=+-@", r):
			return r
		default:
			return '_'
		}
	}, value)
	return mended[:min(len(mended), limit)]
}

// tagged says that a managed resource takes tags. What is only observed belongs to somebody else.
func tagged(o object.Object) bool {
	observed := slices.Equal(o.Strings("spec", "managementPolicies"), []string{"Observe"})
	return managed.Tagged(o.APIVersion()) && !observed && !slices.Contains(untagged(), o.Kind())
}

// untagged are the AWS kinds without spec.forProvider.tags.
func untagged() []string {
	return []string{
		"ProxyDefaultTargetGroup", "ProxyTarget", "QueuePolicy", "QueueRedrivePolicy", "QueueRedriveAllowPolicy", "TopicPolicy",
		"TopicSubscription", "BucketPublicAccessBlock", "BucketVersioning", "BucketServerSideEncryptionConfiguration",
		"BucketLifecycleConfiguration", "BucketPolicy", "BucketOwnershipControls", "Alias", "RolePolicy", "RolePolicyAttachment", "Route",
		"RouteTableAssociation", "SecurityGroupRule", "VPCEndpointRouteTableAssociation", "VPCEndpointSubnetAssociation",
		"VPCEndpointSecurityGroupAssociation", "ClusterAuth", "AccessPolicyAssociation",
		"SecretVersion",
	}
}
