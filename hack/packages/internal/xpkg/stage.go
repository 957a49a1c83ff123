// Package xpkg puts packages together with Crossplane's own CLI, and looks at what came out.
package xpkg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/metadata"
	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/release"
)

const (
	// activationPolicy is generated: it lists the managed resource kinds that the functions can compose.
	activationPolicy = "activation-policy.yaml"
	definitionFile   = "definition.yaml"
	compositionFile  = "composition.yaml"
)

// apiDirectories says where the XRDs and Compositions of each Configuration are.
func apiDirectories() map[string]string {
	return map[string]string{"goldenpath": "apis/*", "goldenpath-claims": "apis/claims/*"}
}

// Source is where the contents of packages come from.
type Source struct {
	// Root of the repository.
	Root string
	// Compositions is a directory with Compositions to pack in place of those in apis, each in the directory that it has there. A platform
	// team tunes the inputs of its own. Empty for ours.
	Compositions string
}

// Check fails for a directory of Compositions that replaces nothing, or in which one would be forgotten.
func (s Source) Check() error {
	if s.Compositions == "" {
		return nil
	}
	found := 0
	err := filepath.WalkDir(s.Compositions, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() != compositionFile {
			return err
		}
		below, err := filepath.Rel(s.Compositions, path)
		if err != nil {
			return err
		}
		if _, err := os.Stat(filepath.Join(s.Root, "apis", below)); err != nil {
			return fmt.Errorf("%s replaces nothing: put each Composition in the directory that it has below apis: %w", below, err)
		}
		found++
		return nil
	})
	if err == nil && found == 0 {
		err = fmt.Errorf("it has no %s: put each Composition in the directory that it has below apis", compositionFile)
	}
	if err != nil {
		return fmt.Errorf("the Compositions in %s cannot be used: %w", s.Compositions, err)
	}
	return nil
}

// read a file that goes into a package, by its path in the repository.
func (s Source) read(file string) ([]byte, error) {
	if below, err := filepath.Rel("apis", file); err == nil && s.Compositions != "" && filepath.Base(file) == compositionFile {
		raw, err := os.ReadFile(filepath.Join(s.Compositions, below))
		if !errors.Is(err, fs.ErrNotExist) {
			return raw, err
		}
	}
	return os.ReadFile(filepath.Join(s.Root, file))
}

// Stage writes what goes into a package into a directory of its own: the CLI packs every YAML file below that.
func (s Source) Stage(dir string, p metadata.Package, r release.Release) error {
	files, err := contents(s.Root, p)
	if err != nil {
		return err
	}
	if p.Kind == metadata.KindConfiguration {
		if err := s.checkFunctionRefs(files, p, r); err != nil {
			return err
		}
	}
	stamped, err := p.Stamp(r)
	if err != nil {
		return err
	}
	text, err := stamped.YAML()
	if err != nil {
		return err
	}
	if err := write(filepath.Join(dir, metadata.File), text); err != nil {
		return err
	}
	for _, file := range files {
		raw, err := s.read(file)
		if err != nil {
			return fmt.Errorf("cannot read what goes into %s: %w", p.Metadata.Name, err)
		}
		if err := write(filepath.Join(dir, file), raw); err != nil {
			return err
		}
	}
	return nil
}

// contents lists the files that go into a package beside its metadata, relative to the repository.
func contents(root string, p metadata.Package) ([]string, error) {
	own := filepath.Join("package", filepath.Base(p.Dir))
	if p.Kind == metadata.KindFunction {
		return glob(root, filepath.Join(own, "input", "*.yaml"), "the CRD of its input: run make generate")
	}
	apis, ok := apiDirectories()[p.Metadata.Name]
	if !ok {
		return nil, fmt.Errorf("%s: nothing says where the XRDs of this Configuration are: add it to apiDirectories", own)
	}
	var files []string
	for _, part := range []struct{ pattern, what string }{
		{filepath.Join(apis, definitionFile), "its XRDs: run make generate"},
		{filepath.Join(apis, compositionFile), "its Compositions"},
		{filepath.Join(own, activationPolicy), "the kinds that it activates: run make generate"},
	} {
		found, err := glob(root, part.pattern, part.what)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", own, err)
		}
		files = append(files, found...)
	}
	return files, nil
}

// glob returns the files of a pattern; that there are none is an error that says what is missing.
func glob(root, pattern, what string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(root, pattern))
	if err != nil {
		return nil, fmt.Errorf("cannot list %s: %w", pattern, err)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("there is no %s: that would be %s", pattern, what)
	}
	for i, file := range found {
		if found[i], err = filepath.Rel(root, file); err != nil {
			return nil, fmt.Errorf("cannot list %s: %w", pattern, err)
		}
	}
	return found, nil
}

func write(file string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return fmt.Errorf("cannot stage a package: %w", err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		return fmt.Errorf("cannot stage a package: %w", err)
	}
	return nil
}

// composition is what is read of one.
type composition struct {
	Spec struct {
		Pipeline []struct {
			Step        string `json:"step"`
			FunctionRef struct {
				Name string `json:"name"`
			} `json:"functionRef"`
		} `json:"pipeline"`
	} `json:"spec"`
}

// checkFunctionRefs holds the Compositions of a Configuration against its dependencies. A step that calls what nobody installs
// fails every composite; a function that no step calls is a pod for nothing.
func (s Source) checkFunctionRefs(files []string, p metadata.Package, r release.Release) error {
	installed, err := installedFunctions(p, r)
	if err != nil {
		return err
	}
	called := map[string]bool{}
	for _, file := range files {
		if filepath.Base(file) != compositionFile {
			continue
		}
		raw, err := s.read(file)
		if err != nil {
			return fmt.Errorf("cannot read a Composition: %w", err)
		}
		var c composition
		if err := yaml.Unmarshal(raw, &c); err != nil {
			return fmt.Errorf("%s: not a Composition: %w", file, err)
		}
		for _, step := range c.Spec.Pipeline {
			called[step.FunctionRef.Name] = true
			if !slices.Contains(installed, step.FunctionRef.Name) {
				return fmt.Errorf("%s: step %s calls the function %s, which is no dependency of the Configuration %s: those are called %v",
					file, step.Step, step.FunctionRef.Name, p.Metadata.Name, installed)
			}
		}
	}
	for _, function := range installed {
		if !called[function] {
			return fmt.Errorf("the Configuration %s depends on the function %s, which no Composition in it calls: remove the dependency",
				p.Metadata.Name, function)
		}
	}
	return nil
}

// installedFunctions are the names that the package manager gives the functions that a Configuration depends on.
func installedFunctions(p metadata.Package, r release.Release) ([]string, error) {
	stamped, err := p.Stamp(r)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range stamped.Spec.DependsOn {
		if d.Kind != metadata.KindFunction {
			continue
		}
		object, err := release.ObjectName(d.Package)
		if err != nil {
			return nil, err
		}
		names = append(names, object)
	}
	return names, nil
}
