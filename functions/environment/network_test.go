package environment

import (
	"strings"
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// usageNetwork and usageNetworkClaim keep the Network of others.
const (
	usageNetwork      = "environment-usage-network"
	usageNetworkClaim = "environment-usage-network-claim"
)

// ownShape is spec.network of a claim that has a Network of its own.
func ownShape() fields {
	return fields{"cidr": "10.50.0.0/16", "zones": 2.0, "nat": "single", "flowLogs": fields{"enabled": false}}
}

// dedicated is a world in which the environment has a Network of its own, and nothing else.
func dedicated(t *testing.T) *world {
	t.Helper()
	return minimal(t).with(fields{"networkRef": nil, "network": ownShape()})
}

// placed is the VPC and the number of subnets in the status.
func placed(p *plan.Plan) []any {
	n := p.Status.Done().At("network")
	return []any{n.String("vpcId"), len(n.List("subnets"))}
}

func networkAsked(p *plan.Plan) []plan.Requirement {
	var asked []plan.Requirement
	for _, r := range p.Requirements {
		if r.Key == requirementNetwork {
			asked = append(asked, r)
		}
	}
	return asked
}

func TestNetworkIsAskedFor(t *testing.T) {
	t.Parallel()
	asks := func(namespace string) []plan.Requirement {
		return []plan.Requirement{{Key: "network", APIVersion: "platform.io/v1", Kind: "Network", Namespace: namespace, Name: "shared"}}
	}
	cases := map[string]struct {
		claim fields
		want  []plan.Requirement
	}{
		"in another namespace":      {nil, asks("platform")},
		"in its own":                {fields{"networkRef.namespace": nil}, asks("team-checkout")},
		"a Network of its own":      {fields{"networkRef": nil, "network": ownShape()}, nil},
		"an environment with none":  {fields{"networkRef": nil}, nil},
		"a claim that is not valid": {fields{"cloud.accountId": "12"}, asks("platform")},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			for _, w := range []*world{minimal(t), minimal(t).claimed()} {
				p, _ := w.with(tc.claim).call()
				equal(t, "requirements", tc.want, networkAsked(p))
			}
		})
	}
}

// A Network that is there and can be used is the network of the environment, and it is kept.
func TestNetworkOfOthers(t *testing.T) {
	t.Parallel()
	p := minimal(t).settle()
	equal(t, "condition", conditions.Condition{
		Type: v1.ConditionNetworkReady, Status: conditions.True, Reason: conditions.Available, Message: "vpc-0a1 of Network platform/shared",
	}, condition(p, v1.ConditionNetworkReady))
	equal(t, "network", fields{"vpcId": "vpc-0a1", "cidr": "10.40.0.0/16", "subnets": []any{
		fields{"id": "subnet-0b2", "role": "database", "zone": "eu-west-1b", "cidr": "10.40.72.0/22"},
		fields{"id": "subnet-0b1", "role": "database", "zone": "eu-west-1a", "cidr": "10.40.68.0/22"},
		fields{"id": "subnet-0c1", "role": "private", "zone": "eu-west-1a", "cidr": "10.40.0.0/20"},
	}}, p.Status.Done().At("network").Map())
	equal(t, "usage", fields{
		"of": fields{"apiVersion": "platform.io/v1", "kind": "Network", "resourceRef": fields{"name": "shared", "namespace": "platform"}},
		"by": fields{"apiVersion": "kms.aws.m.upbound.io/v1beta1", "kind": "Key", "resourceRef": fields{"name": wanted(p, nameKey).Name()}},
	}, wanted(p, usageNetwork).At("spec").Map())
	equal(t, "its kind", "Usage", wanted(p, usageNetwork).Kind())
	if !wanted(p, usageNetworkClaim).IsZero() {
		t.Error("there is no claim, and a Usage of one is planned")
	}
}

