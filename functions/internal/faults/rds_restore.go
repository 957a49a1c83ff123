package faults

import "github.com/goldenpath-dev/goldenpath/functions/internal/conditions"

const (
	// replacing is what upjet says of a change that would make a new object.
	replacing = "the following update requires replacing it"
	// sourceKey is what RDS calls the key of a snapshot that it is to restore.
	sourceKey = "source snapshot KMS key"
	// Arguments of Terraform for whether, and with which key, a database is encrypted.
	argEncrypted = `"storage_encrypted"`
	argKey       = `"kms_key_id"`
)

// rdsRestores are databases made from a snapshot or another database. What RDS restores has the version family, the encryption and at
// least the storage of its source. Words: https://github.com/aws-quickstart/quickstart-r3-corda/issues/25 (parameter group),
// https://github.com/aws-samples/redcap-on-aws/issues/99 (cluster), https://github.com/awslabs/aurora-snapshot-tool/issues/26 (key). An
// instance is restored unencrypted without a word (https://github.com/hashicorp/terraform-provider-aws/issues/2635), and it is upjet that
// refuses to encrypt it afterwards: https://github.com/crossplane-contrib/provider-upjet-aws/issues/1435.
func rdsRestores() []entry {
	return []entry{
		{
			codes: []string{
				"DBSnapshotNotFound", "DBClusterSnapshotNotFound", "DBInstanceAutomatedBackupNotFound", "DBClusterAutomatedBackupNotFound",
			},
			reason: conditions.DependencyNotFound, means: "There is no such snapshot or backup in this account and region", who: Developer,
			remedy: "create the object anew, with a spec.restoreFrom that is there",
		},
		{
			codes:  []string{"InvalidRestore"},
			reason: conditions.ValueRefused, means: "The source cannot be restored to this point in time", who: Developer,
			remedy: "create the object anew, with a spec.restoreFrom.time within the backups of the source",
		},
		{
			codes:  []string{"PointInTimeRestoreNotEnabled"},
			reason: conditions.ValueRefused, means: "The source has no automated backups to restore from", who: PlatformTeam,
			remedy: "give the tier of its Environment backups in the catalog; until then create the object anew, with a snapshot in " +
				"spec.restoreFrom",
		},
		{
			says: []string{"The Parameter Group "}, also: []string{"cannot be used for this instance"},
			reason: conditions.VersionUnsupported, means: "What is restored is of another version than the spec", who: Developer,
			remedy: "set spec.version to that of the source in spec.restoreFrom, and upgrade it later; without one tell the platform team",
		},
		{
			says:   []string{"is earlier than the engine version of the DB cluster snapshot"},
			reason: conditions.VersionUnsupported, means: "The snapshot is of a newer version than the spec", who: Developer,
			remedy: "set spec.version to that of the snapshot in spec.restoreFrom; where it is that already, tell the platform team",
		},
		{
			codes: []string{"KMSKeyNotAccessible"}, says: []string{sourceKey},
			reason: conditions.PermissionDenied, means: "The key that the snapshot is encrypted with cannot be used", who: PlatformTeam,
			remedy: "admit the role of the provider in the policy of that key, or to copy the snapshot with the key of the Environment",
		},
		{
			says: []string{argEncrypted}, also: []string{replacing},
			reason: conditions.ChangeRefused, means: "The database is not encrypted, because what it was restored from is not", who: PlatformTeam,
			remedy: "copy the snapshot with the key of the Environment; create the object anew then, with the copy in spec.restoreFrom",
		},
		{
			says: []string{argKey}, also: []string{replacing}, not: []string{argEncrypted},
			reason: conditions.ChangeRefused, means: "It is encrypted with another key than that of the Environment, and stays so",
			who: PlatformTeam, remedy: "copy the snapshot of the restore with that key, or to find out who changed the key of the Environment",
		},
	}
}
