package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// rdsStateSamples are states of a database.
func rdsStateSamples() map[string]sample {
	return map[string]sample{
		"the storage is at work": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: You can't currently modify the storage of this DB instance because the previous storage change is being optimized.  []}]",
			conditions.Busy, Nobody,
			"InvalidParameterCombination: You can't currently modify the storage of this DB instance because the previous storage change is being optimized. RDS works on the last change of the storage still, for up to a day: it is tried again; nothing to do",
		},
		"an instance is at work": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, InvalidDBInstanceState: Database instance is not in available state.  []}]",
			conditions.Busy, Nobody,
			"InvalidDBInstanceState: Database instance is not in available state. The database is at work on something else: it is tried again; nothing to do",
		},
		"a cluster is at work": {
			"async delete failed: failed to delete the resource: [{0 deleting RDS Cluster (orders): operation error RDS: DeleteDBCluster, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, InvalidDBClusterStateFault: Cluster cannot be deleted, it still contains DB instances in non-deleting state.  []}]",
			conditions.Busy, Nobody,
			"InvalidDBClusterStateFault: Cluster cannot be deleted, it still contains DB instances in non-deleting state. The database is at work on something else: it is tried again; nothing to do",
		},
		"an instance is stopped": {
			"update failed: async update failed: failed to update the resource: [{0 updating RDS DB Instance (orders-db): operation error RDS: ModifyDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, InvalidDBInstanceState: Cannot modify a stopped DB instance  []}]",
			conditions.Busy, PlatformTeam,
			"InvalidDBInstanceState: Cannot modify a stopped DB instance. Somebody has stopped the database. The platform team has to start it",
		},
		"a replica without backups": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstanceReadReplica, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, InvalidDBInstanceState: Automated backups are not enabled for this database instance. To enable automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value.  []}]",
			conditions.ValueRefused, PlatformTeam,
			"InvalidDBInstanceState: Automated backups are not enabled for this database instance. To enable automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value. A replica needs automated backups, and the database has none. The platform team has to give the tier of the Environment backups in the catalog; until then set spec.replicas to 0",
		},
		"a parameter group that is used": {
			"async delete failed: failed to delete the resource: [{0 deleting RDS DB Parameter Group (orders-group): operation error RDS: DeleteDBParameterGroup, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, InvalidDBParameterGroupState: One or more database instances are still members of this parameter group orders-group, so the group cannot be deleted  []}]",
			conditions.InUse, Nobody,
			"InvalidDBParameterGroupState: One or more database instances are still members of this parameter group orders-group, so the group cannot be deleted. A database uses the group still: it is tried again; nothing to do",
		},
		"a parameter group that is not there": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DBParameterGroupNotFound: DBParameterGroup not found: orders-group  []}]",
			conditions.DependencyNotFound, Nobody,
			"DBParameterGroupNotFound: DBParameterGroup not found: orders-group. A group that the database needs is not there yet, or not any more: it is tried again once it is there; nothing to do",
		},
		"a subnet group that is not there": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DBSubnetGroupNotFoundFault: DB subnet group 'orders-group' does not exist.  []}]",
			conditions.DependencyNotFound, Nobody,
			"DBSubnetGroupNotFoundFault: DB subnet group 'orders-group' does not exist. A group that the database needs is not there yet, or not any more: it is tried again once it is there; nothing to do",
		},
		"a database that is not there": {
			"create failed: async create failed: failed to create the resource: [{0 creating RDS DB Instance (orders-db): operation error RDS: RestoreDBInstanceToPointInTime, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, DBInstanceNotFound: DBInstance orders-old not found.  []}]",
			conditions.DependencyNotFound, Developer,
			"DBInstanceNotFound: DBInstance orders-old not found. There is no such database in this account and region. You have to check spec.restoreFrom; without one tell the platform team, for somebody has deleted the database",
		},
		"a database that is protected": {
			"async delete failed: failed to delete the resource: [{0 deleting RDS DB Instance (orders-db): operation error RDS: DeleteDBInstance, https response error StatusCode: 400, RequestID: 5f0c6d1e-3b52-4a7e-9a3d-0d5e3c1f7b42, api error InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again.  []}]",
			conditions.ChangeRefused, Developer,
			"InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again. The database is protected from being deleted. You have to set spec.deletionProtection to false and wait until that is applied",
		},
		"it does not start": {
			"create failed: async create failed: failed to create the resource: [{0 waiting for RDS DB Instance (orders-db) create: unexpected state 'incompatible-parameters', wanted target 'available, storage-optimization'. last error: %!s(<nil>)  []}]",
			conditions.ValueRefused, Developer,
			"waiting for RDS DB Instance (orders-db) create: unexpected state 'incompatible-parameters', wanted target 'available, storage-optimization'. The database does not start with these parameters. You have to correct spec.parameters; without any, tell the platform team",
		},
		"it is full": {
			"create failed: async create failed: failed to create the resource: [{0 waiting for RDS DB Instance (orders-db) create: unexpected state 'storage-full', wanted target 'available, storage-optimization'. last error: %!s(<nil>)  []}]",
			conditions.QuotaExceeded, Developer,
			"waiting for RDS DB Instance (orders-db) create: unexpected state 'storage-full', wanted target 'available, storage-optimization'. The storage of the database is full. You have to raise spec.storageGiB by at least ten per cent",
		},
		"its option group cannot be applied": {
			"create failed: async create failed: failed to create the resource: [{0 waiting for RDS DB Instance (orders-db) create: unexpected state 'incompatible-option-group', wanted target 'available, storage-optimization'. last error: %!s(<nil>)  []}]",
			conditions.ValueRefused, PlatformTeam,
			"waiting for RDS DB Instance (orders-db) create: unexpected state 'incompatible-option-group', wanted target 'available, storage-optimization'. RDS cannot apply the option group, nor go back. The platform team has to report this as a defect, and to give the database the default option group of its version",
		},
		"it has no network": {
			"create failed: async create failed: failed to create the resource: [{0 waiting for RDS DB Instance (orders-db) create: unexpected state 'incompatible-network', wanted target 'available, storage-optimization'. last error: %!s(<nil>)  []}]",
			conditions.ValueRefused, PlatformTeam,
			"waiting for RDS DB Instance (orders-db) create: unexpected state 'incompatible-network', wanted target 'available, storage-optimization'. RDS cannot use the network of the Environment. The platform team has to check that its database subnets are there and have addresses free",
		},
		"it has no key": {
			"create failed: async create failed: failed to create the resource: [{0 waiting for RDS DB Instance (orders-db) create: unexpected state 'inaccessible-encryption-credentials-recoverable', wanted target 'available, storage-optimization'. last error: %!s(<nil>)  []}]",
			conditions.PermissionDenied, PlatformTeam,
			"waiting for RDS DB Instance (orders-db) create: unexpected state 'inaccessible-encryption-credentials-recoverable', wanted target 'available, storage-optimization'. RDS cannot use the encryption key any more, and the database is down. The platform team has to enable the key of the Environment again, within seven days",
		},
		"it cannot be restored": {
			"create failed: async create failed: failed to create the resource: [{0 waiting for RDS DB Instance (orders-db) create: unexpected state 'incompatible-restore', wanted target 'available, storage-optimization'. last error: %!s(<nil>)  []}]",
			conditions.ValueRefused, Developer,
			"waiting for RDS DB Instance (orders-db) create: unexpected state 'incompatible-restore', wanted target 'available, storage-optimization'. RDS cannot restore the database. You have to create the object anew, with another spec.restoreFrom",
		},
		"it takes long": {
			"create failed: async create failed: failed to create the resource: [{0 waiting for RDS DB Instance (orders-db) create: timeout while waiting for state to become 'available, storage-optimization' (last state: 'creating', timeout: 1h0m0s)  []}]",
			conditions.Busy, Nobody,
			"waiting for RDS DB Instance (orders-db) create: timeout while waiting for state to become 'available, storage-optimization' (last state: 'creating', timeout: 1h0m0s). The cloud takes longer than the provider waits: it is looked at again; nothing to do",
		},
	}
}
