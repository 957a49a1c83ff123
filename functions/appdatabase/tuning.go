package appdatabase

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/appdatabase/window"
)

// with lays the input of the composition step over the catalog. The same mistakes always give the same sentence: tables are
// gone through in the order of their names.
func (c catalog) with(in *inputv1.Input) (catalog, error) {
	c.caBundles, c.snapshots, c.permissionsBoundary = in.CABundles, in.Snapshots, in.PermissionsBoundary
	if len(in.Sizes)+len(in.Engines)+len(in.Tiers) == 0 {
		return c, nil
	}
	c.sizes, c.engines, c.tiers = maps.Clone(c.sizes), maps.Clone(c.engines), maps.Clone(c.tiers)
	for _, step := range []func(*inputv1.Input) error{c.tuneSizes, c.tuneEngines, c.tuneTiers} {
		if err := step(in); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (c catalog) tuneSizes(in *inputv1.Input) error {
	for _, name := range slices.Sorted(maps.Keys(in.Sizes)) {
		size := in.Sizes[name]
		if size.InstanceClass == "" || size.StorageGiB < 20 || size.MaxStorageGiB < size.StorageGiB {
			return fmt.Errorf("sizes.%s: needs instanceClass, storageGiB of 20 or more, and maxStorageGiB of storageGiB or more", name)
		}
		if err := checkAurora(size.Aurora); err != nil {
			return fmt.Errorf("sizes.%s.aurora: %w", name, err)
		}
		if size.PerformanceInsights == nil {
			size.PerformanceInsights = ptr(true)
		}
		if size.Aurora == nil {
			size.Aurora = c.sizes[name].Aurora
		}
		c.sizes[name] = size
	}
	return nil
}

func checkAurora(size *inputv1.AuroraSize) error {
	switch {
	case size == nil:
		return nil
	case (size.InstanceClass == classServerless) != (size.Serverless != nil):
		return errors.New("serverless goes with the instanceClass db.serverless, and with no other")
	case size.Serverless == nil:
		return nil
	}
	_, err := capacityOf(size.Serverless)
	return err
}

func (c catalog) tuneEngines(in *inputv1.Input) error {
	for _, name := range slices.Sorted(maps.Keys(in.Engines)) {
		engine := v1.DatabaseEngine(name)
		base, ok := c.engines[engine]
		if !ok {
			return fmt.Errorf("engines.%s: unknown engine; write one of %s", name, choices(c.engines))
		}
		merged, err := mergeEngine(base, in.Engines[name], facts()[engine])
		if err != nil {
			return fmt.Errorf("engines.%s.%w", name, err)
		}
		for _, parameter := range slices.Sorted(maps.Keys(merged.Parameters)) {
			if err := c.parameters.Check(name, parameter, merged.Parameters[parameter]); err != nil {
				return fmt.Errorf("engines.%s.parameters[%q]: %w", name, parameter, err)
			}
		}
		if err := c.parameters.Twice(name, slices.Collect(maps.Keys(merged.Parameters))); err != nil {
			return fmt.Errorf("engines.%s.parameters: %w", name, err)
		}
		c.engines[engine] = merged
	}
	return nil
}

func mergeEngine(base, over inputv1.Engine, f engineFacts) (inputv1.Engine, error) {
	merged := inputv1.Engine{
		DefaultVersion: first(over.DefaultVersion, base.DefaultVersion), Versions: base.Versions,
		Parameters: over.Parameters, MaxReplicas: over.MaxReplicas, ExtendedSupport: firstPtr(over.ExtendedSupport, base.ExtendedSupport),
	}
	if over.Versions != nil {
		merged.Versions = over.Versions
	}
	if most := merged.MaxReplicas; most != nil && (*most < 0 || *most > maxReplicas) {
		return merged, fmt.Errorf("maxReplicas: %d is not between 0 and %d", *most, maxReplicas)
	}
	for _, version := range slices.Sorted(maps.Keys(merged.Versions)) {
		if len(strings.Split(version, ".")) != f.versionParts {
			return merged, fmt.Errorf("versions.%s: is not a major version, which has %d number(s) here; minor upgrades are automatic",
				version, f.versionParts)
		}
		if merged.Versions[version].Family == "" {
			return merged, fmt.Errorf("versions.%s: needs the family of its parameter group, such as postgres17", version)
		}
	}
	if merged.ExtendedSupport != nil && *merged.ExtendedSupport && !f.extendedSupport {
		return merged, errors.New("extendedSupport: RDS has none for the engine. Remove it")
	}
	if _, ok := merged.Versions[merged.DefaultVersion]; !ok {
		return merged, fmt.Errorf("defaultVersion: %q is not among its versions; write one of %s",
			merged.DefaultVersion, choices(merged.Versions))
	}
	return merged, nil
}

func (c catalog) tuneTiers(in *inputv1.Input) error {
	for _, name := range slices.Sorted(maps.Keys(in.Tiers)) {
		tier := in.Tiers[name]
		base, ok := c.tiers[pipelinev1.EnvironmentType(name)]
		if !ok {
			return fmt.Errorf("tiers.%s: unknown tier; write one of %s", name, choices(c.tiers))
		}
		if days := tier.BackupRetentionDays; days != nil && (*days < 1 || *days > 35) {
			return fmt.Errorf("tiers.%s.backupRetentionDays: %d is not between 1 and 35, which RDS keeps", name, *days)
		}
		if days := tier.LogRetentionDays; days != nil && !slices.Contains(logRetentions(), *days) {
			return fmt.Errorf("tiers.%s.logRetentionDays: %d is not a number of days that CloudWatch offers, such as 7, 30, 90 or 365", name, *days)
		}
		merged := mergeTier(base, tier)
		if err := checkTier(merged); err != nil {
			return fmt.Errorf("tiers.%s%w", name, err)
		}
		c.tiers[pipelinev1.EnvironmentType(name)] = merged
	}
	return nil
}

// logRetentions are the days that CloudWatch offers.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
func logRetentions() []int64 {
	return []int64{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
}

// checkTier says what RDS would refuse. The error begins with the field, or with a colon.
func checkTier(t inputv1.Tier) error {
	if err := window.Check(t.BackupWindow, t.MaintenanceWindow); err != nil {
		return fmt.Errorf(": %w", err)
	}
	if pause := *t.PauseAfterSeconds; pause != 0 && (pause < shortestPause || pause > longestPause) {
		return fmt.Errorf(".pauseAfterSeconds: %d is not between %d and %d, and not 0, which is never", pause, shortestPause, longestPause)
	}
	if every := *t.MonitoringIntervalSeconds; !slices.Contains([]int64{0, 1, 5, 10, 15, 30, 60}, every) {
		return fmt.Errorf(
			".monitoringIntervalSeconds: RDS does not monitor every %d seconds. Write 1, 5, 10, 15, 30 or 60, or 0 for never", every)
	}
	return nil
}

func mergeTier(base, over inputv1.Tier) inputv1.Tier {
	return inputv1.Tier{
		MultiAZ:              firstPtr(over.MultiAZ, base.MultiAZ),
		BackupRetentionDays:  firstPtr(over.BackupRetentionDays, base.BackupRetentionDays),
		DeletionProtection:   firstPtr(over.DeletionProtection, base.DeletionProtection),
		FinalSnapshot:        firstPtr(over.FinalSnapshot, base.FinalSnapshot),
		KeepAutomatedBackups: firstPtr(over.KeepAutomatedBackups, base.KeepAutomatedBackups),
		ApplyImmediately:     firstPtr(over.ApplyImmediately, base.ApplyImmediately),
		LogRetentionDays:     firstPtr(over.LogRetentionDays, base.LogRetentionDays),
		KeepLogs:             firstPtr(over.KeepLogs, base.KeepLogs),
		BackupWindow:         first(over.BackupWindow, base.BackupWindow),
		MaintenanceWindow:    first(over.MaintenanceWindow, base.MaintenanceWindow),

		PauseAfterSeconds:         firstPtr(over.PauseAfterSeconds, base.PauseAfterSeconds),
		MonitoringIntervalSeconds: firstPtr(over.MonitoringIntervalSeconds, base.MonitoringIntervalSeconds),
	}
}
