// Package metadata reads the crossplane.yaml of our packages and stamps a release into it.
package metadata

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/release"
)

const (
	// File is what the metadata of a package is called.
	File = "crossplane.yaml"
	// Placeholder stands in Git where the release's own version belongs. No version matches it.
	Placeholder = "=v0.0.0-stamped-by-make-packages"

	// KindFunction is a package with a runtime image.
	KindFunction = "Function"
	// KindConfiguration is a package of XRDs and Compositions.
	KindConfiguration = "Configuration"

	apiVersion     = "meta.pkg.crossplane.io/v1"
	functionPrefix = "function-"
)

// Package is the part of a package's metadata that ours use. Another field is an error: it would be lost.
type Package struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   Meta   `json:"metadata"`
	Spec       Spec   `json:"spec"`

	// Dir is the directory that it was read from.
	Dir string `json:"-"`
}

// Meta of a package.
type Meta struct {
	Name        string            `json:"name"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// Spec of a package.
type Spec struct {
	Capabilities []string     `json:"capabilities,omitempty"`
	Crossplane   Crossplane   `json:"crossplane"`
	DependsOn    []Dependency `json:"dependsOn,omitempty"`
}

// Crossplane says with which versions of it a package works.
type Crossplane struct {
	Version string `json:"version"`
}

// Dependency on another package.
type Dependency struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Package    string `json:"package"`
	Version    string `json:"version"`
}

// Function is the name of the function in our binary; empty for a Configuration.
func (p Package) Function() string {
	if p.Kind != KindFunction {
		return ""
	}
	return strings.TrimPrefix(p.Metadata.Name, functionPrefix)
}

// Discover reads every package/*/crossplane.yaml of the repository, functions first.
func Discover(root string) ([]Package, error) {
	files, err := filepath.Glob(filepath.Join(root, "package", "*", File))
	if err != nil {
		return nil, fmt.Errorf("cannot list the packages: %w", err)
	}
	var packages []Package
	for _, file := range files {
		p, err := read(file)
		if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
	if len(packages) == 0 {
		return nil, fmt.Errorf("there is no package/*/%s in %s: run this in the goldenpath repository, or pass --root", File, root)
	}
	slices.SortStableFunc(packages, func(a, b Package) int { return strings.Compare(b.Kind, a.Kind) })
	return packages, nil
}

func read(file string) (Package, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return Package{}, fmt.Errorf("cannot read the metadata of a package: %w", err)
	}
	p := Package{Dir: filepath.Dir(file)}
	if err := yaml.UnmarshalStrict(raw, &p); err != nil {
		return Package{}, fmt.Errorf("%s: not the metadata of a package: %w", file, err)
	}
	if err := p.check(filepath.Base(p.Dir)); err != nil {
		return Package{}, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

// check holds a package against its directory: the name of a function is that of its directory, and so is a Configuration's.
func (p Package) check(dir string) error {
	want := map[string]string{KindFunction: functionPrefix + dir, KindConfiguration: dir}[p.Kind]
	switch {
	case p.APIVersion != apiVersion:
		return fmt.Errorf("apiVersion is %q: write %s", p.APIVersion, apiVersion)
	case want == "":
		return fmt.Errorf("kind is %q: write %s or %s", p.Kind, KindFunction, KindConfiguration)
	case p.Metadata.Name != want:
		return fmt.Errorf("metadata.name is %q: write %s, after its directory", p.Metadata.Name, want)
	case p.Spec.Crossplane.Version == "":
		return fmt.Errorf("spec.crossplane.version is missing: write the versions of Crossplane that it works with, such as \">=v2.4.0-0\"")
	case p.Kind == KindFunction && len(p.Spec.Capabilities) == 0:
		return fmt.Errorf("spec.capabilities is missing: write [composition]")
	}
	return nil
}

// Stamp returns the package as a release publishes it: dependencies on our own packages come from the release's registry, in
// the release's version.
func (p Package) Stamp(r release.Release) (Package, error) {
	prefix := release.DefaultRegistry + "/" + release.Organisation + "/"
	p.Spec.DependsOn = slices.Clone(p.Spec.DependsOn)
	for i, d := range p.Spec.DependsOn {
		ours, ok := strings.CutPrefix(d.Package, prefix)
		switch {
		case ok && d.Version != Placeholder:
			return Package{}, fmt.Errorf("%s: the version of %s is %q: write %q, because every release writes its own",
				filepath.Join(p.Dir, File), d.Package, d.Version, Placeholder)
		case ok:
			p.Spec.DependsOn[i].Package, p.Spec.DependsOn[i].Version = r.Repository(ours), r.Constraint()
		case d.Version == Placeholder:
			return Package{}, fmt.Errorf("%s: %s is not a package of %s: write the versions that it may have",
				filepath.Join(p.Dir, File), d.Package, prefix)
		}
	}
	return p, nil
}

// YAML of the metadata.
func (p Package) YAML() ([]byte, error) {
	raw, err := yaml.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("cannot write the metadata of %s: %w", p.Metadata.Name, err)
	}
	return raw, nil
}
