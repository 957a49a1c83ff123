package environment

import (
	"strings"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// The key of a preview may go with it. Every other one is kept: final snapshots and retained databases depend on it.
func TestKey(t *testing.T) {
	t.Parallel()
	retained := []any{"Observe", "Update", "LateInitialize"}
	cases := map[string]struct {
		claim    fields
		window   float64
		policies []any
	}{
		"dev":                       {fields{"type": "dev"}, 30, retained},
		"staging":                   {nil, 30, retained},
		"production":                {fields{"type": "production"}, 30, retained},
		"production, not protected": {fields{"type": "production", "deletionProtection": false}, 30, retained},
		"preview":                   {fields{"type": "preview", "ttl": "72h"}, 7, nil},
		"preview that is protected": {fields{"type": "preview", "ttl": "72h", "deletionProtection": true}, 7, retained},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := minimal(t).with(tc.claim)
			p := w.settle()
			kind := w.object(w.xr).String("spec", "type")
			spec := fields{
				"forProvider": fields{
					"region": "eu-west-1", "enableKeyRotation": true, "deletionWindowInDays": tc.window,
					"description": "Data of environment team-checkout/staging (" + kind + ")", "policy": keyPolicy("eu-west-1", "123456789012"),
				},
				"providerConfigRef": fields{"name": "aws-staging", "kind": "ClusterProviderConfig"},
			}
			if tc.policies != nil {
				spec["managementPolicies"] = tc.policies
			} else {
				spec["initProvider"] = fields{"customKeyStoreId": noKeyStore}
			}
			equal(t, "spec", spec, wanted(p, nameKey).At("spec").Map())
			equal(t, "kind", "kms.aws.m.upbound.io/v1beta1", wanted(p, nameKey).APIVersion())
			equal(t, "status", keyARN, p.Status.Done().String("kmsKeyArn"))
			for _, r := range p.Resources {
				if r.Name == nameKey && !r.Data {
					t.Error("the key does not count as data")
				}
			}
		})
	}
}

func TestKeyAlias(t *testing.T) {
	t.Parallel()
	for kind, w := range map[string]*world{"kms.aws.m.upbound.io/v1beta1": minimal(t), "kms.aws.upbound.io/v1beta1": minimal(t).claimed()} {
		w.asleep = []string{nameKey}
		if p := w.step(); !wanted(p, nameAlias).IsZero() {
			t.Errorf("%s: the alias is planned before the key has an id", kind)
		}
		w.asleep = nil
		w.step()
		p := w.settle()
		equal(t, "alias", fields{"region": "eu-west-1", "targetKeyId": "0a0b0c0d"}, forProvider(p, nameAlias).Map())
		equal(t, "kind", kind, wanted(p, nameAlias).APIVersion())
	}
}

// The key's ARN and the alias outlive the status of the provider. The alias follows when there is another key.
func TestKeyIsLost(t *testing.T) {
	t.Parallel()
	const other = "arn:aws:kms:eu-west-1:123456789012:key/9"
	cases := map[string]struct {
		change         func(*world)
		target, status string
	}{
		"its status is":   {func(w *world) { delete(w.observed[nameKey], "status") }, "0a0b0c0d", keyARN},
		"the key is":      {func(w *world) { delete(w.observed, nameKey) }, "0a0b0c0d", keyARN},
		"our status is":   {func(w *world) { delete(w.xr, "status") }, "0a0b0c0d", keyARN},
		"another is made": {func(w *world) { set(w.observed[nameKey], "status.atProvider", fields{"arn": other, "keyId": "9"}) }, "9", other},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := minimal(t)
			w.settle()
			tc.change(w)
			p := w.compose()
			equal(t, "alias", tc.target, forProvider(p, nameAlias).String("targetKeyId"))
			equal(t, "status", tc.status, p.Status.Done().String("kmsKeyArn"))
			equal(t, "drops", []string(nil), drops(p))
		})
	}
}

func TestKeyIsPartOfAccessReady(t *testing.T) {
	t.Parallel()
	w := minimal(t)
	p := w.compose()
	c := condition(p, v1.ConditionAccessReady)
	equal(t, "at first", conditions.Condition{
		Type: v1.ConditionAccessReady, Status: conditions.False, Reason: conditions.Creating,
		Message: "Key " + wanted(p, nameKey).Name() + ": not created yet",
	}, c)
	w.settle()
	for _, name := range []string{nameKey, nameAlias} {
		was := w.observed[name]["status"]
		set(w.observed[name], "status.conditions", []any{fields{"type": "Synced", "status": "False", "message": "no"}})
		c := condition(w.compose(), v1.ConditionAccessReady)
		equal(t, name, conditions.Failing, c.Reason)
		w.observed[name]["status"] = was
		set(w.observed[name], "status.conditions", []any{fields{"type": "Ready", "status": "True"}})
	}
	equal(t, "in the end", conditions.True, condition(w.settle(), v1.ConditionAccessReady).Status)
}

