package appdatabase

import (
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// reported sets what the cloud says of an instance's storage. Zero: nothing.
func (w *world) reported(name string, gib, iops, throughput int) {
	for field, value := range map[string]int{"allocatedStorage": gib, "iops": iops, "storageThroughput": throughput} {
		set(w.observed[name], "status.atProvider."+field, value)
		if value == 0 {
			set(w.observed[name], "status.atProvider."+field, nil)
		}
	}
}

// lateInitialised writes what the provider copies from the cloud into the spec of a small instance.
func (w *world) lateInitialised(name string) {
	set(w.observed[name], "spec.forProvider.iops", 3000)
	set(w.observed[name], "spec.forProvider.storageThroughput", 125)
}

// From 400 GiB on the performance is said with the size, wanted or actual; below, RDS refuses it.
func TestPerformanceFollowsStorage(t *testing.T) {
	t.Parallel()
	type figures [3]int64
	none := figures{100, 0, 0}
	cases := map[string]struct {
		change func(*world)
		want   figures
	}{
		"a size below":                 {func(*world) {}, none},
		"just below":                   {func(w *world) { set(w.xr, "spec.storageGiB", 399) }, figures{399, 0, 0}},
		"a size that crosses":          {func(w *world) { set(w.xr, "spec.size", "large") }, figures{400, 12000, 500}},
		"a claim that crosses":         {func(w *world) { set(w.xr, "spec.storageGiB", 500) }, figures{500, 12000, 500}},
		"grown across by itself":       {func(w *world) { w.reported(nameInstance, 420, 12000, 500) }, figures{420, 12000, 500}},
		"grown, and nothing is said":   {func(w *world) { w.reported(nameInstance, 420, 0, 0) }, figures{420, 12000, 500}},
		"more than the least":          {func(w *world) { w.reported(nameInstance, 420, 16000, 700) }, figures{420, 16000, 700}},
		"more, and the status is lost": {func(w *world) { w.reported(nameInstance, 420, 16000, 700); w.step(); delete(w.instance(), "status") }, figures{420, 16000, 700}},
		"what was bought is taken back": {func(w *world) {
			w.reported(nameInstance, 420, 16000, 700)
			w.step()
			w.reported(nameInstance, 420, 12000, 500)
		}, figures{420, 12000, 500}},
		"refused, and back to the size before": {func(w *world) {
			set(w.xr, "spec.size", "large")
			w.step()
			w.reported(nameInstance, 100, 3000, 125)
			set(w.xr, "spec.size", "medium")
		}, none},
		"refused, and a claim that no longer says it": {func(w *world) {
			set(w.xr, "spec.storageGiB", 500)
			w.step()
			w.reported(nameInstance, 100, 3000, 125)
			set(w.xr, "spec.storageGiB", nil)
		}, none},
		"refused, and a smaller claim": {func(w *world) {
			set(w.xr, "spec.storageGiB", 500)
			w.step()
			w.reported(nameInstance, 100, 3000, 125)
			set(w.xr, "spec.storageGiB", 200)
		}, figures{200, 0, 0}},
		"asked for, and the status is lost": {func(w *world) {
			set(w.xr, "spec.size", "large")
			w.step()
			delete(w.instance(), "status")
			set(w.xr, "spec.size", "medium")
		}, figures{400, 12000, 500}},
		"its size has left the catalog": {func(w *world) {
			w.step()
			set(w.instance(), "spec.forProvider.allocatedStorage", 400)
			delete(w.data.sizes, "medium")
		}, none},
	}
	for _, engine := range []string{"postgres", "mysql", "mariadb"} {
		for reason, tc := range cases {
			t.Run(engine+" "+reason, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t).with(fields{"engine": engine, "size": "medium"})
				w.settle()
				w.asleep = []string{nameInstance}
				w.reported(nameInstance, 100, 3000, 125)
				w.lateInitialised(nameInstance)
				tc.change(w)
				params := forProvider(w.compose(), nameInstance)
				equal(t, "instance", tc.want, figures{params.Int("allocatedStorage"), params.Int("iops"), params.Int("storageThroughput")})
			})
		}
	}
}

