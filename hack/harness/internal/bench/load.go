package bench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
)

// ask sends one request. The response is not decoded; it must have the length of the recorded one.
func (p *process) ask(ctx context.Context, w *workload) error {
	var got length
	if err := p.conn.Invoke(ctx, method, &message{raw: w.request}, &got, grpc.WaitForReady(true)); err != nil {
		return fmt.Errorf("function %s, %s: %w", w.function, w.name, err)
	}
	if got.bytes != len(w.response) {
		return fmt.Errorf("function %s, %s: a response of %d bytes where %d were recorded: the same request must give the same bytes",
			w.function, w.name, got.bytes, len(w.response))
	}
	return nil
}

// oneByOne sends requests one after the other and returns the latency of each, sorted.
func (p *process) oneByOne(ctx context.Context, w *workload, calls int) ([]time.Duration, error) {
	latencies := make([]time.Duration, 0, calls)
	for range calls {
		start := time.Now()
		if err := p.ask(ctx, w); err != nil {
			return nil, err
		}
		latencies = append(latencies, time.Since(start))
	}
	slices.Sort(latencies)
	return latencies, nil
}

// inParallel sends requests at the concurrency of the benchmark and returns how long all of them took.
func (p *process) inParallel(ctx context.Context, w *workload, calls int) (time.Duration, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var left atomic.Int64
	left.Store(int64(calls))
	start := time.Now()
	var wg sync.WaitGroup
	for range concurrency {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if err := p.ask(ctx, w); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(start), context.Cause(ctx)
}

// quantile of sorted values, by the nearest rank.
func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// median of values in any order.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
