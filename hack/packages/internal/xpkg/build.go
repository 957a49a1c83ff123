package xpkg

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// CLI is the path of Crossplane's CLI.
type CLI string

// FindCLI looks where `make tools` puts it.
func FindCLI(root string) (CLI, error) {
	path := filepath.Join(root, "_output", "bin", "crossplane")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("the Crossplane CLI is missing: run hack/tools/build.sh crossplane-cli, or make packages: %w", err)
	}
	return CLI(path), nil
}

// Build packs a staged directory into an xpkg. A function has a runtime image, a Configuration has none (nil). The CLI packs
// the same bytes from the same input; a test of the command builds twice.
func (c CLI) Build(ctx context.Context, dir string, runtime v1.Image, out string) error {
	// Without a directory named here the CLI packs the examples directory of the caller's working directory.
	args := []string{"xpkg", "build", "--package-root=" + dir, "--examples-root=" + dir + ".no-examples", "--package-file=" + out}
	if runtime != nil {
		image := out + ".runtime.tar"
		if err := tarball.WriteToFile(image, nil, runtime); err != nil {
			return fmt.Errorf("cannot write the runtime image of %s: %w", filepath.Base(out), err)
		}
		defer func() { _ = os.Remove(image) }()
		args = append(args, "--embed-runtime-image-tarball="+image)
	}
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, string(c), args...)
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("crossplane xpkg build refuses %s: %w\n%s", filepath.Base(out), err, output.Bytes())
	}
	return nil
}
