package cloud

import (
	"encoding/json"
	"slices"
	"strings"
)

// Use is a parameter of a kind that names another resource, which cannot go before it.
type Use struct{ Kind, Field string }

// Users are what keeps a resource of a kind from being deleted: whatever has its id in a parameter. A role is named by its name.
// https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html
func Users(kind string) []Use {
	return map[string][]Use{
		VPC: {
			{Subnet, "vpcId"}, {InternetGateway, "vpcId"}, {RouteTable, "vpcId"}, {VPCEndpoint, "vpcId"}, {SecurityGroup, "vpcId"},
		},
		Subnet:        {{NATGateway, "subnetId"}, {EndpointSubnetAssociation, "subnetId"}},
		EIP:           {{NATGateway, "allocationId"}},
		RouteTable:    {{RouteTableAssociation, "routeTableId"}},
		SecurityGroup: {{EndpointSecurityGroupAssociation, "securityGroupId"}},
		Role:          {{RolePolicy, "role"}},
	}[kind]
}

// Sole are the parameters that no two resources of a kind can have in common, all of them together.
func Sole(kind string) []string {
	return map[string][]string{
		NATGateway:            {"allocationId"},
		InternetGateway:       {"vpcId"},
		Route:                 {"routeTableId", "destinationCidrBlock"},
		RouteTableAssociation: {"subnetId"},
		DefaultSecurityGroup:  {"vpcId"},
		Mount:                 {"namespace", "path"},
		AuthBackend:           {"namespace", "path"},
		JWTAuthBackend:        {"namespace", "path"},
	}[kind]
}

// Needs are the parameters without which there is nothing to create.
func Needs(kind string) []string {
	return map[string][]string{
		VPC:                              {"region", "cidrBlock"},
		Subnet:                           {"region", "vpcId", "cidrBlock", "availabilityZone"},
		InternetGateway:                  {"region", "vpcId"},
		EIP:                              {"region"},
		NATGateway:                       {"region", "allocationId", "subnetId"},
		RouteTable:                       {"region", "vpcId"},
		Route:                            {"region", "routeTableId", "destinationCidrBlock"},
		RouteTableAssociation:            {"region", "routeTableId", "subnetId"},
		DefaultSecurityGroup:             {"region", "vpcId"},
		SecurityGroup:                    {"region", "vpcId"}, // Without it AWS takes the default VPC, which ours never is.
		VPCEndpoint:                      {"region", "vpcId", "serviceName"},
		EndpointRouteTableAssociation:    {"region", "vpcEndpointId", "routeTableId"},
		EndpointSubnetAssociation:        {"region", "vpcEndpointId", "subnetId"},
		EndpointSecurityGroupAssociation: {"region", "vpcEndpointId", "securityGroupId"},
		FlowLog:                          {"region", "vpcId", "logDestination", "iamRoleArn"},
		Role:                             {"assumeRolePolicy"},
		Key:                              {"region"},
		Alias:                            {"region", "targetKeyId"},
		LogGroup:                         {"region"},
		PodIdentityAssociation:           {"region", "clusterName", "namespace", "serviceAccount", "roleArn"},
		Object:                           {"manifest"},
		Mount:                            {"path", "type"},
		AuthBackend:                      {"path", "type"},
		AuthConfig:                       {"backend", "kubernetesHost"},
		JWTAuthBackend:                   {"path", "type"},
	}[kind]
}

// policy is as much of a policy document as a service looks at before it takes it.
type policy struct {
	Version   string
	Statement []struct {
		Effect    string
		Principal any
		Action    any
	}
}

// KeyPolicy is what KMS has against a key policy: it has to be JSON, and to leave somebody of the account in charge, or nobody could
// ever change it again. Empty when it takes it.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func KeyPolicy(document string) string {
	p := policy{}
	if err := json.Unmarshal([]byte(document), &p); err != nil || len(p.Statement) == 0 {
		return "the key policy is not a JSON policy document"
	}
	for _, s := range p.Statement {
		principal, _ := s.Principal.(map[string]any)
		if s.Effect == "Allow" && holds(principal["AWS"], isRoot) && holds(s.Action, func(action string) bool { return action == "kms:*" }) {
			return ""
		}
	}
	return "the key policy does not leave the root of the account in charge"
}

// TrustPolicy is what IAM has against the trust policy of a role. Empty when it takes it.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
func TrustPolicy(document string) string {
	p := policy{}
	if err := json.Unmarshal([]byte(document), &p); err != nil || len(p.Statement) == 0 {
		return "the trust policy is not a JSON policy document"
	}
	for _, s := range p.Statement {
		if s.Principal == nil || s.Action == nil {
			return "the trust policy has a statement without a principal or an action"
		}
	}
	return ""
}

// isRoot says that a principal is an account, whose own policies then decide.
func isRoot(principal string) bool {
	return strings.HasPrefix(principal, "arn:aws") && strings.HasSuffix(principal, ":root") && strings.Contains(principal, ":iam::")
}

// holds says that a value is a text, or a list with one, that is right.
func holds(value any, right func(string) bool) bool {
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	return slices.ContainsFunc(list, func(item any) bool {
		text, _ := item.(string)
		return right(text)
	})
}
