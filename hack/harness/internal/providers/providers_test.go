package providers

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	gvk "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/schema"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

const boxCRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: boxes.shop.vault.upbound.io
spec:
  group: shop.vault.upbound.io
  names:
    kind: Box
    plural: boxes
  scope: Cluster
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema: {type: object, description: from the directory}
`

const pins = `providers:
- {name: vault, version: v4.0.1, groups: [vault.upbound.io, vault.m.upbound.io]}
`

const orders = `apiVersion: apiextensions.crossplane.io/VERSION
kind: CompositeResourceDefinition
metadata: {name: xorders.platform.io}
spec:
  group: platform.io
  SCOPE
  names: {kind: KIND, plural: xorders}
  versions:
  - name: v1
    served: true
    referenceable: true
    schema:
      openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: string}}}}}
`

func writeFile(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// repository has pins, one XRD in each flavour, and a directory of CRDs beside it.
func repository(t *testing.T) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "repo")
	writeFile(t, root, PinsFile, pins)
	writeFile(t, root, "../shared/crds/vault/shop.vault.upbound.io_boxes.yaml", boxCRD)
	namespaced := strings.NewReplacer("VERSION", "v2", "SCOPE", "scope: Namespaced", "KIND", "Order")
	claims := strings.NewReplacer("VERSION", "v1", "SCOPE", "claimNames: {kind: Order, plural: orders}", "KIND", "XOrder")
	writeFile(t, root, "apis/orders/definition.yaml", namespaced.Replace(orders))
	writeFile(t, root, "apis/claims/orders/definition.yaml", claims.Replace(orders))
	return root
}

// lockFacts knows one kind.
type lockFacts struct{}

func (lockFacts) CRD(kind gvk.GroupVersionKind) (*extv1.CustomResourceDefinition, bool) {
	crd, err := parse([]byte(strings.ReplaceAll(boxCRD, "from the directory", "from the lock")), "")
	return crd, err == nil && kind.Kind == "Box"
}

func TestLookup(t *testing.T) {
	box := gvk.GroupVersionKind{Group: "shop.vault.upbound.io", Version: "v1", Kind: "Box"}
	platform := func(kind string) gvk.GroupVersionKind {
		return gvk.GroupVersionKind{Group: "platform.io", Version: "v1", Kind: kind}
	}
	cases := map[string]struct {
		reason      string
		environment string
		flavour     xrd.Flavour
		kind        gvk.GroupVersionKind
		gate        Gate
		namespaced  bool
		err         string
	}{
		"Directory":     {reason: "The default directory is beside the repository.", kind: box, gate: Full},
		"NoDirectory":   {reason: "Without a directory the lock judges.", environment: "none", kind: box, gate: Lock},
		"BadDirectory":  {reason: "A directory that is not there is a mistake.", environment: "missing", kind: box, err: "is not a directory"},
		"OtherLocation": {reason: "A relative directory is relative to the repository.", environment: "../shared/crds", kind: box, gate: Full},
		"NotInDirectory": {
			reason: "The full CRDs are there, so the lock is not asked.", err: "vault v4.0.1 has no kind Bag",
			kind: gvk.GroupVersionKind{Group: "shop.vault.upbound.io", Version: "v1", Kind: "Bag"},
		},
		"NotInLock": {
			reason: "The lock does not know the kind.", environment: "none", err: "run `harness lock`",
			kind: gvk.GroupVersionKind{Group: "shop.vault.upbound.io", Version: "v1", Kind: "Bag"},
		},
		"Version": {
			reason: "The CRD has no such version.", err: "does not serve version v2",
			kind: gvk.GroupVersionKind{Group: "shop.vault.upbound.io", Version: "v2", Kind: "Box"},
		},
		"Secret":    {reason: "A core kind.", kind: gvk.GroupVersionKind{Version: "v1", Kind: "Secret"}, gate: Full, namespaced: true},
		"Foreign":   {reason: "Nobody's kind.", kind: gvk.GroupVersionKind{Group: "example.org", Version: "v1", Kind: "Box"}, err: "no schema is known"},
		"XR":        {reason: "Our composite.", flavour: xrd.Namespaced, kind: platform("Order"), gate: Full, namespaced: true},
		"LegacyXR":  {reason: "Our composite of the claims flavour.", flavour: xrd.Claims, kind: platform("XOrder"), gate: Full},
		"Claim":     {reason: "The claim has the name that the XR has in the other flavour.", flavour: xrd.Claims, kind: platform("Order"), gate: Full, namespaced: true},
		"OtherKind": {reason: "The claims flavour's XR does not exist in the other.", flavour: xrd.Namespaced, kind: platform("XOrder"), err: "no schema is known"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			root := repository(t)
			t.Setenv(Environment, tc.environment)
			var s schema.Schema
			var judge Judge
			set, err := Open(root, lockFacts{})
			if err == nil {
				s, judge, err = set.Lookup(tc.flavour, tc.kind)
			}
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Errorf("%s: error is %v, want one with %q", tc.reason, err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if judge.Gate != tc.gate || s.Namespaced() != tc.namespaced {
				t.Errorf("%s: gate %s, namespaced %v; want %s, %v", tc.reason, judge.Gate, s.Namespaced(), tc.gate, tc.namespaced)
			}
			if set.Schemas() != 1 {
				t.Errorf("%s: %d schemas counted, want 1", tc.reason, set.Schemas())
			}
		})
	}
}

// TestFindCached finds a kind a second time from the cache, and not once the file has changed.
func TestFindCached(t *testing.T) {
	root := repository(t)
	dir, cache := filepath.Join(root, "..", "shared", "crds", "vault"), filepath.Join(root, "cache")
	kind := gvk.GroupKind{Group: "shop.vault.upbound.io", Kind: "Box"}
	describe := func() string {
		t.Helper()
		crd, err := find(dir, cache, kind)
		if err != nil {
			t.Fatal(err)
		}
		return crd.Spec.Versions[0].Schema.OpenAPIV3Schema.Description
	}
	first := describe()
	if cached, _ := filepath.Glob(filepath.Join(cache, "*.json")); len(cached) != 1 {
		t.Fatalf("%d files in the cache, want 1", len(cached))
	}
	if again := describe(); again != first || first != "from the directory" {
		t.Errorf("from the cache: %q, from the file: %q", again, first)
	}
	writeFile(t, dir, "shop.vault.upbound.io_boxes.yaml", strings.Replace(boxCRD, "from the directory", "changed", 1))
	if got := describe(); got != "changed" {
		t.Errorf("a changed file still reads %q", got)
	}
	if _, err := find(dir, cache, gvk.GroupKind{Group: kind.Group, Kind: "Bag"}); !errors.Is(err, ErrNoKind) {
		t.Errorf("an unknown kind: %v", err)
	}
}

// TestPins holds the real pins against the tools that must be of the same version.
func TestPins(t *testing.T) {
	root, err := repo.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	providers, err := readPins(root)
	if err != nil {
		t.Fatal(err)
	}
	core, err := os.ReadFile(filepath.Join(root, "hack", "tools", "crossplane-core", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range providers {
		if p.Name == "crossplane" && !strings.Contains(string(core), p.Module+" "+p.Version) {
			t.Errorf("%s pins %s %s, hack/tools/crossplane-core another version", PinsFile, p.Module, p.Version)
		}
	}
	owners := map[string]string{
		"rds.aws.upbound.io": "aws", "rds.aws.m.upbound.io": "aws", "aws.upbound.io": "aws", "kubernetes.vault.m.upbound.io": "vault",
		"protection.crossplane.io": "crossplane", "kubernetes.m.crossplane.io": "kubernetes", "xaws.upbound.io": "",
	}
	for group, want := range owners {
		got := ""
		for _, p := range providers {
			if p.Owns(group) {
				got += p.Name
			}
		}
		if got != want {
			t.Errorf("group %s belongs to %q, want %q", group, got, want)
		}
	}
}

// What our packages install has a reason that somebody can check.
func TestFloorNeedsProof(t *testing.T) {
	t.Parallel()
	const head = "providers:\n- {name: vault, version: v4.0.1, groups: [vault.upbound.io]"
	cases := map[string]struct {
		rest string
		fits bool
	}{
		"NotInstalled":    {"}", true},
		"Proven":          {", floor: v4.0.2, proof: {law: a, run: b, differs: c}}", true},
		"FloorAlone":      {", floor: v4.0.2}", false},
		"ProofAlone":      {", proof: {law: a, run: b, differs: c}}", false},
		"NothingWasRun":   {", floor: v4.0.2, proof: {law: a, differs: c}}", false},
		"DiffersUnsaid":   {", floor: v4.0.2, proof: {law: a, run: b}}", false},
		"NobodyKnowsALaw": {", floor: v4.0.2, proof: {run: b, differs: c}}", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			writeFile(t, root, PinsFile, head+c.rest+"\n")
			_, err := readPins(root)
			if c.fits && err != nil || !c.fits && (err == nil || !strings.Contains(err.Error(), "a floor needs a proof with law, run and differs")) {
				t.Errorf("error %v, want one: %t", err, !c.fits)
			}
		})
	}
}

// TestDownloadSum refuses a module whose content is not the pinned one. It needs the module of core, which the tools are built of.
func TestDownloadSum(t *testing.T) {
	root, err := repo.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	all, err := readPins(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Name != "crossplane" {
			continue
		}
		if _, err := p.download(); err != nil {
			t.Fatalf("the pinned sum: %v", err)
		}
		p.Sum = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
		if _, err := p.download(); !errors.Is(err, errSum) {
			t.Errorf("another sum: error is %v, want a checksum mismatch", err)
		}
	}
}
