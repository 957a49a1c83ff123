package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// DatabaseEngine is a database product.
// +kubebuilder:validation:Enum=postgres;mysql;mariadb;aurora-postgresql;aurora-mysql
type DatabaseEngine string

// The engines.
const (
	EnginePostgres         DatabaseEngine = "postgres"
	EngineMySQL            DatabaseEngine = "mysql"
	EngineMariaDB          DatabaseEngine = "mariadb"
	EngineAuroraPostgreSQL DatabaseEngine = "aurora-postgresql"
	EngineAuroraMySQL      DatabaseEngine = "aurora-mysql"
)

// CredentialsMode is how workloads get a user name and a password.
// +kubebuilder:validation:Enum=dynamic;static
type CredentialsMode string

// The credentials modes.
const (
	CredentialsDynamic CredentialsMode = "dynamic"
	CredentialsStatic  CredentialsMode = "static"
)

// RestoreFrom is where the data of a new database comes from.
//
// +kubebuilder:validation:XValidation:rule="has(self.snapshot) != has(self.database)",message="spec.restoreFrom takes either snapshot or database: write one of the two"
// +kubebuilder:validation:XValidation:rule="!has(self.time) || has(self.database)",message="spec.restoreFrom.time goes with database: a snapshot is of one moment already. Remove time"
type RestoreFrom struct {
	// Snapshot to restore: the identifier or the ARN, such as the final snapshot of a deleted database. A final snapshot of this
	// namespace may be restored by everybody in it; for others the platform team has to add an entry.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[A-Za-z][-:A-Za-z0-9/]*$`
	Snapshot string `json:"snapshot,omitempty"`

	// Database is the name of another AppDatabase in this namespace, of the same engine, to copy from its backups.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Database string `json:"database,omitempty"`

	// Time to go back to, with database: in UTC, such as 2026-11-20T10:00:00Z. The latest that can be restored when it is not
	// given.
	// +optional
	// +kubebuilder:validation:MaxLength=20
	// +kubebuilder:validation:Pattern=`^[0-9]{4}-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$`
	Time string `json:"time,omitempty"`
}

