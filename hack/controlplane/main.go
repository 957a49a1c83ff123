// Command controlplane runs Goldenpath for real, without containers: etcd, kube-apiserver, Crossplane and our packages as
// processes on loopback, with a simulator in the place of the cloud.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the command table. Those that are hidden are processes of a control plane.
type commands struct {
	Root string `default:"." help:"Root of the repository." type:"existingdir"`
	Dir  string `default:"_output/controlplane" help:"Directory of the control plane, relative to the root."`

	Up     upCommand     `cmd:"" help:"Start a control plane, install Goldenpath on it and wait until it can be used."`
	Down   downCommand   `cmd:"" help:"Stop the control plane and forget what was in it."`
	Status statusCommand `cmd:"" help:"Show the processes of the control plane, and what is in the simulated cloud."`

	E2E e2eCommand `cmd:"" name:"e2e" help:"Play every scenario on a control plane of its own."`

	E2EAWS e2eAWSCommand `cmd:"" name:"e2e-aws" help:"Let the real AWS provider reconcile what the functions compose."`

	Scale scaleCommand `cmd:"" help:"Apply many AppDatabases at once and measure, with our settings of core and with its own."`

	Registry       registryCommand  `cmd:"" hidden:"" help:"Serve the registry."`
	PackageRuntime runtimeCommand   `cmd:"" hidden:"" help:"Play Crossplane's package runtime."`
	Simulator      simulatorCommand `cmd:"" hidden:"" help:"Play the cloud and its providers."`
}

// place is where a command works; both paths are absolute.
type place struct{ root, dir string }

func (c *commands) place() (place, error) {
	root, err := filepath.Abs(c.Root)
	if err != nil {
		return place{}, err
	}
	if _, err := os.Stat(filepath.Join(root, "package", "goldenpath")); err != nil {
		return place{}, fmt.Errorf("%s is not the root of the goldenpath repository: change into it, or pass --root", root)
	}
	dir := c.Dir
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(root, dir)
	}
	return place{root: root, dir: dir}, nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	var cli commands
	parsed := kong.Parse(&cli, kong.Name("controlplane"), kong.UsageOnError(),
		kong.Description("A control plane with Goldenpath on it, without containers."), kong.BindTo(ctx, (*context.Context)(nil)))
	p, err := cli.place()
	if err == nil {
		err = parsed.Run(p)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
