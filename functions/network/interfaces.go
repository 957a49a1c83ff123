package network

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
)

// maxInterfaces is how many services a network reaches by interface endpoints.
const maxInterfaces = 20

// interfaceNames are the composites of the interface endpoints: they would double the number of resources, and one alone would be too
// large for all services.
func interfaceNames() []string {
	return []string{nameInterfaces, nameInterfaces + "-2", nameInterfaces + "-3"}
}

// presets are lists of services that belong together.
func presets() map[string][]string {
	return map[string][]string{
		// What nodes and controllers of a cluster call that has no way to the internet. Images come from S3, which is always there.
		// https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
		"eksPrivate": {
			"autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "logs", "sts",
		},
	}
}

// interfaces are the services that are wanted: those that are named and those of the presets, sorted, without the ones that are there
// anyway.
func (n *network) interfaces() []string {
	services := slices.Clone(n.claim.endpoints)
	for _, preset := range n.claim.presets {
		services = append(services, n.data.presets[preset]...)
	}
	return sorted(services)
}

// interfaceEndpoints are composites of their own. A service stays in the one that it is in.
func (n *network) interfaceEndpoints() {
	parts := n.share(n.interfaces())
	for i, name := range interfaceNames() {
		if len(parts[i]) == 0 {
			n.drop(name, "spec.endpoints names none of its services any more")
			continue
		}
		n.interfacePart(name, parts[i])
	}
}

// share the services among the composites: each stays where it is, and a new one goes to the first with room.
func (n *network) share(services []string) [][]string {
	parts := make([][]string, len(interfaceNames()))
	where := map[string]int{}
	for i, name := range interfaceNames() {
		for _, service := range n.observed(name).Strings("spec", "services") {
			if _, taken := where[service]; !taken && slices.Contains(services, service) {
				where[service] = i
				parts[i] = append(parts[i], service)
			}
		}
	}
	for _, service := range services {
		if _, placed := where[service]; placed {
			continue
		}
		if i := slices.IndexFunc(parts, func(part []string) bool { return len(part) < maxServices }); i >= 0 {
			parts[i] = append(parts[i], service)
		}
	}
	for i := range parts {
		parts[i] = sorted(parts[i])
	}
	return parts
}

func (n *network) interfacePart(name string, services []string) {
	was := n.observed(name).At("spec")
	vpc, subnets := first(was.String("vpcId"), n.vpcID()), n.privateSubnetIDs()
	if subnets == nil {
		subnets = was.Strings("subnetIds")
	}
	if vpc == "" || len(subnets) == 0 {
		n.waiting(name)
		return
	}
	spec := n.childSpec()
	spec.SetString("vpcId", vpc)
	spec.SetString("cidr", n.space.network.String())
	spec.SetStrings("subnetIds", subnets)
	spec.SetStrings("services", services)
	n.plan.Add(name, core.Composite{
		Kind: v1.NetworkEndpointsKind, Name: n.in.Name(name), Spec: spec.Done(),
	}.Object(n.in.Flavour))
}

func (n *network) endpointsOffered() *plan.Refusal {
	for _, service := range n.claim.endpoints {
		if slices.Contains(gatewayServices(), service) {
			return refuse(conditions.InvalidSpec, "spec.endpoints: %s is always there, for nothing; take it out of the list", service)
		}
	}
	for _, preset := range n.claim.presets {
		if _, known := n.data.presets[preset]; !known {
			return refuse(conditions.InvalidSpec, "spec.endpointPresets: there is no preset %q; write one of %s, or name the services in "+
				"spec.endpoints", quote.Short(preset), strings.Join(slices.Sorted(maps.Keys(n.data.presets)), ", "))
		}
	}
	if count := len(n.interfaces()); count > maxInterfaces {
		return refuse(conditions.InvalidSpec, "spec.endpoints: %d services are too many, with those of spec.endpointPresets; write %d at most",
			count, maxInterfaces)
	}
	return nil
}

// endpointsReady hands on what the composites of the endpoints say: of the first that is not ready, or of all.
func (n *network) endpointsReady() conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionEndpointsReady, Status: conditions.True, Reason: conditions.Available}
	services := n.interfaces()
	if len(services) == 0 {
		c.Reason, c.Message = conditions.NotUsed, "spec.endpoints is empty"
		return c
	}
	for i, part := range n.share(services) {
		if len(part) == 0 {
			continue
		}
		if said := n.interfacesReady(interfaceNames()[i]); !said.Is() {
			return said
		}
	}
	c.Message = strings.Join(services, ", ") + " within the network"
	return c
}

// interfacesReady is what one composite says.
func (n *network) interfacesReady(name string) conditions.Condition {
	c := conditions.Condition{Type: v1.ConditionEndpointsReady, Status: conditions.False}
	child := n.observed(name)
	planned := slices.ContainsFunc(n.plan.Resources, func(r plan.Resource) bool { return r.Name == name })
	state, said := health.Of(child), child.Condition(v1.ConditionEndpointsReady)
	switch {
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

// checkPresets of the input.
func checkPresets(in map[string][]string) error {
	for _, preset := range slices.Sorted(maps.Keys(in)) {
		for i, service := range in[preset] {
			if service == "" || slices.Contains(gatewayServices(), service) {
				return fmt.Errorf("endpointPresets.%s[%d]: %q is no service with an interface endpoint; write the last part of a service name, such "+
					"as ecr.api", preset, i, service)
			}
		}
	}
	return nil
}
