package cloud

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReport(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		resource Resource
		want     map[string]any
	}{
		"the cloud assigns the id of a security group": {
			Resource{Kind: SecurityGroup, Name: "a", Seed: "SecurityGroup/a",
				Parameters: map[string]any{"region": "eu-west-1", "name": "n", "vpcId": "vpc-1"}},
			map[string]any{"id": "sg-8ac89fc74f27ce6fc", "arn": "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-8ac89fc74f27ce6fc",
				"ownerId": Account, "name": "n", "vpcId": "vpc-1"},
		},
		"and keeps it": {
			Resource{Kind: SecurityGroup, Name: "a", Seed: "another", Observed: map[string]any{"id": "sg-1"},
				Parameters: map[string]any{"region": "eu-west-1", "name": "n", "vpcId": "vpc-1"}},
			map[string]any{"id": "sg-1", "arn": "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-1",
				"ownerId": Account, "name": "n", "vpcId": "vpc-1"},
		},
		"a subnet group is known by its name": {
			Resource{Kind: SubnetGroup, Name: "a", Parameters: map[string]any{"region": "r", "subnetIds": []any{"s"}}},
			map[string]any{"id": "a", "arn": "arn:aws:rds:r:123456789012:subgrp:a", "subnetIds": []any{"s"}},
		},
		"a subnet group without subnets": {
			Resource{Kind: SubnetGroup, Name: "a", Parameters: map[string]any{"region": "r"}},
			map[string]any{"id": "a", "arn": "arn:aws:rds:r:123456789012:subgrp:a", "subnetIds": []any{}},
		},
		"storage that has grown by itself, and a minor release": {
			Resource{Kind: Instance, Name: "a", Observed: map[string]any{"id": "db-1", "address": "host", "allocatedStorage": 50.0},
				Parameters: map[string]any{"region": "r", "identifier": "i", "port": 5432.0, "engine": "postgres", "engineVersion": "17",
					"allocatedStorage": 20.0, "multiAz": true}},
			map[string]any{"id": "db-1", "identifier": "i", "arn": "arn:aws:rds:r:123456789012:db:i", "address": "host", "endpoint": "host:5432",
				"port": int64(5432), "engine": "postgres", "engineVersionActual": "17.6", "allocatedStorage": int64(50),
				"resourceId": "db-1", "instanceClass": "", "deletionProtection": false, "multiAz": true, "status": "available"},
		},
		"the id of an inline policy is not its name": {
			Resource{Kind: RolePolicy, Name: "a", Parameters: map[string]any{"role": "r", "policy": "{}"}},
			map[string]any{"id": "r:a", "role": "r", "policy": "{}"},
		},
		"the path of a role is its id": {
			Resource{Kind: DatabaseRole, Parameters: map[string]any{"backend": "b", "name": "n"}}, map[string]any{"id": "b/roles/n"},
		},
		"the name of a policy is its id": {
			Resource{Kind: Policy, Parameters: map[string]any{"name": "n"}}, map[string]any{"id": "n"},
		},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, Kinds()[tc.resource.Kind].Report(tc.resource)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestReads holds every kind against its word: what it reads is what it declares, and no more.
func TestReads(t *testing.T) {
	t.Parallel()
	for kind, facts := range Kinds() {
		parameters := map[string]any{}
		for _, field := range []string{
			"backend", "mount", "name", "roleName", "region", "vpcId", "family", "identifier", "engine", "engineVersion", "subnetIds",
			"description", "username", "instanceClass", "dbName", "masterUsername", "databaseName", "snapshotIdentifier",
			"replicateSourceDb", "clusterIdentifier", "role", "policy", "parameterGroupName", "backupWindow", "cidrBlock", "availabilityZone",
			"allocationId", "subnetId", "routeTableId", "destinationCidrBlock", "serviceName", "vpcEndpointId", "securityGroupId", "targetKeyId",
			"clusterName", "namespace", "path", "type",
		} {
			parameters[field] = field + "-value"
		}
		parameters["restoreToPointInTime"] = map[string]any{"sourceClusterIdentifier": "c", "sourceDbInstanceIdentifier": "i"}
		parameters["backupRetentionPeriod"] = 1.0
		parameters["vpcEndpointType"] = "Interface"
		parameters["manifest"] = map[string]any{"kind": "Namespace"}
		parameters["subnetIds"] = []any{"s"}
		parameters["port"], parameters["allocatedStorage"] = 5432.0, 20.0
		parameters["multiAz"], parameters["deletionProtection"], parameters["performanceInsightsEnabled"] = true, true, true
		all := Resource{Kind: kind, Name: "a", Seed: "s", Parameters: parameters}
		declared := all
		declared.Parameters = map[string]any{}
		for _, field := range facts.Reads {
			declared.Parameters[field] = parameters[field]
		}
		if diff := cmp.Diff(facts.Report(all), facts.Report(declared)); diff != "" {
			t.Errorf("%s reports from parameters that it does not declare: %s", kind, diff)
		}
		if facts.Existing != nil && !cmp.Equal(facts.Existing(all), facts.Existing(declared)) {
			t.Errorf("%s is reported from parameters that it does not declare", kind)
		}
		if facts.Defaults == nil {
			continue
		}
		if diff := cmp.Diff(facts.Defaults(all), facts.Defaults(declared)); diff != "" {
			t.Errorf("%s has defaults from parameters that it does not declare: %s", kind, diff)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	defaults := Kinds()[Instance].Defaults
	single := defaults(Resource{Parameters: map[string]any{"region": "r", "performanceInsightsEnabled": true}})
	if single["availabilityZone"] != "ra" || single["performanceInsightsKmsKeyId"] == nil {
		t.Errorf("one zone, and a key for insights: %v", single)
	}
	if single["username"] != nil {
		t.Errorf("a new instance has what is said: %v", single)
	}
	if both := defaults(Resource{Parameters: map[string]any{"region": "r", "multiAz": true}}); both["availabilityZone"] != nil {
		t.Errorf("no zone when there are two: %v", both)
	}
}

func TestDetails(t *testing.T) {
	t.Parallel()
	instance := map[string]any{"address": "host", "endpoint": "host:5432", "port": 5432.0, "username": "observed"}
	cluster := map[string]any{"endpoint": "w", "readerEndpoint": "r", "port": 3306.0, "masterUsername": "observed"}
	cases := map[string]struct {
		kind                 string
		parameters, observed map[string]any
		password             string
		want                 map[string]string
	}{
		"an instance": {Instance, map[string]any{"username": "u"}, instance, "p", map[string]string{
			"endpoint": "host:5432", "address": "host", "host": "host", "port": "5432", "username": "u", "password": "p", "attribute.password": "p",
		}},
		"a restored instance has the user of its origin, and a replica no password": {Instance, nil, instance, "", map[string]string{
			"endpoint": "host:5432", "address": "host", "host": "host", "port": "5432", "username": "observed",
		}},
		"a cluster has keys of its own": {Cluster, map[string]any{"masterUsername": "u"}, cluster, "p", map[string]string{
			"endpoint": "w", "reader_endpoint": "r", "port": "3306", "master_username": "u", "attribute.master_password": "p",
		}},
		"a restored cluster": {Cluster, nil, cluster, "", map[string]string{
			"endpoint": "w", "reader_endpoint": "r", "port": "3306", "master_username": "observed",
		}},
		"an instance without an address":         {Instance, nil, map[string]any{}, "p", nil},
		"a cluster without an endpoint":          {Cluster, nil, map[string]any{}, "p", nil},
		"an instance of a cluster has none":      {ClusterInstance, nil, cluster, "p", nil},
		"a subnet group has no details whatever": {SubnetGroup, nil, instance, "p", nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, Details(tc.kind, tc.parameters, tc.observed, tc.password)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
