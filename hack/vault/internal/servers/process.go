// Package servers starts what the proofs need on loopback: PostgreSQL, MariaDB and Vault, each with data of its own that is gone
// with the next run. No service of the system is touched.
package servers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// Process is a server that runs.
type Process struct {
	name string
	log  string
	cmd  *exec.Cmd
	done chan error
}

// startLimit is how long a server may take until it answers; stopLimit until it has ended.
const (
	startLimit = 40 * time.Second
	stopLimit  = 10 * time.Second
)

// account is whom a server runs as: PostgreSQL and MariaDB refuse root.
type account struct{ uid, gid int }

// accountOf is the user of that name when we are root, and else ourselves.
func accountOf(name string) (account, error) {
	if os.Geteuid() != 0 {
		return account{-1, -1}, nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, fmt.Errorf("root cannot run a database, and there is no user %s: install it with hack/vault/install.sh: %w", name, err)
	}
	uid, uidErr := strconv.Atoi(u.Uid)
	gid, gidErr := strconv.Atoi(u.Gid)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return account{}, fmt.Errorf("the user %s has no number: %w", name, err)
	}
	return account{uid, gid}, nil
}

func (a account) own(path string) error {
	if a.uid < 0 {
		return nil
	}
	if err := os.Chown(path, a.uid, a.gid); err != nil {
		return fmt.Errorf("cannot give %s away: %w", path, err)
	}
	return nil
}

func (a account) attributes() *syscall.SysProcAttr {
	// A server does not outlive us, and a Ctrl-C is ours to pass on.
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if a.uid >= 0 {
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)} //nolint:gosec // Numbers of the system's own.
	}
	return attr
}

// fresh makes an empty directory that belongs to a user.
func fresh(dir string, as account) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("cannot clear %s: %w", dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("cannot make %s: %w", dir, err)
	}
	return as.own(dir)
}

// run runs a command to its end.
func run(ctx context.Context, dir string, as account, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.SysProcAttr = dir, as.attributes()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(name), err, out)
	}
	return nil
}

// start starts a server and waits until it answers.
func start(ctx context.Context, cmd *exec.Cmd, name, log string, ready func(context.Context) error) (*Process, error) {
	file, err := os.Create(log)
	if err != nil {
		return nil, fmt.Errorf("cannot write the log of %s: %w", name, err)
	}
	defer file.Close() //nolint:errcheck // The process has its own.
	cmd.Stdout, cmd.Stderr = file, file
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s does not start: %w", name, err)
	}
	p := &Process{name: name, log: log, cmd: cmd, done: make(chan error, 1)}
	go func() { p.done <- cmd.Wait() }()
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		err := ready(attempt)
		stop()
		if err == nil {
			return p, nil
		}
		select {
		case <-ctx.Done():
			p.Stop()
			return nil, fmt.Errorf("%s does not answer (log: %s): %w", name, log, err)
		case ended := <-p.done:
			p.done <- ended
			return nil, fmt.Errorf("%s has ended (%v), see %s", name, ended, log) //nolint:errorlint // It may have ended without an error.
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Stop ends the server and waits for it. PostgreSQL and Vault end at once with SIGINT; PostgreSQL would wait for its clients with
// SIGTERM.
func (p *Process) Stop() { p.end(syscall.SIGINT) }

func (p *Process) end(signal syscall.Signal) {
	_ = p.cmd.Process.Signal(signal) // It may have ended.
	select {
	case <-p.done:
	case <-time.After(stopLimit):
		_ = p.cmd.Process.Kill() // It may have ended.
		<-p.done
	}
}

// freePort is one that nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("there is no free port: %w", err)
	}
	defer l.Close() //nolint:errcheck // It is for its number only.
	address, _ := l.Addr().(*net.TCPAddr)
	return address.Port, nil
}

// find is a program on PATH or in one of the places of Debian.
func find(name string, places ...string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	for _, place := range places {
		if found, err := filepath.Glob(filepath.Join(place, name)); err == nil && len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	return "", fmt.Errorf("%s is not installed: run hack/vault/install.sh", name)
}
