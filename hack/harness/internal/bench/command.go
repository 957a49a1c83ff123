// Package bench measures our functions beside a baseline server, and holds the figures against the budgets of the design.
package bench

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// Command measures latency, processor time, memory, cold start and size.
type Command struct {
	Quick  bool   `help:"Fewer rounds and calls: the same budgets but the growth of memory. Figures to quote come from a run without it."`
	First  string `default:"examples/appdatabases/01-new" help:"Example of the first reconcile."`
	Steady string `placeholder:"DIR" help:"Example of the steady state. The first one of every engine that is ready, when not given."`
}

// plan is how much is measured.
type plan struct {
	rounds, calls, parallelCalls, warmUp int
	memoryEarly, memoryLate              int
	// growth of the usual resident size that is allowed between the two, in MiB. 0 judges nothing: a short run is still growing.
	growth float64
	starts int
	// engineRounds are those of an engine's steady state, but for the first engine's.
	engineRounds int
}

// plan keeps the whole run near a minute with --quick, and under four minutes otherwise, on two cores. Both judge the memory after as many
// calls as the budget is for.
func (c Command) plan() plan {
	if c.Quick {
		return plan{
			rounds: 5, calls: 150, parallelCalls: 250, warmUp: 150,
			memoryEarly: peakCalls, memoryLate: peakCalls + 2000, starts: 3, engineRounds: 3,
		}
	}
	return plan{
		rounds: 9, calls: 400, parallelCalls: 600, warmUp: 300,
		memoryEarly: peakCalls, memoryLate: 50000, growth: growthBudget, starts: 5, engineRounds: 3,
	}
}

// concurrency of the throughput and memory measures.
const concurrency = 8

// Run implements kong's command.
func (c Command) Run(root repo.Dir) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	start := time.Now()
	b := &bench{root: string(root), plan: c.plan(), out: os.Stdout}
	if err := b.run(ctx, c); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted: %w", err)
		}
		return err
	}
	b.print()
	fmt.Fprintf(b.out, "took %s\n", time.Since(start).Round(time.Second))
	return b.verdict()
}

// binary is our server, relative to the repository.
const binary = "_output/bin/goldenpath"

// scratch holds the recorded responses, relative to the repository.
const scratch = "_output/bench"

func (b *bench) binary() string { return filepath.Join(b.root, binary) }
