package tenancy

import (
	"fmt"
	"net/netip"
	"strings"
)

// shortestPrefix in characters: a shorter one would let everybody in by accident. Who means everybody writes * alone.
const shortestPrefix = 3

// PermissionsBoundary is the ARN of the policy that every role of an identity carries. Empty when no rule says one.
func (t *Tenancy) PermissionsBoundary(namespace, partition, account string) string {
	if t == nil {
		return ""
	}
	for _, r := range t.Rules {
		if r.PermissionsBoundary != "" && fits(r.Namespaces, namespace) {
			return strings.NewReplacer("{partition}", partition, "{accountId}", account).Replace(r.PermissionsBoundary)
		}
	}
	return ""
}

// Validate checks what the schema of the input checks, and more: nothing validates the input of a composition step. The errors name
// the field below the input.
func (t *Tenancy) Validate() error {
	if t == nil {
		return nil
	}
	for i, pattern := range t.SystemNamespaces {
		if err := check(pattern); err != nil {
			return fmt.Errorf("tenancy.systemNamespaces[%d]: %q %w", i, pattern, err)
		}
	}
	for i, r := range t.Rules {
		path := fmt.Sprintf("tenancy.rules[%d].", i)
		if len(r.Namespaces) == 0 {
			return fmt.Errorf("%snamespaces is empty: write the namespaces that the rule is for, or * for all of them", path)
		}
		if err := r.validate(); err != nil {
			return fmt.Errorf("%s%w", path, err)
		}
		if r.PermissionsBoundary != "" && !isPolicyARN(r.PermissionsBoundary) {
			return fmt.Errorf("%spermissionsBoundary: %q is not the ARN of a managed policy: write it like "+
				"arn:{partition}:iam::{accountId}:policy/workload-boundary", path, r.PermissionsBoundary)
		}
	}
	return nil
}

// validate looks at every list.
func (r Rule) validate() error {
	named := append([]listing{{"namespaces", func(r Rule) []string { return r.Namespaces }, fits}}, listings()...)
	for _, l := range named {
		for n, pattern := range l.of(r) {
			if err := check(pattern); err != nil {
				return fmt.Errorf("%s[%d]: %q %w", l.list, n, pattern, err)
			}
		}
	}
	for n, pattern := range r.KubernetesHosts {
		if pattern != everything && !wholeHost(pattern) {
			return fmt.Errorf("%s[%d]: %q leaves a part of the host open, and everybody can have one that begins like it: write the host in "+
				"full, with the * below it, such as https://oidc.example.org/id/*", KubernetesHosts, n, pattern)
		}
	}
	for n, pattern := range r.CIDRs {
		if _, err := netip.ParsePrefix(pattern); err != nil && pattern != everything {
			return fmt.Errorf("%s[%d]: %q is not a range: write one such as 10.64.0.0/12, or * for all of them", CIDRs, n, pattern)
		}
	}
	return nil
}

func check(pattern string) error {
	prefix, open := strings.CutSuffix(pattern, "*")
	switch {
	case pattern == "*":
		return nil
	case pattern == "":
		return fmt.Errorf("is empty: write a name, or remove it")
	case strings.Contains(prefix, "*"):
		return fmt.Errorf("has a * that is not at its end: write a name, or a prefix that ends in *")
	case open && len(prefix) < shortestPrefix:
		return fmt.Errorf("would fit too much by accident: write %d characters or more before the *, or * alone for everything", shortestPrefix)
	}
	return nil
}

// isPolicyARN takes the ARN of a managed policy, with or without the placeholders.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func isPolicyARN(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "iam" || parts[3] != "" {
		return false
	}
	partition, account := parts[1], parts[4]
	if partition != "{partition}" && partition != "aws" && !strings.HasPrefix(partition, "aws-") {
		return false
	}
	if account != "{accountId}" && account != "aws" && !isAccount(account) {
		return false
	}
	policy, found := strings.CutPrefix(parts[5], "policy/")
	return found && policy != "" && !strings.HasSuffix(policy, "/") && only(policy, "/+=,.@-_")
}

func isAccount(id string) bool {
	return len(id) == 12 && strings.Trim(id, "0123456789") == ""
}

// only says that a text has nothing but letters, digits and some more characters.
func only(text, more string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune(more, r)
	})
}
