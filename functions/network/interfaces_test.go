package network

import (
	"testing"
)

// The child composite says what the endpoints need, and follows the network.
func TestInterfaceEndpoints(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"endpoints": []any{"sts", "ecr.api", "sts"}})
	if !wanted(w.compose(), nameInterfaces).IsZero() {
		t.Error("the child is there before the network")
	}
	p := w.settle()
	want := fields{
		"cloud": fields{"provider": "aws", "region": "eu-west-1", "accountId": "123456789012", "providerConfigRef": fields{"name": "aws-staging"}},
		"owner": fields{"team": "platform", "costCenter": "cc 1!"},
		"vpcId": "id-of-network-vpc", "cidr": "10.40.0.0/16",
		"subnetIds": []any{"id-of-network-subnet-private-a", "id-of-network-subnet-private-b"}, "services": []any{"ecr.api", "sts"},
	}
	child := wanted(p, nameInterfaces)
	equal(t, "spec", want, child.At("spec").Map())
	equal(t, "kind", []string{"platform.io/v1", "NetworkEndpoints", "platform"}, []string{child.APIVersion(), child.Kind(), child.Namespace()})

	// A new zone is not in the child before its subnet is there.
	w.with(fields{"zones": 3})
	w.asleep = []string{"network-subnet-private-c"}
	equal(t, "the subnet is not there yet", want, wanted(w.settle(), nameInterfaces).At("spec").Map())
	w.asleep = nil
	want["subnetIds"] = append(want["subnetIds"].([]any), "id-of-network-subnet-private-c")
	equal(t, "the subnet is there", want, wanted(w.settle(), nameInterfaces).At("spec").Map())

	w.with(fields{"endpoints": nil})
	equal(t, "no endpoints any more", []string{"network-interface-endpoints: SpecChanged"}, drops(w.step()))
	equal(t, "then", []string(nil), drops(w.settle()))
}

// In the claims flavour everything is cluster-scoped, and the claim is protected too.
func TestClaims(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"endpoints": []any{"sts"}, "owner": nil}).claimed()
	p := w.settle()
	child := wanted(p, nameInterfaces)
	equal(t, "the child", []string{"XNetworkEndpoints", ""}, []string{child.Kind(), child.Namespace()})
	if child.Has("spec", "owner") {
		t.Error("an owner that nobody named")
	}
	vpc := wanted(p, nameVPC)
	equal(t, "the VPC", []string{"ec2.aws.upbound.io/v1beta1", "VPC", ""}, []string{vpc.APIVersion(), vpc.Kind(), vpc.Namespace()})
	equal(t, "a route", "ec2.aws.upbound.io/v1beta2", wanted(p, "network-route-public").APIVersion())
	equal(t, "the Usage of the composite", fields{"apiVersion": "platform.io/v1", "kind": "XNetwork", "resourceRef": fields{"name": "shared-x7k2p"}},
		wanted(p, "network-usage-protection").At("spec", "of").Map())
	equal(t, "the Usage of the claim", fields{"apiVersion": "platform.io/v1", "kind": "Network", "resourceRef": fields{"name": "shared"}},
		wanted(p, "network-usage-protection-claim").At("spec", "of").Map())
	w.with(fields{"deletionProtection": false})
	w.step()
	equal(t, "both Usages go", []string{"network-usage-protection: SpecChanged", "network-usage-protection-claim: SpecChanged"}, drops(w.step()))
}
