package inventory

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

const (
	theirs = "vpc-0e00000000000002a"
	trust  = `{"Statement": [{"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`
)

// landscape is a cloud with a VPC, a subnet, an address with a NAT gateway, and a table.
type landscape struct {
	*world

	vpc, subnet, address, nat, table string
}

func with(fields map[string]any) map[string]any {
	return merged(map[string]any{"region": region}, fields)
}

func newLandscape(t *testing.T) *landscape {
	t.Helper()
	l := &landscape{world: &world{Cloud: New(func() time.Time { return time.Unix(0, 0) }), t: t}}
	l.vpc = l.create(cloud.VPC, "vpc", with(map[string]any{"cidrBlock": "10.0.0.0/16", "tags": map[string]any{claimName: "shared"}}))
	l.subnet = l.create(cloud.Subnet, "subnet", l.sub("10.0.0.0/24"))
	l.address = l.create(cloud.EIP, "eip", with(map[string]any{"domain": "vpc"}))
	l.nat = l.create(cloud.NATGateway, "nat", with(map[string]any{"allocationId": l.address, "subnetId": l.subnet}))
	l.table = l.create(cloud.RouteTable, "table", with(map[string]any{"vpcId": l.vpc}))
	return l
}

func (l *landscape) sub(cidr string) map[string]any {
	return with(map[string]any{"vpcId": l.vpc, "cidrBlock": cidr, "availabilityZone": "a"})
}

func TestLandingIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		kind       string
		parameters func(*landscape) map[string]any
		want       string
	}{
		"a VPC that is too large": {cloud.VPC, func(*landscape) map[string]any { return with(map[string]any{"cidrBlock": "10.0.0.0/8"}) },
			"InvalidVpc.Range: The CIDR '10.0.0.0/8' is invalid."},
		"a subnet outside":          {cloud.Subnet, func(l *landscape) map[string]any { return l.sub("10.1.0.0/24") }, "InvalidSubnet.Range: The CIDR '10.1.0.0/24' is invalid."},
		"a subnet in a taken place": {cloud.Subnet, func(l *landscape) map[string]any { return l.sub("10.0.0.128/25") }, "InvalidSubnet.Conflict: The CIDR '10.0.0.128/25' conflicts with another subnet"},
		"a subnet without a zone": {cloud.Subnet, func(l *landscape) map[string]any {
			return merged(l.sub("10.0.1.0/24"), map[string]any{"availabilityZone": ""})
		}, "MissingParameter: The request must contain the parameter availabilityZone"},
		"a subnet of a VPC that was": {cloud.Subnet, func(l *landscape) map[string]any {
			return merged(l.sub("10.0.1.0/24"), map[string]any{"vpcId": "vpc-dead"})
		}, "InvalidVpcID.NotFound: The VPC 'vpc-dead' does not exist"},
		"an address for two gateways": {cloud.NATGateway, func(l *landscape) map[string]any {
			return with(map[string]any{"allocationId": l.address, "subnetId": l.subnet})
		}, "InvalidAllocationID.InUse: NAT has the same [allocationId]"},
		"an address that is none": {cloud.NATGateway, func(l *landscape) map[string]any {
			return with(map[string]any{"allocationId": "eipalloc-1", "subnetId": l.subnet})
		}, "InvalidAllocationID.NotFound: The EIP 'eipalloc-1' does not exist"},
		"a key policy without the account": {cloud.Key, func(*landscape) map[string]any { return with(map[string]any{"policy": "{}"}) },
			"MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future: the key policy is not a JSON policy document."},
		"a role without trust": {cloud.Role, func(*landscape) map[string]any { return map[string]any{"assumeRolePolicy": "x"} },
			"MalformedPolicyDocument: the trust policy is not a JSON policy document"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			l := newLandscape(t)
			_, err := l.Create(target(tc.kind, "new"), tc.parameters(l), nil)
			if want := strings.ReplaceAll(tc.want, "NAT", l.nat); err == nil || err.Error() != want {
				t.Errorf("error = %v, want %s", err, want)
			}
		})
	}
}

func TestLandingIsTakenOnce(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		kind       string
		parameters map[string]any
		want       string
	}{
		"a role":        {cloud.Role, map[string]any{"assumeRolePolicy": trust}, "EntityAlreadyExists: Role with name new already exists."},
		"a log group":   {cloud.LogGroup, map[string]any{"region": region}, "ResourceAlreadyExistsException: The specified log group already exists"},
		"a mount":       {cloud.Mount, map[string]any{"path": "kv", "type": "kv"}, "path is already in use at kv/"},
		"a second road": {cloud.Route, with(map[string]any{"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}), "RouteAlreadyExists: "},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			l := newLandscape(t)
			l.create(tc.kind, "new", tc.parameters)
			_, err := l.Create(target(tc.kind, "new"), tc.parameters, nil)
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error = %v, want %s", err, tc.want)
			}
		})
	}
}

