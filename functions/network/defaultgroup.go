package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/ec2"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
)

// defaultGroup is the security group that comes with the VPC, without its rules. The provider takes them off once. What somebody adds
// later it leaves alone, so that it is said (addedRules), and not held on to: late initialisation would write a rule down, and add it
// again when it is removed.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_default_security_group.go
func (n *network) defaultGroup() {
	if !n.needs(nameDefaultSecurityGroup, n.vpcID()) {
		return
	}
	group := &ec2.DefaultSecurityGroup{
		Region: n.region(nameDefaultSecurityGroup), VPCID: n.vpcOf(nameDefaultSecurityGroup), Tags: n.tags(nameDefaultSecurityGroup),
	}
	was := n.observed(nameDefaultSecurityGroup).At("spec", "forProvider")
	if len(was.List("ingress"))+len(was.List("egress")) > 0 {
		// An earlier version let the provider write rules down. They are its own until an apply says another value.
		group.NoRules = &ec2.NoRules{}
	}
	add(&n.base, nameDefaultSecurityGroup, managed.Resource[*ec2.DefaultSecurityGroup]{Following: true, ForProvider: group})
}

// toldRules of the default security group are named, the others are counted.
const toldRules = 3

// addedRules tells which rules the default security group has by now, and how they are removed. Empty when it has none.
func (n *network) addedRules() string {
	if n.claim.existing != nil {
		return ""
	}
	at := n.observed(nameDefaultSecurityGroup).At("status", "atProvider")
	rules := append(rulesOf("ingress", "from", at.List("ingress")), rulesOf("egress", "to", at.List("egress"))...)
	if len(rules) == 0 {
		return ""
	}
	more := ""
	if len(rules) > toldRules {
		more = fmt.Sprintf(" and %d more", len(rules)-toldRules)
		rules = rules[:toldRules]
	}
	id := n.id(nameDefaultSecurityGroup)
	return fmt.Sprintf("the default security group %s has rules that somebody added: %s%s. Everything else in the network is well. What "+
		"needs them gets a security group of its own; then the platform team removes them: aws ec2 describe-security-group-rules "+
		"--region %s --filters Name=group-id,Values=%s lists them, aws ec2 revoke-security-group-ingress (or -egress) --group-id %s "+
		"--security-group-rule-ids removes them", id, strings.Join(rules, ", "), more, n.region(nameDefaultSecurityGroup), id, id)
}

// rulesOf one direction in words, such as `ingress tcp 22 from 0.0.0.0/0`, sorted.
func rulesOf(direction, preposition string, list []object.Object) []string {
	rules := make([]string, 0, len(list))
	for _, rule := range list {
		var who []string
		for _, field := range []string{"cidrBlocks", "ipv6CidrBlocks", "securityGroups", "prefixListIds"} {
			who = append(who, rule.Strings(field)...)
		}
		if rule.Bool("self") {
			who = append(who, "itself")
		}
		rules = append(rules, fmt.Sprintf("%s %s %s %s", direction, portsOf(rule), preposition, quote.Short(strings.Join(who, " "))))
	}
	slices.Sort(rules)
	return rules
}

// portsOf a rule, with its protocol.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
func portsOf(rule object.Object) string {
	protocol, from, to := rule.String("protocol"), rule.Int("fromPort"), rule.Int("toPort")
	switch {
	case protocol == "-1", protocol == "all":
		return "everything"
	case from == to:
		return fmt.Sprintf("%s %d", protocol, from)
	default:
		return fmt.Sprintf("%s %d-%d", protocol, from, to)
	}
}
