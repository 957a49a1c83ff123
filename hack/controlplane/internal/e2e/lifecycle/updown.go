package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
)

// makeUpDown uses the commands behind `make up`, `make status` and `make down`, beside the control plane that runs, with all that
// people do wrong.
func makeUpDown(ctx context.Context, c *e2e.Case) error {
	p := newPerson(c)
	// Whatever happens, nothing of it stays.
	defer p.run(context.WithoutCancel(ctx), "down") //nolint:errcheck // The story has said what is wrong.
	for _, part := range []struct {
		what string
		play func(context.Context, *e2e.Case, *person) error
	}{
		{"with nothing running", nothingRuns},
		{"up with a port that is taken", portTaken},
		{"up with a missing tool", toolMissing},
		{"up and interrupted", interrupted},
		{"up", upBeside},
		{"up twice", upTwice},
		{"with a process that was killed", processKilled},
		{"down", down},
	} {
		if err := part.play(ctx, c, p); err != nil {
			return fmt.Errorf("%s: %w", part.what, err)
		}
	}
	return nil
}

func nothingRuns(ctx context.Context, _ *e2e.Case, p *person) error {
	return errors.Join(
		p.expect(ctx, 0, []string{"No control plane in", "nothing to stop"}, "down"),
		p.expect(ctx, 0, []string{"No control plane in", "`make up` starts one"}, "status"),
		p.noLeftovers(ctx))
}

func portTaken(ctx context.Context, _ *e2e.Case, p *person) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", process.Loopback(0))
	if err != nil {
		return err
	}
	defer l.Close() //nolint:errcheck // Nobody was to connect.
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return err
	}
	says := []string{"error: port " + port + " on 127.0.0.1 is taken", "choose another one, or leave PORT out for a free one"}
	if err := p.expect(ctx, 1, says, "up", "--port", port); err != nil {
		return err
	}
	return p.noLeftovers(ctx)
}

// toolMissing runs in a repository where a tool was not built.
func toolMissing(ctx context.Context, c *e2e.Case, p *person) error {
	root, err := os.MkdirTemp("", "goldenpath-e2e-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root) //nolint:errcheck // A directory of links.
	bin := filepath.Join(root, "_output", "bin")
	if err := errors.Join(os.MkdirAll(bin, 0o700), os.Symlink(filepath.Join(p.root, "package"), filepath.Join(root, "package"))); err != nil {
		return err
	}
	tools, err := os.ReadDir(filepath.Dir(c.Instance().Bin("kubectl")))
	if err != nil {
		return err
	}
	for _, tool := range tools {
		if tool.Name() == "kubectl" {
			continue
		}
		if err := os.Symlink(c.Instance().Bin(tool.Name()), filepath.Join(bin, tool.Name())); err != nil {
			return err
		}
	}
	elsewhere := &person{binary: p.binary, root: root, dir: filepath.Join(root, "controlplane")}
	says := []string{"error: the tool kubectl is missing in _output/bin: run `make tools-up`"}
	if err := elsewhere.expect(ctx, 1, says, "up"); err != nil {
		return err
	}
	return elsewhere.noLeftovers(ctx)
}

// interrupted presses ctrl-C when most of it runs.
func interrupted(ctx context.Context, _ *e2e.Case, p *person) error {
	var running *instance.Instance
	var loaded error
	out, code, err := p.interrupt(ctx, "Crossplane with its own roles and webhooks", func() {
		running, loaded = instance.Load(p.root, p.dir)
	}, "up")
	if err := errors.Join(err, loaded); err != nil || running == nil {
		return fmt.Errorf("it could not be interrupted: %w\n%s", err, out)
	}
	if err := ended(running.Processes); err != nil {
		return err
	}
	if code != 1 || !strings.Contains(out, "stopping what was started; the logs stay in") {
		return fmt.Errorf("it ended with %d and said:\n%s", code, out)
	}
	return p.noLeftovers(ctx)
}

func upBeside(ctx context.Context, c *e2e.Case, p *person) error {
	says := []string{"Goldenpath through the package manager", "Up in ", "export KUBECONFIG=", "kubectl apply -f examples/"}
	if err := p.expect(ctx, 0, says, "up", "--delay=1s"); err != nil {
		return err
	}
	i, err := instance.Load(p.root, p.dir)
	if err != nil {
		return err
	}
	says = []string{"Network: 2, 2 of them ready", "Environment: 3, 3 of them ready"}
	for _, proc := range i.Processes {
		says = append(says, proc.Name, strconv.Itoa(proc.PID))
	}
	if err := p.expect(ctx, 0, append(says, function), "status"); err != nil {
		return err
	}
	cfg, err := kube.Config(i.Kubeconfig())
	if err != nil {
		return err
	}
	second, err := kube.Client(cfg)
	if err != nil {
		return err
	}
	environment := schema.GroupVersionKind{Group: "platform.io", Version: "v1", Kind: "Environment"}
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error {
		live, err := kube.Get(ctx, second, environment, "team-checkout", "staging")
		if err != nil {
			return err
		}
		if status, _, message := kube.Condition(live, "Ready"); status != "True" {
			return fmt.Errorf("the Environment beside is not ready: %s", message)
		}
		return nil
	}); err != nil {
		return err
	}
	// The first one is another one, and answers.
	if _, err := kube.List(ctx, c.Client(), environment); err != nil {
		return err
	}
	if _, err := kube.Get(ctx, second, schema.GroupVersionKind{Version: "v1", Kind: "Namespace"}, "", c.Namespace); err == nil {
		return fmt.Errorf("the two control planes are the same")
	}
	return nil
}

