package encode

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// marker is the comment line that asks for a method.
const marker = "+goldenpath:encode"

// pkg is what the generator knows of one package.
type pkg struct {
	fset     *token.FileSet
	types    map[string]*ast.TypeSpec // every type declared in the package
	marked   []string                 // the structs to write a method for, in source order
	byHand   map[string]bool          // types with an Encode method of their own
	kinds    map[string]kind          // the managed resource that a marked struct belongs to
	problems []error
}

// Package returns the generated file of a package, formatted, or nil when no struct is marked. The error lists every
// problem, one line each, starting with file:line.
func Package(fset *token.FileSet, files []*ast.File, importPath string) ([]byte, error) {
	p := &pkg{fset: fset, types: map[string]*ast.TypeSpec{}, byHand: map[string]bool{}, kinds: map[string]kind{}}
	for _, f := range files {
		p.collect(f)
	}
	structs := make([]structType, 0, len(p.marked))
	for _, name := range p.marked {
		s := p.structType(p.types[name])
		s.kind = p.kinds[name]
		structs = append(structs, s)
	}
	if len(p.problems) > 0 {
		return nil, errors.Join(p.problems...)
	}
	if len(structs) == 0 {
		return nil, nil
	}
	return render(files[0].Name.Name, importPath, structs)
}

// refuse notes a problem with its place.
func (p *pkg) refuse(at token.Pos, format string, args ...any) {
	pos := p.fset.Position(at)
	p.problems = append(p.problems, fmt.Errorf("%s:%d: %s", pos.Filename, pos.Line, fmt.Sprintf(format, args...)))
}

// collect notes the types, markers and hand-written Encode methods of a file.
func (p *pkg) collect(file *ast.File) {
	used := map[*ast.CommentGroup]bool{}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if name := receiver(d); d.Name.Name == "Encode" && name != "" {
				p.byHand[name] = true
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok {
					p.collectType(d, t, used)
				}
			}
		}
	}
	for _, group := range file.Comments {
		if !used[group] && hasMarker(group) {
			p.refuse(group.Pos(), "the marker %s is not in the comment of a struct type: "+
				"put it directly above the type, without an empty line between them", marker)
		}
	}
}

// collectType notes one type and, when it is marked, checks that a method can be written for it.
func (p *pkg) collectType(d *ast.GenDecl, t *ast.TypeSpec, used map[*ast.CommentGroup]bool) {
	p.types[t.Name.Name] = t
	doc := t.Doc
	if doc == nil && !d.Lparen.IsValid() {
		doc = d.Doc
	}
	if !hasMarker(doc) {
		return
	}
	used[doc] = true
	switch _, isStruct := t.Type.(*ast.StructType); {
	case !isStruct || t.Assign.IsValid():
		p.refuse(t.Pos(), "type %s carries %s but is not a struct: remove the marker", t.Name.Name, marker)
	case t.TypeParams != nil:
		p.refuse(t.Pos(), "type %s carries %s but has type parameters: write its Encode method by hand", t.Name.Name, marker)
	default:
		p.marked = append(p.marked, t.Name.Name)
		p.collectKind(doc, t)
	}
}

// hasMarker looks for the marker as a comment line of its own.
func hasMarker(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	return slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		return strings.TrimSpace(strings.TrimPrefix(c.Text, "//")) == marker
	})
}

// receiver returns the name of the type that a method belongs to; empty for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) != 1 {
		return ""
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if index, ok := t.(*ast.IndexExpr); ok {
		t = index.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}
