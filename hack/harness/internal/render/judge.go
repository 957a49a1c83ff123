package render

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/pmezard/go-difflib/difflib"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/gate"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// judge compares or updates the golden files, holds the output against the schemas, and prints the summary.
func (c Command) judge(root string, results []result, wall time.Duration, schemas *providers.Set) error {
	checker := gate.NewChecker(schemas)
	verdicts := make([]string, len(results))
	bad := 0
	for i, r := range results {
		verdict, err := c.compare(root, r)
		if err != nil {
			return err
		}
		if violations := checker.Check(r.output()); len(violations) > 0 {
			verdict = fmt.Sprintf("%d violations", len(violations))
		}
		if verdicts[i] = verdict; verdict != same && verdict != updated {
			bad++
		}
	}
	table(os.Stdout, results, verdicts, wall)
	checker.Report().Print(os.Stdout, schemas.Schemas())
	if bad == 0 {
		return nil
	}
	fmt.Printf("render: %d of %d examples are not as they should be (`harness render --update` accepts differences, never violations)\n",
		bad, len(results))
	return repo.ErrReported
}

// output is the example with its documents under the name of the golden file that they would be in.
func (r result) output() gate.Case {
	example := r.example
	name, _ := r.golden()
	docs := make([]repo.Document, 0, len(example.Output))
	for _, doc := range example.Output {
		doc.File = filepath.Join(example.Dir, name)
		docs = append(docs, doc)
	}
	example.Output = docs
	return example
}

// Verdicts on the golden file.
const (
	same    = "ok"
	updated = "updated"
)

// compare holds a result against the golden file and prints the difference, or writes the file.
func (c Command) compare(root string, r result) (string, error) {
	if r.err != nil {
		fmt.Printf("%s: %v\n", r.example.Dir, r.err)
		return "failed", nil
	}
	name, got := r.golden()
	file := filepath.Join(r.example.Dir, name)
	want, err := os.ReadFile(filepath.Join(root, file))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	other := gate.GoldenFile
	if name == other {
		other = gate.ErrorFile
	}
	other = filepath.Join(r.example.Dir, other)
	_, statErr := os.Stat(filepath.Join(root, other))
	stale := statErr == nil
	if bytes.Equal(want, got) && !stale {
		return same, nil
	}
	if c.Update {
		fmt.Println("updated", file)
		if stale {
			if err := os.Remove(filepath.Join(root, other)); err != nil {
				return "", err
			}
		}
		return updated, os.WriteFile(filepath.Join(root, file), got, 0o644) //nolint:gosec // A file of the repository, readable by all.
	}
	if stale {
		fmt.Printf("%s: the example has %s but now renders to %s\n", r.example.Dir, other, file)
	}
	return "differs", printDiff(os.Stdout, file, want, got)
}

func printDiff(w io.Writer, file string, want, got []byte) error {
	return difflib.WriteUnifiedDiff(w, difflib.UnifiedDiff{
		A: difflib.SplitLines(string(want)), B: difflib.SplitLines(string(got)),
		FromFile: file, ToFile: file + " (rendered now)", Context: 3,
	})
}

// table prints the summary. Examples run side by side: wall is what all of them took.
func table(w io.Writer, results []result, verdicts []string, wall time.Duration) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "EXAMPLE\tCOMPOSED\tREADY\tSECONDS\tGOLDEN")
	composed := 0
	for i, r := range results {
		composed += r.composed()
		fmt.Fprintf(tw, "%s\t%d\t%s\t%.1f\t%s\n", r.example.Dir, r.composed(), r.ready(), r.took.Seconds(), verdicts[i])
	}
	fmt.Fprintf(tw, "%d examples\t%d\t\t%.1f\t\n", len(results), composed, wall.Seconds())
	_ = tw.Flush()
}
