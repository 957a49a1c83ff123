package process_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
)

func start(t *testing.T, script string) process.Process {
	t.Helper()
	p, err := process.Start(process.Spec{Name: "test", Path: "/bin/sh", Args: []string{"-c", script}}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Kill() })
	return p
}

func TestStop(t *testing.T) {
	for _, tc := range []struct {
		name, script string
	}{
		{"ends when asked", "exec sleep 60"},
		{"does not listen, and is killed", `trap "" TERM; echo ready; while :; do sleep 0.1; done`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := start(t, tc.script)
			if !p.Alive() {
				t.Fatal("a process that was started is not alive")
			}
			if err := p.Until(context.Background(), "memory", func(context.Context) error {
				if usage, err := p.Usage(); err != nil || usage.RSS <= 0 {
					return fmt.Errorf("usage %+v: %w", usage, err)
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
			if err := p.Stop(300 * time.Millisecond); err != nil {
				t.Fatal(err)
			}
			if p.Alive() {
				t.Error("it is still alive")
			}
			if err := p.Stop(time.Second); err != nil {
				t.Errorf("a second Stop: %v", err)
			}
			if p.Kill() == nil {
				t.Error("Kill of a process that has ended: expected an error")
			}
		})
	}
}

// The pid of a process that has ended may be another one's by now, which must not be stopped.
func TestAnotherWithTheSamePID(t *testing.T) {
	p := start(t, "exec sleep 60")
	found := process.Process{Name: p.Name, PID: p.PID, Birth: "1"}
	if found.Alive() {
		t.Error("a process with another birth counts as the one that was noted")
	}
	if err := found.Stop(time.Second); err != nil {
		t.Error(err)
	}
	if !p.Alive() {
		t.Error("the other process was stopped")
	}
}

func TestUntil(t *testing.T) {
	never := errors.New("not yet")
	t.Run("the check passes", func(t *testing.T) {
		n := 0
		err := start(t, "exec sleep 60").Until(context.Background(), "it", func(context.Context) error {
			if n++; n < 3 {
				return never
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	t.Run("the process ends first: its last words", func(t *testing.T) {
		err := start(t, "sleep 0.1; echo out of luck; exit 3").Until(context.Background(), "it", func(context.Context) error { return never })
		if err == nil || !strings.Contains(err.Error(), "out of luck") {
			t.Errorf("got %v, expected the end of its log", err)
		}
	})
	t.Run("the time ends first", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		err := start(t, "exec sleep 60").Until(ctx, "it", func(context.Context) error { return never })
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, never) {
			t.Errorf("got %v, expected the deadline and the last error", err)
		}
	})
}

func TestStartOfNothing(t *testing.T) {
	_, err := process.Start(process.Spec{Name: "ghost", Path: filepath.Join(t.TempDir(), "missing")}, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "ghost") {
		t.Errorf("got %v, expected an error that names the process", err)
	}
}

func TestTail(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(file, []byte("one\ntwo\nthree\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := process.Tail(file, 2); got != "  two\n  three" {
		t.Errorf("Tail = %q", got)
	}
	if got := process.Tail(file+".missing", 2); !strings.Contains(got, "no log") {
		t.Errorf("Tail of a missing file = %q", got)
	}
}

func TestPorts(t *testing.T) {
	ports, err := process.FreePorts(20)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for _, p := range ports {
		if seen[p] {
			t.Fatalf("port %d was given twice", p)
		}
		seen[p] = true
		if err := process.CheckFree(p); err != nil {
			t.Error(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // A test.
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // A test.
	for _, tc := range []struct {
		name string
		port int
		says string
	}{
		{"taken", l.Addr().(*net.TCPAddr).Port, "is taken"},
		{"reserved", 80, "from 1024 to 65535"},
		{"no port", 70000, "from 1024 to 65535"},
	} {
		if err := process.CheckFree(tc.port); err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: got %v, expected %q", tc.name, err, tc.says)
		}
	}
}
