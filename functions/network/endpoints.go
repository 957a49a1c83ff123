package network

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/ec2"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Composition resource names of the endpoints. They are API. A service's part is its name, such as ecr.api.
const (
	endpointsPrefix     = ownership.Endpoints
	nameEndpointsGroup  = endpointsPrefix + "security-group"
	nameEndpointsRule   = endpointsPrefix + "ingress"
	nameService         = endpointsPrefix + "service-"
	nameServiceGroup    = endpointsPrefix + "group-of-"
	nameServiceInSubnet = endpointsPrefix + "in-"
)

// maxServices keeps the composite under 50 resources: each has an endpoint, a security group and up to three subnets.
const maxServices = 8

// portHTTPS is where every service listens.
const portHTTPS = 443

// EndpointsStage is the stage of a NetworkEndpoints.
func EndpointsStage() plan.Stage {
	return plan.Stage{
		Name:       "endpoints",
		Prefix:     endpointsPrefix,
		Conditions: []string{v1.ConditionEndpointsReady},
		Compose:    composeEndpoints,
	}
}

func composeEndpoints(in plan.In) (*plan.Plan, error) {
	spec := in.XR.At("spec")
	e := &endpoints{
		base: newBase(in), vpc: spec.String("vpcId"), cidr: spec.String("cidr"), subnets: sorted(spec.Strings("subnetIds")),
		services: sorted(spec.Strings("services")),
	}
	if refusal := e.validate(); refusal != nil {
		return e.plan, refusal
	}
	e.securityGroup()
	for _, service := range e.services {
		e.service(service)
	}
	e.dropRest()
	e.condition()
	e.status()
	return e.plan, nil
}

// endpoints is one NetworkEndpoints on its way from claim to plan.
type endpoints struct {
	base
	vpc, cidr         string
	subnets, services []string
}

// validate what a Network says: people do not write these objects.
func (e *endpoints) validate() *plan.Refusal {
	if _, err := netip.ParsePrefix(e.cidr); err != nil || e.vpc == "" || len(e.subnets) == 0 {
		return plan.Refuse(v1.ConditionEndpointsReady, conditions.InvalidSpec,
			"needs spec.vpcId, spec.subnetIds and spec.cidr. A Network composes this object: write spec.endpoints of a Network instead")
	}
	if len(e.services) > maxServices {
		return plan.Refuse(v1.ConditionEndpointsReady, conditions.InvalidSpec, fmt.Sprintf(
			"spec.services: %d are too many; write %d at most", len(e.services), maxServices))
	}
	return nil
}

// securityGroup of all endpoints. It admits the network and nobody else.
func (e *endpoints) securityGroup() {
	add(&e.base, nameEndpointsGroup, managed.Resource[*ec2.SecurityGroup]{ForProvider: &ec2.SecurityGroup{
		Region: e.region(nameEndpointsGroup),
		Name:   e.keep(nameEndpointsGroup, "name", e.in.Name(nameEndpointsGroup)),
		// Name, description and VPC of a security group cannot change: another value would replace it.
		Description: e.keep(nameEndpointsGroup, "description", "Interface endpoints of "+e.vpc),
		VPCID:       e.keep(nameEndpointsGroup, "vpcId", e.vpc),
		Tags:        e.tags(nameEndpointsGroup),
	}})
	group := e.id(nameEndpointsGroup)
	if e.needs(nameEndpointsRule, group) {
		add(&e.base, nameEndpointsRule, managed.Resource[*ec2.SecurityGroupIngressRule]{ForProvider: &ec2.SecurityGroupIngressRule{
			Region: e.region(nameEndpointsRule), SecurityGroupID: e.keep(nameEndpointsRule, "securityGroupId", group),
			CIDRIPv4: e.cidr, IPProtocol: "tcp", FromPort: ptr(int64(portHTTPS)), ToPort: ptr(int64(portHTTPS)),
			Description: "HTTPS from the network", Tags: e.tags(nameEndpointsRule),
		}})
	}
}

