package environment

import (
	"errors"
	"testing"
	"time"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// A Network of its own is what a person would write: the shape of the claim, in the environment's cloud and for its owner.
func TestOwnNetwork(t *testing.T) {
	t.Parallel()
	cloud := fields{"provider": "aws", "region": "eu-west-1", "accountId": "123456789012", "providerConfigRef": fields{"name": "aws-staging"}}
	owner := fields{"team": "checkout", "costCenter": "cc-42", "contact": "checkout@example.org"}
	cases := map[string]struct {
		world     *world
		kind      string
		protected bool
	}{
		"namespaced":                   {dedicated(t), "Network", false},
		"claims":                       {dedicated(t).claimed(), "XNetwork", false},
		"protected":                    {dedicated(t).with(fields{"deletionProtection": true}), "Network", true},
		"protected by its type":        {dedicated(t).with(fields{"type": "production"}), "Network", true},
		"of an unprotected production": {dedicated(t).with(fields{"type": "production", "deletionProtection": false}), "Network", false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			p := tc.world.settle()
			child := wanted(p, nameNetwork)
			equal(t, "spec", fields{
				"cidr": "10.50.0.0/16", "zones": 2.0, "nat": "single", "flowLogs": fields{"enabled": false}, "cloud": cloud, "owner": owner,
				"deletionProtection": tc.protected,
			}, child.At("spec").Map())
			equal(t, "kind", []string{"platform.io/v1", tc.kind}, []string{child.APIVersion(), child.Kind()})
			equal(t, "condition", conditions.Condition{
				Type: v1.ConditionNetworkReady, Status: conditions.True, Reason: conditions.Available, Message: "vpc-0d1 of its own Network",
			}, condition(p, v1.ConditionNetworkReady))
			equal(t, "network", []any{"vpc-0d1", 2}, placed(p))
			for _, r := range p.Resources {
				if r.Name == nameNetwork && !r.Data {
					t.Error("the network does not count as data")
				}
				if r.Name == usageNetwork || r.Name == usageNetworkClaim {
					t.Errorf("%s: it is composed, and nobody else can delete it first", r.Name)
				}
			}
		})
	}
}

// While it is not ready the condition has its own words, and what was known stays.
func TestOwnNetworkWaits(t *testing.T) {
	t.Parallel()
	const start = "spec.network: the environment's own Network is not ready: "
	ready := fields{"type": "Ready", "status": "False", "reason": "Creating", "message": "Unready resources: network-vpc"}
	cases := map[string]struct {
		conditions []any
		reason     conditions.Reason
		message    string
	}{
		"no conditions": {nil, conditions.Creating, "no status from the provider yet"},
		"core's words":  {[]any{ready}, conditions.Creating, "Unready resources: network-vpc"},
		"core cannot compose it": {[]any{fields{"type": "Synced", "status": "False", "reason": "ReconcileError", "message": "no Composition"}},
			conditions.Failing, "no Composition"},
		"its own words": {[]any{ready, fields{"type": "NetworkReady", "status": "False", "reason": "InvalidSpec", "message": "cidr is too small"}},
			"InvalidSpec", "NetworkReady: cidr is too small"},
		"words of guardrails first": {[]any{
			ready, fields{"type": "NetworkReady", "status": "False", "reason": "Creating", "message": "waits"},
			fields{"type": "GuardrailsPassed", "status": "False", "reason": "WouldLoseData", "message": "the VPC"},
		}, "WouldLoseData", "GuardrailsPassed: the VPC"},
		"peers overlap": {[]any{
			ready, fields{"type": "NetworkReady", "status": "True"}, fields{"type": "PeersDisjoint", "status": "False", "reason": "Overlap", "message": "a and b"},
		}, "Overlap", "PeersDisjoint: a and b"},
		"endpoints": {[]any{ready, fields{"type": "EndpointsReady", "status": "False", "reason": "Creating", "message": "sts"}}, conditions.Creating,
			"EndpointsReady: sts"},
	}
	for reason, tc := range cases {
		for before, last := range map[string][]any{"at first": {"", 0}, "later": {"vpc-0d1", 2}} {
			t.Run(reason+", "+before, func(t *testing.T) {
				t.Parallel()
				w := dedicated(t)
				if before == "at first" {
					w.asleep = []string{nameNetwork}
					w.step()
				} else {
					w.settle()
				}
				set(w.observed[nameNetwork], "status", fields{"vpcId": "vpc-0e7", "conditions": tc.conditions})
				p := w.compose()
				equal(t, "condition", conditions.Condition{
					Type: v1.ConditionNetworkReady, Status: conditions.False, Reason: tc.reason, Message: start + tc.message,
				}, condition(p, v1.ConditionNetworkReady))
				equal(t, "network", last, placed(p))
				if wanted(p, nameNetwork).IsZero() {
					t.Error("the network is not planned again")
				}
			})
		}
	}
}

