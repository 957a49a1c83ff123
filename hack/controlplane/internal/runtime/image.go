package runtime

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// program is what a package's image says to run.
type program struct {
	path string
	args []string
}

// pull fetches the image of a package for this machine and unpacks its binary into a directory. Only the entrypoint is
// unpacked: our images hold nothing else.
func pull(ctx context.Context, reference, dir string) (program, error) {
	ref, err := name.ParseReference(reference)
	if err != nil {
		return program{}, err
	}
	image, err := remote.Image(ref, remote.WithContext(ctx),
		remote.WithPlatform(v1.Platform{OS: "linux", Architecture: goruntime.GOARCH}))
	if err != nil {
		return program{}, fmt.Errorf("cannot pull %s: %w", reference, err)
	}
	cfg, err := image.ConfigFile()
	if err != nil {
		return program{}, err
	}
	command := append(append([]string{}, cfg.Config.Entrypoint...), cfg.Config.Cmd...)
	if len(command) == 0 {
		return program{}, fmt.Errorf("the image of %s has neither entrypoint nor command", reference)
	}
	path := filepath.Join(dir, filepath.Base(command[0]))
	if err := unpack(image, strings.TrimPrefix(command[0], "/"), path); err != nil {
		return program{}, fmt.Errorf("the image of %s: %w", reference, err)
	}
	return program{path: path, args: command[1:]}, nil
}

// unpack writes one file of an image.
func unpack(image v1.Image, file, to string) error {
	flat := mutate.Extract(image)
	defer flat.Close() //nolint:errcheck // Read to where it is needed.
	reader := tar.NewReader(flat)
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("it does not hold its entrypoint /%s", file)
		}
		if err != nil {
			return err
		}
		if strings.TrimPrefix(filepath.Clean(header.Name), "/") == file {
			return write(reader, to)
		}
	}
}

func write(from io.Reader, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil { //nolint:gosec // Binaries, nothing secret.
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755) //nolint:gosec // It has to be executable.
	if err != nil {
		return err
	}
	_, err = io.Copy(out, from) //nolint:gosec // From our own registry.
	return errors.Join(err, out.Close())
}
