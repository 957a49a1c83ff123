package object

import (
	"google.golang.org/protobuf/types/known/structpb"
)

// Fields is a handle onto a JSON object that is being built. It is small: pass it by value.
type Fields struct {
	s *structpb.Struct
}

// NewFields starts an empty object.
func NewFields() Fields {
	return Fields{s: &structpb.Struct{Fields: map[string]*structpb.Value{}}}
}

// EditFields continues to build an object that exists. What is written shows in the object.
func EditFields(o Object) Fields {
	if o.s.Fields == nil {
		o.s.Fields = map[string]*structpb.Value{}
	}
	return Fields(o)
}

// Done returns what was built.
func (f Fields) Done() Object { return Object(f) }

// IsZero says that nothing was started: the zero Fields, not an empty object.
func (f Fields) IsZero() bool { return f.s == nil }

// SetString writes a string.
func (f Fields) SetString(key, v string) { f.s.Fields[key] = newString(v) }

// SetStringIf writes a string unless it is empty: an empty string is intent in a server-side apply.
func (f Fields) SetStringIf(key, v string) {
	if v != "" {
		f.SetString(key, v)
	}
}

// SetNumber writes a number.
func (f Fields) SetNumber(key string, v float64) { f.s.Fields[key] = structpb.NewNumberValue(v) }

// SetBool writes a boolean.
func (f Fields) SetBool(key string, v bool) { f.s.Fields[key] = structpb.NewBoolValue(v) }

// SetStrings writes a list of strings.
func (f Fields) SetStrings(key string, v []string) {
	values := make([]*structpb.Value, 0, len(v))
	for _, s := range v {
		values = append(values, newString(s))
	}
	f.s.Fields[key] = structpb.NewListValue(&structpb.ListValue{Values: values})
}

// SetStringMap writes a map of strings.
func (f Fields) SetStringMap(key string, v map[string]string) {
	value, inner := newStruct(len(v))
	for k, s := range v {
		inner.Fields[k] = newString(s)
	}
	f.s.Fields[key] = value
}

// SetObject writes an object that exists already. It is shared, not copied.
func (f Fields) SetObject(key string, o Object) { f.s.Fields[key] = structpb.NewStructValue(o.s) }

// Object adds an object, or continues one that is there already.
func (f Fields) Object(key string) Fields {
	if s := f.s.Fields[key].GetStructValue(); s != nil {
		return EditFields(Object{s: s})
	}
	value, child := newStruct(0)
	f.s.Fields[key] = value
	return Fields{s: child}
}

// Objects adds a list of n objects and returns a handle to each.
func (f Fields) Objects(key string, n int) []Fields {
	handles := make([]Fields, 0, n)
	values := make([]*structpb.Value, 0, n)
	for range n {
		value, child := newStruct(0)
		handles = append(handles, Fields{s: child})
		values = append(values, value)
	}
	f.s.Fields[key] = structpb.NewListValue(&structpb.ListValue{Values: values})
	return handles
}

// Merge writes the fields of another object over what is there, one level deep. Their values are shared.
func (f Fields) Merge(o Object) {
	for k, v := range o.s.GetFields() {
		f.s.Fields[k] = v
	}
}

// Without is the object less some fields. Values are shared.
func Without(o Object, keys ...string) Object {
	f := NewFields()
	f.Merge(o)
	for _, key := range keys {
		delete(f.s.Fields, key)
	}
	return f.Done()
}

// WithStrings is the object with some strings written over the map at a path. The levels of the path are copied, everything
// else is shared.
func WithStrings(o Object, values map[string]string, path ...string) Object {
	f := NewFields()
	f.Merge(o)
	if len(path) == 0 {
		for k, v := range values {
			f.SetString(k, v)
		}
		return f.Done()
	}
	f.SetObject(path[0], WithStrings(o.At(path[0]), values, path[1:]...))
	return f.Done()
}
