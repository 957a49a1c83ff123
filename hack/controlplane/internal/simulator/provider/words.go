package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
)

// requestID of every call. A fixed one, so that a message that did not change stays the same.
const requestID = "5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42"

// read is the verb of an observation, which is no call that changes something.
const read = "observe"

// words are how the provider speaks of a kind.
type words struct {
	// service is the AWS API, empty for Vault.
	service string
	// resource is what Terraform's provider calls it.
	resource string
	// operations of the API by verb.
	operations map[string]string
}

func wordsFor(kind string) words {
	if w, ok := landingWords()[kind]; ok {
		return w
	}
	return map[string]words{
		cloud.Instance: {"RDS", "RDS DB Instance", map[string]string{
			api.Create: "CreateDBInstance", api.Update: "ModifyDBInstance", api.Delete: "DeleteDBInstance", read: "DescribeDBInstances"}},
		cloud.SubnetGroup: {"RDS", "RDS DB Subnet Group", map[string]string{
			api.Create: "CreateDBSubnetGroup", api.Update: "ModifyDBSubnetGroup", api.Delete: "DeleteDBSubnetGroup",
			read: "DescribeDBSubnetGroups"}},
		cloud.ParameterGroup: {"RDS", "RDS DB Parameter Group", map[string]string{
			api.Create: "CreateDBParameterGroup", api.Update: "ModifyDBParameterGroup", api.Delete: "DeleteDBParameterGroup",
			read: "DescribeDBParameterGroups"}},
		cloud.ClusterParameterGroup: {"RDS", "RDS Cluster Parameter Group", map[string]string{
			api.Create: "CreateDBClusterParameterGroup", api.Update: "ModifyDBClusterParameterGroup",
			api.Delete: "DeleteDBClusterParameterGroup", read: "DescribeDBClusterParameterGroups"}},
		cloud.Cluster: {"RDS", "RDS Cluster", map[string]string{
			api.Create: "CreateDBCluster", api.Update: "ModifyDBCluster", api.Delete: "DeleteDBCluster", read: "DescribeDBClusters"}},
		cloud.ClusterInstance: {"RDS", "RDS Cluster Instance", map[string]string{
			api.Create: "CreateDBInstance", api.Update: "ModifyDBInstance", api.Delete: "DeleteDBInstance", read: "DescribeDBInstances"}},
		cloud.RolePolicy: {"IAM", "IAM Role Policy", map[string]string{
			api.Create: "PutRolePolicy", api.Update: "PutRolePolicy", api.Delete: "DeleteRolePolicy", read: "GetRolePolicy"}},
		cloud.SecurityGroup: {"EC2", "Security Group", map[string]string{
			api.Create: "CreateSecurityGroup", api.Update: "CreateTags", api.Delete: "DeleteSecurityGroup", read: "DescribeSecurityGroups"}},
		cloud.SecurityGroupIngressRule: {"EC2", "VPC Security Group Rule", map[string]string{
			api.Create: "AuthorizeSecurityGroupIngress", api.Update: "ModifySecurityGroupRules", api.Delete: "RevokeSecurityGroupIngress",
			read: "DescribeSecurityGroupRules"}},
		cloud.SecurityGroupEgressRule: {"EC2", "VPC Security Group Rule", map[string]string{
			api.Create: "AuthorizeSecurityGroupEgress", api.Update: "ModifySecurityGroupRules", api.Delete: "RevokeSecurityGroupEgress",
			read: "DescribeSecurityGroupRules"}},
		cloud.DatabaseConnection: {resource: "error configuring database connection %q"},
		cloud.DatabaseRole:       {resource: "error creating role %q"},
		cloud.Policy:             {resource: "error writing policy %q"},
		cloud.AuthRole:           {resource: "error writing Kubernetes auth backend role %q"},
		cloud.JWTAuthRole:        {resource: "error writing JWT auth backend role %q"},
		cloud.KVSecret:           {resource: "error writing to %q"},
	}[kind]
}

