package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// DatabaseEngine is a database product.
// +kubebuilder:validation:Enum=postgres;mysql
type DatabaseEngine string

// The engines.
const (
	EnginePostgres DatabaseEngine = "postgres"
	EngineMySQL    DatabaseEngine = "mysql"
)

// CredentialsMode is how workloads get a user name and a password.
// +kubebuilder:validation:Enum=dynamic;static
type CredentialsMode string

// The credentials modes.
const (
	CredentialsDynamic CredentialsMode = "dynamic"
	CredentialsStatic  CredentialsMode = "static"
)

// AppDatabaseSpec is what a developer says about a database.
//
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
	// Version in effect: the major version that was asked for, or the full version once the database runs.
	// +optional
	Version string `json:"version,omitempty"`
	// Identifier of the database in the cloud.
	// +optional
	Identifier string `json:"identifier,omitempty"`
	// ARN of the database.
	// +optional
	ARN string `json:"arn,omitempty"`
	// Size in effect.
	// +optional
	Size string `json:"size,omitempty"`
	// InstanceClass that the size stands for.
	// +optional
	InstanceClass string `json:"instanceClass,omitempty"`
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

// AppDatabase is a relational database: PostgreSQL or MySQL on Amazon RDS, private to its Environment's network, encrypted,
// backed up, and with its connection string in Vault.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,path=appdatabases,singular=appdatabase,shortName=appdb,categories=platform;goldenpath
// +kubebuilder:printcolumn:name="ENGINE",type=string,JSONPath=`.spec.engine`
// +kubebuilder:printcolumn:name="VERSION",type=string,JSONPath=`.status.version`
// +kubebuilder:printcolumn:name="SIZE",type=string,JSONPath=`.spec.size`
// +kubebuilder:printcolumn:name="ENDPOINT",type=string,JSONPath=`.status.endpoint`
// +kubebuilder:metadata:annotations="platform.io/connection-secret-keys=type,provider,host,port,username,password,database,uri,jdbc-url,ca-bundle-url,vault-auth-mount,vault-kv-path,vault-role-reader,vault-role-writer,vault-role-admin,vault-credentials-path-reader,vault-credentials-path-writer,vault-credentials-path-admin"
type AppDatabase struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what a developer says.
	Spec AppDatabaseSpec `json:"spec"`
	// Status is what the platform made of it.
	// +optional
	Status AppDatabaseStatus `json:"status,omitempty"`
}
