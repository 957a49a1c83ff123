package scale

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// ErrOpened says that core's circuit breaker opened at the settings that we ship.
var ErrOpened = errors.New("the circuit breaker opened at our settings: see deploy/crossplane-values.yaml")

// Print prints runs beside each other.
func Print(out io.Writer, names []string, results []*Result) {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	row := func(title string, value func(*Result) string) {
		_, _ = fmt.Fprint(w, title)
		for _, r := range results {
			_, _ = fmt.Fprint(w, "\t", value(r))
		}
		_, _ = fmt.Fprintln(w)
	}
	_, _ = fmt.Fprint(w, "\nSCALE")
	for _, name := range names {
		_, _ = fmt.Fprint(w, "\t", name)
	}
	_, _ = fmt.Fprintln(w)
	seconds := func(d time.Duration) string {
		if d == 0 {
			return "not in time"
		}
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	ms := func(s float64) string { return fmt.Sprintf("%.1f ms", 1000*s) }
	row("AppDatabases at once", func(r *Result) string { return fmt.Sprint(r.Count) })
	row("half of them Ready", func(r *Result) string { return seconds(r.Median) })
	row("all Ready", func(r *Result) string { return seconds(r.Ready) })
	row("settled, or given up", func(r *Result) string {
		return fmt.Sprintf("%s, %d of %d Ready", seconds(r.Settled), r.Became, r.Count)
	})
	row("calls of function-appdatabase per XR", func(r *Result) string { return fmt.Sprintf("%.1f", r.Calls) })
	row("watch events per XR", func(r *Result) string { return fmt.Sprintf("%.0f", r.Events/float64(r.Count)) })
	row("circuit breaker opens", func(r *Result) string { return fmt.Sprintf("%.0f", r.Opens) })
	row("events that it dropped", func(r *Result) string { return fmt.Sprintf("%.0f", r.Dropped) })
	row("call p50 / p99, seen from core", func(r *Result) string { return ms(r.CoreP50) + " / " + ms(r.CoreP99) })
	row("call p50 / p99, in the function", func(r *Result) string { return ms(r.FunctionP50) + " / " + ms(r.FunctionP99) })
	for n := range results[0].Usage {
		row(results[0].Usage[n].Name, func(r *Result) string {
			u := r.Usage[n]
			return fmt.Sprintf("%.0f MiB, %.1f s CPU", u.RSS, u.CPU)
		})
	}
	_ = w.Flush()
}
