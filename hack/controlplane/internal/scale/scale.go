// Package scale applies many AppDatabases at once and measures what that costs.
package scale

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/core"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/landing"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
)

const (
	// perNamespace is how many databases share a namespace and an Environment.
	perNamespace = 20
	// calm is how long no function may be called before a run counts as settled.
	calm = 3 * time.Second
	// function is the one that is measured.
	function = "goldenpath-dev-function-appdatabase"
)

// Result of a run.
type Result struct {
	// Count of AppDatabases, and how many of them became ready in time.
	Count, Became int
	// Median is how long it took until half of them were ready, Ready until all were. Zero when they were not in time.
	Median, Ready time.Duration
	// Settled is how long until no function was called any more, or until patience ended.
	Settled time.Duration
	// Calls of function-appdatabase for each AppDatabase until then.
	Calls float64
	// Events that core's circuit breaker counted, and how often it opened and dropped events.
	Events, Opens, Dropped float64
	// P50 and P99 of a call of function-appdatabase: as core sees it, and inside the function.
	CoreP50, CoreP99, FunctionP50, FunctionP99 float64
	// Usage of every process, by name; processor time of the run only.
	Usage []Usage
}

// Usage of a process.
type Usage struct {
	Name string
	process.Usage
}

// run is one measurement on a control plane.
type run struct {
	instance *instance.Instance
	client   client.Client
	count    int
}

// Options of a run.
type Options struct {
	// Count of AppDatabases.
	Count int
	// Patience with them.
	Patience time.Duration
	// Core are settings that Crossplane gets once there are Environments: with its own, a Network alone opens the circuit breaker.
	Core core.Settings
}

// Run applies AppDatabases and waits until all are ready and nothing is called any more, or until patience ends.
func Run(ctx context.Context, i *instance.Instance, o Options, out io.Writer) (*Result, error) {
	cfg, err := kube.Config(i.Kubeconfig())
	if err != nil {
		return nil, err
	}
	c, err := kube.Client(cfg)
	if err != nil {
		return nil, err
	}
	r := &run{instance: i, client: c, count: o.Count}
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	if o.Core.Args != nil {
		if err := core.Restart(ctx, i, o.Core); err != nil {
			return nil, err
		}
	}
	before, err := r.usage()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if err := r.apply(ctx); err != nil {
		return nil, err
	}
	_, _ = fmt.Fprintf(out, "  %5.1f s  %d AppDatabases applied\n", time.Since(start).Seconds(), o.Count)
	result := &Result{Count: o.Count}
	if err := r.converge(ctx, o.Patience, start, result, out); err != nil {
		return nil, err
	}
	if err := r.read(ctx, result); err != nil {
		return nil, err
	}
	after, err := r.usage()
	if err != nil {
		return nil, err
	}
	for n := range after {
		for _, b := range before {
			if b.Name == after[n].Name {
				after[n].CPU -= b.CPU
			}
		}
	}
	result.Usage = after
	return result, nil
}

// converge waits until all are ready and calm. That patience ends is a result, not an error.
func (r *run) converge(ctx context.Context, patience time.Duration, start time.Time, result *Result, out io.Writer) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := r.wait(limited, start, result, out)
	if err == nil {
		err = r.settle(limited)
	}
	result.Settled = time.Since(start)
	if err == nil {
		result.Settled -= calm
		_, _ = fmt.Fprintf(out, "  %5.1f s  settled\n", result.Settled.Seconds())
		return nil
	}
	if ctx.Err() != nil || limited.Err() == nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "  %5.1f s  patience ends: %d of %d are ready\n", result.Settled.Seconds(), result.Became, r.count)
	return nil
}

func namespace(n int) string { return fmt.Sprintf("scale-%02d", n/perNamespace) }

// prepare makes the namespaces and Environments, and waits until they are ready.
func (r *run) prepare(ctx context.Context) error {
	if err := landing.Share(ctx, r.client, "scale-*"); err != nil {
		return err
	}
	var environments []*unstructured.Unstructured
	for n := 0; n < r.count; n += perNamespace {
		ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace(n)}}
		if err := r.client.Create(ctx, ns); err != nil {
			return err
		}
		u := kube.Object(platform("Environment"), ns.Name, "staging")
		u.Object["spec"] = landing.EnvironmentSpec("staging")
		environments = append(environments, u)
	}
	if err := kube.Apply(ctx, r.client, environments...); err != nil {
		return err
	}
	return kube.Eventually(ctx, func(ctx context.Context) error {
		ready, _, err := r.ready(ctx, "Environment")
		if err == nil && ready < len(environments) {
			err = fmt.Errorf("%d of %d Environments are ready", ready, len(environments))
		}
		return err
	})
}

func platform(kind string) schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "platform.io", Version: "v1", Kind: kind}
}

