// Package image makes the runtime image of the functions: one static binary in one layer.
package image

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
)

const (
	// binaryPath is where the binary is in the image.
	binaryPath = "/goldenpath"
	// sourcePackage is what it is built from.
	sourcePackage = "./functions"
)

// goArgs are the arguments of go. The Dockerfile builds with the same; a test compares them.
func goArgs(version, out string) []string {
	return []string{"build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X main.version=" + version, "-o", out, sourcePackage}
}

// goEnv is set for go in addition to the caller's environment. What could change the bytes of the binary is named here, so that the
// caller's settings cannot.
func goEnv(arch string) []string {
	return []string{
		"CGO_ENABLED=0", "GOOS=" + operatingSystem, "GOARCH=" + arch, "GOAMD64=v1", "GOARM64=v8.0",
		"GOWORK=off", "GOFLAGS=-mod=readonly", "GOEXPERIMENT=",
	}
}

// Compile builds the binary of one architecture.
func Compile(ctx context.Context, root, version, arch, out string) error {
	cmd := exec.CommandContext(ctx, "go", goArgs(version, out)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), goEnv(arch)...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("cannot build the functions for %s/%s: %w\n%s", operatingSystem, arch, err, output.Bytes())
	}
	return nil
}