// A key that is to be deleted can be taken back for some days. Another one would hide that, and decrypt nothing.
func TestKeyIsNotMadeTwice(t *testing.T) {
	t.Parallel()
	w := minimal(t)
	w.settle()
	set(w.observed[nameKey], "spec", wanted(w.compose(), nameKey).Map()["spec"])
	set(w.observed[nameKey], "status.conditions", []any{
		fields{"type": "Ready", "status": "True"},
		fields{"type": "LastAsyncOperation", "status": "False", "reason": "AsyncUpdateFailure", "message": "async update failed: refuse to update the " +
			"external resource because the following update requires replacing it: cannot change the value of the argument " +
			`"key_usage" from "" to "ENCRYPT_DECRYPT"`},
	})
	c := condition(w.compose(), v1.ConditionAccessReady)
	equal(t, "reason", conditions.DataLost, c.Reason)
	for _, part := range []string{"aws kms cancel-key-deletion --key-id 0a0b0c0d", v1.AllowDataLossAnnotation + `: "` + nameKey + `"`} {
		if !strings.Contains(c.Message, part) {
			t.Errorf("%q says nothing of %q", c.Message, part)
		}
	}
}

// What a key policy says in each partition. Nothing in it is broader than the account.
func TestKeyPolicy(t *testing.T) {
	t.Parallel()
	const use = `"kms:Decrypt","kms:DescribeKey","kms:Encrypt","kms:GenerateDataKey","kms:GenerateDataKeyWithoutPlaintext","kms:ReEncryptFrom","kms:ReEncryptTo"`
	for region, tc := range map[string]struct{ partition, domain string }{
		"eu-west-1": {"aws", "amazonaws.com"}, "us-gov-west-1": {"aws-us-gov", "amazonaws.com"}, "cn-north-1": {"aws-cn", "amazonaws.com.cn"},
	} {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			want := `{"Version":"2012-10-17","Statement":[` +
				`{"Sid":"Account","Effect":"Allow","Principal":{"AWS":["arn:PARTITION:iam::123456789012:root"]},"Action":["kms:*"],"Resource":["*"]},` +
				`{"Sid":"Storage","Effect":"Allow","Principal":{"AWS":["*"]},"Action":["kms:CreateGrant",` + use + `],"Resource":["*"],` +
				`"Condition":{"StringEquals":{"kms:CallerAccount":["123456789012"],"kms:ViaService":["dax.REGION.DOMAIN","elasticache.REGION.DOMAIN",` +
				`"rds.REGION.DOMAIN","s3.REGION.DOMAIN"]}}},` +
				`{"Sid":"Messages","Effect":"Allow","Principal":{"Service":["cloudwatch.amazonaws.com","sns.amazonaws.com","sqs.amazonaws.com"]},` +
				`"Action":["kms:Decrypt","kms:GenerateDataKey"],"Resource":["*"],"Condition":{"StringEquals":{"aws:SourceAccount":["123456789012"]}}},` +
				`{"Sid":"Logs","Effect":"Allow","Principal":{"Service":["logs.REGION.DOMAIN"]},"Action":[` + use + `],"Resource":["*"],` +
				`"Condition":{"ArnLike":{"kms:EncryptionContext:aws:logs:arn":["arn:PARTITION:logs:REGION:123456789012:log-group:*"]}}}]}`
			want = strings.NewReplacer("PARTITION", tc.partition, "REGION", region, "DOMAIN", tc.domain).Replace(want)
			equal(t, "policy", want, keyPolicy(region, "123456789012"))
			w := minimal(t).with(fields{"cloud.region": region, "networkRef": nil})
			p := w.compose()
			equal(t, "of the key", want, forProvider(p, nameKey).String("policy"))
			equal(t, "region", region, forProvider(p, nameKey).String("region"))
		})
	}
}

// A policy that a person or an earlier version has changed is set right.
func TestKeyPolicyIsSetRight(t *testing.T) {
	t.Parallel()
	w := minimal(t)
	w.settle()
	set(w.observed[nameKey], "spec.forProvider.policy", "{}")
	equal(t, "policy", keyPolicy("eu-west-1", "123456789012"), forProvider(w.compose(), nameKey).String("policy"))
}

// The key of a preview that lives is not forgotten because somebody deletes its object: what is made next would not be encrypted with it. One
// that goes with an expired preview is.
func TestKeyOfAPreviewGoes(t *testing.T) {
	t.Parallel()
	going := func(w *world) *world {
		w.settle()
		set(w.observed[nameKey], "metadata.deletionTimestamp", "2026-03-04T12:00:00Z")
		return w
	}
	live := going(preview(t, "72h"))
	equal(t, "status of one that lives", keyARN, live.compose().Status.Done().String("kmsKeyArn"))

	extended := going(preview(t, "72h"))
	set(extended.xr, "status.phase", string(pipelinev1.PhaseExpired))
	first := extended.compose()
	equal(t, "status of one that is extended", "", first.Status.Done().String("kmsKeyArn"))
	equal(t, "key of one that is extended", "", wanted(first, nameKey).String("spec", "initProvider", "customKeyStoreId"))

	// In the next call the phase is Active again, and the old key is still on its way.
	extended.xr["status"] = first.Status.Done().Map()
	next := extended.compose()
	equal(t, "status in the next call", "", next.Status.Done().String("kmsKeyArn"))
	equal(t, "key in the next call", "", wanted(next, nameKey).String("spec", "initProvider", "customKeyStoreId"))
}