// apply applies all claims at once.
func (r *run) apply(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(10)
	for n := range r.count {
		group.Go(func() error {
			u := kube.Object(platform("AppDatabase"), namespace(n), fmt.Sprintf("orders-%03d", n))
			u.Object["spec"] = map[string]any{
				"engine": "postgres", "size": "small", "environmentRef": map[string]any{"name": "staging"},
				"access": []any{
					map[string]any{"serviceAccount": "orders-api", "role": "writer"},
					map[string]any{"serviceAccount": "orders-report", "role": "reader"},
				},
			}
			return kube.Apply(ctx, r.client, u)
		})
	}
	return group.Wait()
}

// ready counts the composites of our namespaces that are ready, and those that say that their circuit is open.
func (r *run) ready(ctx context.Context, kind string) (ready, open int, err error) {
	items, err := kube.List(ctx, r.client, platform(kind))
	for n := range items {
		if ns := items[n].GetNamespace(); len(ns) < 6 || ns[:6] != "scale-" {
			continue
		}
		if status, _, _ := kube.Condition(&items[n], "Ready"); status == "True" {
			ready++
		}
		if status, _, _ := kube.Condition(&items[n], "Responsive"); status == "False" {
			open++
		}
	}
	return ready, open, err
}

// wait waits until all AppDatabases are ready.
func (r *run) wait(ctx context.Context, start time.Time, result *Result, out io.Writer) error {
	reported := 0
	return kube.Eventually(ctx, func(ctx context.Context) error {
		ready, open, err := r.ready(ctx, "AppDatabase")
		if err != nil {
			return err
		}
		result.Became = ready
		if result.Median == 0 && 2*ready >= r.count {
			result.Median = time.Since(start)
		}
		if ready*4/r.count > reported {
			reported = ready * 4 / r.count
			_, _ = fmt.Fprintf(out, "  %5.1f s  %d ready\n", time.Since(start).Seconds(), ready)
		}
		if ready < r.count {
			return fmt.Errorf("%d of %d AppDatabases are ready, %d have an open circuit breaker", ready, r.count, open)
		}
		result.Ready = time.Since(start)
		return nil
	})
}

// settle waits until no function has been called for a moment.
func (r *run) settle(ctx context.Context) error {
	last, since := -1.0, time.Now()
	return kube.Eventually(ctx, func(ctx context.Context) error {
		families, err := scrape(ctx, process.Loopback(r.instance.Ports.Metrics))
		if err != nil {
			return err
		}
		if calls := sum(families, "function_run_function_request_total", function); calls != last {
			last, since = calls, time.Now()
		}
		if time.Since(since) < calm {
			return errors.New("functions are still called")
		}
		return nil
	})
}

// read reads the metrics of the run.
func (r *run) read(ctx context.Context, result *Result) error {
	families, err := scrape(ctx, process.Loopback(r.instance.Ports.Metrics))
	if err != nil {
		return err
	}
	result.Calls = sum(families, "function_run_function_request_total", function) / float64(r.count)
	const controller = "composite/appdatabases.platform.io"
	result.Events = sum(families, "circuit_breaker_events_total", controller)
	result.Dropped = result.Events - sum(families, "circuit_breaker_events_total", controller, "Allowed")
	result.Opens = sum(families, "circuit_breaker_opens_total", controller)
	result.CoreP50 = quantile(0.5, families, "function_run_function_seconds", function)
	result.CoreP99 = quantile(0.99, families, "function_run_function_seconds", function)
	return r.inside(ctx, result)
}

// inside reads how long the calls took inside the function.
func (r *run) inside(ctx context.Context, result *Result) error {
	functions, err := r.instance.Functions()
	if err != nil {
		return err
	}
	n := slices.IndexFunc(functions, func(p process.Process) bool { return p.Name == function })
	if n < 0 {
		return errors.New("function-appdatabase does not run")
	}
	var address, metrics string
	if _, err := fmt.Sscanf(functions[n].Listens, "%s metrics %s", &address, &metrics); err != nil { // as package runtime writes it
		return fmt.Errorf("cannot tell where function-appdatabase has its metrics from %q: %w", functions[n].Listens, err)
	}
	families, err := scrape(ctx, metrics)
	if err != nil {
		return err
	}
	result.FunctionP50 = quantile(0.5, families, "goldenpath_function_run_seconds", "appdatabase")
	result.FunctionP99 = quantile(0.99, families, "goldenpath_function_run_seconds", "appdatabase")
	return nil
}

func (r *run) usage() ([]Usage, error) {
	functions, err := r.instance.Functions()
	if err != nil {
		return nil, err
	}
	var all []Usage
	for _, p := range append(slices.Clone(r.instance.Processes), functions...) {
		u, err := p.Usage()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		all = append(all, Usage{Name: p.Name, Usage: u})
	}
	return all, nil
}
