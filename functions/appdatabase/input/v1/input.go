// Package v1 is the input of function-appdatabase: what a platform team tunes in the Composition, without a fork.
//
// +kubebuilder:object:generate=true
// +groupName=appdatabase.fn.platform.io
// +versionName=v1
package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// StageName is a stage that can run inside the function.
// +kubebuilder:validation:Enum=database;iam;vault
type StageName string

// The stages.
const (
	StageDatabase StageName = "database"
	StageIAM      StageName = "iam"
	StageVault    StageName = "vault"
)

// Input of function-appdatabase. Every field has a default.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,path=inputs,singular=input,categories=crossplane
type Input struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Stages to run inside this function. A stage that is left out belongs to a step of its own behind this one
	// (function-iam, function-vault): the resources that it composes keep their names. All stages when it is not given.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	Stages []StageName `json:"stages,omitempty"`

	// SecretNamespace for the Secrets of cluster-scoped managed resources, in the claims flavour only.
	// +optional
	// +kubebuilder:default=crossplane-system
	SecretNamespace string `json:"secretNamespace,omitempty"`

	// Sizes to add to the catalog, or to change in it.
	// +optional
	Sizes map[string]Size `json:"sizes,omitempty"`

	// Engines to change in the catalog: postgres, mysql, mariadb, aurora-postgresql, aurora-mysql.
	// +optional
	Engines map[string]Engine `json:"engines,omitempty"`

	// Tiers to change: dev, preview, staging, production.
	// +optional
	Tiers map[string]Tier `json:"tiers,omitempty"`

	// CABundles are the certificates, in PEM, that Vault and workloads verify databases with, by region: for regions whose
	// certificates are not known here, or instead of those that are. Without any Vault encrypts its login and does not verify the server.
	// +optional
	CABundles map[string]string `json:"caBundles,omitempty"`

	// PermissionsBoundary is the ARN of a managed policy that the IAM role of Enhanced Monitoring carries. {partition} and {accountId}
	// stand for those of the environment.
	// +optional
	// +kubebuilder:validation:Pattern=`^arn:[^:]+:iam::([0-9]{12}|[{]accountId[}]):policy/.+$`
	// +kubebuilder:example="arn:{partition}:iam::{accountId}:policy/workload-boundary"
	PermissionsBoundary string `json:"permissionsBoundary,omitempty"`

	// Snapshots that namespaces may restore from, beside the final snapshots of their own databases.
	// +optional
	// +listType=atomic
	Snapshots []SnapshotRule `json:"snapshots,omitempty"`
}

// SnapshotRule lets namespaces restore from snapshots.
type SnapshotRule struct {
	// Namespaces of the claims: names, or prefixes of at least three characters that end in *.
	// +kubebuilder:validation:MinItems=1
	// +listType=set
	Namespaces []string `json:"namespaces"`
	// Names of the snapshots: identifiers or ARNs, or prefixes of at least three characters that end in *.
	// +kubebuilder:validation:MinItems=1
	// +listType=set
	Names []string `json:"names"`
}

// Size is what a size stands for.
type Size struct {
	// InstanceClass of RDS for PostgreSQL, MySQL and MariaDB.
	// +kubebuilder:validation:Pattern=`^db[.][a-z0-9]+[.][a-z0-9]+$`
	// +kubebuilder:example="db.m7g.large"
	InstanceClass string `json:"instanceClass"`
	// StorageGiB to start with.
	// +kubebuilder:validation:Minimum=20
	// +kubebuilder:validation:Maximum=65536
	StorageGiB int64 `json:"storageGiB"`
	// MaxStorageGiB is where automatic growth stops, unless a claim asks for more from the start.
	// +kubebuilder:validation:Minimum=20
	// +kubebuilder:validation:Maximum=65536
	MaxStorageGiB int64 `json:"maxStorageGiB"`
	// PerformanceInsights where engine and class have them.
	// +optional
	PerformanceInsights *bool `json:"performanceInsights,omitempty"`
	// Aurora is what the size stands for on Aurora. A size without it is not on offer there.
	// +optional
	Aurora *AuroraSize `json:"aurora,omitempty"`
}

// AuroraSize is what a size stands for on Aurora.
//
// +kubebuilder:validation:XValidation:rule="(self.instanceClass == 'db.serverless') == has(self.serverless)",message="serverless goes with the instanceClass db.serverless, and with no other"
type AuroraSize struct {
	// InstanceClass of every instance of the cluster.
	// +kubebuilder:validation:Pattern=`^db[.]([a-z0-9]+[.][a-z0-9]+|serverless)$`
	// +kubebuilder:example="db.r7g.large"
	InstanceClass string `json:"instanceClass"`
	// Serverless bounds the capacity of db.serverless.
	// +optional
	Serverless *Serverless `json:"serverless,omitempty"`
}

