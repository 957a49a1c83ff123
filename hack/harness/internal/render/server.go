package render

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// now is the time that the functions see: output must not change with the day.
const now = "2026-01-01T00:00:00Z"

// startTimeout is how long the server may take until it is ready, stopTimeout until it has ended.
const (
	startTimeout = 20 * time.Second
	stopTimeout  = 10 * time.Second
)

// server is our running function server.
type server struct {
	cmd  *exec.Cmd
	log  *syncBuffer
	done chan error
}

// syncBuffer collects the output of a process while others read it.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// String returns what was written so far.
func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// startServer serves every function of a file and waits until it is ready.
func startServer(ctx context.Context, root, functions string) (*server, error) {
	cmd := exec.Command(filepath.Join(root, binDir, "goldenpath"), "serve", "--all", "--insecure", //nolint:noctx // stop ends it, gracefully.
		"--functions-file", functions, "--now", now, "--metrics-address", "")
	s := &server{cmd: cmd, log: &syncBuffer{}, done: make(chan error, 1)}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = s.log
	cmd.SysProcAttr = attributes()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start the function server: %w", err)
	}
	ready := make(chan struct{})
	go s.read(out, ready)
	select {
	case <-ready:
		return s, nil
	case err := <-s.done:
		s.done <- err
		return nil, fmt.Errorf("the function server ended before it was ready: %w\n%s", err, s.log)
	case <-time.After(startTimeout):
		s.stop()
		return nil, fmt.Errorf("the function server was not ready after %s\n%s", startTimeout, s.log)
	case <-ctx.Done():
		s.stop()
		return nil, ctx.Err()
	}
}

// read waits for the line "ready", then for the end of the process.
func (s *server) read(out io.Reader, ready chan<- struct{}) {
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		if strings.TrimSpace(scanner.Text()) == "ready" {
			close(ready)
			break
		}
	}
	_, _ = io.Copy(io.Discard, out)
	err := s.cmd.Wait()
	if err == nil {
		err = fmt.Errorf("exit 0")
	}
	s.done <- err
}

// stop ends the server, this process only: politely, then not.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.done:
	case <-time.After(stopTimeout):
		_ = s.cmd.Process.Kill()
		<-s.done
	}
}
