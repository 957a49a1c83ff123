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
			Resource{Kind: "SecurityGroup", Name: "a", Seed: "SecurityGroup/a",
				Parameters: map[string]any{"region": "eu-west-1", "name": "n", "vpcId": "vpc-1"}},
			map[string]any{"id": "sg-8ac89fc74f27ce6fc", "arn": "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-8ac89fc74f27ce6fc",
				"ownerId": Account, "name": "n", "vpcId": "vpc-1"},
		},
		"and keeps it": {
			Resource{Kind: "SecurityGroup", Name: "a", Seed: "another", Observed: map[string]any{"id": "sg-1"},
				Parameters: map[string]any{"region": "eu-west-1", "name": "n", "vpcId": "vpc-1"}},
			map[string]any{"id": "sg-1", "arn": "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-1",
				"ownerId": Account, "name": "n", "vpcId": "vpc-1"},
		},
		"a subnet group is known by its name": {
			Resource{Kind: "SubnetGroup", Name: "a", Parameters: map[string]any{"region": "r", "subnetIds": []any{"s"}}},
			map[string]any{"id": "a", "arn": "arn:aws:rds:r:123456789012:subgrp:a", "subnetIds": []any{"s"}},
		},
		"a subnet group without subnets": {
			Resource{Kind: "SubnetGroup", Name: "a", Parameters: map[string]any{"region": "r"}},
			map[string]any{"id": "a", "arn": "arn:aws:rds:r:123456789012:subgrp:a", "subnetIds": []any{}},
		},
		"storage that has grown by itself, and a minor release": {
			Resource{Kind: "Instance", Name: "a", Observed: map[string]any{"id": "db-1", "address": "host", "allocatedStorage": 50.0},
				Parameters: map[string]any{"region": "r", "identifier": "i", "port": 5432.0, "engine": "postgres", "engineVersion": "17",
					"allocatedStorage": 20.0, "multiAz": true}},
			map[string]any{"id": "db-1", "identifier": "i", "arn": "arn:aws:rds:r:123456789012:db:i", "address": "host", "endpoint": "host:5432",
				"port": int64(5432), "engine": "postgres", "engineVersionActual": "17.6", "allocatedStorage": int64(50),
				"deletionProtection": false, "multiAz": true, "status": "available"},
		},
		"the path of a role is its id": {
			Resource{Kind: "SecretBackendRole", Parameters: map[string]any{"backend": "b", "name": "n"}}, map[string]any{"id": "b/roles/n"},
		},
		"the name of a policy is its id": {
			Resource{Kind: "Policy", Parameters: map[string]any{"name": "n"}}, map[string]any{"id": "n"},
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
			"description", "username", "instanceClass",
		} {
			parameters[field] = field + "-value"
		}
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
	defaults := Kinds()["Instance"].Defaults
	single := defaults(Resource{Parameters: map[string]any{"region": "r", "performanceInsightsEnabled": true}})
	if single["availabilityZone"] != "ra" || single["performanceInsightsKmsKeyId"] == nil {
		t.Errorf("one zone, and a key for insights: %v", single)
	}
	if both := defaults(Resource{Parameters: map[string]any{"region": "r", "multiAz": true}}); both["availabilityZone"] != nil {
		t.Errorf("no zone when there are two: %v", both)
	}
}

func TestDetails(t *testing.T) {
	t.Parallel()
	observed := map[string]any{"address": "host", "endpoint": "host:5432", "port": 5432.0}
	want := map[string]string{
		"endpoint": "host:5432", "address": "host", "host": "host", "port": "5432", "username": "u", "password": "p", "attribute.password": "p",
	}
	if diff := cmp.Diff(want, Details("Instance", map[string]any{"username": "u"}, observed, "p")); diff != "" {
		t.Error(diff)
	}
	if got := Details("Instance", nil, map[string]any{}, "p"); got != nil {
		t.Errorf("an instance without an address has no details: %v", got)
	}
	if got := Details("SubnetGroup", nil, observed, "p"); got != nil {
		t.Errorf("a subnet group has no details: %v", got)
	}
}
