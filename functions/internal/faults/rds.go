package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// Codes of RDS: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html#API_CreateDBInstance_Errors,
// the same page of ModifyDBInstance, CreateDBCluster, RestoreDBInstanceFromDBSnapshot, RestoreDBInstanceToPointInTime and
// CreateDBInstanceReadReplica, and https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/service/rds/types.

// rdsLimits are quotas, names and capacity. Quotas: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html.
func rdsLimits() []entry {
	return []entry{
		{
			codes:  []string{"InstanceQuotaExceeded"},
			reason: conditions.QuotaExceeded, means: "The account has as many database instances as it may have in this region",
			who: PlatformTeam, remedy: `raise the RDS quota "DB instances", or to delete some`,
		},
		{
			codes:  []string{"DBClusterQuotaExceeded"},
			reason: conditions.QuotaExceeded, means: "The account has as many database clusters as it may have in this region",
			who: PlatformTeam, remedy: `raise the RDS quota "DB clusters", or to delete some`,
		},
		{
			codes:  []string{"StorageQuotaExceeded"},
			reason: conditions.QuotaExceeded, means: "The databases of the account have as much storage as they may have in this region",
			who: PlatformTeam, remedy: `raise the RDS quota "Total storage for all DB instances"`,
		},
		{
			codes:  []string{"SnapshotQuotaExceeded"},
			reason: conditions.QuotaExceeded, means: "The account has as many snapshots as it may have in this region", who: PlatformTeam,
			remedy: "raise the RDS quota of manual snapshots, or to delete old ones",
		},
		{
			codes: []string{
				"DBParameterGroupQuotaExceeded", "DBSubnetGroupQuotaExceeded", "DBSubnetQuotaExceeded", "OptionGroupQuotaExceeded",
			},
			reason: conditions.QuotaExceeded, means: "The account has as many of these groups as it may have in this region",
			who: PlatformTeam, remedy: "raise this quota of RDS, or to delete some",
		},
		{
			codes:  []string{"InsufficientDBInstanceCapacity", "InsufficientDBClusterCapacity", "InsufficientStorageClusterCapacity"},
			reason: conditions.CapacityExhausted, means: "AWS has no machine of this size free in these zones", who: Nobody,
			remedy: retried + ", and another spec.size may be free sooner",
		},
		{
			codes: []string{
				"DBInstanceAlreadyExists", "DBClusterAlreadyExists", "DBSubnetGroupAlreadyExists", "DBParameterGroupAlreadyExists",
				"OptionGroupAlreadyExists",
			},
			reason: conditions.NameTaken, means: "The account has one of this name that this object did not create", who: PlatformTeam,
			remedy: "find out whose it is, and to rename or delete it",
		},
		{
			codes:  []string{"DBSnapshotAlreadyExists", "DBClusterSnapshotAlreadyExists"},
			reason: conditions.NameTaken, means: "There is a snapshot with the name of the final snapshot", who: PlatformTeam,
			remedy: "keep it under another name, as a copy, and to delete it",
		},
	}
}

// rdsOptions are parameters, option groups, windows and authentication. Parameters of the claim stand beside those of the catalog, which a
// developer can override and not remove. What RDS says of an option group of another major version is in no document of theirs, so any
// refusal that is about one counts: we compose none but the default one.
func rdsOptions() []entry {
	const inherited = "; if it is not in there, tell the platform team, which sets the others in the catalog"
	return []entry{
		{
			says:   []string{"Could not find parameter with name"},
			reason: conditions.ValueRefused, means: "There is no such parameter in this version of the engine", who: Developer,
			remedy: "take it out of spec.parameters" + inherited,
		},
		{
			codes: []string{"InvalidParameterValue"}, says: []string{"allowed values are"},
			reason: conditions.ValueRefused, means: "The engine does not take this value of a parameter", who: Developer,
			remedy: "correct it in spec.parameters" + inherited,
		},
		{
			codes:  []string{"InvalidParameterCombination", "InvalidParameterValue"},
			says:   []string{"option group", "Option group", "Option Group", "OptionGroup"},
			reason: conditions.ValueRefused, means: "The option group is not one for the version of the database", who: PlatformTeam,
			remedy: "report this as a defect, with the version that runs and the one in the spec",
		},
		{
			says:   []string{"You must explicitly specify a new DB instance parameter group"},
			reason: conditions.ValueRefused, means: "The upgrade does not name the parameter group of an instance", who: PlatformTeam,
			remedy: "report this as a defect",
		},
		{
			says:   []string{"cannot use immediate apply method for static parameter"},
			reason: conditions.ValueRefused, means: "The parameter takes effect with a restart only", who: PlatformTeam,
			remedy: "report this as a defect",
		},
		{
			says:   []string{"must not overlap", "windows overlap"},
			reason: conditions.ValueRefused, means: "The backup window and the maintenance window overlap", who: Developer,
			remedy: "change spec.backupWindow or spec.maintenanceWindow",
		},
		{
			says:   []string{"IAM Database Authentication is not supported"},
			reason: conditions.ValueRefused, means: "This engine, version or size has no IAM authentication", who: Developer,
			remedy: "set spec.iamAuthentication to false, or another spec.version",
		},
	}
}

