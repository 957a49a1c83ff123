// Package tier is the one table of what the types of environments mean, for every kind. A platform team changes it in the input of each
// function.
package tier

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// Tier is what a type of environments means. A Network says itself what it is: one serves environments of several types.
type Tier struct {
	Environment Environment
	Database    Database
}

// Environment is what a type means for an Environment.
type Environment struct {
	// PodSecurity level that the workload namespace enforces.
	PodSecurity string
	// TeamRole is the ClusterRole that the owner's group has in the workload namespace.
	TeamRole string
	// CPU, Memory and Storage of the quota, in quantities, and Pods.
	CPU, Memory, Storage string
	Pods                 int64
	// Most that a claim may ask for.
	Most Quota
	// DeletionProtection unless the claim says otherwise.
	DeletionProtection bool
	// KeyDeletable says that the KMS key may go with the environment.
	KeyDeletable bool
}

// Quota is an amount of each, in quantities of Kubernetes.
type Quota struct {
	CPU, Memory, Storage string
	Pods                 int64
}

// Database is what a type means for an AppDatabase.
type Database struct {
	// MultiAZ keeps a standby in a second zone.
	MultiAZ bool
	// BackupRetentionDays of automated backups.
	BackupRetentionDays int64
	// DeletionProtection unless the claim says otherwise.
	DeletionProtection bool
	// FinalSnapshot when the database is deleted.
	FinalSnapshot bool
	// KeepAutomatedBackups after the database is deleted, until they expire.
	KeepAutomatedBackups bool
	// ApplyImmediately instead of in the maintenance window.
	ApplyImmediately bool
	// LogRetentionDays of what the database logs.
	LogRetentionDays int64
	// KeepLogs after the database is deleted, until they expire.
	KeepLogs bool
	// BackupNight and MaintenanceNight in UTC: every database has an hour of each, spread over all databases.
	BackupNight, MaintenanceNight string
	// PauseAfterSeconds is how long a serverless database is idle before it pauses. Zero: never.
	PauseAfterSeconds int64
	// MonitoringIntervalSeconds of Enhanced Monitoring. Zero: none.
	MonitoringIntervalSeconds int64
}

// Pod Security levels.
// https://kubernetes.io/docs/concepts/security/pod-security-standards/
const (
	Baseline   = "baseline"
	Restricted = "restricted"
)

// ClusterRoles that every cluster has.
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
const (
	Edit = "edit"
	View = "view"
)

// backupNight is a night in Europe. Maintenance follows it.
const backupNight = "00:00-03:00"

// Tiers by the type of the environment. Every type has one.
//
// Staging is what production is rehearsed in: it has production's Pod Security, so that a pod that is admitted in the one is admitted in
// the other. In dev and in previews images are tried out that nobody has hardened yet; what would not pass later is warned of.
//
// People change production through what is reviewed, so there they look only.
//
// A key is deletable in previews only: elsewhere snapshots outlive the environment, and without their key they are lost.
//
// A team may ask for ten times what its type has, unless the platform team says otherwise.
//
// What RDS changes in maintenance reaches production last in the week.
func Tiers() map[pipelinev1.EnvironmentType]Tier {
	return map[pipelinev1.EnvironmentType]Tier{
		pipelinev1.EnvironmentDev: {
			Environment: Environment{
				PodSecurity: Baseline, TeamRole: Edit, CPU: "8", Memory: "16Gi", Storage: "100Gi", Pods: 50,
				Most: Quota{CPU: "80", Memory: "160Gi", Storage: "1000Gi", Pods: 500},
			},
			Database: Database{
				BackupRetentionDays: 3, FinalSnapshot: true, ApplyImmediately: true, LogRetentionDays: 7, KeepLogs: true,
				BackupNight: backupNight, MaintenanceNight: "mon:03:00-mon:06:00", PauseAfterSeconds: 900,
			},
		},
		pipelinev1.EnvironmentPreview: {
			Environment: Environment{
				PodSecurity: Baseline, TeamRole: Edit, CPU: "4", Memory: "8Gi", Storage: "50Gi", Pods: 30, KeyDeletable: true,
				Most: Quota{CPU: "40", Memory: "80Gi", Storage: "500Gi", Pods: 300},
			},
			Database: Database{
				BackupRetentionDays: 1, ApplyImmediately: true, LogRetentionDays: 7,
				BackupNight: backupNight, MaintenanceNight: "mon:03:00-mon:06:00", PauseAfterSeconds: 300,
			},
		},
		pipelinev1.EnvironmentStaging: {
			Environment: Environment{
				PodSecurity: Restricted, TeamRole: Edit, CPU: "16", Memory: "32Gi", Storage: "200Gi", Pods: 100,
				Most: Quota{CPU: "160", Memory: "320Gi", Storage: "2000Gi", Pods: 1000},
			},
			Database: Database{
				BackupRetentionDays: 7, FinalSnapshot: true, ApplyImmediately: true, LogRetentionDays: 30, KeepLogs: true,
				BackupNight: backupNight, MaintenanceNight: "wed:03:00-wed:06:00",
			},
		},
		pipelinev1.EnvironmentProduction: {
			Environment: Environment{
				PodSecurity: Restricted, TeamRole: View, CPU: "64", Memory: "128Gi", Storage: "1000Gi", Pods: 400, DeletionProtection: true,
				Most: Quota{CPU: "640", Memory: "1280Gi", Storage: "10000Gi", Pods: 4000},
			},
			Database: Database{
				MultiAZ: true, BackupRetentionDays: 30, DeletionProtection: true, FinalSnapshot: true, KeepAutomatedBackups: true,
				LogRetentionDays: 365, KeepLogs: true,
				BackupNight: backupNight, MaintenanceNight: "sun:03:00-sun:06:00", MonitoringIntervalSeconds: 60,
			},
		},
	}
}
