package environment

import (
	"fmt"

	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/policy"
)

// keyPolicy lets the account administer its key, and lets the services that store and send data use it for the account. In the policy
// of a key the resource is the key itself.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
func keyPolicy(region, account string) string {
	statements := []policy.Statement{keyAccount(region, account), keyStorage(region, account), keyMessages(account), keyLogs(region, account)}
	for i := range statements {
		statements[i].Resource = []string{"*"}
	}
	return policy.Document(statements...)
}

// keyAccount makes the key the account's: policies of IAM may permit its use. Without it nobody could ever change the policy.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func keyAccount(region, account string) policy.Statement {
	return policy.Statement{
		Sid: "Account", Action: []string{"kms:*"},
		Principal: map[string][]string{"AWS": {fmt.Sprintf("arn:%s:iam::%s:root", partition.Of(region), account)}},
	}
}

// keyStorage lets whoever may use RDS, ElastiCache or S3 in the account use the key through them, as the keys of AWS's own do.
// ElastiCache calls by two names.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html
func keyStorage(region, account string) policy.Statement {
	s := policy.Statement{
		Sid: "Storage", Action: append(keyUse(), "kms:CreateGrant"), Principal: map[string][]string{"AWS": {"*"}},
	}
	var via []string
	for _, service := range []string{"dax", "elasticache", "rds", "s3"} {
		via = append(via, service+"."+region+"."+partition.Domain(region))
	}
	s.Condition = map[string]map[string][]string{"StringEquals": {"kms:CallerAccount": {account}, "kms:ViaService": via}}
	return s
}

// keyMessages lets SNS and SQS pass on what is encrypted, and CloudWatch send alarms to such a topic.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
func keyMessages(account string) policy.Statement {
	return policy.Statement{
		Sid: "Messages", Action: []string{"kms:Decrypt", "kms:GenerateDataKey"},
		Principal: map[string][]string{"Service": {"cloudwatch.amazonaws.com", "sns.amazonaws.com", "sqs.amazonaws.com"}},
		Condition: map[string]map[string][]string{"StringEquals": {"aws:SourceAccount": {account}}},
	}
}

// keyLogs lets CloudWatch Logs encrypt log groups of the account. It says for which one in the encryption context; AWS does not
// document aws:SourceAccount here, and a condition on what is not said permits nothing.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
func keyLogs(region, account string) policy.Statement {
	groups := fmt.Sprintf("arn:%s:logs:%s:%s:log-group:*", partition.Of(region), region, account)
	return policy.Statement{
		Sid: "Logs", Action: keyUse(), Principal: map[string][]string{"Service": {"logs." + region + "." + partition.Domain(region)}},
		Condition: map[string]map[string][]string{"ArnLike": {"kms:EncryptionContext:aws:logs:arn": {groups}}},
	}
}

// keyUse is what it takes to encrypt and decrypt data.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-users-crypto
func keyUse() []string {
	return []string{
		"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom",
		"kms:ReEncryptTo",
	}
}
