package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

// rdsStates are changes that do not go with the state of a database. States:
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status. What Terraform
// says of them: https://github.com/hashicorp/terraform-provider-aws/pull/3708 and https://github.com/hashicorp/terraform/issues/16740.
// A group that is used: https://github.com/terraform-aws-modules/terraform-aws-rds-aurora/issues/466. Storage:
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html. Protection:
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html.
func rdsStates() []entry {
	storage := []string{"is being optimized", "storage-optimization", "storage optimization"}
	const backups, stopped = "Automated backups are not enabled", "stopped"
	return []entry{
		{
			codes: []string{"InvalidDBInstanceState", "InvalidDBClusterState", "InvalidParameterCombination"}, says: storage,
			reason: conditions.Busy, means: "RDS works on the last change of the storage still, for up to a day", who: Nobody, remedy: retried,
		},
		{
			codes:  []string{"InvalidDBInstanceState", "InvalidDBClusterState", "InvalidDBSnapshotState", "InvalidDBClusterSnapshotState"},
			not:    append(storage, backups, stopped),
			reason: conditions.Busy, means: "The database is at work on something else", who: Nobody, remedy: retried,
		},
		{
			codes: []string{"InvalidDBInstanceState", "InvalidDBClusterState"}, says: []string{stopped},
			reason: conditions.Busy, means: "Somebody has stopped the database", who: PlatformTeam, remedy: "start it",
		},
		{
			says:   []string{backups},
			reason: conditions.ValueRefused, means: "A replica needs automated backups, and the database has none", who: PlatformTeam,
			remedy: "give the tier of the Environment backups in the catalog; until then set spec.replicas to 0",
		},
		{
			codes: []string{
				"InvalidDBParameterGroupState", "InvalidDBSubnetGroupState", "InvalidDBSubnetState", "InvalidOptionGroupState",
			},
			reason: conditions.InUse, means: "A database uses the group still", who: Nobody, remedy: retried,
		},
		{
			codes:  []string{"DBParameterGroupNotFound", "DBClusterParameterGroupNotFound", "DBSubnetGroupNotFound", "OptionGroupNotFound"},
			reason: conditions.DependencyNotFound, means: "A group that the database needs is not there yet, or not any more", who: Nobody,
			remedy: retried + " once it is there",
		},
		{
			codes:  []string{"DBInstanceNotFound", "DBClusterNotFound", "SourceNotFound"},
			reason: conditions.DependencyNotFound, means: "There is no such database in this account and region", who: Developer,
			remedy: "check spec.restoreFrom; without one tell the platform team, for somebody has deleted the database",
		},
		{
			says:   []string{"Cannot delete protected"},
			reason: conditions.ChangeRefused, means: "The database is protected from being deleted", who: Developer,
			remedy: "set spec.deletionProtection to false and wait until that is applied",
		},
	}
}

// rdsBroken are states in which a database does not become available. Terraform's provider waits, and says "unexpected state".
func rdsBroken() []entry {
	unexpected := []string{"unexpected state"}
	return []entry{
		{
			says: []string{"'incompatible-parameters'"}, also: unexpected,
			reason: conditions.ValueRefused, means: "The database does not start with these parameters", who: Developer,
			remedy: "correct spec.parameters; without any, tell the platform team",
		},
		{
			says: []string{"'storage-full'"}, also: unexpected,
			reason: conditions.QuotaExceeded, means: "The storage of the database is full", who: Developer,
			remedy: "raise spec.storageGiB by at least ten per cent",
		},
		{
			says: []string{"'incompatible-option-group'"}, also: unexpected,
			reason: conditions.ValueRefused, means: "RDS cannot apply the option group, nor go back", who: PlatformTeam,
			remedy: "report this as a defect, and to give the database the default option group of its version",
		},
		{
			says: []string{"'incompatible-network'"}, also: unexpected,
			reason: conditions.ValueRefused, means: "RDS cannot use the network of the Environment", who: PlatformTeam,
			remedy: "check that its database subnets are there and have addresses free",
		},
		{
			says: []string{"'inaccessible-encryption-credentials'", "'inaccessible-encryption-credentials-recoverable'"}, also: unexpected,
			reason: conditions.PermissionDenied, means: "RDS cannot use the encryption key any more, and the database is down",
			who: PlatformTeam, remedy: "enable the key of the Environment again, within seven days",
		},
		{
			says: []string{"'incompatible-restore'", "'restore-error'"}, also: unexpected,
			reason: conditions.ValueRefused, means: "RDS cannot restore the database", who: Developer,
			remedy: "create the object anew, with another spec.restoreFrom",
		},
		{
			says:   []string{"timeout while waiting for state to become"},
			reason: conditions.Busy, means: "The cloud takes longer than the provider waits", who: Nobody, remedy: "it is looked at again",
		},
	}
}
