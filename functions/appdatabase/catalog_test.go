package appdatabase

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
)

// What is on offer without any input is itself in order.
func TestDefaultCatalog(t *testing.T) {
	t.Parallel()
	c := defaultCatalog()
	for name, size := range c.sizes {
		if size.InstanceClass == "" || size.StorageGiB < 20 || size.MaxStorageGiB*10 < size.StorageGiB*11 || size.PerformanceInsights == nil {
			t.Errorf("size %s: %+v", name, size)
		}
	}
	for name, engine := range c.engines {
		if _, ok := engine.Versions[engine.DefaultVersion]; !ok {
			t.Errorf("engine %s: default version %q is not on offer", name, engine.DefaultVersion)
		}
		for version, v := range engine.Versions {
			if v.Family != string(name)+version {
				t.Errorf("engine %s: version %s has the family %q", name, version, v.Family)
			}
		}
		if f, ok := facts()[name]; !ok || f.port == 0 || f.tlsParameter == "" || f.dialect == "" || f.bindingType == "" || len(f.logs) == 0 {
			t.Errorf("engine %s: %+v", name, f)
		}
	}
	for _, name := range []pipelinev1.EnvironmentType{
		pipelinev1.EnvironmentDev, pipelinev1.EnvironmentPreview, pipelinev1.EnvironmentStaging, pipelinev1.EnvironmentProduction,
	} {
		tier := c.tiers[name]
		if tier.MultiAZ == nil || tier.BackupRetentionDays == nil || tier.DeletionProtection == nil || tier.FinalSnapshot == nil ||
			tier.KeepAutomatedBackups == nil || tier.ApplyImmediately == nil || tier.PauseAfterSeconds == nil || tier.MonitoringIntervalSeconds == nil {
			t.Errorf("tier %s is not complete: %+v", name, tier)
		}
		if _, ok := c.nights[name]; !ok {
			t.Errorf("tier %s has no night", name)
		}
	}
	if _, ok := c.sizes[defaultSize]; !ok {
		t.Errorf("the default size %q is not on offer", defaultSize)
	}
}

func TestCatalogOverrides(t *testing.T) {
	t.Parallel()
	yes, no := ptr(true), ptr(false)
	cases := map[string]struct {
		input inputv1.Input
		want  func(*catalog)
	}{
		"nothing": {inputv1.Input{}, func(*catalog) {}},
		"a new size": {
			inputv1.Input{Sizes: map[string]inputv1.Size{"nano": {InstanceClass: "db.t4g.micro", StorageGiB: 20, MaxStorageGiB: 40, PerformanceInsights: no}}},
			func(c *catalog) {
				c.sizes["nano"] = inputv1.Size{InstanceClass: "db.t4g.micro", StorageGiB: 20, MaxStorageGiB: 40, PerformanceInsights: no}
			}},
		"a size that is changed": {
			inputv1.Input{Sizes: map[string]inputv1.Size{"small": {InstanceClass: "db.m7g.large", StorageGiB: 50, MaxStorageGiB: 60}}},
			func(c *catalog) {
				c.sizes["small"] = inputv1.Size{
					InstanceClass: "db.m7g.large", StorageGiB: 50, MaxStorageGiB: 60, PerformanceInsights: yes, Aurora: c.sizes["small"].Aurora,
				}
			}},
		"another default version": {
			inputv1.Input{Engines: map[string]inputv1.Engine{"postgres": {DefaultVersion: "16"}}},
			func(c *catalog) {
				engine := c.engines[v1.EnginePostgres]
				engine.DefaultVersion = "16"
				c.engines[v1.EnginePostgres] = engine
			}},
		"other versions": {
			inputv1.Input{Engines: map[string]inputv1.Engine{"mysql": {DefaultVersion: "9.1", Versions: map[string]inputv1.Version{"9.1": {Family: "mysql9.1"}}}}},
			func(c *catalog) {
				c.engines[v1.EngineMySQL] = inputv1.Engine{DefaultVersion: "9.1", Versions: map[string]inputv1.Version{"9.1": {Family: "mysql9.1"}}}
			}},
		"a part of a tier": {
			inputv1.Input{Tiers: map[string]inputv1.Tier{"production": {BackupRetentionDays: ptr[int64](35), MaintenanceWindow: "mon:01:00-mon:02:00"}}},
			func(c *catalog) {
				tier := c.tiers[pipelinev1.EnvironmentProduction]
				tier.BackupRetentionDays, tier.MaintenanceWindow = ptr[int64](35), "mon:01:00-mon:02:00"
				c.tiers[pipelinev1.EnvironmentProduction] = tier
			}},
		"all of a tier": {
			inputv1.Input{Tiers: map[string]inputv1.Tier{"dev": {
				MultiAZ: yes, BackupRetentionDays: ptr[int64](1), DeletionProtection: yes, FinalSnapshot: no, KeepAutomatedBackups: yes,
				ApplyImmediately: no, LogRetentionDays: ptr[int64](90), KeepLogs: no, BackupWindow: "05:00-06:00", MaintenanceWindow: "mon:01:00-mon:02:00",
				PauseAfterSeconds: ptr[int64](600), MonitoringIntervalSeconds: ptr[int64](5),
			}}},
			func(c *catalog) {
				c.tiers[pipelinev1.EnvironmentDev] = inputv1.Tier{
					MultiAZ: yes, BackupRetentionDays: ptr[int64](1), DeletionProtection: yes, FinalSnapshot: no, KeepAutomatedBackups: yes,
					ApplyImmediately: no, LogRetentionDays: ptr[int64](90), KeepLogs: no, BackupWindow: "05:00-06:00", MaintenanceWindow: "mon:01:00-mon:02:00",
					PauseAfterSeconds: ptr[int64](600), MonitoringIntervalSeconds: ptr[int64](5),
				}
			}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			base := defaultCatalog()
			got, err := base.with(&tc.input)
			if err != nil {
				t.Fatal(err)
			}
			want := defaultCatalog()
			tc.want(&want)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(catalog{}), cmpopts.IgnoreFields(catalog{}, "parameters", "nights")); diff != "" {
				t.Errorf("with() (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(defaultCatalog(), base, cmp.AllowUnexported(catalog{}), cmpopts.IgnoreFields(catalog{}, "parameters", "nights")); diff != "" {
				t.Errorf("the input of one call changes the catalog of all others:\n%s", diff)
			}
		})
	}
}

