package encode

import (
	"go/ast"
	"go/types"
	"reflect"
	"strconv"
	"strings"
)

// supported ends the message about a type that cannot be encoded.
const supported = "supported are string, bool, int, int32, int64, float64, named types of these and pointers to all of them, " +
	"[]string, map[string]string, named types of these, structs with an Encode method, pointers to and slices of such structs"

// shape is the way in which a field is written.
type shape int

const (
	unsupported shape = iota
	scalar            // string, bool or number
	stringList
	stringMap
	nested     // a struct
	nestedList // a slice of structs
	inlined    // an embedded struct whose fields belong to the outer object
)

// structType is a struct to write a method for.
type structType struct {
	kind   kind // empty for a struct that is only part of another one
	name   string
	fields []field
}

// field is one field to write.
type field struct {
	name      string // in Go
	key       string // on the wire
	shape     shape
	kind      string // of a scalar: string, bool, int, float64 ...
	converted bool   // the scalar is not of the type that the builder takes
	pointer   bool
	omitEmpty bool
}

// structType reads the fields of a marked struct.
func (p *pkg) structType(t *ast.TypeSpec) structType {
	s := structType{name: t.Name.Name}
	if p.byHand[s.name] {
		p.refuse(t.Pos(), "type %s carries %s but has an Encode method already: remove one of the two", s.name, marker)
		return s
	}
	keys := map[string]string{}
	for _, f := range t.Type.(*ast.StructType).Fields.List { //nolint:forcetypeassert // collectType lets only structs pass.
		for _, name := range fieldNames(f) {
			out, ok := p.field(s.name+"."+name, f)
			if !ok {
				continue
			}
			out.name = name
			if name == "Encode" || (name == "Kind" && p.kinds[s.name] != nil) {
				p.refuse(f.Pos(), "%s.%s has the name of a generated method: rename the field, the json name may stay", s.name, name)
				continue
			}
			if other, taken := keys[out.key]; taken && out.shape != inlined {
				p.refuse(f.Pos(), "fields %s and %s of %s are both written as %q: give one of them another json name", other, name, s.name, out.key)
				continue
			}
			keys[out.key] = name
			s.fields = append(s.fields, out)
		}
	}
	return s
}

// fieldNames returns the exported names that a field declares; for an embedded field that of its type.
func fieldNames(f *ast.Field) []string {
	var names []string
	for _, id := range f.Names {
		if id.IsExported() {
			names = append(names, id.Name)
		}
	}
	if len(f.Names) > 0 {
		return names
	}
	t := f.Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	switch t := t.(type) {
	case *ast.Ident:
		return []string{t.Name}
	case *ast.SelectorExpr:
		return []string{t.Sel.Name}
	}
	return []string{types.ExprString(t)}
}

// field reads tag and type of one field; false when there is nothing to write, or a problem was noted.
func (p *pkg) field(label string, f *ast.Field) (field, bool) {
	out, ok := p.tag(label, f)
	if !ok {
		return out, false
	}
	t := f.Type
	if star, isPointer := t.(*ast.StarExpr); isPointer {
		out.pointer, t = true, star.X
	}
	if problems := len(p.problems); !p.classify(label, t, &out) {
		if len(p.problems) == problems {
			p.refuse(f.Pos(), "%s has type %s, which cannot be encoded: %s", label, types.ExprString(f.Type), supported)
		}
		return out, false
	}
	if out.key == "" {
		if len(f.Names) > 0 || out.shape != nested {
			p.refuse(f.Pos(), `%s has no json name: write json:"name" (or json:"-" to leave it out)`, label)
			return out, false
		}
		out.shape = inlined
		return out, true
	}
	if out.pointer && !out.omitEmpty {
		p.refuse(f.Pos(), "%s is a pointer without omitempty, and nil has no wire form but null: add omitempty, or make it a plain %s",
			label, types.ExprString(t))
		return out, false
	}
	if out.shape == nested && out.omitEmpty && !out.pointer {
		p.refuse(f.Pos(), "%s is a struct with omitempty, which would never be omitted: make it a pointer, or remove omitempty", label)
		return out, false
	}
	return out, true
}

