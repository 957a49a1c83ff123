package appdatabase

import (
	"fmt"
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

func windowsOf(w *world) []string {
	p := forProvider(w.compose(), nameInstance)
	return []string{p.String("backupWindow"), p.String("maintenanceWindow")}
}

// A database that runs keeps its windows; who says others is heard.
func TestWindowsAreDecidedOnce(t *testing.T) {
	t.Parallel()
	old := []string{"02:00-03:00", "sun:03:30-sun:04:30"}
	cases := map[string]struct {
		change func(*world)
		want   []string
	}{
		"nobody says anything": {func(*world) {}, old},
		"every status is lost": {func(w *world) { delete(w.xr, "status"); delete(w.instance(), "status") }, old},
		"the claim says one":   {func(w *world) { w.with(fields{"maintenanceWindow": "mon:05:00-mon:06:00"}) }, []string{old[0], "mon:05:00-mon:06:00"}},
		"the claim says the same time": {func(w *world) { w.with(fields{"maintenanceWindow": "mon:02:30-mon:03:30"}) },
			[]string{"00:20-01:20", "mon:02:30-mon:03:30"}},
		"the platform team says one": {func(w *world) {
			tier := w.data.tiers["staging"]
			tier.BackupWindow = "22:00-23:00"
			w.data.tiers["staging"] = tier
		}, []string{"22:00-23:00", old[1]}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			set(w.instance(), "spec.forProvider.backupWindow", old[0])
			set(w.instance(), "spec.forProvider.maintenanceWindow", old[1])
			tc.change(w)
			equal(t, "windows", tc.want, windowsOf(w))
		})
	}
}

// Not all databases of a tier are down in the same hour, and production comes last in the week.
func TestWindowsAreSpread(t *testing.T) {
	t.Parallel()
	c, in := defaultCatalog(), newWorld(t).in()
	week := map[pipelinev1.EnvironmentType]string{"preview": "mon", "dev": "mon", "staging": "wed", "production": "sun"}
	for tier, day := range week {
		backups, nights := map[string]int{}, map[string]int{}
		for i := range 300 {
			in.Subject.UID = fmt.Sprint("uid-", i)
			backup, maintenance := c.windows(in, instanceForm(), claim{}, tier)
			backups[backup]++
			nights[maintenance]++
			if maintenance[:3] != day {
				t.Fatalf("%s has maintenance at %s", tier, maintenance)
			}
		}
		if len(backups) != 13 || len(nights) != 13 {
			t.Errorf("%s: 300 databases have %d backup windows and %d maintenance windows, want 13 of each", tier, len(backups), len(nights))
		}
		for window, n := range nights {
			if n > 60 {
				t.Errorf("%s: %d of 300 databases have maintenance at %s", tier, n, window)
			}
		}
	}
}

// Another database under the same claim has another last backup: RDS would refuse to delete it into one that is there.
func TestFinalSnapshotOfASecondDatabase(t *testing.T) {
	t.Parallel()
	name := func(w *world, resource string) string {
		return forProvider(w.compose(), resource).String("finalSnapshotIdentifier")
	}
	for engine, resource := range map[string]string{"postgres": nameInstance, "aurora-mysql": nameCluster} {
		id := map[string]string{nameInstance: "resourceId", nameCluster: "clusterResourceId"}[resource]
		w := newWorld(t).with(fields{"engine": engine})
		w.settle()
		one := name(w, resource)
		delete(w.observed[resource], "status")
		equal(t, engine+": a lost status", one, name(w, resource))
		w.wake(resource)

		// Deleted behind our back, and made again by the provider.
		set(w.observed[resource], "status.atProvider."+id, "db-SECOND")
		w.asleep = []string{resource}
		two := forProvider(w.step(), resource).String("finalSnapshotIdentifier")
		if two == one {
			t.Errorf("%s: a second database has the final snapshot %s of the first", engine, one)
		}
		equal(t, engine+": it stays", two, forProvider(w.settle(), resource).String("finalSnapshotIdentifier"))

		// Dropped with consent, and composed again once the ground is there.
		w.asleep = []string{nameSubnetGroup}
		delete(w.observed, resource)
		delete(w.observed, nameSubnetGroup)
		delete(w.connections, resource)
		w.settle()
		w.asleep = nil
		w.wake(nameSubnetGroup)
		w.settle()
		three := name(w, resource)
		if three == one || three == two {
			t.Errorf("%s: a third database has the final snapshot %s", engine, three)
		}
		equal(t, engine+": it stays, too", three, name(w, resource))
	}
}

// An environment that has expired and comes back begins with another name too.
func TestFinalSnapshotAfterExpiry(t *testing.T) {
	t.Parallel()
	w := newWorld(t).within(fields{"status.type": "preview"})
	keep := w.data.tiers["preview"]
	keep.FinalSnapshot = ptr(true)
	w.data.tiers["preview"] = keep
	w.settle()
	one := forProvider(w.compose(), nameInstance).String("finalSnapshotIdentifier")
	set(w.env, "status.phase", "Expired")
	for range 3 {
		w.apply(w.compose())
	}
	equal(t, "what is left", []string(nil), w.in().Observed.Names(nameInstance))
	set(w.env, "status.phase", "Active")
	w.settle()
	if two := forProvider(w.compose(), nameInstance).String("finalSnapshotIdentifier"); two == one || two == "" {
		t.Errorf("the final snapshot is %q again", two)
	}
}
