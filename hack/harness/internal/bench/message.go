package bench

import (
	"context"
	"fmt"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	encproto "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
)

// serviceName and method are what Crossplane calls.
const (
	serviceName = "apiextensions.fn.proto.v1.FunctionRunnerService"
	methodName  = "RunFunction"
	method      = "/" + serviceName + "/" + methodName
)

// message is one that is encoded already, or that nobody wants to decode.
type message struct{ raw []byte }

// wireCodec passes messages on as they are and gives everything else to gRPC's own codec. The client uses it so that its
// own encoding and decoding, the same for every server, do not thin the difference between them; the baseline uses it to
// answer recorded bytes.
type wireCodec struct{ standard encoding.CodecV2 }

func newCodec() wireCodec { return wireCodec{standard: encoding.GetCodecV2(encproto.Name)} }

// Name is the content subtype of protobuf.
func (wireCodec) Name() string { return encproto.Name }

// Marshal encodes.
func (c wireCodec) Marshal(v any) (mem.BufferSlice, error) {
	if m, ok := v.(*message); ok {
		return mem.BufferSlice{mem.SliceBuffer(m.raw)}, nil
	}
	return c.standard.Marshal(v)
}

// Unmarshal decodes. Of a message it keeps the length only.
func (c wireCodec) Unmarshal(data mem.BufferSlice, v any) error {
	if m, ok := v.(*length); ok {
		m.bytes = data.Len()
		return nil
	}
	return c.standard.Unmarshal(data, v)
}

// length of a response that is not decoded.
type length struct{ bytes int }

// call asks with decoded messages, as Crossplane does.
func call(ctx context.Context, conn *grpc.ClientConn, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	rsp := &fnv1.RunFunctionResponse{}
	if err := conn.Invoke(ctx, method, req, rsp, grpc.WaitForReady(true)); err != nil {
		return nil, err
	}
	for _, r := range rsp.GetResults() {
		if r.GetSeverity() == fnv1.Severity_SEVERITY_FATAL {
			return nil, fmt.Errorf("the function answered with a Fatal: %s", r.GetMessage())
		}
	}
	return rsp, nil
}