func TestCatalogMistakes(t *testing.T) {
	t.Parallel()
	size := func(class string, from, to int64) inputv1.Input {
		return inputv1.Input{Sizes: map[string]inputv1.Size{"s": {InstanceClass: class, StorageGiB: from, MaxStorageGiB: to}}}
	}
	const badSize = "sizes.s: needs instanceClass, storageGiB of 20 or more, and maxStorageGiB of storageGiB or more"
	days := func(n int64) inputv1.Input {
		return inputv1.Input{Tiers: map[string]inputv1.Tier{"dev": {BackupRetentionDays: &n}}}
	}
	cases := map[string]struct {
		input inputv1.Input
		want  string
	}{
		"a size without class":     {size("", 20, 30), badSize},
		"too little storage":       {size("db.t4g.medium", 19, 30), badSize},
		"a maximum below":          {size("db.t4g.medium", 30, 29), badSize},
		"an engine of another set": {inputv1.Input{Engines: map[string]inputv1.Engine{"oracle": {}}}, "engines.oracle: unknown engine; write one of aurora-mysql, aurora-postgresql, mariadb, mysql, postgres"},
		"a default that is not there": {inputv1.Input{Engines: map[string]inputv1.Engine{"postgres": {DefaultVersion: "9"}}},
			`engines.postgres.defaultVersion: "9" is not among its versions; write one of 15, 16, 17, 18`},
		"versions without the default": {
			inputv1.Input{Engines: map[string]inputv1.Engine{"postgres": {Versions: map[string]inputv1.Version{"18": {Family: "postgres18"}}}}},
			`engines.postgres.defaultVersion: "17" is not among its versions; write one of 18`},
		"no versions at all": {inputv1.Input{Engines: map[string]inputv1.Engine{"postgres": {Versions: map[string]inputv1.Version{}}}},
			`engines.postgres.defaultVersion: "17" is not among its versions; write one of `},
		"a version without a family": {
			inputv1.Input{Engines: map[string]inputv1.Engine{"postgres": {DefaultVersion: "18", Versions: map[string]inputv1.Version{"18": {}}}}},
			`engines.postgres.versions.18: needs the family of its parameter group, such as postgres17`},
		"an unknown tier":              {inputv1.Input{Tiers: map[string]inputv1.Tier{"qa": {}}}, "tiers.qa: unknown tier; write one of dev, preview, production, staging"},
		"a pause too short":            {inputv1.Input{Tiers: map[string]inputv1.Tier{"dev": {PauseAfterSeconds: ptr[int64](60)}}}, "tiers.dev.pauseAfterSeconds: 60 is not between 300 and 86400, and not 0, which is never"},
		"odd seconds":                  {inputv1.Input{Tiers: map[string]inputv1.Tier{"dev": {MonitoringIntervalSeconds: ptr[int64](7)}}}, "tiers.dev.monitoringIntervalSeconds: RDS does not monitor every 7 seconds. Write 1, 5, 10, 15, 30 or 60, or 0 for never"},
		"support that MariaDB has not": {inputv1.Input{Engines: map[string]inputv1.Engine{"mariadb": {ExtendedSupport: ptr(true)}}}, "engines.mariadb.extendedSupport: RDS has none for the engine. Remove it"},
		"backups turned off":           {days(0), "tiers.dev.backupRetentionDays: 0 is not between 1 and 35, which RDS keeps"},
		"backups for ever":             {days(36), "tiers.dev.backupRetentionDays: 36 is not between 1 and 35, which RDS keeps"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if _, err := defaultCatalog().with(&tc.input); err == nil || err.Error() != tc.want {
				t.Errorf("with() = %v, want %s", err, tc.want)
			}
		})
	}
}

