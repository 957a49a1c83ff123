package network

import (
	"fmt"
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// peer is another network: by default younger than ours, of the same group, with an overlapping range, and with nothing yet.
func peer(change fields) fields {
	p := fields{
		"apiVersion": "platform.io/v1", "kind": "Network",
		"metadata": fields{"name": "other", "namespace": "team-checkout", "uid": "z", "creationTimestamp": "2026-01-03T00:00:00Z"},
		"spec":     fields{"cidr": "10.40.128.0/20", "peerGroup": "hub"},
	}
	for path, value := range change {
		set(p, path, value)
	}
	return p
}

const overlap = "Network team-checkout/other has 10.40.128.0/20"

func peersCases() map[string]struct {
	peers   []fields
	overlap string
} {
	older := fields{"metadata.creationTimestamp": "2026-01-01T00:00:00Z"}
	with := func(change, more fields) fields {
		all := fields{}
		for _, m := range []fields{change, more} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	return map[string]struct {
		peers   []fields
		overlap string
	}{
		"nobody":                             {nil, ""},
		"itself":                             {[]fields{peer(with(older, fields{"metadata.uid": "xr-uid"}))}, ""},
		"a younger one that has nothing":     {[]fields{peer(nil)}, ""},
		"a younger one that has its VPC":     {[]fields{peer(fields{"status.vpcId": "vpc-2"})}, overlap},
		"an older one":                       {[]fields{peer(older)}, overlap},
		"one of the same second, before us":  {[]fields{peer(fields{"metadata.creationTimestamp": "2026-01-02T00:00:00Z", "metadata.uid": "a"})}, overlap},
		"one of the same second, behind us":  {[]fields{peer(fields{"metadata.creationTimestamp": "2026-01-02T00:00:00Z"})}, ""},
		"an older one of another group":      {[]fields{peer(with(older, fields{"spec.peerGroup": "spoke"}))}, ""},
		"an older one without a group":       {[]fields{peer(with(older, fields{"spec.peerGroup": nil}))}, ""},
		"an older one beside us":             {[]fields{peer(with(older, fields{"spec.cidr": "10.41.0.0/16"}))}, ""},
		"an older one around us":             {[]fields{peer(with(older, fields{"spec.cidr": "10.0.0.0/8"}))}, "Network team-checkout/other has 10.0.0.0/8"},
		"an existing one beside us":          {[]fields{peer(with(older, fields{"spec.cidr": nil, "status.cidr": "10.41.0.0/16"}))}, ""},
		"an existing one over us":            {[]fields{peer(with(older, fields{"spec.cidr": nil, "status.cidr": "10.40.0.0/17"}))}, "Network team-checkout/other has 10.40.0.0/17"},
		"an existing one that is not known":  {[]fields{peer(with(older, fields{"spec.cidr": nil}))}, ""},
		"one whose range nobody understands": {[]fields{peer(with(older, fields{"spec.cidr": "10.40.0.0"}))}, ""},
		"two, in the order of their names":   {[]fields{peer(older), peer(with(older, fields{"metadata.name": "another", "metadata.uid": "y"}))}, "Network team-checkout/another has 10.40.128.0/20, " + overlap},
		"one of the claims flavour":          {[]fields{peer(with(older, fields{"metadata.namespace": nil, "metadata.name": "other-x7k2p", "spec.claimRef": fields{"namespace": "team-checkout", "name": "other"}}))}, overlap},
		"one that an environment composes":   {[]fields{peer(with(older, fields{"metadata.namespace": nil, "metadata.name": "preview-x7k2p"}))}, "Network preview-x7k2p has 10.40.128.0/20"},
	}
}

func TestPeers(t *testing.T) {
	t.Parallel()
	for reason, tc := range peersCases() {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"peerGroup": "hub"})
			w.others = known(w, tc.peers)
			none := conditions.Condition{
				Type: v1.ConditionPeersDisjoint, Status: conditions.True, Reason: conditions.Available,
				Message: "no other network of the peer group hub overlaps, as far as can be seen",
			}
			if tc.overlap == "" {
				equal(t, "a new network", none, condition(w.compose(), v1.ConditionPeersDisjoint))
			} else {
				conditionType, reason, message := w.refusal()
				equal(t, "a new network", []string{v1.ConditionPeersDisjoint, "PeersOverlap", "spec.cidr: 10.40.0.0/16 overlaps with others of the " +
					"peer group hub: " + tc.overlap + ". Write a range that is free, or leave the group"}, []string{conditionType, string(reason), message})
			}
			there(t, tc.peers, tc.overlap, none)
		})
	}
}

