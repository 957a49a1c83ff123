package network

import (
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

const addedWords = "Everything else in the network is well. What needs them gets a security group of its own; then the platform team removes " +
	"them: aws ec2 describe-security-group-rules --region eu-west-1 --filters Name=group-id,Values=id-of-network-default-security-group lists " +
	"them, aws ec2 revoke-security-group-ingress (or -egress) --group-id id-of-network-default-security-group --security-group-rule-ids " +
	"removes them"

// A rule that somebody adds to the default security group is said, and nobody has to wait for its end.
func TestRulesThatSomebodyAdded(t *testing.T) {
	t.Parallel()
	ssh := fields{"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": []any{"0.0.0.0/0"}, "self": false}
	all := fields{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": true}
	high := fields{"protocol": "udp", "fromPort": 1024, "toPort": 65535, "securityGroups": []any{"sg-1"}, "ipv6CidrBlocks": []any{"::/0"}}
	cases := map[string]struct {
		ingress, egress []any
		want            string
	}{
		"one in":  {[]any{ssh}, nil, "ingress tcp 22 from 0.0.0.0/0. "},
		"one out": {nil, []any{all}, "egress everything to itself. "},
		"in order, and no more than three": {[]any{ssh, high, all}, []any{all},
			"ingress everything from itself, ingress tcp 22 from 0.0.0.0/0, ingress udp 1024-65535 from ::/0 sg-1 and 1 more. "},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t, nil)
			if c := condition(w.compose(), v1.ConditionNetworkReady); !c.Is() {
				t.Fatalf("without rules: %+v", c)
			}
			set(w.observed[nameDefaultSecurityGroup], "status.atProvider.ingress", tc.ingress)
			set(w.observed[nameDefaultSecurityGroup], "status.atProvider.egress", tc.egress)
			p := w.compose()
			equal(t, "condition", conditions.Condition{
				Type: v1.ConditionNetworkReady, Status: conditions.False, Reason: conditions.DefaultGroupOpen,
				Message: "the default security group id-of-network-default-security-group has rules that somebody added: " + tc.want + addedWords,
			}, condition(p, v1.ConditionNetworkReady))
			if p.Waiting {
				t.Error("the network waits for it")
			}
		})
	}
}

// What an earlier version let the provider write down is taken over once, and then left alone.
func TestRulesThatAreHeldOnTo(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, nil)
	equal(t, "without late initialisation", []string{"Observe", "Create", "Update", "Delete"},
		wanted(w.compose(), nameDefaultSecurityGroup).Strings("spec", "managementPolicies"))
	for _, field := range []string{"ingress", "egress"} {
		set(w.observed[nameDefaultSecurityGroup], "spec.forProvider."+field, []any{fields{"protocol": "-1"}})
		got := forProvider(w.compose(), nameDefaultSecurityGroup)
		equal(t, field+" held on to", []any{[]any{}, []any{}}, []any{got["ingress"], got["egress"]})
		set(w.observed[nameDefaultSecurityGroup], "spec.forProvider."+field, []any{})
		if _, said := forProvider(w.compose(), nameDefaultSecurityGroup)[field]; said {
			t.Errorf("%s is taken over for ever", field)
		}
	}
}