// failed is how the provider tells that a call failed.
func (e *external) failed(verb string, err error) error {
	return fmt.Errorf("failed to %s the resource: [{0 %s  []}]", verb, e.describe(verb, err))
}

func (e *external) describe(verb string, err error) string {
	var refusal *inventory.Refusal
	if !errors.As(err, &refusal) {
		return err.Error()
	}
	w := wordsFor(e.target.Kind)
	if w.service == "" {
		path, sentence := e.vaultPath(), w.resource
		switch verb {
		case read:
			sentence = "error reading %q"
		case api.Delete:
			sentence = "error deleting %q"
		}
		return fmt.Sprintf(sentence+": Error making API request.\n\nURL: %s %s/v1/%s\nCode: %d. Errors:\n\n* %s", path,
			map[string]string{api.Create: "PUT", api.Update: "PUT", api.Delete: "DELETE", read: "GET"}[verb],
			strings.TrimSuffix(e.endpoint, "/"), path, refusal.Status, refusal.Message)
	}
	resource, operation := w.resource, w.operations[verb]
	if verb == api.Create {
		resource, operation = e.copying(resource, operation)
	}
	gerund := map[string]string{api.Create: "creating", api.Update: "updating", api.Delete: "deleting", read: "reading"}[verb]
	attempts, unmodelled := "", "api error "
	if refusal.Retried {
		attempts = "exceeded maximum number of attempts, 25, "
	}
	if refusal.Modelled {
		unmodelled = ""
	}
	return fmt.Sprintf("%s %s (%s): operation error %s: %s, %shttps response error StatusCode: %d, RequestID: %s, %s%s",
		gerund, resource, e.name(), w.service, operation, attempts, refusal.Status, requestID, unmodelled, refusal.Error())
}

// copying is how the creation of a copy is told.
func (e *external) copying(resource, operation string) (string, string) {
	origin := cloud.OriginOf(e.target.Kind, e.wanted)
	switch {
	case e.target.Kind == cloud.ClusterInstance || origin.Kind == "":
		return resource, operation
	case origin.Follows:
		return resource + " (read replica)", "CreateDBInstanceReadReplica"
	case origin.Kind == cloud.Snapshot && e.target.Kind == cloud.Cluster:
		return resource + " (restore from snapshot)", "RestoreDBClusterFromSnapshot"
	case origin.Kind == cloud.Snapshot:
		return resource + " (restore from snapshot)", "RestoreDBInstanceFromDBSnapshot"
	case e.target.Kind == cloud.Cluster:
		return resource + " (restore to point-in-time)", "RestoreDBClusterToPointInTime"
	default:
		return resource + " (restore to point-in-time)", "RestoreDBInstanceToPointInTime"
	}
}

// name of the resource in messages.
func (e *external) name() string {
	for _, field := range []string{"identifier", "name"} {
		if name, ok := e.wanted[field].(string); ok && name != "" {
			return name
		}
	}
	if e.target.ExternalName != "" {
		return e.target.ExternalName
	}
	return e.target.Owner.Name
}

func (e *external) vaultPath() string {
	field := func(name string) string { s, _ := e.wanted[name].(string); return s }
	switch e.target.Kind {
	case cloud.DatabaseConnection:
		return field("backend") + "/config/" + field("name")
	case cloud.DatabaseRole:
		return field("backend") + "/roles/" + field("name")
	case cloud.Policy:
		return "sys/policies/acl/" + field("name")
	case cloud.Mount:
		return "sys/mounts/" + field("path")
	case cloud.AuthBackend, cloud.JWTAuthBackend:
		return "sys/auth/" + field("path")
	case cloud.AuthConfig:
		return "auth/" + field("backend") + "/config"
	case cloud.AuthRole, cloud.JWTAuthRole:
		return "auth/" + field("backend") + "/role/" + field("roleName")
	default:
		return field("mount") + "/data/" + field("name")
	}
}
