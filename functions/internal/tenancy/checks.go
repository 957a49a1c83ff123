package tenancy

import (
	"fmt"
	"slices"
	"strings"
)

// shortestPrefix in characters: a shorter one would let everybody in by accident. Who means everybody writes * alone.
const shortestPrefix = 3

// ProviderConfig says that a namespace may name a ProviderConfig of provider-aws. One that is not named at all always may be left out.
func (t *Tenancy) ProviderConfig(namespace, name string) bool {
	return t.allows(namespace, name, true, func(r Rule) []string { return r.ProviderConfigs })
}

// Account says that a namespace may name an account of AWS.
func (t *Tenancy) Account(namespace, id string) bool {
	return t.allows(namespace, id, true, func(r Rule) []string { return r.Accounts })
}

// Cluster says that a namespace may name a cluster, by its ProviderConfig of provider-kubernetes.
func (t *Tenancy) Cluster(namespace, name string) bool {
	return t.allows(namespace, name, true, func(r Rule) []string { return r.Clusters })
}

// EKSCluster says that a namespace may name a cluster of EKS.
func (t *Tenancy) EKSCluster(namespace, name string) bool {
	return t.allows(namespace, name, true, func(r Rule) []string { return r.EKSClusters })
}

// WorkloadNamespace says that a namespace may name a workload namespace that is there already. Without a rule none may.
func (t *Tenancy) WorkloadNamespace(namespace, name string) bool {
	return t.allows(namespace, name, false, func(r Rule) []string { return r.WorkloadNamespaces })
}

// VaultConfig says that a namespace may name a ProviderConfig of provider-vault.
func (t *Tenancy) VaultConfig(namespace, name string) bool {
	return t.allows(namespace, name, true, func(r Rule) []string { return r.VaultConfigs })
}

// VaultMount says that a namespace may name a mount that is there already. Without a rule none may.
func (t *Tenancy) VaultMount(namespace, path string) bool {
	return t.allows(namespace, path, false, func(r Rule) []string { return r.VaultMounts })
}

// VPC says that a namespace may name a VPC that is there already. Without a rule none may.
func (t *Tenancy) VPC(namespace, id string) bool {
	return t.allows(namespace, id, false, func(r Rule) []string { return r.VPCs })
}

// RouteTarget says that routes of a namespace's networks may lead through a transit gateway or a peering connection. Without a rule none
// may.
func (t *Tenancy) RouteTarget(namespace, id string) bool {
	return t.allows(namespace, id, false, func(r Rule) []string { return r.RouteTargets })
}

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

// allows looks through the rules that fit a namespace. What is not named needs no permission. Without rules the answer is open.
func (t *Tenancy) allows(namespace, value string, open bool, of func(Rule) []string) bool {
	if value == "" {
		return true
	}
	if t == nil || len(t.Rules) == 0 {
		return open
	}
	return slices.ContainsFunc(t.Rules, func(r Rule) bool { return fits(r.Namespaces, namespace) && fits(of(r), value) })
}

// fits says that a value is one of the names, or begins like one of the prefixes.
func fits(patterns []string, value string) bool {
	for _, p := range patterns {
		prefix, open := strings.CutSuffix(p, "*")
		switch {
		case !open && p == value, p == "*":
			return true
		case open && len(prefix) >= shortestPrefix && strings.HasPrefix(value, prefix):
			return true
		}
	}
	return false
}

// Denied is the sentence about a field that names what the namespace may not. list is the field of a rule that would allow it.
func Denied(field, value, namespace, list string) string {
	return fmt.Sprintf("%s: %q may not be named in namespace %q. Leave it out or write another one, or ask the platform team: "+
		"a rule for the namespace in input.tenancy of the Composition has to list it in %s", field, value, namespace, list)
}

// Validate checks what the schema of the input checks, and more: nothing validates the input of a composition step. The errors name
// the field below the input.
func (t *Tenancy) Validate() error {
	if t == nil {
		return nil
	}
	for i, r := range t.Rules {
		path := fmt.Sprintf("tenancy.rules[%d].", i)
		if len(r.Namespaces) == 0 {
			return fmt.Errorf("%snamespaces is empty: write the namespaces that the rule is for, or * for all of them", path)
		}
		for _, l := range r.lists() {
			for n, pattern := range l.patterns {
				if err := check(pattern); err != nil {
					return fmt.Errorf("%s%s[%d]: %q %w", path, l.name, n, pattern, err)
				}
			}
		}
		if r.PermissionsBoundary != "" && !isPolicyARN(r.PermissionsBoundary) {
			return fmt.Errorf("%spermissionsBoundary: %q is not the ARN of a managed policy: write it like "+
				"arn:{partition}:iam::{accountId}:policy/workload-boundary", path, r.PermissionsBoundary)
		}
	}
	return nil
}

// list is one list of a rule under its name.
type list struct {
	name     string
	patterns []string
}

func (r Rule) lists() []list {
	return []list{
		{"namespaces", r.Namespaces}, {"providerConfigs", r.ProviderConfigs}, {"accounts", r.Accounts}, {"clusters", r.Clusters},
		{"eksClusters", r.EKSClusters}, {"workloadNamespaces", r.WorkloadNamespaces}, {"vaultConfigs", r.VaultConfigs},
		{"vaultMounts", r.VaultMounts}, {"vpcs", r.VPCs}, {"routeTargets", r.RouteTargets},
	}
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
