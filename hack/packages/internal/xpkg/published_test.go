package xpkg

import (
	"archive/tar"
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

func TestStream(t *testing.T) {
	base := map[string]string{annotation: baseLayer}
	cases := map[string]struct {
		layers  []mutate.Addendum
		wantErr string
	}{
		"OneMarked": {[]mutate.Addendum{{Layer: layer(t, "goldenpath", "x")}, {Layer: layer(t, streamFile, "yaml"), Annotations: base}}, ""},
		"NoneMarked": {
			[]mutate.Addendum{{Layer: layer(t, streamFile, "yaml")}},
			"has 0 layers marked io.crossplane.xpkg: base, it must have one",
		},
		"TwoMarked": {
			[]mutate.Addendum{{Layer: layer(t, streamFile, "yaml"), Annotations: base}, {Layer: layer(t, streamFile, "two"), Annotations: base}},
			"has 2 layers marked",
		},
		"OtherFile": {[]mutate.Addendum{{Layer: layer(t, "other.yaml", "yaml"), Annotations: base}}, "the layer has no package.yaml"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			img, err := mutate.Append(empty.Image, c.layers...)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Stream(img)
			if c.wantErr == "" && (err != nil || string(got) != "yaml") {
				t.Errorf("Stream = %q, %v", got, err)
			}
			if c.wantErr != "" && (err == nil || !strings.Contains(err.Error(), c.wantErr)) {
				t.Errorf("error %v, want one with %q", err, c.wantErr)
			}
		})
	}
}

// A tar file cannot hold annotations: the label has to become one.
func TestPublishedAnnotatesLayers(t *testing.T) {
	marked := layer(t, streamFile, "yaml")
	digest, err := marked.Digest()
	if err != nil {
		t.Fatal(err)
	}
	img, err := mutate.AppendLayers(empty.Image, layer(t, "goldenpath", "x"), marked)
	if err != nil {
		t.Fatal(err)
	}
	img, err = mutate.Config(img, v1.Config{Labels: map[string]string{annotation + ":" + digest.String(): baseLayer}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "p.xpkg")
	if err := tarball.WriteToFile(file, nil, img); err != nil {
		t.Fatal(err)
	}
	published, err := Published(file)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := published.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	if len(manifest.Layers) != 2 || manifest.Layers[0].Annotations != nil || manifest.Layers[1].Annotations[annotation] != baseLayer {
		t.Errorf("layers are %+v, want two, and the annotation on the second alone", manifest.Layers)
	}
}

func TestPublishedRefuses(t *testing.T) {
	if _, err := Published(filepath.Join(t.TempDir(), "missing.xpkg")); err == nil || !strings.Contains(err.Error(), "missing.xpkg") {
		t.Errorf("error %v, want one that names the file", err)
	}
}

// layer with one file.
func layer(t *testing.T, file, content string) v1.Layer {
	t.Helper()
	var out bytes.Buffer
	archive := tar.NewWriter(&out)
	if err := archive.WriteHeader(&tar.Header{Name: file, Mode: 0o644, Size: int64(len(content))}); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	made, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(out.Bytes())), nil })
	if err != nil {
		t.Fatal(err)
	}
	return made
}
