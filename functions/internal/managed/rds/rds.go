// Package rds holds the parameters of the rds.aws managed resources that we compose.
package rds

import "github.com/goldenpath-dev/goldenpath/functions/internal/managed"

// Instance is a DB instance.
//
// +goldenpath:encode
// +goldenpath:kind service=rds.aws kind=Instance legacy=v1beta3 namespaced=v1beta1
type Instance struct {
	Region     string `json:"region"`
	Identifier string `json:"identifier"`
	// Engine of a read replica follows from its source.
	Engine        string `json:"engine,omitempty"`
	EngineVersion string `json:"engineVersion,omitempty"`
	InstanceClass string `json:"instanceClass"`
	DBName        string `json:"dbName,omitempty"`
	// ReplicateSourceDB is the ARN of the instance that this one is a read replica of.
	ReplicateSourceDB    string                `json:"replicateSourceDb,omitempty"`
	SnapshotIdentifier   string                `json:"snapshotIdentifier,omitempty"`
	RestoreToPointInTime *InstancePointInTime  `json:"restoreToPointInTime,omitempty"`
	Username             string                `json:"username,omitempty"`
	AutoGeneratePassword *bool                 `json:"autoGeneratePassword,omitempty"`
	PasswordSecretRef    *managed.SecretKeyRef `json:"passwordSecretRef,omitempty"`
	Port                 *int64                `json:"port,omitempty"`
	AllocatedStorage     *int64                `json:"allocatedStorage,omitempty"`
	MaxAllocatedStorage  *int64                `json:"maxAllocatedStorage,omitempty"`
	// IOPS and StorageThroughput in MiB/s. gp3 takes them from a size on only.
	IOPS                *int64   `json:"iops,omitempty"`
	StorageThroughput   *int64   `json:"storageThroughput,omitempty"`
	StorageType         string   `json:"storageType,omitempty"`
	StorageEncrypted    *bool    `json:"storageEncrypted,omitempty"`
	KMSKeyID            string   `json:"kmsKeyId,omitempty"`
	MultiAZ             *bool    `json:"multiAz,omitempty"`
	PubliclyAccessible  *bool    `json:"publiclyAccessible,omitempty"`
	DBSubnetGroupName   string   `json:"dbSubnetGroupName,omitempty"`
	VPCSecurityGroupIDs []string `json:"vpcSecurityGroupIds,omitempty"`
	ParameterGroupName  string   `json:"parameterGroupName,omitempty"`
	OptionGroupName     string   `json:"optionGroupName,omitempty"`
	// EngineLifecycleSupport says whether the instance is enrolled in Extended Support. It is fixed at creation.
	EngineLifecycleSupport             string `json:"engineLifecycleSupport,omitempty"`
	BackupRetentionPeriod              *int64 `json:"backupRetentionPeriod,omitempty"`
	BackupWindow                       string `json:"backupWindow,omitempty"`
	MaintenanceWindow                  string `json:"maintenanceWindow,omitempty"`
	AutoMinorVersionUpgrade            *bool  `json:"autoMinorVersionUpgrade,omitempty"`
	AllowMajorVersionUpgrade           *bool  `json:"allowMajorVersionUpgrade,omitempty"`
	ApplyImmediately                   *bool  `json:"applyImmediately,omitempty"`
	DeletionProtection                 *bool  `json:"deletionProtection,omitempty"`
	SkipFinalSnapshot                  *bool  `json:"skipFinalSnapshot,omitempty"`
	FinalSnapshotIdentifier            string `json:"finalSnapshotIdentifier,omitempty"`
	CopyTagsToSnapshot                 *bool  `json:"copyTagsToSnapshot,omitempty"`
	DeleteAutomatedBackups             *bool  `json:"deleteAutomatedBackups,omitempty"`
	PerformanceInsightsEnabled         *bool  `json:"performanceInsightsEnabled,omitempty"`
	PerformanceInsightsKMSKeyID        string `json:"performanceInsightsKmsKeyId,omitempty"`
	PerformanceInsightsRetentionPeriod *int64 `json:"performanceInsightsRetentionPeriod,omitempty"`
	DatabaseInsightsMode               string `json:"databaseInsightsMode,omitempty"`
	// MonitoringInterval of Enhanced Monitoring in seconds.
	MonitoringInterval               *int64            `json:"monitoringInterval,omitempty"`
	MonitoringRoleARN                string            `json:"monitoringRoleArn,omitempty"`
	EnabledCloudwatchLogsExports     []string          `json:"enabledCloudwatchLogsExports,omitempty"`
	IAMDatabaseAuthenticationEnabled *bool             `json:"iamDatabaseAuthenticationEnabled,omitempty"`
	Tags                             map[string]string `json:"tags,omitempty"`
}

