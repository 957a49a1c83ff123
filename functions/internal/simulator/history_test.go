package simulator_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// seedVariable of the environment reruns one history, with a trace of its events.
const seedVariable = "HISTORY_SEED"

// Sizes of the property test.
const (
	histories      = 10_000
	shortHistories = 500
	shards         = 8
	// garbage in bytes is what may pile up.
	garbage = 512 << 20
)

// figures of all histories.
type figures struct {
	rounds, calls, doubled, deletions, fatals, ready, converged, healed atomic.Int64
}

// TestHistories plays random histories of one database each, and holds every round against the kernel's promises.
func TestHistories(t *testing.T) {
	if seed := os.Getenv(seedVariable); seed != "" {
		n, err := strconv.ParseUint(seed, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", seedVariable, err)
		}
		h, err := begin(t, &figures{}).history(n)
		t.Log(strings.Join(h.trace, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	// Most of what a history leaves is garbage at once: collecting it only when there is a lot saves a third of the time.
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(garbage))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	total := histories
	if testing.Short() {
		total = shortHistories
	}
	var sum figures
	start, broken := begin(t, &sum), &broken{}
	t.Run("shards", func(t *testing.T) {
		for shard := range shards {
			t.Run(strconv.Itoa(shard), func(t *testing.T) {
				t.Parallel()
				for seed := shard; seed < total; seed += shards {
					if h, err := start.history(uint64(seed)); err != nil {
						broken.add(uint64(seed), err, h.trace)
					}
				}
			})
		}
	})
	broken.report(t)
	t.Logf("figures: %d histories, %d rounds, %d calls (%d of them twice), %d deletions, %d fatals, %d rounds ready, %d histories ready in the end, "+
		"%d brought to a good end",
		total, sum.rounds.Load(), sum.calls.Load(), sum.doubled.Load(), sum.deletions.Load(), sum.fatals.Load(), sum.ready.Load(), sum.converged.Load(),
		sum.healed.Load())
}

// broken are the histories that broke a promise, the shortest of each kind.
type broken struct {
	mu    sync.Mutex
	kinds map[string]failure
}

type failure struct {
	count int
	seed  uint64
	err   error
	trace []string
}

// add keeps the shortest history of a kind of failure. Kinds differ by their words, not by names and numbers in them.
func (b *broken) add(seed uint64, err error, trace []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kinds == nil {
		b.kinds = map[string]failure{}
	}
	_, words, _ := strings.Cut(err.Error(), `": `)
	kind := regexp.MustCompile(`[a-z0-9]*[0-9][-a-z0-9]*`).ReplaceAllString(words, "#")
	f, ok := b.kinds[kind]
	if !ok || len(trace) < len(f.trace) {
		f.seed, f.err, f.trace = seed, err, trace
	}
	f.count++
	b.kinds[kind] = f
}

func (b *broken) report(t *testing.T) {
	t.Helper()
	for _, f := range b.kinds {
		t.Errorf("%d histories like history %d: %v\n%s\nrerun: %s=%d go test ./functions/internal/simulator -run TestHistories -v",
			f.count, f.seed, f.err, strings.Join(f.trace, "\n"), seedVariable, f.seed)
	}
}

// history is one database and all that happens to it.
type history struct {
	rng     *rand.Rand
	figures *figures
	cluster *simulator.Cluster
	trace   []string

	// environment is the intended one; it is in the store unless lost.
	environment *structpb.Struct
	lost        bool
	input       *structpb.Struct
	split       bool
	// statusLost says that the composite's status was lost at some time.
	statusLost bool

	wrong error
	// identities of composed objects by uid.
	identities map[string]map[string]string
	// lived is the last Environment that something was composed in.
	lived object.Object
	// mode and asked are the credentials mode of the last round, and what the claim said then.
	mode, asked string
}

// fork goes on by itself.
func (h *history) fork(rng *rand.Rand) *history {
	fork := *h
	fork.rng = rng
	fork.cluster = h.cluster.Fork()
	fork.trace = slices.Clone(h.trace)
	fork.identities = make(map[string]map[string]string, len(h.identities))
	for uid, known := range h.identities {
		fork.identities[uid] = maps.Clone(known)
	}
	fork.pipeline()
	return &fork
}

// play lets six to twelve things happen.
func (h *history) play() error {
	for range 6 + min(h.rng.IntN(7), h.rng.IntN(7)) {
		e := h.event()
		h.trace = append(h.trace, e.name)
		e.happen(h)
		h.store()
		for range 1 + max(0, h.rng.IntN(3)-1) {
			if err := h.round(); err != nil {
				return fmt.Errorf("after %q: %w", e.name, err)
			}
		}
	}
	if h.cluster.Ready() {
		h.figures.converged.Add(1)
	}
	if h.chance(healed) {
		return h.heal()
	}
	return nil
}

// round is one reconcile with all checks, and one tick of the providers.
func (h *history) round() error {
	h.figures.rounds.Add(1)
	before := h.snapshot()
	r, err := h.cluster.Reconcile()
	if err != nil {
		return err
	}
	h.note(r)
	if h.wrong != nil {
		return h.wrong
	}
	if err := h.judge(r, before); err != nil {
		return err
	}
	h.cluster.Tick()
	return nil
}

func (h *history) note(r *simulator.Round) {
	line := fmt.Sprintf("    ready=%v", h.cluster.Ready())
	if r.Fatal != "" {
		h.figures.fatals.Add(1)
		line += " fatal=" + r.Reason + ": " + r.Fatal
	}
	if len(r.Created) > 0 {
		line += fmt.Sprintf(" created=%v", r.Created)
	}
	for _, d := range r.Deleted {
		h.figures.deletions.Add(1)
		line += fmt.Sprintf(" deleted=%s (%s)", d.Name, d.Drop.Reason)
	}
	h.trace = append(h.trace, line)
	if h.cluster.Ready() {
		h.figures.ready.Add(1)
	}
}

// moment is what a round starts from.
type moment struct {
	composed map[string]object.Object
	status   object.Object
}

// holder of the data: an instance or a cluster.
func (m moment) holder() object.Object {
	for _, name := range holders() {
		if o := m.composed[name]; !o.IsZero() {
			return o
		}
	}
	return object.Object{}
}

// holders are the composition resource names of what holds data.
func holders() []string { return []string{"database-instance", "database-cluster"} }

// holder is the composition resource name of what holds the data now. Empty when there is nothing.
func (h *history) holder() string {
	for _, name := range holders() {
		if h.cluster.Composed[name] != nil {
			return name
		}
	}
	return ""
}

func (h *history) snapshot() moment {
	m := moment{composed: make(map[string]object.Object, len(h.cluster.Composed)), status: object.Of(h.cluster.Status)}
	for name, c := range h.cluster.Composed {
		m.composed[name] = object.Of(c.Object)
	}
	return m
}

func (h *history) chance(oneIn int) bool { return h.rng.IntN(oneIn) == 0 }

func pick[T any](h *history, from []T) T { return from[h.rng.IntN(len(from))] }

// resource is the name of a random composed resource; empty when there is none.
func (h *history) resource() string {
	names := slices.Sorted(maps.Keys(h.cluster.Composed))
	if len(names) == 0 {
		return ""
	}
	return pick(h, names)
}

// store puts the Environment where the functions find it, or takes it away.
func (h *history) store() {
	ref := simulator.ReferenceTo(h.environment)
	if h.lost {
		h.cluster.Store.Delete(ref)
		return
	}
	h.cluster.Store.Put(h.environment)
}

func (h *history) pipeline() {
	h.cluster.Pipeline = oneStep(h.input)
	if h.split {
		h.cluster.Pipeline = split(h.input)
	}
	for i, step := range h.cluster.Pipeline {
		h.cluster.Pipeline[i].Function = &witness{h: h, inner: step.Function}
	}
}
