package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// What RDS refuses about databases.

// canCopy says whether there is something to make the copy of, or the instance of the cluster.
func (c *Cloud) canCopy(t Target, parameters map[string]any) error {
	origin := cloud.OriginOf(t.Kind, parameters)
	switch {
	case origin.Kind == "":
		return nil
	case origin.Kind == cloud.Snapshot:
		return c.canRestore(t, origin)
	case t.Kind == cloud.ClusterInstance:
		return c.canJoin(t, origin, parameters)
	}
	source := c.named(origin.Kind, t.Region, origin.Name)
	if source == nil && origin.Kind == cloud.Cluster {
		return noCluster(origin.Name)
	}
	if source == nil {
		return absent("DBInstanceNotFound", "The source instance could not be found: "+origin.Name)
	}
	if cloud.Whole(source.Parameters["backupRetentionPeriod"]) < 1 {
		if !origin.Follows {
			return modelled("PointInTimeRestoreNotEnabled", "Point In Time Restore is not enabled for this instance")
		}
		return modelled("InvalidDBInstanceState", "Automated backups are not enabled for this database instance. "+
			"To enable automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value.")
	}
	if origin.Follows && (source.Status == Creating || source.Status == Deleting) {
		return modelled("InvalidDBInstanceState", "Database instance is not in available state.")
	}
	if origin.Follows && text(parameters, "dbSubnetGroupName") != "" {
		return modelled("DBSubnetGroupNotAllowedFault", "DbSubnetGroupName should not be specified for read replicas that are created in "+
			"the same region as the master")
	}
	return nil
}

func (c *Cloud) canRestore(t Target, origin cloud.Origin) error {
	there := slices.ContainsFunc(c.snapshots, func(s api.Snapshot) bool {
		return s.Identifier == origin.Name && s.Region == t.Region && (t.Kind == cloud.Cluster) == (s.Cluster != "")
	})
	switch {
	case there:
		return nil
	case t.Kind == cloud.Cluster:
		return absent("DBClusterSnapshotNotFoundFault", "DBClusterSnapshot not found: "+origin.Name)
	default:
		return absent("DBSnapshotNotFound", "DBSnapshot not found: "+origin.Name)
	}
}

func (c *Cloud) canJoin(t Target, origin cloud.Origin, parameters map[string]any) error {
	cluster := c.named(cloud.Cluster, t.Region, origin.Name)
	if cluster == nil || cluster.Status == Deleting {
		return noCluster(origin.Name)
	}
	if engine, its := text(parameters, "engine"), text(cluster.Parameters, "engine"); engine != its {
		return invalidCombination(fmt.Sprintf("The engine name requested for your DB instance (%s) doesn't match the engine name of your "+
			"DB cluster (%s).", engine, its))
	}
	return nil
}

func (c *Cloud) canCreateDatabase(t Target, parameters map[string]any, values Values) error {
	if err := c.nameFree(t, parameters); err != nil {
		return err
	}
	if group := text(parameters, "dbSubnetGroupName"); group != "" && group != cloud.DefaultSubnetGroup &&
		c.find(cloud.SubnetGroup, t.Region, group) == nil {
		return noSubnetGroup(group)
	}
	password := map[string]string{cloud.Instance: "passwordSecretRef", cloud.Cluster: "masterPasswordSecretRef"}[t.Kind]
	if copied := cloud.OriginOf(t.Kind, parameters).Kind != ""; password != "" && values[password] == "" && !copied {
		return badRequest("InvalidParameterValue", "The parameter MasterUserPassword must be provided and must not be blank.")
	}
	if storage := cloud.Whole(parameters["allocatedStorage"]); t.Kind == cloud.Instance && storage < 20 {
		return badRequest("InvalidParameterValue", fmt.Sprintf("Invalid storage size for engine name %s and storage type %s: %d",
			text(parameters, "engine"), text(parameters, "storageType"), storage))
	}
	if state := c.stateOf(cloud.OriginOf(t.Kind, parameters), t.Region); state != nil && t.Kind != cloud.ClusterInstance {
		if err := canUpgrade(parameters, text(state, "engineVersionActual")); err != nil {
			return err
		}
	}
	return c.fits(t.Kind, t.Region, parameters)
}

