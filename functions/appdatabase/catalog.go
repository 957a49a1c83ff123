package appdatabase

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
)

// defaultSecretNamespace holds the Secrets of cluster-scoped managed resources: out of the developers' reach.
const defaultSecretNamespace = "crossplane-system"

// catalog is all data that a platform team may tune.
type catalog struct {
	sizes   map[string]inputv1.Size
	engines map[v1.DatabaseEngine]inputv1.Engine
	tiers   map[pipelinev1.EnvironmentType]inputv1.Tier
}

// engineFacts are what RDS asks of an engine. They are not tunable: turning TLS off is not a preference.
type engineFacts struct {
	port int64
	// tls is the parameter that refuses connections without TLS.
	tlsParameter, tlsValue string
	// logs that RDS can export.
	logs []string
	// vaultPlugin is the database plugin of Vault.
	vaultPlugin string
	// versionParts is how many numbers a major version has.
	versionParts int
	// bindingType is the type of the Service Binding specification.
	bindingType string
	// uri and jdbc take host, port and database, in this order. Clients are told to verify the server, not only to encrypt.
	uri, jdbc string
}

// facts of the engines.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
func facts() map[v1.DatabaseEngine]engineFacts {
	return map[v1.DatabaseEngine]engineFacts{
		v1.EnginePostgres: {
			port: 5432, versionParts: 1, tlsParameter: "rds.force_ssl", tlsValue: "1",
			logs: []string{"postgresql", "upgrade"}, vaultPlugin: "postgresql", bindingType: "postgresql",
			uri:  "postgresql://%s%s:%d/%s?sslmode=verify-full",
			jdbc: "jdbc:postgresql://%s:%d/%s?sslmode=verify-full",
		},
		v1.EngineMySQL: {
			port: 3306, versionParts: 2, tlsParameter: "require_secure_transport", tlsValue: "ON",
			logs: []string{"error", "slowquery"}, vaultPlugin: "mysql", bindingType: "mysql",
			uri:  "mysql://%s%s:%d/%s?ssl-mode=VERIFY_IDENTITY",
			jdbc: "jdbc:mysql://%s:%d/%s?sslMode=VERIFY_IDENTITY",
		},
	}
}

// defaultCatalog is what is on offer without any input.
func defaultCatalog() catalog {
	yes, no := ptr(true), ptr(false)
	return catalog{
		sizes: map[string]inputv1.Size{
			"small":  {InstanceClass: "db.t4g.medium", StorageGiB: 20, MaxStorageGiB: 100, PerformanceInsights: yes},
			"medium": {InstanceClass: "db.m7g.large", StorageGiB: 100, MaxStorageGiB: 500, PerformanceInsights: yes},
			"large":  {InstanceClass: "db.r7g.xlarge", StorageGiB: 400, MaxStorageGiB: 2000, PerformanceInsights: yes},
			"xlarge": {InstanceClass: "db.r7g.4xlarge", StorageGiB: 1000, MaxStorageGiB: 5000, PerformanceInsights: yes},
		},
		engines: map[v1.DatabaseEngine]inputv1.Engine{
			v1.EnginePostgres: {DefaultVersion: "17", Versions: map[string]inputv1.Version{
				"15": {Family: "postgres15"}, "16": {Family: "postgres16"}, "17": {Family: "postgres17"},
			}},
			v1.EngineMySQL: {DefaultVersion: "8.4", Versions: map[string]inputv1.Version{"8.4": {Family: "mysql8.4"}}},
		},
		tiers: map[pipelinev1.EnvironmentType]inputv1.Tier{
			pipelinev1.EnvironmentDev: {
				MultiAZ: no, BackupRetentionDays: ptr[int64](3), DeletionProtection: no, FinalSnapshot: yes,
				KeepAutomatedBackups: no, ApplyImmediately: yes,
				BackupWindow: "02:00-03:00", MaintenanceWindow: "sun:03:30-sun:04:30",
			},
			pipelinev1.EnvironmentPreview: {
				MultiAZ: no, BackupRetentionDays: ptr[int64](1), DeletionProtection: no, FinalSnapshot: no,
				KeepAutomatedBackups: no, ApplyImmediately: yes,
				BackupWindow: "02:00-03:00", MaintenanceWindow: "sun:03:30-sun:04:30",
			},
			pipelinev1.EnvironmentStaging: {
				MultiAZ: no, BackupRetentionDays: ptr[int64](7), DeletionProtection: no, FinalSnapshot: yes,
				KeepAutomatedBackups: no, ApplyImmediately: yes,
				BackupWindow: "02:00-03:00", MaintenanceWindow: "sun:03:30-sun:04:30",
			},
			pipelinev1.EnvironmentProduction: {
				MultiAZ: yes, BackupRetentionDays: ptr[int64](30), DeletionProtection: yes, FinalSnapshot: yes,
				KeepAutomatedBackups: yes, ApplyImmediately: no,
				BackupWindow: "02:00-03:00", MaintenanceWindow: "sun:03:30-sun:04:30",
			},
		},
	}
}

