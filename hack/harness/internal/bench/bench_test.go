package bench

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestQuantileAndMedian(t *testing.T) {
	t.Parallel()
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(i+1))
	}
	if got := quantile(hundred, 0.5); got != 51 {
		t.Errorf("p50 of 1..100 is %d, want 51", got)
	}
	if got := quantile(hundred, 0.99); got != 100 {
		t.Errorf("p99 of 1..100 is %d, want 100", got)
	}
	if got := quantile(hundred[:1], 0.99); got != 1 {
		t.Errorf("p99 of one value is %d, want that value", got)
	}
	if got := median([]float64{9, 1, 5}); got != 5 {
		t.Errorf("median of an odd number of values is %v, want 5", got)
	}
	if got := median([]float64{9, 1, 5, 6}); got != 5.5 {
		t.Errorf("median of an even number of values is %v, want 5.5", got)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		judged, budget float64
		want           string
		fails          bool
	}{
		"a measure without a budget informs only":          {judged: 1000, want: ""},
		"on the budget is within it":                       {judged: 1.5, budget: 1.5, want: "ok"},
		"a little over is said, and does not fail the run": {judged: 1.8, budget: 1.5, want: "OVER"},
		"exactly at the noise margin does not fail":        {judged: 40, budget: 32, want: "OVER"},
		"over the noise margin fails":                      {judged: 41, budget: 32, want: "OVER, fails", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			b := &bench{out: &out, rows: []row{{measure: "m", judged: c.judged, budget: c.budget, unit: " MiB"}}}
			if got := b.rows[0].verdict(); got != c.want {
				t.Errorf("verdict %q, want %q", got, c.want)
			}
			if err := b.verdict(); (err != nil) != c.fails {
				t.Errorf("the run ends with %v, want an error: %t", err, c.fails)
			}
			if strings.Contains(out.String(), "FAILED: m") != c.fails {
				t.Errorf("printed %q, want the failed measure: %t", out.String(), c.fails)
			}
		})
	}
}

// A quick run is what CI judges by, so it judges every budget that a short run can: all but the growth of memory.
func TestPlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		command Command
		growth  float64
	}{"full": {Command{}, growthBudget}, "quick": {Command{Quick: true}, 0}} {
		p := c.command.plan()
		if p.memoryEarly != peakCalls || p.memoryLate <= p.memoryEarly || p.growth != c.growth {
			t.Errorf("%s: memory after %d and %d calls, growth %v; want the first after %d, then more, and %v",
				name, p.memoryEarly, p.memoryLate, p.growth, peakCalls, c.growth)
		}
		if p.rounds < 3 || p.engineRounds < 3 || p.starts < 3 {
			t.Errorf("%s: %d, %d and %d rounds; a median of fewer than three is chance", name, p.rounds, p.engineRounds, p.starts)
		}
	}
}

func TestParseProc(t *testing.T) {
	t.Parallel()
	// The name of the program holds a space and a parenthesis, as the kernel prints it.
	const stat = "42 (golden) path) S 1 42 42 0 -1 4194560 900 0 0 0 123 45 0 0 20 0 8 0 5000 1 2 3\n"
	if got, err := parseCPU(stat); err != nil || got != 1680*time.Millisecond {
		t.Errorf("processor time %v, %v; want 1.68s", got, err)
	}
	for _, broken := range []string{"", "42 (x) S 1", strings.ReplaceAll(stat, "123", "abc")} {
		if got, err := parseCPU(broken); err == nil {
			t.Errorf("%q is %v, want an error: a measure is never made up", broken, got)
		}
	}
	got, err := parseMemory("Name:\tx\nVmPeak:\t  999 kB\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\n")
	if want := (memory{peak: 2 << 20, now: 1 << 20}); err != nil || got != want {
		t.Errorf("memory %+v, %v; want %+v", got, err, want)
	}
	for _, broken := range []string{"", "VmHWM:\t2048 kB\n", "VmHWM:\t2048 MB\nVmRSS:\t1 kB\n"} {
		if got, err := parseMemory(broken); err == nil {
			t.Errorf("%q is %+v, want an error: a measure is never made up", broken, got)
		}
	}
}

func TestMissingExampleIsAnError(t *testing.T) {
	t.Parallel()
	b := &bench{root: t.TempDir(), out: &strings.Builder{}}
	if _, err := b.workloads(context.Background(), Command{Steady: "nowhere"}, servers{}); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a missing example: %v, want an error that names it", err)
	}
	if err := b.run(context.Background(), Command{}); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("a missing binary: %v, want an error that says what to run", err)
	}
	if err := b.size(); err == nil {
		t.Error("the size of a missing binary was measured")
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	b := &bench{root: t.TempDir()}
	if err := os.MkdirAll(filepath.Dir(b.binary()), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.binary(), make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := b.size(); err != nil {
		t.Fatal(err)
	}
	if plain, zipped := b.rows[0].judged, b.rows[1].judged; plain != 2 || zipped <= 0 || zipped > 0.01 {
		t.Errorf("2 MiB of zeros: %v MiB, compressed %v MiB; want 2, and next to nothing", plain, zipped)
	}
}
