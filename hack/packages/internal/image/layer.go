package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// binaryMode lets everybody run the binary and nobody but root, which nothing runs as, change it.
const binaryMode = 0o755

// Layer is the one layer of the image: the same binary gives the same bytes.
func Layer(binary []byte) (v1.Layer, error) {
	compressed, err := archive(binary)
	if err != nil {
		return nil, fmt.Errorf("cannot make the image layer: %w", err)
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(compressed)), nil }
	layer, err := tarball.LayerFromOpener(open, tarball.WithMediaType(types.DockerLayer))
	if err != nil {
		return nil, fmt.Errorf("cannot make the image layer: %w", err)
	}
	return layer, nil
}

// archive puts the binary into a compressed tar that holds nothing of this machine: no time, no user names.
func archive(binary []byte) ([]byte, error) {
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	entries := tar.NewWriter(zip)
	header := &tar.Header{
		Typeflag: tar.TypeReg, Name: strings.TrimPrefix(binaryPath, "/"), Mode: binaryMode, Size: int64(len(binary)),
		ModTime: time.Unix(0, 0).UTC(), Format: tar.FormatUSTAR,
	}
	if err := entries.WriteHeader(header); err != nil {
		return nil, err
	}
	if _, err := entries.Write(binary); err != nil {
		return nil, err
	}
	if err := entries.Close(); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
