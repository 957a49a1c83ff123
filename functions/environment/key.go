package environment

import (
	"fmt"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/holder"
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
	key := managed.Resource[*kms.Key]{
		Retain: !deletable || e.protected(),
		ForProvider: &kms.Key{
			Region: region, Policy: keyPolicy(region, e.claim.cloud.AccountID), EnableKeyRotation: ptr(true), DeletionWindowInDays: ptr(window),
			Description: fmt.Sprintf("Data of environment %s/%s (%s)", e.in.Subject.Namespace, e.in.Subject.Name, e.claim.kind),
		},
	}
	holder.Write(e.onceKey().From(e.in, keyStore, noKeyStore, "description"), &key)
	e.plan.AddData(nameKey, aws(e, nameKey, key))
	target := first(e.in.Observed.Get(nameKey).String("status", "atProvider", "keyId"), e.keep(nameAlias, "targetKeyId", ""))
	if target == "" {
		return
	}
	e.plan.Add(nameAlias, aws(e, nameAlias, managed.Resource[*kms.Alias]{ForProvider: &kms.Alias{
		Region: e.keep(nameAlias, "region", region), TargetKeyID: target,
	}}))
}

// keyStore is the field of the custom key store that a key is in, and noKeyStore the id of one that nobody has: a second creation of the
// key is refused.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html (CustomKeyStoreNotFoundException)
const (
	keyStore   = "customKeyStoreId"
	noKeyStore = "cks-00000000000000000"
)

// onceKey is the key, which is made once: a second one could not decrypt what the first one encrypted.
func (e *environment) onceKey() holder.Holder {
	if e.keyGoes() {
		return holder.Holder{Name: nameKey}
	}
	_, id, _ := strings.Cut(e.lastKeyARN(), ":key/")
	return holder.Of(e.in, nameKey, "keyId", id).Adopt(e.in)
}

// keyLost tells of a key that is to be deleted, or is. Nil when it is there.
func (e *environment) keyLost() *conditions.Condition {
	c := &conditions.Condition{Type: v1.ConditionAccessReady, Status: conditions.False}
	switch once := e.onceKey(); {
	case once.Again():
		c.Reason = conditions.Creating
		c.Message = once.AgainMessage(e.in, "the key")
	case once.Lost:
		c.Reason = conditions.DataLost
		c.Message = once.Message("the key "+once.ID, fmt.Sprintf(
			"AWS keeps a key for days before it is gone for good, and with it everything that it encrypts. Until then: "+
				"aws kms cancel-key-deletion --key-id %s, then aws kms enable-key --key-id %s", once.ID, once.ID),
			"with a new key that decrypts nothing of the old one's")
	default:
		return nil
	}
	return c
}

// kmsKeyARN is the key's ARN: the one that is there, or the last one that was.
func (e *environment) kmsKeyARN() string {
	if e.keyGoes() {
		return ""
	}
	return first(e.in.Observed.Get(nameKey).String("status", "atProvider", "arn"), e.lastKeyARN())
}

// keyGoes says that the key is on its way because the preview has expired: it is being deleted, and not remembered any more.
func (e *environment) keyGoes() bool {
	return e.in.Observed.Get(nameKey).Deleting() && e.lastKeyARN() == ""
}

// lastKeyARN is the ARN of the key that there was last. One that went with an expired preview is none: who extends the preview then gets
// another one.
func (e *environment) lastKeyARN() string {
	key := e.in.Observed.Get(nameKey)
	if (key.IsZero() || key.Deleting()) && e.before().String("phase") == string(pipelinev1.PhaseExpired) {
		return ""
	}
	return e.before().String("kmsKeyArn")
}
