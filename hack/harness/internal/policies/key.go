package policies

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// keyPolicyField holds the policy of a KMS key.
const keyPolicyField = "spec.forProvider.policy"

// judgeKey says what is wrong with the policy of a KMS key. What only such a policy may say is: the account administers its key, the
// account's own callers use it through services, and CloudWatch Logs for log groups of the account.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
func judgeKey(statements []any) []string {
	account := ""
	for _, v := range statements {
		if s, ok := v.(map[string]any); ok && account == "" {
			account = administers(s)
		}
	}
	if account == "" {
		return append(judgeIAM(statements), "no statement lets the account's root do kms:* on \"*\": nobody could change the policy")
	}
	rest := make([]any, 0, len(statements))
	for _, v := range statements {
		if s, ok := v.(map[string]any); ok {
			v = ordinary(s, account)
		}
		rest = append(rest, v)
	}
	return judgeIAM(rest)
}

// administers is the account whose root a statement lets administer the key. Empty when it is any other statement.
func administers(s map[string]any) string {
	principal, _ := s["Principal"].(map[string]any)
	who, elements := texts(principal["AWS"]), []string{"Action", "Effect", "Principal", "Resource"}
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if key != "Sid" && !slices.Contains(elements, key) {
			return ""
		}
	}
	if s["Effect"] != "Allow" || len(principal) != 1 || len(who) != 1 ||
		!slices.Equal(texts(s["Action"]), []string{"kms:*"}) || !slices.Equal(texts(s["Resource"]), []string{"*"}) {
		return ""
	}
	if match := regexp.MustCompile(`^arn:(?:aws|aws-cn|aws-us-gov):iam::([0-9]{12}):root$`).FindStringSubmatch(who[0]); match != nil {
		return match[1]
	}
	return ""
}

// ordinary is a statement with what only a key may say in the words of other policies, so that the rest of it is judged like theirs.
func ordinary(s map[string]any, account string) map[string]any {
	if administers(s) == account {
		s = replaced(s, "Action", []any{"kms:PutKeyPolicy"})
	}
	principal, _ := s["Principal"].(map[string]any)
	everybody := slices.Equal(texts(principal["AWS"]), []string{"*"})
	switch condition := s["Condition"]; {
	case len(principal) != 1:
	case everybody && throughServices(condition, account):
		s = replaced(s, "Principal", map[string]any{"AWS": []any{account}})
	case forLogs(texts(principal["Service"]), condition, account):
		s = replaced(s, "Condition", map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": account}})
	}
	return s
}

func replaced(s map[string]any, key string, value any) map[string]any {
	s = maps.Clone(s)
	s[key] = value
	return s
}

// throughServices says that a condition holds for callers of the account alone, and through named services alone.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
func throughServices(condition any, account string) bool {
	caller, via := equals(condition, "kms:CallerAccount"), equals(condition, "kms:ViaService")
	return slices.Equal(caller, []string{account}) && len(via) > 0 &&
		!slices.ContainsFunc(via, func(service string) bool { return service == "" || strings.ContainsAny(service, "*?") })
}

// forLogs says that CloudWatch Logs alone is permitted, for log groups of the account.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
func forLogs(services []string, condition any, account string) bool {
	operators, _ := condition.(map[string]any)
	var groups []string
	for _, operator := range []string{"ArnLike", "ArnEquals"} {
		keys, _ := operators[operator].(map[string]any)
		groups = append(groups, texts(keys["kms:EncryptionContext:aws:logs:arn"])...)
	}
	const accountPart = 4
	return len(services) == 1 && strings.HasPrefix(services[0], "logs.") && len(groups) > 0 &&
		!slices.ContainsFunc(groups, func(group string) bool {
			parts := strings.Split(group, ":")
			return len(parts) <= accountPart || parts[2] != "logs" || parts[accountPart] != account
		})
}

// equals are the values that a condition compares a key with.
func equals(condition any, key string) []string {
	operators, _ := condition.(map[string]any)
	keys, _ := operators["StringEquals"].(map[string]any)
	for name, v := range keys {
		if strings.EqualFold(name, key) {
			return texts(v)
		}
	}
	return nil
}