// AppDatabaseSpec is what a developer says about a database.
//
// +kubebuilder:validation:XValidation:rule="has(self.restoreFrom) == has(oldSelf.restoreFrom) && (!has(self.restoreFrom) || self.restoreFrom == oldSelf.restoreFrom)",message="spec.restoreFrom cannot be set, changed or removed after creation: write what was there before, or create a new AppDatabase"
// +kubebuilder:validation:XValidation:rule="!has(self.restoreFrom) || !has(self.database)",message="spec.database and spec.restoreFrom exclude each other: a restored database keeps its name. Remove spec.database"
// +kubebuilder:validation:XValidation:rule="!has(self.storageGiB) || !self.engine.startsWith('aurora-')",message="spec.storageGiB is not for Aurora, whose storage grows by itself: remove the field"
// +kubebuilder:validation:XValidation:rule="has(self.database) == has(oldSelf.database) && (!has(self.database) || self.database == oldSelf.database)",message="spec.database cannot be set, changed or removed after creation: write what was there before, or create a new AppDatabase and copy the data"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.storageGiB) || !has(self.storageGiB) || self.storageGiB >= oldSelf.storageGiB",message="spec.storageGiB cannot shrink: RDS storage only grows. Write the old value or a larger one, or remove the field"
type AppDatabaseSpec struct {
	// Engine of the database. It cannot change after creation.
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="spec.engine cannot change after creation: create a new AppDatabase and migrate the data"
	// +kubebuilder:example=postgres
	Engine DatabaseEngine `json:"engine"`

	// Version of the engine: a major version from the catalog, such as "17" for postgres or "8.4" for mysql, in quotes.
	// The catalog's default when it is not given; a database keeps the version that it was created with until this field
	// asks for a newer one. Minor upgrades are automatic.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:example="17"
	Version string `json:"version,omitempty"`

	// Size from the catalog: small, medium, large or xlarge unless your platform team offers others.
	// +optional
	// +kubebuilder:default=small
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:example=small
	Size string `json:"size,omitempty"`

	// StorageGiB to start with, when the size's storage is not enough. Storage grows by itself when it runs full and
	// never shrinks.
	// +optional
	// +kubebuilder:validation:Minimum=20
	// +kubebuilder:validation:Maximum=65536
	StorageGiB *int64 `json:"storageGiB,omitempty"`

	// EnvironmentRef names the Environment that the database lives in. It cannot change after creation.
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="spec.environmentRef cannot change after creation: create a new AppDatabase in the other environment and migrate the data"
	EnvironmentRef EnvironmentReference `json:"environmentRef"`

	// Database is the name of the database inside the server. Derived from metadata.name when it is not given. It cannot
	// change after creation.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z][a-z0-9_]*$`
	Database string `json:"database,omitempty"`

	// Replicas are read-only copies: read replicas on RDS, readers on Aurora. status.replicas and the key reader-hosts of the
	// connection Secret say where they are. An Aurora database in production has one at least: it takes over when the writer fails.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=5
	Replicas *int64 `json:"replicas,omitempty"`

	// RestoreFrom creates the database from a snapshot, or from the backups of another one. It cannot change after creation.
	// +optional
	RestoreFrom *RestoreFrom `json:"restoreFrom,omitempty"`

	// Parameters of the database engine, by name, such as "log_min_duration_statement": "500" (values in quotes). status.pending
	// says which of them wait for a reboot.
	// +optional
	// +kubebuilder:validation:MaxProperties=50
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 253)",message="names in spec.parameters have 253 characters at most: write the name of a parameter of the engine"
	Parameters map[string]ParameterValue `json:"parameters,omitempty"`

	// MaintenanceWindow of the week for changes that interrupt, in UTC, such as sun:03:30-sun:04:30. An hour of the tier's night when
	// it is not given. At least 30 minutes, and apart from the backup window.
	// +optional
	// +kubebuilder:validation:MaxLength=19
	// +kubebuilder:validation:Pattern=`^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$`
	// +kubebuilder:example="sun:03:30-sun:04:30"
	MaintenanceWindow string `json:"maintenanceWindow,omitempty"`

	// BackupWindow of the day for the daily backup, in UTC, such as 02:00-03:00. An hour of the night when it is not given. At least 30
	// minutes.
	// +optional
	// +kubebuilder:validation:MaxLength=11
	// +kubebuilder:validation:Pattern=`^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$`
	// +kubebuilder:example="02:00-03:00"
	BackupWindow string `json:"backupWindow,omitempty"`

	// IAMAuthentication lets the service accounts in spec.access log in with their IAM role instead of a password. Each of them
	// needs an identity in the Environment. status.iam prints the SQL that creates the users.
	// +optional
	IAMAuthentication bool `json:"iamAuthentication,omitempty"`

	// Access lists the service accounts that use the database, one entry each.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:XValidation:rule="self.all(a, self.exists_one(b, b.serviceAccount == a.serviceAccount))",message="spec.access names a service account twice: write one entry per service account, with the highest role it needs"
	Access []AccessEntry `json:"access,omitempty"`

	// Credentials: dynamic lets Vault issue short-lived users per access role, and is the default where the Environment
	// has Vault. static hands out the master user, so access roles cannot be enforced.
	// +optional
	Credentials CredentialsMode `json:"credentials,omitempty"`

	// DeletionPolicy: Delete removes the database with the claim (a final snapshot is kept, except in previews); Retain
	// leaves it running in the cloud.
	// +optional
	// +kubebuilder:default=Delete
	DeletionPolicy DeletionPolicy `json:"deletionPolicy,omitempty"`

	// DeletionProtection refuses the deletion of this object and of the database. On in production unless set to false.
	// +optional
	DeletionProtection *bool `json:"deletionProtection,omitempty"`
}

// ParameterValue is the value of an engine parameter. Numbers and booleans stand in quotes.
// +kubebuilder:validation:MaxLength=1024
type ParameterValue string

// DatabaseReplicaStatus is one read-only copy.
type DatabaseReplicaStatus struct {
	// Name of the composed resource.
	Name string `json:"name"`
	// Identifier of the copy in the cloud.
	// +optional
	Identifier string `json:"identifier,omitempty"`
	// Host to connect to.
	// +optional
	Host string `json:"host,omitempty"`
	// Ready to be used.
	Ready bool `json:"ready"`
}