// A new database of 400 GiB is made with its performance, a restored one has that of its backup.
func TestPerformanceFromTheStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"size": "large"})
	equal(t, "new", []int64{12000, 500}, performance(w.settle(), nameInstance))
	w = restoring(t, fields{"snapshot": ownSnapshot})
	equal(t, "restored, size unknown", []int64{0, 0}, performance(w.compose(), nameInstance))
	w.settle()
	w.reported(nameInstance, 600, 12000, 500)
	equal(t, "restored", []int64{12000, 500}, performance(w.compose(), nameInstance))
}

// A read replica starts with the storage of its source, and from then on has its own.
func TestPerformanceOfReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"size": "large", "replicas": 1})
	w.asleep = []string{replica1}
	w.settle()
	equal(t, "new", []int64{12000, 500}, performance(w.compose(), replica1))
	w = newWorld(t).with(fields{"replicas": 1})
	w.settle()
	w.reported(replica1, 100, 3000, 125)
	w.lateInitialised(replica1)
	set(w.xr, "spec.size", "large")
	equal(t, "while only its source grows", []int64{0, 0}, performance(w.compose(), replica1))
	w.reported(replica1, 440, 12000, 500)
	equal(t, "grown", []int64{12000, 500}, performance(w.compose(), replica1))
}

func performance(p *plan.Plan, name string) []int64 {
	params := forProvider(p, name)
	return []int64{params.Int("iops"), params.Int("storageThroughput")}
}

// Where automatic growth stops is the catalog's to say, and does not move while the storage grows towards it.
func TestCeilingStays(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		has   int
		claim any
		want  int64
	}{
		"at the start":              {20, nil, 100},
		"grown near to it":          {90, nil, 100},
		"grown nearer than a tenth": {95, nil, 100},
		"grown to it":               {100, nil, 100},
		"grown beyond it by hand":   {130, nil, 195},
		"asked for with room":       {20, 90, 100},
		"asked for without room":    {20, 95, 142},
		"asked for what is there":   {95, 95, 142},
		"asked for more than it":    {20, 200, 300},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			w.asleep = []string{nameInstance}
			w.reported(nameInstance, tc.has, 3000, 125)
			w.with(fields{"storageGiB": tc.claim})
			for range 3 {
				p := w.step()
				equal(t, "ceiling", tc.want, forProvider(p, nameInstance).Int("maxAllocatedStorage"))
				// RDS grows by itself for as long as there is room.
				w.reported(nameInstance, int(min(tc.want, int64(tc.has)+10)), 3000, 125)
			}
		})
	}
}

// RDS does not make a small instance with the performance that the provider has copied from the one before: what is copied becomes ours,
// and then goes, once: what is copied from the new one stays.
func TestPerformanceOfWhatIsMadeAnew(t *testing.T) {
	t.Parallel()
	w := readyWorld(t)
	w.lateInitialised(nameInstance)
	set(w.observed[nameInstance], "status.conditions", []any{
		fields{"type": "Ready", "status": "False", "reason": "Creating"},
		fields{"type": "LastAsyncOperation", "status": "False", "reason": "AsyncCreateFailure", "message": "DBInstanceNotFound"},
	})
	set(w.observed[nameInstance], "spec.initProvider", fields{"replicateSourceDb": "arn:x"})
	equal(t, "lost", int64(0), forProvider(w.compose(), nameInstance).Int("iops"))

	set(w.xr, "metadata.annotations", fields{v1.AllowDataLossAnnotation: nameInstance})
	first := w.compose()
	equal(t, "ours", []int64{12000, 500}, []int64{
		forProvider(first, nameInstance).Int("iops"), forProvider(first, nameInstance).Int("storageThroughput"),
	})
	set(w.observed[nameInstance], "metadata.annotations", fields{v1.MadeAnewAnnotation: wanted(first, nameInstance).Annotation(v1.MadeAnewAnnotation)})
	set(w.observed[nameInstance], "spec.initProvider", fields{"engine": "postgres"})
	equal(t, "gone, and what is copied from the new one before its id is reported stays", int64(0), forProvider(w.compose(), nameInstance).Int("iops"))
}
