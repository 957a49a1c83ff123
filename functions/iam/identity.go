package iam

import (
	"fmt"
	"strings"
)

const (
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
	// inNames may stand in the names of IAM.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
	inNames = lower + upper + digits + "_+=,.@-"
	// limitRole is how long the name of a role may be.
	limitRole = 64
	// lengthAccount is how many digits the number of an account has.
	lengthAccount = 12
)

// roleOf is the name of the IAM role of a service account. Empty when the Environment names none; with a mistake when it names what
// cannot be.
func (s *service) roleOf(account string) (role, mistake string) {
	for _, identity := range s.env.Identities {
		if identity.ServiceAccount != account {
			continue
		}
		arnAccount, role, ok := parseRole(identity.RoleARN)
		switch own := s.env.Cloud.AccountID; {
		case !ok:
			return "", fmt.Sprintf("roleArn of %s is %q; write it as arn:aws:iam::<account>:role/<name>", account, identity.RoleARN)
		case own != "" && own != arnAccount:
			return "", fmt.Sprintf("roleArn of %s is in account %s, and spec.cloud.accountId is %s; write a role of that account",
				account, arnAccount, own)
		}
		return role, ""
	}
	return "", ""
}

// parseRole takes the account and the name out of the ARN of a role. The path is no part of the name.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func parseRole(arn string) (account, name string, ok bool) {
	parts := strings.Split(arn, ":")
	if len(parts) != arnParts {
		return "", "", false
	}
	path, found := strings.CutPrefix(parts[5], "role/")
	segments := strings.Split(path, "/")
	for _, segment := range segments {
		found = found && only(segment, inNames)
	}
	account, name = parts[4], segments[len(segments)-1]
	return account, name, found && parts[0] == "arn" && partition(parts[1]) && parts[2] == "iam" && parts[3] == "" &&
		len(account) == lengthAccount && only(account, digits) && len(name) <= limitRole
}

// partition is aws, aws-cn and so on.
func partition(text string) bool { return strings.HasPrefix(text, "aws") && only(text, lower+"-") }

// only says that a text has at least one character, and that all are in the alphabet.
func only(text, alphabet string) bool { return text != "" && strings.Trim(text, alphabet) == "" }
