package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

type statusCommand struct{}

// errNotWhole ends a status that has printed what is missing.
var errNotWhole = errors.New("the control plane is not whole: run `make down`, then `make up`")

// Run shows a control plane.
func (c *statusCommand) Run(ctx context.Context, p place) error {
	i, err := instance.Load(p.root, p.dir)
	if errors.Is(err, instance.ErrNone) {
		fmt.Printf("No control plane in %s. `make up` starts one.\n", relative(p.dir))
		return nil
	}
	if err != nil {
		return err
	}
	functions, err := i.Functions()
	if err != nil {
		return err
	}
	fmt.Printf("control plane in %s, started %s\n\n", relative(p.dir), i.Started.Local().Format(time.DateTime))
	whole := processes(append(i.Processes, functions...))
	if !whole {
		return errNotWhole
	}
	if err := composites(ctx, i); err != nil {
		return err
	}
	if err := cloud(ctx, i); err != nil {
		return err
	}
	hint(i.Kubeconfig())
	return nil
}

// processes prints one line for each, and says whether all of them run.
func processes(all []process.Process) bool {
	whole, total := true, 0.0
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "PROCESS\tPID\tMEMORY\tCPU\tLISTENS")
	for _, p := range all {
		if !p.Alive() {
			whole = false
			_, _ = fmt.Fprintf(w, "%s\t%d\tended\t\tsee %s\n", p.Name, p.PID, relative(p.Log))
			continue
		}
		usage, err := p.Usage()
		if err != nil {
			continue // it has ended just now
		}
		total += usage.RSS
		_, _ = fmt.Fprintf(w, "%s\t%d\t%.0f MiB\t%.0f s\t%s\n", p.Name, p.PID, usage.RSS, usage.CPU, p.Listens)
	}
	_, _ = fmt.Fprintf(w, "all\t\t%.0f MiB\t\t\n", total)
	_ = w.Flush()
	return whole
}

// cloud lists what stands in the simulated cloud: databases and snapshots by name, the rest by number.
func cloud(ctx context.Context, i *instance.Instance) error {
	inventory, err := api.Client{Address: process.Loopback(i.Ports.Simulator)}.Cloud(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("simulated cloud: %d resources, %d snapshots\n", len(inventory.Resources), len(inventory.Snapshots))
	for _, r := range inventory.Resources {
		note := ""
		if r.Orphaned {
			note = ", and nothing in Kubernetes manages it"
		}
		if r.Kind == "Instance" {
			fmt.Printf("  database %s: %s%s\n", r.Name, r.Status, note)
		}
	}
	for _, s := range inventory.Snapshots {
		fmt.Printf("  snapshot %s of %s\n", s.Identifier, s.Instance)
	}
	return nil
}

// composites counts what people have applied.
func composites(ctx context.Context, i *instance.Instance) error {
	cfg, err := kube.Config(i.Kubeconfig())
	if err != nil {
		return err
	}
	c, err := kube.Client(cfg)
	if err != nil {
		return err
	}
	fmt.Println()
	for _, kind := range []string{"Network", "Environment", "AppDatabase"} {
		items, err := kube.List(ctx, c, schema.GroupVersionKind{Group: "platform.io", Version: "v1", Kind: kind})
		if err != nil {
			return fmt.Errorf("the API server does not answer: %w", err)
		}
		ready := 0
		for n := range items {
			if status, _, _ := kube.Condition(&items[n], "Ready"); status == "True" {
				ready++
			}
		}
		fmt.Printf("%s: %d, %d of them ready\n", kind, len(items), ready)
	}
	return nil
}
