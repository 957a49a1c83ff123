// Package e2e drives Goldenpath on a real control plane: one scenario for each thing that a user of the platform relies on.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/landing"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// Scenario is one story.
type Scenario struct {
	// Name in the table, and of its namespace.
	Name string
	// Alone is for stories that would disturb others: they run one after the other when the others are through.
	Alone bool
	// Run plays it; what went wrong is its error.
	Run func(ctx context.Context, c *Case) error
}

// ErrFailed ends a run whose table says what failed.
var ErrFailed = errors.New("not every scenario passed")

const (
	// together is how many scenarios run at once.
	together = 6
	// limit of one scenario.
	limit = 6 * time.Minute
)

// result is a row of the table.
type result struct {
	name    string
	seconds float64
	err     error
}

// suite is one run.
type suite struct {
	instance *instance.Instance
	config   *rest.Config
	client   client.Client
	recorder *recorder.Recorder
	cloud    *api.Client

	mu      sync.Mutex
	out     io.Writer
	results []result
}

// Run plays scenarios on a control plane and prints a table.
func Run(ctx context.Context, i *instance.Instance, scenarios []Scenario, out io.Writer) error {
	cfg, err := kube.Config(i.Kubeconfig())
	if err != nil {
		return err
	}
	c, err := kube.Client(cfg)
	if err != nil {
		return err
	}
	// Scenarios have namespaces of their own, with Environments in the Network that is there.
	if err := landing.Share(ctx, c, "e2e-*"); err != nil {
		return err
	}
	rec, err := recorder.Start(ctx, cfg)
	if err != nil {
		return fmt.Errorf("cannot record the events of the API server: %w", err)
	}
	s := &suite{
		instance: i, config: cfg, client: c, recorder: rec, out: out,
		cloud: &api.Client{Address: process.Loopback(i.Ports.Simulator)},
	}
	group := &errgroup.Group{}
	group.SetLimit(together)
	for _, scenario := range scenarios {
		if !scenario.Alone {
			group.Go(func() error { s.play(ctx, scenario); return nil })
		}
	}
	_ = group.Wait() // failures are in the results
	for _, scenario := range scenarios {
		if scenario.Alone && ctx.Err() == nil {
			s.play(ctx, scenario)
		}
	}
	if err := rec.Sync(ctx); err != nil {
		return fmt.Errorf("the recorder does not hear the API server: %w", err)
	}
	return s.report()
}

// play runs one scenario and notes how it went.
func (s *suite) play(ctx context.Context, scenario Scenario) {
	start := time.Now()
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the scenario takes longer than %s", limit))
	defer cancel()
	c := &Case{suite: s, Namespace: "e2e-" + scenario.Name}
	err := c.begin(ctx)
	if err == nil {
		err = guarded(ctx, scenario, c)
	}
	r := result{name: scenario.Name, seconds: time.Since(start).Seconds(), err: err}
	if err != nil {
		c.dump()
	} else {
		r.err = c.end(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.results = append(s.results, r)
	_, _ = fmt.Fprintf(s.out, "  %-34s %6.1f s  %s\n", r.name, r.seconds, verdict(r.err))
	if r.err != nil {
		_, _ = fmt.Fprintln(s.out, "      "+strings.ReplaceAll(r.err.Error(), "\n", "\n      "))
	}
}

// guarded turns a panic of a scenario into its failure.
func guarded(ctx context.Context, scenario Scenario, c *Case) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the scenario panics: %v", p)
		}
	}()
	return scenario.Run(ctx, c)
}

func verdict(err error) string {
	if err == nil {
		return "ok"
	}
	return "FAILED"
}

// report prints the table, what the recorder saw and the memory of every process.
func (s *suite) report() error {
	failed := 0
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintf(w, "\nSCENARIO\tSECONDS\tRESULT\n")
	for _, r := range s.results {
		if r.err != nil {
			failed++
		}
		_, _ = fmt.Fprintf(w, "%s\t%.1f\t%s\n", r.name, r.seconds, verdict(r.err))
	}
	_ = w.Flush()
	findings := s.recorder.Findings()
	_, _ = fmt.Fprintf(s.out, "\nrecorder: %s\n", s.recorder.Summary())
	for _, f := range findings {
		_, _ = fmt.Fprintln(s.out, "  UNASKED:", f)
	}
	s.memory()
	if failed > 0 || len(findings) > 0 {
		return fmt.Errorf("%w: %d of %d failed, %d data holders were touched unasked", ErrFailed, failed, len(s.results), len(findings))
	}
	_, _ = fmt.Fprintf(s.out, "\n%d scenarios passed\n", len(s.results))
	return nil
}

func (s *suite) memory() {
	i, err := instance.Load(s.instance.Root, s.instance.Dir)
	if err != nil {
		return // it was stopped from outside; the scenarios have said so
	}
	functions, _ := i.Functions()
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintf(w, "\nPROCESS\tMEMORY\tCPU\n")
	for _, p := range append(i.Processes, functions...) {
		if usage, err := p.Usage(); err == nil {
			_, _ = fmt.Fprintf(w, "%s\t%.0f MiB\t%.1f s\n", p.Name, usage.RSS, usage.CPU)
		}
	}
	_ = w.Flush()
}

// dump writes what a failed scenario leaves in the API server, to look into later.
func (c *Case) dump() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var all strings.Builder
	for _, args := range [][]string{
		{"get", "appdatabases,environments,networks,usages", "-o", "yaml"},
		{"get", "instances.rds.aws.m.upbound.io,clusters.rds.aws.m.upbound.io,clusterinstances.rds.aws.m.upbound.io", "-o", "yaml"},
		{"get", "objects.kubernetes.m.crossplane.io", "-o", "yaml"},
		{"get", "managed"},
		{"get", "events", "--sort-by=.lastTimestamp"},
	} {
		out, err := c.Kubectl(ctx, args...)
		fmt.Fprintf(&all, "# kubectl %s\n%s\n", strings.Join(args, " "), out)
		if err != nil {
			fmt.Fprintf(&all, "# %v\n", err)
		}
	}
	file := c.suite.instance.Path("logs", c.Namespace+".dump")
	if err := os.WriteFile(file, []byte(all.String()), 0o600); err == nil {
		_, _ = fmt.Fprintln(c.suite.out, "      what it left is in", file)
	}
}
