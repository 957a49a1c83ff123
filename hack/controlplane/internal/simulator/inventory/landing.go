package inventory

import (
	"fmt"
	"net/http"
	"net/netip"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// What the cloud refuses about networks, identities, keys and mounts.

// missing is the code of EC2's answer where there is no resource of a kind. Empty for kinds of other services.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
func missing(kind string) string {
	return map[string]string{
		cloud.VPC:                   "InvalidVpcID.NotFound",
		cloud.Subnet:                "InvalidSubnetID.NotFound",
		cloud.InternetGateway:       "InvalidInternetGatewayID.NotFound",
		cloud.EIP:                   "InvalidAllocationID.NotFound",
		cloud.NATGateway:            "NatGatewayNotFound",
		cloud.RouteTable:            "InvalidRouteTableID.NotFound",
		cloud.Route:                 "InvalidRoute.NotFound",
		cloud.RouteTableAssociation: "InvalidAssociationID.NotFound",
		cloud.VPCEndpoint:           "InvalidVpcEndpointId.NotFound",
		cloud.FlowLog:               "InvalidFlowLogId.NotFound",
	}[kind]
}

// taken is the refusal of a second resource where there can be one.
func taken(kind string, fields []string, name string) error {
	code := map[string]string{
		cloud.NATGateway:            "InvalidAllocationID.InUse",
		cloud.InternetGateway:       "Resource.AlreadyAssociated",
		cloud.Route:                 "RouteAlreadyExists",
		cloud.RouteTableAssociation: "Resource.AlreadyAssociated",
		cloud.DefaultSecurityGroup:  "Resource.AlreadyAssociated",
	}[kind]
	if code == "" {
		return vaultError("path is already in use at " + name + "/")
	}
	return badRequest(code, fmt.Sprintf("%s has the same %v", name, fields))
}

func (c *Cloud) canCreateLanding(t Target, parameters map[string]any) error {
	for _, field := range cloud.Needs(t.Kind) {
		if value := parameters[field]; value == nil || value == "" {
			return badRequest("MissingParameter", "The request must contain the parameter "+field)
		}
	}
	if err := c.references(t, parameters); err != nil {
		return err
	}
	if err := c.sole(t, parameters); err != nil {
		return err
	}
	switch t.Kind {
	case cloud.VPC:
		_, err := block("InvalidVpc.Range", text(parameters, "cidrBlock"))
		return err
	case cloud.Subnet:
		return c.canCreateSubnet(t, parameters)
	case cloud.Role:
		if c.find(t.Kind, t.Region, t.Owner.Name) != nil {
			return modelled("EntityAlreadyExists", "Role with name "+t.Owner.Name+" already exists.")
		}
	case cloud.LogGroup:
		if c.find(t.Kind, t.Region, t.Owner.Name) != nil {
			return modelled("ResourceAlreadyExistsException", "The specified log group already exists")
		}
	}
	return canWrite(t.Kind, parameters)
}

// references are ids of what has to be there.
func (c *Cloud) references(t Target, parameters map[string]any) error {
	for _, kind := range []string{cloud.VPC, cloud.Subnet, cloud.EIP, cloud.RouteTable} {
		for _, use := range cloud.Users(kind) {
			if id := text(parameters, use.Field); use.Kind == t.Kind && !c.known(kind, t.Region, id) {
				return badRequest(missing(kind), fmt.Sprintf("The %s '%s' does not exist", cloud.Short(kind), id))
			}
		}
	}
	return nil
}

func (c *Cloud) sole(t Target, parameters map[string]any) error {
	fields := cloud.Sole(t.Kind)
	if len(fields) == 0 {
		return nil
	}
	for _, e := range c.entries {
		same := e.Kind == t.Kind && e.Region == t.Region
		for _, field := range fields {
			same = same && text(e.Parameters, field) == text(parameters, field)
		}
		if same {
			return taken(t.Kind, fields, e.ExternalName)
		}
	}
	return nil
}

// block is an address range that AWS takes: /16 to /28.
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
func block(code, cidr string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(cidr)
	if err != nil || prefix != prefix.Masked() || prefix.Bits() < 16 || prefix.Bits() > 28 {
		return prefix, badRequest(code, "The CIDR '"+cidr+"' is invalid.")
	}
	return prefix, nil
}

func (c *Cloud) canCreateSubnet(t Target, parameters map[string]any) error {
	prefix, err := block("InvalidSubnet.Range", text(parameters, "cidrBlock"))
	if err != nil {
		return err
	}
	for _, e := range c.entries {
		if e.Region != t.Region {
			continue
		}
		other, err := netip.ParsePrefix(text(e.Parameters, "cidrBlock"))
		switch {
		case err != nil:
		case e.Kind == cloud.VPC && e.ExternalName == parameters["vpcId"] && (!other.Contains(prefix.Addr()) || other.Bits() > prefix.Bits()):
			return badRequest("InvalidSubnet.Range", "The CIDR '"+prefix.String()+"' is invalid.")
		case e.Kind == cloud.Subnet && e.Parameters["vpcId"] == parameters["vpcId"] && other.Overlaps(prefix):
			return badRequest("InvalidSubnet.Conflict", "The CIDR '"+prefix.String()+"' conflicts with another subnet")
		}
	}
	return nil
}

// canWrite checks the policies that a resource is created or changed with.
func canWrite(kind string, parameters map[string]any) error {
	switch policy := text(parameters, "policy"); {
	case kind == cloud.Key && policy != "":
		if wrong := cloud.KeyPolicy(policy); wrong != "" {
			return modelled("MalformedPolicyDocumentException",
				"The new key policy will not allow you to update the key policy in the future: "+wrong+".")
		}
	case kind == cloud.Role:
		if wrong := cloud.TrustPolicy(text(parameters, "assumeRolePolicy")); wrong != "" {
			return modelled("MalformedPolicyDocument", wrong)
		}
	}
	return nil
}

func (c *Cloud) canDeleteLanding(e *Entry) error {
	users := c.users(e)
	if len(users) == 0 {
		return nil
	}
	switch e.Kind {
	case cloud.Role:
		return &Refusal{
			Status: http.StatusConflict, Code: "DeleteConflict", Message: "Cannot delete entity, must delete policies first.", Modelled: true,
		}
	case cloud.EIP:
		return badRequest("InvalidIPAddress.InUse", "Address "+text(e.Reported, "publicIp")+" is in use.")
	default:
		return badRequest("DependencyViolation",
			fmt.Sprintf("The %s '%s' has dependencies and cannot be deleted.", cloud.Short(e.Kind), e.ExternalName))
	}
}