// TestLandingGoes: nothing goes before what uses it, and everything goes after it.
func TestLandingGoes(t *testing.T) {
	t.Parallel()
	l := newLandscape(t)
	role := l.create(cloud.Role, "role", map[string]any{"assumeRolePolicy": trust})
	policy := l.create(cloud.RolePolicy, "policy", map[string]any{"role": role, "policy": "{}"})
	remove := func(kind, name string) error {
		to := target(kind, name)
		to.ExternalName = name
		if kind == cloud.Role || kind == cloud.RolePolicy {
			// They were made without a region in their parameters, and with one in their targets.
			to.Owner.Name = name
		}
		return l.Delete(to)
	}
	for name, want := range map[[2]string]string{
		{cloud.VPC, l.vpc}:       "DependencyViolation: The VPC '" + l.vpc + "' has dependencies and cannot be deleted.",
		{cloud.Subnet, l.subnet}: "DependencyViolation: The Subnet '" + l.subnet + "' has dependencies and cannot be deleted.",
		{cloud.EIP, l.address}:   "InvalidIPAddress.InUse: Address " + text(l.entries[key{cloud.EIP, region, l.address}].Reported, "publicIp") + " is in use.",
		{cloud.Role, role}:       "DeleteConflict: Cannot delete entity, must delete policies first.",
		{cloud.VPC, "vpc-1"}:     "InvalidVpcID.NotFound: The VPC 'vpc-1' does not exist",
	} {
		if err := remove(name[0], name[1]); err == nil || err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
	}
	for _, name := range [][2]string{
		{cloud.NATGateway, l.nat}, {cloud.EIP, l.address}, {cloud.Subnet, l.subnet}, {cloud.RouteTable, l.table}, {cloud.VPC, l.vpc},
		{cloud.RolePolicy, policy}, {cloud.Role, role},
	} {
		if err := remove(name[0], name[1]); err != nil {
			t.Error(err)
		}
	}
}

// TestPoliciesOfUpdates: a key keeps its account, and a role what it trusts.
func TestPoliciesOfUpdates(t *testing.T) {
	t.Parallel()
	l := newLandscape(t)
	role := target(cloud.Role, "role")
	role.ExternalName = l.create(cloud.Role, "role", map[string]any{"assumeRolePolicy": trust})
	if err := l.Update(role, map[string]any{"assumeRolePolicy": "x"}, nil, false); err == nil || !strings.Contains(err.Error(), "MalformedPolicyDocument") {
		t.Errorf("error = %v", err)
	}
	if err := l.Update(role, map[string]any{"description": "d"}, nil, false); err != nil {
		t.Error(err)
	}
}

// TestLook: what nobody of us made is there for who only observes, and for who builds in it, and in no inventory.
func TestLook(t *testing.T) {
	t.Parallel()
	l := newLandscape(t)
	look := func(kind, name, namespace string) (Entry, bool) {
		return l.Look(Target{Kind: kind, Region: region, ExternalName: name, Owner: api.Owner{Namespace: namespace}}, with(nil))
	}
	if e, ok := look(cloud.VPC, theirs, "n"); !ok || e.Reported["cidrBlock"] != "10.42.0.0/16" {
		t.Errorf("the VPC that was there: %v, %v", e.Reported, ok)
	}
	if e, ok := look(cloud.VPC, l.vpc, "n"); !ok || e.Reported["cidrBlock"] != "10.0.0.0/16" || e.Owner.Name != "vpc" {
		t.Errorf("a VPC of ours: %v, %v", e.Reported, ok)
	}
	for kind, name := range map[string]string{cloud.Subnet: "subnet-dead", cloud.SecurityGroup: "sg-1", cloud.VPC: ""} {
		if _, ok := look(kind, name, "n"); ok {
			t.Errorf("%s %q is there", kind, name)
		}
	}
	other := target(cloud.VPC, "other")
	other.Owner.Namespace = "other"
	created, err := l.Create(other, with(map[string]any{"cidrBlock": "10.0.0.0/16", "tags": map[string]any{claimName: "shared"}}), nil)
	if err != nil {
		t.Fatal(err)
	}
	for namespace, want := range map[string]string{"n": l.vpc, "other": created} {
		e, _ := look(cloud.EKSCluster, "shared-apps", namespace)
		config, _ := e.Reported["vpcConfig"].(map[string]any)
		if config["vpcId"] != want {
			t.Errorf("the cluster that somebody in %s sees is in %v, want %s", namespace, config, want)
		}
	}
	if e, _ := look(cloud.EKSCluster, "elsewhere", "n"); !cmp.Equal(e.Reported["vpcConfig"].(map[string]any)["vpcId"], any(theirs)) { //nolint:forcetypeassert // It panics otherwise, and fails.
		t.Errorf("a cluster that no Network is named after: %v", e.Reported)
	}
	l.create(cloud.Subnet, "in theirs", with(map[string]any{"vpcId": theirs, "cidrBlock": "10.42.200.0/24", "availabilityZone": "a"}))
	for _, r := range l.Cloud.Cloud().Resources {
		if r.ExternalName == theirs || strings.Contains(r.Kind, "/") || r.Service == "" {
			t.Errorf("the inventory shows %s %s %s", r.Service, r.Kind, r.ExternalName)
		}
	}
	if calls := l.CallsSince(0).Calls; calls[0].Service != "ec2.aws" || calls[0].Kind != "VPC" {
		t.Errorf("the first call was for %s %s", calls[0].Service, calls[0].Kind)
	}
}

// What is made is in the account of the credentials, also when it is told anew.
func TestAccount(t *testing.T) {
	t.Parallel()
	c := New(func() time.Time { return time.Unix(0, 0) })
	for account, want := range map[string]string{"": cloud.Account, cloud.Account: cloud.Account, cloud.ProductionAccount: cloud.ProductionAccount} {
		target := Target{Kind: cloud.VPC, Region: region, Account: account, Owner: api.Owner{Name: "vpc", UID: "uid-" + account}}
		name, err := c.Create(target, with(map[string]any{"cidrBlock": "10.0.0.0/16"}), nil)
		if err != nil {
			t.Fatal(err)
		}
		target.ExternalName = name
		if err := c.Update(target, map[string]any{"enableDnsHostnames": true}, nil, false); err != nil {
			t.Fatal(err)
		}
		if e, _ := c.Get(target); e.Reported["ownerId"] != want {
			t.Errorf("with credentials of %q a VPC is in account %v, want %s", account, e.Reported["ownerId"], want)
		}
	}
}