// Serverless bounds a capacity in Aurora capacity units of about 2 GiB of memory each.
type Serverless struct {
	// MinCapacity: 0 to 256 in halves, in quotes. With 0 an idle database pauses. Performance Insights are on from 2 on.
	// +kubebuilder:validation:Pattern=`^[0-9]{1,3}([.][05])?$`
	// +kubebuilder:example="0.5"
	MinCapacity string `json:"minCapacity"`
	// MaxCapacity: 1 to 256 in halves, in quotes.
	// +kubebuilder:validation:Pattern=`^[0-9]{1,3}([.][05])?$`
	// +kubebuilder:example="4"
	MaxCapacity string `json:"maxCapacity"`
}

// Engine is what the catalog says about an engine.
type Engine struct {
	// DefaultVersion for new databases.
	// +optional
	DefaultVersion string `json:"defaultVersion,omitempty"`
	// Versions on offer, each with the family of its parameter group. Replaces the list of the catalog.
	// +optional
	Versions map[string]Version `json:"versions,omitempty"`
	// Parameters that every database of the engine gets, unless a claim says otherwise.
	// +optional
	Parameters map[string]string `json:"parameters,omitempty"`
	// ExtendedSupport lets RDS charge for new databases whose version is out of standard support. Without it RDS upgrades them then.
	// What a database was created with stays.
	// +optional
	ExtendedSupport *bool `json:"extendedSupport,omitempty"`
	// MaxReplicas that a claim may ask for.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=5
	MaxReplicas *int64 `json:"maxReplicas,omitempty"`
}

// Version is one major version of an engine.
type Version struct {
	// Family of the parameter group.
	// +kubebuilder:example=postgres17
	Family string `json:"family"`
}

// Tier is what an environment type means for a database. A field that is not given keeps its default.
type Tier struct {
	// MultiAZ keeps a standby in a second zone.
	// +optional
	MultiAZ *bool `json:"multiAZ,omitempty"`
	// BackupRetentionDays of automated backups. Zero would turn them off and is refused.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=35
	BackupRetentionDays *int64 `json:"backupRetentionDays,omitempty"`
	// DeletionProtection unless the claim says otherwise.
	// +optional
	DeletionProtection *bool `json:"deletionProtection,omitempty"`
	// FinalSnapshot when the database is deleted.
	// +optional
	FinalSnapshot *bool `json:"finalSnapshot,omitempty"`
	// KeepAutomatedBackups after the database is deleted, until they expire.
	// +optional
	KeepAutomatedBackups *bool `json:"keepAutomatedBackups,omitempty"`
	// ApplyImmediately instead of in the maintenance window.
	// +optional
	ApplyImmediately *bool `json:"applyImmediately,omitempty"`
	// LogRetentionDays of what databases log, as CloudWatch offers them.
	// +optional
	// +kubebuilder:validation:Enum=1;3;5;7;14;30;60;90;120;150;180;365;400;545;731;1096;1827;2192;2557;2922;3288;3653
	// +kubebuilder:example=30
	LogRetentionDays *int64 `json:"logRetentionDays,omitempty"`
	// KeepLogs after the database is deleted, until they expire.
	// +optional
	KeepLogs *bool `json:"keepLogs,omitempty"`
	// BackupWindow in UTC, such as 02:00-03:00, of all databases that do not say their own. Without it each one gets an hour of the
	// night.
	// +optional
	// +kubebuilder:validation:Pattern=`^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$`
	BackupWindow string `json:"backupWindow,omitempty"`
	// MaintenanceWindow in UTC, such as sun:03:30-sun:04:30, of all databases that do not say their own. Without it each one gets an
	// hour of a night: on Monday in previews and dev, on Wednesday in staging, on Sunday in production.
	// +optional
	// +kubebuilder:validation:Pattern=`^(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]$`
	MaintenanceWindow string `json:"maintenanceWindow,omitempty"`
	// PauseAfterSeconds is how long a serverless Aurora database is idle before it pauses, with no capacity and without Performance
	// Insights: 300 to 86400, or 0 for never. It takes about 15 seconds to come back.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=86400
	PauseAfterSeconds *int64 `json:"pauseAfterSeconds,omitempty"`
	// MonitoringIntervalSeconds of Enhanced Monitoring, with an IAM role for it: 1, 5, 10, 15, 30 or 60, or 0 for none.
	// +optional
	// +kubebuilder:validation:Enum=0;1;5;10;15;30;60
	MonitoringIntervalSeconds *int64 `json:"monitoringIntervalSeconds,omitempty"`
}
