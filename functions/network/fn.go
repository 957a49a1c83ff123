// Package network composes a VPC on AWS: subnets, routing, NAT, gateway endpoints and flow logs, or adopts one that others own. The
// interface endpoints of it, and its routes to what is elsewhere, are composites of their own, each with a stage.
package network

import (
	"fmt"
	"time"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/network/input/v1"
)

// Composition resource names. They are API: renaming one recreates a cloud resource. What there is once for each zone ends in the
// zone's part of its name, such as network-subnet-private-a.
const (
	prefix                   = ownership.Network
	nameVPC                  = prefix + "vpc"
	nameDefaultSecurityGroup = prefix + "default-security-group"
	nameInternetGateway      = prefix + "internet-gateway"
	nameSubnet               = prefix + "subnet-"
	nameRouteTable           = prefix + "route-table-"
	nameRoute                = prefix + "route-"
	nameAssociation          = prefix + "association-"
	nameAddress              = prefix + "nat-address-"
	nameGateway              = prefix + "nat-gateway-"
	nameEndpoint             = prefix + "endpoint-"
	nameInterfaces           = prefix + "interface-endpoints"
	nameRoutes               = prefix + "routes"
	nameFlowLog              = prefix + "flow-log"
	nameFlowLogGroup         = nameFlowLog + "-group"
	nameFlowLogRole          = nameFlowLog + "-role"
	nameFlowLogPolicy        = nameFlowLog + "-policy"
	// What others own has names of its own: it never becomes ours under the same name.
	nameExisting    = prefix + "existing-"
	nameExistingVPC = nameExisting + "vpc"
)

// defaultSecretNamespace holds the Secrets of cluster-scoped managed resources: out of the developers' reach.
const defaultSecretNamespace = "crossplane-system"

// New makes the function.
func New(now func() time.Time) *kernel.Function[inputv1.Input] {
	return kernel.New("network", now, func(in *inputv1.Input) (kernel.Setup, error) {
		stage, err := stageOf(in)
		return kernel.Setup{Stages: []plan.Stage{stage}, SecretNamespace: first(in.SecretNamespace, defaultSecretNamespace)}, err
	})
}

func stageOf(in *inputv1.Input) (plan.Stage, error) {
	data, err := defaultSettings().with(in)
	switch in.Stage {
	case inputv1.StageNetwork, "":
		return Stage(data), err
	case inputv1.StageEndpoints:
		return EndpointsStage(), err
	case inputv1.StageRoutes:
		return RoutesStage(), err
	default:
		return Stage(data), fmt.Errorf("stage: %q is not a stage; write network, endpoints or routes", in.Stage)
	}
}

// Stage is the stage of a Network.
func Stage(data settings) plan.Stage {
	return plan.Stage{
		Name:       "network",
		Prefix:     prefix,
		Conditions: []string{v1.ConditionNetworkReady, v1.ConditionEndpointsReady, v1.ConditionRoutesReady, v1.ConditionPeersDisjoint},
		Compose:    func(in plan.In) (*plan.Plan, error) { return compose(in, data) },
	}
}

func compose(in plan.In, data settings) (*plan.Plan, error) {
	n := &network{base: newBase(in), claim: readClaim(in.XR, data), data: data}
	n.findPeers()
	n.settle()
	if refusal := n.validate(); refusal != nil {
		return n.plan, refusal
	}
	if n.claim.existing != nil {
		n.adopt()
	} else {
		n.build()
	}
	n.usages()
	n.conditions()
	n.status()
	return n.plan, nil
}

// build wants a network of our own, in the order in which its parts need each other.
func (n *network) build() {
	n.vpc()
	n.subnets()
	n.routeTables()
	n.gateways()
	n.routes()
	n.gatewayEndpoints()
	n.flowLogs()
	n.interfaceEndpoints()
	n.elsewhere()
	if n.otherAccount() != "" {
		n.plan.OnlyObserved(n.in)
	}
}

// network is one Network on its way from claim to plan.
type network struct {
	base
	claim claim
	data  settings
	peers peers
	// space is the address space of a network of our own.
	space space
	// zones that the network is in, in the order of their blocks. Fewer than asked for when the region has no more.
	zones []zone
	// leadsElsewhere says that the network has a composite with its routes, or gets one.
	leadsElsewhere bool
}
