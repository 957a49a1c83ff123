package appdatabase

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

const (
	static   = "max_connections"
	dynamic  = "log_min_duration_statement"
	sinceNow = "17.4 db.t4g.medium"
)

// waiting is status.pending of a plan.
func waiting(p *plan.Plan) any { return p.Status.Done().Map()["pending"] }

// reboot is what status.pending says of a parameter.
func reboot(w *world, change, from string) fields {
	f := fields{
		"change": "parameter " + static + ": " + change, "parameter": static, "since": sinceNow,
		"waitsFor": "a reboot, by whoever may use AWS: aws rds reboot-db-instance --db-instance-identifier " +
			w.object(w.instance()).String("spec", "forProvider", "identifier"),
	}
	if from != "" {
		f["from"] = from
	}
	return f
}

// A parameter that takes effect when the server starts is said to wait until something is known to have started it.
func TestParameterThatWaitsForAReboot(t *testing.T) {
	t.Parallel()
	write := func(value string) func(*world) {
		return func(w *world) { w.with(fields{"parameters": fields{static: value}}) }
	}
	away := func(w *world) { w.with(fields{"parameters": nil}) }
	cases := map[string]struct {
		at    any
		steps []func(*world)
		want  func(*world) any
	}{
		"set from the start":    {"100", nil, nil},
		"changed":               {"100", []func(*world){write("200")}, func(w *world) any { return reboot(w, "100 becomes 200", "100") }},
		"set later":             {nil, []func(*world){write("200")}, func(w *world) any { return reboot(w, "its default becomes 200", "") }},
		"removed":               {"100", []func(*world){away}, func(w *world) any { return reboot(w, "100 becomes its default", "100") }},
		"changed twice":         {"100", []func(*world){write("200"), write("300")}, func(w *world) any { return reboot(w, "100 becomes 300", "100") }},
		"changed and removed":   {"100", []func(*world){write("200"), away}, func(w *world) any { return reboot(w, "100 becomes its default", "100") }},
		"changed back":          {"100", []func(*world){write("200"), write("100")}, nil},
		"set later and removed": {nil, []func(*world){write("200"), away}, nil},
		"removed and set again": {"100", []func(*world){away, write("100")}, nil},
		"the platform sets it": {nil, []func(*world){func(w *world) {
			engine := w.data.engines["postgres"]
			engine.Parameters = map[string]string{static: "500"}
			w.data.engines["postgres"] = engine
		}}, func(w *world) any { return reboot(w, "its default becomes 500", "") }},
		"one that takes effect at once": {nil, []func(*world){func(w *world) { w.with(fields{"parameters": fields{dynamic: "500"}}) }}, nil},
		"the status of the instance is lost, and comes back": {"100", []func(*world){
			write("200"), func(w *world) { delete(w.instance(), "status") }, func(w *world) { w.wake(nameInstance) },
		}, func(w *world) any { return reboot(w, "100 becomes 200", "100") }},
		"the status of the instance is lost": {"100", []func(*world){write("200"), func(w *world) { delete(w.instance(), "status") }},
			func(w *world) any { return reboot(w, "100 becomes 200", "100") }},
		"its class is lost": {"100", []func(*world){write("200"), func(w *world) { set(w.instance(), "status.atProvider.instanceClass", nil) }},
			func(w *world) any { return reboot(w, "100 becomes 200", "100") }},
		"the instance has another class": {"100", []func(*world){write("200"), func(w *world) { set(w.xr, "spec.size", "large") }}, nil},
		"a minor upgrade": {"100", []func(*world){write("200"), func(w *world) {
			set(w.instance(), "status.atProvider.engineVersionActual", "17.5")
		}}, nil},
		"the Environment is away": {"100", []func(*world){write("200"), func(w *world) { w.env = nil }},
			func(w *world) any { return reboot(w, "100 becomes 200", "100") }},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if tc.at != nil {
				w.with(fields{"parameters": fields{static: tc.at}})
			}
			w.settle()
			equal(t, "before", nil, waiting(w.compose()))
			for _, step := range tc.steps {
				step(w)
				w.asleep = []string{nameInstance}
				if reason == "the instance has another class" {
					w.asleep = nil
				}
				w.settle()
			}
			var want any
			if tc.want != nil {
				want = []any{tc.want(w)}
			}
			// The same again for as long as nothing happens.
			for range 3 {
				equal(t, "status.pending", want, waiting(w.step()))
			}
		})
	}
}

// Every call says the same in the same order.
func TestPendingIsStable(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.with(fields{"parameters": fields{"max_connections": "100", "shared_buffers": "1000", "wal_buffers": "100", dynamic: "5"}})
	first := w.step().Status.Done().Map()
	names := []string{}
	for _, item := range first["pending"].([]any) {
		names = append(names, item.(fields)["parameter"].(string))
	}
	equal(t, "order", []string{"max_connections", "shared_buffers", "wal_buffers"}, names)
	for range 3 {
		if diff := cmp.Diff(first, w.step().Status.Done().Map()); diff != "" {
			t.Fatalf("the status changes by itself:\n%s", diff)
		}
	}
}

