package image

import (
	"archive/tar"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

func TestLayerHoldsOnlyTheBinary(t *testing.T) {
	layer := newLayer(t, "binary")
	content, err := layer.Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewReader(content)
	got, err := archive.Next()
	if err != nil {
		t.Fatal(err)
	}
	want := &tar.Header{
		Typeflag: tar.TypeReg, Name: "goldenpath", Mode: 0o755, Size: 6, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if raw, err := io.ReadAll(archive); err != nil || string(raw) != "binary" {
		t.Errorf("content is %q, %v", raw, err)
	}
	if _, err := archive.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("the layer has another entry: %v", err)
	}
}

func TestLayerIsDeterministic(t *testing.T) {
	first := digestOf(t, newLayer(t, "binary"))
	if again := digestOf(t, newLayer(t, "binary")); again != first {
		t.Errorf("the same binary gave %s, then %s", first, again)
	}
	if other := digestOf(t, newLayer(t, "Binary")); other == first {
		t.Errorf("two binaries gave the same layer %s", first)
	}
}

func TestNew(t *testing.T) {
	created := time.Date(2026, 11, 21, 5, 30, 52, 0, time.UTC)
	layer := newLayer(t, "binary")
	img, err := New(layer, "arm64", "vault", Origin{Version: "v0.1.0", Revision: "0c15ab9", Created: created})
	if err != nil {
		t.Fatal(err)
	}
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	diffID, err := layer.DiffID()
	if err != nil {
		t.Fatal(err)
	}
	want := &v1.ConfigFile{
		Architecture: "arm64", OS: "linux", Created: v1.Time{Time: created},
		RootFS:  v1.RootFS{Type: "layers", DiffIDs: []v1.Hash{diffID}},
		History: []v1.History{{CreatedBy: "make packages", Created: v1.Time{Time: created}}},
		Config: v1.Config{
			Entrypoint: []string{"/goldenpath"}, Cmd: []string{"serve", "vault"}, User: "2000:2000",
			ExposedPorts: map[string]struct{}{"9443/tcp": {}, "8080/tcp": {}},
			Labels: map[string]string{
				"org.opencontainers.image.source":   "https://github.com/goldenpath-dev/goldenpath",
				"org.opencontainers.image.version":  "v0.1.0",
				"org.opencontainers.image.revision": "0c15ab9",
				"org.opencontainers.image.licenses": "Apache-2.0",
			},
		},
	}
	if diff := cmp.Diff(want, config); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
}

func TestImagesShareTheLayer(t *testing.T) {
	layer := newLayer(t, "binary")
	var digests []v1.Hash
	for _, function := range []string{"vault", "guardrails"} {
		img, err := New(layer, "amd64", function, Origin{Version: "v0.1.0"})
		if err != nil {
			t.Fatal(err)
		}
		layers, err := img.Layers()
		if err != nil || len(layers) != 1 || digestOf(t, layers[0]) != digestOf(t, layer) {
			t.Errorf("%s has the layers %v (%v), want the shared one alone", function, layers, err)
		}
		config, err := img.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := config.Config.Labels[labelRevision]; ok {
			t.Errorf("%s has a label for a revision that nobody knows", function)
		}
		digests = append(digests, digestOf(t, img))
	}
	if digests[0] == digests[1] {
		t.Error("the images of two functions are the same: one of them would run the other's command")
	}
}

func TestSizeAndBudget(t *testing.T) {
	layer := newLayer(t, "binary")
	img, err := New(layer, "amd64", "vault", Origin{Version: "v0.1.0"})
	if err != nil {
		t.Fatal(err)
	}
	size, err := Size(img)
	if err != nil {
		t.Fatal(err)
	}
	config, err := img.RawConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	layerSize, err := layer.Size()
	if err != nil {
		t.Fatal(err)
	}
	if want := layerSize + int64(len(config)); size != want {
		t.Errorf("Size = %d, want %d, that of layer and configuration", size, want)
	}
	if err := CheckBudget("amd64", size, size); err != nil {
		t.Errorf("exactly the budget: %v", err)
	}
	err = CheckBudget("amd64", 16<<20, 15<<20)
	if err == nil || !strings.Contains(err.Error(), "for amd64 has 16.00 MiB compressed, and its budget is 15.00 MiB") {
		t.Errorf("one MiB too many: error %v, want one with both sizes", err)
	}
}

func TestCheckArchitectures(t *testing.T) {
	cases := map[string]struct {
		archs []string
		want  string
	}{
		"Both":    {[]string{"amd64", "arm64"}, ""},
		"One":     {[]string{"arm64"}, ""},
		"None":    {nil, "no architecture: write --arch amd64,arm64"},
		"Unknown": {[]string{"amd64", "s390x"}, `architecture "s390x" is not one that we build for: write --arch amd64,arm64`},
		"Twice":   {[]string{"amd64", "amd64"}, `architecture "amd64" is named twice`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := CheckArchitectures(c.archs)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func newLayer(t *testing.T, binary string) v1.Layer {
	t.Helper()
	layer, err := Layer([]byte(binary))
	if err != nil {
		t.Fatal(err)
	}
	return layer
}

func digestOf(t *testing.T, of interface{ Digest() (v1.Hash, error) }) v1.Hash {
	t.Helper()
	digest, err := of.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest
}