// Several mistakes give the same sentence on every call: core would else write a new status each time.
func TestCatalogMistakesAreToldInOrder(t *testing.T) {
	t.Parallel()
	versions := map[string]inputv1.Version{"1": {}, "2": {}, "3": {}, "4": {}}
	inputs := map[string]inputv1.Input{
		"sizes":    {Sizes: map[string]inputv1.Size{"a": {}, "b": {}, "c": {}, "d": {}}},
		"engines":  {Engines: map[string]inputv1.Engine{"a": {}, "b": {}, "c": {}, "d": {}}},
		"tiers":    {Tiers: map[string]inputv1.Tier{"a": {}, "b": {}, "c": {}, "d": {}}},
		"versions": {Engines: map[string]inputv1.Engine{"postgres": {DefaultVersion: "1", Versions: versions}}},
	}
	for reason, input := range inputs {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			_, first := defaultCatalog().with(&input)
			for range 50 {
				if _, err := defaultCatalog().with(&input); err == nil || err.Error() != first.Error() {
					t.Fatalf("%v, and another time %v", first, err)
				}
			}
		})
	}
}

func TestStages(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		stages []inputv1.StageName
		want   []string
		err    string
	}{
		"all when not given":     {nil, []string{"database", "iam", "vault"}, ""},
		"all":                    {[]inputv1.StageName{"vault", "iam", "database"}, []string{"database", "iam", "vault"}, ""},
		"IAM in its own step":    {[]inputv1.StageName{"vault", "database"}, []string{"database", "vault"}, ""},
		"Vault in its own step":  {[]inputv1.StageName{"database"}, []string{"database"}, ""},
		"the database always is": {[]inputv1.StageName{"vault"}, []string{"database", "vault"}, ""},
		"unknown":                {[]inputv1.StageName{"backup"}, nil, `stages: "backup" is not a stage; write database, iam or vault`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			stages, err := stagesOf(&inputv1.Input{Stages: tc.stages}, defaultCatalog())
			if tc.err != "" {
				if err == nil || err.Error() != tc.err {
					t.Errorf("stagesOf() = %v, want %s", err, tc.err)
				}
				return
			}
			var got []string
			for _, stage := range stages {
				got = append(got, stage.Name)
			}
			equal(t, "stages", tc.want, got)
		})
	}
}

func TestNewTakesAClock(t *testing.T) {
	t.Parallel()
	if New(time.Now) == nil {
		t.Error("there is no function")
	}
}

// Storage is a high-water mark.
func TestStorage(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change                func(*world)
		allocated, max, asked int64
	}{
		"catalog":                  {func(*world) {}, 20, 100, 0},
		"claim":                    {func(w *world) { set(w.xr, "spec.storageGiB", 70) }, 70, 100, 70},
		"claim within the maximum": {func(w *world) { set(w.xr, "spec.storageGiB", 50) }, 50, 100, 50},
		"grown by itself":          {func(w *world) { set(w.instance(), "status.atProvider.allocatedStorage", 80) }, 80, 100, 0},
		"grown, and the status is lost": {func(w *world) {
			set(w.instance(), "status.atProvider.allocatedStorage", 80)
			w.asleep = []string{nameInstance}
			w.step()
			delete(w.instance(), "status")
		}, 80, 100, 0},
		"a smaller size": {func(w *world) { set(w.xr, "spec.size", "medium"); w.settle(); set(w.xr, "spec.size", "small") }, 100, 500, 0},
		"a claim that no longer says it": {func(w *world) { set(w.xr, "spec.storageGiB", 70); w.settle(); set(w.xr, "spec.storageGiB", nil) },
			70, 100, 70},
		"a little more than there is, which RDS refuses": {func(w *world) { set(w.xr, "spec.storageGiB", 21) }, 22, 100, 21},
		"near the limit of RDS":                          {func(w *world) { set(w.xr, "spec.storageGiB", 50000) }, 50000, 65536, 50000},
		"too near to grow by itself":                     {func(w *world) { set(w.xr, "spec.storageGiB", 60000) }, 60000, 0, 60000},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			p := w.compose()
			params := wanted(p, nameInstance).At("spec", "forProvider")
			storage := p.Status.Done().At("storage")
			equal(t, "instance", []int64{tc.allocated, tc.max}, []int64{params.Int("allocatedStorage"), params.Int("maxAllocatedStorage")})
			equal(t, "status", []int64{tc.allocated, tc.max, tc.asked},
				[]int64{storage.Int("allocatedGiB"), storage.Int("maxGiB"), storage.Int("requestedGiB")})
			if tc.max != 0 && tc.max*10 < tc.allocated*11 {
				t.Errorf("RDS refuses a maximum of %d for %d GiB: a tenth above is the least", tc.max, tc.allocated)
			}
		})
	}
}
