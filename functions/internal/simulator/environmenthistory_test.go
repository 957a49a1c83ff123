package simulator_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// Sizes of the property test of environments.
const (
	environmentHistories      = 1_200
	shortEnvironmentHistories = 120
	// environmentPatience is how many rounds an environment gets to come to its end, once nothing is wrong any more.
	environmentPatience = 30
)

// environmentFigures of all histories.
type environmentFigures struct {
	rounds, calls, deletions, expired, fatals, ready, healed, ended atomic.Int64
}

// TestEnvironmentHistories plays random histories of one environment each: edits, clocks, faults, states that are lost, and things that
// move in and out.
func TestEnvironmentHistories(t *testing.T) {
	total := environmentHistories
	if testing.Short() {
		total = shortEnvironmentHistories
	}
	first, last := 0, total
	if seed := os.Getenv(seedVariable); seed != "" {
		n, err := strconv.Atoi(seed)
		if err != nil {
			t.Fatal(err)
		}
		first, last = n, n+1
	}
	// Most of what a history leaves is garbage at once.
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(garbage))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var sum environmentFigures
	broken := &broken{}
	var wait sync.WaitGroup
	for shard := range shards {
		wait.Go(func() {
			for seed := first + shard; seed < last; seed += shards {
				one := newEnvironmentHistory(t, uint64(seed), &sum)
				if err := one.play(); err != nil {
					broken.add(uint64(seed), err, one.trace)
				} else if last-first == 1 {
					t.Log(strings.Join(one.trace, "\n"))
				}
			}
		})
	}
	wait.Wait()
	broken.report(t)
	t.Logf("figures: %d environment histories, %d rounds, %d calls, %d deletions (%d by expiry), %d fatals, %d rounds ready, %d brought to a good "+
		"end, %d expired to nothing", last-first, sum.rounds.Load(), sum.calls.Load(), sum.deletions.Load(), sum.expired.Load(),
		sum.fatals.Load(), sum.ready.Load(), sum.healed.Load(), sum.ended.Load())
}

// environmentHistory is one environment and all that happens to it.
type environmentHistory struct {
	figures *environmentFigures
	rng     *rand.Rand
	cluster *simulator.Cluster
	clock   *simulator.Clock
	// kind is the type that the environment was created with, and spec what it said then.
	kind    string
	spec0   *structpb.Struct
	network *structpb.Struct
	trace   []string
	wrong   error
	// ends says that an end was told in the call before.
	ends bool
	// told is what App kinds have been told of what is there still.
	told map[string]string
}

func newEnvironmentHistory(t testing.TB, seed uint64, sum *environmentFigures) *environmentHistory {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 0xe_7e1))
	forms := slices.Sorted(maps.Keys(environmentSpecs()))
	kinds := []string{"preview", "preview", "preview", "dev", "staging", "production"}
	h := &environmentHistory{figures: sum, rng: rng, kind: kinds[rng.IntN(len(kinds))], told: map[string]string{}}
	legacy := seed%2 == 1
	h.cluster, h.clock = playground(t, forms[rng.IntN(len(forms))], h.kind, legacy)
	h.network = sharedVPC(t, legacy)
	h.spec0 = object.Of(h.cluster.XR).At("spec").Struct()
	h.cluster.Pipeline[0].Function = &environmentWitness{h: h, inner: h.cluster.Pipeline[0].Function}
	if seed%4 > 1 {
		h.cluster.Cloud.Delay = func(kind string) int { return len(kind) % 3 }
	}
	if seed%3 == 0 {
		h.cluster.Cloud.Teardown = 2
	}
	return h
}

func (h *environmentHistory) play() error {
	names := slices.Sorted(maps.Keys(environmentEvents()))
	for range 5 + h.rng.IntN(9) {
		name := names[h.rng.IntN(len(names))]
		if h.rng.IntN(6) == 0 {
			name = "the claim is put right"
		}
		h.trace = append(h.trace, name)
		if len(h.cluster.Composed) == 0 {
			// What begins in another VPC is in none that is wrong.
			h.cluster.Store.Put(h.network)
		}
		environmentEvents()[name](h)
		for range 1 + h.rng.IntN(4) {
			if err := h.round(); err != nil {
				return fmt.Errorf("after %q: %w", name, err)
			}
		}
	}
	// Nobody extends a preview beyond the longest time that it may have.
	if h.kind == "preview" && (h.rng.IntN(2) == 0 || !h.clock.Now().Before(born().Add(longest))) {
		return h.end()
	}
	return h.heal()
}

// round is one reconcile with all checks, and one tick of the providers.
func (h *environmentHistory) round() error {
	h.figures.rounds.Add(1)
	before, phase := map[string]object.Object{}, object.Of(h.cluster.Status).String("phase")
	h.ends = object.Of(h.cluster.Status).Has("expiresAt")
	for name, c := range h.cluster.Composed {
		before[name] = object.Of(c.Object)
	}
	r, err := h.cluster.Reconcile()
	if err != nil {
		return err
	}
	h.note(r)
	if err := h.judge(r, before, phase); err != nil {
		return err
	}
	h.cluster.Tick()
	return h.wrong
}