// nameFree says whether the name of a database is free: instances share one space of names, and clusters have another.
func (c *Cloud) nameFree(t Target, parameters map[string]any) error {
	for _, e := range c.entries {
		if e.Region != t.Region || e.Name != nameOf(t, parameters) {
			continue
		}
		if e.Kind == cloud.Cluster && t.Kind == cloud.Cluster {
			return modelled("DBClusterAlreadyExistsFault", "DB Cluster already exists")
		}
		if (e.Kind == cloud.Instance || e.Kind == cloud.ClusterInstance) && t.Kind != cloud.Cluster {
			return modelled("DBInstanceAlreadyExists", "DB instance already exists")
		}
	}
	return nil
}

// groupKind is the kind of the parameter groups of a kind of databases.
func groupKind(database string) string {
	if database == cloud.Cluster {
		return cloud.ClusterParameterGroup
	}
	return cloud.ParameterGroup
}

// fits says whether a database gets along with the groups that it names.
func (c *Cloud) fits(kind, region string, parameters map[string]any) error {
	if name := text(parameters, cloud.GroupField(kind)); name != "" && !strings.HasPrefix(name, "default.") {
		group := c.find(groupKind(kind), region, name)
		if group == nil && kind == cloud.Cluster {
			return noClusterParameterGroup(name)
		}
		if group == nil {
			return noParameterGroup(name)
		}
		family, wanted := text(group.Parameters, "family"), familyOf(parameters)
		if family != wanted {
			return invalidCombination(fmt.Sprintf("The parameter group %s with DBParameterGroupFamily %s can't be used for this instance. "+
				"Use a parameter group with DBParameterGroupFamily %s.", name, family, wanted))
		}
	}
	for _, id := range Texts(parameters["vpcSecurityGroupIds"]) {
		if id != cloud.DefaultGroup(region) && c.find(cloud.SecurityGroup, region, id) == nil {
			return badRequest("InvalidParameterValue", "Invalid security group , groupId= "+id+", groupName=.")
		}
	}
	return nil
}

// familyOf is the parameter group family that a database needs.
func familyOf(parameters map[string]any) string {
	return cloud.Family(text(parameters, "engine"), text(parameters, "engineVersion"))
}

