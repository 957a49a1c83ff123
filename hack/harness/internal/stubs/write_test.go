package stubs

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	stale := filepath.Join(dir, "provider-shop", "crds", "old.yaml")
	if err := os.MkdirAll(filepath.Dir(stale), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stale, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	crd, err := standalone(boxes(), "")
	if err != nil {
		t.Fatal(err)
	}
	stub := Stub{
		Package: Package{Name: "provider-shop", DependsOn: []string{"provider-family"}},
		Judge:   providers.Judge{Version: "v2.5.0", Floor: "v2.6.0"}, CRDs: []*extv1.CustomResourceDefinition{crd},
	}
	size, err := write(dir, "xpkg.upbound.io/upbound", stub)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := Stub{Package: Package{Name: "provider-boxes", Registry: "xpkg.example.org/boxes"}, Judge: providers.Judge{Version: "v1.2.1", Floor: "v1.2.1"}}
	if err := writeIndex(dir, "xpkg.upbound.io/upbound", []Stub{stub, elsewhere}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "provider-shop", "crds", "*"))
	if err != nil || len(files) != 1 || filepath.Base(files[0]) != "shop.aws.upbound.io_boxes.yaml" {
		t.Fatalf("files are %v (%v), want the one definition", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) != size {
		t.Errorf("%d bytes are reported, %d written", size, len(raw))
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if got["apiVersion"] != "apiextensions.k8s.io/v1" || got["kind"] != "CustomResourceDefinition" || got["status"] != nil {
		t.Errorf("apiVersion %v, kind %v, status %v", got["apiVersion"], got["kind"], got["status"])
	}
	want := map[string]any{
		"apiVersion": "meta.pkg.crossplane.io/v1", "kind": "Provider",
		"metadata": map[string]any{"name": "provider-shop", "annotations": map[string]any{
			"meta.crossplane.io/description": "A stub of provider-shop v2.6.0 for a local control plane: CRDs only, those of v2.5.0, no controller. It manages nothing.",
		}},
		"spec": map[string]any{"capabilities": []any{"SafeStart"}, "dependsOn": []any{map[string]any{
			"apiVersion": "pkg.crossplane.io/v1", "kind": "Provider",
			"package": "xpkg.upbound.io/upbound/provider-family", "version": ">=v2.6.0",
		}}},
	}
	docs, err := repo.Read(dir, "provider-shop/crossplane.yaml")
	if err != nil || len(docs) != 1 {
		t.Fatalf("%d documents: %v", len(docs), err)
	}
	if diff := cmp.Diff(want, docs[0].Object); diff != "" {
		t.Errorf("crossplane.yaml: -want +got:\n%s", diff)
	}
	index, err := os.ReadFile(filepath.Join(dir, "packages.json"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []Indexed
	if err := json.Unmarshal(index, &listed); err != nil {
		t.Fatal(err)
	}
	wantIndex := []Indexed{
		{"provider-shop", "xpkg.upbound.io/upbound/provider-shop", "v2.6.0"}, {"provider-boxes", "xpkg.example.org/boxes/provider-boxes", "v1.2.1"},
	}
	if diff := cmp.Diff(wantIndex, listed); diff != "" {
		t.Errorf("packages.json: -want +got:\n%s", diff)
	}
}

func TestReport(t *testing.T) {
	s := Stub{Package: Package{Name: "provider-vault"}, Roles: map[Role]int{RoleComposed: 10, RoleConfiguration: 3}, Judge: providers.Judge{
		Provider: "vault", Version: "v4.0.1", Gate: providers.Lock, From: "hack/schemas/lock.yaml", Because: "PROVIDER_SCHEMAS is not set",
	}}
	want := "provider-vault v4.0.1: 0 CRDs (10 composed, 0 neighbours, 3 configuration), 2 KiB, " +
		"from the lock of fields that we use, because PROVIDER_SCHEMAS is not set"
	if got := s.report(3000); got != want {
		t.Errorf("report is\n%s\nwant\n%s", got, want)
	}
}
