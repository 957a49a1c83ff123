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
			codes: []string{
				"InsufficientDBInstanceCapacity", "InsufficientDBClusterCapacity", "InsufficientStorageClusterCapacity",
				"ProvisionedIopsNotAvailableInAZ",
			},
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

// rdsOptions are parameters, windows, authentication and restoring.
func rdsOptions() []entry {
	return []entry{
		{
			says:   []string{"Could not find parameter with name"},
			reason: conditions.ValueRefused, means: "There is no such parameter in this version of the engine", who: Developer,
			remedy: "take it out of spec.parameters",
		},
		{
			codes: []string{"InvalidParameterValue"}, says: []string{"allowed values are"},
			reason: conditions.ValueRefused, means: "The engine does not take this value of a parameter", who: Developer,
			remedy: "correct it in spec.parameters",
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
		{
			codes: []string{
				"DBSnapshotNotFound", "DBClusterSnapshotNotFound", "DBInstanceAutomatedBackupNotFound", "DBClusterAutomatedBackupNotFound",
			},
			reason: conditions.DependencyNotFound, means: "There is no such snapshot or backup in this account and region", who: Developer,
			remedy: "create the object anew, with a spec.restoreFrom that is there",
		},
		{
			codes:  []string{"PointInTimeRestoreNotEnabled", "InvalidRestore"},
			reason: conditions.ValueRefused, means: "The source cannot be restored to this point in time", who: Developer,
			remedy: "create the object anew, with a spec.restoreFrom.time within the backups of the source",
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
			remedy: "add a subnet in another zone to the Environment",
		},
		{
			codes:  []string{"InvalidSubnet", "InvalidVPCNetworkState", "DBSubnetGroupNotAllowed"},
			reason: conditions.ValueRefused, means: "The database subnets of the Environment do not exist, or not in one network", who: PlatformTeam,
			remedy: "correct them in the Environment",
		},
		{
			codes:  []string{"InsufficientAvailableIPsInSubnet"},
			reason: conditions.CapacityExhausted, means: "The database subnets of the Environment have no address free", who: PlatformTeam,
			remedy: "free some addresses, or to add a subnet to the Environment",
		},
		{
			codes:  []string{"KMSKeyNotAccessible"},
			reason: conditions.PermissionDenied, means: "The encryption key cannot be used", who: PlatformTeam,
			remedy: "check that the key of the Environment exists and is enabled, and that its policy admits the role of the provider",
		},
		{
			codes:  []string{"AuthorizationNotFound"},
			reason: conditions.DependencyNotFound, means: "A security group that is named does not exist or may not be used", who: PlatformTeam,
			remedy: "correct the security groups of the Environment",
		},
	}
}

// rdsSizes are versions, classes and storage. The sentences: https://github.com/elastic/beats/issues/38473 (class),
// https://github.com/sidpalas/devops-directive-terraform-course/issues/8 (version),
// https://github.com/terraform-aws-modules/terraform-aws-rds/issues/627 (upgrade),
// https://github.com/hashicorp/terraform-provider-aws/issues/13389 (major upgrade),
// https://github.com/ministryofjustice/cloud-platform-environments/pull/24410 and
// https://github.com/hashicorp/terraform-provider-aws/issues/28589 (storage).
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
			codes: []string{"InvalidParameterCombination"}, says: []string{"Cannot upgrade "},
			reason: conditions.VersionUnsupported, means: "RDS does not upgrade from the version that runs to this one", who: Developer,
			remedy: "set spec.version to one in between, or to the one that runs",
		},
		{
			says:   []string{"AllowMajorVersionUpgrade flag must be present"},
			reason: conditions.ChangeRefused, means: "This is a major upgrade, which was not asked for", who: PlatformTeam,
			remedy: "report this as a defect",
		},
		{
			says: []string{
				"Invalid storage size for engine", "You can't specify IOPS or storage throughput for engine",
				"Max storage size must be greater than storage size",
			},
			reason: conditions.ValueRefused, means: "RDS does not take this size of the storage", who: Developer,
			remedy: "set spec.storageGiB to another size",
		},
		{
			says:   []string{"increased by at least 10", "at least 10 percent", "at least 10%"},
			reason: conditions.ValueRefused, means: "Storage grows by at least ten per cent at a time", who: Developer,
			remedy: "set spec.storageGiB to at least ten per cent more",
		},
		{
			codes:  []string{"StorageTypeNotSupported", "StorageTypeNotAvailable"},
			reason: conditions.ValueRefused, means: "This region or size does not offer this kind of storage", who: PlatformTeam,
			remedy: "correct the catalog; until then another spec.size helps",
		},
	}
}