// there: an overlap changes nothing for a network that is there.
func there(t *testing.T, peers []fields, overlap string, none conditions.Condition) {
	t.Helper()
	w := readyWorld(t, fields{"peerGroup": "hub"})
	before := w.specs()
	w.others = known(w, peers)
	p := w.step()
	want := none
	if overlap != "" {
		want.Status, want.Reason = conditions.False, conditions.PeersOverlap
		want.Message = "10.40.0.0/16 overlaps with others of the peer group hub, so they can never be connected: " + overlap +
			". Nothing is changed. Move what lives in one of them to a new Network"
	}
	equal(t, "a network that is there", want, condition(p, v1.ConditionPeersDisjoint))
	equal(t, "what is there", before, w.specs())
	if p.Waiting {
		t.Error("it is not ready any more")
	}
}

func known(w *world, peers []fields) *plan.Required {
	var items []object.Object
	for _, p := range peers {
		items = append(items, w.object(p))
	}
	return &plan.Required{Resolved: true, Items: items}
}

// Nothing is asked for without a group. With one, all networks of the kind, in all namespaces.
// Of thousands that have our addresses a message names five, and finding them costs a look at each.
func TestThousandsOfPeers(t *testing.T) {
	t.Parallel()
	var others []fields
	for i := range 4000 {
		others = append(others, peer(fields{
			"metadata.creationTimestamp": "2026-01-01T00:00:00Z", "metadata.name": fmt.Sprintf("other-%04d", i), "metadata.uid": fmt.Sprint("u", i),
		}))
	}
	w := newWorld(t).with(fields{"peerGroup": "hub"})
	w.others = known(w, others)
	defer budget.Start(t, 1<<20)()
	_, _, message := w.refusal()
	const want = "Network team-checkout/other-0000 has 10.40.128.0/20, Network team-checkout/other-0001 has 10.40.128.0/20, " +
		"Network team-checkout/other-0002 has 10.40.128.0/20, Network team-checkout/other-0003 has 10.40.128.0/20, " +
		"Network team-checkout/other-0004 has 10.40.128.0/20, and 3995 more"
	equal(t, "the refusal", "spec.cidr: 10.40.0.0/16 overlaps with others of the peer group hub: "+want+
		". Write a range that is free, or leave the group", message)
}

func TestPeersRequirement(t *testing.T) {
	t.Parallel()
	equal(t, "without a group", []plan.Requirement(nil), newWorld(t).compose().Requirements)
	equal(t, "without a group", conditions.NotUsed, condition(newWorld(t).compose(), v1.ConditionPeersDisjoint).Reason)
	want := plan.Requirement{Key: "network-peers", APIVersion: "platform.io/v1", Kind: "Network"}
	equal(t, "with a group", []plan.Requirement{want}, newWorld(t).with(fields{"peerGroup": "hub"}).compose().Requirements)
	want.Kind = "XNetwork"
	equal(t, "in the claims flavour", []plan.Requirement{want}, newWorld(t).with(fields{"peerGroup": "hub"}).claimed().compose().Requirements)
}

// Before core has looked, nobody knows.
func TestPeersNotKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"peerGroup": "hub"})
	w.others = nil
	equal(t, "condition", conditions.Condition{
		Type: v1.ConditionPeersDisjoint, Status: conditions.Unknown, Reason: conditions.Blocked, Message: "the other networks are not known yet",
	}, condition(w.compose(), v1.ConditionPeersDisjoint))
	if !w.compose().Waiting {
		t.Error("nothing is known, and it is ready")
	}
}
