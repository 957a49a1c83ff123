package provider

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
)

// refused is the answer that a fault puts in place of the cloud's. Nil when no fault does.
func (e *external) refused(verb string) error {
	if e.faults.Has(fault.Throttled) {
		return e.throttled()
	}
	reason, ok := e.faults[fault.CreateFails]
	if !ok || verb != api.Create {
		return nil
	}
	switch reason {
	case "permission":
		return e.denied(verb)
	case "version":
		return e.noVersion()
	case "name-taken":
		return e.taken()
	default:
		return e.quota()
	}
}

func (e *external) throttled() error {
	switch wordsFor(e.target.Kind).service {
	case "RDS", "IAM":
		return &inventory.Refusal{Status: http.StatusBadRequest, Code: "Throttling", Message: "Rate exceeded", Retried: true}
	case "EC2":
		return &inventory.Refusal{
			Status: http.StatusServiceUnavailable, Code: "RequestLimitExceeded", Message: "Request limit exceeded.", Retried: true,
		}
	case "KMS", "EKS", "CloudWatch Logs":
		return &inventory.Refusal{
			Status: http.StatusBadRequest, Code: "ThrottlingException", Message: "Rate exceeded", Retried: true,
		}
	default:
		return &inventory.Refusal{
			Status: http.StatusTooManyRequests, Message: fmt.Sprintf("request path %q: rate limit quota exceeded", e.vaultPath()),
		}
	}
}

func (e *external) quota() error {
	refusals := map[string]*inventory.Refusal{
		cloud.Instance:              {Code: "InstanceQuotaExceeded", Message: "DB Instance quota exceeded", Modelled: true},
		cloud.Cluster:               {Code: "DBClusterQuotaExceededFault", Message: "DB Cluster quota exceeded", Modelled: true},
		cloud.ClusterInstance:       {Code: "InstanceQuotaExceeded", Message: "DB Instance quota exceeded", Modelled: true},
		cloud.SubnetGroup:           {Code: "DBSubnetGroupQuotaExceeded", Message: "DB Subnet Group quota exceeded", Modelled: true},
		cloud.ParameterGroup:        {Code: "DBParameterGroupQuotaExceeded", Message: "DB Parameter Group quota exceeded", Modelled: true},
		cloud.ClusterParameterGroup: {Code: "DBParameterGroupQuotaExceeded", Message: "DB Parameter Group quota exceeded", Modelled: true},
		cloud.RolePolicy: {
			Code: "LimitExceeded", Message: "Maximum policy size of 10240 bytes exceeded for role " + e.role(), Modelled: true},
		cloud.VPC: {Code: "VpcLimitExceeded", Message: "The maximum number of VPCs has been reached."},
		cloud.EIP: {Code: "AddressLimitExceeded", Message: "The maximum number of addresses has been reached."},
		cloud.NATGateway: {
			Code: "NatGatewayLimitExceeded", Message: "The maximum number of NAT gateways has been reached for this Availability Zone."},
		cloud.Role: {Code: "LimitExceeded", Message: "Cannot exceed quota for RolesPerAccount: 1000", Modelled: true},
		cloud.SecurityGroup: {
			Code: "SecurityGroupLimitExceeded", Message: "The maximum number of security groups for this account has been reached."},
		cloud.SecurityGroupIngressRule: {
			Code: "RulesPerSecurityGroupLimitExceeded", Message: "The maximum number of rules per security group has been reached."},
	}
	if r := refusals[e.target.Kind]; r != nil {
		r.Status = http.StatusBadRequest
		return r
	}
	return e.throttled()
}