// canUpgrade says whether what runs one version can run the wanted one.
func canUpgrade(wanted map[string]any, version string) error {
	engine, is := text(wanted, "engine"), text(wanted, "engineVersion")
	switch {
	case is == "" || version == "" || cloud.Family(engine, is) == cloud.Family(engine, version):
		return nil
	case cloud.CompareVersions(is, version) < 0:
		return invalidCombination(fmt.Sprintf("Cannot upgrade %s from %s to %s", engine, version, is))
	case wanted["allowMajorVersionUpgrade"] != true:
		return invalidCombination("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
	default:
		return nil
	}
}

func (c *Cloud) canUpdate(e *Entry, changes map[string]any) error {
	if cloud.GroupField(e.Kind) == "" {
		return canWrite(e.Kind, merged(e.Parameters, changes))
	}
	wanted := merged(e.Parameters, changes)
	if size, has := cloud.Whole(wanted["allocatedStorage"]), cloud.Whole(e.Parameters["allocatedStorage"]); size < has {
		return invalidCombination(fmt.Sprintf("Invalid storage size for engine name %s and storage type %s: %d. "+
			"The allocated storage of a DB instance can't be reduced.", text(wanted, "engine"), text(wanted, "storageType"), size))
	}
	if err := canUpgrade(wanted, text(e.Parameters, "engineVersion")); err != nil {
		return err
	}
	if err := c.replicasFirst(e, wanted); err != nil {
		return err
	}
	return c.fits(e.Kind, e.Region, wanted)
}

// replicasFirst refuses the upgrade of an instance whose read replicas have to be upgraded before it.
func (c *Cloud) replicasFirst(e *Entry, wanted map[string]any) error {
	engine := text(wanted, "engine")
	if e.Kind != cloud.Instance || cloud.TakesReplicasAlong(engine) {
		return nil
	}
	var behind []string
	for _, replica := range c.followers(e.Kind, e.Region, e.Name) {
		if cloud.CompareVersions(text(replica.Reported, "engineVersionActual"), text(wanted, "engineVersion")) < 0 {
			behind = append(behind, replica.Name)
		}
	}
	if len(behind) == 0 {
		return nil
	}
	return invalidCombination("One or more of the DB Instance's read replicas need to be upgraded: " + strings.Join(behind, ", "))
}

func (c *Cloud) canDeleteDatabase(e *Entry) error {
	if e.DeletionProtection {
		return invalidCombination(fmt.Sprintf("Cannot delete protected %s, please disable deletion protection and try again.",
			map[string]string{cloud.Instance: "DB Instance", cloud.Cluster: "Cluster"}[e.Kind]))
	}
	if e.Kind == cloud.Cluster && len(c.members(e.Region, e.Name)) > 0 {
		return modelled("InvalidDBClusterStateFault", "Cluster cannot be deleted, it still contains DB instances in non-deleting state.")
	}
	if e.Parameters["skipFinalSnapshot"] == true {
		return nil
	}
	name := text(e.Parameters, "finalSnapshotIdentifier")
	if name == "" {
		return ErrNoSnapshotName
	}
	if text(e.Parameters, "replicateSourceDb") != "" {
		return invalidCombination("FinalDBSnapshotIdentifier can not be specified when deleting a replica instance")
	}
	for _, s := range c.snapshots {
		if s.Identifier != name || s.Region != e.Region || (s.Cluster != "") != (e.Kind == cloud.Cluster) {
			continue
		}
		if e.Kind == cloud.Cluster {
			return modelled("DBClusterSnapshotAlreadyExistsFault",
				"Cannot create the cluster snapshot because one with the identifier "+name+" already exists.")
		}
		return modelled("DBSnapshotAlreadyExists",
			"Cannot create the snapshot because a snapshot with the identifier "+name+" already exists.")
	}
	return nil
}

// ErrNoSnapshotName is what the provider says by itself, without a call.
var ErrNoSnapshotName = fmt.Errorf("final_snapshot_identifier is required when skip_final_snapshot is false")

func (c *Cloud) takeFinalSnapshot(e *Entry) {
	if e.Parameters["skipFinalSnapshot"] == true {
		return
	}
	s := api.Snapshot{
		Identifier: text(e.Parameters, "finalSnapshotIdentifier"), Region: e.Region, Instance: e.Name, Engine: text(e.Reported, "engine"),
		EngineVersion: text(e.Reported, "engineVersionActual"), Username: text(e.Reported, "username"), Database: text(e.Reported, "dbName"),
		AllocatedStorage: cloud.Whole(e.Reported["allocatedStorage"]), Taken: c.last,
		Encrypted: e.Parameters["storageEncrypted"] == true,
	}
	if s.Encrypted {
		s.KMSKey = text(e.Parameters, "kmsKeyId")
	}
	if e.Kind == cloud.Cluster {
		s.Instance, s.Cluster = "", e.Name
		s.Username, s.Database = text(e.Reported, "masterUsername"), text(e.Reported, "databaseName")
	}
	c.snapshots = append(c.snapshots, s)
}

// promote makes the read replicas of an instance that goes instances of their own.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
func (c *Cloud) promote(e *Entry) {
	if e.Kind != cloud.Instance {
		return
	}
	for _, replica := range c.followers(e.Kind, e.Region, e.Name) {
		replica.Parameters = merged(replica.Parameters, nil)
		delete(replica.Parameters, "replicateSourceDb")
	}
}
