package cloud

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
)

// Ids and fields as Terraform's provider has them:
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc and its neighbours.

func networks() map[string]Facts {
	return map[string]Facts{
		VPC: {
			Identity: []string{"region", "cidrBlock"},
			Reads:    []string{"region", "cidrBlock"},
			Report:   vpc,
			Existing: existingVPC,
			Defaults: fixed(map[string]any{"enableDnsHostnames": false, "enableNetworkAddressUsageMetrics": false}),
		},
		Subnet: {
			Identity: []string{"region", "vpcId", "cidrBlock", "availabilityZone"},
			Reads:    []string{"region", "vpcId", "cidrBlock", "availabilityZone"},
			Report:   subnet,
			Existing: existingSubnet,
			Defaults: fixed(map[string]any{"privateDnsHostnameTypeOnLaunch": "ip-name"}),
		},
		InternetGateway: {Identity: []string{"region"}, Reads: []string{"region", "vpcId"}, Report: internetGateway},
		EIP: {
			Identity: []string{"region", "domain"}, Reads: []string{"region"}, Report: address, Defaults: addressDefaults,
		},
		NATGateway: {
			Identity: []string{"region", "allocationId", "subnetId"}, Reads: []string{"allocationId"}, Report: natGateway,
			Defaults: natGatewayDefaults,
		},
		RouteTable: {Identity: []string{"region", "vpcId"}, Reads: []string{"region", "vpcId"}, Report: routeTable},
		Route: {
			Identity: []string{"region", "routeTableId", "destinationCidrBlock"}, Reads: []string{"routeTableId", "destinationCidrBlock"},
			Report: route,
		},
		RouteTableAssociation: {Identity: []string{"region", "subnetId"}, Report: assigned("rtbassoc-")},
		DefaultSecurityGroup: {
			Identity: []string{"region", "vpcId"}, Reads: []string{"region", "vpcId"}, Report: defaultSecurityGroup,
		},
		VPCEndpoint: {
			Identity: []string{"region", "vpcId", "serviceName", "vpcEndpointType"},
			Reads:    []string{"region", "serviceName", "vpcEndpointType"},
			Report:   endpoint,
			Defaults: endpointDefaults,
		},
		EndpointRouteTableAssociation:    attachment("routeTableId"),
		EndpointSubnetAssociation:        attachment("subnetId"),
		EndpointSecurityGroupAssociation: attachment("securityGroupId"),
		FlowLog: {
			Identity: []string{
				"region", "vpcId", "trafficType", "logDestinationType", "logDestination", "iamRoleArn", "maxAggregationInterval",
			},
			Reads:    []string{"region"},
			Report:   flowLog,
			Defaults: fixed(map[string]any{"logFormat": "${version} ${account-id} ${interface-id}"}),
		},
	}
}

// fixed are defaults that depend on nothing.
func fixed(defaults map[string]any) func(Resource) map[string]any {
	return func(Resource) map[string]any { return defaults }
}

// assigned reports an id that the cloud assigns, and nothing else.
func assigned(prefix string) func(Resource) map[string]any {
	return func(r Resource) map[string]any { return map[string]any{"id": r.kept("id", prefix+r.digits(17))} }
}

// attachment makes the facts of what ties an endpoint to something else.
func attachment(field string) Facts {
	return Facts{
		Identity: []string{"region", "vpcEndpointId", field},
		Reads:    []string{"vpcEndpointId", field},
		Report: func(r Resource) map[string]any {
			return map[string]any{"id": "a-" + r.text("vpcEndpointId") + number(r.text(field))}
		},
	}
}

func vpc(r Resource) map[string]any {
	id := r.kept("id", "vpc-"+r.digits(17))
	return vpcOf(r, id, r.text("cidrBlock"))
}

func vpcOf(r Resource, id, cidr string) map[string]any {
	main := "rtb-" + derived(id, "main")
	return map[string]any{
		"id": id, "arn": r.arn("ec2", "vpc/"+id), "ownerId": r.account(), "cidrBlock": cidr,
		"defaultSecurityGroupId": "sg-" + derived(id, "default"), "defaultNetworkAclId": "acl-" + derived(id, "default"),
		"mainRouteTableId": main, "defaultRouteTableId": main,
	}
}

func subnet(r Resource) map[string]any {
	return subnetOf(r, r.kept("id", "subnet-"+r.digits(17)), r.text("vpcId"), r.text("cidrBlock"), r.text("availabilityZone"))
}

func subnetOf(r Resource, id, vpcID, cidr, zone string) map[string]any {
	return map[string]any{
		"id": id, "arn": r.arn("ec2", "subnet/"+id), "ownerId": r.account(), "vpcId": vpcID, "cidrBlock": cidr, "availabilityZone": zone,
	}
}

