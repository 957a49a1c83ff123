package server

import (
	"fmt"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
)

// codec is the gRPC codec of the server. Function responses arrive in it encoded; other messages (health) take the
// ordinary way, also with sorted maps, so that the same message is always the same bytes.
type codec struct{}

var _ encoding.CodecV2 = codec{}

// Name is the content subtype: "application/grpc+proto".
func (codec) Name() string { return "proto" }

// Marshal encodes a message, or hands on one that is already encoded.
func (codec) Marshal(v any) (mem.BufferSlice, error) {
	switch m := v.(type) {
	case *encoded:
		return m.data, nil
	case proto.Message:
		b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
		if err != nil {
			return nil, err
		}
		return mem.BufferSlice{mem.SliceBuffer(b)}, nil
	}
	return nil, fmt.Errorf("cannot marshal %T: it is not a protobuf message", v)
}

// Unmarshal decodes a message. A request is only kept: it is decoded when it has a slot.
func (codec) Unmarshal(data mem.BufferSlice, v any) error {
	switch m := v.(type) {
	case *undecoded:
		m.read(data)
		return nil
	case *fnv1.RunFunctionRequest:
		return unmarshalRequest(data, m)
	case proto.Message:
		return proto.Unmarshal(data.Materialize(), m)
	}
	return fmt.Errorf("cannot unmarshal into %T: it is not a protobuf message", v)
}
