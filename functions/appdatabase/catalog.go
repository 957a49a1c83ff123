package appdatabase

import (
	"maps"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/parameters"
	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/window"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tier"
)

// defaultSecretNamespace holds the Secrets of cluster-scoped managed resources: out of the developers' reach.
const defaultSecretNamespace = "crossplane-system"

// catalog is all data that a platform team may tune.
type catalog struct {
	sizes   map[string]inputv1.Size
	engines map[v1.DatabaseEngine]inputv1.Engine
	tiers   map[pipelinev1.EnvironmentType]inputv1.Tier
	// nights are when the windows lie that nobody says.
	nights map[pipelinev1.EnvironmentType]window.Night
	// parameters is what is known of the engines' parameters.
	parameters parameters.Table
	// caBundles in PEM, by region.
	caBundles map[string]string
	// permissionsBoundary of the IAM roles, with {partition} and {accountId} in it.
	permissionsBoundary string
	// snapshots that namespaces may restore from, beside their own.
	snapshots []inputv1.SnapshotRule
}

// maxReplicas is what the schema admits.
const maxReplicas = 5

// defaultCatalog is what is on offer without any input. New databases get the major version before the newest one.
//
// https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MariaDB.Concepts.VersionMgmt.html
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraMySQLReleaseNotes/AuroraMySQL.Updates.84Updates.html
func defaultCatalog() catalog {
	yes := ptr(true)
	return catalog{
		sizes: map[string]inputv1.Size{
			"small": {
				InstanceClass: "db.t4g.medium", StorageGiB: 20, MaxStorageGiB: 100, PerformanceInsights: yes,
				// The smallest class with a size of its own has 16 GiB of memory, and AWS advises against burstable ones in production.
				// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.Types.html
				Aurora: &inputv1.AuroraSize{
					InstanceClass: classServerless, Serverless: &inputv1.Serverless{MinCapacity: "2", MaxCapacity: "4"},
				},
			},
			"medium": {
				InstanceClass: "db.m7g.large", StorageGiB: 100, MaxStorageGiB: 500, PerformanceInsights: yes,
				Aurora: &inputv1.AuroraSize{InstanceClass: "db.r7g.large"},
			},
			"large": {
				InstanceClass: "db.r7g.xlarge", StorageGiB: 400, MaxStorageGiB: 2000, PerformanceInsights: yes,
				Aurora: &inputv1.AuroraSize{InstanceClass: "db.r7g.xlarge"},
			},
			"xlarge": {
				InstanceClass: "db.r7g.4xlarge", StorageGiB: 1000, MaxStorageGiB: 5000, PerformanceInsights: yes,
				Aurora: &inputv1.AuroraSize{InstanceClass: "db.r7g.4xlarge"},
			},
		},
		engines: map[v1.DatabaseEngine]inputv1.Engine{
			v1.EnginePostgres: {DefaultVersion: "17", Versions: families("postgres", "15", "16", "17", "18")},
			// RDS charges Extended Support for MySQL 8.0 since August 2026.
			v1.EngineMySQL:   {DefaultVersion: "8.4", Versions: families("mysql", "8.4", "9.7")},
			v1.EngineMariaDB: {DefaultVersion: "11.4", Versions: families("mariadb", "10.11", "11.4", "11.8")},
			v1.EngineAuroraPostgreSQL: {
				DefaultVersion: "17", Versions: families("aurora-postgresql", "15", "16", "17", "18"),
			},
			v1.EngineAuroraMySQL: {DefaultVersion: "8.0", Versions: families("aurora-mysql", "8.0", "8.4")},
		},
		tiers: defaultTiers(), nights: defaultNights(),
	}
}

// families of the parameter groups of an engine's versions.
func families(engine string, versions ...string) map[string]inputv1.Version {
	out := make(map[string]inputv1.Version, len(versions))
	for _, version := range versions {
		out[version] = inputv1.Version{Family: engine + version}
	}
	return out
}

// defaultTiers are those of every kind, in the form in which an input changes them.
func defaultTiers() map[pipelinev1.EnvironmentType]inputv1.Tier {
	tiers := tier.Tiers()
	out := make(map[pipelinev1.EnvironmentType]inputv1.Tier, len(tiers))
	for name, t := range tiers {
		db := t.Database
		out[name] = inputv1.Tier{
			MultiAZ: &db.MultiAZ, BackupRetentionDays: &db.BackupRetentionDays, DeletionProtection: &db.DeletionProtection,
			FinalSnapshot: &db.FinalSnapshot, KeepAutomatedBackups: &db.KeepAutomatedBackups, ApplyImmediately: &db.ApplyImmediately,
			LogRetentionDays: &db.LogRetentionDays, KeepLogs: &db.KeepLogs,
			PauseAfterSeconds: &db.PauseAfterSeconds, MonitoringIntervalSeconds: &db.MonitoringIntervalSeconds,
		}
	}
	return out
}

// defaultNights are when databases have their windows unless somebody says them. A test reads the table.
func defaultNights() map[pipelinev1.EnvironmentType]window.Night {
	nights := map[pipelinev1.EnvironmentType]window.Night{}
	for name, t := range tier.Tiers() {
		backup, backupErr := window.Backup(t.Database.BackupNight)
		maintenance, maintenanceErr := window.Maintenance(t.Database.MaintenanceNight)
		if backupErr == nil && maintenanceErr == nil {
			nights[name] = window.Night{Backup: backup, Maintenance: maintenance}
		}
	}
	return nights
}

// choices lists the keys of a table for a message.
func choices[K ~string, V any](table map[K]V) string {
	names := make([]string, 0, len(table))
	for k := range maps.Keys(table) {
		names = append(names, string(k))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func ptr[T any](v T) *T { return &v }

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func firstPtr[T any](values ...*T) *T {
	for _, v := range values {
		if v != nil {
			return v
		}
	}
	return nil
}
