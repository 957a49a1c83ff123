package network

import (
	"fmt"
	"slices"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// conditions say what is pending and why.
func (n *network) conditions() {
	ready, endpoints := n.networkReady(), n.endpointsReady()
	n.plan.Conditions = append(n.plan.Conditions, ready, endpoints, n.peersCondition())
	// In the call that changes the NAT mode everything that is observed is well still, and nothing is done yet.
	if !ready.Is() || !endpoints.Is() || n.switching() {
		n.plan.Waiting = true
	}
}

// networkReady names what is wrong with the request or, when nothing is, what fails or what is not there yet.
func (n *network) networkReady() conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionNetworkReady, Status: conditions.False}
	all := n.sum(nameInterfaces)
	foreign, missing := n.foreignSubnets(), n.zonesMissing()
	once := n.once()
	switch {
	case once.Again():
		c.Reason = conditions.Creating
		c.Message = fmt.Sprintf("the VPC is made anew in the place of %s, which was lost, because the annotation %s permits it",
			once.Anew, v1.AllowDataLossAnnotation)
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
	case n.waits != "" && n.waits != nameInterfaces:
		c.Reason, c.Message = conditions.Creating, n.waits+" is created next"
	case missing != "":
		c.Reason, c.Message = conditions.ZonesNotAvailable, missing
	case n.vpcID() == "":
		c.Reason, c.Message = conditions.Creating, "waits for the provider to publish the id of the VPC"
	default:
		c.Status, c.Reason, c.Message = conditions.True, conditions.Available, n.summary()
	}
	return c
}

// sum judges what is planned and what goes, but for one resource.
func (b *base) sum(without string) health.State {
	planned := make([]health.Resource, 0, len(b.plan.Resources))
	for _, r := range b.plan.Resources {
		if r.Name != without {
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

// endpointsReady hands on what the composite of the endpoints says.
func (n *network) endpointsReady() conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionEndpointsReady, Status: conditions.False}
	child := n.observed(nameInterfaces)
	planned := slices.ContainsFunc(n.plan.Resources, func(r plan.Resource) bool { return r.Name == nameInterfaces })
	state, said := health.Of(child), child.Condition(v1.ConditionEndpointsReady)
	switch {
	case len(n.claim.endpoints) == 0:
		c.Status, c.Reason, c.Message = conditions.True, conditions.NotUsed, "spec.endpoints is empty"
	case !planned:
		c.Reason, c.Message = conditions.Blocked, "the endpoints follow when the private subnets are there"
	case state.Ready && said.Status == string(conditions.True):
		c.Status, c.Reason, c.Message = conditions.True, conditions.Available, said.Message
	case said.Status == string(conditions.False) && said.Reason != "":
		c.Reason, c.Message = conditions.Reason(said.Reason), said.Message
	default:
		c.Reason, c.Message = conditions.Creating, first(state.Message, "the endpoints are being created")
	}
	return c
}

// peersCondition tells of an overlap that came about later. Nothing that is there changes for it.
func (n *network) peersCondition() conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionPeersDisjoint, Status: conditions.True}
	switch {
	case n.claim.peerGroup == "":
		c.Reason, c.Message = conditions.NotUsed, "spec.peerGroup is empty"
	case !n.peers.looked:
		c.Status, c.Reason, c.Message = conditions.Unknown, conditions.Blocked, "the other networks are not known yet"
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
