package runtime

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// image holds one file, and says to run something.
func image(t *testing.T, file, content string, entrypoint, command []string) v1.Image {
	t.Helper()
	var raw bytes.Buffer
	w := tar.NewWriter(&raw)
	if err := w.WriteHeader(&tar.Header{Name: file, Mode: 0o755, Size: int64(len(content))}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw.Bytes())), nil })
	if err != nil {
		t.Fatal(err)
	}
	img, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		t.Fatal(err)
	}
	img, err = mutate.Config(img, v1.Config{Entrypoint: entrypoint, Cmd: command})
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestPull(t *testing.T) {
	server := httptest.NewServer(registry.New())
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	for _, tc := range []struct {
		name                string
		file                string
		entrypoint, command []string
		args                []string
		wrong               string
	}{
		{name: "entrypoint and command", file: "goldenpath", entrypoint: []string{"/goldenpath"}, command: []string{"serve", "vault"},
			args: []string{"serve", "vault"}},
		{name: "an image that says nothing", file: "goldenpath", wrong: "neither entrypoint nor command"},
		{name: "an image without its binary", file: "other", entrypoint: []string{"/goldenpath"}, wrong: "does not hold its entrypoint"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			reference := host + "/org/function:v1.0.0"
			ref, err := name.ParseReference(reference)
			if err != nil {
				t.Fatal(err)
			}
			if err := remote.Write(ref, image(t, tc.file, "binary", tc.entrypoint, tc.command)); err != nil {
				t.Fatal(err)
			}
			got, err := pull(context.Background(), reference, t.TempDir())
			if tc.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tc.wrong) {
					t.Fatalf("got %v, expected %q", err, tc.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.args, got.args); diff != "" {
				t.Errorf("arguments (-want +got):\n%s", diff)
			}
			content, err := os.ReadFile(got.path)
			if err != nil || string(content) != "binary" {
				t.Errorf("the binary is %q, %v", content, err)
			}
			if info, err := os.Stat(got.path); err != nil || info.Mode()&0o100 == 0 {
				t.Errorf("the binary cannot be run: %v, %v", info, err)
			}
		})
	}
}