// rdsGround is what a database stands on: the network and the key. The sentence about a key:
// https://github.com/awslabs/aurora-snapshot-tool/issues/25.
func rdsGround() []entry {
	return []entry{
		{
			codes:  []string{"DBSubnetGroupDoesNotCoverEnoughAZs"},
			reason: conditions.ValueRefused, means: "The database subnets of the Environment are in too few zones", who: PlatformTeam,
			remedy: "raise spec.zones of the Network, or to add a subnet to its spec.existing",
		},
		{
			codes:  []string{"InvalidSubnet", "InvalidVPCNetworkState", "DBSubnetGroupNotAllowed"},
			reason: conditions.ValueRefused, means: "The database subnets of the Environment do not exist, or not in one network", who: PlatformTeam,
			remedy: "correct spec.existing of the Network",
		},
		{
			codes:  []string{"InsufficientAvailableIPsInSubnet"},
			reason: conditions.CapacityExhausted, means: "The database subnets of the Environment have no address free", who: PlatformTeam,
			remedy: "free some addresses, or to raise spec.zones of the Network",
		},
		{
			codes: []string{"KMSKeyNotAccessible"}, not: []string{sourceKey},
			reason: conditions.PermissionDenied, means: "The encryption key cannot be used", who: PlatformTeam,
			remedy: "check that the key of the Environment exists and is enabled, and that its policy admits the role of the provider",
		},
		{
			codes:  []string{"AuthorizationNotFound"},
			reason: conditions.DependencyNotFound, means: "A security group that is named does not exist or may not be used", who: PlatformTeam,
			remedy: "find out who deleted it, or took it out of the network",
		},
	}
}

// rdsSizes are versions, classes and storage. Of the storage a claim says the size and nothing else: how fast it is, of which kind and how
// far it grows by itself is the catalog's and the function's. The sentences: https://github.com/elastic/beats/issues/38473 (class),
// https://github.com/sidpalas/devops-directive-terraform-course/issues/8 (version),
// https://github.com/terraform-aws-modules/terraform-aws-rds/issues/627 (upgrade),
// https://github.com/hashicorp/terraform-provider-aws/issues/13389 (major upgrade),
// https://github.com/hashicorp/terraform-provider-aws/issues/29361 (no path),
// https://github.com/ministryofjustice/cloud-platform-environments/pull/24410 and
// https://github.com/hashicorp/terraform-provider-aws/issues/28589 (storage),
// https://github.com/ministryofjustice/cloud-platform-user-guide/pull/1911 (less than the source of a restore),
// https://github.com/hashicorp/terraform-provider-aws/issues/9667, https://github.com/hashicorp/terraform-provider-aws/issues/26092 and
// https://github.com/ministryofjustice/cloud-platform-environments/pull/3966 (IOPS).
func rdsSizes() []entry {
	return []entry{
		{
			codes:  []string{"InvalidParameterCombination"},
			says:   []string{"RDS does not support creating a DB instance with the following combination"},
			reason: conditions.VersionUnsupported, means: "This region does not offer this size with this version", who: PlatformTeam,
			remedy: "correct the catalog; until then another spec.size or spec.version helps",
		},
		{
			says:   []string{"Cannot find version", "UnsupportedDBEngineVersion"},
			reason: conditions.VersionUnsupported, means: "RDS does not offer this version, or does no longer", who: PlatformTeam,
			remedy: "correct the catalog; until then another spec.version helps",
		},
		{
			codes:  []string{"InvalidParameterCombination"},
			says:   []string{"Cannot upgrade ", "Cannot find upgrade path from ", "Cannot find upgrade target from "},
			reason: conditions.VersionUnsupported, means: "RDS does not upgrade from the version that runs to this one", who: Developer,
			remedy: "set spec.version to one in between, or to the one that runs",
		},
		{
			says:   []string{"AllowMajorVersionUpgrade flag must be present"},
			reason: conditions.ChangeRefused, means: "This is a major upgrade, which was not asked for", who: PlatformTeam,
			remedy: "report this as a defect",
		},
		{
			says:   []string{"Invalid storage size for engine"},
			reason: conditions.ValueRefused, means: "RDS does not take this size of the storage", who: Developer,
			remedy: "set spec.storageGiB to another size; with spec.restoreFrom, to no less than the source has",
		},
		{
			says: []string{
				"You can't specify IOPS or storage throughput for engine", "Invalid iops ", "Invalid storage throughput ",
				"requires iops to be specified", "Specifying IOPs is not allowed",
			},
			reason: conditions.ValueRefused, means: "RDS does not take these IOPS or this throughput with this size of the storage",
			who: PlatformTeam, remedy: "report this as a defect, with the size that runs and the one in the spec",
		},
		{
			says:   []string{"Max storage size must be greater than storage size", "Invalid max storage size for engine"},
			reason: conditions.ValueRefused, means: "The storage cannot grow to where the catalog lets it", who: PlatformTeam,
			remedy: "raise maxStorageGiB of this size in the catalog",
		},
		{
			says:   []string{"increased by at least 10", "at least 10 percent", "at least 10%"},
			reason: conditions.ValueRefused, means: "Storage grows by at least ten per cent at a time", who: Developer,
			remedy: "set spec.storageGiB to at least ten per cent more",
		},
		{
			codes:  []string{"StorageTypeNotSupported", "StorageTypeNotAvailable", "ProvisionedIopsNotAvailableInAZ"},
			reason: conditions.ValueRefused, means: "This region or size does not offer this kind of storage", who: PlatformTeam,
			remedy: "correct the catalog; until then another spec.size helps",
		},
	}
}
