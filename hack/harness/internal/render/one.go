package render

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/gate"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// one renders a single XR: YAML to stdout, everything else to stderr.
func (c Command) one(ctx context.Context, root string, schemas *providers.Set) error {
	file, err := filepath.Rel(root, c.XR)
	if err != nil {
		return err
	}
	example, err := gate.LoadInputs(root, file, schemas.Definitions())
	if err != nil {
		return err
	}
	if err := admit(example, schemas); err != nil {
		return err
	}
	return serve(ctx, root, func(r runner) error {
		got := r.run(ctx, example, file)
		if got.err != nil {
			return got.err
		}
		if got.exit != 0 {
			return errors.New(sentence(got.stderr))
		}
		if _, err := os.Stdout.Write(got.stdout); err != nil {
			return err
		}
		checker := gate.NewChecker(schemas)
		violations := checker.Check(got.output())
		checker.Report().Print(os.Stderr, schemas.Schemas())
		fmt.Fprintf(os.Stderr, "%s: %d composed resources, ready: %s, %.1f s\n", file, got.composed(), got.ready(), got.took.Seconds())
		got.printPending(os.Stderr)
		if refusals := got.warnings(); len(refusals) > 0 {
			return errors.New(strings.Join(refusals, "\n"))
		}
		if len(violations) > 0 {
			return repo.ErrReported
		}
		return nil
	})
}

// printPending says what the claim waits for: every condition that is not true, in the words that the developer would read.
func (r result) printPending(w io.Writer) {
	for _, c := range r.conditions() {
		message, _ := c["message"].(string)
		if c["status"] != "True" && message != "" {
			fmt.Fprintf(w, "  %s: %s: %s\n", c["type"], c["reason"], message)
		}
	}
}

// warnings are what the functions warn of, which for a claim that nothing is composed of yet is what is wrong with it.
func (r result) warnings() []string {
	var found []string
	for _, doc := range r.example.Output {
		message, _ := doc.Object["message"].(string)
		if doc.GVK().Kind == "Result" && doc.Object["severity"] == "Warning" {
			found = append(found, step.ReplaceAllString(message, ""))
		}
	}
	return found
}

// step is what core puts before the words of a function.
var step = regexp.MustCompile(`^Pipeline step "[^"]*": `)

// admit refuses what an API server would refuse, before anything is rendered.
func admit(example gate.Case, schemas *providers.Set) error {
	s, _, err := schemas.Lookup(example.Definition.Flavour, example.XR.GVK())
	if err != nil {
		return err
	}
	findings := s.Validate(example.XR.Object)
	if len(findings) == 0 {
		return nil
	}
	lines := make([]string, 0, len(findings))
	for _, f := range findings {
		lines = append(lines, fmt.Sprintf("%s: %s: %s", example.XR.File, f.Field, f.Problem))
	}
	return fmt.Errorf("a control plane would refuse this %s:\n%s", example.XR.GVK().Kind, strings.Join(lines, "\n"))
}

// fatal is where our own words start in the error of a pipeline.
var fatal = regexp.MustCompile(`(?s)pipeline step "[^"]*" returned a fatal result: (.*)`)

// sentence is what the function said, without what render and core wrapped around it.
func sentence(stderr string) string {
	if m := fatal.FindStringSubmatch(stderr); m != nil {
		return strings.TrimSpace(m[1])
	}
	return strings.TrimSpace(stderr)
}
