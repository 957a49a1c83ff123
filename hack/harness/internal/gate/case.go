// Package gate holds every example against the schemas of the kinds in it, as strictly as an API server and more strictly
// than render, which checks neither schemas nor scope.
package gate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// File names of an example.
const (
	XRFile       = "xr.yaml"
	ObservedFile = "observed.yaml"
	RequiredFile = "required.yaml"
	GoldenFile   = "golden.yaml"
	ErrorFile    = "golden.err"
	// CompositionFile replaces the Composition of the API, in an example of what a platform team tunes.
	CompositionFile = "composition.yaml"
)

// Case is one example.
type Case struct {
	// Dir of the example, relative to the repository.
	Dir string
	// Definition that the XR belongs to.
	Definition xrd.Definition
	// XR as the user wrote it.
	XR repo.Document
	// Inputs beside the XR: observed and required objects.
	Inputs []repo.Document
	// Output is what was rendered; empty for a Fatal.
	Output []repo.Document
}

// Find returns the directories of examples below dir, both relative to the repository, sorted.
func Find(root, dir string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() != XRFile {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		dirs = append(dirs, rel)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no directory %s", dir)
	}
	sort.Strings(dirs)
	return dirs, err
}

// Load reads an example with its golden output.
func Load(root, dir string, definitions []xrd.Definition) (Case, error) {
	c, err := LoadInputs(root, filepath.Join(dir, XRFile), definitions)
	if err != nil {
		return c, err
	}
	golden, err := repo.Read(root, filepath.Join(dir, GoldenFile))
	if err != nil {
		return c, err
	}
	c.Output = golden
	_, errFile := os.Stat(filepath.Join(root, dir, ErrorFile))
	switch {
	case golden == nil && errFile != nil:
		return c, fmt.Errorf("%s has neither %s nor %s: write one with `harness render --update`", dir, GoldenFile, ErrorFile)
	case golden != nil && errFile == nil:
		return c, fmt.Errorf("%s has both %s and %s: remove the one that is not true", dir, GoldenFile, ErrorFile)
	}
	return c, nil
}

// LoadInputs reads an XR and the inputs beside it.
func LoadInputs(root, file string, definitions []xrd.Definition) (Case, error) {
	c := Case{Dir: filepath.Dir(file)}
	docs, err := repo.Read(root, file)
	if err != nil {
		return c, err
	}
	if len(docs) != 1 {
		return c, fmt.Errorf("%s holds %d documents: write one", file, len(docs))
	}
	c.XR = docs[0]
	if c.Definition, err = DefinitionOf(c.XR.GVK().GroupKind(), definitions); err != nil {
		return c, fmt.Errorf("%s: %w", file, err)
	}
	for _, name := range []string{RequiredFile, ObservedFile} {
		docs, err := repo.Read(root, filepath.Join(c.Dir, name))
		if err != nil {
			return c, err
		}
		c.Inputs = append(c.Inputs, docs...)
	}
	return c, nil
}

// platformDir holds the Compositions of the platform team whose claims the examples are, each in the directory that the API has below
// apis. What claims may name is in their inputs.
const platformDir = "examples/platform"

// Composition is the file of the Composition to render with, relative to the repository: the example's own, or that of its API.
func (c Case) Composition(root string) string {
	own := filepath.Join(c.Dir, CompositionFile)
	if exists(root, own) {
		return own
	}
	return CompositionOf(root, c.Definition.Dir)
}

// CompositionOf the API in a directory is the file that the examples are rendered with, relative to the repository: the one of their
// platform team, or the API's.
func CompositionOf(root, api string) string {
	tuned := filepath.Join(platformDir, strings.TrimPrefix(filepath.ToSlash(api), "apis/"), CompositionFile)
	if exists(root, tuned) {
		return tuned
	}
	return filepath.Join(api, CompositionFile)
}

func exists(root, file string) bool {
	_, err := os.Stat(filepath.Join(root, file))
	return err == nil
}

// DefinitionOf finds the definition whose composite is of a kind.
func DefinitionOf(kind schema.GroupKind, definitions []xrd.Definition) (xrd.Definition, error) {
	var known []string
	for _, d := range definitions {
		if d.Kind == kind {
			return d, nil
		}
		known = append(known, d.Kind.Kind)
	}
	return xrd.Definition{}, fmt.Errorf("%s is not one of our composites: write one of %s", kind, strings.Join(known, ", "))
}
