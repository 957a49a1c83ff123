package inventory

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// What the cloud refuses. Words and codes are those of the real APIs.

func (c *Cloud) canCreate(t Target, parameters map[string]any, values Values) error {
	switch t.Kind {
	case cloud.Instance, cloud.Cluster, cloud.ClusterInstance:
		return c.canCreateDatabase(t, parameters, values)
	case cloud.SecurityGroupIngressRule, cloud.SecurityGroupEgressRule:
		if group := text(parameters, "securityGroupId"); c.find(cloud.SecurityGroup, t.Region, group) == nil {
			return noSecurityGroup(group)
		}
	case cloud.SecurityGroup:
		return c.canCreateSecurityGroup(t, parameters)
	case cloud.SubnetGroup:
		if c.find(t.Kind, t.Region, t.Owner.Name) != nil {
			return modelled("DBSubnetGroupAlreadyExists", "The DB subnet group '"+t.Owner.Name+"' already exists.")
		}
	case cloud.ParameterGroup, cloud.ClusterParameterGroup:
		if c.find(t.Kind, t.Region, t.Owner.Name) != nil {
			return modelled("DBParameterGroupAlreadyExists", "Parameter group "+t.Owner.Name+" already exists")
		}
	case cloud.RolePolicy:
		if !json.Valid([]byte(text(parameters, "policy"))) {
			return modelled("MalformedPolicyDocument", "Syntax errors in policy.")
		}
	case cloud.DatabaseConnection:
		return c.canConnect(parameters, values)
	case cloud.KVSecret:
		if values["dataJsonSecretRef"] == "" {
			return vaultError("data_json syntax error: unexpected end of JSON input")
		}
	default:
		return c.canCreateLanding(t, parameters)
	}
	// Everything else in Vault is an upsert: what is there is overwritten. Vault writes a role even before its connection is
	// there, and misses that only when the role is used.
	return nil
}

func (c *Cloud) canCreateSecurityGroup(t Target, parameters map[string]any) error {
	for _, e := range c.entries {
		if e.Kind == t.Kind && e.Region == t.Region && e.Name == parameters["name"] && e.Parameters["vpcId"] == parameters["vpcId"] {
			return badRequest("InvalidGroup.Duplicate", fmt.Sprintf("The security group '%s' already exists for VPC '%s'",
				e.Name, text(parameters, "vpcId")))
		}
	}
	return nil
}

// canConnect is Vault's check of a connection before it is kept.
func (c *Cloud) canConnect(parameters map[string]any, values Values) error {
	if parameters["verifyConnection"] == false {
		return nil
	}
	for _, engine := range []string{"postgresql", "mysql"} {
		blocks, _ := parameters[engine].([]any)
		for _, block := range blocks {
			fields, _ := block.(map[string]any)
			if values[engine+".0.passwordSecretRef"] == "" {
				return vaultError("error creating database object: error verifying connection: password authentication failed for user \"" +
					text(fields, "username") + "\"")
			}
			if host := hostIn(text(fields, "connectionUrl")); !c.answers(host) {
				return vaultError("error creating database object: error verifying connection: dial tcp: lookup " + host + ": no such host")
			}
		}
	}
	return nil
}

// hostIn is the host in a connection URL of PostgreSQL (//user:password@host:port/database) or MySQL (user:password@tcp(host:port)/).
func hostIn(url string) string {
	_, rest, _ := strings.Cut(url, "@")
	rest = strings.TrimPrefix(rest, "tcp(")
	return rest[:max(0, strings.IndexAny(rest+":", ":)/"))]
}

func (c *Cloud) answers(host string) bool {
	if c.databasesElsewhere {
		return host != ""
	}
	for _, e := range c.entries {
		if e.Kind == cloud.Instance && e.Status != Creating && e.Reported["address"] == host {
			return true
		}
		// A cluster answers once one of its instances does.
		if e.Kind == cloud.Cluster && e.Reported["endpoint"] == host &&
			slices.ContainsFunc(c.members(e.Region, e.Name), func(member *Entry) bool { return member.Status != Creating }) {
			return true
		}
	}
	return false
}

func (c *Cloud) canDelete(t Target, e *Entry) error {
	switch {
	case e == nil:
		return notFound(t)
	case t.Kind == cloud.Instance || t.Kind == cloud.Cluster:
		return c.canDeleteDatabase(e)
	case t.Kind == cloud.Mount:
		return c.canUnmount(e)
	}
	if err := c.canDeleteLanding(e); err != nil {
		return err
	}
	for _, user := range c.entries {
		if user.Region != e.Region || cloud.GroupField(user.Kind) == "" {
			continue
		}
		switch {
		case t.Kind == cloud.SubnetGroup && user.Parameters["dbSubnetGroupName"] == e.ExternalName:
			return modelled("InvalidDBSubnetGroupStateFault", fmt.Sprintf(
				"Cannot delete the subnet group '%s' because at least one database instance: %s is still using it.", e.ExternalName, user.Name))
		case t.Kind == groupKind(user.Kind) && user.Parameters[cloud.GroupField(user.Kind)] == e.ExternalName:
			return modelled("InvalidDBParameterGroupState", fmt.Sprintf(
				"One or more database instances are still members of this parameter group %s, so the group cannot be deleted", e.ExternalName))
		case t.Kind == cloud.SecurityGroup && slices.Contains(Texts(user.Parameters["vpcSecurityGroupIds"]), e.ExternalName):
			return badRequest("DependencyViolation", "resource "+e.ExternalName+" has a dependent object")
		}
	}
	return nil
}

// aftermath is what goes along with the deletion of a resource.
func (c *Cloud) aftermath(e *Entry) {
	switch e.Kind {
	case cloud.Instance, cloud.Cluster:
		c.takeFinalSnapshot(e)
		c.promote(e)
	case cloud.ClusterInstance:
		// Another one takes the changes now.
		e.Reported = merged(e.Reported, map[string]any{"writer": false})
		c.reportRelatives(e)
	case cloud.Mount:
		c.unmount(e)
	case cloud.SecurityGroup:
		// Rules go with their group.
		for k, rule := range c.entries {
			rules := rule.Kind == cloud.SecurityGroupIngressRule || rule.Kind == cloud.SecurityGroupEgressRule
			if rules && rule.Parameters["securityGroupId"] == e.ExternalName {
				delete(c.entries, k)
			}
		}
	}
}

func (c *Cloud) find(kind, region, externalName string) *Entry {
	return c.entries[key{kind, region, externalName}]
}

func merged(parameters, changes map[string]any) map[string]any {
	out := make(map[string]any, len(parameters)+len(changes))
	for _, fields := range []map[string]any{parameters, changes} {
		for field, value := range fields {
			out[field] = value
		}
	}
	return out
}

func text(fields map[string]any, field string) string {
	s, _ := fields[field].(string)
	return s
}

// Texts are the texts in a list of a decoded document.
func Texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
