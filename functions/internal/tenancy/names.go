package tenancy

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// List is a field of a rule: what the names in it are of.
type List string

// The lists of a rule.
const (
	ProviderConfigs    List = "providerConfigs"
	Accounts           List = "accounts"
	Clusters           List = "clusters"
	EKSClusters        List = "eksClusters"
	WorkloadNamespaces List = "workloadNamespaces"
	VaultConfigs       List = "vaultConfigs"
	VaultMounts        List = "vaultMounts"
	VaultNamespaces    List = "vaultNamespaces"
	VaultSources       List = "vaultSources"
	KubernetesHosts    List = "kubernetesHosts"
	SecurityGroups     List = "securityGroups"
	Owners             List = "owners"
	CostCenters        List = "costCenters"
	Groups             List = "groups"
	ServiceAccounts    List = "serviceAccounts"
	VPCs               List = "vpcs"
	RouteTargets       List = "routeTargets"
	CIDRs              List = "cidrs"
	PeerGroups         List = "peerGroups"
)

// listing is one list of a rule, and how its patterns are compared with a name.
type listing struct {
	list List
	of   func(Rule) []string
	fits func(patterns []string, value string) bool
}

// listings are all lists of a rule but its namespaces, in their order.
func listings() []listing {
	return []listing{
		{ProviderConfigs, func(r Rule) []string { return r.ProviderConfigs }, fits},
		{Accounts, func(r Rule) []string { return r.Accounts }, fits},
		{Clusters, func(r Rule) []string { return r.Clusters }, fits},
		{EKSClusters, func(r Rule) []string { return r.EKSClusters }, fits},
		{WorkloadNamespaces, func(r Rule) []string { return r.WorkloadNamespaces }, fits},
		{VaultConfigs, func(r Rule) []string { return r.VaultConfigs }, fits},
		{VaultMounts, func(r Rule) []string { return r.VaultMounts }, fitsPath},
		{VaultNamespaces, func(r Rule) []string { return r.VaultNamespaces }, fitsPath},
		{VaultSources, func(r Rule) []string { return r.VaultSources }, fitsSource},
		{KubernetesHosts, func(r Rule) []string { return r.KubernetesHosts }, fitsAddress},
		{SecurityGroups, func(r Rule) []string { return r.SecurityGroups }, fits},
		{Owners, func(r Rule) []string { return r.Owners }, fits},
		{CostCenters, func(r Rule) []string { return r.CostCenters }, fits},
		{Groups, func(r Rule) []string { return r.Groups }, fits},
		{ServiceAccounts, func(r Rule) []string { return r.ServiceAccounts }, fitsPath},
		{VPCs, func(r Rule) []string { return r.VPCs }, fits},
		{RouteTargets, func(r Rule) []string { return r.RouteTargets }, fits},
		{CIDRs, func(r Rule) []string { return r.CIDRs }, fitsSource},
		{PeerGroups, func(r Rule) []string { return r.PeerGroups }, fits},
	}
}

// Default is the name of the provider configuration that a claim means by naming none.
const Default = "default"

// Name is something outside of a claim that the claim names. An empty value names nothing.
type Name struct {
	// Field of the claim.
	Field string
	Value string
	// List of a rule that allows it.
	List List
	// LeftOut says that the claim does not name it, and that the value is what it means by that.
	LeftOut bool
}

// Refused are those of the names that no rule for the namespace lists, in their order.
func (t *Tenancy) Refused(namespace string, names []Name) []Name {
	return slices.DeleteFunc(slices.Clone(names), func(n Name) bool { return n.Value == "" || t.allows(namespace, n) })
}

// allows looks through the rules that fit a namespace.
func (t *Tenancy) allows(namespace string, n Name) bool {
	if t == nil || n.List == WorkloadNamespaces && t.System(n.Value) {
		return false
	}
	at := slices.IndexFunc(listings(), func(l listing) bool { return l.list == n.List })
	if at < 0 {
		return false
	}
	l := listings()[at]
	return slices.ContainsFunc(t.Rules, func(r Rule) bool { return fits(r.Namespaces, namespace) && l.fits(l.of(r), n.Value) })
}

// Denied is the sentence about what is refused to a namespace: about the first of the names, with the rule that would allow all of
// them. There has to be one.
func Denied(namespace string, refused []Name) string {
	n := refused[0]
	what := fmt.Sprintf("%s: %q", n.Field, n.Value)
	if n.LeftOut {
		what = fmt.Sprintf("%s: left out it means %q, which", n.Field, n.Value)
	}
	return fmt.Sprintf("%s may not be named in namespace %q. Write another one, or ask the platform team to add this rule to "+
		"tenancy.rules in the input of the Composition: %s", what, namespace, ruleFor(namespace, refused))
}

// ruleFor is the rule that allows names, as YAML in one line.
func ruleFor(namespace string, names []Name) string {
	var text strings.Builder
	fmt.Fprintf(&text, "{namespaces: [%q]", namespace)
	for _, l := range listings() {
		var values []string
		for _, n := range names {
			if quoted := fmt.Sprintf("%q", n.Value); n.List == l.list && !slices.Contains(values, quoted) {
				values = append(values, quoted)
			}
		}
		if len(values) > 0 {
			fmt.Fprintf(&text, ", %s: [%s]", l.list, strings.Join(values, ", "))
		}
	}
	return text.String() + "}"
}

// fits says that a value is one of the names, or begins like one of the prefixes.
func fits(patterns []string, value string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return p == everything || fitsOne(p, value) })
}

// everything is the pattern that every name fits.
const everything = "*"

func fitsOne(pattern, value string) bool {
	prefix, open := strings.CutSuffix(pattern, "*")
	if !open {
		return pattern == value
	}
	return len(prefix) >= shortestPrefix && strings.HasPrefix(value, prefix)
}

// fitsSource compares security groups as names, and networks by what is in them.
func fitsSource(patterns []string, value string) bool {
	network, err := netip.ParsePrefix(value)
	if err != nil {
		return fits(patterns, value)
	}
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		around, err := netip.ParsePrefix(pattern)
		return pattern == everything || err == nil && around.Bits() <= network.Bits() && around.Contains(network.Addr())
	})
}
