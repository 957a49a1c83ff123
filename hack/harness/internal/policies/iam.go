package policies

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// judgeIAM says what is wrong with the statements of a document.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func judgeIAM(statements []any) []string {
	if len(statements) == 0 {
		return []string{"has no statement"}
	}
	var problems []string
	for i, v := range statements {
		s, ok := v.(map[string]any)
		if !ok {
			problems = append(problems, fmt.Sprintf("Statement[%d]: is not an object", i))
			continue
		}
		for _, problem := range judgeStatement(s) {
			problems = append(problems, fmt.Sprintf("Statement[%d].%s", i, problem))
		}
	}
	return problems
}

// elements of a statement, and what is wrong with having one.
func elements() map[string]string {
	const all = "permits all but what it names: name what is permitted"
	return map[string]string{
		"Sid": "", "Effect": "", "Principal": "", "Action": "", "Resource": "", "Condition": "",
		"NotAction": all, "NotResource": all, "NotPrincipal": all,
	}
}

func judgeStatement(s map[string]any) []string {
	var problems []string
	known := elements()
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if wrong, ok := known[key]; !ok {
			problems = append(problems, key+": is no element of a statement")
		} else if wrong != "" {
			problems = append(problems, key+": "+wrong)
		}
	}
	switch s["Effect"] {
	case "Deny":
		// What a Deny names is taken away: here broad is not the danger, but locking out the provider's own role is.
		if !onlyPlainText(s["Condition"]) {
			problems = append(problems, "Effect: Deny on any other condition than Bool aws:SecureTransport=false")
		}
		return problems
	case "Allow":
	default:
		return append(problems, fmt.Sprintf("Effect: %v is neither Allow nor Deny", s["Effect"]))
	}
	problems = append(problems, judgeActions(texts(s["Action"]))...)
	principal, ofResource := s["Principal"]
	if ofResource {
		problems = append(problems, judgePrincipal(principal, s["Condition"])...)
	}
	return append(problems, judgeResources(texts(s["Resource"]), ofResource)...)
}

func judgeActions(actions []string) []string {
	if len(actions) == 0 {
		return []string{"Action: names none"}
	}
	var problems []string
	for _, action := range actions {
		if strings.ContainsAny(action, "*?") {
			problems = append(problems, fmt.Sprintf("Action: %q holds a wildcard", action))
		}
	}
	return problems
}

// judgeResources lets the policy of a resource say "this resource" with an asterisk. The policy of an identity has to name what it is for.
func judgeResources(resources []string, ofResource bool) []string {
	if len(resources) == 0 && !ofResource {
		return []string{"Resource: names none"}
	}
	var problems []string
	for _, resource := range resources {
		if ofResource && resource == "*" {
			continue
		}
		if wrong := wrongARN(resource); wrong != "" {
			problems = append(problems, fmt.Sprintf("Resource: %q %s", resource, wrong))
		}
	}
	return problems
}

// wrongARN says what is too broad about an ARN. Empty when nothing is.
func wrongARN(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if arn == "*" {
		return "is every resource"
	}
	if len(parts) < 6 || parts[0] != "arn" {
		return "is not an ARN"
	}
	last := arn[strings.LastIndexAny(arn, "/:")+1:]
	switch {
	case strings.Trim(parts[5], "*?") == "":
		return "is every resource of the service"
	case strings.ContainsAny(strings.TrimSuffix(arn, last), "*?"):
		return "holds a wildcard before the last segment"
	}
	return ""
}

// judgePrincipal refuses everybody, and services that act for anybody.
func judgePrincipal(principal, condition any) []string {
	byType, ok := principal.(map[string]any)
	if !ok {
		byType = map[string]any{"AWS": principal}
	}
	var problems []string
	for _, kind := range slices.Sorted(maps.Keys(byType)) {
		who := texts(byType[kind])
		if len(who) == 0 {
			problems = append(problems, "Principal: "+kind+" names nobody")
		}
		for _, name := range who {
			if strings.Contains(name, "*") {
				problems = append(problems, fmt.Sprintf("Principal: %s %q is everybody", kind, name))
			}
		}
	}
	if _, service := byType["Service"]; service && !hasSource(condition) {
		problems = append(problems, "Principal: a service without a condition on aws:SourceAccount or aws:SourceArn: "+
			"it would act for other accounts too")
	}
	if _, federated := byType["Federated"]; federated && !hasSubject(condition) {
		problems = append(problems, "Principal: a federated identity without a condition StringEquals on its :sub and its :aud: "+
			"all of its users would be admitted")
	}
	return problems
}

// hasSubject says that a condition names who of a provider's users is meant, and whom the token is for.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
func hasSubject(condition any) bool {
	operators, _ := condition.(map[string]any)
	keys, _ := operators["StringEquals"].(map[string]any)
	named := map[string]bool{}
	for key, v := range keys {
		if values := texts(v); len(values) > 0 && !slices.ContainsFunc(values, fitsAll) {
			named[key[strings.LastIndex(key, ":")+1:]] = true
		}
	}
	return named["sub"] && named["aud"]
}

// hasSource says that a condition names for whom a service may act. With IfExists, or a value that fits all, it does not.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func hasSource(condition any) bool {
	operators, _ := condition.(map[string]any)
	for _, operator := range []string{"StringEquals", "StringLike", "ArnEquals", "ArnLike"} {
		keys, _ := operators[operator].(map[string]any)
		for key, v := range keys {
			source := strings.EqualFold(key, "aws:SourceAccount") || strings.EqualFold(key, "aws:SourceArn")
			if values := texts(v); source && len(values) > 0 && !slices.ContainsFunc(values, fitsAll) {
				return true
			}
		}
	}
	return false
}

func fitsAll(value string) bool { return strings.Trim(value, "*?") == "" }

// onlyPlainText says that a condition is true for requests without TLS, and for those alone.
func onlyPlainText(condition any) bool {
	operators, _ := condition.(map[string]any)
	keys, _ := operators["Bool"].(map[string]any)
	if len(operators) != 1 || len(keys) != 1 {
		return false
	}
	for key, v := range keys {
		return strings.EqualFold(key, "aws:SecureTransport") && slices.Equal(texts(v), []string{"false"})
	}
	return false
}

// texts are one text or a list of them: every element may be either. What is no text is written as one, to be judged.
func texts(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		all := make([]string, 0, len(v))
		for _, item := range v {
			all = append(all, fmt.Sprint(item))
		}
		return all
	default:
		return []string{fmt.Sprint(v)}
	}
}
