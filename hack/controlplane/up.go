package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/up"
)

type upCommand struct {
	Port  int           `help:"Port of the API server on 127.0.0.1. A free one when it is left out."`
	Delay time.Duration `default:"2s" help:"How long the simulated creation of a database takes."`
}

// Run starts a control plane.
func (c *upCommand) Run(ctx context.Context, p place) error {
	start := time.Now()
	fmt.Printf("control plane in %s\n", relative(p.dir))
	i, err := up.Up(ctx, up.Options{Root: p.root, Dir: p.dir, Port: c.Port, Delay: c.Delay}, os.Stdout)
	if errors.Is(err, up.ErrRunning) {
		fmt.Println("It is running already. `make status` shows it, `make down` stops it.")
		hint(filepath.Join(p.dir, "kubeconfig"))
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Printf("Up in %.0f s. Everything listens on 127.0.0.1, except three ports of Crossplane that cannot be told to\n"+
		"(%d webhooks, %d metrics, %d health: all interfaces).\n", time.Since(start).Seconds(), i.Ports.Webhooks, i.Ports.Metrics, i.Ports.Health)
	hint(i.Kubeconfig())
	return nil
}

func hint(kubeconfig string) {
	fmt.Printf(`
  export KUBECONFIG=%s PATH=$PWD/_output/bin:$PATH
  kubectl get environments
  kubectl apply -f examples/appdatabases/01-new/xr.yaml
  kubectl get appdatabases --watch
`, relative(kubeconfig))
}

// relative shortens a path for people.
func relative(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	short, err := filepath.Rel(wd, path)
	if err != nil || !filepath.IsLocal(short) {
		return path
	}
	return "$PWD/" + short
}

type downCommand struct{}

// Run stops the control plane.
func (c *downCommand) Run(p place) error {
	i, err := instance.Load(p.root, p.dir)
	if errors.Is(err, instance.ErrNone) {
		fmt.Printf("No control plane in %s: nothing to stop.\n", relative(p.dir))
		return nil
	}
	if err != nil {
		return err
	}
	n := 0
	for _, proc := range i.Processes {
		if proc.Alive() {
			n++
		}
	}
	if err := i.Stop(); err != nil {
		return err
	}
	fmt.Printf("Stopped %d processes. The logs are in %s.\n", n, relative(i.Path("logs")))
	return nil
}
