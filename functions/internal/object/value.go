package object

import "google.golang.org/protobuf/types/known/structpb"

// A value, its kind and what it holds are allocated together: most of the work of a call is making these.
type (
	stringValue struct {
		value structpb.Value
		kind  structpb.Value_StringValue
	}
	structValue struct {
		value structpb.Value
		kind  structpb.Value_StructValue
		inner structpb.Struct
	}
)

func newString(s string) *structpb.Value {
	v := &stringValue{}
	v.kind.StringValue = s
	v.value.Kind = &v.kind
	return &v.value
}

// newStruct makes a value with an object of its own in it.
func newStruct(size int) (*structpb.Value, *structpb.Struct) {
	v := &structValue{}
	v.inner.Fields = make(map[string]*structpb.Value, size)
	v.kind.StructValue = &v.inner
	v.value.Kind = &v.kind
	return &v.value, &v.inner
}
