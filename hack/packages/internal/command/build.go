// Package command is `packages build`.
package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"golang.org/x/sync/errgroup"

	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/image"
	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/metadata"
	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/release"
	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/xpkg"
)

const extension = ".xpkg"

// Build builds every package.
type Build struct {
	Root         string   `default:"." type:"existingdir" help:"Any directory of the repository."`
	Version      string   `required:"" help:"Version of the release, such as v0.1.0 or v0.2.0-rc.1."`
	Registry     string   `default:"xpkg.crossplane.io" help:"Registry that the packages are for: a host, with a port or without."`
	Out          string   `default:"_output/packages" placeholder:"DIR" help:"Directory for the packages; relative to the repository. Packages in it are replaced."`
	Compositions string   `placeholder:"DIR" help:"Compositions to pack in place of those in apis, each in the directory that it has there; relative to the repository."`
	Arch         []string `default:"amd64,arm64" help:"Architectures to build for."`
	Budget       int64    `default:"15728640" placeholder:"BYTES" help:"Largest runtime image accepted, compressed (15 MiB)."`
}

// Run builds into a staging directory first, so that a failure leaves the packages of before as they were.
func (c *Build) Run(ctx context.Context) error {
	r, err := release.New(c.Version, c.Registry)
	if err != nil {
		return err
	}
	if err := image.CheckArchitectures(c.Arch); err != nil {
		return err
	}
	root, err := findRoot(c.Root)
	if err != nil {
		return err
	}
	compositions := c.Compositions
	if compositions != "" {
		if !filepath.IsAbs(compositions) {
			compositions = filepath.Join(root, compositions)
		}
	}
	out := c.Out
	if !filepath.IsAbs(out) {
		out = filepath.Join(root, out)
	}
	if err := os.MkdirAll(out, 0o750); err != nil {
		return fmt.Errorf("cannot make the directory for the packages: %w", err)
	}
	staging, err := os.MkdirTemp(out, ".staging-")
	if err != nil {
		return fmt.Errorf("cannot make a directory to build in: %w", err)
	}
	defer func() { _ = os.RemoveAll(staging) }()
	b := builder{root: root, compositions: compositions, staging: staging, release: r, archs: c.Arch, budget: c.Budget}
	index, err := b.build(ctx)
	if err != nil {
		return err
	}
	if err := replace(staging, out, index); err != nil {
		return err
	}
	return report(os.Stdout, c.Out, index)
}

// builder holds what all steps of one build need.
type builder struct {
	root, staging string
	compositions  string
	release       release.Release
	archs         []string
	budget        int64
}

func (b builder) build(ctx context.Context) (Index, error) {
	cli, err := xpkg.FindCLI(b.root)
	if err != nil {
		return Index{}, err
	}
	packages, err := metadata.Discover(b.root)
	if err != nil {
		return Index{}, err
	}
	// Staging comes first: it is where mistakes show, and it takes no time.
	source := xpkg.Source{Root: b.root, Compositions: b.compositions}
	if err := source.Check(); err != nil {
		return Index{}, err
	}
	for _, p := range packages {
		if err := source.Stage(b.stage(p), p, b.release); err != nil {
			return Index{}, err
		}
	}
	layers, err := b.layers(ctx)
	if err != nil {
		return Index{}, err
	}
	origin, err := readOrigin(ctx, b.root, b.release.Version)
	if err != nil {
		return Index{}, err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for _, p := range packages {
		for _, f := range b.files(p) {
			group.Go(func() error { return b.pack(ctx, cli, p, f, layers[f.Architecture], origin) })
		}
	}
	if err := group.Wait(); err != nil {
		return Index{}, err
	}
	return b.index(packages, layers)
}

// stage is the directory with the contents of a package.
func (b builder) stage(p metadata.Package) string {
	return filepath.Join(b.staging, "stage", p.Metadata.Name)
}

// files of a package: a function has one for each architecture.
func (b builder) files(p metadata.Package) []File {
	if p.Kind == metadata.KindConfiguration {
		return []File{{File: p.Metadata.Name + extension}}
	}
	var files []File
	for _, arch := range b.archs {
		files = append(files, File{File: p.Metadata.Name + "-" + arch + extension, Architecture: arch})
	}
	return files
}

// layers compiles for every architecture at the same time.
func (b builder) layers(ctx context.Context) (map[string]v1.Layer, error) {
	built := make([]v1.Layer, len(b.archs))
	group, ctx := errgroup.WithContext(ctx)
	for i, arch := range b.archs {
		group.Go(func() error {
			binary := filepath.Join(b.staging, "goldenpath-"+arch)
			if err := image.Compile(ctx, b.root, b.release.Version, arch, binary); err != nil {
				return err
			}
			raw, err := os.ReadFile(binary)
			if err != nil {
				return fmt.Errorf("cannot read the binary for %s: %w", arch, err)
			}
			built[i], err = image.Layer(raw)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	layers := map[string]v1.Layer{}
	for i, arch := range b.archs {
		layers[arch] = built[i]
	}
	return layers, nil
}

// pack makes one xpkg in the staging directory.
func (b builder) pack(ctx context.Context, cli xpkg.CLI, p metadata.Package, f File, layer v1.Layer, origin image.Origin) error {
	out := filepath.Join(b.staging, f.File)
	if p.Kind == metadata.KindConfiguration {
		return cli.Build(ctx, b.stage(p), nil, out)
	}
	img, err := image.New(layer, f.Architecture, p.Function(), origin)
	if err != nil {
		return err
	}
	size, err := image.Size(img)
	if err != nil {
		return err
	}
	if err := image.CheckBudget(f.Architecture, size, b.budget); err != nil {
		return err
	}
	return cli.Build(ctx, b.stage(p), img, out)
}

// replace brings the packages into place. The index is removed first and written last: where it is, all files are.
func replace(staging, out string, index Index) error {
	old, err := filepath.Glob(filepath.Join(out, "*"+extension))
	if err != nil {
		return fmt.Errorf("cannot list the packages of before: %w", err)
	}
	for _, file := range append([]string{filepath.Join(out, IndexFile)}, old...) {
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("cannot remove a package of before: %w", err)
		}
	}
	for _, p := range index.Packages {
		for _, f := range p.Files {
			if err := os.Rename(filepath.Join(staging, f.File), filepath.Join(out, f.File)); err != nil {
				return fmt.Errorf("cannot bring a package into place: %w", err)
			}
		}
	}
	return index.write(out)
}
