package xpkg

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

const (
	// annotation marks the layer that Crossplane reads; in the image's labels "<annotation>:<digest>" says which layer that is.
	annotation = "io.crossplane.xpkg"
	baseLayer  = "base"
	streamFile = "package.yaml"
)

// Published opens an xpkg as `crossplane xpkg push` publishes it: a label in the image's configuration becomes an annotation
// of the layer. A file cannot hold annotations, so the digest of what is in the registry is this one's.
func Published(file string) (v1.Image, error) {
	img, err := tarball.ImageFromPath(file, nil)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", file, err)
	}
	config, err := img.ConfigFile()
	if err != nil {
		return nil, fmt.Errorf("%s: cannot read its configuration: %w", file, err)
	}
	layers, err := img.Layers()
	if err != nil {
		return nil, fmt.Errorf("%s: cannot read its layers: %w", file, err)
	}
	published := empty.Image
	for _, layer := range layers {
		digest, err := layer.Digest()
		if err != nil {
			return nil, fmt.Errorf("%s: cannot read a layer: %w", file, err)
		}
		add := mutate.Addendum{Layer: layer}
		if value, ok := config.Config.Labels[annotation+":"+digest.String()]; ok {
			add.Annotations = map[string]string{annotation: value}
		}
		if published, err = mutate.Append(published, add); err != nil {
			return nil, fmt.Errorf("%s: cannot annotate a layer: %w", file, err)
		}
	}
	if published, err = mutate.ConfigFile(published, config); err != nil {
		return nil, fmt.Errorf("%s: cannot annotate its layers: %w", file, err)
	}
	return published, nil
}

// Index puts the images of several architectures together, as `crossplane xpkg push -f a,b` does. A single one stays as it is.
func Index(images []v1.Image) (v1.Hash, error) {
	if len(images) == 1 {
		return images[0].Digest()
	}
	adds := make([]mutate.IndexAddendum, len(images))
	for i, img := range images {
		config, err := img.ConfigFile()
		if err != nil {
			return v1.Hash{}, fmt.Errorf("cannot read the configuration of an image: %w", err)
		}
		mediaType, err := img.MediaType()
		if err != nil {
			return v1.Hash{}, fmt.Errorf("cannot read the media type of an image: %w", err)
		}
		adds[i] = mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{
			MediaType: mediaType, Platform: &v1.Platform{Architecture: config.Architecture, OS: config.OS},
		}}
	}
	return mutate.AppendManifests(empty.Index, adds...).Digest()
}

// Stream returns the YAML that Crossplane reads from a package.
func Stream(img v1.Image) ([]byte, error) {
	manifest, err := img.Manifest()
	if err != nil {
		return nil, fmt.Errorf("cannot read the manifest of a package: %w", err)
	}
	var marked []v1.Hash
	for _, layer := range manifest.Layers {
		if layer.Annotations[annotation] == baseLayer {
			marked = append(marked, layer.Digest)
		}
	}
	if len(marked) != 1 {
		return nil, fmt.Errorf("a package has %d layers marked %s: %s, it must have one", len(marked), annotation, baseLayer)
	}
	layer, err := img.LayerByDigest(marked[0])
	if err != nil {
		return nil, fmt.Errorf("cannot find the layer %s: %w", marked[0], err)
	}
	content, err := layer.Uncompressed()
	if err != nil {
		return nil, fmt.Errorf("cannot read the layer %s: %w", marked[0], err)
	}
	defer func() { _ = content.Close() }()
	return find(tar.NewReader(content), streamFile)
}

func find(archive *tar.Reader, file string) ([]byte, error) {
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("the layer has no %s", file)
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read the layer: %w", err)
		}
		if header.Name == file {
			return io.ReadAll(archive)
		}
	}
}
