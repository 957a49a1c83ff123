package network

import (
	"fmt"
	"slices"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
)

// conditions say what is pending and why.
func (n *network) conditions() {
	ready, endpoints, routes := n.networkReady(), n.endpointsReady(), n.routesReady()
	n.plan.Conditions = append(n.plan.Conditions, ready, endpoints, routes, n.peersCondition())
	// A rule that somebody added is for people to see and to remove. Who lives in the network does not wait for that.
	open := ready.Reason == conditions.DefaultGroupOpen
	// In the call that changes the NAT mode everything that is observed is well still, and nothing is done yet.
	if !ready.Is() && !open || !endpoints.Is() || !routes.Is() || n.switching() {
		n.plan.Waiting = true
	}
}

// networkReady names what is wrong with the request or, when nothing is, what fails or what is not there yet.
func (n *network) networkReady() conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionNetworkReady, Status: conditions.False}
	below := append(interfaceNames(), nameRoutes)
	all := n.sum(below...)
	foreign, missing, added := n.foreignSubnets(), n.zonesMissing(), n.addedRules()
	once := n.once()
	switch {
	case once.Again():
		c.Reason = conditions.Creating
		c.Message = once.AgainMessage(n.in, "the VPC")
	case once.Lost:
		c.Reason = conditions.DataLost
		c.Message = once.Message("the VPC "+once.ID, "none, a VPC has no backup", "with a new VPC that has none of what was in it")
	case n.otherAccount() != "":
		c.Reason = conditions.AccountMismatch
		c.Message = fmt.Sprintf("spec.cloud.accountId is %s, and the VPC is in account %s, because the provider's credentials are for that one. "+
			"Nothing is added. Set deletionProtection to false, delete this Network and create it anew with the right accountId or "+
			"providerConfigRef", n.cloud.AccountID, n.otherAccount())
	case foreign != "":
		c.Reason = conditions.SubnetForeign
		c.Message = fmt.Sprintf("spec.existing.subnets: %s, and not of %s; write subnets of that VPC", foreign, n.claim.existing.VPCID)
	case all.Reason == conditions.Failing, !all.Ready:
		c.Reason, c.Message = all.Reason, all.Message
	case n.waits != "" && !slices.Contains(below, n.waits):
		c.Reason, c.Message = conditions.Creating, n.waits+" is created next"
	case missing != "":
		c.Reason, c.Message = conditions.ZonesNotAvailable, missing
	case n.vpcID() == "":
		c.Reason, c.Message = conditions.Creating, "waits for the provider to publish the id of the VPC"
	case added != "":
		c.Reason, c.Message = conditions.DefaultGroupOpen, added
	default:
		c.Status, c.Reason, c.Message = conditions.True, conditions.Available, n.summary()
	}
	return c
}

// sum judges what is planned and what goes, but for some resources.
func (b *base) sum(without ...string) health.State {
	planned := make([]health.Resource, 0, len(b.plan.Resources))
	for _, r := range b.plan.Resources {
		if !slices.Contains(without, r.Name) {
			planned = append(planned, health.Resource{Kind: r.Object.Kind(), Name: r.Object.Name(), Observed: b.observed(r.Name)})
		}
	}
	return health.Sum(planned)
}

// summary of a network that is ready.
func (n *network) summary() string {
	if n.claim.existing != nil {
		return fmt.Sprintf("%s with %d subnets, which are only observed", n.vpcID(), len(n.claim.existing.Subnets))
	}
	return fmt.Sprintf("%s (%s) in %s", n.vpcID(), n.space.network, strings.Join(n.zoneNames(), ", "))
}

// peersCondition tells of an overlap that came about later. Nothing that is there changes for it.
func (n *network) peersCondition() conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionPeersDisjoint, Status: conditions.True}
	switch {
	case n.claim.peerGroup == "":
		c.Reason, c.Message = conditions.NotUsed, "spec.peerGroup is empty"
	case !n.peers.looked:
		c.Status, c.Reason, c.Message = conditions.Unknown, conditions.Blocked, "the other networks are not known yet"
	case n.peers.overlap != "" && !n.peers.member:
		c.Status, c.Reason, c.Message = conditions.False, conditions.PeerGroupTaken, n.groupTaken()
	case n.peers.overlap != "":
		c.Status, c.Reason = conditions.False, conditions.PeersOverlap
		c.Message = fmt.Sprintf("%s overlaps with others of the peer group %s, so they can never be connected: %s. Nothing is changed. "+
			"Move what lives in one of them to a new Network", n.ownCIDR(), n.claim.peerGroup, n.peers.overlap)
	case n.ownCIDR() == "":
		c.Status, c.Reason, c.Message = conditions.Unknown, conditions.Blocked, "the addresses of the existing VPC are not known yet"
	default:
		c.Reason, c.Message = conditions.Available, "no other network of the peer group "+n.claim.peerGroup+" overlaps, as far as can be seen"
	}
	return c
}