// service is the endpoint of one service, in each subnet. Private DNS gives the service's usual name its addresses, so nothing has to
// be told of it.
func (e *endpoints) service(service string) {
	name, group := nameService+service, nameServiceGroup+service
	// Following: late initialisation would write down the subnets, and undo what the associations add later (provider-aws issue 1596).
	add(&e.base, name, managed.Resource[*ec2.VPCEndpoint]{
		Following: true, ExternalName: e.builtOn("vpcEndpointId", group),
		ForProvider: &ec2.VPCEndpoint{
			Region: e.region(name), VPCID: e.keep(name, "vpcId", e.vpc), VPCEndpointType: "Interface", PrivateDNSEnabled: ptr(true),
			ServiceName: e.keep(name, "serviceName", partition.EndpointService(e.cloud.Region, service)),
			Tags:        e.tags(name),
		},
	})
	if e.needs(group, e.id(name), e.id(nameEndpointsGroup)) {
		add(&e.base, group, managed.Resource[*ec2.VPCEndpointSecurityGroupAssociation]{ForProvider: &ec2.VPCEndpointSecurityGroupAssociation{
			Region:                    e.region(group),
			VPCEndpointID:             e.keep(group, "vpcEndpointId", e.id(name)),
			SecurityGroupID:           e.keep(group, "securityGroupId", e.id(nameEndpointsGroup)),
			ReplaceDefaultAssociation: ptr(true),
		}})
	}
	for _, subnet := range e.subnets {
		in := serviceIn(subnet, service)
		if e.needs(in, e.id(name)) {
			add(&e.base, in, managed.Resource[*ec2.VPCEndpointSubnetAssociation]{ForProvider: &ec2.VPCEndpointSubnetAssociation{
				Region: e.region(in), VPCEndpointID: e.keep(in, "vpcEndpointId", e.id(name)), SubnetID: e.keep(in, "subnetId", subnet),
			}})
		}
	}
}

func serviceIn(subnet, service string) string { return nameServiceInSubnet + subnet + "-" + service }

// dropRest lets services and subnets go that are not wanted any more.
func (e *endpoints) dropRest() {
	wanted := map[string]bool{nameEndpointsGroup: true, nameEndpointsRule: true}
	for _, service := range e.services {
		wanted[nameService+service], wanted[nameServiceGroup+service] = true, true
		for _, subnet := range e.subnets {
			wanted[serviceIn(subnet, service)] = true
		}
	}
	for _, name := range e.in.Observed.Names(endpointsPrefix) {
		if !wanted[name] {
			e.drop(name, "the network does not want this endpoint, or not in this subnet, any more")
		}
	}
}

func (e *endpoints) condition() {
	c := conditions.Condition{Type: v1.ConditionEndpointsReady, Status: conditions.False}
	all := e.sum()
	switch {
	case !all.Ready:
		c.Reason, c.Message = all.Reason, all.Message
	case e.waits != "":
		c.Reason, c.Message = conditions.Creating, e.waits+" is created next"
	default:
		c.Status, c.Reason, c.Message = conditions.True, conditions.Available, strings.Join(e.services, ", ")+" within the network"
	}
	e.plan.Conditions = append(e.plan.Conditions, c)
	e.plan.Waiting = !c.Is()
}

func (e *endpoints) status() {
	before := map[string]string{}
	for _, s := range e.in.XR.List("status", "services") {
		before[s.String("service")] = s.String("endpointId")
	}
	f := object.NewFields()
	for i, item := range f.Objects("services", len(e.services)) {
		service := e.services[i]
		item.SetString("service", service)
		known := ""
		if e.there(nameService + service) {
			known = before[service]
		}
		item.SetStringIf("endpointId", first(e.id(nameService+service), known))
	}
	e.plan.Status = f
}

// sorted is a copy without repeats.
func sorted(texts []string) []string { return slices.Compact(slices.Sorted(slices.Values(texts))) }
