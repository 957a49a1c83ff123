package command

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/image"
	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/metadata"
	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/release"
	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/xpkg"
)

// index reads the packages back from their files: what it says is what is in them.
func (b builder) index(packages []metadata.Package, layers map[string]v1.Layer) (Index, error) {
	index := Index{Version: b.release.Version, Registry: b.release.Registry}
	for _, arch := range b.archs {
		digest, err := layers[arch].Digest()
		if err != nil {
			return Index{}, fmt.Errorf("cannot read the layer for %s: %w", arch, err)
		}
		size, err := layers[arch].Size()
		if err != nil {
			return Index{}, fmt.Errorf("cannot read the layer for %s: %w", arch, err)
		}
		index.Layers = append(index.Layers, RuntimeLayer{Architecture: arch, Digest: digest.String(), Size: size})
	}
	for _, p := range packages {
		entry, err := b.entry(p, layers)
		if err != nil {
			return Index{}, fmt.Errorf("%s: %w", p.Metadata.Name, err)
		}
		index.Packages = append(index.Packages, entry)
	}
	return index, nil
}

func (b builder) entry(p metadata.Package, layers map[string]v1.Layer) (Package, error) {
	entry := Package{
		Name: p.Metadata.Name, Kind: p.Kind, Repository: b.release.Repository(p.Metadata.Name), Files: b.files(p),
	}
	object, err := release.ObjectName(entry.Repository)
	if err != nil {
		return Package{}, err
	}
	entry.Object = object
	var images []v1.Image
	for i, f := range entry.Files {
		img, err := xpkg.Published(filepath.Join(b.staging, f.File))
		if err != nil {
			return Package{}, err
		}
		if err := checkContents(img, layers[f.Architecture]); err != nil {
			return Package{}, fmt.Errorf("%s: %w", f.File, err)
		}
		digest, err := img.Digest()
		if err != nil {
			return Package{}, fmt.Errorf("%s: cannot read its digest: %w", f.File, err)
		}
		size, err := image.Size(img)
		if err != nil {
			return Package{}, fmt.Errorf("%s: %w", f.File, err)
		}
		entry.Files[i].Digest, entry.Files[i].Size = digest.String(), size
		images = append(images, img)
	}
	digest, err := xpkg.Index(images)
	if err != nil {
		return Package{}, fmt.Errorf("cannot compute its digest: %w", err)
	}
	entry.Digest = digest.String()
	return entry, nil
}

// checkContents makes sure that a package is what we meant: Crossplane finds its YAML, and the layer with the binary is the shared one.
func checkContents(img v1.Image, layer v1.Layer) error {
	if _, err := xpkg.Stream(img); err != nil {
		return err
	}
	if layer == nil {
		return nil
	}
	digest, err := layer.Digest()
	if err != nil {
		return fmt.Errorf("cannot read the runtime layer: %w", err)
	}
	if _, err := img.LayerByDigest(digest); err != nil {
		return fmt.Errorf("it does not have the runtime layer %s that all functions share: %w", digest, err)
	}
	return nil
}

// report prints what was built and how to publish it.
func report(out io.Writer, dir string, index Index) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "PACKAGE\tARCH\tSIZE\tDIGEST")
	for _, p := range index.Packages {
		for _, f := range p.Files {
			arch := f.Architecture
			if arch == "" {
				arch = "any"
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", p.Name, arch, image.MiB(f.Size), f.Digest)
		}
	}
	for _, l := range index.Layers {
		_, _ = fmt.Fprintf(table, "(runtime layer)\t%s\t%s\t%s\n", l.Architecture, image.MiB(l.Size), l.Digest)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("cannot print the table: %w", err)
	}
	_, err := fmt.Fprintf(out, "\n%s %s for %s is in %s. Publish it with:\n%s",
		release.Organisation, index.Version, index.Registry, dir, pushes(dir, index))
	if err != nil {
		return fmt.Errorf("cannot print how to publish: %w", err)
	}
	return nil
}

// pushes are the commands that publish, dependencies before who depends on them.
func pushes(dir string, index Index) string {
	var all strings.Builder
	for _, p := range index.Packages {
		var files []string
		for _, f := range p.Files {
			files = append(files, filepath.Join(dir, f.File))
		}
		_, _ = fmt.Fprintf(&all, "  crossplane xpkg push -f %s %s:%s\n", strings.Join(files, ","), p.Repository, index.Version)
	}
	return all.String()
}