// DatabasePendingChange is a change that the database has not taken on yet.
type DatabasePendingChange struct {
	// Change in words: the field, what it is and what it becomes.
	Change string `json:"change"`
	// WaitsFor the maintenance window, or a reboot.
	WaitsFor string `json:"waitsFor"`
	// Parameter that changed, of one that waits for a reboot.
	// +optional
	Parameter string `json:"parameter,omitempty"`
	// From is the value of the parameter until then. Empty for its default.
	// +optional
	From string `json:"from,omitempty"`
	// Since is the version and the class of the database at the time: when one of them changes, it has been restarted.
	// +optional
	Since string `json:"since,omitempty"`
}

// DatabaseIAMStatus is how to log in with an IAM role.
type DatabaseIAMStatus struct {
	// Users in the database, one per access role in use.
	// +optional
	// +listType=map
	// +listMapKey=role
	Users []DatabaseIAMUser `json:"users,omitempty"`
}

// DatabaseIAMUser is the user of one access role.
type DatabaseIAMUser struct {
	// Role of the access entries.
	Role AccessRole `json:"role"`
	// Username to log in with. The password is a token that the AWS SDK makes.
	Username string `json:"username"`
	// SQL that creates the user, to be run once as the administrator. Running it again does no harm.
	SQL string `json:"sql"`
}

// DatabaseRestoredStatus is what a restored database brought along.
type DatabaseRestoredStatus struct {
	// From is the snapshot, or the AppDatabase, that the database was restored from.
	From string `json:"from"`
	// Users says who is in the database that does not belong there any more.
	// +optional
	Users string `json:"users,omitempty"`
	// SQL takes them away. It is to be run as the administrator, a day after the restore; running it again does no harm.
	// +optional
	SQL string `json:"sql,omitempty"`
}

// DatabaseStorageStatus is the storage in effect.
type DatabaseStorageStatus struct {
	// AllocatedGiB is what the database has at least: the largest of catalog, claim and what it has grown to.
	AllocatedGiB int64 `json:"allocatedGiB"`
	// MaxGiB is where automatic growth stops.
	// +optional
	MaxGiB int64 `json:"maxGiB,omitempty"`
	// RequestedGiB is the last accepted spec.storageGiB.
	// +optional
	RequestedGiB int64 `json:"requestedGiB,omitempty"`
}