func internetGateway(r Resource) map[string]any {
	id := r.kept("id", "igw-"+r.digits(17))
	return map[string]any{"id": id, "arn": r.arn("ec2", "internet-gateway/"+id), "ownerId": r.account(), "vpcId": r.text("vpcId")}
}

func address(r Resource) map[string]any {
	id := r.kept("id", "eipalloc-"+r.digits(17))
	return map[string]any{"id": id, "allocationId": id, "arn": r.arn("ec2", "elastic-ip/"+id), "publicIp": publicIP(id)}
}

// addressDefaults: an address that a NAT gateway has taken is at its network interface. The gateway is the source.
func addressDefaults(r Resource) map[string]any {
	return map[string]any{
		"domain": "vpc", "networkBorderGroup": r.text("region"), "publicIpv4Pool": "amazon",
		"networkInterface": stringIn("networkInterfaceId", r.Source),
	}
}

// publicIP of an allocation, from a range that is nobody's: https://www.rfc-editor.org/rfc/rfc2544#appendix-C
func publicIP(allocation string) string {
	sum := sha256.Sum256([]byte(allocation))
	return fmt.Sprintf("198.%d.%d.%d", 18+sum[0]%2, sum[1], sum[2])
}

func natGateway(r Resource) map[string]any {
	digits := r.digits(19)
	return map[string]any{
		"id": r.kept("id", "nat-"+digits[:17]), "publicIp": publicIP(r.text("allocationId")),
		"networkInterfaceId": r.kept("networkInterfaceId", "eni-"+digits[2:]),
	}
}

// natGatewayDefaults: the subnet, which is the source, decides the VPC and the private address.
func natGatewayDefaults(r Resource) map[string]any {
	f := map[string]any{"availabilityMode": "zonal", "vpcId": stringIn("vpcId", r.Source)}
	if prefix, err := netip.ParsePrefix(stringIn("cidrBlock", r.Source)); err == nil {
		f["privateIp"] = prefix.Addr().Next().Next().Next().Next().String() // AWS keeps the first four.
	}
	return f
}

func routeTable(r Resource) map[string]any {
	id := r.kept("id", "rtb-"+r.digits(17))
	return map[string]any{"id": id, "arn": r.arn("ec2", "route-table/"+id), "ownerId": r.account(), "vpcId": r.text("vpcId")}
}

func route(r Resource) map[string]any {
	return map[string]any{
		"id": "r-" + r.text("routeTableId") + number(r.text("destinationCidrBlock")), "origin": "CreateRoute", "state": "active",
	}
}

// defaultSecurityGroup comes with its VPC, whose id therefore decides its own.
func defaultSecurityGroup(r Resource) map[string]any {
	id := "sg-" + derived(r.text("vpcId"), "default")
	return map[string]any{"id": id, "arn": r.arn("ec2", "security-group/"+id), "ownerId": r.account(), "name": "default"}
}

func endpoint(r Resource) map[string]any {
	id := r.kept("id", "vpce-"+r.digits(17))
	at := map[string]any{"id": id, "arn": r.arn("ec2", "vpc-endpoint/"+id), "ownerId": r.account(), "state": "available"}
	if r.text("vpcEndpointType") == "Gateway" {
		at["prefixListId"] = "pl-" + derived(r.text("serviceName"), "")[:8]
		return at
	}
	service := r.text("serviceName")
	name := id + "-" + r.digits(8) + "." + service[strings.LastIndex(service, ".")+1:] + "." + r.text("region") + ".vpce.amazonaws.com"
	at["dnsEntry"] = []any{map[string]any{"dnsName": name}}
	return at
}

// endpointDefaults: AWS writes a policy that allows everything.
func endpointDefaults(r Resource) map[string]any {
	f := map[string]any{
		"policy":        `{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}`,
		"serviceRegion": r.text("region"), "privateDnsEnabled": false, "ipAddressType": "ipv4",
		"dnsOptions": map[string]any{"dnsRecordIpType": "service-defined"},
	}
	if r.text("vpcEndpointType") == "Interface" {
		f["dnsOptions"] = map[string]any{"dnsRecordIpType": "ipv4"}
	}
	return f
}

func flowLog(r Resource) map[string]any {
	id := r.kept("id", "fl-"+r.digits(17))
	return map[string]any{"id": id, "arn": r.arn("ec2", "vpc-flow-log/"+id)}
}

// derived are seventeen digits of what comes with something else.
func derived(from, what string) string {
	sum := sha256.Sum256([]byte(from + "/" + what))
	return hex.EncodeToString(sum[:])[:17]
}

// number is what Terraform's provider makes of a text in an id.
func number(text string) string {
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprint(uint32(sum[0])<<24 | uint32(sum[1])<<16 | uint32(sum[2])<<8 | uint32(sum[3]))
}
