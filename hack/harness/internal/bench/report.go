package bench

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// Budgets of DESIGN section 10. Latencies are multiples of the baseline's.
const (
	steadyBudget    = 1.5
	firstBudget     = 2.0
	peakBudget      = 32.0 // MiB
	growthBudget    = 1.0  // MiB
	coldStartBudget = 25.0 // milliseconds
	imageBudget     = 15.0 // MiB
)

// peakCalls is how many calls peakBudget is for.
const peakCalls = 10000

// noise is how far over its budget a measure must be to fail the run.
const noise = 1.25

// mebi is one MiB in bytes.
const mebi = 1 << 20

// row is one line of the table. A measure without a budget informs only.
type row struct {
	measure string
	value   string
	// baseline is empty where there is nothing to compare with.
	baseline string
	// judged is what the budget is for: the value, or its ratio to the baseline.
	judged, budget float64
	ratio          string
	unit           string
}

// over says that the budget is exceeded, and fails that it is by more than noise.
func (r row) over() bool  { return r.budget > 0 && r.judged > r.budget }
func (r row) fails() bool { return r.budget > 0 && r.judged > r.budget*noise }

func (r row) verdict() string {
	switch {
	case r.budget == 0:
		return ""
	case r.fails():
		return "OVER, fails"
	case r.over():
		return "OVER"
	default:
		return "ok"
	}
}

func (r row) limit() string {
	if r.budget == 0 {
		return ""
	}
	return fmt.Sprintf("%.4g%s", r.budget, r.unit)
}

// compared adds a row that is judged by its ratio to the baseline. A budget of 0 is none.
func (b *bench) compared(measure, format string, ours, baseline, budget float64) {
	ratio := ours / baseline
	b.rows = append(b.rows, row{
		measure: measure, value: fmt.Sprintf(format, ours), baseline: fmt.Sprintf(format, baseline),
		ratio: fmt.Sprintf("%.2f", ratio), judged: ratio, budget: budget, unit: " x",
	})
}

// single adds a row that is judged by its value.
func (b *bench) single(measure, unit string, value, budget float64) {
	b.rows = append(b.rows, row{measure: measure, value: fmt.Sprintf("%.4g%s", value, unit), judged: value, budget: budget, unit: unit})
}

func (b *bench) addLatency(w *workload, ours, baseline *rounds) {
	name := w.name + ", " + w.function
	b.compared(name+": p50", "%.3f ms", median(ours.p50), median(baseline.p50), w.budget)
	b.compared(name+": p99", "%.3f ms", median(ours.p99), median(baseline.p99), 0)
	b.compared(name+": processor time per call", "%.3f ms", ours.cpuPerCall(), baseline.cpuPerCall(), 0)
	b.compared(fmt.Sprintf("%s: calls per second, %d at a time", name, concurrency), "%.0f",
		median(ours.throughput), median(baseline.throughput), 0)
}

func (b *bench) addMemory(w *workload, early, late memory) {
	name := fmt.Sprintf("%s, %s: ", w.name, w.function)
	b.single(fmt.Sprintf("%speak resident size after %d calls", name, b.plan.memoryEarly), " MiB", mib(early.peak), peakBudget)
	// The median over many samples shows a leak; the peak is one unlucky moment of the garbage collector, and only shown.
	b.single(fmt.Sprintf("%sgrowth of the usual size to call %d", name, b.plan.memoryLate), " MiB", mib(late.now-early.now), b.plan.growth)
	b.single(fmt.Sprintf("%sgrowth of the peak to call %d", name, b.plan.memoryLate), " MiB", mib(late.peak-early.peak), 0)
	b.single(fmt.Sprintf("%susual resident size around call %d", name, b.plan.memoryEarly), " MiB", mib(early.now), 0)
	b.single(fmt.Sprintf("%susual resident size around call %d", name, b.plan.memoryLate), " MiB", mib(late.now), 0)
}

func mib(bytes int64) float64 { return float64(bytes) / mebi }

func (b *bench) addColdStart(w *workload, ms float64) {
	b.single(fmt.Sprintf("cold start to first answer, %s, %s", w.function, w.name), " ms", ms, coldStartBudget)
}

// size weighs the binary, alone in a layer of the runtime image.
func (b *bench) size() error {
	file, err := os.Open(b.binary())
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // It is only read.
	var compressed counter
	zip, err := gzip.NewWriterLevel(&compressed, gzip.DefaultCompression)
	if err != nil {
		return err
	}
	plain, err := io.Copy(zip, file)
	if err != nil {
		return err
	}
	if err := zip.Close(); err != nil {
		return err
	}
	b.single("size of the binary", " MiB", mib(plain), 0)
	b.single("size of the binary, gzip, for the runtime image", " MiB", mib(int64(compressed)), imageBudget)
	return nil
}

// counter counts what is written to it.
type counter int64

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// describe says what is sent.
func (b *bench) describe(all []*workload) {
	for _, w := range all {
		fmt.Fprintf(b.out, "%s (%s), %s: %d resources observed", w.name, filepath.Base(w.dir), w.function, w.observed)
		if w.added > 0 {
			fmt.Fprintf(b.out, " (%d of them copies, as another step's)", w.added)
		}
		fmt.Fprintf(b.out, ", %d desired, request %d bytes, response %d bytes\n", w.desired, len(w.request), len(w.response))
	}
	fmt.Fprintf(b.out, "%d rounds (%d for the engines behind the first), ours and the baseline in turns, of %d calls one by one and "+
		"%d calls %d at a time; medians of the rounds\n\n",
		b.plan.rounds, b.plan.engineRounds, b.plan.calls, b.plan.parallelCalls, concurrency)
}

// print writes the table and the rule of the exit code.
func (b *bench) print() {
	t := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "measure\tvalue\tbaseline\tratio\tbudget\tverdict")
	for _, r := range b.rows {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", r.measure, r.value, r.baseline, r.ratio, r.limit(), r.verdict())
	}
	_ = t.Flush()
	fmt.Fprintf(b.out, "\nbaseline: a server that decodes the same request with gRPC's own codec and answers the recorded response\n"+
		"OVER: over the budget. The run fails only above %.4g times a budget: machines that run this are shared and small\n", noise)
}

// verdict is the error of the run. It prints what failed.
func (b *bench) verdict() error {
	var err error
	for _, r := range b.rows {
		if r.fails() {
			fmt.Fprintf(b.out, "FAILED: %s: the budget is %s, and this is %.2f times as much\n", r.measure, r.limit(), r.judged/r.budget)
			err = repo.ErrReported
		}
	}
	return err
}