// InstancePointInTime is a moment of another instance to restore.
//
// +goldenpath:encode
type InstancePointInTime struct {
	SourceDBInstanceIdentifier string `json:"sourceDbInstanceIdentifier"`
	// RestoreTime in UTC, as RFC 3339 writes it.
	RestoreTime             string `json:"restoreTime,omitempty"`
	UseLatestRestorableTime *bool  `json:"useLatestRestorableTime,omitempty"`
}

// Cluster is an Aurora DB cluster: the storage and its endpoints. Its cloud name is its metadata.name.
//
// +goldenpath:encode
// +goldenpath:kind service=rds.aws kind=Cluster legacy=v1beta2 namespaced=v1beta1
type Cluster struct {
	Region                           string                `json:"region"`
	Engine                           string                `json:"engine"`
	EngineVersion                    string                `json:"engineVersion"`
	DatabaseName                     string                `json:"databaseName,omitempty"`
	MasterUsername                   string                `json:"masterUsername,omitempty"`
	AutoGeneratePassword             *bool                 `json:"autoGeneratePassword,omitempty"`
	MasterPasswordSecretRef          *managed.SecretKeyRef `json:"masterPasswordSecretRef,omitempty"`
	Port                             *int64                `json:"port,omitempty"`
	StorageEncrypted                 *bool                 `json:"storageEncrypted,omitempty"`
	KMSKeyID                         string                `json:"kmsKeyId,omitempty"`
	DBSubnetGroupName                string                `json:"dbSubnetGroupName,omitempty"`
	VPCSecurityGroupIDs              []string              `json:"vpcSecurityGroupIds,omitempty"`
	DBClusterParameterGroupName      string                `json:"dbClusterParameterGroupName,omitempty"`
	ServerlessV2ScalingConfiguration *ServerlessV2         `json:"serverlessv2ScalingConfiguration,omitempty"`
	// EngineLifecycleSupport says whether the cluster is enrolled in Extended Support. It is fixed at creation.
	EngineLifecycleSupport           string              `json:"engineLifecycleSupport,omitempty"`
	DatabaseInsightsMode             string              `json:"databaseInsightsMode,omitempty"`
	BackupRetentionPeriod            *int64              `json:"backupRetentionPeriod,omitempty"`
	PreferredBackupWindow            string              `json:"preferredBackupWindow,omitempty"`
	PreferredMaintenanceWindow       string              `json:"preferredMaintenanceWindow,omitempty"`
	AllowMajorVersionUpgrade         *bool               `json:"allowMajorVersionUpgrade,omitempty"`
	ApplyImmediately                 *bool               `json:"applyImmediately,omitempty"`
	DeletionProtection               *bool               `json:"deletionProtection,omitempty"`
	SkipFinalSnapshot                *bool               `json:"skipFinalSnapshot,omitempty"`
	FinalSnapshotIdentifier          string              `json:"finalSnapshotIdentifier,omitempty"`
	CopyTagsToSnapshot               *bool               `json:"copyTagsToSnapshot,omitempty"`
	DeleteAutomatedBackups           *bool               `json:"deleteAutomatedBackups,omitempty"`
	EnabledCloudwatchLogsExports     []string            `json:"enabledCloudwatchLogsExports,omitempty"`
	IAMDatabaseAuthenticationEnabled *bool               `json:"iamDatabaseAuthenticationEnabled,omitempty"`
	SnapshotIdentifier               string              `json:"snapshotIdentifier,omitempty"`
	RestoreToPointInTime             *ClusterPointInTime `json:"restoreToPointInTime,omitempty"`
	Tags                             map[string]string   `json:"tags,omitempty"`
}

// ServerlessV2 bounds the capacity of a cluster's db.serverless instances, in Aurora capacity units (about 2 GiB each).
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html
//
// +goldenpath:encode
type ServerlessV2 struct {
	MinCapacity *float64 `json:"minCapacity,omitempty"`
	MaxCapacity *float64 `json:"maxCapacity,omitempty"`
	// SecondsUntilAutoPause of an idle instance, 300 to 86400. It goes with a MinCapacity of 0 alone.
	SecondsUntilAutoPause *int64 `json:"secondsUntilAutoPause,omitempty"`
}

