package cloud

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExisting(t *testing.T) {
	t.Parallel()
	if len(ExistingVPC) != len("vpc-")+17 {
		t.Errorf("%s has not the length of an id", ExistingVPC)
	}
	cases := map[string]struct {
		kind, name string
		want       map[string]any
	}{
		"a VPC tells its number":           {VPC, ExistingVPC, map[string]any{"id": ExistingVPC, "cidrBlock": "10.42.0.0/16"}},
		"a VPC of any other id":            {VPC, "vpc-0123abcff", map[string]any{"id": "vpc-0123abcff", "cidrBlock": "10.255.0.0/16"}},
		"a VPC with a short id":            {VPC, "vpc-", map[string]any{"cidrBlock": "10.0.0.0/16"}},
		"a subnet tells VPC, zone, number": {Subnet, "subnet-0e000000000002aa1", map[string]any{"vpcId": ExistingVPC, "availabilityZone": "ra", "cidrBlock": "10.42.1.0/24"}},
		"a subnet of zone b":               {Subnet, "subnet-0e000000000002ab0", map[string]any{"vpcId": ExistingVPC, "availabilityZone": "rb", "cidrBlock": "10.42.16.0/24"}},
		"a subnet of zone c":               {Subnet, "subnet-0e000000000002acf", map[string]any{"vpcId": ExistingVPC, "availabilityZone": "rc", "cidrBlock": "10.42.47.0/24"}},
		"a subnet of another VPC":          {Subnet, "subnet-0e0000000000010a0", map[string]any{"vpcId": "vpc-0e000000000000010", "cidrBlock": "10.16.0.0/24"}},
		"an EKS cluster of no Network":     {EKSCluster, "apps", map[string]any{"id": "apps", "status": "ACTIVE"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := Kinds()[tc.kind].Existing(Resource{Kind: tc.kind, Name: tc.name, Parameters: map[string]any{"region": "r"}})
			for field, want := range tc.want {
				if diff := cmp.Diff(want, got[field]); diff != "" {
					t.Errorf("%s: %s", field, diff)
				}
			}
		})
	}
}

func TestExists(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		kind, name string
		want       bool
	}{
		"a VPC that nobody of us made":     {VPC, "vpc-0123", true},
		"nothing without a name":           {VPC, "", false},
		"nothing that is dead":             {Subnet, "subnet-0dead", false},
		"a security group was never there": {SecurityGroup, "sg-1", false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := Kinds()[tc.kind].Exists(tc.name); got != tc.want {
				t.Errorf("Exists() = %v, want %v", got, tc.want)
			}
		})
	}
}

func TestVPCOf(t *testing.T) {
	t.Parallel()
	networks := []Network{{"shared", "vpc-1"}, {"shared-eu", "vpc-2"}, {"empty", ""}, {"preview-network-abc", "vpc-3"}, {"", "vpc-4"}}
	for cluster, want := range map[string]string{
		"shared": "vpc-1", "shared-apps": "vpc-1", "shared-eu-apps": "vpc-2", "sharedapps": "", "empty-apps": "", "preview": "vpc-3", "other": "",
	} {
		if got := VPCOf(cluster, networks); got != want {
			t.Errorf("VPCOf(%s) = %q, want %q", cluster, got, want)
		}
	}
	region := map[string]any{"region": "eu-west-1"}
	for vpc, want := range map[string]string{"": ExistingVPC, "vpc-9": "vpc-9"} {
		at := Kinds()[EKSCluster].Existing(Resource{Kind: EKSCluster, Name: "apps", Parameters: region, VPC: vpc})
		want := map[string]any{
			"id": "apps", "arn": "arn:aws:eks:eu-west-1:123456789012:cluster/apps", "status": "ACTIVE", "version": "1.34", "createdAt": created,
			"endpoint":             "https://6D767F0E8A921C1918897D3789913443.gr7.eu-west-1.eks.amazonaws.com",
			"certificateAuthority": []any{map[string]any{"data": authority}},
			"identity": []any{map[string]any{"oidc": []any{map[string]any{
				"issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/6D767F0E8A921C1918897D3789913443"}}}},
			"vpcConfig": map[string]any{"vpcId": want, "clusterSecurityGroupId": "sg-d37916f504965e5ed"},
		}
		if diff := cmp.Diff(want, at); diff != "" {
			t.Error(diff)
		}
	}
}
