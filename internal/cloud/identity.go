package cloud

import "strings"

// created is when everything was created.
const created = "2026-01-01T00:00:00Z"

func identities() map[string]Facts {
	return map[string]Facts{
		Role: {
			Named:    true,
			Report:   role,
			Defaults: fixed(map[string]any{"path": "/", "maxSessionDuration": 3600.0, "forceDetachPolicies": false}),
		},
		RolePolicy: {
			Identity: []string{"role"},
			Reads:    []string{"role", "policy"},
			Named:    true,
			Report:   rolePolicy,
		},
		Key: {
			Identity: []string{"region"}, Reads: []string{"region"}, Report: key,
			Defaults: fixed(map[string]any{
				"customerMasterKeySpec": "SYMMETRIC_DEFAULT", "keyUsage": "ENCRYPT_DECRYPT", "isEnabled": true, "multiRegion": false,
			}),
		},
		Alias: {Identity: []string{"region"}, Reads: []string{"region", "targetKeyId"}, Named: true, Report: alias},
		LogGroup: {
			Identity: []string{"region"}, Reads: []string{"region"}, Named: true, Report: logGroup,
			Defaults: fixed(map[string]any{"logGroupClass": "STANDARD", "retentionInDays": 0.0, "skipDestroy": false}),
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
