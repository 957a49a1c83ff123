package command

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// IndexFile is the name of the index in the directory of the packages.
const IndexFile = "index.json"

// Index says what was built. Sizes are in bytes, compressed; digests are those that the registry shows after
// `crossplane xpkg push`. hack/controlplane reads it.
type Index struct {
	// Version of every package, with its v: also the tag.
	Version string `json:"version"`
	// Registry that the packages are meant for: a host, with a port or without.
	Registry string `json:"registry"`
	// Layers are the runtime layers: one for each architecture, shared by all functions.
	Layers []RuntimeLayer `json:"layers"`
	// Packages, functions first.
	Packages []Package `json:"packages"`
}

// RuntimeLayer is the layer with the binary.
type RuntimeLayer struct {
	Architecture string `json:"architecture"`
	Digest       string `json:"digest"`
	Size         int64  `json:"size"`
}

// Package is one package of the release.
type Package struct {
	// Name in its metadata: function-appdatabase, goldenpath.
	Name string `json:"name"`
	// Kind is Function or Configuration.
	Kind string `json:"kind"`
	// Repository without the tag: registry/organisation/name.
	Repository string `json:"repository"`
	// Object is what the package manager calls it when it is installed as a dependency: what a functionRef names.
	Object string `json:"object"`
	// Digest of the tag: of the index where there is a file for each of several architectures, else of the one image.
	Digest string `json:"digest"`
	// Files to push together.
	Files []File `json:"files"`
}

// File is one xpkg.
type File struct {
	// File name, beside the index.
	File string `json:"file"`
	// Architecture is empty for a Configuration.
	Architecture string `json:"architecture,omitempty"`
	// Digest of the image.
	Digest string `json:"digest"`
	// Size of what is pulled: layers and configuration.
	Size int64 `json:"size"`
}

func (i Index) write(dir string) error {
	raw, err := json.MarshalIndent(i, "", "  ")
	if err != nil {
		return fmt.Errorf("cannot write the index: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, IndexFile), append(raw, '\n'), 0o600); err != nil {
		return fmt.Errorf("cannot write the index: %w", err)
	}
	return nil
}