// with lays the input of the composition step over the catalog.
func (c catalog) with(in *inputv1.Input) (catalog, error) {
	if len(in.Sizes)+len(in.Engines)+len(in.Tiers) == 0 {
		return c, nil
	}
	c = catalog{sizes: maps.Clone(c.sizes), engines: maps.Clone(c.engines), tiers: maps.Clone(c.tiers)}
	// In the order of their names: the same mistakes always give the same sentence.
	for _, name := range slices.Sorted(maps.Keys(in.Sizes)) {
		size := in.Sizes[name]
		if size.InstanceClass == "" || size.StorageGiB < 20 || size.MaxStorageGiB < size.StorageGiB {
			return c, fmt.Errorf("sizes.%s: needs instanceClass, storageGiB of 20 or more, and maxStorageGiB of storageGiB or more", name)
		}
		if size.PerformanceInsights == nil {
			size.PerformanceInsights = ptr(true)
		}
		c.sizes[name] = size
	}
	for _, name := range slices.Sorted(maps.Keys(in.Engines)) {
		base, ok := c.engines[v1.DatabaseEngine(name)]
		if !ok {
			return c, fmt.Errorf("engines.%s: unknown engine; write one of %s", name, choices(c.engines))
		}
		merged, err := mergeEngine(base, in.Engines[name], facts()[v1.DatabaseEngine(name)].versionParts)
		if err != nil {
			return c, fmt.Errorf("engines.%s.%w", name, err)
		}
		c.engines[v1.DatabaseEngine(name)] = merged
	}
	for _, name := range slices.Sorted(maps.Keys(in.Tiers)) {
		tier := in.Tiers[name]
		base, ok := c.tiers[pipelinev1.EnvironmentType(name)]
		if !ok {
			return c, fmt.Errorf("tiers.%s: unknown tier; write one of %s", name, choices(c.tiers))
		}
		if days := tier.BackupRetentionDays; days != nil && (*days < 1 || *days > 35) {
			return c, fmt.Errorf("tiers.%s.backupRetentionDays: %d is not between 1 and 35, which RDS keeps", name, *days)
		}
		c.tiers[pipelinev1.EnvironmentType(name)] = mergeTier(base, tier)
	}
	return c, nil
}

func mergeEngine(base, over inputv1.Engine, parts int) (inputv1.Engine, error) {
	merged := inputv1.Engine{DefaultVersion: first(over.DefaultVersion, base.DefaultVersion), Versions: base.Versions}
	if over.Versions != nil {
		merged.Versions = over.Versions
	}
	for _, version := range slices.Sorted(maps.Keys(merged.Versions)) {
		if len(strings.Split(version, ".")) != parts {
			return merged, fmt.Errorf("versions.%s: is not a major version, which has %d number(s) here; minor upgrades are automatic",
				version, parts)
		}
		if merged.Versions[version].Family == "" {
			return merged, fmt.Errorf("versions.%s: needs the family of its parameter group, such as postgres17", version)
		}
	}
	if _, ok := merged.Versions[merged.DefaultVersion]; !ok {
		return merged, fmt.Errorf("defaultVersion: %q is not among its versions; write one of %s",
			merged.DefaultVersion, choices(merged.Versions))
	}
	return merged, nil
}

func mergeTier(base, over inputv1.Tier) inputv1.Tier {
	return inputv1.Tier{
		MultiAZ:              firstPtr(over.MultiAZ, base.MultiAZ),
		BackupRetentionDays:  firstPtr(over.BackupRetentionDays, base.BackupRetentionDays),
		DeletionProtection:   firstPtr(over.DeletionProtection, base.DeletionProtection),
		FinalSnapshot:        firstPtr(over.FinalSnapshot, base.FinalSnapshot),
		KeepAutomatedBackups: firstPtr(over.KeepAutomatedBackups, base.KeepAutomatedBackups),
		ApplyImmediately:     firstPtr(over.ApplyImmediately, base.ApplyImmediately),
		BackupWindow:         first(over.BackupWindow, base.BackupWindow),
		MaintenanceWindow:    first(over.MaintenanceWindow, base.MaintenanceWindow),
	}
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
