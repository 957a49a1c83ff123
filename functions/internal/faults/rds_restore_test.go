package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// rdsRestoreSamples are of databases that are made from others.
func rdsRestoreSamples() map[string]sample {
	return map[string]sample{
		"a snapshot that there is not": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: RestoreDBInstanceFromDBSnapshot, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DBSnapshotNotFound: DBSnapshot not found: arn:aws:rds:eu-west-1:123456789012:snapshot:orders-1  []}]",
			conditions.DependencyNotFound, Developer,
			"DBSnapshotNotFound: DBSnapshot not found: arn:aws:rds:eu-west-1:123456789012:snapshot:orders-1. There is no such snapshot or backup in this account and region. You have to create the object anew, with a spec.restoreFrom that is there",
		},
		"a point in time without backups": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: RestoreDBInstanceToPointInTime, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, PointInTimeRestoreNotEnabled: Point in time restore is not enabled for the source DB instance orders  []}]",
			conditions.ValueRefused, PlatformTeam,
			"PointInTimeRestoreNotEnabled: Point in time restore is not enabled for the source DB instance orders. The source has no automated backups to restore from. The platform team has to give the tier of its Environment backups in the catalog; until then create the object anew, with a snapshot in spec.restoreFrom",
		},
		"a point in time that is out of reach": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS Cluster (orders): operation error RDS: RestoreDBClusterToPointInTime, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, InvalidRestoreFault: The specified restore time 2025-11-21T14:40:51Z is after the latest restorable time 2025-11-21T14:35:00Z.  []}]",
			conditions.ValueRefused, Developer,
			"InvalidRestoreFault: The specified restore time (time) is after the latest restorable time (time). The source cannot be restored to this point in time. You have to create the object anew, with a spec.restoreFrom.time within the backups of the source",
		},
		"a parameter group of another version": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: RestoreDBInstanceFromDBSnapshot, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: The Parameter Group orders-17 with DBParameterGroupFamily postgres17 cannot be used for this instance. Please use a Parameter Group with DBParameterGroupFamily postgres16  []}]",
			conditions.VersionUnsupported, Developer,
			"InvalidParameterCombination: The Parameter Group orders-17 with DBParameterGroupFamily postgres17 cannot be used for this instance. Please use a Parameter Group with DBParameterGroupFamily postgres16. What is restored is of another version than the spec. You have to set spec.version to that of the source in spec.restoreFrom, and upgrade it later; without one tell the platform team",
		},
		"a cluster older than its snapshot": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS Cluster (orders): operation error RDS: RestoreDBClusterFromSnapshot, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: The engine version you requested for your restored DB cluster (16.4) is earlier than the engine version of the DB cluster snapshot (17.2).  []}]",
			conditions.VersionUnsupported, Developer,
			"InvalidParameterCombination: The engine version you requested for your restored DB cluster (16.4) is earlier than the engine version of the DB cluster snapshot (17.2). The snapshot is of a newer version than the spec. You have to set spec.version to that of the snapshot in spec.restoreFrom; where it is that already, tell the platform team",
		},
		"the key of a snapshot": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: RestoreDBInstanceFromDBSnapshot, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, KMSKeyNotAccessibleFault: The source snapshot KMS key [arn:aws:kms:eu-west-1:210987654321:key/1a2b] does not exist, is not enabled or you do not have permissions to access it.  []}]",
			conditions.PermissionDenied, PlatformTeam,
			"KMSKeyNotAccessibleFault: The source snapshot KMS key [arn:aws:kms:eu-west-1:210987654321:key/1a2b] does not exist, is not enabled or you do not have permissions to access it. The key that the snapshot is encrypted with cannot be used. The platform team has to admit the role of the provider in the policy of that key, or to copy the snapshot with the key of the Environment",
		},
		"a snapshot that is not encrypted": {
			`update failed: async update failed: refuse to update the external resource because the following update requires replacing it: cannot change the value of the argument "storage_encrypted" from "false" to "true"`,
			conditions.ChangeRefused, PlatformTeam,
			`refuse to update the external resource because the following update requires replacing it: cannot change the value of the argument "storage_encrypted" from "false" to "true". The database is not encrypted, because what it was restored from is not. The platform team has to copy the snapshot with the key of the Environment; create the object anew then, with the copy in spec.restoreFrom`,
		},
		"a snapshot with another key": {
			`update failed: async update failed: refuse to update the external resource because the following update requires replacing it: cannot change the value of the argument "kms_key_id" from "arn:aws:kms:eu-west-1:123456789012:key/1a2b" to "arn:aws:kms:eu-west-1:123456789012:key/3c4d"`,
			conditions.ChangeRefused, PlatformTeam,
			`refuse to update the external resource because the following update requires replacing it: cannot change the value of the argument "kms_key_id" from ... It is encrypted with another key than that of the Environment, and stays so. The platform team has to copy the snapshot of the restore with that key, or to find out who changed the key of the Environment`,
		},
	}
}
