package environment

import (
	"fmt"

	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/kms"
)

// Days between the deletion of a key and its end, in which it can be taken back.
// https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
const (
	keyWindow        = 30
	keyWindowPreview = 7
)

// key encrypts what is stored in the environment. Every final snapshot and every retained database depends on it, so it is not
// deleted: only that of a preview goes with the environment.
func (e *environment) key() {
	deletable := e.data.tiers[e.claim.kind].KeyDeletable
	window := int64(keyWindow)
	if deletable {
		window = keyWindowPreview
	}
	region := e.keep(nameKey, "region", e.claim.cloud.Region)
	e.plan.AddData(nameKey, aws(e, nameKey, managed.Resource[*kms.Key]{
		Retain: !deletable || e.protected(),
		ForProvider: &kms.Key{
			Region: region, Policy: keyPolicy(region, e.claim.cloud.AccountID), EnableKeyRotation: ptr(true), DeletionWindowInDays: ptr(window),
			Description: fmt.Sprintf("Data of environment %s/%s (%s)", e.in.Subject.Namespace, e.in.Subject.Name, e.claim.kind),
		},
	}))
	target := first(e.in.Observed.Get(nameKey).String("status", "atProvider", "keyId"), e.keep(nameAlias, "targetKeyId", ""))
	if target == "" {
		return
	}
	e.plan.Add(nameAlias, aws(e, nameAlias, managed.Resource[*kms.Alias]{ForProvider: &kms.Alias{
		Region: e.keep(nameAlias, "region", region), TargetKeyID: target,
	}}))
}

// kmsKeyARN is the key's ARN: the one that is there, or the last one that was.
func (e *environment) kmsKeyARN() string {
	return first(e.in.Observed.Get(nameKey).String("status", "atProvider", "arn"), e.before().String("kmsKeyArn"))
}
