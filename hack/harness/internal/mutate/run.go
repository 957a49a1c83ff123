package mutate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// State is what became of a mutant.
type State string

// The states. Only a killed mutant is a good one.
const (
	Killed   State = "killed"
	Survived State = "SURVIVED"
	// Broken says that the mutant proves nothing: it does not apply, or does not compile.
	Broken State = "BROKEN"
)

// Outcome of one mutant.
type Outcome struct {
	Mutant  Mutant
	State   State
	By      string
	Seconds float64
}

// testTimeout of one mutant: a fault that makes a test hang is noticed too.
const testTimeout = "60s"

// Runner runs mutants by an overlay of the build: the files of the repository are never touched.
type Runner struct {
	// Root of the repository.
	Root string
	// Work is a directory for the changed files.
	Work string
}

// Baseline runs the tests without any fault. They have to pass, or every mutant would look killed.
func (r Runner) Baseline(ctx context.Context, mutants []Mutant) error {
	var packages []string
	seen := map[string]bool{}
	for _, m := range mutants {
		for _, p := range m.Packages {
			if !seen[p] {
				packages = append(packages, p)
			}
			seen[p] = true
		}
	}
	if out, err := r.test(ctx, packages, "-short", "-vet=off"); err != nil {
		return fmt.Errorf("the tests fail without any seeded fault, so they can prove nothing about one:\n%s", out)
	}
	return nil
}

// Run runs one mutant.
func (r Runner) Run(ctx context.Context, m Mutant) Outcome {
	start := time.Now()
	o := Outcome{Mutant: m}
	o.State, o.By = r.run(ctx, m)
	o.Seconds = time.Since(start).Seconds()
	return o
}

func (r Runner) run(ctx context.Context, m Mutant) (State, string) {
	overlay, err := r.overlay(m)
	if err != nil {
		return Broken, err.Error()
	}
	out, err := r.test(ctx, m.Packages, "-overlay", overlay, "-short", "-count=1", "-vet=off", "-failfast", "-timeout", testTimeout)
	return judge(out, err)
}

// overlay writes the changed file and the overlay that puts it in the place of the original.
func (r Runner) overlay(m Mutant) (string, error) {
	changed, err := m.Apply(r.Root)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(r.Work, m.ID)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	file := filepath.Join(dir, filepath.Base(m.File))
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		return "", err
	}
	raw, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(r.Root, m.File): file}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, raw, 0o600)
}

func (r Runner) test(ctx context.Context, packages []string, flags ...string) (string, error) {
	args := append([]string{"test", "-p", "1"}, flags...)
	for _, p := range packages {
		args = append(args, "./"+p)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = r.Root
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// failedTest is the line of a test that failed. A subtest is indented, and comes after its parent.
var failedTest = regexp.MustCompile(`(?m)^ *--- FAIL: (\S+)`)

// judge reads what `go test` printed.
func judge(out string, err error) (State, string) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return Survived, "no test notices"
	case !errors.As(err, &exit):
		return Broken, err.Error()
	case strings.Contains(out, "[build failed]") || strings.Contains(out, "[setup failed]"):
		return Broken, "does not compile: " + firstError(out)
	}
	if failed := failedTest.FindAllStringSubmatch(out, -1); len(failed) > 0 {
		by := failed[0][1]
		for _, f := range failed[1:] {
			if !strings.HasPrefix(f[1], by+"/") {
				break
			}
			by = f[1]
		}
		return Killed, by
	}
	if strings.Contains(out, "panic: ") {
		return Killed, "panic, or timed out after " + testTimeout
	}
	return Broken, "go test failed without a failed test: " + firstError(out)
}

// compilerError is a line such as file.go:3:1: what is wrong.
var compilerError = regexp.MustCompile(`(?m)^\S+\.go:\d+.*$`)

func firstError(out string) string {
	if line := compilerError.FindString(out); line != "" {
		return line
	}
	line, _, _ := strings.Cut(strings.TrimSpace(out), "\n")
	return line
}
