package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// What the cloud refuses. Words and codes are those of the real APIs.

func (c *Cloud) canCreate(t Target, parameters map[string]any, values Values) error {
	switch t.Kind {
	case "Instance":
		return c.canCreateInstance(t, parameters, values)
	case "SecurityGroupIngressRule":
		if group := text(parameters, "securityGroupId"); c.find("SecurityGroup", t.Region, group) == nil {
			return noSecurityGroup(group)
		}
	case "SecurityGroup":
		return c.canCreateSecurityGroup(t, parameters)
	case "SubnetGroup":
		if c.find(t.Kind, t.Region, t.Owner.Name) != nil {
			return modelled("DBSubnetGroupAlreadyExists", "The DB subnet group '"+t.Owner.Name+"' already exists.")
		}
	case "ParameterGroup":
		if c.find(t.Kind, t.Region, t.Owner.Name) != nil {
			return modelled("DBParameterGroupAlreadyExists", "Parameter group "+t.Owner.Name+" already exists")
		}
	case "SecretBackendConnection":
		return c.canConnect(parameters, values)
	case "SecretV2":
		if values["dataJsonSecretRef"] == "" {
			return vaultError("data_json syntax error: unexpected end of JSON input")
		}
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

func (c *Cloud) canCreateInstance(t Target, parameters map[string]any, values Values) error {
	for _, e := range c.entries {
		if e.Kind == t.Kind && e.Region == t.Region && e.Name == parameters["identifier"] {
			return modelled("DBInstanceAlreadyExists", "DB instance already exists")
		}
	}
	if group := text(parameters, "dbSubnetGroupName"); group != "" && c.find("SubnetGroup", t.Region, group) == nil {
		return noSubnetGroup(group)
	}
	if values["passwordSecretRef"] == "" {
		return badRequest("InvalidParameterValue", "The parameter MasterUserPassword must be provided and must not be blank.")
	}
	if storage := cloud.Whole(parameters["allocatedStorage"]); storage < 20 {
		return badRequest("InvalidParameterValue", fmt.Sprintf("Invalid storage size for engine name %s and storage type %s: %d",
			text(parameters, "engine"), text(parameters, "storageType"), storage))
	}
	return c.fits(t.Region, parameters)
}

// fits says whether an instance gets along with the groups that it names.
func (c *Cloud) fits(region string, parameters map[string]any) error {
	if name := text(parameters, "parameterGroupName"); name != "" && !strings.HasPrefix(name, "default.") {
		group := c.find("ParameterGroup", region, name)
		if group == nil {
			return noParameterGroup(name)
		}
		family, wanted := text(group.Parameters, "family"), familyOf(parameters)
		if family != wanted {
			return invalidCombination(fmt.Sprintf("The parameter group %s with DBParameterGroupFamily %s can't be used for this instance. "+
				"Use a parameter group with DBParameterGroupFamily %s.", name, family, wanted))
		}
	}
	for _, id := range texts(parameters["vpcSecurityGroupIds"]) {
		if c.find("SecurityGroup", region, id) == nil {
			return badRequest("InvalidParameterValue", "Invalid security group , groupId= "+id+", groupName=.")
		}
	}
	return nil
}

// familyOf is the parameter group family of an engine and its version, however exact that is.
func familyOf(parameters map[string]any) string {
	engine, version := text(parameters, "engine"), strings.Split(text(parameters, "engineVersion"), ".")
	if engine == "postgres" {
		return engine + version[0]
	}
	return engine + strings.Join(version[:min(2, len(version))], ".")
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
	for _, e := range c.entries {
		if e.Kind == "Instance" && e.Status != Creating && e.Reported["address"] == host {
			return true
		}
	}
	return false
}

func (c *Cloud) canUpdate(e *Entry, changes map[string]any) error {
	if e.Kind != "Instance" {
		return nil
	}
	wanted := merged(e.Parameters, changes)
	if size, has := cloud.Whole(wanted["allocatedStorage"]), cloud.Whole(e.Parameters["allocatedStorage"]); size < has {
		return invalidCombination(fmt.Sprintf("Invalid storage size for engine name %s and storage type %s: %d. "+
			"The allocated storage of a DB instance can't be reduced.", text(wanted, "engine"), text(wanted, "storageType"), size))
	}
	if familyOf(wanted) != familyOf(e.Parameters) && wanted["allowMajorVersionUpgrade"] != true {
		return invalidCombination("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
	}
	return c.fits(e.Region, wanted)
}

func (c *Cloud) canDelete(t Target, e *Entry) error {
	switch {
	case e == nil:
		return notFound(t)
	case t.Kind == "Instance":
		return c.canDeleteInstance(e)
	}
	for _, user := range c.entries {
		if user.Kind != "Instance" || user.Region != e.Region {
			continue
		}
		switch {
		case t.Kind == "SubnetGroup" && user.Parameters["dbSubnetGroupName"] == e.ExternalName:
			return modelled("InvalidDBSubnetGroupStateFault", fmt.Sprintf(
				"Cannot delete the subnet group '%s' because at least one database instance: %s is still using it.", e.ExternalName, user.Name))
		case t.Kind == "ParameterGroup" && user.Parameters["parameterGroupName"] == e.ExternalName:
			return modelled("InvalidDBParameterGroupState", fmt.Sprintf(
				"One or more database instances are still members of this parameter group %s, so the group cannot be deleted", e.ExternalName))
		case t.Kind == "SecurityGroup" && slices.Contains(texts(user.Parameters["vpcSecurityGroupIds"]), e.ExternalName):
			return badRequest("DependencyViolation", "resource "+e.ExternalName+" has a dependent object")
		}
	}
	return nil
}

func (c *Cloud) canDeleteInstance(e *Entry) error {
	if e.DeletionProtection {
		return invalidCombination("Cannot delete protected DB Instance, please disable deletion protection and try again.")
	}
	if e.Parameters["skipFinalSnapshot"] == true {
		return nil
	}
	name := text(e.Parameters, "finalSnapshotIdentifier")
	if name == "" {
		return ErrNoSnapshotName
	}
	for _, s := range c.snapshots {
		if s.Identifier == name && s.Region == e.Region {
			return modelled("DBSnapshotAlreadyExists",
				"Cannot create the snapshot because a snapshot with the identifier "+name+" already exists.")
		}
	}
	return nil
}

// ErrNoSnapshotName is what the provider says by itself, without a call.
var ErrNoSnapshotName = fmt.Errorf("final_snapshot_identifier is required when skip_final_snapshot is false")

// aftermath is what goes along with the deletion of a resource.
func (c *Cloud) aftermath(e *Entry) {
	switch e.Kind {
	case "Instance":
		if e.Parameters["skipFinalSnapshot"] != true {
			c.snapshots = append(c.snapshots, api.Snapshot{
				Identifier: text(e.Parameters, "finalSnapshotIdentifier"), Region: e.Region, Instance: e.Name, Engine: text(e.Parameters, "engine"),
				AllocatedStorage: cloud.Whole(e.Reported["allocatedStorage"]), Taken: c.last,
			})
		}
	case "SecurityGroup":
		// Rules go with their group.
		for k, rule := range c.entries {
			if rule.Kind == "SecurityGroupIngressRule" && rule.Parameters["securityGroupId"] == e.ExternalName {
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

func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