func TestNetworkOfOthersInTheClaimsFlavour(t *testing.T) {
	t.Parallel()
	w := minimal(t).claimed()
	set(w.network, "status.composite", "shared-b2c4d")
	p := w.settle()
	equal(t, "network", []any{"vpc-0a1", 3}, placed(p))
	equal(t, "usage of the claim", fields{
		"of":     fields{"apiVersion": "platform.io/v1", "kind": "Network", "resourceRef": fields{"name": "shared"}},
		"reason": "environment team-checkout/staging lives in it: delete that first",
	}, wanted(p, usageNetworkClaim).At("spec").Map())
	equal(t, "where", "platform", wanted(p, usageNetworkClaim).Namespace())
	equal(t, "usage of the composite", fields{
		"of": fields{"apiVersion": "platform.io/v1", "kind": "XNetwork", "resourceRef": fields{"name": "shared-b2c4d"}},
		"by": fields{"apiVersion": "kms.aws.upbound.io/v1beta1", "kind": "Key", "resourceRef": fields{"name": wanted(p, nameKey).Name()}},
	}, wanted(p, usageNetwork).At("spec").Map())
	equal(t, "its kind", "ClusterUsage", wanted(p, usageNetwork).Kind())
}

// networkTrouble are the ways in which a Network of others cannot be used, and what is said of them.
func networkTrouble() map[string]struct {
	change  func(*world)
	reason  conditions.Reason
	message string
} {
	in := func(path string, value any) func(*world) { return func(w *world) { set(w.network, path, value) } }
	return map[string]struct {
		change  func(*world)
		reason  conditions.Reason
		message string
	}{
		"nobody has looked": {func(w *world) { w.blind = true }, conditions.NetworkNotReady, "looking up Network platform/shared"},
		"it is not there": {func(w *world) { w.network = nil }, conditions.NetworkNotFound,
			`spec.networkRef: there is no Network "shared" in namespace "platform". Create it, or name one that exists (kubectl get networks -n platform)`},
		"it is of an earlier version": {in("status.cloud", nil), conditions.NetworkNotReady,
			"Network platform/shared has not published its status.sharedWith yet. This environment continues by itself when it is"},
		"a change of it is refused": {func(w *world) {
			in("status.conditions", []any{
				fields{"type": "Ready", "status": "True"},
				fields{"type": "NetworkReady", "status": "False", "reason": "TenancyDenied", "message": "no rule lists it"},
			})(w)
		}, conditions.NetworkNotReady,
			"Network platform/shared is not as it is asked to be: NetworkReady is False, TenancyDenied no rule lists it. " +
				"This environment continues by itself when it is"},
		"it is not shared": {in("status.sharedWith", []any{"team-search"}), conditions.NetworkNotShared,
			`spec.networkRef: Network platform/shared is not shared with namespace "team-checkout". Ask its owner to add "team-checkout" to its spec.sharedWith`},
		"it goes": {in("metadata.deletionTimestamp", "2026-03-01T12:00:00Z"), conditions.NetworkNotReady, "Network platform/shared is being deleted"},
		"it is not ready, in words": {in("status.conditions", []any{fields{"type": "Ready", "status": "False", "reason": "Creating", "message": "no NAT"}}),
			conditions.NetworkNotReady, "Network platform/shared is not ready yet: Creating no NAT. This environment continues by itself when it is"},
		"it has no conditions": {in("status.conditions", nil), conditions.NetworkNotReady,
			"Network platform/shared is not ready yet. This environment continues by itself when it is"},
		"another provider": {in("status.cloud.provider", "gcp"), conditions.NetworkElsewhere,
			`spec.networkRef: status.cloud.provider of Network platform/shared is "gcp", and of this environment "aws". Name a Network there`},
		"another region": {in("status.cloud.region", "eu-west-2"), conditions.NetworkElsewhere,
			`spec.networkRef: status.cloud.region of Network platform/shared is "eu-west-2", and of this environment "eu-west-1". Name a Network there`},
		"another account": {in("status.cloud.accountId", "444455556666"), conditions.NetworkElsewhere,
			`spec.networkRef: status.cloud.accountId of Network platform/shared is "444455556666", and of this environment "123456789012". Name a Network there`},
		"it has no VPC": {in("status.vpcId", nil), conditions.NetworkNotReady,
			"Network platform/shared has no status.vpcId yet. This environment continues by itself when it does"},
		"the first one that counts": {func(w *world) {
			in("status", fields{"cloud": fields{"provider": "gcp"}})(w)
		}, conditions.NetworkNotShared,
			`spec.networkRef: Network platform/shared is not shared with namespace "team-checkout". Ask its owner to add "team-checkout" to its spec.sharedWith`},
	}
}