// tag reads the json tag; false when the field is left out, or a problem was noted.
func (p *pkg) tag(label string, f *ast.Field) (field, bool) {
	var out field
	if f.Tag == nil {
		if len(f.Names) == 0 {
			return out, true
		}
		p.refuse(f.Pos(), `%s has no json tag: write json:"name" (or json:"-" to leave it out)`, label)
		return out, false
	}
	text, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		p.refuse(f.Pos(), "%s has a tag that Go cannot read: %v", label, err)
		return out, false
	}
	value := reflect.StructTag(text).Get("json")
	if value == "-" {
		return out, false
	}
	name, options, _ := strings.Cut(value, ",")
	out.key = name
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "", "inline":
		case "omitempty":
			out.omitEmpty = true
		default:
			p.refuse(f.Pos(), "%s has the json option %q, which encodegen does not know: use omitempty or none", label, option)
			return out, false
		}
	}
	return out, true
}

// classify decides how a type is written. It returns false for a type that cannot be; where it knows more than that, it
// notes the problem itself.
func (p *pkg) classify(label string, t ast.Expr, out *field) bool {
	switch t := t.(type) {
	case *ast.Ident:
		return p.classifyName(label, t, out)
	case *ast.SelectorExpr:
		// A struct of another package: the compiler says so if it has no Encode method.
		out.shape = nested
		return true
	case *ast.ArrayType:
		return t.Len == nil && !out.pointer && p.classifyList(label, t, out)
	case *ast.MapType:
		out.shape = stringMap
		return !out.pointer && isString(t.Key) && isString(t.Value)
	}
	return false
}

// classifyList decides on slices: of strings, or of structs.
func (p *pkg) classifyList(label string, t *ast.ArrayType, out *field) bool {
	if isString(t.Elt) {
		out.shape = stringList
		return true
	}
	var element field
	if !p.classify(label, t.Elt, &element) || element.shape != nested {
		return false
	}
	out.shape = nestedList
	return true
}

// classifyName decides on built-in types and types of the same package, through as many names as there are.
func (p *pkg) classifyName(label string, id *ast.Ident, out *field) bool {
	spec, declared := p.types[id.Name]
	if !declared {
		switch id.Name {
		case "string", "bool", "float64":
			out.shape, out.kind = scalar, id.Name
			return true
		case "int", "int32", "int64":
			out.shape, out.kind, out.converted = scalar, "float64", true
			return true
		}
		return false
	}
	switch underlying := spec.Type.(type) {
	case *ast.StructType:
		out.shape = nested
		if p.byHand[id.Name] || p.isMarked(spec) {
			return true
		}
		p.refuse(id.Pos(), "%s has the struct type %s, which has no Encode method: put the line // %s above type %s",
			label, id.Name, marker, id.Name)
		return false
	case *ast.Ident:
		ok := p.classifyName(label, underlying, out)
		out.converted = true
		// "type A B" does not inherit the methods of B; an alias "type A = B" does.
		return ok && (out.shape != nested || spec.Assign.IsValid() || p.byHand[id.Name])
	case *ast.MapType, *ast.ArrayType:
		return p.classify(label, underlying, out)
	}
	return false
}

// isMarked says that a method will be written for the type, whatever the order of the files.
func (p *pkg) isMarked(spec *ast.TypeSpec) bool {
	for _, name := range p.marked {
		if name == spec.Name.Name {
			return true
		}
	}
	return false
}

// isString says that the type is string itself, not a named one: []Name and map[string]Name have no conversion.
func isString(t ast.Expr) bool {
	id, ok := t.(*ast.Ident)
	return ok && id.Name == "string"
}
