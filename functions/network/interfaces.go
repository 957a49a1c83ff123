package network

import (
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// interfaceEndpoints are a composite of their own: they would double the number of resources.
func (n *network) interfaceEndpoints() {
	if len(n.claim.endpoints) == 0 {
		n.drop(nameInterfaces, "spec.endpoints is empty")
		return
	}
	was := n.observed(nameInterfaces).At("spec")
	vpc, subnets := first(was.String("vpcId"), n.vpcID()), n.privateSubnetIDs()
	if subnets == nil {
		subnets = was.Strings("subnetIds")
	}
	if vpc == "" || len(subnets) == 0 {
		n.waiting(nameInterfaces)
		return
	}
	spec := object.NewFields()
	spec.SetObject("cloud", n.in.XR.At("spec", "cloud"))
	if owner := n.in.XR.At("spec", "owner"); !owner.IsZero() {
		spec.SetObject("owner", owner)
	}
	spec.SetString("vpcId", vpc)
	spec.SetString("cidr", n.space.network.String())
	spec.SetStrings("subnetIds", subnets)
	spec.SetStrings("services", sorted(n.claim.endpoints))
	n.plan.Add(nameInterfaces, core.Composite{
		Kind: v1.NetworkEndpointsKind, Name: n.in.Name(nameInterfaces), Spec: spec.Done(),
	}.Object(n.in.Flavour))
}
