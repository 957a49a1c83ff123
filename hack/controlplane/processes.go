package main

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/registry"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/runtime"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator"
)

func logger() *slog.Logger { return slog.New(slog.NewTextHandler(os.Stderr, nil)) }

type registryCommand struct {
	Address string `required:"" help:"Loopback address."`
}

// Run serves the registry.
func (c *registryCommand) Run(ctx context.Context) error { return registry.Serve(ctx, c.Address) }

type runtimeCommand struct{}

// Run plays the package runtime.
func (c *runtimeCommand) Run(ctx context.Context, p place) error {
	i, err := instance.Load(p.root, p.dir)
	if err != nil {
		return err
	}
	return runtime.Run(ctx, i, logger())
}

type simulatorCommand struct {
	Address string        `required:"" help:"Loopback address of what the simulator tells about its cloud."`
	Delay   time.Duration `default:"2s" help:"How long the creation of a database instance takes."`
	Without []string      `help:"Providers that are not played, because the real ones are there: aws."`
}

// Run plays the cloud and its providers.
func (c *simulatorCommand) Run(ctx context.Context, p place) error {
	i, err := instance.Load(p.root, p.dir)
	if err != nil {
		return err
	}
	cfg, err := kube.Config(i.Kubeconfig())
	if err != nil {
		return err
	}
	return simulator.Run(ctx, simulator.Options{RESTConfig: cfg, Address: c.Address, Delay: c.Delay, Without: c.Without, Log: logger()})
}
