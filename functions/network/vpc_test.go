package network

import (
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

func owned(name string, more ...string) fields {
	tags := fields{"Name": name}
	for _, key := range more {
		tags[key] = "1"
	}
	return tags
}

// What each resource asks of AWS.
func TestParameters(t *testing.T) {
	t.Parallel()
	p := readyWorld(t, nil).compose()
	const vpc = "id-of-network-vpc"
	cases := map[string]fields{
		"network-vpc": {
			"region": "eu-west-1", "cidrBlock": "10.40.0.0/16", "enableDnsSupport": true, "enableDnsHostnames": true, "tags": owned("shared-vpc"),
		},
		"network-default-security-group": {"region": "eu-west-1", "vpcId": vpc, "tags": owned("shared-default-security-group")},
		"network-internet-gateway":       {"region": "eu-west-1", "vpcId": vpc, "tags": owned("shared-internet-gateway")},
		"network-subnet-public-a": {
			"region": "eu-west-1", "vpcId": vpc, "cidrBlock": "10.40.48.0/21", "availabilityZone": "eu-west-1a", "mapPublicIpOnLaunch": false,
			"tags": owned("shared-subnet-public-a", "kubernetes.io/role/elb"),
		},
		"network-subnet-private-b": {
			"region": "eu-west-1", "vpcId": vpc, "cidrBlock": "10.40.64.0/19", "availabilityZone": "eu-west-1b", "mapPublicIpOnLaunch": false,
			"tags": owned("shared-subnet-private-b", "kubernetes.io/role/internal-elb"),
		},
		"network-subnet-database-b": {
			"region": "eu-west-1", "vpcId": vpc, "cidrBlock": "10.40.96.0/21", "availabilityZone": "eu-west-1b", "mapPublicIpOnLaunch": false,
			"tags": owned("shared-subnet-database-b"),
		},
		"network-route-table-private-a": {"region": "eu-west-1", "vpcId": vpc, "tags": owned("shared-route-table-private-a")},
		"network-route-public": {
			"region": "eu-west-1", "routeTableId": "id-of-network-route-table-public", "destinationCidrBlock": "0.0.0.0/0",
			"gatewayId": "id-of-network-internet-gateway",
		},
		"network-route-private-b": {
			"region": "eu-west-1", "routeTableId": "id-of-network-route-table-private-b", "destinationCidrBlock": "0.0.0.0/0",
			"natGatewayId": "id-of-network-nat-gateway-a",
		},
		"network-association-public-b": {
			"region": "eu-west-1", "routeTableId": "id-of-network-route-table-public", "subnetId": "id-of-network-subnet-public-b",
		},
		"network-association-private-b": {
			"region": "eu-west-1", "routeTableId": "id-of-network-route-table-private-b", "subnetId": "id-of-network-subnet-private-b",
		},
		"network-endpoint-s3": {
			"region": "eu-west-1", "vpcId": vpc, "vpcEndpointType": "Gateway", "serviceName": "com.amazonaws.eu-west-1.s3",
			"tags": owned("shared-endpoint-s3"),
		},
		"network-endpoint-dynamodb-private-a": {
			"region": "eu-west-1", "vpcEndpointId": "id-of-network-endpoint-dynamodb", "routeTableId": "id-of-network-route-table-private-a",
		},
	}
	for name, want := range cases {
		equal(t, name, want, forProvider(p, name))
	}
	equal(t, "the provider config", fields{"name": "aws-staging", "kind": "ClusterProviderConfig"},
		wanted(p, nameVPC).At("spec", "providerConfigRef").Map())
	for _, name := range []string{"network-endpoint-s3", "network-endpoint-dynamodb"} {
		equal(t, name+" without late initialisation", []string{"Observe", "Create", "Update", "Delete"},
			wanted(p, name).Strings("spec", "managementPolicies"))
	}
}

// Databases have no way to or from the internet: no route table of ours, and no gateway endpoint.
func TestDatabaseTier(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, fields{"databaseTier": false})
	equal(t, "no tier", []string(nil), look{w}.Names("network-subnet-database-"))
	w.with(fields{"databaseTier": true})
	before := w.specs()
	p := w.settle()
	for name, spec := range before {
		if name != "" {
			equal(t, name+" stays", spec, w.observed[name]["spec"])
		}
	}
	equal(t, "the tier is added", []string{"network-subnet-database-a", "network-subnet-database-b"}, look{w}.Names("network-subnet-database-"))
	for _, r := range p.Resources {
		if id := r.Object.String("spec", "forProvider", "subnetId"); id == "id-of-network-subnet-database-a" {
			t.Errorf("%s leads out of the database tier", r.Name)
		}
	}
}

