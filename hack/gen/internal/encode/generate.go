// Package encode generates the methods that write a struct in its wire form. It reads syntax only: it needs no type
// checking, so it also works while the package does not compile yet for want of those methods.
package encode

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/gen/internal/output"
)

// FileName is the generated file of a package.
const FileName = "zz_generated.encode.go"

// Generate reads the packages in the given directories (DIR, or DIR/... for the tree below it) and returns the generated
// file of each package that has a marked struct, and the removal of generated files that nothing asks for any more.
// The error lists everything that cannot be encoded, one line each, as file:line: what is wrong and what to write.
func Generate(patterns []string) ([]output.File, error) {
	dirs, err := expand(patterns)
	if err != nil {
		return nil, err
	}
	var files []output.File
	var problems []error
	for _, dir := range dirs {
		file, err := generateDir(dir)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if file != nil {
			files = append(files, *file)
		}
	}
	return files, errors.Join(problems...)
}

// generateDir returns nil when the package neither has a marked struct nor a generated file.
func generateDir(dir string) (*output.File, error) {
	fset := token.NewFileSet()
	files, err := parseDir(fset, dir)
	if err != nil {
		return nil, err
	}
	target := filepath.Join(dir, FileName)
	var content []byte
	if len(files) > 0 {
		importPath, err := importPathOf(dir)
		if err != nil {
			return nil, err
		}
		if content, err = Package(fset, files, importPath); err != nil {
			return nil, err
		}
	}
	if content == nil {
		if _, err := os.Stat(target); err != nil {
			return nil, nil //nolint:nilerr,nilnil // No marked struct and no file left over: nothing to do.
		}
	}
	return &output.File{Path: target, Content: content}, nil
}

// parseDir parses the hand-written files of the package in name order. The generated file is left out: it may be stale.
func parseDir(fset *token.FileSet, dir string) ([]*ast.File, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot read the package directory: %w", err)
	}
	var files []*ast.File
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == FileName {
			continue
		}
		file, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, err //nolint:wrapcheck // The parser's error starts with file:line, as ours do.
		}
		files = append(files, file)
	}
	return files, nil
}

// expand turns the patterns into a sorted list of directories without doubles.
func expand(patterns []string) ([]string, error) {
	var dirs []string
	for _, p := range patterns {
		root, tree := strings.CutSuffix(filepath.ToSlash(p), "/...")
		if !tree {
			dirs = append(dirs, filepath.Clean(p))
			continue
		}
		err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if p != root && skipped(p) {
				return fs.SkipDir
			}
			dirs = append(dirs, filepath.Clean(p))
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("cannot walk %s: %w", p, err)
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs), nil
}

// skipped says which directories are not part of the tree, by the rules of the go command: those with a special name,
// and nested modules.
func skipped(dir string) bool {
	name := filepath.Base(dir)
	if name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// importPathOf finds the import path of a directory from the go.mod above it.
func importPathOf(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("cannot find the import path of %s: %w", dir, err)
	}
	for root := abs; ; root = filepath.Dir(root) {
		mod, err := os.ReadFile(filepath.Join(root, "go.mod")) //nolint:gosec // G304: reading a source tree is the job.
		if err == nil {
			rel, err := filepath.Rel(root, abs)
			if err != nil {
				return "", fmt.Errorf("cannot find the import path of %s: %w", dir, err)
			}
			return path.Join(moduleOf(string(mod)), filepath.ToSlash(rel)), nil
		}
		if root == filepath.Dir(root) {
			return "", fmt.Errorf("%s is in no Go module: no go.mod in it or above it", dir)
		}
	}
}

// moduleOf reads the module line of a go.mod.
func moduleOf(mod string) string {
	for line := range strings.Lines(mod) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "module "); ok {
			return strings.Trim(strings.TrimSpace(name), `"`)
		}
	}
	return ""
}
