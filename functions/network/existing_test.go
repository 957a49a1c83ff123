package network

import (
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// What others own is observed, and nothing else.
func TestExisting(t *testing.T) {
	t.Parallel()
	w := existingWorld(t)
	p := w.settle()
	equal(t, "names", []string{
		"network-existing-subnet-0b", "network-existing-subnet-0c", "network-existing-vpc", "network-usage-protection",
	}, resourceNames(p))
	for _, r := range p.Resources {
		if r.Name == "network-usage-protection" {
			continue
		}
		equal(t, r.Name, []string{"Observe"}, r.Object.Strings("spec", "managementPolicies"))
		equal(t, r.Name, fields{"region": "eu-west-1"}, r.Object.At("spec", "forProvider").Map())
		if r.Data {
			t.Errorf("%s holds no data of ours", r.Name)
		}
	}
	equal(t, "external name", "vpc-0a", wanted(p, nameExistingVPC).Annotation(externalName))
	equal(t, "external name", "subnet-0c", wanted(p, "network-existing-subnet-0c").Annotation(externalName))
	equal(t, "status", fields{
		"cloud": fields{
			"provider": "aws", "region": "eu-west-1", "accountId": "123456789012", "providerConfigRef": fields{"name": "aws-staging"},
		},
		"vpcId": "vpc-0a", "cidr": "10.7.0.0/16", "deletionProtection": true, "zones": []any{"eu-west-1b"}, "subnets": []any{
			fields{"id": "subnet-0b", "role": "private", "zone": "eu-west-1b", "cidr": "10.7.1.0/24"},
			fields{"id": "subnet-0c", "role": "database", "zone": "eu-west-1b", "cidr": "10.7.1.0/24"},
		},
	}, p.Status.Done().Map())
	equal(t, "message", "vpc-0a with 2 subnets, which are only observed", condition(p, v1.ConditionNetworkReady).Message)
	if p.Waiting || !condition(p, v1.ConditionNetworkReady).Is() {
		t.Errorf("%+v", p.Conditions)
	}
}

// A status that is lost changes nothing that others find.
func TestExistingStatusLost(t *testing.T) {
	t.Parallel()
	w := existingWorld(t)
	w.settle()
	before := w.xr["status"]
	w.loseStatus(false)
	w.asleep = []string{"network-existing-subnet-0b", "network-existing-subnet-0c", "network-existing-vpc"}
	p := w.step()
	equal(t, "status", before, w.xr["status"])
	if !p.Waiting {
		t.Error("nothing is known, and it is ready")
	}
}

// A subnet of another VPC is no place for anything.
func TestExistingForeignSubnet(t *testing.T) {
	t.Parallel()
	w := existingWorld(t)
	w.settle()
	set(w.observed["network-existing-subnet-0c"], "status.atProvider.vpcId", "vpc-0d")
	w.asleep = []string{"network-existing-subnet-0c"}
	p := w.step()
	c := condition(p, v1.ConditionNetworkReady)
	equal(t, "reason", "SubnetForeign", string(c.Reason))
	equal(t, "message", "spec.existing.subnets: subnet-0c is of vpc-0d, and not of vpc-0a; write subnets of that VPC", c.Message)
	equal(t, "subnets", 1, len(p.Status.Done().List("subnets")))
	if !p.Waiting || c.Is() {
		t.Error("it is ready")
	}
}

// The list of subnets may change: nothing is lost by it.
func TestExistingSubnetsChange(t *testing.T) {
	t.Parallel()
	w := existingWorld(t)
	w.settle()
	w.with(fields{"existing.subnets": []any{fields{"id": "subnet-0b", "role": "database"}, fields{"id": "subnet-0e", "role": "public"}}})
	p := w.step()
	equal(t, "drops", []string{"network-existing-subnet-0c: SpecChanged"}, drops(p))
	p = w.settle()
	equal(t, "names", []string{
		"network-existing-subnet-0b", "network-existing-subnet-0e", "network-existing-vpc", "network-usage-protection",
	}, resourceNames(p))
	equal(t, "role", "database", p.Status.Done().List("subnets")[0].String("role"))
}

// An existing VPC that overlaps with a peer is told, as soon as its addresses are known.
func TestExistingPeers(t *testing.T) {
	t.Parallel()
	w := existingWorld(t).with(fields{"peerGroup": "hub"})
	w.others = known(w, []fields{peer(fields{"spec.cidr": "10.7.0.0/20", "metadata.creationTimestamp": "2026-01-01T00:00:00Z"})})
	equal(t, "at first", "Blocked", string(condition(w.step(), v1.ConditionPeersDisjoint).Reason))
	p := w.settle()
	equal(t, "not in the group", "", p.Status.Done().String("peerGroup"))
	equal(t, "usable", "vpc-0a", p.Status.Done().String("vpcId"))
	equal(t, "then", "PeerGroupTaken", string(condition(p, v1.ConditionPeersDisjoint).Reason))
}

func TestExistingUnprotected(t *testing.T) {
	t.Parallel()
	w := existingWorld(t)
	w.settle()
	w.with(fields{"deletionProtection": false})
	p := w.step()
	equal(t, "drops", []string{"network-usage-protection: SpecChanged"}, drops(p))
	if p.Status.Done().Bool("deletionProtection") {
		t.Error("status.deletionProtection is true")
	}
}
