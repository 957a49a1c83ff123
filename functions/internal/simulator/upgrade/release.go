package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// now is the time that the functions of both commits see.
const now = "2026-01-02T03:04:05Z"

// startTimeout is how long a server may take until it is ready, stopTimeout until it has ended.
const (
	startTimeout = 20 * time.Second
	stopTimeout  = 5 * time.Second
)

// objectPrefix is what comes before the name of a function in Compositions and function objects.
const objectPrefix = "goldenpath-dev-function-"

// release is a tree with its functions, which are running.
type release struct {
	tree string
	// functions by the names of their objects.
	functions map[string]simulator.Function
	// running processes.
	running []*function
}

// function is one process.
type function struct {
	cmd    *exec.Cmd
	ended  chan struct{}
	conn   *grpc.ClientConn
	client fnv1.FunctionRunnerServiceClient
}

// RunFunction asks the process.
func (f *function) RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	return f.client.RunFunction(ctx, req)
}

// serve starts every function of a tree.
func serve(ctx context.Context, tree, binary string) (*release, error) {
	text, err := os.ReadFile(filepath.Join(tree, "examples", "functions.yaml")) //nolint:gosec // a file of the repository
	if err != nil {
		return nil, fmt.Errorf("cannot read which functions there are: %w", err)
	}
	r := &release{tree: tree, functions: map[string]simulator.Function{}}
	for document := range strings.SplitSeq(string(text), "\n---\n") {
		f, err := simulator.Parse([]byte(document))
		if err != nil {
			return nil, fmt.Errorf("examples/functions.yaml: %w", err)
		}
		name, ours := strings.CutPrefix(object.Of(f).Name(), objectPrefix)
		if !ours {
			continue
		}
		running, err := start(ctx, binary, name)
		if err != nil {
			r.stop()
			return nil, err
		}
		r.functions[objectPrefix+name], r.running = running, append(r.running, running)
	}
	return r, nil
}

// start a function on a port that the kernel chooses, and connect to it.
func start(ctx context.Context, binary, name string) (*function, error) {
	f := &function{
		ended: make(chan struct{}),
		cmd: exec.CommandContext(ctx, binary, "serve", name, "--insecure", //nolint:gosec // a binary of ours
			"--address", "127.0.0.1:0", "--metrics-address", "", "--now", now),
	}
	var log strings.Builder
	f.cmd.Stderr = &log
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := f.cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start function %s: %w", name, err)
	}
	address := make(chan string, 1)
	go f.read(out, address)
	select {
	case at := <-address:
		f.conn, err = grpc.NewClient(at, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			f.stop()
			return nil, err
		}
		f.client = fnv1.NewFunctionRunnerServiceClient(f.conn)
		return f, nil
	case <-f.ended:
		return nil, fmt.Errorf("function %s ended before it was ready\n%s", name, log.String())
	case <-time.After(startTimeout):
		f.stop()
		return nil, fmt.Errorf("function %s was not ready after %s", name, startTimeout)
	}
}

// read finds the address in the line "name -> address", then waits for the end of the process.
func (f *function) read(out io.Reader, address chan<- string) {
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		if _, at, ok := strings.Cut(scanner.Text(), " -> "); ok {
			address <- at
			break
		}
	}
	_, _ = io.Copy(io.Discard, out)
	_ = f.cmd.Wait()
	close(f.ended)
}

func (f *function) stop() {
	if f.conn != nil {
		_ = f.conn.Close()
	}
	_ = f.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-f.ended:
	case <-time.After(stopTimeout):
		_ = f.cmd.Process.Kill()
		<-f.ended
	}
}

func (r *release) stop() {
	for _, f := range r.running {
		f.stop()
	}
}

// pipeline of a Composition of some tree, with the functions of this release: core takes both from packages, and the
// functions may be newer than a Composition that a platform team keeps.
func (r *release) pipeline(file string) ([]simulator.Step, error) {
	text, err := os.ReadFile(file) //nolint:gosec // a file of the repository
	if err != nil {
		return nil, fmt.Errorf("cannot read a Composition: %w", err)
	}
	composition, err := simulator.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var steps []simulator.Step
	for _, step := range object.Of(composition).List("spec", "pipeline") {
		f, ok := r.functions[step.String("functionRef", "name")]
		if !ok {
			return nil, fmt.Errorf("%s: step %s runs a function that is not ours", file, step.String("step"))
		}
		steps = append(steps, simulator.Step{Name: step.String("step"), Function: f, Input: step.At("input").Struct()})
	}
	if len(steps) == 0 {
		return nil, fmt.Errorf("%s has no steps", file)
	}
	return steps, nil
}

// composition is the file of the Composition for an example in a flavour: its own, or the flavour's.
func (r *release) composition(example string, claims bool) string {
	own := filepath.Join(r.tree, exampleDir, example, "composition.yaml")
	if _, err := os.Stat(own); !errors.Is(err, os.ErrNotExist) {
		return own
	}
	if claims {
		return filepath.Join(r.tree, "apis", "claims", "appdatabases", "composition.yaml")
	}
	return filepath.Join(r.tree, "apis", "appdatabases", "composition.yaml")
}
