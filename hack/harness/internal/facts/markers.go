// Package facts reads which kinds our parameter structs are for and which fields they use, compares them with the CRDs of both
// flavours, and keeps what matters of those CRDs in a lock: the project's own memory where the CRDs are not at hand.
package facts

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// StructsDir holds the parameter structs, one package for each API group.
const StructsDir = "functions/internal/managed"

// marker starts the comment line that says which kind a struct is the forProvider of.
const marker = "+goldenpath:kind "

// observedMarker is the comment line that says that a kind is only observed, so that what a creation needs is not needed.
const observedMarker = "+goldenpath:observed"

// Kind is one kind of managed resource in both flavours.
type Kind struct {
	// Service is the API group without the flavour's suffix.
	Service, Kind string
	// Legacy and Namespaced are the versions.
	Legacy, Namespaced string
}

// GVK of the kind in a flavour.
func (k Kind) GVK(flavour xrd.Flavour) schema.GroupVersionKind {
	domain := "upbound.io"
	if !k.upjet() {
		domain = "crossplane.io"
	}
	if flavour == xrd.Claims {
		return schema.GroupVersionKind{Group: k.Service + "." + domain, Version: k.Legacy, Kind: k.Kind}
	}
	return schema.GroupVersionKind{Group: k.Service + ".m." + domain, Version: k.Namespaced, Kind: k.Kind}
}

// upjet says that a provider is generated, with one envelope for all of its kinds. Crossplane's own are written by hand: their service is
// one word.
func (k Kind) upjet() bool { return strings.Contains(k.Service, ".") }

// Struct is a parameter struct and the kind that it is for.
type Struct struct {
	Kind Kind
	// Observed says that nothing is ever created from it.
	Observed bool
	// Dir is the package's directory, relative to the repository, and Name the type's name in it.
	Dir, Name string
	// At is file:line, relative to the repository.
	At string
	// Fields that the struct writes, nested ones included.
	Fields []GoField
}

// GoField is a field of a struct.
type GoField struct {
	// Path below spec.forProvider: a.b, a[].b for items of a list, a{} for values of a map.
	Path string
	// Types of the schema that the Go type can be encoded as.
	Types []string
	At    string
}

// Structs reads every marked struct below the directory of parameter structs, sorted by kind.
func Structs(root string) ([]Struct, error) {
	var dirs []string
	err := filepath.WalkDir(filepath.Join(root, StructsDir), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			dirs = append(dirs, path)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var all []Struct
	for _, dir := range dirs {
		found, err := readPackage(root, dir)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	sort.Slice(all, func(i, j int) bool { return less(all[i].Kind, all[j].Kind) })
	for i := 1; i < len(all); i++ {
		if all[i].Kind.Service == all[i-1].Kind.Service && all[i].Kind.Kind == all[i-1].Kind.Kind {
			return nil, fmt.Errorf("%s and %s are both for %s %s: keep one", all[i-1].At, all[i].At, all[i].Kind.Service, all[i].Kind.Kind)
		}
	}
	return all, nil
}

func less(a, b Kind) bool {
	if a.Service != b.Service {
		return a.Service < b.Service
	}
	return a.Kind < b.Kind
}

func readPackage(root, dir string) ([]Struct, error) {
	fset := token.NewFileSet()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	p := &goPackage{root: root, fset: fset, types: map[string]*ast.TypeSpec{}}
	docs := map[string]*ast.CommentGroup{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		p.collect(file, docs)
	}
	var found []Struct
	for name, doc := range docs {
		kind, ok, err := parseMarker(doc)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.at(doc.Pos()), err)
		}
		if !ok {
			continue
		}
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			return nil, err
		}
		s := Struct{
			Kind: kind, Observed: strings.Contains(doc.Text(), observedMarker),
			Dir: filepath.ToSlash(rel), Name: name, At: p.at(p.types[name].Pos()),
		}
		if s.Fields, err = p.fields(name, ""); err != nil {
			return nil, err
		}
		found = append(found, s)
	}
	return found, nil
}

// parseMarker reads the kind out of a comment; false when the comment has no marker.
func parseMarker(doc *ast.CommentGroup) (Kind, bool, error) {
	for _, c := range doc.List {
		text, ok := strings.CutPrefix(strings.TrimSpace(strings.TrimPrefix(c.Text, "//")), marker)
		if !ok {
			continue
		}
		var k Kind
		keys := map[string]*string{"service": &k.Service, "kind": &k.Kind, "legacy": &k.Legacy, "namespaced": &k.Namespaced}
		for _, word := range strings.Fields(text) {
			key, value, _ := strings.Cut(word, "=")
			to, known := keys[key]
			if !known || value == "" {
				return k, false, fmt.Errorf("%s%s: do not understand %q: write service=, kind=, legacy= and namespaced=", marker, text, word)
			}
			*to = value
		}
		for key, value := range keys {
			if *value == "" {
				return k, false, fmt.Errorf("%s%s: %s= is missing", marker, text, key)
			}
		}
		return k, true, nil
	}
	return Kind{}, false, nil
}
