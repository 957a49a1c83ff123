// Package render runs the examples through the real Crossplane, without Docker, and compares what comes out with their golden
// output and with the providers' schemas.
package render

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/gate"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// Command renders every example, or one file.
type Command struct {
	XR      string `name:"xr" placeholder:"FILE" type:"existingfile" help:"Render this one and print its YAML. required.yaml and observed.yaml beside it are used."`
	Changed string `placeholder:"COMMIT" help:"Render every claim in the files that differ from a commit."`
	Claims  string `default:"claims" help:"Directory of the claims for --changed, relative to the repository."`
	Update  bool   `help:"Write the golden files instead of comparing with them."`
	Dir     string `default:"examples" help:"Directory of examples, relative to the repository."`
	Jobs    int    `default:"2" help:"How many to render at a time."`
}

// Run implements kong's command.
func (c Command) Run(root repo.Dir) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// With `harness render | head` a write would end the process at once, and leave the server behind.
	signal.Ignore(syscall.SIGPIPE)
	if err := tools(string(root)); err != nil {
		return err
	}
	schemas, err := gate.Open(string(root))
	if err != nil {
		return err
	}
	if c.Changed != "" {
		return c.changed(ctx, string(root), schemas)
	}
	if c.XR != "" {
		return c.one(ctx, string(root), schemas)
	}
	return c.all(ctx, string(root), schemas)
}

// tools says what is missing before anything starts.
func tools(root string) error {
	for _, name := range []string{"crossplane", "crossplane-core", "goldenpath"} {
		if _, err := os.Stat(filepath.Join(root, binDir, name)); err != nil {
			return fmt.Errorf("%s/%s is missing: run `make tools build`", binDir, name)
		}
	}
	return nil
}

// serve starts our functions and calls f with a runner for them.
func serve(ctx context.Context, root string, f func(runner) error) error {
	// A file for each run: two may go on at the same time.
	functions := filepath.Join(root, "_output", "render", fmt.Sprintf("functions-%d.yaml", os.Getpid()))
	if err := writeFunctions(root, functions); err != nil {
		return err
	}
	defer os.Remove(functions) //nolint:errcheck // A file left behind harms nobody.
	s, err := startServer(ctx, root, functions)
	if err != nil {
		return err
	}
	defer s.stop()
	if err := f(runner{root: root, functions: functions}); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return nil
}

// all renders every example and judges the results.
func (c Command) all(ctx context.Context, root string, schemas *providers.Set) error {
	dirs, err := gate.Find(root, c.Dir)
	if err != nil {
		return err
	}
	examples := make([]gate.Case, 0, len(dirs))
	for _, dir := range dirs {
		example, err := gate.LoadInputs(root, filepath.Join(dir, gate.XRFile), schemas.Definitions())
		if err != nil {
			return err
		}
		examples = append(examples, example)
	}
	if len(examples) == 0 {
		return fmt.Errorf("no %s below %s: name a directory of examples", gate.XRFile, c.Dir)
	}
	start := time.Now()
	return serve(ctx, root, func(r runner) error {
		results := r.runAll(ctx, examples, c.Jobs)
		if ctx.Err() != nil {
			return nil
		}
		return c.judge(root, results, time.Since(start), schemas)
	})
}

// runAll renders a few examples at a time and returns the results in order.
func (r runner) runAll(ctx context.Context, examples []gate.Case, jobs int) []result {
	results := make([]result, len(examples))
	slots := make(chan struct{}, max(jobs, 1))
	var wg sync.WaitGroup
	for i, example := range examples {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wg.Done() }()
			results[i] = r.run(ctx, example, filepath.Join(example.Dir, gate.XRFile))
		}()
	}
	wg.Wait()
	return results
}