// While the network is protected the VPC is kept, and so is the object; switching it off takes two calls.
func TestProtection(t *testing.T) {
	t.Parallel()
	kept := []string{"Observe", "Update", "LateInitialize"}
	w := readyWorld(t, nil)
	p := w.compose()
	equal(t, "kept", kept, wanted(p, nameVPC).Strings("spec", "managementPolicies"))
	equal(t, "the reason", "shared is protected: set spec.deletionProtection to false, wait until status.deletionProtection is false, "+
		"then delete it", wanted(p, "network-usage-protection").String("spec", "reason"))
	for _, r := range p.Resources {
		if r.Data != (r.Name == nameVPC) {
			t.Errorf("%s: data %v", r.Name, r.Data)
		}
	}

	w.with(fields{"deletionProtection": false})
	p = w.step()
	equal(t, "not kept", []string(nil), wanted(p, nameVPC).Strings("spec", "managementPolicies"))
	if !p.Status.Done().Bool("deletionProtection") || len(p.Drops) > 0 {
		t.Errorf("it could be deleted before that is applied: drops %v", p.Drops)
	}
	p = w.step()
	equal(t, "the Usage goes", []string{"network-usage-protection: SpecChanged"}, drops(p))
	if p.Status.Done().Bool("deletionProtection") {
		t.Error("status.deletionProtection is true")
	}
}

// A status that is lost changes nothing that is there, nor what others find.
func TestStatusLost(t *testing.T) {
	t.Parallel()
	for reason, externalNames := range map[string]bool{"the status": false, "the external names too": true} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t, fields{"zones": 3, "endpoints": []any{"sts"}})
			before := w.specs()
			names := resourceNames(w.compose())
			w.loseStatus(externalNames)
			w.asleep = names
			p := w.step()
			equal(t, "names", names, resourceNames(p))
			after := w.specs()
			delete(after[""].(fields), "conditions")
			equal(t, "specs and status", before, after)
			if c := condition(p, v1.ConditionNetworkReady); c.Is() || !p.Waiting {
				t.Errorf("it is ready although nothing is known: %+v", c)
			}
		})
	}
}

// Nothing new is built on what is being deleted.
func TestDeletingVPC(t *testing.T) {
	t.Parallel()
	w := readyWorld(t, fields{"zones": 2})
	set(w.observed[nameVPC], "metadata.deletionTimestamp", "2026-01-01T00:00:00Z")
	w.with(fields{"zones": 3})
	p := w.compose()
	if !wanted(p, "network-subnet-private-c").IsZero() {
		t.Error("a subnet is built in a VPC that goes")
	}
	if wanted(p, "network-subnet-private-a").IsZero() {
		t.Error("what is there is not wanted any more")
	}
}

// What a subnet is was decided when it was made: neither another plan nor another list of zones moves it.
func TestSubnetStays(t *testing.T) {
	t.Parallel()
	for field, was := range map[string]string{"cidrBlock": "10.40.32.0/22", "availabilityZone": "eu-west-1f", "vpcId": "vpc-before"} {
		w := readyWorld(t, nil)
		set(w.observed["network-subnet-database-a"], "spec.forProvider."+field, was)
		equal(t, field, was, forProvider(w.compose(), "network-subnet-database-a")[field].(string))
	}
}
