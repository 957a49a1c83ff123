package network

import (
	"fmt"
	"strings"
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
		"a younger one that is in the group": {[]fields{peer(fields{"status.peerGroup": "hub"})}, overlap},
		"one that is in another group still": {[]fields{peer(with(older, fields{"status.vpcId": "vpc-2", "status.peerGroup": "spoke"}))}, ""},
		"one that joins it only now":         {[]fields{peer(with(older, fields{"status.vpcId": "vpc-2"}))}, ""},
		"an older one that was refused":      {[]fields{peer(with(older, fields{"status.conditions": []any{fields{"type": "Synced", "status": "False"}}}))}, ""},
		"one from before, in the group":      {[]fields{peer(with(verdict("Available"), fields{"status.vpcId": "vpc-2"}))}, overlap},
		"one from before, with an overlap":   {[]fields{peer(with(verdict("PeersOverlap"), fields{"status.vpcId": "vpc-2"}))}, overlap},
		"one from before, without a group":   {[]fields{peer(with(verdict("NotUsed"), fields{"status.vpcId": "vpc-2"}))}, ""},
		"one that may not join":              {[]fields{peer(with(verdict("PeerGroupTaken"), fields{"status.vpcId": "vpc-2"}))}, ""},
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

// verdict of a network about its peer group.
func verdict(reason string) fields {
	return fields{"status.conditions": []any{fields{"type": "PeersDisjoint", "reason": reason}, fields{"type": "Synced", "status": "True"}}}
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
			there(t, tc.peers, none)
		})
	}
}

// there: an overlap changes nothing for a network that is in the group, and only another one that is in it is told of.
func there(t *testing.T, peers []fields, none conditions.Condition) {
	t.Helper()
	w := readyWorld(t, fields{"peerGroup": "hub"})
	before := w.specs()
	w.others = known(w, peers)
	p := w.step()
	got := condition(p, v1.ConditionPeersDisjoint)
	inGroup := false
	for _, other := range w.others.Items {
		inGroup = inGroup || memberOf(other, "hub") && other.UID() != "xr-uid"
	}
	if !inGroup {
		equal(t, "nobody else is in the group", none, got)
	} else if got.Reason != conditions.PeersOverlap || !strings.Contains(got.Message, "Nothing is changed") {
		equal(t, "an overlap", none, got)
	}
	equal(t, "what is there", before, w.specs())
	if p.Waiting {
		t.Error("it is not ready any more")
	}
}

// A network that is there and joins a group later finds out itself that others have its addresses. Nothing of it changes, and those who
// were in the group notice nothing.
func TestJoiningHarmsNobody(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, nil)
	before := w.specs()
	w.others = known(w, []fields{peer(fields{"status.vpcId": "vpc-2", "status.peerGroup": "hub"})})
	conditionType, reason, message := w.with(fields{"peerGroup": "hub"}).refusal()
	equal(t, "who joins", []string{v1.ConditionPeersDisjoint, "PeerGroupTaken", "spec.peerGroup: this network has 10.40.0.0/16, which overlaps with " +
		"others that were in the peer group hub before it: " + overlap + ". Write the group of before, or remove the field"},
		[]string{conditionType, string(reason), message})
	equal(t, "what is there", before, w.specs())

	first := readyWorld(t, fields{"peerGroup": "hub"})
	equal(t, "who was first", "hub", first.object(first.xr).String("status", "peerGroup"))
	joining := peer(fields{"status.vpcId": "vpc-2", "metadata.creationTimestamp": "2026-01-01T00:00:00Z"})
	first.others = known(first, []fields{joining})
	equal(t, "who was first", conditions.Available, condition(first.step(), v1.ConditionPeersDisjoint).Reason)

	// Where nobody has its addresses it is let in.
	w.others = known(w, nil)
	w.step()
	equal(t, "let in", "hub", w.object(w.xr).String("status", "peerGroup"))
	// Who leaves is out.
	w.with(fields{"peerGroup": nil}).step()
	equal(t, "out", "", w.object(w.xr).String("status", "peerGroup"))
}

// One that was in the group before status.peerGroup was told is in it still, whoever overlaps with it.
func TestPeersFromBefore(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, fields{"peerGroup": "hub"})
	for _, reason := range []string{"Available", "PeersOverlap"} {
		set(w.xr, "status.peerGroup", nil)
		set(w.xr, "status.conditions", []any{fields{"type": "PeersDisjoint", "reason": reason}})
		w.others = known(w, []fields{peer(fields{"status.vpcId": "vpc-2", "status.peerGroup": "hub"})})
		p := w.compose()
		equal(t, reason, conditions.PeersOverlap, condition(p, v1.ConditionPeersDisjoint).Reason)
		equal(t, reason, "hub", p.Status.Done().String("peerGroup"))
	}
}

// Ranges and groups are listed. A network that is there keeps its range when the rules are tightened, and a group is asked for anew.
func TestRangesAndGroupsNeedLeave(t *testing.T) {
	t.Parallel()
	const more = ` may not be named in namespace "platform". Write another one, or ask the platform team to add this rule to tenancy.rules in the ` +
		`input of the Composition: {namespaces: ["platform"], `
	tight := func(cidrs, groups []string) plan.Stage {
		data := open(defaultSettings())
		data.tenancy.Rules[0].CIDRs, data.tenancy.Rules[0].PeerGroups = cidrs, groups
		return Stage(data)
	}
	for reason, tc := range map[string]struct {
		cidrs, groups []string
		want          string
	}{
		"no range":            {nil, []string{"hub"}, `spec.cidr: "10.40.0.0/16"` + more + `cidrs: ["10.40.0.0/16"]}`},
		"another range":       {[]string{"10.64.0.0/12"}, []string{"hub"}, `spec.cidr: "10.40.0.0/16"` + more + `cidrs: ["10.40.0.0/16"]}`},
		"a part of the range": {[]string{"10.40.0.0/17"}, []string{"hub"}, `spec.cidr: "10.40.0.0/16"` + more + `cidrs: ["10.40.0.0/16"]}`},
		"no group":            {[]string{"10.40.0.0/16"}, nil, `spec.peerGroup: "hub"` + more + `peerGroups: ["hub"]}`},
		"another group":       {[]string{"10.40.0.0/16"}, []string{"spoke"}, `spec.peerGroup: "hub"` + more + `peerGroups: ["hub"]}`},
	} {
		w := newWorld(t).with(fields{"peerGroup": "hub"})
		w.stage = tight(tc.cidrs, tc.groups)
		conditionType, refused, message := w.refusal()
		equal(t, reason, []string{v1.ConditionNetworkReady, "TenancyDenied", tc.want}, []string{conditionType, string(refused), message})
	}
	w := readyWorld(t, fields{"peerGroup": "hub"})
	before := w.specs()
	w.stage = tight([]string{"10.64.0.0/12"}, []string{"hub"})
	w.step()
	equal(t, "a range that it has", before, w.specs())
	w.stage = tight([]string{"10.64.0.0/12"}, nil)
	if _, reason, _ := w.refusal(); reason != conditions.TenancyDenied {
		t.Errorf("a group that is not listed any more: %s", reason)
	}
	equal(t, "what is there", before, w.specs())
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
