package lifecycle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
)

// person runs the commands of this binary in a terminal.
type person struct {
	binary string
	// root of the repository, and the directory of the control plane.
	root, dir string
}

// newPerson works beside the control plane of a scenario.
func newPerson(c *e2e.Case) *person {
	i := c.Instance()
	return &person{binary: i.Bin("controlplane"), root: i.Root, dir: i.Dir + "-beside"}
}

func (p *person) command(ctx context.Context, args ...string) *exec.Cmd {
	args = append([]string{"--root=" + p.root, "--dir=" + p.dir}, args...)
	cmd := exec.CommandContext(ctx, p.binary, args...) //nolint:gosec // Our own tool and arguments.
	cmd.Dir = p.root
	// When the story takes too long: as ctrl-C, so that the command stops what it has started.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = time.Minute
	return cmd
}

// run returns what a command prints, and its exit code.
func (p *person) run(ctx context.Context, args ...string) (string, int, error) {
	out, err := p.command(ctx, args...).CombinedOutput()
	code, err := exitCode(err)
	return string(out), code, err
}

func exitCode(err error) (int, error) {
	exit := &exec.ExitError{}
	if errors.As(err, &exit) && exit.Exited() {
		return exit.ExitCode(), nil
	}
	return 0, err
}

// expect runs a command and checks its exit code and what it says.
func (p *person) expect(ctx context.Context, want int, says []string, args ...string) error {
	out, code, err := p.run(ctx, args...)
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	if code != want {
		return fmt.Errorf("%s ended with %d, expected %d:\n%s", strings.Join(args, " "), code, want, out)
	}
	for _, words := range says {
		if !strings.Contains(out, words) {
			return fmt.Errorf("%s does not say %q:\n%s", strings.Join(args, " "), words, out)
		}
	}
	return nil
}

// interrupt looks around when a command has printed some words, and presses ctrl-C.
func (p *person) interrupt(ctx context.Context, when string, look func(), args ...string) (string, int, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := &terminal{when: when, reached: sync.OnceFunc(func() { look(); cancel() })}
	cmd := p.command(ctx, args...)
	cmd.Stdout, cmd.Stderr = out, out
	code, err := exitCode(cmd.Run())
	return out.String(), code, err
}

// terminal keeps what is printed, and tells when some words were.
type terminal struct {
	mu      sync.Mutex
	all     bytes.Buffer
	when    string
	reached func()
}

func (t *terminal) Write(some []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.all.Write(some)
	if strings.Contains(t.all.String(), t.when) {
		t.reached()
	}
	return n, err
}

func (t *terminal) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all.String()
}

// noLeftovers checks that no process and no state of the control plane is there.
func (p *person) noLeftovers(_ context.Context) error {
	for _, name := range []string{"state.json", "kubeconfig", "etcd", "pki"} {
		if _, err := os.Stat(filepath.Join(p.dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is left behind", filepath.Join(p.dir, name))
		}
	}
	commands, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(commands) == 0 {
		return fmt.Errorf("cannot list processes: %w", errors.Join(err, fs.ErrNotExist))
	}
	for _, file := range commands {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended just now
		}
		line := strings.ReplaceAll(string(raw), "\x00", " ") + " "
		if strings.Contains(line, p.dir+"/") || strings.Contains(line, "--dir="+p.dir+" ") {
			return fmt.Errorf("a process is left behind: %s", line)
		}
	}
	return nil
}

// pids of the processes that `up` has started.
func (p *person) pids() (string, error) {
	i, err := instance.Load(p.root, p.dir)
	if err != nil {
		return "", err
	}
	var all []int
	for _, proc := range i.Processes {
		all = append(all, proc.PID)
	}
	return fmt.Sprint(all), nil
}
