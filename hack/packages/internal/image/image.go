package image

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

const (
	operatingSystem = "linux"
	// user is the one that Crossplane runs packages as; a number, so that Kubernetes can see that it is not root.
	user    = "2000:2000"
	source  = "https://github.com/goldenpath-dev/goldenpath"
	license = "Apache-2.0"

	labelSource   = "org.opencontainers.image.source"
	labelVersion  = "org.opencontainers.image.version"
	labelRevision = "org.opencontainers.image.revision"
	labelLicenses = "org.opencontainers.image.licenses"
)

// ports are those of gRPC and of metrics.
func ports() []string { return []string{"9443", "8080"} }

// architectures that we build for.
func architectures() []string { return []string{"amd64", "arm64"} }

// CheckArchitectures refuses those that we do not build for, and one named twice.
func CheckArchitectures(archs []string) error {
	known := strings.Join(architectures(), ",")
	if len(archs) == 0 {
		return fmt.Errorf("no architecture: write --arch %s, or one of them", known)
	}
	for i, arch := range archs {
		if !slices.Contains(architectures(), arch) {
			return fmt.Errorf("architecture %q is not one that we build for: write --arch %s, or one of them", arch, known)
		}
		if slices.Contains(archs[:i], arch) {
			return fmt.Errorf("architecture %q is named twice: write --arch %s, or one of them", arch, known)
		}
	}
	return nil
}

// Origin says what an image was built from.
type Origin struct {
	Version string
	// Revision is the commit; empty when it is not known.
	Revision string
	// Created is a time that belongs to the source, not the time of the build.
	Created time.Time
}

// New makes the image that serves one function: the layer, and a configuration of its own.
func New(layer v1.Layer, arch, function string, origin Origin) (v1.Image, error) {
	config := &v1.ConfigFile{
		Architecture: arch,
		OS:           operatingSystem,
		Created:      v1.Time{Time: origin.Created},
		RootFS:       v1.RootFS{Type: "layers"},
		Config: v1.Config{
			Entrypoint:   []string{binaryPath},
			Cmd:          []string{"serve", function},
			User:         user,
			ExposedPorts: map[string]struct{}{},
			Labels:       labels(origin),
		},
	}
	for _, port := range ports() {
		config.Config.ExposedPorts[port+"/tcp"] = struct{}{}
	}
	img, err := mutate.ConfigFile(empty.Image, config)
	if err == nil {
		img, err = mutate.Append(img, mutate.Addendum{
			Layer: layer, History: v1.History{CreatedBy: "make packages", Created: v1.Time{Time: origin.Created}},
		})
	}
	if err != nil {
		return nil, fmt.Errorf("cannot make the image of %s for %s: %w", function, arch, err)
	}
	return img, nil
}

func labels(origin Origin) map[string]string {
	all := map[string]string{
		labelSource: source, labelVersion: origin.Version, labelRevision: origin.Revision, labelLicenses: license,
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	return all
}

// Size is what a node downloads: the layers and the configuration, compressed.
func Size(img v1.Image) (int64, error) {
	manifest, err := img.Manifest()
	if err != nil {
		return 0, fmt.Errorf("cannot read the manifest of an image: %w", err)
	}
	size := manifest.Config.Size
	for _, layer := range manifest.Layers {
		size += layer.Size
	}
	return size, nil
}

// CheckBudget refuses an image that is larger than a budget of bytes, compressed.
func CheckBudget(arch string, size, budget int64) error {
	if size <= budget {
		return nil
	}
	return fmt.Errorf("the runtime image for %s has %s compressed, and its budget is %s: look for imports that the functions do not "+
		"need (go list -deps %s)", arch, MiB(size), MiB(budget), sourcePackage)
}

// MiB writes a size for people.
func MiB(bytes int64) string {
	return fmt.Sprintf("%.2f MiB", float64(bytes)/(1<<20))
}
