package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// rounds are the figures of one server, one for each round.
type rounds struct {
	// p50 and p99 latency at concurrency 1 in milliseconds, calls per second at concurrency 8.
	p50, p99, throughput []float64
	// calls and cpu of all rounds: one round is too short for the clock that the kernel counts processor time with.
	calls int
	cpu   time.Duration
}

func (r *rounds) cpuPerCall() float64 { return milliseconds(r.cpu) / float64(r.calls) }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// round measures a server once.
func (r *rounds) round(ctx context.Context, p *process, w *workload, plan plan) error {
	before, err := p.cpu()
	if err != nil {
		return err
	}
	latencies, err := p.oneByOne(ctx, w, plan.calls)
	if err != nil {
		return err
	}
	took, err := p.inParallel(ctx, w, plan.parallelCalls)
	if err != nil {
		return err
	}
	after, err := p.cpu()
	if err != nil {
		return err
	}
	r.p50 = append(r.p50, milliseconds(quantile(latencies, 0.50)))
	r.p99 = append(r.p99, milliseconds(quantile(latencies, 0.99)))
	r.throughput = append(r.throughput, float64(plan.parallelCalls)/took.Seconds())
	r.calls += plan.calls + plan.parallelCalls
	r.cpu += after - before
	return nil
}

// latency measures one workload on our server and on the baseline, in turns.
func (b *bench) latency(ctx context.Context, w *workload, ours *process) error {
	baseline, err := b.startBaseline(ctx, w)
	if err != nil {
		return err
	}
	defer baseline.stop()
	for _, p := range []*process{ours, baseline} {
		if _, err := p.inParallel(ctx, w, b.plan.warmUp); err != nil {
			return err
		}
	}
	var we, they rounds
	for i := range w.rounds {
		first, second := func() error { return we.round(ctx, ours, w, b.plan) }, func() error { return they.round(ctx, baseline, w, b.plan) }
		if i%2 == 1 {
			first, second = second, first
		}
		if err := first(); err != nil {
			return err
		}
		if err := second(); err != nil {
			return err
		}
	}
	b.addLatency(w, &we, &they)
	return nil
}

// startBaseline starts the baseline with the recorded response of a workload.
func (b *bench) startBaseline(ctx context.Context, w *workload) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find the program of the baseline: %w", err)
	}
	file := filepath.Join(b.root, scratch, w.function+".response")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, w.response, 0o600); err != nil {
		return nil, err
	}
	return startProcess(ctx, self, "--root", b.root, "bench-baseline", file)
}

// startOurs starts one of our functions.
func (b *bench) startOurs(ctx context.Context, function, address string) (*process, error) {
	return startProcess(ctx, b.binary(), serveArguments(function, address)...)
}

func serveArguments(function, address string) []string {
	return []string{"serve", function, "--insecure", "--address", address, "--metrics-address", ""}
}
