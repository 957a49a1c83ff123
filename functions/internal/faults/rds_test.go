package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// rdsSamples are quotas, names, capacity and values.
func rdsSamples() map[string]sample {
	return map[string]sample{
		"instances": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, InstanceQuotaExceeded: DB Instance quota exceeded  []}]",
			conditions.QuotaExceeded, PlatformTeam,
			`InstanceQuotaExceeded: DB Instance quota exceeded. The account has as many database instances as it may have in this region. The platform team has to raise the RDS quota "DB instances", or to delete some`,
		},
		"clusters": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS Cluster (orders): operation error RDS: CreateDBCluster, https response error StatusCode: 403, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DBClusterQuotaExceededFault: DB cluster quota exceeded  []}]",
			conditions.QuotaExceeded, PlatformTeam,
			`DBClusterQuotaExceededFault: DB cluster quota exceeded. The account has as many database clusters as it may have in this region. The platform team has to raise the RDS quota "DB clusters", or to delete some`,
		},
		"storage": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, StorageQuotaExceeded: The request would result in exceeding the allowed amount of storage available across all DB instances.  []}]",
			conditions.QuotaExceeded, PlatformTeam,
			`StorageQuotaExceeded: The request would result in exceeding the allowed amount of storage available across all DB instances. The databases of the account have as much storage as they may have in this region. The platform team has to raise the RDS quota "Total storage for all DB instances"`,
		},
		"snapshots": {
			"async delete failed: failed to delete the resource: [{0 deleting RDS DB Instance (orders-db): operation error RDS: DeleteDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, SnapshotQuotaExceeded: Cannot create more than 100 manual snapshots  []}]",
			conditions.QuotaExceeded, PlatformTeam,
			"SnapshotQuotaExceeded: Cannot create more than 100 manual snapshots. The account has as many snapshots as it may have in this region. The platform team has to raise the RDS quota of manual snapshots, or to delete old ones",
		},
		"parameter groups": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Parameter Group (orders-group): operation error RDS: CreateDBParameterGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DBParameterGroupQuotaExceeded: DB Parameter Group quota exceeded  []}]",
			conditions.QuotaExceeded, PlatformTeam,
			"DBParameterGroupQuotaExceeded: DB Parameter Group quota exceeded. The account has as many of these groups as it may have in this region. The platform team has to raise this quota of RDS, or to delete some",
		},
		"subnet groups": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Subnet Group (orders-group): operation error RDS: CreateDBSubnetGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DBSubnetGroupQuotaExceeded: DB Subnet Group quota exceeded  []}]",
			conditions.QuotaExceeded, PlatformTeam,
			"DBSubnetGroupQuotaExceeded: DB Subnet Group quota exceeded. The account has as many of these groups as it may have in this region. The platform team has to raise this quota of RDS, or to delete some",
		},
		"no machine free": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, InsufficientDBInstanceCapacity: We currently do not have sufficient db.r7g.large capacity in the Availability Zone you requested (eu-west-1a).  []}]",
			conditions.CapacityExhausted, Nobody,
			"InsufficientDBInstanceCapacity: We currently do not have sufficient db.r7g.large capacity in the Availability Zone you requested (eu-west-1a). AWS has no machine of this size free in these zones: it is tried again, and another spec.size may be free sooner; nothing to do",
		},
		"no machine free for a cluster": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS Cluster (orders): operation error RDS: CreateDBCluster, https response error StatusCode: 403, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, InsufficientDBClusterCapacityFault: The DB cluster doesn't have enough capacity for the current operation.  []}]",
			conditions.CapacityExhausted, Nobody,
			"InsufficientDBClusterCapacityFault: The DB cluster doesn't have enough capacity for the current operation. AWS has no machine of this size free in these zones: it is tried again, and another spec.size may be free sooner; nothing to do",
		},
		"an instance has the name": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DBInstanceAlreadyExists: DB instance already exists  []}]",
			conditions.NameTaken, PlatformTeam,
			"DBInstanceAlreadyExists: DB instance already exists. The account has one of this name that this object did not create. The platform team has to find out whose it is, and to rename or delete it",
		},
		"version 1 of the SDK": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (restore to point-in-time) (orders-db): DBInstanceAlreadyExists: DB instance already exists\n\tstatus code: 400, request id: 5edaec05-73f3-4a22-8a3a-cf6ebe39610d  []}]",
			conditions.NameTaken, PlatformTeam,
			"creating RDS DB Instance (restore to point-in-time) (orders-db): DBInstanceAlreadyExists: DB instance already exists. The account has one of this name that this object did not create. The platform team has to find out whose it is, and to rename or delete it",
		},
		"a cluster has the name": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS Cluster (orders): operation error RDS: CreateDBCluster, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DBClusterAlreadyExistsFault: DB Cluster already exists  []}]",
			conditions.NameTaken, PlatformTeam,
			"DBClusterAlreadyExistsFault: DB Cluster already exists. The account has one of this name that this object did not create. The platform team has to find out whose it is, and to rename or delete it",
		},
		"the final snapshot has been taken before": {
			"async delete failed: failed to delete the resource: [{0 deleting RDS DB Instance (orders-db): operation error RDS: DeleteDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DBSnapshotAlreadyExists: Cannot create the snapshot because a snapshot with the identifier orders-final-1a2b3c already exists.  []}]",
			conditions.NameTaken, PlatformTeam,
			"DBSnapshotAlreadyExists: Cannot create the snapshot because a snapshot with the identifier orders-final-1a2b3c already exists. There is a snapshot with the name of the final snapshot. The platform team has to keep it under another name, as a copy, and to delete it",
		},
		"a size that is not offered": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: RDS does not support creating a DB instance with the following combination: DBInstanceClass=db.t2.micro, Engine=mysql, EngineVersion=8.0.35, LicenseModel=general-public-license. For supported combinations of instance class and database engine version, see the documentation.  []}]",
			conditions.VersionUnsupported, PlatformTeam,
			"InvalidParameterCombination: RDS does not support creating a DB instance with the following combination: DBInstanceClass=db.t2.micro, Engine=mysql, EngineVersion=8.0.35, LicenseModel=general-public-license. This region does not offer this size with this version. The platform team has to correct the catalog; until then another spec.size or spec.version helps",
		},
		"a version that is not offered": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: Cannot find version 99 for postgres  []}]",
			conditions.VersionUnsupported, PlatformTeam,
			"InvalidParameterCombination: Cannot find version 99 for postgres. RDS does not offer this version, or does no longer. The platform team has to correct the catalog; until then another spec.version helps",
		},
		"an upgrade that is not offered": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: Cannot upgrade postgres from 16.13 to 17.6  []}]",
			conditions.VersionUnsupported, Developer,
			"InvalidParameterCombination: Cannot upgrade postgres from 16.13 to 17.6. RDS does not upgrade from the version that runs to this one. You have to set spec.version to one in between, or to the one that runs",
		},
		"a major upgrade without consent": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.  []}]",
			conditions.ChangeRefused, PlatformTeam,
			"InvalidParameterCombination: The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version. This is a major upgrade, which was not asked for. The platform team has to report this as a defect",
		},
		"too little storage": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterValue: Invalid storage size for engine name postgres and storage type gp3: 10  []}]",
			conditions.ValueRefused, Developer,
			"InvalidParameterValue: Invalid storage size for engine name postgres and storage type gp3: 10. RDS does not take this size of the storage. You have to set spec.storageGiB to another size; with spec.restoreFrom, to no less than the source has",
		},
		"storage grows too little": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: The maximum allocated storage must be increased by at least 10 percent.  []}]",
			conditions.ValueRefused, Developer,
			"InvalidParameterCombination: The maximum allocated storage must be increased by at least 10 percent. Storage grows by at least ten per cent at a time. You have to set spec.storageGiB to at least ten per cent more",
		},
		"a kind of storage that is not offered": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, StorageTypeNotSupported: The specified StorageType can't be associated with the DB instance.  []}]",
			conditions.ValueRefused, PlatformTeam,
			"StorageTypeNotSupported: The specified StorageType can't be associated with the DB instance. This region or size does not offer this kind of storage. The platform team has to correct the catalog; until then another spec.size helps",
		},
		"a parameter that there is not": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Parameter Group (orders-group): operation error RDS: ModifyDBParameterGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterValue: Could not find parameter with name: max_conections  []}]",
			conditions.ValueRefused, Developer,
			"InvalidParameterValue: Could not find parameter with name: max_conections. There is no such parameter in this version of the engine. You have to take it out of spec.parameters; if it is not in there, tell the platform team, which sets the others in the catalog",
		},
		"a parameter out of range": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Parameter Group (orders-group): operation error RDS: ModifyDBParameterGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterValue: Invalid parameter value: 1 for: max_connections allowed values are: 6-8388607  []}]",
			conditions.ValueRefused, Developer,
			"InvalidParameterValue: Invalid parameter value: 1 for: max_connections allowed values are: 6-8388607. The engine does not take this value of a parameter. You have to correct it in spec.parameters; if it is not in there, tell the platform team, which sets the others in the catalog",
		},
		"a static parameter, at once": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Parameter Group (orders-group): operation error RDS: ModifyDBParameterGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: cannot use immediate apply method for static parameter  []}]",
			conditions.ValueRefused, PlatformTeam,
			"InvalidParameterCombination: cannot use immediate apply method for static parameter. The parameter takes effect with a restart only. The platform team has to report this as a defect",
		},
		"windows that overlap": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterValue: The backup window and maintenance window must not overlap.  []}]",
			conditions.ValueRefused, Developer,
			"InvalidParameterValue: The backup window and maintenance window must not overlap. The backup window and the maintenance window overlap. You have to change spec.backupWindow or spec.maintenanceWindow",
		},
		"no IAM authentication": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: IAM Database Authentication is not supported for this configuration.  []}]",
			conditions.ValueRefused, Developer,
			"InvalidParameterCombination: IAM Database Authentication is not supported for this configuration. This engine, version or size has no IAM authentication. You have to set spec.iamAuthentication to false, or another spec.version",
		},
		"subnets in one zone": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Subnet Group (orders-group): operation error RDS: CreateDBSubnetGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DBSubnetGroupDoesNotCoverEnoughAZs: The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: eu-west-1a. Add subnets to cover at least 2 AZs.  []}]",
			conditions.ValueRefused, PlatformTeam,
			"DBSubnetGroupDoesNotCoverEnoughAZs: The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: eu-west-1a. Add subnets to cover at least 2 AZs. The database subnets of the Environment are in too few zones. The platform team has to raise spec.zones of the Network, or to add a subnet to its spec.existing",
		},
		"a subnet that there is not": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Subnet Group (orders-group): operation error RDS: CreateDBSubnetGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, InvalidSubnet: Subnet IDs are required.  []}]",
			conditions.ValueRefused, PlatformTeam,
			"InvalidSubnet: Subnet IDs are required. The database subnets of the Environment do not exist, or not in one network. The platform team has to correct spec.existing of the Network",
		},
		"no address free": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, InsufficientAvailableIPsInSubnetFault: The requested operation can't be performed because there aren't enough available IP addresses in the proxy's subnets.  []}]",
			conditions.CapacityExhausted, PlatformTeam,
			"InsufficientAvailableIPsInSubnetFault: The requested operation can't be performed because there aren't enough available IP addresses in the proxy's subnets. The database subnets of the Environment have no address free. The platform team has to free some addresses, or to raise spec.zones of the Network",
		},
		"a key that cannot be used": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, KMSKeyNotAccessibleFault: The specified KMS key [arn:aws:kms:eu-west-1:123456789012:key/1a2b] does not exist, is not enabled or you do not have permissions to access it. (Service: AWSKMS; Status Code: 400; Error Code: NotFoundException; Request ID: 1f2e; Proxy: null)  []}]",
			conditions.PermissionDenied, PlatformTeam,
			"KMSKeyNotAccessibleFault: The specified KMS key [arn:aws:kms:eu-west-1:123456789012:key/1a2b] does not exist, is not enabled or you do not have permissions to access it. The encryption key cannot be used. The platform team has to check that the key of the Environment exists and is enabled, and that its policy admits the role of the provider",
		},
		"a security group that may not be used": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, AuthorizationNotFound: Specified CIDRIP or Amazon EC2 security group is not authorized for the specified DB security group.  []}]",
			conditions.DependencyNotFound, PlatformTeam,
			"AuthorizationNotFound: Specified CIDRIP or Amazon EC2 security group is not authorized for the specified DB security group. A security group that is named does not exist or may not be used. The platform team has to find out who deleted it, or took it out of the network",
		},
		"IOPS where they are fixed": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400.  []}]",
			conditions.ValueRefused, PlatformTeam,
			"InvalidParameterCombination: You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400. RDS does not take these IOPS or this throughput with this size of the storage. The platform team has to report this as a defect, with the size that runs and the one in the spec",
		},
		"too few IOPS": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: Invalid iops value for engine name postgres and storage type gp3: 3000  []}]",
			conditions.ValueRefused, PlatformTeam,
			"InvalidParameterCombination: Invalid iops value for engine name postgres and storage type gp3: 3000. RDS does not take these IOPS or this throughput with this size of the storage. The platform team has to report this as a defect, with the size that runs and the one in the spec",
		},
		"IOPS for the size": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: Invalid iops to storage (GB) ratio for engine name postgres and storage type io1: 0.3000  []}]",
			conditions.ValueRefused, PlatformTeam,
			"InvalidParameterCombination: Invalid iops to storage (GB) ratio for engine name postgres and storage type io1: 0.3000. RDS does not take these IOPS or this throughput with this size of the storage. The platform team has to report this as a defect, with the size that runs and the one in the spec",
		},
		"too much throughput": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: Invalid storage throughput value for engine name postgres and storage type gp3: 4001  []}]",
			conditions.ValueRefused, PlatformTeam,
			"InvalidParameterCombination: Invalid storage throughput value for engine name postgres and storage type gp3: 4001. RDS does not take these IOPS or this throughput with this size of the storage. The platform team has to report this as a defect, with the size that runs and the one in the spec",
		},
		"no IOPS": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: The storage type io1 requires iops to be specified.  []}]",
			conditions.ValueRefused, PlatformTeam,
			"InvalidParameterCombination: The storage type io1 requires iops to be specified. RDS does not take these IOPS or this throughput with this size of the storage. The platform team has to report this as a defect, with the size that runs and the one in the spec",
		},
		"a ceiling below the storage": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: Max storage size must be greater than storage size  []}]",
			conditions.ValueRefused, PlatformTeam,
			"InvalidParameterCombination: Max storage size must be greater than storage size. The storage cannot grow to where the catalog lets it. The platform team has to raise maxStorageGiB of this size in the catalog",
		},
		"IOPS that a zone has not": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, ProvisionedIopsNotAvailableInAZFault: Provisioned IOPS not available in the specified Availability Zone.  []}]",
			conditions.ValueRefused, PlatformTeam,
			"ProvisionedIopsNotAvailableInAZFault: Provisioned IOPS not available in the specified Availability Zone. This region or size does not offer this kind of storage. The platform team has to correct the catalog; until then another spec.size helps",
		},
		"no path to the version": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: Cannot find upgrade path from 8.0.35 to 8.4.  []}]",
			conditions.VersionUnsupported, Developer,
			"InvalidParameterCombination: Cannot find upgrade path from 8.0.35 to 8.4. RDS does not upgrade from the version that runs to this one. You have to set spec.version to one in between, or to the one that runs",
		},
		"the option group of another version": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: Option group default:postgres-16 is for another major engine version.  []}]",
			conditions.ValueRefused, PlatformTeam,
			"InvalidParameterCombination: Option group default:postgres-16 is for another major engine version. The option group is not one for the version of the database. The platform team has to report this as a defect, with the version that runs and the one in the spec",
		},
		"an upgrade without the group of an instance": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS Cluster (orders): operation error RDS: ModifyDBCluster, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: The current DB instance parameter group orders-16 is custom. You must explicitly specify a new DB instance parameter group, either default or custom, for the engine version upgrade.  []}]",
			conditions.ValueRefused, PlatformTeam,
			"InvalidParameterCombination: The current DB instance parameter group orders-16 is custom. You must explicitly specify a new DB instance parameter group, either default or custom, for the engine version upgrade. The upgrade does not name the parameter group of an instance. The platform team has to report this as a defect",
		},
	}
}
