package appdatabase

import (
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

const (
	mariadb10 = "database-parameter-group-mariadb10-11"
	mariadb11 = "database-parameter-group-mariadb11-4"
)

// server is what one server is composed with during an upgrade.
type server struct {
	Version string
	// Old and New say which parameter group it has.
	Old, New bool
	Allowed  bool
}

// upgradeOf a source and its first replica.
type upgradeOf struct {
	Source, Replica server
	Drops           []string
}

func upgradeIn(p *plan.Plan, oldGroup, newGroup string) upgradeOf {
	read := func(name string) server {
		params := forProvider(p, name)
		group := params.String("parameterGroupName")
		return server{
			Version: params.String("engineVersion"), Allowed: params.Bool("allowMajorVersionUpgrade"),
			Old: group != "" && group == wanted(p, oldGroup).Name(), New: group != "" && group == wanted(p, newGroup).Name(),
		}
	}
	return upgradeOf{read(nameInstance), read(replica1), drops(p)}
}

// replicated runs an older version with a replica.
func replicatedWorld(t *testing.T, engine, version string) *world {
	t.Helper()
	w := newWorld(t).with(fields{"engine": engine, "version": version, "replicas": 1})
	w.settle()
	return w
}

// RDS takes the replicas of PostgreSQL along. Their parameter group follows when they run the new version.
func TestUpgradeTakesReplicasAlong(t *testing.T) {
	t.Parallel()
	w := replicatedWorld(t, "postgres", "16")
	state := func() upgradeOf { return upgradeIn(w.step(), group16, group17) }
	old, switched := server{"16", true, false, true}, server{"17", false, true, true}
	follows := server{"16", true, false, false}

	set(w.xr, "spec.version", "17")
	w.asleep = []string{group17, nameInstance, replica1}
	equal(t, "the new group is composed", upgradeOf{old, follows, nil}, state())
	w.wake(group17)
	equal(t, "the source is switched", upgradeOf{switched, follows, nil}, state())
	equal(t, "and waited for", upgradeOf{switched, follows, nil}, state())
	w.wake(nameInstance)
	done := server{"17", false, true, false}
	equal(t, "the old group is still the replica's", upgradeOf{done, follows, nil}, state())
	delete(w.observed[replica1], "status")
	equal(t, "also when nothing is known of the replica", upgradeOf{done, follows, nil}, state())
	w.wake(replica1)
	equal(t, "the replica follows", upgradeOf{done, server{"17", false, true, false}, nil}, state())
	w.asleep = nil
	equal(t, "the old group goes", upgradeOf{done, server{"17", false, true, false}, []string{group16 + ": Superseded"}}, state())
	equal(t, "after", upgradeOf{done, server{"17", false, true, false}, nil}, upgradeIn(w.settle(), group16, group17))
}

// The replicas of the MySQL family go first.
func TestUpgradeStartsWithReplicas(t *testing.T) {
	t.Parallel()
	w := replicatedWorld(t, "mariadb", "10.11")
	state := func() upgradeOf { return upgradeIn(w.step(), mariadb10, mariadb11) }
	old, ahead := server{"10.11", true, false, true}, server{"11.4", false, true, true}

	set(w.xr, "spec.version", "11.4")
	w.asleep = []string{mariadb11, nameInstance, replica1}
	equal(t, "the new group is composed", upgradeOf{old, server{"10.11", true, false, false}, nil}, state())
	w.wake(mariadb11)
	equal(t, "the replica is switched", upgradeOf{old, ahead, nil}, state())
	equal(t, "and waited for", upgradeOf{old, ahead, nil}, state())
	delete(w.observed[replica1], "status")
	kept := server{"11.4", false, true, false}
	equal(t, "as long as nothing is known of it", upgradeOf{old, kept, nil}, state())
	w.wake(replica1)
	done := server{"11.4", false, true, true}
	equal(t, "the source is switched", upgradeOf{done, kept, nil}, state())
	equal(t, "and waited for", upgradeOf{done, kept, nil}, state())
	w.wake(nameInstance)
	done.Allowed = false
	equal(t, "the old group goes", upgradeOf{done, kept, []string{mariadb10 + ": Superseded"}}, state())
	w.asleep = nil
	equal(t, "after", upgradeOf{done, kept, nil}, upgradeIn(w.settle(), mariadb10, mariadb11))
}

// A replica that runs the new version already cannot go back, and stands in nobody's way.
func TestUpgradeIsTakenBackBehindReplicas(t *testing.T) {
	t.Parallel()
	for reason, switched := range map[string]bool{"before the source is switched": false, "when the source refuses": true} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := replicatedWorld(t, "mariadb", "10.11")
			set(w.xr, "spec.version", "11.4")
			w.asleep = []string{nameInstance}
			w.step()
			w.step()
			if switched {
				w.step()
				set(w.instance(), "status.conditions", []any{fields{"type": "Synced", "status": "False", "message": "pre-check failed"}})
			}
			set(w.xr, "spec.version", "10.11")
			w.settle()
			w.asleep = nil
			w.wake(nameInstance)
			equal(t, "back", upgradeOf{server{"10.11", true, false, false}, server{"11.4", false, true, false}, nil},
				upgradeIn(w.settle(), mariadb10, mariadb11))

			set(w.xr, "spec.version", "11.4")
			after := server{"11.4", false, true, false}
			equal(t, "and on again", upgradeOf{after, after, nil}, upgradeIn(w.settle(), mariadb10, mariadb11))
		})
	}
}

