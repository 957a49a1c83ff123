package gate

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/activation"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/facts"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// Command checks every example.
type Command struct {
	Dir  string `default:"examples" help:"Directory of examples, relative to the repository."`
	Full bool   `help:"Fail when a provider's own schemas are not at hand, instead of using the lock."`
}

// Run implements kong's command.
func (c Command) Run(root repo.Dir) error {
	start := time.Now()
	schemas, err := Open(string(root))
	if err != nil {
		return err
	}
	checker := NewChecker(schemas)
	if err := c.examples(string(root), schemas, checker); err != nil {
		return err
	}
	if err := checker.APIs(string(root)); err != nil {
		return err
	}
	kinds, err := checker.Composable(string(root))
	if err != nil {
		return err
	}
	report := checker.Report()
	report.Print(os.Stdout, schemas.Schemas())
	fmt.Printf("gate: %d composable kinds looked up in both flavours, %.1f s\n", kinds, time.Since(start).Seconds())
	if lockOnly := report.LockOnly(); c.Full && len(lockOnly) > 0 {
		return fmt.Errorf("only the lock judged %s: set %s to a directory of their CRDs", strings.Join(lockOnly, ", "), providers.Environment)
	}
	if len(report.Violations) > 0 {
		return repo.ErrReported
	}
	return nil
}

func (c Command) examples(root string, schemas *providers.Set, checker *Checker) error {
	dirs, err := Find(root, c.Dir)
	if err != nil {
		return err
	}
	if len(dirs) == 0 {
		return fmt.Errorf("no %s below %s: name a directory of examples", XRFile, c.Dir)
	}
	for _, dir := range dirs {
		example, err := Load(root, dir, schemas.Definitions())
		if err != nil {
			return err
		}
		checker.Check(example)
		if own := example.Composition(root); filepath.Dir(own) == dir {
			if err := checker.file(root, own, example.Definition.Flavour); err != nil {
				return err
			}
		}
	}
	return nil
}

// Open returns the schemas of a repository, with its lock.
func Open(root string) (*providers.Set, error) {
	lock, err := facts.ReadLock(root)
	if err != nil {
		return nil, err
	}
	return providers.Open(root, lock)
}

// Composable looks every kind that our code can compose up in both flavours, and counts them.
func (c *Checker) Composable(root string) (int, error) {
	structs, err := facts.Structs(root)
	if err != nil {
		return 0, err
	}
	for _, s := range structs {
		for _, flavour := range xrd.Flavours() {
			if _, _, err := c.schemas.Lookup(flavour, s.Kind.GVK(flavour)); err != nil {
				c.report.Violations = append(c.report.Violations, Violation{
					File: s.At, Document: s.Kind.Kind, Field: string(flavour), Problem: err.Error(),
				})
			}
		}
	}
	return len(structs), nil
}

// APIs checks our XRDs, Compositions and activation policies against Crossplane's own schemas.
func (c *Checker) APIs(root string) error {
	definitions, err := xrd.Load(root)
	if err != nil {
		return err
	}
	if err := c.Installable(root, definitions); err != nil {
		return err
	}
	for _, flavour := range xrd.Flavours() {
		if err := c.file(root, activation.File(flavour), flavour); err != nil {
			return err
		}
	}
	for _, d := range definitions {
		files := []string{d.Dir + "/definition.yaml", d.Dir + "/" + CompositionFile, CompositionOf(root, d.Dir)}
		for _, name := range slices.Compact(files) {
			if err := c.file(root, name, d.Flavour); err != nil {
				return err
			}
		}
	}
	return nil
}

// file checks every document of a file, and the inputs of the steps of a Composition with it.
func (c *Checker) file(root, name string, flavour xrd.Flavour) error {
	docs, err := repo.Read(root, name)
	if err != nil {
		return err
	}
	for _, doc := range docs {
		for _, d := range append(stepInputs(doc), doc) {
			c.report.Inputs++
			_, vs := c.schema(flavour, d)
			c.report.Violations = append(c.report.Violations, vs...)
		}
	}
	return nil
}

// stepInputs are the inputs of the steps of a Composition, each of which has a schema of its own.
func stepInputs(composition repo.Document) []repo.Document {
	spec, _ := composition.Object["spec"].(map[string]any)
	steps, _ := spec["pipeline"].([]any)
	var inputs []repo.Document
	for _, step := range steps {
		s, _ := step.(map[string]any)
		if input, ok := s["input"].(map[string]any); ok {
			// An input is no object of its own: it has no metadata, which every kind's schema asks for.
			object := map[string]any{"metadata": map[string]any{"name": "input"}}
			maps.Copy(object, input)
			inputs = append(inputs, repo.Document{File: composition.File, Object: object})
		}
	}
	return inputs
}
