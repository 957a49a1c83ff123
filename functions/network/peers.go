package network

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// requirementPeers is the key of the other networks.
const requirementPeers = "network-peers"

// toldPeers is how many networks with the same addresses a message names: there may be thousands.
const toldPeers = 5

// peers is what is known of the other networks of the peer group.
type peers struct {
	// looked says that core has looked for them.
	looked bool
	// member says that the network is in the group already.
	member bool
	// overlap names those that have a part of our addresses. Empty when none does.
	overlap string
}

// findPeers looks for networks of the same peer group with the same addresses. Who was in the group first has them: status.peerGroup says
// who is. It is a check, not a guarantee: of two networks that are reconciled for the first time at the same moment, in different order of
// their arrival in the caches, each may miss the other. They find each other in the next call, and PeersDisjoint says so.
//
// Every Network is asked for, whatever its group: core looks for labels, and takes none from a function for the composite itself. A
// Network has 8 KiB and more, so that a request of 16 MiB has room for a thousand of them, and hardly for two.
func (n *network) findPeers() {
	if n.claim.peerGroup == "" {
		return
	}
	n.plan.Requirements = append(n.plan.Requirements, plan.Requirement{
		Key: requirementPeers, APIVersion: n.in.XR.APIVersion(), Kind: n.in.XR.Kind(),
	})
	found := n.in.Required[requirementPeers]
	n.peers.looked = found.Resolved
	n.peers.member = memberOf(n.in.XR, n.claim.peerGroup)
	ours, err := netip.ParsePrefix(n.ownCIDR())
	if err != nil {
		return
	}
	var overlaps []string
	for _, other := range found.Items {
		theirs, err := netip.ParsePrefix(first(other.String("status", "cidr"), other.String("spec", "cidr")))
		if err != nil || other.UID() == n.in.XR.UID() || !n.holds(other) {
			continue
		}
		if theirs.Overlaps(ours) {
			overlaps = append(overlaps, fmt.Sprintf("Network %s has %s", pathOf(other), theirs))
		}
	}
	slices.Sort(overlaps)
	if rest := len(overlaps) - toldPeers; rest > 0 {
		overlaps = append(overlaps[:toldPeers], fmt.Sprintf("and %d more", rest))
	}
	n.peers.overlap = strings.Join(overlaps, ", ")
}

// ownCIDR is what we have, or else want.
func (n *network) ownCIDR() string {
	return first(n.observed(n.vpcName()).String("status", "atProvider", "cidrBlock"), n.in.XR.String("status", "cidr"), n.claim.cidr)
}

// joined is the group that the network is in: from the call on in which its addresses are known and nobody in the group has them. Who is in
// it stays, and who is not known to be keeps what was said before.
func (n *network) joined() string {
	switch group := n.claim.peerGroup; {
	case group == "", n.peers.member, n.peers.looked && n.peers.overlap == "" && n.ownCIDR() != "":
		return group
	default:
		return n.in.XR.String("status", "peerGroup")
	}
}

// memberOf says that a network has been let into a group. One from before this was told has a VPC, and a verdict about its group.
func memberOf(network object.Object, group string) bool {
	if joined := network.String("status", "peerGroup"); joined != "" || network.String("status", "vpcId") == "" {
		return joined == group
	}
	verdict := conditions.Reason(network.Condition(v1.ConditionPeersDisjoint).Reason)
	return network.String("spec", "peerGroup") == group && (verdict == conditions.Available || verdict == conditions.PeersOverlap)
}

// holds says that another network of the group has its addresses, or comes first. One that has been refused, whatever for, or that has
// come later and has nothing, must not trouble anybody.
func (n *network) holds(other object.Object) bool {
	if memberOf(other, n.claim.peerGroup) {
		return true
	}
	if n.peers.member || other.String("spec", "peerGroup") != n.claim.peerGroup || other.String("status", "vpcId") != "" ||
		other.Condition("Synced").Status == "False" {
		return false
	}
	age := strings.Compare(other.String("metadata", "creationTimestamp"), n.in.XR.String("metadata", "creationTimestamp"))
	return age < 0 || age == 0 && other.UID() < n.in.XR.UID()
}

// pathOf a network, as its owner knows it.
func pathOf(o object.Object) string {
	if claim := o.At("spec", "claimRef"); !claim.IsZero() {
		return claim.String("namespace") + "/" + claim.String("name")
	}
	if o.Namespace() == "" {
		return o.Name()
	}
	return o.Namespace() + "/" + o.Name()
}
