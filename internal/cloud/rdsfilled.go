package cloud

import (
	"cmp"
	"strings"
)

// What RDS fills in where nobody said it. Fields that only some databases have are in the Silent tables, with the reason.

// Windows that RDS picks, and how long it keeps what Performance Insights sees, in days.
const (
	pickedBackup      = "04:10-04:40"
	pickedMaintenance = "sat:05:10-sat:05:40"
	insightsDays      = 7.0
	// pauseSeconds is after how long an Aurora cluster that may scale to nothing does so.
	pauseSeconds = 300.0
	// auroraStorage is what RDS reports for the storage of every Aurora cluster.
	auroraStorage = 1.0
	// extendedSupport is bought by whoever does not say otherwise.
	extendedSupport = "open-source-rds-extended-support"
)

// instanceDefaults: of what a copy inherits, all but the name of the database. Values as the provider late-initialised them:
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/rds/instance.go
func instanceDefaults(r Resource) map[string]any {
	region, engine := r.text("region"), r.copied("engine", "postgres")
	version := r.version(engine)
	f := map[string]any{
		"availabilityZone": region + "a", "backupTarget": "region", "backupWindow": pickedBackup, "caCertIdentifier": "rds-ca-rsa2048-g1",
		"databaseInsightsMode": "standard", "engineLifecycleSupport": extendedSupport, "iamDatabaseAuthenticationEnabled": false,
		"kmsKeyId": defaultKey(region), "licenseModel": license(engine), "maintenanceWindow": pickedMaintenance, "multiAz": false,
		"networkType": "IPV4", "optionGroupName": OptionGroup(engine, version), "parameterGroupName": "default." + Family(engine, version),
		"storageType": "gp2", "vpcSecurityGroupIds": []any{DefaultGroup(region)},
		// Terraform sends a zero where nothing is said.
		"backupRetentionPeriod": 0.0,
		"dbSubnetGroupName":     DefaultSubnetGroup, "engineVersion": version, "port": r.port(engine),
	}
	if group := stringIn("dbSubnetGroupName", r.Source); group != "" {
		f["dbSubnetGroupName"] = group
	}
	if origin := OriginOf(r.Kind, r.Parameters); origin.Kind != "" {
		f["storageType"] = cmp.Or(stringIn("storageType", r.Source), gp3)
	}
	if cmp.Or(r.text("storageType"), stringIn("storageType", f)) == gp3 {
		f["iops"], f["storageThroughput"] = baseline(engine, r.storage())
	}
	if r.flag("performanceInsightsEnabled") {
		f["performanceInsightsKmsKeyId"], f["performanceInsightsRetentionPeriod"] = f["kmsKeyId"], insightsDays
	}
	if r.flag("multiAz") {
		delete(f, "availabilityZone")
	}
	if OriginOf(r.Kind, r.Parameters).Kind == "" {
		return f
	}
	at := instance(r)
	for field, reported := range map[string]string{
		"engine": "engine", "engineVersion": "engineVersionActual", "username": "username", "allocatedStorage": "allocatedStorage",
		"port": "port",
	} {
		f[field] = at[reported]
	}
	if Whole(at["allocatedStorage"]) == 0 {
		// Nothing is known of the origin yet.
		delete(f, "allocatedStorage")
	}
	r.encrypted(f)
	return f
}

// encrypted is the key of a copy: that of its origin, whatever else is said. Nothing is done where nothing is known of it.
func (r Resource) encrypted(f map[string]any) {
	for _, field := range []string{"kmsKeyId", "storageEncrypted"} {
		if value, known := r.Source[field]; known {
			f[field] = value
		}
	}
}

// DefaultSubnetGroup and DefaultGroup are what an account has in its default VPC: a subnet group and a security group, in every region.
const DefaultSubnetGroup = "default"

// DefaultGroup is described at DefaultSubnetGroup.
func DefaultGroup(region string) string { return "sg-" + derived(region, "default") }

func defaultKey(region string) string {
	return "arn:aws:kms:" + region + ":" + Account + ":key/00000000-aws-rds-default"
}

func license(engine string) string {
	if engine == "postgres" {
		return "postgresql-license"
	}
	return "general-public-license"
}

// OptionGroup is the default one of an engine and its major version.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithOptionGroups.html
func OptionGroup(engine, version string) string {
	major := strings.TrimPrefix(Family(engine, version), engine)
	return "default:" + engine + "-" + strings.ReplaceAll(major, ".", "-")
}

func clusterDefaults(r Resource) map[string]any {
	region, engine := r.text("region"), r.text("engine")
	version := r.version(engine)
	f := map[string]any{
		"allocatedStorage": auroraStorage, "availabilityZones": []any{region + "a", region + "b", region + "c"},
		"backupRetentionPeriod": 1.0, "clusterScalabilityType": "standard", "databaseInsightsMode": "standard",
		"dbClusterParameterGroupName": "default." + Family(engine, version), "dbSubnetGroupName": DefaultSubnetGroup,
		"engineLifecycleSupport": extendedSupport, "engineMode": "provisioned", "engineVersion": version, "kmsKeyId": defaultKey(region),
		"monitoringInterval": 0.0, "networkType": "IPV4", "port": r.port(engine), "preferredBackupWindow": pickedBackup,
		"preferredMaintenanceWindow": pickedMaintenance, "storageEncrypted": false, "storageType": "",
		"vpcSecurityGroupIds": []any{DefaultGroup(region)},
	}
	if capacity, _ := r.Parameters["serverlessv2ScalingConfiguration"].(map[string]any); capacity != nil && isZero(capacity["minCapacity"]) {
		f["serverlessv2ScalingConfiguration"] = map[string]any{"secondsUntilAutoPause": pauseSeconds}
	}
	if OriginOf(r.Kind, r.Parameters).Kind != "" {
		at := cluster(r)
		for _, field := range Inherited(r.Kind) {
			f[field] = at[field]
		}
		r.encrypted(f)
	}
	// The provider initialises the members as well. From then on it would take every other instance for a change.
	if members := r.members(); len(members) > 0 {
		f["clusterMembers"] = members
	}
	return f
}

func clusterInstanceDefaults(r Resource) map[string]any {
	region := r.text("region")
	f := map[string]any{
		"availabilityZone": region + "a", "caCertIdentifier": "rds-ca-rsa2048-g1", "dbSubnetGroupName": DefaultSubnetGroup,
		"preferredMaintenanceWindow": pickedMaintenance, "performanceInsightsEnabled": false, "publiclyAccessible": false,
	}
	if group := stringIn("dbSubnetGroupName", r.Source); group != "" {
		f["dbSubnetGroupName"] = group
	}
	if r.flag("performanceInsightsEnabled") {
		f["performanceInsightsKmsKeyId"], f["performanceInsightsRetentionPeriod"] = defaultKey(region), insightsDays
	}
	return f
}
