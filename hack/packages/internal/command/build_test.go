package command

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const repository = "../../../.."

// fixture is a repository with one function and one Configuration.
func fixture() map[string]string {
	const meta = "apiVersion: meta.pkg.crossplane.io/v1\n"
	return map[string]string{
		"go.mod": "module github.com/goldenpath-dev/goldenpath\n\ngo 1.25\n",
		"functions/main.go": "package main\n\nvar version = \"dev\"\n\n" +
			"func main() { println(version) }\n",
		"package/echo/crossplane.yaml": meta + "kind: Function\nmetadata: {name: function-echo}\n" +
			"spec: {capabilities: [composition], crossplane: {version: \">=v2.4.0-0\"}}\n",
		"package/echo/input/inputs.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: inputs.echo.fn.platform.io}\n" +
			"spec: {group: echo.fn.platform.io, names: {kind: Input, plural: inputs}, scope: Cluster, versions: [{name: v1, served: true, storage: true}]}\n",
		"package/goldenpath/crossplane.yaml": meta + "kind: Configuration\nmetadata: {name: goldenpath}\n" +
			"spec:\n  crossplane: {version: \">=v2.4.0-0\"}\n  dependsOn:\n  - {apiVersion: pkg.crossplane.io/v1, kind: Function, " +
			"package: xpkg.crossplane.io/goldenpath-dev/function-echo, version: =v0.0.0-stamped-by-make-packages}\n",
		"package/goldenpath/activation-policy.yaml": "apiVersion: apiextensions.crossplane.io/v1alpha1\nkind: ManagedResourceActivationPolicy\n" +
			"metadata: {name: goldenpath}\nspec: {activate: [instances.rds.aws.m.upbound.io]}\n",
		"apis/echoes/composition.yaml": "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nmetadata: {name: echoes.platform.io}\n" +
			"spec:\n  compositeTypeRef: {apiVersion: platform.io/v1, kind: Echo}\n  mode: Pipeline\n" +
			"  pipeline: [{step: echo, functionRef: {name: goldenpath-dev-function-echo}}]\n",
		"apis/echoes/definition.yaml": "apiVersion: apiextensions.crossplane.io/v2\nkind: CompositeResourceDefinition\nmetadata: {name: echoes.platform.io}\n" +
			"spec: {group: platform.io, names: {kind: Echo, plural: echoes}, versions: [{name: v1, served: true, referenceable: true}]}\n",
		// Not part of any package.
		"examples/echo.yaml": "apiVersion: platform.io/v1\nkind: Echo\nmetadata: {name: never}\n",
	}
}

// newRepository writes the fixture, with the real CLI in it.
func newRepository(t *testing.T) string {
	t.Helper()
	cli, err := filepath.Abs(filepath.Join(repository, "_output", "bin", "crossplane"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(cli); err != nil {
		t.Skip("the Crossplane CLI is not built: make tools")
	}
	root := t.TempDir()
	for file, text := range fixture() {
		writeFile(t, filepath.Join(root, file), text)
	}
	if err := os.MkdirAll(filepath.Join(root, "_output", "bin"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(cli, filepath.Join(root, "_output", "bin", "crossplane")); err != nil {
		t.Fatal(err)
	}
	return root
}

func build(root, version, registry string) error {
	c := Build{Root: root, Version: version, Registry: registry, Out: "_output/packages", Arch: []string{"amd64", "arm64"}, Budget: 15 << 20}
	return c.Run(context.Background())
}

// Two checkouts in two directories give the same bytes.
func TestBuildIsReproducible(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	var built []map[string]string
	for range 2 {
		root := newRepository(t)
		if err := build(root, "v0.1.0", "xpkg.crossplane.io"); err != nil {
			t.Fatal(err)
		}
		built = append(built, readDir(t, filepath.Join(root, "_output", "packages")))
	}
	want := []string{"function-echo-amd64.xpkg", "function-echo-arm64.xpkg", "goldenpath.xpkg", "index.json"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(built[0]))); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for file, content := range built[0] {
		if built[1][file] != content {
			t.Errorf("%s differs from one build to the next", file)
		}
	}
}

// A build that fails leaves what is there; one that works leaves nothing of before.
func TestBuildReplacesAllOrNothing(t *testing.T) {
	root := newRepository(t)
	out := filepath.Join(root, "_output", "packages")
	writeFile(t, filepath.Join(out, "function-old-amd64.xpkg"), "old")
	writeFile(t, filepath.Join(out, IndexFile), "old")
	main := filepath.Join(root, "functions", "main.go")
	writeFile(t, main, "package main\n\nfunc main() { nonsense() }\n")
	err := build(root, "v0.1.0", "xpkg.crossplane.io")
	if err == nil || !strings.Contains(err.Error(), "undefined: nonsense") {
		t.Errorf("error %v, want one with what the compiler says", err)
	}
	want := map[string]string{"function-old-amd64.xpkg": "old", IndexFile: "old"}
	if diff := cmp.Diff(want, readDir(t, out)); diff != "" {
		t.Errorf("after a failed build (-want +got):\n%s", diff)
	}
	writeFile(t, main, fixture()["functions/main.go"])
	if err := build(root, "v0.1.0", "xpkg.crossplane.io"); err != nil {
		t.Fatal(err)
	}
	got := slices.Sorted(maps.Keys(readDir(t, out)))
	if diff := cmp.Diff([]string{"function-echo-amd64.xpkg", "function-echo-arm64.xpkg", "goldenpath.xpkg", IndexFile}, got); diff != "" {
		t.Errorf("after a build (-want +got):\n%s", diff)
	}
}

func TestBuildRefusesALargeImage(t *testing.T) {
	root := newRepository(t)
	c := Build{Root: root, Version: "v0.1.0", Registry: "localhost:5000", Out: "out", Arch: []string{"amd64"}, Budget: 1 << 10}
	err := c.Run(context.Background())
	if err == nil || !strings.Contains(err.Error(), "MiB compressed, and its budget is 0.00 MiB") {
		t.Errorf("error %v, want one with the size and the budget", err)
	}
	if left := readDir(t, filepath.Join(root, "out")); len(left) != 0 {
		t.Errorf("it left %v", slices.Sorted(maps.Keys(left)))
	}
}

func TestBuildRefuses(t *testing.T) {
	cases := map[string]struct {
		command Build
		want    string
	}{
		"Version":      {Build{Root: repository, Version: "0.1.0", Registry: "localhost:5000", Arch: []string{"amd64"}}, "does not start with v"},
		"Registry":     {Build{Root: repository, Version: "v0.1.0", Registry: "ghcr.io/acme", Arch: []string{"amd64"}}, "has a path"},
		"Architecture": {Build{Root: repository, Version: "v0.1.0", Registry: "localhost:5000", Arch: []string{"x86"}}, "not one that we build for"},
		"Root":         {Build{Root: os.TempDir(), Version: "v0.1.0", Registry: "localhost:5000", Arch: []string{"amd64"}}, "is not inside the goldenpath repository"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.command.Out = filepath.Join(t.TempDir(), "out")
			if err := c.command.Run(context.Background()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			if _, err := os.Stat(c.command.Out); !os.IsNotExist(err) {
				t.Errorf("a refused command made its directory: %v", err)
			}
		})
	}
}

// readDir returns every entry of a directory; one that is a directory itself has no content.
func readDir(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	content := map[string]string{}
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil && !e.IsDir() {
			t.Fatal(err)
		}
		content[e.Name()] = string(raw)
	}
	return content
}

func writeFile(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
