package server

import (
	"fmt"
	"math"
	"slices"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

// marshalResponse encodes a response with sorted maps: byte for byte what proto.MarshalOptions{Deterministic: true}
// gives (a test compares them), at a fraction of its cost, which is reflection on maps. Desired state, context and
// output, nearly all of a response, are written here; the small messages around them are left to the library.
func marshalResponse(rsp *fnv1.RunFunctionResponse) (mem.BufferSlice, error) {
	e := newEncoder()
	defer e.release()
	if err := e.response(rsp); err != nil {
		buffers.Put(&e.buf)
		return nil, err
	}
	return e.result(), nil
}

func (e *encoder) response(m *fnv1.RunFunctionResponse) error {
	e.raw(m.ProtoReflect().GetUnknown())
	if err := e.optionalStruct(7, m.Output); err != nil {
		return err
	}
	for _, c := range slices.Backward(m.GetConditions()) {
		if err := e.message(6, c); err != nil {
			return err
		}
	}
	if m.Requirements != nil {
		if err := e.message(5, m.Requirements); err != nil {
			return err
		}
	}
	if err := e.optionalStruct(4, m.Context); err != nil {
		return err
	}
	for _, r := range slices.Backward(m.GetResults()) {
		if err := e.message(3, r); err != nil {
			return err
		}
	}
	if m.Desired != nil {
		end := e.written()
		if err := e.state(m.Desired); err != nil {
			return err
		}
		e.prefix(2, end)
	}
	if m.Meta != nil {
		return e.message(1, m.Meta)
	}
	return nil
}

func (e *encoder) state(m *fnv1.State) error {
	e.raw(m.ProtoReflect().GetUnknown())
	first := len(e.keys)
	keys := sortedKeys(e, m.GetResources())
	for i := len(keys) - 1; i >= 0; i-- {
		entry := e.written()
		if err := e.resource(m.Resources[keys[i]]); err != nil {
			return fmt.Errorf("desired.resources[%s]: %w", keys[i], err)
		}
		e.prefix(2, entry)
		if err := e.string(1, keys[i]); err != nil {
			return err
		}
		e.prefix(2, entry)
	}
	e.keys = e.keys[:first]
	if m.Composite == nil {
		return nil
	}
	end := e.written()
	if err := e.resource(m.Composite); err != nil {
		return fmt.Errorf("desired.composite: %w", err)
	}
	e.prefix(1, end)
	return nil
}

func (e *encoder) resource(m *fnv1.Resource) error {
	if m == nil {
		return nil
	}
	e.raw(m.ProtoReflect().GetUnknown())
	if m.Ready != 0 {
		e.varint(uint64(m.Ready)) //nolint:gosec // An enum is sign-extended on the wire.
		e.tag(3, protowire.VarintType)
	}
	first := len(e.keys)
	keys := sortedKeys(e, m.GetConnectionDetails())
	for i := len(keys) - 1; i >= 0; i-- {
		entry := e.written()
		e.raw(m.ConnectionDetails[keys[i]])
		e.prefix(2, entry)
		if err := e.string(1, keys[i]); err != nil {
			return err
		}
		e.prefix(2, entry)
	}
	e.keys = e.keys[:first]
	return e.optionalStruct(1, m.Resource)
}

func (e *encoder) optionalStruct(field protowire.Number, s *structpb.Struct) error {
	if s == nil {
		return nil
	}
	end := e.written()
	if err := e.structure(s); err != nil {
		return err
	}
	e.prefix(field, end)
	return nil
}

func (e *encoder) structure(s *structpb.Struct) error {
	if s == nil {
		return nil
	}
	e.raw(s.ProtoReflect().GetUnknown())
	first := len(e.keys)
	keys := sortedKeys(e, s.Fields)
	for i := len(keys) - 1; i >= 0; i-- {
		entry := e.written()
		if err := e.value(s.Fields[keys[i]]); err != nil {
			return fmt.Errorf("%s: %w", keys[i], err)
		}
		e.prefix(2, entry)
		if err := e.string(1, keys[i]); err != nil {
			return err
		}
		e.prefix(1, entry)
	}
	e.keys = e.keys[:first]
	return nil
}

func (e *encoder) value(v *structpb.Value) error {
	if v == nil {
		return nil
	}
	e.raw(v.ProtoReflect().GetUnknown())
	switch k := v.Kind.(type) {
	case *structpb.Value_StringValue:
		return e.string(3, k.StringValue)
	case *structpb.Value_StructValue:
		end := e.written()
		if err := e.structure(k.StructValue); err != nil {
			return err
		}
		e.prefix(5, end)
	case *structpb.Value_ListValue:
		end := e.written()
		if err := e.list(k.ListValue); err != nil {
			return err
		}
		e.prefix(6, end)
	case *structpb.Value_NumberValue:
		e.fixed64(math.Float64bits(k.NumberValue))
		e.tag(2, protowire.Fixed64Type)
	case *structpb.Value_BoolValue:
		e.varint(protowire.EncodeBool(k.BoolValue))
		e.tag(4, protowire.VarintType)
	case *structpb.Value_NullValue:
		e.varint(uint64(k.NullValue)) //nolint:gosec // An enum is sign-extended on the wire.
		e.tag(1, protowire.VarintType)
	}
	return nil
}

func (e *encoder) list(l *structpb.ListValue) error {
	if l == nil {
		return nil
	}
	e.raw(l.ProtoReflect().GetUnknown())
	for i := len(l.Values) - 1; i >= 0; i-- {
		end := e.written()
		if err := e.value(l.Values[i]); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
		e.prefix(1, end)
	}
	return nil
}

// message writes a small message with the library.
func (e *encoder) message(field protowire.Number, m proto.Message) error {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return err
	}
	end := e.written()
	e.raw(b)
	e.prefix(field, end)
	return nil
}
