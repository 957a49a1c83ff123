package render

import (
	"context"
	"errors"
	"fmt"
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
		if len(violations) > 0 {
			return repo.ErrReported
		}
		return nil
	})
}

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