// AppDatabaseStatus is what the platform made of the claim.
type AppDatabaseStatus struct {
	// Endpoint is host:port.
	// +optional
	Endpoint string `json:"endpoint,omitempty"`
	// Host to connect to.
	// +optional
	Host string `json:"host,omitempty"`
	// Port to connect to.
	// +optional
	Port int64 `json:"port,omitempty"`
	// Database is the name of the database inside the server.
	// +optional
	Database string `json:"database,omitempty"`
	// Engine of the database, as it runs or is being made.
	// +optional
	Engine DatabaseEngine `json:"engine,omitempty"`
	// Version in effect: the major version that was asked for, or the full version once the database runs.
	// +optional
	Version string `json:"version,omitempty"`
	// Identifier of the database in the cloud.
	// +optional
	Identifier string `json:"identifier,omitempty"`
	// ResourceID is what IAM policies name the database by.
	// +optional
	ResourceID string `json:"resourceId,omitempty"`
	// PreviousResourceID of the database that was here before under the same claim. Its final snapshot may still be there.
	// +optional
	PreviousResourceID string `json:"previousResourceId,omitempty"`
	// ARN of the database.
	// +optional
	ARN string `json:"arn,omitempty"`
	// Size in effect.
	// +optional
	Size string `json:"size,omitempty"`
	// InstanceClass that the size stands for.
	// +optional
	InstanceClass string `json:"instanceClass,omitempty"`
	// Capacity of a serverless database in Aurora capacity units of about 2 GiB, such as 0.5-4.
	// +optional
	Capacity string `json:"capacity,omitempty"`
	// ReaderEndpoint is host:port of Aurora's address for reading, which leads to one of the readers.
	// +optional
	ReaderEndpoint string `json:"readerEndpoint,omitempty"`
	// Replicas lists the read-only copies.
	// +optional
	// +listType=map
	// +listMapKey=name
	Replicas []DatabaseReplicaStatus `json:"replicas,omitempty"`
	// Pending lists the changes that wait for the maintenance window or for a reboot.
	// +optional
	// +listType=atomic
	Pending []DatabasePendingChange `json:"pending,omitempty"`
	// Storage in effect.
	// +optional
	Storage *DatabaseStorageStatus `json:"storage,omitempty"`
	// Tier is the Environment's type, which sets the values below.
	// +optional
	Tier string `json:"tier,omitempty"`
	// MultiAZ says that a standby runs in a second zone.
	// +optional
	MultiAZ *bool `json:"multiAZ,omitempty"`
	// BackupRetentionDays of automated backups.
	// +optional
	BackupRetentionDays int64 `json:"backupRetentionDays,omitempty"`
	// BackupWindow in effect, in UTC.
	// +optional
	BackupWindow string `json:"backupWindow,omitempty"`
	// MaintenanceWindow in effect, in UTC.
	// +optional
	MaintenanceWindow string `json:"maintenanceWindow,omitempty"`
	// FinalSnapshot is the identifier of the snapshot that is taken when the database is deleted. restoreFrom takes it.
	// +optional
	FinalSnapshot string `json:"finalSnapshot,omitempty"`
	// Restored says what came along with the data, where the database was restored.
	// +optional
	Restored *DatabaseRestoredStatus `json:"restored,omitempty"`
	// Retained says what stays when this object is deleted, and how to log in then. With deletionPolicy Retain only.
	// +optional
	Retained string `json:"retained,omitempty"`
	// DeletionProtection in effect.
	// +optional
	DeletionProtection *bool `json:"deletionProtection,omitempty"`
	// Credentials mode in effect.
	// +optional
	Credentials CredentialsMode `json:"credentials,omitempty"`
	// ConnectionSecret is the name of the Secret with the connection details, in the claim's namespace.
	// +optional
	ConnectionSecret string `json:"connectionSecret,omitempty"`
	// CABundleURL is where to get the certificates to verify the server with.
	// +optional
	CABundleURL string `json:"caBundleURL,omitempty"`
	// IAM says how to log in with an IAM role, where spec.iamAuthentication is on.
	// +optional
	IAM *DatabaseIAMStatus `json:"iam,omitempty"`
	// Vault paths.
	// +optional
	Vault *VaultStatus `json:"vault,omitempty"`
	// DataLoss echoes the consent that is given by annotation.
	// +optional
	DataLoss *DataLossStatus `json:"dataLoss,omitempty"`
	// Environment is the last one that was resolved. The database keeps its shape from it while the Environment is away.
	// +optional
	Environment *pipelinev1.Environment `json:"environment,omitempty"`

	ConditionedStatus `json:",inline"`
}

// AppDatabase is a relational database: PostgreSQL, MySQL or MariaDB on Amazon RDS, or Aurora, private to its Environment's
// network, encrypted, backed up, and with its connection string in Vault.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,path=appdatabases,singular=appdatabase,shortName=appdb,categories=platform;goldenpath
// +kubebuilder:printcolumn:name="ENGINE",type=string,JSONPath=`.spec.engine`
// +kubebuilder:printcolumn:name="VERSION",type=string,JSONPath=`.status.version`
// +kubebuilder:printcolumn:name="SIZE",type=string,JSONPath=`.spec.size`
// +kubebuilder:printcolumn:name="ENDPOINT",type=string,JSONPath=`.status.endpoint`
// +kubebuilder:metadata:annotations="platform.io/connection-secret-keys=type,provider,host,reader-hosts,port,username,password,database,uri,jdbc-url,ca-bundle-url,ca.crt,vault-auth-mount,vault-kv-path,vault-role-reader,vault-role-writer,vault-role-admin,vault-credentials-path-reader,vault-credentials-path-writer,vault-credentials-path-admin"
type AppDatabase struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what a developer says.
	Spec AppDatabaseSpec `json:"spec"`
	// Status is what the platform made of it.
	// +optional
	Status AppDatabaseStatus `json:"status,omitempty"`
}
