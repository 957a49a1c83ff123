// Package object reads and builds Kubernetes objects in the form in which they cross the wire. Reading takes the one
// field that is asked for; building writes straight into what is sent. Neither converts whole objects.
package object

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"google.golang.org/protobuf/types/known/structpb"
	kjson "sigs.k8s.io/json"
)

// Object is a read-only view of one JSON object. The zero Object is empty: every getter answers its zero value.
type Object struct {
	s *structpb.Struct
}

// Of views a wire struct.
func Of(s *structpb.Struct) Object { return Object{s: s} }

// Struct returns the wire form; nil for the zero Object.
func (o Object) Struct() *structpb.Struct { return o.s }

// IsZero says that there is no object at all.
func (o Object) IsZero() bool { return o.s == nil }

// Len returns the number of fields.
func (o Object) Len() int { return len(o.s.GetFields()) }

// Keys of the fields, in no order.
func (o Object) Keys() []string { return slices.Collect(maps.Keys(o.s.GetFields())) }

func (o Object) value(path []string) *structpb.Value {
	s := o.s
	for i, key := range path {
		v, ok := s.GetFields()[key]
		if !ok {
			return nil
		}
		if i == len(path)-1 {
			return v
		}
		s = v.GetStructValue()
	}
	return nil
}

// Has says that a field is there and not null.
func (o Object) Has(path ...string) bool {
	v := o.value(path)
	if v == nil {
		return false
	}
	_, null := v.GetKind().(*structpb.Value_NullValue)
	return !null
}

// String returns the string at the path, or "".
func (o Object) String(path ...string) string { return o.value(path).GetStringValue() }

// Bool returns the boolean at the path, or false.
func (o Object) Bool(path ...string) bool { return o.value(path).GetBoolValue() }

// Int returns the number at the path without its fraction, or 0. Every number on the wire is a float64.
func (o Object) Int(path ...string) int64 { return int64(o.Number(path...)) }

// Number returns the number at the path, or 0.
func (o Object) Number(path ...string) float64 {
	n := o.value(path).GetNumberValue()
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	return n
}

// At returns the object at the path, or the zero Object.
func (o Object) At(path ...string) Object { return Object{s: o.value(path).GetStructValue()} }

// Strings returns the strings of the list at the path.
func (o Object) Strings(path ...string) []string {
	values := o.value(path).GetListValue().GetValues()
	if len(values) == 0 {
		return nil
	}
	out := make([]string, 0, len(values))
	for _, v := range values {
		out = append(out, v.GetStringValue())
	}
	return out
}

// Ints at a path; what is no number is 0.
func (o Object) Ints(path ...string) []int64 {
	values := o.value(path).GetListValue().GetValues()
	if len(values) == 0 {
		return nil
	}
	out := make([]int64, 0, len(values))
	for _, v := range values {
		out = append(out, int64(v.GetNumberValue()))
	}
	return out
}

// List returns the objects of the list at the path.
func (o Object) List(path ...string) []Object {
	values := o.value(path).GetListValue().GetValues()
	if len(values) == 0 {
		return nil
	}
	out := make([]Object, 0, len(values))
	for _, v := range values {
		out = append(out, Object{s: v.GetStructValue()})
	}
	return out
}

// StringMap returns the map of strings at the path.
func (o Object) StringMap(path ...string) map[string]string {
	fields := o.value(path).GetStructValue().GetFields()
	if len(fields) == 0 {
		return nil
	}
	out := make(map[string]string, len(fields))
	for k, v := range fields {
		out[k] = v.GetStringValue()
	}
	return out
}

// Map returns the whole object as plain Go values, for tests and for messages about it.
func (o Object) Map() map[string]any { return o.s.AsMap() }

// Decode reads the object into a typed value and ignores fields that the type does not have.
func (o Object) Decode(into any) error { return o.decode(into, false) }

// DecodeStrict reads the object into a typed value. A field that the type does not have, or spells with other capitals,
// is an error that names it.
func (o Object) DecodeStrict(into any) error { return o.decode(into, true) }

func (o Object) decode(into any, strict bool) error {
	if o.s == nil {
		return nil
	}
	raw, err := json.Marshal(o.s.AsMap())
	if err != nil {
		return fmt.Errorf("cannot encode the object: %w", err)
	}
	if !strict {
		if err := kjson.UnmarshalCaseSensitivePreserveInts(raw, into); err != nil {
			return fmt.Errorf("cannot decode the object: %w", err)
		}
		return nil
	}
	unknown, err := kjson.UnmarshalStrict(raw, into)
	if err != nil {
		return fmt.Errorf("cannot decode the object: %w", err)
	}
	if len(unknown) > 0 {
		return fmt.Errorf("cannot decode the object: %w", unknown[0])
	}
	return nil
}

// FromValue encodes any value with JSON tags as an object. It is slow, and meant for tests: what runs writes Fields.
func FromValue(v any) (Object, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return Object{}, fmt.Errorf("cannot encode %T: %w", v, err)
	}
	s := &structpb.Struct{}
	if err := s.UnmarshalJSON(raw); err != nil {
		return Object{}, fmt.Errorf("cannot encode %T: %w", v, err)
	}
	return Object{s: s}, nil
}
