package activation

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/facts"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// TestRepository holds the committed policies against the markers, the goldens and the functions.
func TestRepository(t *testing.T) {
	root, err := repo.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	found, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Structs) == 0 || len(found.Golden) == 0 {
		t.Fatalf("%d marked structs and %d documents of golden output: nothing is checked", len(found.Structs), len(found.Golden))
	}
	for _, problem := range found.Check() {
		t.Error(problem)
	}
}

const boxDir = facts.StructsDir + "/shop"

func composes(t *testing.T, resources ...string) []repo.Document {
	t.Helper()
	var docs []repo.Document
	for _, r := range resources {
		apiVersion, kind, _ := strings.Cut(r, " ")
		one, err := repo.Parse("examples/a/b/golden.yaml", []byte("{apiVersion: "+apiVersion+", kind: "+kind+"}"))
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, one...)
	}
	return docs
}

// project has two kinds, policies that fit, an example of each kind and a function that uses both.
func project(t *testing.T) Facts {
	t.Helper()
	box := facts.Kind{Service: "shop.aws", Kind: "Box", Legacy: "v1beta2", Namespaced: "v1beta1"}
	bag := facts.Kind{Service: "shop.aws", Kind: "Bag", Legacy: "v1beta1", Namespaced: "v1beta1"}
	f := Facts{
		Structs: []facts.Struct{
			{Kind: bag, Dir: boxDir, Name: "Bag", At: "shop.go:1"}, {Kind: box, Dir: boxDir, Name: "Carton", At: "shop.go:9"},
		},
		Lock: facts.Lock{Kinds: []facts.LockedKind{
			{Service: "shop.aws", Kind: "Bag", Plural: "bags"}, {Service: "shop.aws", Kind: "Box", Plural: "boxes"},
		}},
		Policies: map[xrd.Flavour][]byte{},
		Golden: composes(t, "shop.aws.m.upbound.io/v1beta1 Box", "shop.aws.upbound.io/v1beta1 Bag", "v1 Secret",
			"aws.m.upbound.io/v1beta1 ProviderConfig"),
		Used: map[string]bool{boxDir + ".Bag": true, boxDir + ".Carton": true},
	}
	for _, flavour := range xrd.Flavours() {
		resources, err := Resources(f.Structs, f.Lock, flavour)
		if err != nil {
			t.Fatal(err)
		}
		f.Policies[flavour] = Encode(flavour, resources)
	}
	return f
}

func TestCheck(t *testing.T) {
	edit := func(flavour xrd.Flavour, old, with string) func(*Facts) {
		return func(f *Facts) {
			f.Policies[flavour] = []byte(strings.ReplaceAll(string(f.Policies[flavour]), old, with))
		}
	}
	stale := "package/goldenpath/activation-policy.yaml does not match the markers, run `make generate`"
	cases := map[string]struct {
		change func(*Facts)
		want   []string
	}{
		"everything fits": {func(*Facts) {}, nil},
		"the policy lacks a kind that an example composes": {
			edit(xrd.Namespaced, "  - boxes.shop.aws.m.upbound.io\n", ""),
			[]string{stale, "composes boxes.shop.aws.m.upbound.io, which package/goldenpath/activation-policy.yaml does not activate: run `make generate`"},
		},
		"the policy lists a kind that nobody marked": {
			edit(xrd.Namespaced, "activate:\n", "activate:\n  - carts.shop.aws.m.upbound.io\n"), []string{stale},
		},
		"a pattern in place of names": {
			edit(xrd.Namespaced, "bags.shop.aws.m.upbound.io", `"*.shop.aws.m.upbound.io"`), []string{stale},
		},
		"a kind of the other flavour": {
			edit(xrd.Claims, ".aws.upbound.io", ".aws.m.upbound.io"),
			[]string{
				"package/goldenpath-claims/activation-policy.yaml does not match the markers",
				"composes bags.shop.aws.upbound.io, which package/goldenpath-claims/activation-policy.yaml does not activate",
			},
		},
		"a policy that is no YAML": {
			edit(xrd.Namespaced, "activate:", "activate: ["), []string{stale, "package/goldenpath/activation-policy.yaml: document 1: "},
		},
		"an example composes a kind that no struct is for": {
			func(f *Facts) { f.Golden = append(f.Golden, composes(t, "shop.aws.m.upbound.io/v1beta1 Cart")...) },
			[]string{"examples/a/b/golden.yaml composes shop.aws Cart, which has no struct with a +goldenpath:kind marker"},
		},
		"no example composes a kind": {
			func(f *Facts) { f.Golden = f.Golden[1:] },
			[]string{"shop.go:9: no example composes shop.aws Box: add one and run `harness render --update`"},
		},
		"no function uses a struct": {
			func(f *Facts) { delete(f.Used, boxDir+".Carton") }, []string{"shop.go:9: no function uses shop.Carton: compose it, or remove"},
		},
		"a struct of the same name in another package is used": {
			func(f *Facts) {
				f.Used = map[string]bool{boxDir + ".Bag": true, facts.StructsDir + "/other.Carton": true}
			},
			[]string{"shop.go:9: no function uses shop.Carton"},
		},
		"the lock does not know the plural": {
			func(f *Facts) { f.Lock.Kinds[1].Plural = "" },
			[]string{"shop.go:9: hack/schemas/lock.yaml does not say what the plural of shop.aws Box is: run `harness lock`"},
		},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			f := project(t)
			tc.change(&f)
			got := f.Check()
			if len(got) != len(tc.want) {
				t.Fatalf("%d problems, want %d:\n%s", len(got), len(tc.want), strings.Join(got, "\n"))
			}
			for i, want := range tc.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("problem %d is\n%s\nwant\n%s", i, got[i], want)
				}
			}
		})
	}
}

func TestEncode(t *testing.T) {
	got, err := activated("x", Encode(xrd.Claims, []string{"bags.shop.aws.upbound.io", "boxes.shop.aws.upbound.io"}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"bags.shop.aws.upbound.io", "boxes.shop.aws.upbound.io"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestUsed(t *testing.T) {
	file := func(imports, body string) string {
		return fmt.Sprintf("package cart\n\nimport (\n%s\n)\n\nvar _ = %s\n", imports, body)
	}
	shop, other := `"`+modulePath+boxDir+`"`, `"example.org/shop"`
	cases := map[string]struct {
		file, text string
		want       map[string]bool
	}{
		"a composite literal": {"functions/cart/fn.go", file(shop, "&shop.Box{}"), map[string]bool{boxDir + ".Box": true}},
		"a type argument": {
			"functions/cart/fn.go", file(shop, "make([]Resource[*shop.Box], 0)"), map[string]bool{boxDir + ".Box": true},
		},
		"the package under another name": {
			"functions/cart/fn.go", file("store "+shop, "store.Box{}"), map[string]bool{boxDir + ".Box": true},
		},
		"a package of the same name from elsewhere": {"functions/cart/fn.go", file(other, "shop.Box{}"), map[string]bool{}},
		"only a test uses it":                       {"functions/cart/fn_test.go", file(shop, "shop.Box{}"), map[string]bool{}},
		"only internal code uses it":                {"functions/internal/simulator/fn.go", file(shop, "shop.Box{}"), map[string]bool{}},
		"only a comment names it":                   {"functions/cart/fn.go", file("_ "+shop, "0 // shop.Box"), map[string]bool{}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			root := t.TempDir()
			name := filepath.Join(root, filepath.FromSlash(tc.file))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := Used(root)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
