package network

import (
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

func ownedEndpoints(name string) fields {
	return fields{"Name": "shared-" + name}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	w := endpointsWorld(t)
	equal(t, "first call", []string{"endpoints-security-group", "endpoints-service-ecr.api", "endpoints-service-sts"}, resourceNames(w.step()))
	p := w.settle()
	equal(t, "ready", []string{
		"endpoints-group-of-ecr.api", "endpoints-group-of-sts", "endpoints-in-subnet-1-ecr.api", "endpoints-in-subnet-1-sts",
		"endpoints-in-subnet-2-ecr.api", "endpoints-in-subnet-2-sts", "endpoints-ingress", "endpoints-security-group",
		"endpoints-service-ecr.api", "endpoints-service-sts",
	}, resourceNames(p))
	for name, want := range map[string]fields{
		"endpoints-security-group": {
			"region": "eu-west-1", "name": wanted(p, "endpoints-security-group").Name(), "description": "Interface endpoints of vpc-1",
			"vpcId": "vpc-1", "tags": ownedEndpoints("security-group"),
		},
		"endpoints-ingress": {
			"region": "eu-west-1", "securityGroupId": "id-of-endpoints-security-group", "cidrIpv4": "10.40.0.0/16", "ipProtocol": "tcp",
			"fromPort": 443.0, "toPort": 443.0, "description": "HTTPS from the network", "tags": ownedEndpoints("ingress"),
		},
		"endpoints-service-ecr.api": {
			"region": "eu-west-1", "vpcId": "vpc-1", "vpcEndpointType": "Interface", "serviceName": "com.amazonaws.eu-west-1.ecr.api",
			"privateDnsEnabled": true, "tags": ownedEndpoints("service-ecr.api"),
		},
		"endpoints-group-of-sts": {
			"region": "eu-west-1", "vpcEndpointId": "id-of-endpoints-service-sts", "securityGroupId": "id-of-endpoints-security-group",
			"replaceDefaultAssociation": true,
		},
		"endpoints-in-subnet-2-sts": {"region": "eu-west-1", "vpcEndpointId": "id-of-endpoints-service-sts", "subnetId": "subnet-2"},
	} {
		equal(t, name, want, forProvider(p, name))
	}
	equal(t, "without late initialisation", []string{"Observe", "Create", "Update", "Delete"},
		wanted(p, "endpoints-service-sts").Strings("spec", "managementPolicies"))
	equal(t, "status", fields{"services": []any{
		fields{"service": "ecr.api", "endpointId": "id-of-endpoints-service-ecr.api"},
		fields{"service": "sts", "endpointId": "id-of-endpoints-service-sts"},
	}}, p.Status.Done().Map())
	equal(t, "condition", conditions.Condition{
		Type: v1.ConditionEndpointsReady, Status: conditions.True, Reason: conditions.Available, Message: "ecr.api, sts within the network",
	}, condition(p, v1.ConditionEndpointsReady))
	if p.Waiting {
		t.Error("it waits")
	}
}

// A service or a subnet that is not wanted any more goes, and nothing else.
func TestEndpointsChange(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spec fields
		want []string
	}{
		"a service less": {fields{"services": []any{"ecr.api"}}, []string{
			"endpoints-group-of-sts: SpecChanged", "endpoints-in-subnet-1-sts: SpecChanged", "endpoints-in-subnet-2-sts: SpecChanged",
			"endpoints-service-sts: SpecChanged",
		}},
		"a subnet less": {fields{"subnetIds": []any{"subnet-1"}}, []string{
			"endpoints-in-subnet-2-ecr.api: SpecChanged", "endpoints-in-subnet-2-sts: SpecChanged",
		}},
		"a subnet more":   {fields{"subnetIds": []any{"subnet-1", "subnet-2", "subnet-3"}}, nil},
		"another order":   {fields{"services": []any{"ecr.api", "sts"}, "subnetIds": []any{"subnet-1", "subnet-2"}}, nil},
		"another network": {fields{"vpcId": "vpc-2"}, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := endpointsWorld(t)
			w.settle()
			vpc := forProvider(w.compose(), "endpoints-service-ecr.api")["vpcId"]
			p := w.with(tc.spec).step()
			equal(t, "drops", tc.want, drops(p))
			equal(t, "an endpoint stays in its network", vpc, forProvider(p, "endpoints-service-ecr.api")["vpcId"])
			equal(t, "then", []string(nil), drops(w.settle()))
		})
	}
}

func TestEndpointsStatusLost(t *testing.T) {
	t.Parallel()
	w := endpointsWorld(t)
	names := resourceNames(w.settle())
	before := w.specs()
	w.loseStatus(true)
	w.asleep = names
	p := w.step()
	equal(t, "names", names, resourceNames(p))
	equal(t, "specs and status", before, w.specs())
	if !p.Waiting {
		t.Error("nothing is known, and it is ready")
	}
}

func TestEndpointsRefused(t *testing.T) {
	t.Parallel()
	const needs = "needs spec.vpcId, spec.subnetIds and spec.cidr. A Network composes this object: write spec.endpoints of a Network instead"
	for reason, tc := range map[string]struct {
		spec fields
		want string
	}{
		"no network":        {fields{"vpcId": nil}, needs},
		"no subnets":        {fields{"subnetIds": nil}, needs},
		"no range":          {fields{"cidr": "10"}, needs},
		"too many services": {fields{"services": []any{"1", "2", "3", "4", "5", "6", "7", "8", "9"}}, "spec.services: 9 are too many; write 8 at most"},
	} {
		conditionType, why, message := endpointsWorld(t).with(tc.spec).refusal()
		equal(t, reason, []string{v1.ConditionEndpointsReady, "InvalidSpec", tc.want}, []string{conditionType, string(why), message})
	}
}