func TestOwnNetworkThatGoesIsNotReady(t *testing.T) {
	t.Parallel()
	w := dedicated(t)
	w.settle()
	set(w.observed[nameNetwork], "metadata.deletionTimestamp", "2026-03-02T12:00:00Z")
	set(w.observed[nameNetwork], "status.conditions", []any{fields{"type": "NetworkReady", "status": "False", "message": "of before"}})
	c := condition(w.compose(), v1.ConditionNetworkReady)
	equal(t, "reason", conditions.Deleting, c.Reason)
	equal(t, "message", "spec.network: the environment's own Network is not ready: is being deleted", c.Message)
}

func TestOwnNetworkWithoutVPC(t *testing.T) {
	t.Parallel()
	w := dedicated(t)
	w.settle()
	set(w.observed[nameNetwork], "status.vpcId", nil)
	p := w.compose()
	equal(t, "message", "spec.network: the environment's own Network is not ready: it has no status.vpcId yet",
		condition(p, v1.ConditionNetworkReady).Message)
	equal(t, "network", []any{"vpc-0d1", 2}, placed(p))
}

// The network of an environment goes with consent alone, and then nothing is known of it any more.
func TestOwnNetworkGoesWithConsent(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		claim   fields
		want    []any
		message string
	}{
		"for that of others": {fields{"network": nil, "networkRef": fields{"name": "shared", "namespace": "platform"}}, []any{"vpc-0a1", 3},
			"vpc-0a1 of Network platform/shared"},
		"for none": {fields{"network": nil}, []any{"", 0},
			"there is no network, and databases and caches need one. To have some, write spec.networkRef with the name of a Network, or " +
				"spec.network with the cidr of one of its own"},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := dedicated(t)
			w.settle()
			w.with(tc.claim)
			_, err := w.call()
			var refusal *plan.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("without consent: %v", err)
			}
			equal(t, "refusal", conditions.Condition{
				Type: v1.ConditionNetworkReady, Status: conditions.False, Reason: conditions.WouldLoseData,
				Message: "spec.network is gone, and the network of the environment's own would be deleted with everything in it. Write spec.network " +
					"again: the data in environment-network would be lost. Nothing was changed. If you mean it, annotate the object with " +
					`platform.io/allow-data-loss: "environment-network"`,
			}, refusal.Condition)
			set(w.xr, "metadata.annotations", fields{"platform.io/allow-data-loss": nameNetwork})
			p := w.compose()
			equal(t, "drops", []string{nameNetwork + ": SpecChanged"}, drops(p))
			equal(t, "network", tc.want, placed(p))
			p = w.settle()
			equal(t, "network in the end", tc.want, placed(p))
			equal(t, "message", tc.message, condition(p, v1.ConditionNetworkReady).Message)
		})
	}
}

// A Network that somebody deleted is composed again. What lives in the old one says so itself.
func TestOwnNetworkIsComposedAgain(t *testing.T) {
	t.Parallel()
	w := dedicated(t)
	w.settle()
	delete(w.observed, nameNetwork)
	p := w.compose()
	equal(t, "network", []any{"vpc-0d1", 2}, placed(p))
	equal(t, "reason", conditions.Creating, condition(p, v1.ConditionNetworkReady).Reason)
	if wanted(p, nameNetwork).IsZero() {
		t.Error("the network is not composed again")
	}
}

// An expired preview is not judged any more: with both it stays in the one that it is in.
func TestNetworksOfAnExpiredPreview(t *testing.T) {
	t.Parallel()
	both := fields{"networkRef": fields{"name": "shared", "namespace": "platform"}, "network": ownShape()}
	for reason, tc := range map[string]struct {
		world *world
		want  []any
	}{
		"in its own": {dedicated(t), []any{"vpc-0d1", 2}}, "in that of others": {minimal(t), []any{"vpc-0a1", 3}},
	} {
		w := tc.world.with(fields{"type": "preview", "ttl": "1h"}).use("team-checkout", "orders")
		w.settle()
		w.now = created().Add(2 * time.Hour)
		before := w.compose()
		p := w.with(both).compose()
		equal(t, reason, tc.want, placed(p))
		equal(t, reason+", resources", resourceNames(before), resourceNames(p))
		equal(t, reason+", condition", conditions.EnvironmentExpired, condition(p, v1.ConditionNetworkReady).Reason)
	}
}

// A Network of its own is made by the Composition whose rules are the platform team's.
func TestNetworkComposition(t *testing.T) {
	t.Parallel()
	for legacy, path := range map[bool][]string{
		false: {"spec", "crossplane", "compositionRef", "name"}, true: {"spec", "compositionRef", "name"},
	} {
		w := newWorld(t).with(fields{"networkRef": nil, "network": fields{"cidr": "10.50.0.0/16"}})
		if legacy {
			w.claimed()
		}
		equal(t, "by default", "", wanted(w.compose(), nameNetwork).String(path...))
		w.data.networkComposition = "networks.example.org"
		equal(t, "when the input says so", "networks.example.org", wanted(w.compose(), nameNetwork).String(path...))
	}
}