func (h *environmentHistory) note(r *simulator.Round) {
	line := fmt.Sprintf("    ready=%v %s", h.cluster.Ready(), object.Of(h.cluster.Status).String("phase"))
	if r.Fatal != "" {
		h.figures.fatals.Add(1)
		line += " fatal=" + r.Fatal
	}
	for _, d := range r.Deleted {
		h.figures.deletions.Add(1)
		if d.Drop.Reason == "EnvironmentExpired" {
			h.figures.expired.Add(1)
		}
		line += fmt.Sprintf(" deleted=%s%s (%s)", d.Of, d.Name, d.Drop.Reason)
	}
	if h.cluster.Ready() {
		h.figures.ready.Add(1)
	}
	h.trace = append(h.trace, line+fmt.Sprintf(" created=%v", r.Created))
}

// repair puts right what is not the claim's.
func (h *environmentHistory) repair() {
	for name, c := range h.cluster.Composed {
		c.Fault = simulator.Fault{}
		if child := h.cluster.Child(name); child != nil {
			for _, below := range child.Composed {
				below.Fault = simulator.Fault{}
			}
		}
	}
	h.cluster.Store.Put(h.network)
}

// right is a claim without mistakes: what it said at first, as far as what is composed by now can have it.
func (h *environmentHistory) right() *structpb.Struct {
	spec, own := h.spec0, h.cluster.Composed["environment-network"] != nil
	switch {
	case own:
		spec = simulator.With(simulator.Without(spec, "networkRef"), simulator.Nested(ownNetwork()), "network")
	case h.cluster.Composed["environment-usage-network"] != nil || h.cluster.Composed["environment-usage-network-claim"] != nil:
		spec = simulator.With(simulator.Without(spec, "network"), simulator.Nested(sharedRef()), "networkRef")
	default:
		own = object.Of(spec).Has("network")
	}
	if object.Of(spec).At("cluster").IsZero() {
		return spec
	}
	if config := h.cluster.Get("environment-namespace").String("spec", "providerConfigRef", "name"); config != "" {
		spec = simulator.With(spec, simulator.Text(config), "cluster", "providerConfigRef", "name")
	}
	// Clusters of EKS are in the network that they are named after.
	there, fits := h.cluster.Get("environment-eks-cluster").Annotation("crossplane.io/external-name"), "shared-eks"
	if own {
		fits = "play"
	}
	if there != "" && there != fits {
		spec = simulator.Without(simulator.Without(spec, "identities"), "cluster", "eks")
		return simulator.With(spec, simulator.Text("https://api.example.org"), "vault", "kubernetesHost")
	}
	return simulator.With(spec, simulator.Text(fits), "cluster", "eks", "name")
}

// heal puts right whatever a message could have asked for. Then the environment has to become ready: no history is a trap.
func (h *environmentHistory) heal() error {
	h.trace = append(h.trace, "everything is put right")
	h.repair()
	h.cluster.XR = simulator.With(h.cluster.XR, simulator.Nested(simulator.Without(h.right(), "ttl")), "spec")
	if h.kind == "preview" {
		h.set(simulator.Text("30d"), "ttl")
	}
	h.consent(strings.Join(slices.Sorted(maps.Keys(h.cluster.Composed)), ","))
	if err := h.leavePods(); err != nil {
		return fmt.Errorf("after %q: %w", "everything is put right", err)
	}
	for range environmentPatience {
		if err := h.round(); err != nil {
			return fmt.Errorf("after %q: %w", "everything is put right", err)
		}
		if h.cluster.Ready() {
			h.figures.healed.Add(1)
			return nil
		}
	}
	return fmt.Errorf("after %q: it never becomes ready: %v", "everything is put right", h.cluster.Conditions)
}

// leavePods takes the pods out of a group of their own, as the message asks: by way of both groups.
func (h *environmentHistory) leavePods() error {
	if h.cluster.Get("environment-pod-security-group").IsZero() || object.Of(h.cluster.XR).At("spec", "cluster", "eks").IsZero() {
		return nil
	}
	right := h.cluster.XR
	h.set(simulator.Text("Both"), "cluster", "eks", "podSecurityGroup")
	for range 3 {
		if err := h.round(); err != nil {
			return err
		}
	}
	h.cluster.XR = simulator.With(h.cluster.XR, simulator.Nested(object.Of(right).At("spec").Struct()), "spec")
	return nil
}

// end lets a preview expire, whatever mistakes its claim has. In the end nothing is left.
func (h *environmentHistory) end() error {
	h.trace = append(h.trace, "its time is over")
	h.repair()
	for _, field := range []string{"type", "cloud"} {
		h.set(structpb.NewStructValue(h.spec0).GetStructValue().GetFields()[field], field)
	}
	h.set(simulator.Text("1h"), "ttl")
	h.consent("")
	h.cluster.Store.Delete(simulator.Reference{
		APIVersion: "protection.crossplane.io/v1beta1", Kind: "Usage", Namespace: "team-checkout", Name: "cart",
	})
	if h.clock.Now().Before(born().Add(time.Hour)) {
		h.clock.Set(born().Add(time.Hour))
	}
	for range environmentPatience {
		if err := h.round(); err != nil {
			return fmt.Errorf("after %q: %w", "its time is over", err)
		}
		if len(h.cluster.Composed)+len(h.cluster.Terminating) == 0 && object.Of(h.cluster.Status).String("phase") == "Expired" {
			h.figures.ended.Add(1)
			return nil
		}
	}
	return fmt.Errorf("after %q: left %v: %v", "its time is over", slices.Sorted(maps.Keys(h.cluster.Composed)), h.cluster.Conditions)
}
