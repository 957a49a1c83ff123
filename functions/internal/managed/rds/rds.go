// Package rds holds the parameters of the rds.aws managed resources that we compose.
package rds

import "github.com/goldenpath-dev/goldenpath/functions/internal/managed"

// Instance is a DB instance.
//
// +goldenpath:encode
// +goldenpath:kind service=rds.aws kind=Instance legacy=v1beta3 namespaced=v1beta1
type Instance struct {
	Region                             string                `json:"region"`
	Identifier                         string                `json:"identifier"`
	Engine                             string                `json:"engine"`
	EngineVersion                      string                `json:"engineVersion"`
	InstanceClass                      string                `json:"instanceClass"`
	DBName                             string                `json:"dbName,omitempty"`
	Username                           string                `json:"username,omitempty"`
	AutoGeneratePassword               *bool                 `json:"autoGeneratePassword,omitempty"`
	PasswordSecretRef                  *managed.SecretKeyRef `json:"passwordSecretRef,omitempty"`
	Port                               *int64                `json:"port,omitempty"`
	AllocatedStorage                   *int64                `json:"allocatedStorage,omitempty"`
	MaxAllocatedStorage                *int64                `json:"maxAllocatedStorage,omitempty"`
	StorageType                        string                `json:"storageType,omitempty"`
	StorageEncrypted                   *bool                 `json:"storageEncrypted,omitempty"`
	KMSKeyID                           string                `json:"kmsKeyId,omitempty"`
	MultiAZ                            *bool                 `json:"multiAz,omitempty"`
	PubliclyAccessible                 *bool                 `json:"publiclyAccessible,omitempty"`
	DBSubnetGroupName                  string                `json:"dbSubnetGroupName,omitempty"`
	VPCSecurityGroupIDs                []string              `json:"vpcSecurityGroupIds,omitempty"`
	ParameterGroupName                 string                `json:"parameterGroupName,omitempty"`
	BackupRetentionPeriod              *int64                `json:"backupRetentionPeriod,omitempty"`
	BackupWindow                       string                `json:"backupWindow,omitempty"`
	MaintenanceWindow                  string                `json:"maintenanceWindow,omitempty"`
	AutoMinorVersionUpgrade            *bool                 `json:"autoMinorVersionUpgrade,omitempty"`
	AllowMajorVersionUpgrade           *bool                 `json:"allowMajorVersionUpgrade,omitempty"`
	ApplyImmediately                   *bool                 `json:"applyImmediately,omitempty"`
	DeletionProtection                 *bool                 `json:"deletionProtection,omitempty"`
	SkipFinalSnapshot                  *bool                 `json:"skipFinalSnapshot,omitempty"`
	FinalSnapshotIdentifier            string                `json:"finalSnapshotIdentifier,omitempty"`
	CopyTagsToSnapshot                 *bool                 `json:"copyTagsToSnapshot,omitempty"`
	DeleteAutomatedBackups             *bool                 `json:"deleteAutomatedBackups,omitempty"`
	PerformanceInsightsEnabled         *bool                 `json:"performanceInsightsEnabled,omitempty"`
	PerformanceInsightsKMSKeyID        string                `json:"performanceInsightsKmsKeyId,omitempty"`
	PerformanceInsightsRetentionPeriod *int64                `json:"performanceInsightsRetentionPeriod,omitempty"`
	EnabledCloudwatchLogsExports       []string              `json:"enabledCloudwatchLogsExports,omitempty"`
	Tags                               map[string]string     `json:"tags,omitempty"`
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
