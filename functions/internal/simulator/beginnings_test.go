package simulator_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// variants of a claim and its Environment, and moments of each from which histories start: nothing composed, until all is ready.
const (
	variants = 64
	moments  = 8
	// healed is how many histories there are to one that is brought to a good end.
	healed = 8
)

// beginnings are played once: most histories differ in what happens later.
type beginnings struct {
	claim, environment *structpb.Struct
	figures            *figures
	once               [variants]sync.Once
	reached            [variants][]*history
	wrong              [variants]error
}

func begin(t *testing.T, sum *figures) *beginnings {
	t.Helper()
	c, err := simulator.ReadCase(examples + "/01-new")
	if err != nil {
		t.Fatal(err)
	}
	return &beginnings{claim: c.XR, environment: c.Required[0], figures: sum}
}

// history plays the history of a seed, and returns the first broken promise.
func (b *beginnings) history(seed uint64) (*history, error) {
	variant := seed % variants
	b.once[variant].Do(func() { b.reached[variant], b.wrong[variant] = b.play(variant) })
	if err := b.wrong[variant]; err != nil {
		return &history{}, fmt.Errorf("in the beginning: %w", err)
	}
	rng := rand.New(rand.NewPCG(seed, 0x60_1de2))
	h := b.reached[variant][rng.IntN(moments)].fork(rng)
	err := h.play()
	return h, err
}

// play plays the beginning of a variant.
func (b *beginnings) play(variant uint64) ([]*history, error) {
	h := b.variant(variant)
	reached := []*history{h.fork(h.rng)}
	for range moments - 1 {
		if err := h.round(); err != nil {
			return nil, fmt.Errorf("%w\n%s", err, strings.Join(h.trace, "\n"))
		}
		reached = append(reached, h.fork(h.rng))
	}
	return reached, nil
}

// dayTwo gives a claim more of what it may ask for.
func (h *history) dayTwo(claim *structpb.Struct) *structpb.Struct {
	if h.chance(3) {
		claim = simulator.With(claim, simulator.Number(1+h.rng.IntN(3)), "spec", "replicas")
	}
	if h.chance(3) {
		claim = simulator.With(claim, simulator.Bool(true), "spec", "iamAuthentication")
		h.edit(identities("orders-api", "orders-report"), "status", "identities")
	}
	if h.chance(6) {
		claim = simulator.With(claim, simulator.Text("orders-final-0123456789-fa035b9462"), "spec", "restoreFrom", "snapshot")
	}
	return claim
}

// variant is a claim with its Environment before the first round.
func (b *beginnings) variant(n uint64) *history {
	h := &history{
		rng: rand.New(rand.NewPCG(n, 0xbe_91)), figures: b.figures, environment: b.environment, identities: map[string]map[string]string{},
	}
	claim := simulator.With(b.claim, simulator.Text(pick(h, []string{"postgres", "postgres", "mysql", "mariadb", "aurora-postgresql", "aurora-mysql"})), "spec", "engine")
	claim = h.dayTwo(claim)
	h.edit(simulator.Text(pick(h, []string{"dev", "staging", "staging", "preview", "preview", "production"})), "status", "type")
	if h.chance(5) {
		h.environment = simulator.Without(h.environment, "status", "vault")
	}
	if h.chance(3) {
		h.environment = simulator.Without(h.environment, "status", "kmsKeyArn")
	}
	if h.chance(4) {
		h.edit(simulator.Text("platform"), "metadata", "namespace")
		h.edit(simulator.Texts("team-check*"), "status", "sharedWith")
		claim = simulator.With(claim, simulator.Text("platform"), "spec", "environmentRef", "namespace")
	}
	if h.chance(3) {
		claim = simulator.Claims(claim)
		if h.chance(2) {
			h.edit(simulator.Text("staging-q4r8t"), "status", "composite")
		}
	}
	h.split = h.chance(6)
	h.cluster = simulator.New(claim, simulator.NewStore())
	slow := h.rng.IntN(3)
	h.cluster.Cloud.Delay = func(kind string) int {
		if kind == "Instance" || kind == "Cluster" {
			return slow
		}
		return slow / 2
	}
	h.cluster.Cloud.Teardown = h.rng.IntN(4)
	h.store()
	h.pipeline()
	return h
}
