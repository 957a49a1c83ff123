package simulator

import (
	"fmt"
	"maps"
	"slices"

	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"
)

// Objects in the simulator are never written in place: a change copies the levels of its path and shares the rest. So a
// request can hold what the cluster holds, and a function that changes its request is found out.

// With returns a copy of an object in which one value is set.
func With(s *structpb.Struct, value *structpb.Value, path ...string) *structpb.Struct {
	out := &structpb.Struct{Fields: maps.Clone(s.GetFields())}
	if out.Fields == nil {
		out.Fields = map[string]*structpb.Value{}
	}
	if len(path) == 1 {
		out.Fields[path[0]] = value
		return out
	}
	out.Fields[path[0]] = structpb.NewStructValue(With(s.GetFields()[path[0]].GetStructValue(), value, path[1:]...))
	return out
}

// Without returns a copy of an object that lacks one field.
func Without(s *structpb.Struct, path ...string) *structpb.Struct {
	if _, ok := s.GetFields()[path[0]]; !ok {
		return s
	}
	out := &structpb.Struct{Fields: maps.Clone(s.GetFields())}
	if len(path) == 1 {
		delete(out.Fields, path[0])
		return out
	}
	out.Fields[path[0]] = structpb.NewStructValue(Without(s.GetFields()[path[0]].GetStructValue(), path[1:]...))
	return out
}

// Same says that two objects hold the same. It is for the many comparisons of a run: proto.Equal takes ten times as long.
func Same(a, b *structpb.Struct) bool {
	if a == b {
		return true
	}
	if len(a.GetFields()) != len(b.GetFields()) {
		return false
	}
	for key, value := range a.GetFields() {
		other, ok := b.GetFields()[key]
		if !ok || !sameValue(value, other) {
			return false
		}
	}
	return true
}

func sameValue(a, b *structpb.Value) bool {
	if a == b {
		return true
	}
	switch kind := a.GetKind().(type) {
	case *structpb.Value_StructValue:
		other, ok := b.GetKind().(*structpb.Value_StructValue)
		return ok && Same(kind.StructValue, other.StructValue)
	case *structpb.Value_ListValue:
		other, ok := b.GetKind().(*structpb.Value_ListValue)
		return ok && slices.EqualFunc(kind.ListValue.GetValues(), other.ListValue.GetValues(), sameValue)
	case *structpb.Value_StringValue:
		other, ok := b.GetKind().(*structpb.Value_StringValue)
		return ok && kind.StringValue == other.StringValue
	case *structpb.Value_NumberValue:
		other, ok := b.GetKind().(*structpb.Value_NumberValue)
		return ok && kind.NumberValue == other.NumberValue
	case *structpb.Value_BoolValue:
		other, ok := b.GetKind().(*structpb.Value_BoolValue)
		return ok && kind.BoolValue == other.BoolValue
	case *structpb.Value_NullValue:
		_, ok := b.GetKind().(*structpb.Value_NullValue)
		return ok
	default:
		return a.GetKind() == nil && b.GetKind() == nil
	}
}

// Text makes a string value.
func Text(v string) *structpb.Value { return structpb.NewStringValue(v) }

// Number makes a number value.
func Number[N int | int64 | float64](v N) *structpb.Value { return structpb.NewNumberValue(float64(v)) }

// Bool makes a boolean value.
func Bool(v bool) *structpb.Value { return structpb.NewBoolValue(v) }

// Nested makes a value of an object.
func Nested(s *structpb.Struct) *structpb.Value { return structpb.NewStructValue(s) }

// Texts makes a list of strings.
func Texts(values ...string) *structpb.Value {
	list := &structpb.ListValue{}
	for _, v := range values {
		list.Values = append(list.Values, Text(v))
	}
	return structpb.NewListValue(list)
}

func listOf(values ...*structpb.Value) *structpb.Value {
	return structpb.NewListValue(&structpb.ListValue{Values: values})
}

func fields(pairs map[string]*structpb.Value) *structpb.Struct {
	return &structpb.Struct{Fields: pairs}
}

// Parse reads one YAML document.
func Parse(document []byte) (*structpb.Struct, error) {
	raw, err := yaml.YAMLToJSON(document)
	if err != nil {
		return nil, fmt.Errorf("cannot read the YAML document: %w", err)
	}
	s := &structpb.Struct{}
	if err := s.UnmarshalJSON(raw); err != nil {
		return nil, fmt.Errorf("cannot read the YAML document as an object: %w", err)
	}
	return s, nil
}
