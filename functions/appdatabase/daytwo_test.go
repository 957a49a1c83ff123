package appdatabase

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	inputv1 "github.com/goldenpath-dev/goldenpath/functions/appdatabase/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// What a claim may ask for on any day, and what may happen to its database meanwhile.
func dayTwo() map[string]func(*world, *rand.Rand) {
	one := func(values ...any) func(*rand.Rand) any {
		return func(r *rand.Rand) any { return values[r.IntN(len(values))] }
	}
	claim := func(field string, values ...any) func(*world, *rand.Rand) {
		pick := one(values...)
		return func(w *world, r *rand.Rand) { set(w.xr, "spec."+field, pick(r)) }
	}
	return map[string]func(*world, *rand.Rand){
		"size":       claim("size", "small", "medium", "large"),
		"replicas":   claim("replicas", nil, 0, 1, 2, 5),
		"protection": claim("deletionProtection", nil, true, false),
		"policy":     claim("deletionPolicy", "Delete", "Retain"),
		"iam":        claim("iamAuthentication", nil, true, false),
		"window":     claim("maintenanceWindow", nil, "mon:10:00-mon:11:00"),
		"parameters": claim("parameters", nil, fields{"max_connections": "100"}, fields{"max_connections": "200"}),
		"version": func(w *world, r *rand.Rand) {
			versions := map[any][]any{
				"postgres": {"16", "17"}, "mariadb": {"10.11", "11.4"}, "aurora-postgresql": {"16", "17"},
			}[w.object(w.xr).String("spec", "engine")]
			set(w.xr, "spec.version", one(versions...)(r))
		},
		"environment": func(w *world, r *rand.Rand) { w.available(one("True", "False")(r)) },
		"key":         func(w *world, r *rand.Rand) { set(w.env, "status.kmsKeyArn", one(nil, stagingKey)(r)) },
		"failover":    func(w *world, r *rand.Rand) { w.writer = one("1", "2", "3")(r).(string) },
		"status": func(w *world, r *rand.Rand) {
			names := w.in().Observed.Names(prefix)
			delete(w.observed[names[r.IntN(len(names))]], "status")
		},
		"object's status": func(w *world, _ *rand.Rand) { delete(w.xr, "status") },
		"sleep": func(w *world, r *rand.Rand) {
			names := w.in().Observed.Names(prefix)
			w.asleep = append(w.asleep, names[r.IntN(len(names))])
		},
		"wake": func(w *world, _ *rand.Rand) { w.asleep = nil },
		"by hand": func(w *world, r *rand.Rand) {
			// Somebody deletes a managed resource.
			names := w.in().Observed.Names(prefix)
			delete(w.observed, names[r.IntN(len(names))])
		},
	}
}

// available says whether the Environment is ready.
func (w *world) available(status any) {
	set(w.env, "status.conditions", []any{fields{"type": "Ready", "status": status}})
}

// asked calls the stage and does what it wants. What it refuses changes nothing.
func (w *world) asked() *plan.Plan {
	w.t.Helper()
	p, err := Stage(w.data).Compose(w.in())
	if refusal := (*plan.Refusal)(nil); errors.As(err, &refusal) {
		return nil
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.accounted(p)
	w.apply(p)
	return p
}

// accounted says that everything that is observed is wanted again or dropped, and no data goes.
func (w *world) accounted(p *plan.Plan) {
	w.t.Helper()
	names, gone := resourceNames(p), drops(p)
	if unique := slices.Compact(slices.Clone(names)); len(unique) != len(names) {
		w.t.Fatalf("wanted twice: %v", names)
	}
	for _, name := range w.in().Observed.Names(prefix) {
		dropped := slices.ContainsFunc(gone, func(d string) bool { return strings.HasPrefix(d, name+": ") })
		if dropped == slices.Contains(names, name) {
			w.t.Fatalf("%s is wanted and dropped, or neither", name)
		}
		if dropped && (name == nameInstance || name == nameCluster) {
			w.t.Fatalf("%s is dropped: %v", name, gone)
		}
		if dropped && w.object(w.observed[name]).Bool("status", "atProvider", "writer") && len(w.in().Observed.Names(nameMember)) > 1 {
			w.t.Fatalf("%s writes, and is dropped", name)
		}
	}
}

// Whatever happens in whatever order: nothing is lost, and when the cloud has done its work everything is well and stays as it is.
func TestAnyDay(t *testing.T) {
	t.Parallel()
	events := dayTwo()
	names := make([]string, 0, len(events))
	for name := range events {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, engine := range []string{"postgres", "mariadb", "aurora-postgresql"} {
		for seed := range uint64(8) {
			t.Run(fmt.Sprintf("%s %d", engine, seed), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t).with(fields{"engine": engine}).within(fields{"status.type": []string{"staging", "production"}[seed%2]})
				w.settle()
				r := rand.New(rand.NewPCG(uint64(i), seed))
				var history []string
				for range 25 {
					event := names[r.IntN(len(names))]
					history = append(history, event)
					events[event](w, r)
					w.asked()
				}
				w.asleep = nil
				w.available("True")
				w.rest(history)
			})
		}
	}
}

