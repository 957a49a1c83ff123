package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/gate"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// binDir holds the tools and our binaries, relative to the repository.
const binDir = "_output/bin"

// result is what came out of one example.
type result struct {
	example gate.Case
	// xr is the file of the XR, relative to the repository.
	xr string
	// stdout is the rendered YAML, or nothing for a Fatal.
	stdout []byte
	// stderr of a failed render, normalised.
	stderr string
	exit   int
	took   time.Duration
	// err is what kept the example from being rendered at all.
	err error
}

// runner renders examples with one server.
type runner struct {
	root, functions string
}

// run renders one example with the real Crossplane.
func (r runner) run(ctx context.Context, example gate.Case, xr string) result {
	out := result{example: example, xr: xr}
	start := time.Now()
	defer func() { out.took = time.Since(start) }()

	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, filepath.Join(r.root, binDir, "crossplane"), r.arguments(example, xr)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = r.root, &stdout, &stderr
	// Ask first, so that the core process that it runs ends too.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 2 * time.Second
	err := cmd.Run()
	var failed *exec.ExitError
	switch {
	case err == nil:
		out.stdout = sortResults(stdout.Bytes())
	case errors.As(err, &failed) && failed.ExitCode() > 0:
		out.exit, out.stderr = failed.ExitCode(), normalise(r.root, stderr.String())
	default:
		out.err = fmt.Errorf("crossplane composition render: %w", err)
	}
	if out.err == nil && out.exit == 0 {
		out.example.Output, out.err = repo.Parse("rendered", out.stdout)
	}
	out.took = time.Since(start)
	return out
}

// arguments of the crossplane command line. Paths are relative to the repository.
func (r runner) arguments(example gate.Case, xr string) []string {
	api := example.Definition.Dir
	args := []string{
		"composition", "render", xr, example.Composition(r.root), r.functions,
		"--crossplane-binary=" + filepath.Join(r.root, binDir, "crossplane-core"),
		"--xrd=" + filepath.Join(api, "definition.yaml"),
		"--include-full-xr", "--include-function-results",
	}
	for _, input := range []struct{ flag, file string }{
		{"--observed-resources=", gate.ObservedFile}, {"--required-resources=", gate.RequiredFile},
	} {
		file := filepath.Join(example.Dir, input.file)
		if _, err := os.Stat(filepath.Join(r.root, file)); err == nil {
			args = append(args, input.flag+file)
		}
	}
	return args
}

var (
	address   = regexp.MustCompile(`(127\.0\.0\.1|localhost|\[::1\]):[0-9]+`)
	temporary = regexp.MustCompile(`(/tmp|/var/folders)/[^\s"':,]+`)
)

// normalise takes out of an error what differs from machine to machine.
func normalise(root, stderr string) string {
	s := strings.ReplaceAll(stderr, root+"/", "")
	s = strings.ReplaceAll(s, strings.TrimSuffix(os.TempDir(), "/")+"/", "/tmp/")
	s = address.ReplaceAllString(s, "$1:PORT")
	s = temporary.ReplaceAllString(s, "TEMPORARY")
	return strings.TrimSpace(s) + "\n"
}

// golden is the content and name of the golden file that a result should have.
func (r result) golden() (name string, content []byte) {
	if r.exit != 0 {
		return gate.ErrorFile, fmt.Appendf(nil, "exit: %d\n%s", r.exit, r.stderr)
	}
	return gate.GoldenFile, r.stdout
}

// ready is the Ready condition of the rendered XR.
func (r result) ready() string {
	if r.exit != 0 {
		return "fatal"
	}
	for _, c := range r.conditions() {
		if c["type"] == "Ready" {
			return strings.ToLower(fmt.Sprint(c["status"]))
		}
	}
	return "unknown"
}

// conditions of the rendered XR.
func (r result) conditions() []map[string]any {
	var found []map[string]any
	for _, doc := range r.example.Output {
		if doc.GVK() != r.example.XR.GVK() {
			continue
		}
		status, _ := doc.Object["status"].(map[string]any)
		conditions, _ := status["conditions"].([]any)
		for _, c := range conditions {
			if c, ok := c.(map[string]any); ok {
				found = append(found, c)
			}
		}
	}
	return found
}

// composed counts the composed resources.
func (r result) composed() int {
	n := 0
	for _, doc := range r.example.Output {
		if doc.Annotation("crossplane.io/composition-resource-name") != "" {
			n++
		}
	}
	return n
}