// A Network that cannot be used is no mistake: an environment that has not begun waits for it, and the condition says what is missing.
func TestNetworkThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for reason, tc := range networkTrouble() {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := minimal(t)
			tc.change(w)
			p := w.compose()
			equal(t, "condition", conditions.Condition{
				Type: v1.ConditionNetworkReady, Status: conditions.False, Reason: tc.reason, Message: tc.message,
			}, condition(p, v1.ConditionNetworkReady))
			equal(t, "network", []any{"", 0}, placed(p))
			equal(t, "resources", 0, len(p.Resources))
			if !p.Waiting {
				t.Error("the environment does not wait")
			}
		})
	}
}

// What was known of the network stays when it cannot be used any more, with all that is composed.
func TestNetworkIsLost(t *testing.T) {
	t.Parallel()
	for reason, tc := range networkTrouble() {
		for flavour, start := range map[string]*world{"namespaced": minimal(t), "claims": minimal(t).claimed()} {
			t.Run(reason+", "+flavour, func(t *testing.T) {
				t.Parallel()
				w := start
				set(w.network, "status.composite", "shared-b2c4d")
				before := w.settle()
				tc.change(w)
				p := w.compose()
				equal(t, "reason", tc.reason, condition(p, v1.ConditionNetworkReady).Reason)
				equal(t, "network", []any{"vpc-0a1", 3}, placed(p))
				equal(t, "resources", resourceNames(before), resourceNames(p))
				for _, name := range []string{usageNetwork, usageNetworkClaim} {
					equal(t, name, wanted(before, name).Map(), wanted(p, name).Map())
				}
				equal(t, "drops", []string(nil), drops(p))
				if again := w.settle(); placed(again)[0] != "vpc-0a1" {
					t.Errorf("in the end the network is %v", placed(again))
				}
			})
		}
	}
}

func TestNetworkIsAnother(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change  func(*world)
		message string
	}{
		"the Network has another VPC": {func(w *world) { set(w.network, "status.vpcId", "vpc-0f9") },
			"spec.networkRef: Network platform/shared is vpc-0f9, and this environment is in vpc-0a1. What lives there cannot follow: set " +
				"spec.networkRef back to the Network that is vpc-0a1, or create another Environment"},
		"another Network": {func(w *world) {
			set(w.network, "metadata.name", "other")
			set(w.network, "status.vpcId", "vpc-0f9")
			w.with(fields{"networkRef.name": "other"})
		}, "spec.networkRef: Network platform/other is vpc-0f9, and this environment is in vpc-0a1. What lives there cannot follow: set " +
			"spec.networkRef back to the Network that is vpc-0a1, or create another Environment"},
		"none": {func(w *world) { w.with(fields{"networkRef": nil}) },
			"spec.networkRef is gone, and this environment is in vpc-0a1, where services are placed. Write it again, or create another Environment"},
		"one of its own": {func(w *world) { w.with(fields{"networkRef": nil, "network": ownShape()}) },
			"spec.network: this environment is in the network of others, vpc-0a1, and what lives in it cannot follow to another. Write the " +
				"spec.networkRef of before again, or create another Environment"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := minimal(t)
			before := w.settle()
			tc.change(w)
			p := w.settle()
			equal(t, "condition", conditions.Condition{
				Type: v1.ConditionNetworkReady, Status: conditions.False, Reason: conditions.NetworkChanged, Message: tc.message,
			}, condition(p, v1.ConditionNetworkReady))
			equal(t, "network", []any{"vpc-0a1", 3}, placed(p))
			equal(t, "resources", resourceNames(before), resourceNames(p))
			equal(t, "usage", wanted(before, usageNetwork).Map(), wanted(p, usageNetwork).Map())
		})
	}
}

