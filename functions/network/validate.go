package network

import (
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/cidr"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

// validate runs the checks in order and returns the first refusal. Each one is for a mistake of the person who wrote the object.
func (n *network) validate() *plan.Refusal {
	checks := []func() *plan.Refusal{
		n.cloudSupported, n.regionKnown, n.mayName, n.oneForm, n.formUnchanged, n.regionUnchanged, n.endpointsOffered, n.flowLogKey,
		n.routesLead, n.existingAlone, n.existingUnchanged, n.cidrUsable, n.cidrUnchanged, n.zonesCounted, n.nothingShrinks,
		n.zonesAvailable, n.peersDisjoint,
	}
	for _, check := range checks {
		if refusal := check(); refusal != nil {
			return refusal
		}
	}
	return nil
}

func refuse(reason conditions.Reason, format string, args ...any) *plan.Refusal {
	return plan.Refuse(v1.ConditionNetworkReady, reason, fmt.Sprintf(format, args...))
}

func (n *network) cloudSupported() *plan.Refusal {
	if n.cloud.Provider != pipelinev1.CloudAWS {
		return refuse(conditions.CloudUnsupported, "spec.cloud.provider: networks are on aws only, and not on %s; write aws", n.cloud.Provider)
	}
	if n.cloud.Region == "" || n.cloud.AccountID == "" {
		return refuse(conditions.InvalidSpec, "spec.cloud: needs region and accountId")
	}
	return nil
}

// regionKnown is for what begins: what is there is in a region that exists.
func (n *network) regionKnown() *plan.Refusal {
	if len(n.in.Observed.Names(prefix)) > 0 {
		return nil
	}
	if err := partition.Check(n.cloud.Region, n.data.regions); err != nil {
		return refuse(conditions.RegionUnknown, "spec.cloud.region: %v", err)
	}
	return nil
}

// flowLogKey has to be where the logs are: CloudWatch takes no key of another region.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
func (n *network) flowLogKey() *plan.Refusal {
	arn := n.claim.flowLogs.keyARN
	want := fmt.Sprintf("arn:%s:kms:%s:%s:key/", partition.Of(n.cloud.Region), n.cloud.Region, n.cloud.AccountID)
	if id, ok := strings.CutPrefix(arn, want); arn != "" && (!ok || strings.Trim(id, "0123456789abcdefmrk-") != "" || id == "") {
		return refuse(conditions.InvalidSpec, "spec.flowLogs.kmsKeyArn: %s is no key of region %s in account %s; write the ARN of one, such as "+
			"%s1234abcd-12ab-34cd-56ef-1234567890ab", quote.Short(arn), n.cloud.Region, n.cloud.AccountID, want)
	}
	return nil
}

// mayName: what is not derived from the namespace needs the platform team's leave.
func (n *network) mayName() *plan.Refusal {
	config := tenancy.Name{
		Field: "spec.cloud.providerConfigRef.name", Value: tenancy.Default, List: tenancy.ProviderConfigs, LeftOut: true,
	}
	if ref := n.cloud.ProviderConfigRef; ref != nil && ref.Name != "" {
		config.Value, config.LeftOut = ref.Name, false
	}
	vpc, owner := "", n.in.XR.At("spec", "owner")
	if n.claim.existing != nil {
		vpc = n.claim.existing.VPCID
	}
	refused := n.data.tenancy.Refused(n.in.Subject.Namespace, []tenancy.Name{
		{Field: "spec.cloud.accountId", Value: n.cloud.AccountID, List: tenancy.Accounts},
		config,
		{Field: "spec.owner.team", Value: owner.String("team"), List: tenancy.Owners},
		{Field: "spec.owner.costCenter", Value: owner.String("costCenter"), List: tenancy.CostCenters},
		{Field: "spec.existing.vpcId", Value: vpc, List: tenancy.VPCs},
		// Ranges are scarce, and a group is of those who are in it.
		{Field: "spec.cidr", Value: n.newRange(), List: tenancy.CIDRs},
		{Field: "spec.peerGroup", Value: n.claim.peerGroup, List: tenancy.PeerGroups},
	})
	if len(refused) == 0 {
		return nil
	}
	return refuse(conditions.TenancyDenied, "%s", tenancy.Denied(n.in.Subject.Namespace, refused))
}

func (n *network) groupTaken() string {
	return fmt.Sprintf("spec.peerGroup: this network has %s, which overlaps with others that were in the peer group %s before it: %s. "+
		"Write the group of before, or remove the field", n.ownCIDR(), n.claim.peerGroup, n.peers.overlap)
}

// newRange is the range that the network asks for. Empty where it has one and keeps it, and for what is none: the next checks say so.
func (n *network) newRange() string {
	if _, err := cidr.Parse(n.claim.cidr); err != nil || n.there(nameVPC) {
		return ""
	}
	return n.claim.cidr
}

func (n *network) oneForm() *plan.Refusal {
	if (n.claim.cidr != "") == (n.claim.existing != nil) {
		return refuse(conditions.InvalidSpec, "write either spec.cidr, for a new network, or spec.existing, for one that is there")
	}
	return nil
}

// formUnchanged: a VPC of ours does not become somebody else's, nor the other way round.
func (n *network) formUnchanged() *plan.Refusal {
	switch {
	case n.claim.existing != nil && n.there(nameVPC):
		return refuse(conditions.ExistingChanged, "spec.existing: this network has a VPC of its own, %s. Write spec.cidr: %q again, or create "+
			"another Network", n.id(nameVPC), n.observed(nameVPC).String("spec", "forProvider", "cidrBlock"))
	case n.claim.existing == nil && n.there(nameExistingVPC):
		return refuse(conditions.ExistingChanged, "spec.existing: this network is the existing %s. Write spec.existing again, or create "+
			"another Network", n.observed(nameExistingVPC).Annotation(externalName))
	}
	return nil
}

func (n *network) regionUnchanged() *plan.Refusal {
	if was := n.keep(n.vpcName(), "region", n.cloud.Region); was != n.cloud.Region {
		return refuse(conditions.CloudChanged, "spec.cloud.region: the network is in %s and cannot move to %s. Write %s again, or create "+
			"another Network there", was, n.cloud.Region, was)
	}
	return nil
}

// existingAlone: nothing is added to what others own.
func (n *network) existingAlone() *plan.Refusal {
	if n.claim.existing == nil {
		return nil
	}
	for _, field := range []string{"endpoints", "endpointPresets", "flowLogs", "routes"} {
		if n.in.XR.Has("spec", field) {
			return refuse(conditions.InvalidSpec, "spec.%s is for networks that we create: an existing VPC is only observed; remove the field",
				field)
		}
	}
	if n.claim.existing.VPCID == "" || len(n.claim.existing.Subnets) == 0 {
		return refuse(conditions.InvalidSpec, "spec.existing: needs vpcId and at least one of subnets")
	}
	return nil
}

func (n *network) existingUnchanged() *plan.Refusal {
	was := n.observed(nameExistingVPC).Annotation(externalName)
	if n.claim.existing == nil || was == "" || was == n.claim.existing.VPCID {
		return nil
	}
	return refuse(conditions.ExistingChanged, "spec.existing.vpcId: this network is %s. Write that again, or create another Network for %s",
		was, n.claim.existing.VPCID)
}

func (n *network) cidrUsable() *plan.Refusal {
	if n.claim.existing != nil {
		return nil
	}
	if _, err := cidr.Parse(n.claim.cidr); err != nil {
		return refuse(conditions.InvalidCIDR, "spec.cidr: %v", err)
	}
	return nil
}

func (n *network) cidrUnchanged() *plan.Refusal {
	was := n.observed(nameVPC).String("spec", "forProvider", "cidrBlock")
	if n.claim.existing != nil || was == "" || was == n.claim.cidr {
		return nil
	}
	return refuse(conditions.CIDRChanged, "spec.cidr: the network is %s and cannot become %s. Write %s again, or create another Network",
		was, n.claim.cidr, was)
}

func (n *network) zonesCounted() *plan.Refusal {
	if n.claim.existing == nil && (n.claim.zones < 1 || n.claim.zones > cidr.MaxZones) {
		return refuse(conditions.InvalidSpec, "spec.zones: %d; write 1 to %d", n.claim.zones, cidr.MaxZones)
	}
	if modes := []v1.NATMode{v1.NATNone, v1.NATSingle, v1.NATPerZone}; !slices.Contains(modes, n.claim.nat) {
		return refuse(conditions.InvalidSpec, "spec.nat: %q; write none, single or perZone", n.claim.nat)
	}
	return nil
}

// nothingShrinks: what lives in a subnet would be lost.
func (n *network) nothingShrinks() *plan.Refusal {
	if n.claim.existing != nil {
		return nil
	}
	var used []string
	for _, z := range n.usedBlocks() {
		if z.name != "" {
			used = append(used, z.name)
		}
	}
	if len(used) > n.claim.zones {
		return refuse(conditions.NetworkShrink, "spec.zones: the network is in %d zones (%s) and cannot leave one: what lives there would be "+
			"lost. Write %d again, or create another Network", len(used), strings.Join(used, ", "), len(used))
	}
	if !n.claim.databaseTier && len(n.in.Observed.Names(nameSubnet+string(pipelinev1.SubnetDatabase)+"-")) > 0 {
		return refuse(conditions.NetworkShrink, "spec.databaseTier: the network has a database tier and cannot lose it: databases live in it. "+
			"Write true again, or create another Network")
	}
	return nil
}

// zonesAvailable refuses a new network only. One that is there stays as it is, and NetworkReady says what is missing: spec.zones cannot
// be made smaller again, so that a refusal would be for ever.
func (n *network) zonesAvailable() *plan.Refusal {
	if missing := n.zonesMissing(); missing != "" && len(n.in.Observed.Names(prefix)) == 0 {
		return refuse(conditions.ZonesNotAvailable, "%s", missing)
	}
	return nil
}

// zonesMissing says that the region has fewer zones than are wanted. Empty when it has enough.
func (n *network) zonesMissing() string {
	if n.claim.existing != nil || len(n.zones) >= n.claim.zones {
		return ""
	}
	known := n.data.zonesOf(n.cloud.Region)
	return fmt.Sprintf("spec.zones: %d zones are wanted, and %s has %d that we know of (%s). Create the network with zones: %d, or the "+
		"platform team adds a zone to zones[%s] in the input of the composition step that runs function-network",
		n.claim.zones, n.cloud.Region, len(known), strings.Join(known, ", "), len(known), n.cloud.Region)
}

// peersDisjoint refuses who begins, and who joins a group later: those who are in it were first. The addresses of a VPC of others are known
// only when it is there: it stays out of the group, and PeersDisjoint says so.
func (n *network) peersDisjoint() *plan.Refusal {
	if n.peers.overlap == "" || n.peers.member {
		return nil
	}
	switch {
	case n.claim.existing != nil:
		return nil
	case len(n.in.Observed.Names(prefix)) > 0:
		return plan.Refuse(v1.ConditionPeersDisjoint, conditions.PeerGroupTaken, n.groupTaken())
	}
	return plan.Refuse(v1.ConditionPeersDisjoint, conditions.PeersOverlap, fmt.Sprintf(
		"spec.cidr: %s overlaps with others of the peer group %s: %s. Write a range that is free, or leave the group",
		n.claim.cidr, n.claim.peerGroup, n.peers.overlap))
}
