package cloud

import "strings"

// created is when everything was created.
const created = "2026-01-01T00:00:00Z"

func identities() map[string]Facts {
	return map[string]Facts{
		Role: {
			Named:  true,
			Report: role,
		},
		RolePolicy: {
			Identity: []string{"role"},
			Reads:    []string{"role", "policy"},
			Named:    true,
			Report:   rolePolicy,
		},
		Key: {
			Identity: []string{"region"}, Reads: []string{"region", "enableKeyRotation"}, Report: key, Defaults: keyDefaults,
		},
		Alias: {Identity: []string{"region"}, Reads: []string{"region", "targetKeyId"}, Named: true, Report: alias},
		LogGroup: {
			Identity: []string{"region"}, Reads: []string{"region"}, Named: true, Report: logGroup,
			Defaults: fixed(map[string]any{"logGroupClass": "STANDARD", "deletionProtectionEnabled": false}),
		},
	}
}

// role has no region in its ARN.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
func role(r Resource) map[string]any {
	return map[string]any{
		"id": r.Name, "arn": "arn:aws:iam::" + r.account() + ":role/" + r.Name, "createDate": created,
		"uniqueId": r.kept("uniqueId", "AROA"+strings.ToUpper(r.digits(17))),
	}
}

func key(r Resource) map[string]any {
	d := r.digits(32)
	id := r.kept("keyId", d[:8]+"-"+d[8:12]+"-4"+d[13:16]+"-8"+d[17:20]+"-"+d[20:])
	return map[string]any{"id": id, "keyId": id, "arn": r.arn("kms", "key/"+id)}
}

// keyDefaults: KMS writes a policy that leaves the root of the account in charge, and rotates once a year.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func keyDefaults(r Resource) map[string]any {
	f := map[string]any{
		"description": "", "multiRegion": false,
		"policy": `{"Id":"key-default-1","Statement":[{"Action":"kms:*","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + r.account() +
			`:root"},"Resource":"*","Sid":"Enable IAM User Permissions"}],"Version":"2012-10-17"}`,
	}
	if r.flag("enableKeyRotation") {
		f["rotationPeriodInDays"] = 365.0
	}
	return f
}

// alias is the name with a prefix, which the external name does without.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_alias
func alias(r Resource) map[string]any {
	id, target := "alias/"+strings.TrimPrefix(r.Name, "alias/"), r.text("targetKeyId")
	if !strings.HasPrefix(target, "arn:") {
		target = r.arn("kms", "key/"+target)
	}
	return map[string]any{"id": id, "arn": r.arn("kms", id), "targetKeyArn": target}
}

func logGroup(r Resource) map[string]any {
	return map[string]any{"id": r.Name, "arn": r.arn("logs", "log-group:"+r.Name)}
}
