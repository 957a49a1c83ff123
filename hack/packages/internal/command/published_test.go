package command

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/image"
	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/xpkg"
)

// What `crossplane xpkg push` publishes has the digests of the index, and in it is what Crossplane looks for.
func TestPublishedPackages(t *testing.T) {
	server := httptest.NewServer(registry.New())
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	root := newRepository(t)
	t.Chdir(root) // Its examples directory is what the CLI would pack when nobody says otherwise.
	if err := build(root, "v0.1.0-rc.1", host); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(root, "_output", "packages")
	index := readIndex(t, out)
	if got := []string{index.Version, index.Registry, index.Packages[0].Object}; !slices.Equal(got, []string{"v0.1.0-rc.1", host, "goldenpath-dev-function-echo"}) {
		t.Errorf("the index says %q", got)
	}
	for line := range strings.Lines(pushes(out, index)) {
		args := strings.Fields(line)

		if output, err := exec.Command(filepath.Join(root, "_output", "bin", args[0]), args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s%v\n%s", line, err, output)
		}
	}
	for _, p := range index.Packages {
		tag, err := name.NewTag(p.Repository + ":" + index.Version)
		if err != nil {
			t.Fatal(err)
		}
		head, err := remote.Head(tag)
		if err != nil {
			t.Fatal(err)
		}
		if head.Digest.String() != p.Digest {
			t.Errorf("%s is published as %s, the index says %s", tag, head.Digest, p.Digest)
		}
		for _, f := range p.Files {
			checkPublished(t, p, f, index)
		}
	}
}

func checkPublished(t *testing.T, p Package, f File, index Index) {
	t.Helper()
	digest, err := name.NewDigest(p.Repository + "@" + f.Digest)
	if err != nil {
		t.Fatal(err)
	}
	img, err := remote.Image(digest)
	if err != nil {
		t.Fatalf("%s is not published as the index says: %v", f.File, err)
	}
	stream, err := xpkg.Stream(img)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"Function":      {"name: function-echo", "name: inputs.echo.fn.platform.io"},
		"Configuration": {"version: =v0.1.0-rc.1", "package: " + index.Registry + "/goldenpath-dev/function-echo", "kind: ManagedResourceActivationPolicy", "kind: CompositeResourceDefinition", "kind: Composition\n"},
	}
	for _, text := range want[p.Kind] {
		if !strings.Contains(string(stream), text) {
			t.Errorf("%s does not contain %q:\n%s", f.File, text, stream)
		}
	}
	manifest, err := img.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]int{"Function": 2, "Configuration": 1}[p.Kind]; len(manifest.Layers) != want {
		t.Errorf("%s has %d layers, want %d: no examples", f.File, len(manifest.Layers), want)
	}
	if p.Kind == "Function" {
		checkRuntime(t, img, f, index)
	}
}

func checkRuntime(t *testing.T, img v1.Image, f File, index Index) {
	t.Helper()
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	got := []string{config.OS, config.Architecture, strings.Join(config.Config.Entrypoint, " "), strings.Join(config.Config.Cmd, " "), config.Config.User}
	if diff := cmp.Diff([]string{"linux", f.Architecture, "/goldenpath", "serve echo", "2000:2000"}, got); diff != "" {
		t.Errorf("%s runs (-want +got):\n%s", f.File, diff)
	}
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	digest, err := layers[0].Digest()
	if err != nil {
		t.Fatal(err)
	}
	shared := index.Layers[slices.IndexFunc(index.Layers, func(l RuntimeLayer) bool { return l.Architecture == f.Architecture })]
	if digest.String() != shared.Digest {
		t.Errorf("%s runs from the layer %s, want the shared %s", f.File, digest, shared.Digest)
	}
}

func readIndex(t *testing.T, dir string) Index {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, IndexFile))
	if err != nil {
		t.Fatal(err)
	}
	var index Index
	if err := json.Unmarshal(raw, &index); err != nil {
		t.Fatal(err)
	}
	return index
}

// The layer that all functions share is why many packages are one download.
func TestPackageWithAnotherLayerIsRefused(t *testing.T) {
	root := newRepository(t)
	if err := build(root, "v0.1.0", "localhost:5000"); err != nil {
		t.Fatal(err)
	}
	img, err := xpkg.Published(filepath.Join(root, "_output", "packages", "function-echo-amd64.xpkg"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := image.Layer([]byte("another binary"))
	if err != nil {
		t.Fatal(err)
	}
	if err := checkContents(img, other); err == nil || !strings.Contains(err.Error(), "does not have the runtime layer") {
		t.Errorf("error %v, want one that misses the layer", err)
	}
}
