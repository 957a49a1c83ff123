package encode

import (
	"bytes"
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
)

// kindMarker is the start of the comment line that says which managed resource a struct is spec.forProvider of.
const kindMarker = "+goldenpath:kind "

// kindKeys are the keys of the line, and the fields of managed.Kind that they become.
func kindKeys() map[string]string {
	return map[string]string{"service": "Service", "kind": "Kind", "legacy": "Legacy", "namespaced": "Namespaced"}
}

// kind is the parsed line; empty for a struct that is only part of another one.
type kind map[string]string

// collectKind reads the kind line of a marked struct.
func (p *pkg) collectKind(doc *ast.CommentGroup, t *ast.TypeSpec) {
	for _, c := range doc.List {
		line, ok := strings.CutPrefix(strings.TrimSpace(strings.TrimPrefix(c.Text, "//")), kindMarker)
		if !ok {
			continue
		}
		k := kind{}
		for word := range strings.FieldsSeq(line) {
			key, value, _ := strings.Cut(word, "=")
			k[key] = value
		}
		if want, got := slices.Sorted(maps.Keys(kindKeys())), slices.Sorted(maps.Keys(k)); !slices.Equal(want, got) {
			p.refuse(c.Pos(), "%s of type %s has the keys %v: write key=value for each of %v", strings.TrimSpace(kindMarker), t.Name.Name, got, want)
			continue
		}
		p.kinds[t.Name.Name] = k
	}
}

// render writes the Kind method of a struct.
func (k kind) render(b *bytes.Buffer, structName, importPath string) {
	if len(k) == 0 {
		return
	}
	typeName := "Kind"
	if importPath != managedPath {
		typeName = path.Base(managedPath) + ".Kind"
	}
	fmt.Fprintf(b, "\n// Kind of the managed resource that %s is spec.forProvider of.\n", structName)
	fmt.Fprintf(b, "func (in *%s) Kind() %s {\nreturn %s{", structName, typeName, typeName)
	for i, key := range []string{"service", "kind", "legacy", "namespaced"} {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(b, "%s: %q", kindKeys()[key], k[key])
	}
	b.WriteString("}\n}\n")
}
