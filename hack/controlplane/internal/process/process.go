// Package process starts the processes of a control plane in the background and stops them by their own pids.
package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Spec says how to start a process.
type Spec struct {
	// Name of the process: its log is named after it.
	Name string
	// Path of the binary.
	Path string
	// Args without the binary.
	Args []string
	// Env is added to the environment of this process.
	Env []string
	// Listens says where the process listens, for people.
	Listens string
}

// Process is one that was started. It can be kept in a file and found again.
type Process struct {
	Name string `json:"name"`
	PID  int    `json:"pid"`
	// Birth tells this process from a later one with the same pid.
	Birth string `json:"birth"`
	// Log is the file that holds what it prints.
	Log string `json:"log"`
	// Listens says where the process listens, for people.
	Listens string `json:"listens,omitempty"`

	ended <-chan struct{}
}

// Start runs a process in a session of its own, so that it outlives this one. What it prints is appended to logs/<name>.log.
func Start(spec Spec, logs string) (Process, error) {
	if err := os.MkdirAll(logs, 0o755); err != nil { //nolint:gosec // Logs are for people to read.
		return Process{}, err
	}
	path := filepath.Join(logs, spec.Name+".log")
	log, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return Process{}, err
	}
	defer log.Close() //nolint:errcheck // The child has its own handle.

	cmd := exec.Command(spec.Path, spec.Args...) //nolint:gosec,noctx // Its own tools; it has to outlive every context.
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(os.Environ(), spec.Env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return Process{}, fmt.Errorf("cannot start %s: %w", spec.Name, err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended is in its log
		close(ended)
	}()
	birth, err := birthOf(cmd.Process.Pid)
	if err != nil {
		<-ended
		return Process{}, fmt.Errorf("%s ended at once\n%s", spec.Name, Tail(path, 15))
	}
	return Process{Name: spec.Name, PID: cmd.Process.Pid, Birth: birth, Log: path, Listens: spec.Listens, ended: ended}, nil
}

// Alive says that the process runs, and that the pid is not another one's by now.
func (p Process) Alive() bool {
	select {
	case <-p.ended: // never, for a process that was found in a file
		return false
	default:
	}
	birth, err := birthOf(p.PID)
	return err == nil && birth == p.Birth
}

// Stop ends the process: with SIGTERM, and with SIGKILL when it is still there after the grace period.
func (p Process) Stop(grace time.Duration) error {
	for _, s := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGTERM, grace}, {syscall.SIGKILL, 5 * time.Second}} {
		if !p.Alive() {
			return nil
		}
		if err := syscall.Kill(p.PID, s.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("cannot stop %s (pid %d): %w", p.Name, p.PID, err)
		}
		for end := time.Now().Add(s.wait); time.Now().Before(end) && p.Alive(); {
			time.Sleep(20 * time.Millisecond)
		}
	}
	if p.Alive() {
		return fmt.Errorf("%s (pid %d) does not end; see %s", p.Name, p.PID, p.Log)
	}
	return nil
}

// Kill ends the process without a warning, as a crash would.
func (p Process) Kill() error {
	if !p.Alive() {
		return fmt.Errorf("%s (pid %d) is not running", p.Name, p.PID)
	}
	return syscall.Kill(p.PID, syscall.SIGKILL)
}

// Until polls a check until it passes. It ends early when the process does, with the last lines of its log.
func (p Process) Until(ctx context.Context, what string, check func(context.Context) error) error {
	for {
		err := check(ctx)
		if err == nil {
			return nil
		}
		if !p.Alive() {
			return fmt.Errorf("%s ended while waiting for %s; the end of %s:\n%s", p.Name, what, p.Log, Tail(p.Log, 15))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w (last: %w); the end of %s:\n%s", what, ctx.Err(), err, p.Log, Tail(p.Log, 15))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Tail returns the last lines of a file, indented.
func Tail(path string, lines int) string {
	raw, err := os.ReadFile(path) //nolint:gosec // A log of ours.
	if err != nil {
		return "  (no log: " + err.Error() + ")"
	}
	all := strings.Split(strings.TrimRight(string(raw), "\n"), "\n")
	all = all[max(0, len(all)-lines):]
	return "  " + strings.Join(all, "\n  ")
}
