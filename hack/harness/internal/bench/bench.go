package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// The functions whose names are written here. Those of the other kinds stand in families.
const (
	appDatabase = "appdatabase"
	guardrails  = "guardrails"
)

// anyPort lets the kernel choose.
const anyPort = "127.0.0.1:0"

// bench is one run.
type bench struct {
	root string
	plan plan
	out  io.Writer
	rows []row
}

// run takes every measure. One that cannot be taken is an error.
func (b *bench) run(ctx context.Context, c Command) error {
	if _, err := os.Stat(b.binary()); err != nil {
		return fmt.Errorf("%s is missing: run `make build`", binary)
	}
	ours := servers{}
	defer func() {
		for _, p := range ours {
			p.stop()
		}
	}()
	for _, function := range measuredFunctions() {
		p, err := b.startOurs(ctx, function, anyPort)
		if err != nil {
			return err
		}
		ours[function] = p
	}
	all, err := b.workloads(ctx, c, ours)
	if err != nil {
		return err
	}
	b.describe(all)
	for _, w := range all {
		if err := b.latency(ctx, w, ours[w.function]); err != nil {
			return err
		}
	}
	for _, w := range measuredForMemory(all) {
		if err := b.residentSize(ctx, w); err != nil {
			return err
		}
	}
	if err := b.coldStart(ctx, all[0]); err != nil {
		return err
	}
	return b.size()
}

// measuredFunctions are the first steps of all kinds, and the last step of every one.
func measuredFunctions() []string {
	var names []string
	for _, f := range families() {
		names = append(names, f.function)
	}
	return append(names, guardrails)
}

// measuredForMemory are the steady state of every function, which comes first, and the one with the largest request.
func measuredForMemory(all []*workload) []*workload {
	var chosen []*workload
	for _, w := range all {
		if !slices.ContainsFunc(chosen, func(c *workload) bool { return c.function == w.function }) {
			chosen = append(chosen, w)
		}
	}
	largest := slices.MaxFunc(all, func(a, b *workload) int { return len(a.request) - len(b.request) })
	if slices.Contains(chosen, largest) {
		return chosen
	}
	return append(chosen, largest)
}

// residentSize measures a fresh process, so that the peak is of these calls alone.
func (b *bench) residentSize(ctx context.Context, w *workload) error {
	p, err := b.startOurs(ctx, w.function, anyPort)
	if err != nil {
		return err
	}
	defer p.stop()
	early, err := p.sizeAfter(ctx, w, b.plan.memoryEarly)
	if err != nil {
		return err
	}
	late, err := p.sizeAfter(ctx, w, b.plan.memoryLate-b.plan.memoryEarly)
	if err != nil {
		return err
	}
	b.addMemory(w, early, late)
	return nil
}

// sizeAfter is the resident size after a number of calls: the peak, and the median of samples taken during the last 5,000
// calls, because a single sample depends on where the garbage collector is.
func (p *process) sizeAfter(ctx context.Context, w *workload, calls int) (memory, error) {
	const chunk, samples = 250, 20
	var m memory
	var sizes []float64
	for left := calls; left > 0; left -= chunk {
		if _, err := p.inParallel(ctx, w, min(chunk, left)); err != nil {
			return m, err
		}
		var err error
		if m, err = p.memory(); err != nil {
			return m, err
		}
		sizes = append(sizes, float64(m.now))
	}
	m.now = int64(median(sizes[max(0, len(sizes)-samples):]))
	return m, nil
}

// coldStart measures from the start of a process to its first answer.
func (b *bench) coldStart(ctx context.Context, w *workload) error {
	var times []float64
	for i := range b.plan.starts + 1 {
		took, err := b.start(ctx, w)
		if err != nil {
			return err
		}
		if i > 0 { // The first one reads the binary from disk.
			times = append(times, milliseconds(took))
		}
	}
	b.addColdStart(w, median(times))
	return nil
}

func (b *bench) start(ctx context.Context, w *workload) (time.Duration, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	p, err := launch(ctx, b.binary(), serveArguments(w.function, address)...)
	if err != nil {
		return 0, err
	}
	defer p.stop()
	if p.conn, err = dial(address); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	err = p.ask(ctx, w)
	return time.Since(begin), err
}
