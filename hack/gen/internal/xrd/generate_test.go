package xrd

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// widget is the CRD of the tests, which has everything that survives.
func widget(t *testing.T) *extv1.CustomResourceDefinition {
	t.Helper()
	crds, err := readCRDs("testdata/crds")
	if err != nil {
		t.Fatal(err)
	}
	return crds[0]
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const (
	composition = "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nmetadata: {name: NAME}\nspec: {compositeTypeRef: {apiVersion: platform.io/v1, kind: KIND}}\n"
)

func compositionOf(name, kind string) string {
	return strings.NewReplacer("NAME", name, "KIND", kind).Replace(composition)
}

func TestGenerateGolden(t *testing.T) {
	apis := t.TempDir()
	write(t, filepath.Join(apis, "widgets", "composition.yaml"), compositionOf("widgets.platform.io", "Widget"))
	write(t, filepath.Join(apis, "claims", "widgets", "composition.yaml"), "---\n# A comment.\n---\n"+compositionOf("xwidgets.platform.io", "XWidget"))
	files, findings, err := Generate("testdata/crds", apis)
	if err != nil || len(findings) > 0 {
		t.Fatalf("error %v, findings %v", err, findings)
	}
	golden := map[string]string{
		filepath.Join(apis, "widgets", "definition.yaml"):           "testdata/namespaced.yaml",
		filepath.Join(apis, "claims", "widgets", "definition.yaml"): "testdata/claims.yaml",
	}
	if len(files) != len(golden) {
		t.Fatalf("%d files, want %d", len(files), len(golden))
	}
	for _, f := range files {
		if *update {
			write(t, golden[f.Path], string(f.Content))
		}
		want, err := os.ReadFile(golden[f.Path])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(f.Content)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", golden[f.Path], diff)
		}
	}
}

func TestGenerateWithoutComposition(t *testing.T) {
	files, findings, err := Generate("testdata/crds", t.TempDir())
	if err != nil || len(findings) > 0 {
		t.Fatalf("error %v, findings %v", err, findings)
	}
	for _, f := range files {
		if strings.Contains(string(f.Content), "defaultCompositionRef") {
			t.Errorf("%s names a default Composition, but there is none", f.Path)
		}
	}
}

func TestGenerateRemovesWhatIsLeftOver(t *testing.T) {
	apis := t.TempDir()
	left := filepath.Join(apis, "claims", "gone", "definition.yaml")
	write(t, left, header+"kind: CompositeResourceDefinition\n")
	write(t, filepath.Join(apis, "handmade", "definition.yaml"), "kind: CompositeResourceDefinition\n")
	files, _, err := Generate("testdata/crds", apis)
	if err != nil {
		t.Fatal(err)
	}
	var removed []string
	for _, f := range files {
		if f.Content == nil {
			removed = append(removed, f.Path)
		}
	}
	if diff := cmp.Diff([]string{left}, removed); diff != "" {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
}

func TestGenerateRefusesCompositionOfAnotherKind(t *testing.T) {
	apis := t.TempDir()
	write(t, filepath.Join(apis, "claims", "widgets", "composition.yaml"), compositionOf("xwidgets.platform.io", "Widget"))
	files, findings, err := Generate("testdata/crds", apis)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 0 || len(findings) != 1 || !strings.HasSuffix(findings[0].String(), "write apiVersion: platform.io/v1 and kind: XWidget") {
		t.Errorf("files %d, findings %v", len(files), findings)
	}
}

func TestGenerateUnreadableInput(t *testing.T) {
	cases := []struct {
		reason string
		files  map[string]string
		want   string
	}{
		{"no CRD", nil, "there is no CRD (*.yaml) in"},
		{"something else", map[string]string{"crds/a.yaml": "kind: Secret\n"}, `holds a "Secret", not a CustomResourceDefinition`},
		{"a field that Go does not know", map[string]string{"crds/a.yaml": "kind: CustomResourceDefinition\nspec: {colour: red}\n"}, `unknown field "colour"`},
		{"two documents", map[string]string{"crds/a.yaml": "kind: CustomResourceDefinition\n---\nkind: CustomResourceDefinition\n"}, "holds more than one YAML document"},
		{
			"a Composition without a name",
			map[string]string{
				"crds/a.yaml":                          "kind: CustomResourceDefinition\nspec: {names: {plural: widgets}}\n",
				"apis/claims/widgets/composition.yaml": "kind: Composition\n",
			},
			"must hold one Composition with a metadata.name",
		},
	}
	for _, tc := range cases {
		t.Run(tc.reason, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tc.files {
				write(t, filepath.Join(dir, name), text)
			}
			_, _, err := Generate(filepath.Join(dir, "crds"), filepath.Join(dir, "apis"))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want %q in it", err, tc.want)
			}
		})
	}
}