// A replica has the version of its source when it is created, so it is created with that version's group.
func TestReplicaThatComesDuringAnUpgrade(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ engine, from, to, oldGroup string }{
		"postgres": {"postgres", "16", "17", group16},
		"mariadb":  {"mariadb", "10.11", "11.4", mariadb10},
	}
	for engine, tc := range cases {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"engine": tc.engine, "version": tc.from})
			w.settle()
			set(w.xr, "spec.version", tc.to)
			w.asleep = []string{nameInstance, replica1}
			w.settle()
			equal(t, "the source is switched, and waits", tc.to, w.object(w.instance()).String("spec", "forProvider", "engineVersion"))
			set(w.xr, "spec.replicas", 1)
			for range 3 {
				if group := forProvider(w.step(), replica1).String("parameterGroupName"); group != "" && group != w.in().Name(tc.oldGroup) {
					t.Errorf("it is created with the group %s, and its source runs %s", group, tc.from)
				}
			}
			w.asleep = nil
			w.wake(nameInstance)
			p := w.settle()
			equal(t, "after", tc.to+".4", w.object(w.observed[replica1]).String("status", "atProvider", "engineVersionActual"))
			equal(t, "waits", false, p.Waiting)
		})
	}
}

// A replica of which nothing is known yet is not told a version that its source does not have.
func TestReplicaThatIsCreatedIsNotUpgraded(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"engine": "mariadb", "version": "10.11", "replicas": 1})
	w.asleep = []string{replica1}
	w.settle()
	set(w.xr, "spec.version", "11.4")
	p := w.settle()
	equal(t, "while it is created", server{"10.11", true, false, false}, upgradeIn(p, mariadb10, mariadb11).Replica)
	equal(t, "the source waits", "10.11", forProvider(p, nameInstance).String("engineVersion"))
	// Whoever does not want to wait for it lets it go.
	set(w.xr, "spec.replicas", 0)
	equal(t, "without it", "11.4", forProvider(w.settle(), nameInstance).String("engineVersion"))
}

// In production an upgrade waits for the window, and the status says so.
func TestUpgradeThatWaitsForItsWindow(t *testing.T) {
	t.Parallel()
	for engine, holder := range map[string]string{"postgres": nameInstance, "aurora-postgresql": nameCluster} {
		w := newWorld(t).with(fields{"engine": engine, "version": "16"}).within(fields{"status.type": "production"})
		w.settle()
		set(w.xr, "spec.version", "17")
		w.asleep = []string{holder}
		p := w.settle()
		equal(t, engine, []any{false, true}, []any{forProvider(p, holder).Bool("applyImmediately"), forProvider(p, holder).Bool("allowMajorVersionUpgrade")})
		equal(t, engine+": status", any([]any{fields{
			"change": "version: 16.4 becomes 17", "waitsFor": "the maintenance window sun:03:20-sun:04:20 (UTC)",
		}}), p.Status.Done().Map()["pending"])
		w.asleep = nil
		w.wake(holder)
		equal(t, engine+": after", nil, w.settle().Status.Done().Map()["pending"])
	}
}
