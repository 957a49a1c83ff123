package facts

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// Schema types, by the words of the lock. map and secretKeyRef are objects in a CRD.
const (
	typeString    = "string"
	typeBoolean   = "boolean"
	typeInteger   = "integer"
	typeNumber    = "number"
	typeArray     = "array"
	typeObject    = "object"
	typeMap       = "map"
	typeSecretRef = "secretKeyRef"
)

// goPackage is the syntax of one package.
type goPackage struct {
	root  string
	fset  *token.FileSet
	types map[string]*ast.TypeSpec
}

// collect notes the types of a file and their comments.
func (p *goPackage) collect(file *ast.File, docs map[string]*ast.CommentGroup) {
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range d.Specs {
			t, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			p.types[t.Name.Name] = t
			doc := t.Doc
			if doc == nil {
				doc = d.Doc
			}
			if doc != nil {
				docs[t.Name.Name] = doc
			}
		}
	}
}

// at is the place of a node, relative to the repository.
func (p *goPackage) at(pos token.Pos) string {
	place := p.fset.Position(pos)
	file := place.Filename
	if rel, err := filepath.Rel(p.root, file); err == nil {
		file = rel
	}
	return fmt.Sprintf("%s:%d", file, place.Line)
}

// fields lists what a struct writes.
func (p *goPackage) fields(name, prefix string) ([]GoField, error) {
	t := p.types[name]
	s, ok := t.Type.(*ast.StructType)
	if !ok {
		return nil, fmt.Errorf("%s: %s is not a struct", p.at(t.Pos()), name)
	}
	var all []GoField
	for _, f := range s.Fields.List {
		key, err := p.key(f)
		if err != nil {
			return nil, err
		}
		var found []GoField
		switch key {
		case "-":
			continue
		case "": // An embedded struct: its fields are the outer object's.
			found, err = p.embedded(f, prefix)
		default:
			found, err = p.field(f.Type, join(prefix, key), p.at(f.Pos()))
		}
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func join(prefix, key string) string {
	if prefix == "" {
		return key
	}
	return prefix + "." + key
}

// key is the JSON name of a field: "-" for none, empty for an embedded struct.
func (p *goPackage) key(f *ast.Field) (string, error) {
	tag := ""
	if f.Tag != nil {
		text, err := strconv.Unquote(f.Tag.Value)
		if err != nil {
			return "", fmt.Errorf("%s: tag: %w", p.at(f.Pos()), err)
		}
		tag, _, _ = strings.Cut(reflect.StructTag(text).Get("json"), ",")
	}
	if tag == "" && len(f.Names) > 0 {
		return "", fmt.Errorf(`%s: %s has no json name: write json:"name"`, p.at(f.Pos()), f.Names[0].Name)
	}
	return tag, nil
}

func (p *goPackage) embedded(f *ast.Field, prefix string) ([]GoField, error) {
	t := f.Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok && p.types[id.Name] != nil {
		return p.fields(id.Name, prefix)
	}
	return nil, fmt.Errorf("%s: cannot embed %s: embed a struct of the same package", p.at(f.Pos()), types.ExprString(f.Type))
}

// field lists a field and what is below it.
func (p *goPackage) field(t ast.Expr, path, at string) ([]GoField, error) {
	one := func(types ...string) []GoField { return []GoField{{Path: path, Types: types, At: at}} }
	with := func(self []GoField, below []GoField, err error) ([]GoField, error) {
		return append(self, below...), err
	}
	switch t := t.(type) {
	case *ast.StarExpr:
		return p.field(t.X, path, at)
	case *ast.ArrayType:
		below, err := p.field(t.Elt, path+"[]", at)
		return with(one(typeArray), below, err)
	case *ast.MapType:
		below, err := p.field(t.Value, path+"{}", at)
		return with(one(typeMap), below, err)
	case *ast.SelectorExpr:
		if types.ExprString(t) == "managed.SecretKeyRef" {
			return one(typeSecretRef), nil
		}
	case *ast.Ident:
		switch t.Name {
		case "string":
			return one(typeString), nil
		case "bool":
			return one(typeBoolean), nil
		case "int", "int32", "int64":
			return one(typeInteger, typeNumber), nil
		case "float64":
			return one(typeNumber), nil
		}
		own := p.types[t.Name]
		if own == nil {
			break
		}
		if _, ok := own.Type.(*ast.StructType); ok {
			below, err := p.fields(t.Name, path)
			return with(one(typeObject), below, err)
		}
		return p.field(own.Type, path, at)
	}
	return nil, fmt.Errorf("%s: %s has type %s, which the lock does not understand", at, path, types.ExprString(t))
}
