package inventory

import (
	"net/http"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// Refusal is an error that the cloud's API answers with.
type Refusal struct {
	// Status of the HTTP response.
	Status int
	// Code of the error. Empty for Vault, whose errors have none.
	Code    string
	Message string
	// Modelled errors have a Go type in the AWS SDK, which prints them without the words "api error".
	Modelled bool
	// Retried says that the SDK has given up after many attempts.
	Retried bool
}

// Error is the code and the message.
func (r *Refusal) Error() string {
	if r.Code == "" {
		return r.Message
	}
	return r.Code + ": " + r.Message
}

func modelled(code, message string) error {
	return &Refusal{Status: http.StatusBadRequest, Code: code, Message: message, Modelled: true}
}

// absent is the answer where something that is named is not there.
func absent(code, message string) error {
	return &Refusal{Status: http.StatusNotFound, Code: code, Message: message, Modelled: true}
}

func badRequest(code, message string) error {
	return &Refusal{Status: http.StatusBadRequest, Code: code, Message: message}
}

// invalidCombination is RDS's word for whatever does not fit together.
func invalidCombination(message string) error {
	return badRequest("InvalidParameterCombination", message)
}

func vaultError(message string) error {
	return &Refusal{Status: http.StatusBadRequest, Message: message}
}

// inWords is a refusal of package cloud as the API of a kind answers it. Nil when there is none.
func inWords(kind string, r *cloud.Refusal) error {
	switch {
	case r == nil:
		return nil
	case cloud.Provider(kind) == "vault":
		return vaultError(r.Message)
	default:
		return badRequest(r.Code, r.Message)
	}
}

// notFound is the answer to a call for a resource that is not there.
func notFound(t Target) error {
	switch t.Kind {
	case cloud.Instance:
		return modelled("DBInstanceNotFound", "DBInstance "+t.ExternalName+" not found.")
	case cloud.SubnetGroup:
		return noSubnetGroup(t.ExternalName)
	case cloud.ParameterGroup:
		return noParameterGroup(t.ExternalName)
	case cloud.Cluster:
		return noCluster(t.ExternalName)
	case cloud.ClusterInstance:
		return absent("DBInstanceNotFound", "DBInstance "+t.ExternalName+" not found.")
	case cloud.ClusterParameterGroup:
		return noClusterParameterGroup(t.ExternalName)
	case cloud.RolePolicy:
		return absent("NoSuchEntity", "The role policy with name "+t.ExternalName+" cannot be found.")
	case cloud.SecurityGroup:
		return noSecurityGroup(t.ExternalName)
	case cloud.SecurityGroupIngressRule, cloud.SecurityGroupEgressRule:
		return badRequest("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '"+t.ExternalName+"' does not exist")
	default:
		if code := missing(t.Kind); code != "" {
			return badRequest(code, "The "+cloud.Short(t.Kind)+" '"+t.ExternalName+"' does not exist")
		}
		return &Refusal{Status: http.StatusNotFound, Message: "no value found at " + t.ExternalName}
	}
}

func noSubnetGroup(name string) error {
	return modelled("DBSubnetGroupNotFoundFault", "DB subnet group '"+name+"' does not exist.")
}

func noParameterGroup(name string) error {
	return modelled("DBParameterGroupNotFound", "DBParameterGroup not found: "+name)
}

func noCluster(name string) error {
	return absent("DBClusterNotFoundFault", "DBCluster "+name+" not found.")
}

func noClusterParameterGroup(name string) error {
	return absent("DBClusterParameterGroupNotFound", "DBClusterParameterGroup not found: "+name)
}

func noSecurityGroup(id string) error {
	return badRequest("InvalidGroup.NotFound", "The security group '"+id+"' does not exist")
}