// ClusterPointInTime is a moment of another cluster to restore.
//
// +goldenpath:encode
type ClusterPointInTime struct {
	SourceClusterIdentifier string `json:"sourceClusterIdentifier"`
	// RestoreToTime in UTC, as RFC 3339 writes it.
	RestoreToTime           string `json:"restoreToTime,omitempty"`
	UseLatestRestorableTime *bool  `json:"useLatestRestorableTime,omitempty"`
}

// ClusterInstance is one server of an Aurora DB cluster. Its cloud name is its metadata.name.
//
// +goldenpath:encode
// +goldenpath:kind service=rds.aws kind=ClusterInstance legacy=v1beta1 namespaced=v1beta1
type ClusterInstance struct {
	Region                             string `json:"region"`
	ClusterIdentifier                  string `json:"clusterIdentifier"`
	Engine                             string `json:"engine"`
	InstanceClass                      string `json:"instanceClass"`
	DBSubnetGroupName                  string `json:"dbSubnetGroupName,omitempty"`
	PubliclyAccessible                 *bool  `json:"publiclyAccessible,omitempty"`
	PromotionTier                      *int64 `json:"promotionTier,omitempty"`
	AutoMinorVersionUpgrade            *bool  `json:"autoMinorVersionUpgrade,omitempty"`
	ApplyImmediately                   *bool  `json:"applyImmediately,omitempty"`
	PreferredMaintenanceWindow         string `json:"preferredMaintenanceWindow,omitempty"`
	CopyTagsToSnapshot                 *bool  `json:"copyTagsToSnapshot,omitempty"`
	PerformanceInsightsEnabled         *bool  `json:"performanceInsightsEnabled,omitempty"`
	PerformanceInsightsKMSKeyID        string `json:"performanceInsightsKmsKeyId,omitempty"`
	PerformanceInsightsRetentionPeriod *int64 `json:"performanceInsightsRetentionPeriod,omitempty"`
	// MonitoringInterval of Enhanced Monitoring in seconds.
	MonitoringInterval *int64            `json:"monitoringInterval,omitempty"`
	MonitoringRoleARN  string            `json:"monitoringRoleArn,omitempty"`
	Tags               map[string]string `json:"tags,omitempty"`
}

// SubnetGroup is a DB subnet group. Its cloud name is its metadata.name.
//
// +goldenpath:encode
// +goldenpath:kind service=rds.aws kind=SubnetGroup legacy=v1beta1 namespaced=v1beta1
type SubnetGroup struct {
	Region      string            `json:"region"`
	Description string            `json:"description,omitempty"`
	SubnetIDs   []string          `json:"subnetIds,omitempty"`
	Tags        map[string]string `json:"tags,omitempty"`
}

// ParameterGroup is a DB parameter group. Its cloud name is its metadata.name.
//
// +goldenpath:encode
// +goldenpath:kind service=rds.aws kind=ParameterGroup legacy=v1beta1 namespaced=v1beta1
type ParameterGroup struct {
	Region      string            `json:"region"`
	Family      string            `json:"family"`
	Description string            `json:"description,omitempty"`
	Parameter   []Parameter       `json:"parameter,omitempty"`
	Tags        map[string]string `json:"tags,omitempty"`
}

// ClusterParameterGroup is a DB cluster parameter group. Its cloud name is its metadata.name.
//
// +goldenpath:encode
// +goldenpath:kind service=rds.aws kind=ClusterParameterGroup legacy=v1beta1 namespaced=v1beta1
type ClusterParameterGroup struct {
	Region      string            `json:"region"`
	Family      string            `json:"family"`
	Description string            `json:"description,omitempty"`
	Parameter   []Parameter       `json:"parameter,omitempty"`
	Tags        map[string]string `json:"tags,omitempty"`
}

// Parameter is one setting of a parameter group.
//
// +goldenpath:encode
type Parameter struct {
	Name string `json:"name"`
	// Value is always a string.
	Value string `json:"value"`
	// ApplyMethod is immediate or pending-reboot.
	ApplyMethod string `json:"applyMethod,omitempty"`
}
