package encode

import (
	"errors"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/hack/gen/internal/output"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// generate runs the generator over one source text.
func generate(t *testing.T, src, importPath string) (string, error) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "src.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Package(fset, []*ast.File{file}, importPath)
	return string(out), err
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPackageGolden(t *testing.T) {
	src := readFile(t, "testdata/instance.go.src")
	got, err := generate(t, src, "example.org/rds")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/instance.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(readFile(t, golden), got); diff != "" {
		t.Errorf("generated code (-want +got):\n%s", diff)
	}
}

func TestPackageMethod(t *testing.T) {
	cases := []struct {
		reason string
		fields string
		want   string // the body of the method
	}{
		{"without omitempty the zero value is written", "A string `json:\"a\"`", `f.SetString("a", in.A)`},
		{"omitempty skips the empty string", "A string `json:\"a,omitempty\"`", "if in.A != \"\" {\n\t\tf.SetString(\"a\", in.A)\n\t}"},
		{"an integer becomes the number of the wire", "A int64 `json:\"a\"`", `f.SetNumber("a", float64(in.A))`},
		{"a float64 needs no conversion", "A float64 `json:\"a\"`", `f.SetNumber("a", in.A)`},
		{"false behind a pointer is written", "A *bool `json:\"a,omitempty\"`", "if in.A != nil {\n\t\tf.SetBool(\"a\", *in.A)\n\t}"},
		{"omitempty skips false", "A bool `json:\"a,omitempty\"`", "if in.A {\n\t\tf.SetBool(\"a\", in.A)\n\t}"},
		{"omitempty skips zero", "A int `json:\"a,omitempty\"`", "if in.A != 0 {\n\t\tf.SetNumber(\"a\", float64(in.A))\n\t}"},
		{"omitempty skips the empty list", "A []string `json:\"a,omitempty\"`", "if len(in.A) > 0 {\n\t\tf.SetStrings(\"a\", in.A)\n\t}"},
		{"a named string is converted", "A N `json:\"a\"`", `f.SetString("a", string(in.A))`},
		{"a pointer to a named string is converted", "A *N `json:\"a,omitempty\"`", "if in.A != nil {\n\t\tf.SetString(\"a\", string(*in.A))\n\t}"},
		{"one tag may serve no more than one name, so several names need json:\"-\"", "A, B string `json:\"-\"`\nC string `json:\"c\"`", `f.SetString("c", in.C)`},
	}
	for _, tc := range cases {
		t.Run(tc.reason, func(t *testing.T) {
			got, err := generate(t, "package p\n// +goldenpath:encode\ntype T struct {\n"+tc.fields+"\n}\ntype N string\n", "example.org/p")
			if err != nil {
				t.Fatal(err)
			}
			_, body, _ := strings.Cut(got, "fl managed.Flavour) {\n\t")
			body = strings.TrimSuffix(body, "\n}\n")
			if diff := cmp.Diff(tc.want, body); diff != "" {
				t.Errorf("method body (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPackageImports(t *testing.T) {
	const src = "package p\n// +goldenpath:encode\ntype T struct { A string `json:\"a\"` }\n"
	cases := []struct{ reason, importPath, want, not string }{
		{"another package names both", "example.org/p", "f object.Fields, fl managed.Flavour", ""},
		{"package managed does not import itself", managedPath, "f object.Fields, fl Flavour", `internal/managed"`},
	}
	for _, tc := range cases {
		t.Run(tc.reason, func(t *testing.T) {
			got, err := generate(t, src, tc.importPath)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got, tc.want) || (tc.not != "" && strings.Contains(got, tc.not)) {
				t.Errorf("want %q and not %q in:\n%s", tc.want, tc.not, got)
			}
		})
	}
}

func TestPackageRefuses(t *testing.T) {
	const marked = "package p\n// +goldenpath:encode\n"
	cases := []struct{ reason, src, want string }{
		{"an interface has no wire form", marked + "type T struct {\n A any `json:\"a\"`\n}", "src.go:4: T.A has type any, which cannot be encoded: " + supported},
		{"a map of anything but strings", marked + "type T struct {\n A map[string]int `json:\"a\"`\n}", "src.go:4: T.A has type map[string]int, which"},
		{"an array", marked + "type T struct {\n A [2]string `json:\"a\"`\n}", "src.go:4: T.A has type [2]string, which"},
		{"a slice of pointers", marked + "type T struct {\n A []*T `json:\"a\"`\n}", "src.go:4: T.A has type []*T, which"},
		{"a slice of named strings has no conversion", marked + "type T struct {\n A []N `json:\"a\"`\n}\ntype N string", "src.go:4: T.A has type []N, which"},
		{"a type of unsigned numbers", marked + "type T struct {\n A uint `json:\"a\"`\n}", "src.go:4: T.A has type uint, which"},
		{"a nested struct without the marker", marked + "type T struct {\n A U `json:\"a\"`\n}\ntype U struct{}",
			"src.go:4: T.A has the struct type U, which has no Encode method: put the line // +goldenpath:encode above type U"},
		{"the same in a list", marked + "type T struct {\n A []U `json:\"a\"`\n}\ntype U struct{}", "src.go:4: T.A has the struct type U, which has no"},
		{"a defined type does not inherit methods", marked + "type T struct {\n A U `json:\"a\"`\n}\ntype U T", "src.go:4: T.A has type U, which cannot"},
		{"a field without a tag", marked + "type T struct {\n A string\n}", `src.go:4: T.A has no json tag: write json:"name"`},
		{"a tag without a name", marked + "type T struct {\n A string `json:\",omitempty\"`\n}", "src.go:4: T.A has no json name"},
		{"an option that would change the wire form", marked + "type T struct {\n A int `json:\"a,string\"`\n}", `src.go:4: T.A has the json option "string"`},
		{"nil without omitempty", marked + "type T struct {\n A *string `json:\"a\"`\n}", "src.go:4: T.A is a pointer without omitempty"},
		{"a struct is never empty", marked + "type T struct {\n A T2 `json:\"a,omitempty\"`\n}\n// +goldenpath:encode\ntype T2 struct{}", "src.go:4: T.A is a struct with omitempty"},
		{"two fields of one key", marked + "type T struct {\n A string `json:\"a\"`\n B string `json:\"a\"`\n}", `src.go:5: fields A and B of T are both written as "a"`},
		{"a marker above a type that is no struct", marked + "type T string", "src.go:3: type T carries +goldenpath:encode but is not a struct"},
		{"a marker above a generic type", marked + "type T[P any] struct{}", "src.go:3: type T carries +goldenpath:encode but has type parameters"},
		{"a marker that an empty line cuts off", marked + "\ntype T struct{}", "src.go:2: the marker +goldenpath:encode is not in the comment of a struct type"},
		{"a field with the name of the method", marked + "type T struct {\n Encode string `json:\"a\"`\n}", "src.go:4: T.Encode has the name of a generated method"},
		{"a field with the name of the kind's method", marked + "// +goldenpath:kind service=a kind=b legacy=c namespaced=d\ntype T struct {\n Kind string `json:\"a\"`\n}",
			"src.go:5: T.Kind has the name of a generated method"},
		{"a kind line without all its keys", marked + "// +goldenpath:kind service=rds kind=Instance\ntype T struct{}",
			"src.go:3: +goldenpath:kind of type T has the keys [kind service]: write key=value for each of [kind legacy namespaced service]"},
		{"a kind line with a key too many", marked + "// +goldenpath:kind service=a kind=b legacy=c namespaced=d colour=e\ntype T struct{}",
			"src.go:3: +goldenpath:kind of type T has the keys [colour kind legacy namespaced service]"},
		{"a method that is there already", marked + "type T struct{}\nfunc (t *T) Encode() {}", "src.go:3: type T carries +goldenpath:encode but has an Encode method already"},
	}
	for _, tc := range cases {
		t.Run(tc.reason, func(t *testing.T) {
			_, err := generate(t, tc.src, "example.org/p")
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error:\n%v\nwant prefix:\n%s", err, tc.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("want one problem, got:\n%v", err)
			}
		})
	}
}

func TestPackageListsEveryProblem(t *testing.T) {
	_, err := generate(t, "package p\n// +goldenpath:encode\ntype T struct {\n A any `json:\"a\"`\n B any `json:\"b\"`\n}", "example.org/p")
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("want two lines, got:\n%v", err)
	}
}

// stubs stand for the packages that the generated code imports, so that the compiler's front end can judge it.
var stubs = map[string]string{
	objectPath: `package object
type Fields struct{}
func (Fields) SetString(key, v string) {}
func (Fields) SetNumber(key string, v float64) {}
func (Fields) SetBool(key string, v bool) {}
func (Fields) SetStrings(key string, v []string) {}
func (Fields) SetStringMap(key string, v map[string]string) {}
func (f Fields) Object(key string) Fields { return f }
func (f Fields) Objects(key string, n int) []Fields { return nil }`,
	managedPath: `package managed
import "` + objectPath + `"
type Flavour int
type Kind struct{ Service, Kind, Legacy, Namespaced string }
type SecretKeyRef struct{}
func (*SecretKeyRef) Encode(object.Fields, Flavour) {}
type Selector struct{}
func (*Selector) Encode(object.Fields, Flavour) {}`,
}

// stubImporter type-checks the stubs.
type stubImporter struct {
	fset *token.FileSet
	done map[string]*types.Package
}

func (i stubImporter) Import(path string) (*types.Package, error) {
	if p, ok := i.done[path]; ok {
		return p, nil
	}
	src, ok := stubs[path]
	if !ok {
		return nil, errors.New("no stub for " + path)
	}
	p, err := typeCheck(i, path, src)
	i.done[path] = p
	return p, err
}

func typeCheck(i stubImporter, path string, sources ...string) (*types.Package, error) {
	var files []*ast.File
	for _, src := range sources {
		f, err := parser.ParseFile(i.fset, path, src, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	config := types.Config{Importer: i}
	return config.Check(path, i.fset, files, nil)
}

func TestGeneratedCodeCompiles(t *testing.T) {
	src := readFile(t, "testdata/instance.go.src")
	out, err := generate(t, src, "example.org/rds")
	if err != nil {
		t.Fatal(err)
	}
	src = strings.Replace(src, "func (*Envelope) Encode(int, int) {}", "func (*Envelope) Encode(object.Fields, managed.Flavour) {}", 1)
	src = strings.Replace(src, "import ", "import \""+objectPath+"\"\nimport ", 1)
	i := stubImporter{fset: token.NewFileSet(), done: map[string]*types.Package{}}
	if _, err := typeCheck(i, "example.org/rds", src, out); err != nil {
		t.Errorf("the generated code does not compile: %v", err)
	}
}

func TestGenerateTree(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                   "module example.org/m\n",
		"a/a.go":                   "package a\n// +goldenpath:encode\ntype T struct{ A string `json:\"a\"` }\n",
		"a/a_test.go":              "package a\n// +goldenpath:encode\ntype OnlyInTests struct{ A any }\n",
		"a/" + FileName:            "package a // stale: func (*T) Encode() {}\nfunc (*T) Encode() {}\n",
		"b/b.go":                   "package b\ntype T struct{}\n",
		"c/c.go":                   "package c\ntype T struct{}\n",
		"c/" + FileName:            "package c\n",
		"a/testdata/x.go":          "package x\n// +goldenpath:encode\ntype T any\n",
		"nested/go.mod":            "module example.org/nested\n",
		"nested/n.go":              "package n\n// +goldenpath:encode\ntype T any\n",
		"functions/_output/bad.go": "not Go",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, err := Generate([]string{root + "/..."})
	if err != nil {
		t.Fatal(err)
	}
	want := []output.File{
		{Path: filepath.Join(root, "a", FileName), Content: []byte("(the method)")},
		{Path: filepath.Join(root, "c", FileName)}, // Nothing marked any more: to be removed.
	}
	for i := range files {
		if strings.Contains(string(files[i].Content), `f.SetString("a", in.A)`) {
			files[i].Content = []byte("(the method)")
		}
	}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestImportPathOf(t *testing.T) {
	got, err := importPathOf(".")
	if err != nil {
		t.Fatal(err)
	}
	if want := "github.com/goldenpath-dev/goldenpath/hack/gen/internal/encode"; got != want {
		t.Errorf("importPathOf(.) = %q, want %q", got, want)
	}
}
