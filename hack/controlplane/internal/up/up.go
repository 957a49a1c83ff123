// Package up brings a control plane up step by step, and takes it down again when a step fails.
package up

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/cluster"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/core"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/install"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/landing"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/registry"
)

// timeout of one step: far above what any takes, so that a hang ends in a sentence.
const timeout = 5 * time.Minute

// Options of a start.
type Options struct {
	// Root of the repository and directory of the control plane; absolute.
	Root, Dir string
	// Port of the API server; zero for a free one.
	Port int
	// Delay is how long the simulated creation of a database takes.
	Delay time.Duration
	// RealAWS leaves AWS to the real provider, which whoever starts it brings; nothing is landed either.
	RealAWS bool
}

// ErrRunning says that there is a control plane already.
var ErrRunning = errors.New("a control plane is running already")

// Up starts a control plane. On an error everything that it has started is stopped.
func Up(ctx context.Context, o Options, out io.Writer) (*instance.Instance, error) {
	if err := absent(o); err != nil {
		return nil, err
	}
	if err := tools(o.Root); err != nil {
		return nil, err
	}
	i, err := instance.New(o.Root, o.Dir, o.Port)
	if err != nil {
		return nil, err
	}
	i.Delay, i.RealAWS = o.Delay, o.RealAWS
	if err := os.RemoveAll(i.Path("logs")); err != nil { // of the control plane before
		return nil, err
	}
	if err := i.Save(); err != nil {
		return nil, err
	}
	if err := run(ctx, i, out); err != nil {
		_, _ = fmt.Fprintln(out, "stopping what was started; the logs stay in", i.Path("logs"))
		return nil, errors.Join(err, i.Stop())
	}
	i.Whole = true
	if err := i.Save(); err != nil {
		return nil, errors.Join(err, i.Stop())
	}
	return i, nil
}

// absent fails when there is a control plane, whole or in pieces.
func absent(o Options) error {
	i, err := instance.Load(o.Root, o.Dir)
	if errors.Is(err, instance.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	var dead []string
	alive := 0
	for _, p := range i.Processes {
		if p.Alive() {
			alive++
		} else {
			dead = append(dead, p.Name)
		}
	}
	switch {
	case alive == 0: // of a machine that was switched off
		return i.Stop()
	case i.Whole && len(dead) == 0:
		return ErrRunning
	case len(dead) == 0:
		return fmt.Errorf("a control plane is being started in %s, or its start was interrupted: run `make down` first", o.Dir)
	}
	return fmt.Errorf("the control plane in %s is not whole: %s has ended (see %s): run `make down`, then `make up`",
		o.Dir, strings.Join(dead, ", "), i.Path("logs"))
}

// tools checks that everything that is needed was built.
func tools(root string) error {
	for _, t := range []struct{ name, target string }{
		{"etcd", "tools-up"}, {"kube-apiserver", "tools-up"}, {"kube-controller-manager", "tools-up"}, {"kubectl", "tools-up"},
		{"crossplane-core", "tools-up"}, {"crossplane", "tools-up"}, {"harness", "build"}, {"controlplane", "build"},
	} {
		if _, err := os.Stat(filepath.Join(root, "_output", "bin", t.name)); err != nil {
			return fmt.Errorf("the tool %s is missing in _output/bin: run `make %s`", t.name, t.target)
		}
	}
	return nil
}

type step struct {
	title string
	do    func(context.Context) error
}

// run does one step after the other and says how long each took.
func run(ctx context.Context, i *instance.Instance, out io.Writer) error {
	var c client.Client
	steps := []step{
		{"etcd and kube-apiserver", func(ctx context.Context) (err error) {
			if err := cluster.Start(ctx, i); err != nil {
				return err
			}
			cfg, err := kube.Config(i.Kubeconfig())
			if err != nil {
				return err
			}
			c, err = kube.Client(cfg)
			return err
		}},
		{"controllers of Kubernetes", func(context.Context) error { return cluster.StartControllers(i) }},
		{"registry with our packages and the stubs of the providers'", func(ctx context.Context) error {
			address := process.Loopback(i.Ports.Registry)
			p, err := i.Start(process.Spec{
				Name: "registry", Path: i.Bin("controlplane"), Args: command(i, "registry", "--address="+address), Listens: address,
			})
			if err != nil {
				return err
			}
			if err := p.Until(ctx, "the registry", func(ctx context.Context) error { return registry.Up(ctx, address) }); err != nil {
				return err
			}
			return install.Push(ctx, i)
		}},
		{"Crossplane with its own roles and webhooks", func(ctx context.Context) error { return core.Install(ctx, i, core.Settings{}) }},
		{"package runtime", func(context.Context) error { return StartRuntime(i) }},
		// It plays kinds from when they are served: so it is ready when they are.
		{"simulator of the cloud", func(context.Context) error { return StartSimulator(i) }},
		{"companion manifests (deploy/)", func(ctx context.Context) error { return install.Apply(ctx, i) }},
		{"Goldenpath through the package manager", func(ctx context.Context) error { return install.Configuration(ctx, i, c, "goldenpath") }},
	}
	if !i.RealAWS {
		steps = append(steps, step{"Networks and Environments to use", func(ctx context.Context) error { return landing.Land(ctx, c) }})
	}
	for _, s := range steps {
		start := time.Now()
		stepCtx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("it takes longer than %s", timeout))
		err := s.do(stepCtx)
		cancel()
		if err != nil {
			return fmt.Errorf("%s: %w", s.title, err)
		}
		_, _ = fmt.Fprintf(out, "  %5.1f s  %s\n", time.Since(start).Seconds(), s.title)
	}
	return nil
}

// command is what a process of the control plane is told to do.
func command(i *instance.Instance, args ...string) []string {
	return append([]string{"--root=" + i.Root, "--dir=" + i.Dir}, args...)
}

const (
	// RuntimeProcess is the name of the package runtime's process.
	RuntimeProcess = "package-runtime"
	// SimulatorProcess is the name of the simulator's process.
	SimulatorProcess = "simulator"
)

// StartRuntime starts the package runtime, also again. Functions that one which was killed has left behind are stopped first.
func StartRuntime(i *instance.Instance) error {
	functions, err := i.Functions()
	if err != nil {
		return err
	}
	for _, p := range functions {
		if err := p.Stop(5 * time.Second); err != nil {
			return err
		}
	}
	_, err = i.Start(process.Spec{Name: RuntimeProcess, Path: i.Bin("controlplane"), Args: command(i, "package-runtime")})
	return err
}

// StartSimulator starts the simulator, also again: it finds in the API server what it has made before.
func StartSimulator(i *instance.Instance) error {
	address := process.Loopback(i.Ports.Simulator)
	args := command(i, "simulator", "--address="+address)
	if i.Delay > 0 {
		args = append(args, "--delay="+i.Delay.String())
	}
	if i.RealAWS {
		args = append(args, "--without=aws")
	}
	_, err := i.Start(process.Spec{Name: SimulatorProcess, Path: i.Bin("controlplane"), Args: args, Listens: address})
	return err
}
