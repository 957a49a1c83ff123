package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// kindFacts is how a provider treats one kind.
type kindFacts struct {
	// identity are the fields below spec.forProvider that cannot change: the cloud refuses, or replaces the resource.
	identity []string
	// report makes status.atProvider.
	report func(object.Object) *structpb.Struct
	// late makes the fields that are filled in where nobody said them.
	late func(object.Object) *structpb.Struct
}

// kinds of managed resource, by kind: no two providers that we use share one.
func kinds() map[string]kindFacts {
	return map[string]kindFacts{
		"SecurityGroup":            {identity: []string{"region", "name", "description", "vpcId"}, report: securityGroup},
		"SecurityGroupIngressRule": {identity: []string{"region", "securityGroupId"}, report: ingressRule},
		"SubnetGroup":              {identity: []string{"region"}, report: subnetGroup},
		"ParameterGroup":           {identity: []string{"region", "family", "description"}, report: parameterGroup},
		"Instance": {
			identity: []string{
				"region", "identifier", "engine", "dbName", "username", "kmsKeyId", "storageEncrypted",
				"dbSubnetGroupName", "passwordSecretRef",
			},
			report: instance, late: instanceDefaults,
		},
		"SecretBackendConnection": {identity: []string{"namespace", "backend", "name"}, report: vaultID("backend", "/config/", "name")},
		"SecretBackendRole":       {identity: []string{"namespace", "backend", "name"}, report: vaultID("backend", "/roles/", "name")},
		"Policy":                  {identity: []string{"namespace", "name"}, report: vaultID("name", "", "")},
		"AuthBackendRole":         {identity: []string{"namespace", "backend", "roleName"}, report: vaultID("backend", "/role/", "roleName")},
		"SecretV2":                {identity: []string{"namespace", "mount", "name"}, report: vaultID("mount", "/data/", "name")},
	}
}

// Account is the AWS account of the simulated cloud.
const Account = "123456789012"

// Password of every simulated master user: nothing but Secrets and connection details may hold it.
const Password = "SimulatedMasterPassw0rdX7q"

func digits(o object.Object, n int) string {
	sum := sha256.Sum256([]byte(o.Kind() + "/" + o.Name()))
	return hex.EncodeToString(sum[:])[:n]
}

func arn(o object.Object, service, resource string) *structpb.Value {
	return Text("arn:aws:" + service + ":" + o.String("spec", "forProvider", "region") + ":" + Account + ":" + resource)
}

func securityGroup(o object.Object) *structpb.Struct {
	id := "sg-" + digits(o, 17)
	return fields(map[string]*structpb.Value{
		"id": Text(id), "arn": arn(o, "ec2", "security-group/"+id), "ownerId": Text(Account),
		"name": Text(o.String("spec", "forProvider", "name")), "vpcId": Text(o.String("spec", "forProvider", "vpcId")),
	})
}

func ingressRule(o object.Object) *structpb.Struct {
	id := "sgr-" + digits(o, 17)
	return fields(map[string]*structpb.Value{
		"id": Text(id), "arn": arn(o, "ec2", "security-group-rule/"+id), "securityGroupRuleId": Text(id),
	})
}

func subnetGroup(o object.Object) *structpb.Struct {
	return fields(map[string]*structpb.Value{
		"id": Text(o.Name()), "arn": arn(o, "rds", "subgrp:"+o.Name()), "subnetIds": Texts(o.Strings("spec", "forProvider", "subnetIds")...),
	})
}

func parameterGroup(o object.Object) *structpb.Struct {
	return fields(map[string]*structpb.Value{
		"id": Text(o.Name()), "arn": arn(o, "rds", "pg:"+o.Name()), "family": Text(o.String("spec", "forProvider", "family")),
	})
}

// minors are the releases that a major version stands for.
func minors() map[string]string {
	return map[string]string{"15": "15.14", "16": "16.10", "17": "17.6", "18": "18.1", "8.4": "8.4.6"}
}

func instance(o object.Object) *structpb.Struct {
	spec := o.At("spec", "forProvider")
	identifier := spec.String("identifier")
	address := identifier + ".c" + digits(o, 12) + "." + spec.String("region") + ".rds.amazonaws.com"
	return fields(map[string]*structpb.Value{
		"id": Text("db-" + strings.ToUpper(digits(o, 26))), "identifier": Text(identifier), "arn": arn(o, "rds", "db:"+identifier),
		"address": Text(address), "endpoint": Text(address + ":" + itoa(spec.Int("port"))), "port": Number(spec.Int("port")),
		"engine": Text(spec.String("engine")), "engineVersionActual": Text(minors()[spec.String("engineVersion")]),
		"allocatedStorage":   Number(max(spec.Int("allocatedStorage"), o.Int("status", "atProvider", "allocatedStorage"))),
		"deletionProtection": Bool(spec.Bool("deletionProtection")), "multiAz": Bool(spec.Bool("multiAz")), "status": Text("available"),
	})
}

func instanceDefaults(o object.Object) *structpb.Struct {
	spec := o.At("spec", "forProvider")
	f := map[string]*structpb.Value{
		"availabilityZone":                 Text(spec.String("region") + "a"),
		"caCertIdentifier":                 Text("rds-ca-rsa2048-g1"),
		"iamDatabaseAuthenticationEnabled": Bool(false),
		"networkType":                      Text("IPV4"),
		"kmsKeyId":                         Text("arn:aws:kms:" + spec.String("region") + ":" + Account + ":key/00000000-aws-rds-default"),
	}
	if spec.Bool("performanceInsightsEnabled") {
		f["performanceInsightsKmsKeyId"] = f["kmsKeyId"]
	}
	if spec.Bool("multiAz") {
		delete(f, "availabilityZone")
	}
	return fields(f)
}

// vaultID makes the id of a Vault resource from two of its fields.
func vaultID(first, separator, second string) func(object.Object) *structpb.Struct {
	return func(o object.Object) *structpb.Struct {
		spec := o.At("spec", "forProvider")
		id := spec.String(first) + separator
		if second != "" {
			id += spec.String(second)
		}
		return fields(map[string]*structpb.Value{"id": Text(id)})
	}
}

// detailsOf are the connection details that the provider writes when it is told where to.
func detailsOf(s *structpb.Struct) map[string][]byte {
	o := object.Of(s)
	at := o.At("status", "atProvider")
	if o.Kind() != "Instance" || o.String("spec", "writeConnectionSecretToRef", "name") == "" || at.String("address") == "" {
		return nil
	}
	return map[string][]byte{
		"endpoint": []byte(at.String("endpoint")), "address": []byte(at.String("address")), "host": []byte(at.String("address")),
		"port": []byte(itoa(at.Int("port"))), "username": []byte(o.String("spec", "forProvider", "username")),
		"password": []byte(Password), "attribute.password": []byte(Password),
	}
}
