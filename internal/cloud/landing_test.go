package cloud

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLanding: what is reported of networks, identities, keys, clusters and mounts.
func TestLanding(t *testing.T) {
	t.Parallel()
	const ec2 = "arn:aws:ec2:r:123456789012:"
	cases := map[string]struct {
		kind                 string
		parameters, observed map[string]any
		want                 map[string]any
	}{
		"a VPC comes with a group, a table and a list": {VPC, map[string]any{"cidrBlock": "10.40.0.0/16"}, map[string]any{"id": "vpc-1"}, map[string]any{
			"id": "vpc-1", "arn": ec2 + "vpc/vpc-1", "ownerId": Account, "cidrBlock": "10.40.0.0/16", "defaultSecurityGroupId": "sg-" + derived("vpc-1", "default"),
			"defaultNetworkAclId": "acl-" + derived("vpc-1", "default"), "mainRouteTableId": "rtb-" + derived("vpc-1", "main"),
			"defaultRouteTableId": "rtb-" + derived("vpc-1", "main"),
		}},
		"the group is that of the VPC": {DefaultSecurityGroup, map[string]any{"vpcId": "vpc-1"}, nil, map[string]any{
			"id": "sg-" + derived("vpc-1", "default"), "arn": ec2 + "security-group/sg-" + derived("vpc-1", "default"), "ownerId": Account, "name": "default",
		}},
		"a subnet says where it is": {Subnet, map[string]any{"vpcId": "vpc-1", "cidrBlock": "10.40.0.0/24", "availabilityZone": "ra"}, nil, map[string]any{
			"id": "subnet-" + digits(17), "arn": ec2 + "subnet/subnet-" + digits(17), "ownerId": Account, "vpcId": "vpc-1",
			"cidrBlock": "10.40.0.0/24", "availabilityZone": "ra",
		}},
		"an internet gateway": {InternetGateway, map[string]any{"vpcId": "vpc-1"}, nil, map[string]any{
			"id": "igw-" + digits(17), "arn": ec2 + "internet-gateway/igw-" + digits(17), "ownerId": Account, "vpcId": "vpc-1",
		}},
		"an address": {EIP, nil, map[string]any{"id": "eipalloc-1"}, map[string]any{
			"id": "eipalloc-1", "allocationId": "eipalloc-1", "arn": ec2 + "elastic-ip/eipalloc-1", "publicIp": "198.18.200.56",
		}},
		"a NAT gateway has the address that it was given": {NATGateway, map[string]any{"allocationId": "eipalloc-1"}, nil, map[string]any{
			"id": "nat-" + digits(17), "publicIp": "198.18.200.56", "networkInterfaceId": "eni-" + digits(19)[2:],
		}},
		"a route table": {RouteTable, map[string]any{"vpcId": "vpc-1"}, nil, map[string]any{
			"id": "rtb-" + digits(17), "arn": ec2 + "route-table/rtb-" + digits(17), "ownerId": Account, "vpcId": "vpc-1",
		}},
		"a route is known by its table and where it leads": {Route, map[string]any{"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}, nil, map[string]any{
			"id": "r-rtb-1" + number("0.0.0.0/0"), "origin": "CreateRoute", "state": "active",
		}},
		"an association":                  {RouteTableAssociation, nil, nil, map[string]any{"id": "rtbassoc-" + digits(17)}},
		"an association that was renewed": {RouteTableAssociation, nil, map[string]any{"id": "rtbassoc-1"}, map[string]any{"id": "rtbassoc-1"}},
		"a gateway endpoint has a list": {VPCEndpoint, map[string]any{"vpcEndpointType": "Gateway", "serviceName": "com.amazonaws.r.s3"}, nil, map[string]any{
			"id": "vpce-" + digits(17), "arn": ec2 + "vpc-endpoint/vpce-" + digits(17), "ownerId": Account, "state": "available",
			"prefixListId": "pl-" + derived("com.amazonaws.r.s3", "")[:8],
		}},
		"an interface endpoint has a name": {VPCEndpoint, map[string]any{"vpcEndpointType": "Interface", "serviceName": "com.amazonaws.r.sts"}, nil, map[string]any{
			"id": "vpce-" + digits(17), "arn": ec2 + "vpc-endpoint/vpce-" + digits(17), "ownerId": Account, "state": "available",
			"dnsEntry": []any{map[string]any{"dnsName": "vpce-" + digits(17) + "-" + digits(8) + ".sts.r.vpce.amazonaws.com"}},
		}},
		"what is tied to an endpoint": {EndpointSubnetAssociation, map[string]any{"vpcEndpointId": "vpce-1", "subnetId": "subnet-1"}, nil, map[string]any{
			"id": "a-vpce-1" + number("subnet-1"),
		}},
		"a flow log":        {FlowLog, nil, nil, map[string]any{"id": "fl-" + digits(17), "arn": ec2 + "vpc-flow-log/fl-" + digits(17)}},
		"a role is nowhere": {Role, nil, map[string]any{"uniqueId": "AROA1"}, map[string]any{"id": "name", "arn": "arn:aws:iam::123456789012:role/name", "createDate": created, "uniqueId": "AROA1"}},
		"a key":             {Key, nil, map[string]any{"keyId": "k"}, map[string]any{"id": "k", "keyId": "k", "arn": "arn:aws:kms:r:123456789012:key/k"}},
		"an alias of a key by its id": {Alias, map[string]any{"targetKeyId": "k"}, nil, map[string]any{
			"id": "alias/name", "arn": "arn:aws:kms:r:123456789012:alias/name", "targetKeyArn": "arn:aws:kms:r:123456789012:key/k",
		}},
		"an alias of a key by its ARN": {Alias, map[string]any{"targetKeyId": "arn:aws:kms:x:1:key/k"}, nil, map[string]any{
			"id": "alias/name", "arn": "arn:aws:kms:r:123456789012:alias/name", "targetKeyArn": "arn:aws:kms:x:1:key/k",
		}},
		"a log group": {LogGroup, nil, nil, map[string]any{"id": "name", "arn": "arn:aws:logs:r:123456789012:log-group:name"}},
		"an association of a service account": {PodIdentityAssociation, map[string]any{"clusterName": "apps"}, nil, map[string]any{
			"id": "a-" + digits(17), "associationId": "a-" + digits(17), "associationArn": "arn:aws:eks:r:123456789012:podidentityassociation/apps/a-" + digits(17),
		}},
		"an object in another cluster": {Object, map[string]any{"manifest": map[string]any{"kind": "Namespace", "metadata": map[string]any{"name": "team"}}}, nil, map[string]any{
			"manifest": map[string]any{"kind": "Namespace", "metadata": map[string]any{
				"name": "team", "uid": "043a7187-74c5-42bd-8a25-adbeb1bfcd5c", "creationTimestamp": created,
			}},
		}},
		"an object of nothing": {Object, nil, nil, map[string]any{}},
		"a mount":              {Mount, map[string]any{"path": "p", "type": "kv"}, nil, map[string]any{"id": "p", "accessor": "kv_" + digits(8)}},
		"a mount that is there": {Mount, map[string]any{"path": "p", "type": "kv"}, map[string]any{"accessor": "kv_1"}, map[string]any{
			"id": "p", "accessor": "kv_1",
		}},
		"an auth method":            {AuthBackend, map[string]any{"path": "p", "type": "kubernetes"}, nil, map[string]any{"id": "p", "accessor": "auth_kubernetes_" + digits(8)}},
		"what configures an method": {AuthConfig, map[string]any{"backend": "p"}, nil, map[string]any{"id": "auth/p/config"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			parameters := map[string]any{"region": "r"}
			for field, value := range tc.parameters {
				parameters[field] = value
			}
			r := Resource{Kind: tc.kind, Name: "name", Seed: "s", Parameters: parameters, Observed: tc.observed}
			if diff := cmp.Diff(tc.want, Kinds()[tc.kind].Report(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// digits of the seed of the test.
func digits(n int) string { return Resource{Seed: "s"}.digits(n) }

func TestManifestStays(t *testing.T) {
	t.Parallel()
	applied := map[string]any{"metadata": map[string]any{"name": "team"}}
	manifest(Resource{Parameters: map[string]any{"manifest": applied}})
	if diff := cmp.Diff(map[string]any{"metadata": map[string]any{"name": "team"}}, applied); diff != "" {
		t.Errorf("what was applied is changed: %s", diff)
	}
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	const root = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::210987654321:root"}, "Action": "kms:*", "Resource": "*"}`
	cases := map[string]struct {
		check          func(string) string
		document, want string
	}{
		"the account is in charge":              {KeyPolicy, `{"Version": "2012-10-17", "Statement": [` + root + `]}`, ""},
		"among others":                          {KeyPolicy, `{"Statement": [{"Effect": "Allow", "Principal": {"AWS": ["x", "arn:aws:iam::1:root"]}, "Action": ["kms:*"]}]}`, ""},
		"a key policy that is no JSON":          {KeyPolicy, "policy", "the key policy is not a JSON policy document"},
		"a key policy of nothing":               {KeyPolicy, "{}", "the key policy is not a JSON policy document"},
		"the account is refused":                {KeyPolicy, `{"Statement": [{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::1:root"}, "Action": "kms:*"}]}`, "the key policy does not leave the root of the account in charge"},
		"the account may only look":             {KeyPolicy, `{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:root"}, "Action": "kms:Describe*"}]}`, "the key policy does not leave the root of the account in charge"},
		"somebody else is in charge":            {KeyPolicy, `{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:role/a"}, "Action": "kms:*"}]}`, "the key policy does not leave the root of the account in charge"},
		"a service is trusted":                  {TrustPolicy, `{"Statement": [{"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`, ""},
		"a trust policy that is no JSON":        {TrustPolicy, "", "the trust policy is not a JSON policy document"},
		"a trust policy that trusts nobody":     {TrustPolicy, `{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}`, "the trust policy has a statement without a principal or an action"},
		"a trust policy that does not say what": {TrustPolicy, `{"Statement": [{"Effect": "Allow", "Principal": "*"}]}`, "the trust policy has a statement without a principal or an action"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := tc.check(tc.document); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