func (e *external) denied(verb string) error {
	w := wordsFor(e.target.Kind)
	if w.service == "" {
		return &inventory.Refusal{Status: http.StatusForbidden, Message: "1 error occurred:\n\t* permission denied"}
	}
	service := strings.ToLower(w.service)
	action := service + ":" + w.operations[verb]
	user := "arn:aws:sts::" + cloud.Account + ":assumed-role/crossplane-provider/simulator"
	resource := map[string]string{
		cloud.Cluster: "cluster:", cloud.ClusterInstance: "db:", cloud.ClusterParameterGroup: "cluster-pg:",
		cloud.Instance: "db:", cloud.SubnetGroup: "subgrp:", cloud.ParameterGroup: "pg:", cloud.SecurityGroup: "security-group/*",
		cloud.SecurityGroupIngressRule: "security-group/",
	}[e.target.Kind]
	if e.target.Kind == cloud.RolePolicy {
		return &inventory.Refusal{Status: http.StatusForbidden, Code: "AccessDenied", Message: fmt.Sprintf(
			"User: %s is not authorized to perform: %s on resource: role %s because no identity-based policy allows the %s action",
			user, action, e.role(), action)}
	}
	if !strings.HasSuffix(resource, "*") {
		resource += e.name()
	}
	sentence := fmt.Sprintf("User: %s is not authorized to perform: %s on resource: arn:aws:%s:%s:%s:%s "+
		"because no identity-based policy allows the %s action", user, action, service, e.target.Region, cloud.Account, resource, action)
	if w.service == "EC2" {
		return &inventory.Refusal{
			Status: http.StatusForbidden, Code: "UnauthorizedOperation", Message: "You are not authorized to perform this operation. " + sentence,
		}
	}
	return &inventory.Refusal{Status: http.StatusForbidden, Code: "AccessDenied", Message: sentence}
}

// role of a role policy.
func (e *external) role() string { return plain(e.wanted["role"]) }

func (e *external) noVersion() error {
	return &inventory.Refusal{
		Status: http.StatusBadRequest, Code: "InvalidParameterCombination",
		Message: fmt.Sprintf("Cannot find version %v for %v", e.wanted["engineVersion"], e.wanted["engine"]),
	}
}

func (e *external) taken() error {
	group := &inventory.Refusal{
		Code: "DBParameterGroupAlreadyExists", Message: "Parameter group " + e.name() + " already exists", Modelled: true,
	}
	refusals := map[string]*inventory.Refusal{
		cloud.Instance:        {Code: "DBInstanceAlreadyExists", Message: "DB instance already exists", Modelled: true},
		cloud.Cluster:         {Code: "DBClusterAlreadyExistsFault", Message: "DB Cluster already exists", Modelled: true},
		cloud.ClusterInstance: {Code: "DBInstanceAlreadyExists", Message: "DB instance already exists", Modelled: true},
		cloud.SubnetGroup: {
			Code: "DBSubnetGroupAlreadyExists", Message: "The DB subnet group '" + e.name() + "' already exists.", Modelled: true},
		cloud.ParameterGroup:        group,
		cloud.ClusterParameterGroup: group,
		cloud.SecurityGroup:         {Code: "InvalidGroup.Duplicate", Message: "The security group '" + e.name() + "' already exists"},
		cloud.SecurityGroupIngressRule: {
			Code: "InvalidPermission.Duplicate", Message: "the specified rule \"peer: " + e.name() + "\" already exists"},
	}
	if r := refusals[e.target.Kind]; r != nil {
		r.Status = http.StatusBadRequest
		return r
	}
	if service := wordsFor(e.target.Kind).service; service != "" {
		return &inventory.Refusal{
			Status: http.StatusBadRequest, Code: "AlreadyExistsException", Modelled: true,
			Message: "A resource named " + e.name() + " already exists",
		}
	}
	return &inventory.Refusal{Status: http.StatusBadRequest, Message: "path is already in use at " + e.vaultPath()}
}

// drifted is what somebody changes in the cloud: the field of the fault's argument, or one that the kind is known for.
func drifted(kind, field string) func(map[string]any) map[string]any {
	if field == "" {
		field = map[string]string{
			cloud.Instance: "publiclyAccessible", cloud.Policy: "policy", cloud.DatabaseRole: "maxTtl", cloud.AuthRole: "tokenTtl",
		}[kind]
	}
	return func(parameters map[string]any) map[string]any {
		if field == "" || parameters[field] == nil {
			return drift(parameters, "tags", "allowedRoles", "subnetIds", "customMetadata", "dbName")
		}
		return drift(parameters, field)
	}
}

// drift changes the first field that is there.
func drift(parameters map[string]any, fields ...string) map[string]any {
	for _, field := range fields {
		switch was := parameters[field].(type) {
		case bool:
			return map[string]any{field: !was}
		case float64:
			return map[string]any{field: was + 1}
		case string:
			return map[string]any{field: was + "-by-hand"}
		case []any:
			return map[string]any{field: []any{}}
		case map[string]any:
			return map[string]any{field: map[string]any{"changed-by": "hand"}}
		}
	}
	return nil
}