// rest lets the cloud do its work, and expects that all is well then.
func (w *world) rest(history []string) {
	w.t.Helper()
	var p *plan.Plan
	for range 12 {
		for name := range w.observed {
			w.wake(name)
		}
		p = w.asked()
	}
	if p == nil {
		// The claim asks for what cannot be. Whoever wrote it reads why.
		_, refusal := w.refused()
		equal(w.t, fmt.Sprint("refusal after ", history), "VersionDowngrade", string(refusal.Reason))
		return
	}
	if c := condition(p, "DatabaseReady"); !c.Is() || len(p.Drops) > 0 {
		w.t.Errorf("after %v: %+v, drops %v", history, c, drops(p))
	}
	before := w.specs()
	w.asked()
	equal(w.t, fmt.Sprint("after ", history), before, w.specs())
}

// A size that asks for a little more than there is asks for a tenth more: RDS takes no less.
func TestStorageGrowsByATenth(t *testing.T) {
	t.Parallel()
	cases := []struct{ has, wanted, want int64 }{
		{0, 20, 20}, {20, 20, 20}, {20, 19, 20}, {20, 21, 22}, {20, 22, 22}, {20, 23, 23}, {25, 26, 28}, {100, 101, 110}, {100, 110, 110}, {105, 106, 116},
	}
	for _, tc := range cases {
		if got := grown(tc.has, tc.wanted); got != tc.want {
			t.Errorf("grown(%d, %d) = %d, want %d", tc.has, tc.wanted, got, tc.want)
		}
	}
}

// Aurora's storage has no size, in the cluster, in its instances and in the status.
func TestAuroraHasNoStorage(t *testing.T) {
	t.Parallel()
	p := auroraWorld(t, fields{"size": "large"}).settle()
	for _, r := range p.Resources {
		for _, field := range []string{"allocatedStorage", "maxAllocatedStorage"} {
			if r.Object.Has("spec", "forProvider", field) {
				t.Errorf("%s has %s", r.Name, field)
			}
		}
	}
	if p.Status.Done().Has("storage") {
		t.Errorf("status.storage = %v", p.Status.Done().At("storage").Map())
	}
}

// What the platform does not offer any more runs on; more of it is not to be had.
func TestReplicasThatAreNotOfferedAnyMore(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"postgres", "aurora-postgresql"} {
		w := newWorld(t).with(fields{"engine": engine, "replicas": 2})
		w.settle()
		before := w.compose()
		for name, e := range w.data.engines {
			e.MaxReplicas = ptr[int64](1)
			w.data.engines[name] = e
		}
		equal(t, engine, resourceNames(before), resourceNames(w.compose()))
		set(w.xr, "spec.replicas", 3)
		_, refusal := w.refused()
		equal(t, engine+", more", "spec.replicas: 3 is not on offer for "+engine+"; write 0 to 1", refusal.Message)
		w.scale(1)
		set(w.xr, "spec.replicas", 2)
		_, refusal = w.refused()
		equal(t, engine+", more again", "spec.replicas: 2 is not on offer for "+engine+"; write 0 to 1", refusal.Message)
	}
}

// Before there is a database its engine can still be another one, also one that runs in another way.
func TestEngineThatChangesBeforeThereIsADatabase(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"mysql", "aurora-postgresql"} {
		w := newWorld(t)
		w.asleep = []string{nameSubnetGroup}
		w.settle()
		set(w.xr, "spec.engine", engine)
		w.asked()
		w.asleep = nil
		w.rest([]string{engine})
		equal(t, engine, true, w.observed[group17] == nil)
	}
}

// A size that is only for instances has left the catalog: the database runs on, with its replicas.
func TestReplicasOfASizeThatLeftTheCatalog(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"size": "odd", "replicas": 1})
	w.data.sizes["odd"] = inputv1.Size{InstanceClass: "db.m7g.2xlarge", StorageGiB: 30, MaxStorageGiB: 60, PerformanceInsights: ptr(false)}
	w.settle()
	before := w.compose()
	delete(w.data.sizes, "odd")
	for _, name := range []string{nameInstance, replica1} {
		equal(t, name, wanted(before, name).Map(), wanted(w.compose(), name).Map())
	}
}
