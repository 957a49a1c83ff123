package cloud

import (
	"strconv"
	"strings"
)

func securityGroup(r Resource) map[string]any {
	id := r.kept("id", "sg-"+r.digits(17))
	return map[string]any{
		"id": id, "arn": r.arn("ec2", "security-group/"+id), "ownerId": Account, "name": r.text("name"), "vpcId": r.text("vpcId"),
	}
}

func ingressRule(r Resource) map[string]any {
	id := r.kept("id", "sgr-"+r.digits(17))
	return map[string]any{"id": id, "arn": r.arn("ec2", "security-group-rule/"+id), "securityGroupRuleId": id}
}

func subnetGroup(r Resource) map[string]any {
	return map[string]any{"id": r.Name, "arn": r.arn("rds", "subgrp:"+r.Name), "subnetIds": r.list("subnetIds")}
}

func parameterGroup(r Resource) map[string]any {
	return map[string]any{"id": r.Name, "arn": r.arn("rds", "pg:"+r.Name), "family": r.text("family")}
}

// release is what a major version stands for. A version that is more exact stands for itself.
func release(version string) string {
	if minor, ok := map[string]string{"15": "15.14", "16": "16.10", "17": "17.6", "18": "18.1", "8.4": "8.4.6"}[version]; ok {
		return minor
	}
	return version
}

func instance(r Resource) map[string]any {
	identifier, port := r.text("identifier"), Whole(r.Parameters["port"])
	address := r.kept("address", identifier+".c"+r.digits(12)+"."+r.text("region")+".rds.amazonaws.com")
	return map[string]any{
		"id": r.kept("id", "db-"+strings.ToUpper(r.digits(26))), "identifier": identifier, "arn": r.arn("rds", "db:"+identifier),
		"address": address, "endpoint": address + ":" + strconv.FormatInt(port, 10), "port": port,
		"engine": r.text("engine"), "engineVersionActual": release(r.text("engineVersion")),
		"allocatedStorage":   max(Whole(r.Parameters["allocatedStorage"]), Whole(r.Observed["allocatedStorage"])),
		"deletionProtection": r.flag("deletionProtection"), "multiAz": r.flag("multiAz"), "status": "available",
	}
}

func instanceDefaults(r Resource) map[string]any {
	region := r.text("region")
	f := map[string]any{
		"availabilityZone":                 region + "a",
		"caCertIdentifier":                 "rds-ca-rsa2048-g1",
		"iamDatabaseAuthenticationEnabled": false,
		"networkType":                      "IPV4",
		"kmsKeyId":                         "arn:aws:kms:" + region + ":" + Account + ":key/00000000-aws-rds-default",
	}
	if r.flag("performanceInsightsEnabled") {
		f["performanceInsightsKmsKeyId"] = f["kmsKeyId"]
	}
	if r.flag("multiAz") {
		delete(f, "availabilityZone")
	}
	return f
}

// Details are the connection details of a resource, which the provider writes when it is told where to. Nil when the kind has
// none, or not yet.
func Details(kind string, parameters, observed map[string]any, password string) map[string]string {
	address, _ := observed["address"].(string)
	if kind != "Instance" || address == "" {
		return nil
	}
	endpoint, _ := observed["endpoint"].(string)
	username, _ := parameters["username"].(string)
	return map[string]string{
		"endpoint": endpoint, "address": address, "host": address, "port": strconv.FormatInt(Whole(observed["port"]), 10),
		"username": username, "password": password, "attribute.password": password,
	}
}
