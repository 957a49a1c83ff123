// Package mutate seeds faults into the functions and checks that a test notices each of them.
package mutate

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// Command runs every mutant of a list.
type Command struct {
	List string   `default:"hack/mutants.yaml" help:"List of seeded faults, relative to the repository."`
	Only []string `help:"Ids of the faults to run; all when not given."`
	Jobs int      `default:"2" help:"How many to run at the same time."`
}

// Run implements kong's command.
func (c Command) Run(root repo.Dir) error {
	start := time.Now()
	all, err := Read(filepath.Join(string(root), c.List))
	if err != nil {
		return err
	}
	mutants := slices.DeleteFunc(all, func(m Mutant) bool { return len(c.Only) > 0 && !slices.Contains(c.Only, m.ID) })
	if len(mutants) == 0 {
		return fmt.Errorf("no mutant of %s is among %v", c.List, c.Only)
	}
	runner := Runner{Root: string(root), Work: filepath.Join(string(root), "_output", "mutants")}
	if err := os.RemoveAll(runner.Work); err != nil {
		return err
	}
	ctx := context.Background()
	if err := runner.Baseline(ctx, mutants); err != nil {
		return err
	}
	killed := Report(os.Stdout, Start(ctx, runner, mutants, max(c.Jobs, 1)))
	fmt.Printf("mutate: %d mutants, %d killed, %.1f s\n", len(mutants), killed, time.Since(start).Seconds())
	if killed < len(mutants) {
		return repo.ErrReported
	}
	return nil
}

// Start runs mutants, some at the same time. Each channel gives the outcome of one, in the order of the list.
func Start(ctx context.Context, runner Runner, mutants []Mutant, jobs int) []chan Outcome {
	outcomes := make([]chan Outcome, len(mutants))
	for i := range outcomes {
		outcomes[i] = make(chan Outcome, 1)
	}
	next := make(chan int)
	go func() {
		defer close(next)
		for i := range mutants {
			next <- i
		}
	}()
	for range jobs {
		go func() {
			for i := range next {
				outcomes[i] <- runner.Run(ctx, mutants[i])
			}
		}()
	}
	return outcomes
}

// Report prints a row for each outcome as soon as those before it are there, and counts the killed ones.
func Report(w io.Writer, outcomes []chan Outcome) int {
	const row = "%-32s  %-9s  %6s  %-66s  %s\n"
	fmt.Fprintf(w, row, "MUTANT", "STATE", "SEC", "PROMISE", "BY")
	killed := 0
	for _, outcome := range outcomes {
		o := <-outcome
		if o.State == Killed {
			killed++
		}
		fmt.Fprintf(w, row, o.Mutant.ID, o.State, fmt.Sprintf("%.1f", o.Seconds), o.Mutant.Promise, o.By)
	}
	return killed
}
