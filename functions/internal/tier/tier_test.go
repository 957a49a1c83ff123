package tier

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// Every type of environment has a tier, and every tier is complete.
func TestEveryTypeHasATier(t *testing.T) {
	t.Parallel()
	want := []pipelinev1.EnvironmentType{
		pipelinev1.EnvironmentDev, pipelinev1.EnvironmentPreview, pipelinev1.EnvironmentProduction, pipelinev1.EnvironmentStaging,
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(Tiers()))); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	for name, tier := range Tiers() {
		env, db := tier.Environment, tier.Database
		for field, quantity := range map[string]string{"CPU": env.CPU, "Memory": env.Memory, "Storage": env.Storage} {
			// What is not canonical would be written back in another form by the API server.
			if q, err := resource.ParseQuantity(quantity); err != nil || q.Sign() <= 0 || q.String() != quantity {
				t.Errorf("%s: %s is %q (%v)", name, field, quantity, err)
			}
		}
		if env.PodSecurity == "" || env.TeamRole == "" || env.Pods < 1 {
			t.Errorf("%s: the Environment's part is not complete: %+v", name, env)
		}
		if db.BackupRetentionDays < 1 || db.BackupRetentionDays > 35 || db.BackupNight == "" || db.MaintenanceNight == "" {
			t.Errorf("%s: the AppDatabase's part is not complete: %+v", name, db)
		}
	}
}

// What the types promise, one by one.
func TestPromises(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		holds func(Tier) bool
		want  []pipelinev1.EnvironmentType
	}{
		"what production admits, staging has admitted": {func(t Tier) bool { return t.Environment.PodSecurity == Restricted },
			[]pipelinev1.EnvironmentType{pipelinev1.EnvironmentProduction, pipelinev1.EnvironmentStaging}},
		"nobody changes production by hand": {func(t Tier) bool { return t.Environment.TeamRole == View },
			[]pipelinev1.EnvironmentType{pipelinev1.EnvironmentProduction}},
		"production is not deleted by mistake": {func(t Tier) bool { return t.Environment.DeletionProtection && t.Database.DeletionProtection },
			[]pipelinev1.EnvironmentType{pipelinev1.EnvironmentProduction}},
		"nothing else is protected": {func(t Tier) bool { return t.Environment.DeletionProtection || t.Database.DeletionProtection },
			[]pipelinev1.EnvironmentType{pipelinev1.EnvironmentProduction}},
		"a key goes only where no snapshot stays": {func(t Tier) bool { return t.Environment.KeyDeletable || !t.Database.FinalSnapshot },
			[]pipelinev1.EnvironmentType{pipelinev1.EnvironmentPreview}},
		"a standby": {func(t Tier) bool { return t.Database.MultiAZ }, []pipelinev1.EnvironmentType{pipelinev1.EnvironmentProduction}},
		"changes wait for the window": {func(t Tier) bool { return !t.Database.ApplyImmediately },
			[]pipelinev1.EnvironmentType{pipelinev1.EnvironmentProduction}},
		"logs outlive the database": {func(t Tier) bool { return t.Database.KeepLogs }, []pipelinev1.EnvironmentType{
			pipelinev1.EnvironmentDev, pipelinev1.EnvironmentProduction, pipelinev1.EnvironmentStaging,
		}},
		"logs are kept for a year": {func(t Tier) bool { return t.Database.LogRetentionDays >= 365 },
			[]pipelinev1.EnvironmentType{pipelinev1.EnvironmentProduction}},
		"logs expire": {func(t Tier) bool { return t.Database.LogRetentionDays > 0 }, []pipelinev1.EnvironmentType{
			pipelinev1.EnvironmentDev, pipelinev1.EnvironmentPreview, pipelinev1.EnvironmentProduction, pipelinev1.EnvironmentStaging,
		}},
		"backups outlive the database": {func(t Tier) bool { return t.Database.KeepAutomatedBackups },
			[]pipelinev1.EnvironmentType{pipelinev1.EnvironmentProduction}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			var got []pipelinev1.EnvironmentType
			for name, tier := range Tiers() {
				if tc.holds(tier) {
					got = append(got, name)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The later the type, the more it may take.
func TestQuotasGrow(t *testing.T) {
	t.Parallel()
	tiers := Tiers()
	order := []pipelinev1.EnvironmentType{
		pipelinev1.EnvironmentPreview, pipelinev1.EnvironmentDev, pipelinev1.EnvironmentStaging, pipelinev1.EnvironmentProduction,
	}
	for i, name := range order[1:] {
		less, more := tiers[order[i]].Environment, tiers[name].Environment
		for field, pair := range map[string][2]string{
			"CPU": {less.CPU, more.CPU}, "Memory": {less.Memory, more.Memory}, "Storage": {less.Storage, more.Storage},
		} {
			a, b := resource.MustParse(pair[0]), resource.MustParse(pair[1])
			if a.Cmp(b) >= 0 {
				t.Errorf("%s of %s is %s, and of %s it is %s", field, order[i], pair[0], name, pair[1])
			}
		}
		if less.Pods >= more.Pods {
			t.Errorf("%s has %d pods, and %s has %d", order[i], less.Pods, name, more.Pods)
		}
	}
}

// Nobody changes the table for others.
func TestTiersAreNew(t *testing.T) {
	t.Parallel()
	Tiers()[pipelinev1.EnvironmentDev] = Tier{}
	if Tiers()[pipelinev1.EnvironmentDev].Environment.CPU == "" {
		t.Error("a caller changed the table of all others")
	}
}