// A cluster's instances are rebooted one by one. More of them are no reboot of those that were there.
func TestParameterOfAClusterThatWaits(t *testing.T) {
	t.Parallel()
	w := readyAurora(t, nil)
	w.with(fields{"parameters": fields{static: "100"}})
	want := []any{fields{
		"change": "parameter max_connections: its default becomes 100", "parameter": static, "since": "17.4 db.serverless",
		"waitsFor": "a reboot, by whoever may use AWS: aws rds reboot-db-instance, for each instance of DB cluster " + w.in().Name(nameCluster),
	}}
	equal(t, "changed", any(want), waiting(w.settle()))
	equal(t, "with more instances", any(want), waiting(w.scale(2)))
	delete(w.observed[member2], "status")
	equal(t, "when one of them says nothing", any(want), waiting(w.compose()))
	w.wake(member2)
	equal(t, "with fewer", any(want), waiting(w.scale(0)))
	set(w.xr, "spec.size", "medium")
	equal(t, "with another class", nil, waiting(w.settle()))
}

// An upgrade that waits for its window has not rebooted anything yet.
func TestParameterThatWaitsBesideAnUpgrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"version": "16"}).within(fields{"status.type": "production"})
	w.settle()
	w.with(fields{"parameters": fields{static: "100"}})
	w.settle()
	w.asleep = []string{nameInstance}
	set(w.xr, "spec.version", "17")
	w.settle()
	list, _ := waiting(w.step()).([]any)
	equal(t, "while it waits", 2, len(list))
	set(w.xr, "spec.version", "16")
	w.settle()
	list, _ = waiting(w.step()).([]any)
	equal(t, "when it is taken back", 1, len(list))
	set(w.xr, "spec.version", "17")
	w.asleep = nil
	equal(t, "after", nil, waiting(w.settle()))
}

// Where changes wait for the window, each of them is named, with what is and what becomes.
func TestChangesThatWaitForTheWindow(t *testing.T) {
	t.Parallel()
	const window = "the maintenance window sun:03:20-sun:04:20 (UTC)"
	item := func(change string) any { return fields{"change": change, "waitsFor": window} }
	type named = func(*world) []any
	cases := map[string]struct {
		engine      string
		environment string
		change      func(*world)
		want        named
	}{
		"another class": {"postgres", "production", func(w *world) { set(w.xr, "spec.size", "medium") }, func(*world) []any {
			return []any{item("instance class: db.t4g.medium becomes db.m7g.large"), item("storage: 20 GiB becomes 100 GiB")}
		}},
		"a standby": {"postgres", "production", func(w *world) { set(w.instance(), "status.atProvider.multiAz", false) }, func(*world) []any {
			return []any{item("multiAZ: false becomes true")}
		}},
		"another class of a cluster": {"aurora-postgresql", "production", func(w *world) { set(w.xr, "spec.size", "medium") }, func(w *world) []any {
			return []any{
				item("instance class of " + w.in().Name(member1) + ": db.serverless becomes db.r7g.large"),
				item("instance class of " + w.in().Name(member2) + ": db.serverless becomes db.r7g.large"),
			}
		}},
		"another class of a replica too": {"postgres", "production", func(w *world) {
			w.scale(1)
			w.asleep = []string{nameInstance, replica1}
			set(w.xr, "spec.size", "large")
		}, func(w *world) []any {
			return []any{item("instance class: db.t4g.medium becomes db.r7g.xlarge"), item("storage: 20 GiB becomes 400 GiB"),
				item("instance class of " + w.in().Name(replica1) + ": db.t4g.medium becomes db.r7g.xlarge")}
		}},
		"nothing that changes": {"postgres", "production", func(*world) {}, nil},
		"a minor upgrade":      {"postgres", "production", func(w *world) { set(w.instance(), "status.atProvider.engineVersionActual", "17.9") }, nil},
		"storage that grew by itself": {"postgres", "production", func(w *world) {
			set(w.instance(), "status.atProvider.allocatedStorage", 60)
		}, nil},
		"nothing known":                     {"postgres", "production", func(w *world) { delete(w.instance(), "status") }, nil},
		"where changes are applied at once": {"postgres", "staging", func(w *world) { set(w.xr, "spec.size", "medium") }, nil},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(fields{"engine": tc.engine}).within(fields{"status.type": tc.environment})
			w.settle()
			w.asleep = []string{nameInstance, member1, member2}
			tc.change(w)
			var want any
			if tc.want != nil {
				want = tc.want(w)
			}
			equal(t, "status.pending", want, waiting(w.settle()))
			w.asleep = nil
			for name := range w.observed {
				w.wake(name)
			}
			equal(t, "after the window", nil, waiting(w.settle()))
		})
	}
}

// The window that is waited for is the one in effect.
func TestWindowOfTheClaimIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"maintenanceWindow": "mon:10:00-mon:11:00"}).within(fields{"status.type": "production"})
	w.settle()
	w.asleep = []string{nameInstance}
	set(w.xr, "spec.size", "large")
	list, _ := waiting(w.settle()).([]any)
	equal(t, "status.pending", "the maintenance window mon:10:00-mon:11:00 (UTC)", list[0].(fields)["waitsFor"])
}