func upTwice(ctx context.Context, _ *e2e.Case, p *person) error {
	before, err := p.pids()
	if err != nil {
		return err
	}
	says := []string{"It is running already", "`make status` shows it, `make down` stops it", "export KUBECONFIG="}
	if err := p.expect(ctx, 0, says, "up"); err != nil {
		return err
	}
	after, err := p.pids()
	if err == nil && before != after {
		err = fmt.Errorf("the processes were %s and are %s", before, after)
	}
	return err
}

func processKilled(ctx context.Context, _ *e2e.Case, p *person) error {
	i, err := instance.Load(p.root, p.dir)
	if err != nil {
		return err
	}
	registry, ok := i.Process("registry")
	if !ok {
		return fmt.Errorf("there is no registry")
	}
	if err := registry.Kill(); err != nil {
		return err
	}
	for end := time.Now().Add(10 * time.Second); registry.Alive() && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond) // until the kernel has ended it
	}
	return errors.Join(
		p.expect(ctx, 1, []string{"registry", "ended", "registry.log", "not whole: run `make down`, then `make up`"}, "status"),
		p.expect(ctx, 1, []string{"is not whole: registry has ended", "run `make down`, then `make up`"}, "up"))
}

func ended(all []process.Process) error {
	for _, p := range all {
		if p.Alive() {
			return fmt.Errorf("%s (pid %d) still runs", p.Name, p.PID)
		}
	}
	return nil
}

func down(ctx context.Context, _ *e2e.Case, p *person) error {
	i, err := instance.Load(p.root, p.dir)
	if err != nil {
		return err
	}
	functions, err := i.Functions()
	if err != nil {
		return err
	}
	if err := p.expect(ctx, 0, []string{"Stopped ", " processes"}, "down"); err != nil {
		return err
	}
	if err := ended(append(i.Processes, functions...)); err != nil {
		return err
	}
	ports := i.Ports
	for _, port := range []int{
		ports.Etcd, ports.EtcdPeer, ports.API, ports.Registry, ports.Simulator, ports.Webhooks, ports.Metrics, ports.Health,
	} {
		if err := process.CheckFree(port); err != nil {
			return err
		}
	}
	return errors.Join(p.noLeftovers(ctx), p.expect(ctx, 0, []string{"nothing to stop"}, "down"))
}
