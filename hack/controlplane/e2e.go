package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e/basics"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e/changes"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e/faults"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e/landing"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e/lifecycle"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e/people"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/up"
)

type e2eCommand struct {
	Only []string `help:"Names of the scenarios to play; all when left out."`
	Keep bool     `help:"Leave the control plane running, to look into it. The next run stops it."`
}

// scenarios in the order of the table.
func scenarios() []e2e.Scenario {
	var all []e2e.Scenario
	for _, some := range [][]e2e.Scenario{
		basics.Scenarios(), changes.Scenarios(), faults.Scenarios(), people.Scenarios(), landing.Scenarios(), lifecycle.Scenarios(),
	} {
		all = append(all, some...)
	}
	return all
}

// choose picks scenarios by name.
func choose(all []e2e.Scenario, only []string) ([]e2e.Scenario, error) {
	if len(only) == 0 {
		return all, nil
	}
	var chosen []e2e.Scenario
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
		for _, name := range only {
			if s.Name == name {
				chosen = append(chosen, s)
			}
		}
	}
	if len(chosen) != len(only) {
		return nil, fmt.Errorf("--only names a scenario that does not exist; there are: %s", strings.Join(names, ", "))
	}
	return chosen, nil
}

// Run plays the scenarios on a control plane of its own.
func (c *e2eCommand) Run(ctx context.Context, p place) error {
	chosen, err := choose(scenarios(), c.Only)
	if err != nil {
		return err
	}
	i, err := fresh(ctx, place{root: p.root, dir: p.dir + "-e2e"}, up.Options{Delay: time.Second})
	if err != nil {
		return err
	}
	err = e2e.Run(ctx, i, chosen, os.Stdout)
	if c.Keep {
		hint(i.Kubeconfig())
		return err
	}
	return errors.Join(err, stop(p.root, i.Dir))
}

// fresh starts a control plane for a run. One that an earlier run has left is stopped.
func fresh(ctx context.Context, p place, o up.Options) (*instance.Instance, error) {
	start := time.Now()
	if err := stop(p.root, p.dir); err != nil {
		return nil, err
	}
	fmt.Printf("control plane in %s\n", relative(p.dir))
	o.Root, o.Dir = p.root, p.dir
	i, err := up.Up(ctx, o, os.Stdout)
	if err == nil {
		fmt.Printf("up in %.1f s\n\n", time.Since(start).Seconds())
	}
	return i, err
}

// stop stops whatever runs in a directory: a scenario may have restarted processes, so the state is read again.
func stop(root, dir string) error {
	i, err := instance.Load(root, dir)
	if errors.Is(err, instance.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	return i.Stop()
}