// Another Network that is the same VPC is no move.
func TestNetworkUnderAnotherName(t *testing.T) {
	t.Parallel()
	w := minimal(t)
	w.settle()
	set(w.network, "metadata", fields{"name": "adopted", "namespace": "team-checkout"})
	p := w.with(fields{"networkRef": fields{"name": "adopted"}}).settle()
	equal(t, "message", "vpc-0a1 of Network team-checkout/adopted", condition(p, v1.ConditionNetworkReady).Message)
	equal(t, "usage", fields{"apiVersion": "platform.io/v1", "kind": "Network", "resourceRef": fields{"name": "adopted"}},
		wanted(p, usageNetwork).At("spec", "of").Map())
}

func TestNoNetwork(t *testing.T) {
	t.Parallel()
	p := minimal(t).with(fields{"networkRef": nil}).settle()
	equal(t, "condition", conditions.Condition{
		Type: v1.ConditionNetworkReady, Status: conditions.True, Reason: conditions.NotUsed,
		Message: "there is no network, and databases and caches need one. To have some, write spec.networkRef with the name of a Network, or " +
			"spec.network with the cidr of one of its own",
	}, condition(p, v1.ConditionNetworkReady))
	if p.Status.Done().Has("network") {
		t.Errorf("status.network = %v", p.Status.Done().At("network").Map())
	}
	if names := strings.Join(resourceNames(p), " "); strings.Contains(names, "network") {
		t.Errorf("resources = %s", names)
	}
}

// An environment that had none may have one later.
func TestNetworkIsGivenLater(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		claim fields
		want  []any
	}{
		"of others":  {fields{"networkRef": fields{"name": "shared", "namespace": "platform"}}, []any{"vpc-0a1", 3}},
		"of its own": {fields{"network": ownShape()}, []any{"vpc-0d1", 2}},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := minimal(t).with(fields{"networkRef": nil})
			w.settle()
			p := w.with(tc.claim).settle()
			equal(t, "network", tc.want, placed(p))
			equal(t, "status", conditions.True, condition(p, v1.ConditionNetworkReady).Status)
		})
	}
}

// The Usage alone tells that the environment is in the network of others, when our status is lost.
func TestNetworkOfOthersIsNotLeftByALostStatus(t *testing.T) {
	t.Parallel()
	w := minimal(t)
	before := w.settle()
	delete(w.xr, "status")
	p := w.with(fields{"networkRef": nil, "network": ownShape()}).settle()
	equal(t, "resources", resourceNames(before), resourceNames(p))
	equal(t, "message", "spec.network: this environment is in the network of others, which its Usage names, and what lives in it cannot follow "+
		"to another. Write the spec.networkRef of before again, or create another Environment", condition(p, v1.ConditionNetworkReady).Message)
}

// A Usage that is not wanted any more goes with a reason.
func TestUsageOfANetworkGoes(t *testing.T) {
	t.Parallel()
	w := minimal(t).claimed()
	set(w.network, "status.composite", "shared-b2c4d")
	w.settle()
	left := w.observed[usageNetwork]
	set(w.network, "status.composite", nil)
	equal(t, "the claim has no composite", []string{usageNetwork + ": SpecChanged"}, drops(w.compose()))

	w = dedicated(t)
	w.settle()
	w.observed[usageNetwork] = left
	p := w.compose()
	equal(t, "the environment has its own", []string{usageNetwork + ": SpecChanged"}, drops(p))
	equal(t, "network", []any{"vpc-0d1", 2}, placed(p))
}
