// Package server serves composition functions over gRPC: the v1 and v1beta1 protocols, mutual TLS, health, metrics,
// message size limits, recovery from panics, and a graceful drain. It knows nothing of what a function computes.
package server

import (
	"context"
	"fmt"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc"
)

const (
	// serviceV1 is the service that Crossplane 1.17 and newer calls.
	serviceV1 = "apiextensions.fn.proto.v1.FunctionRunnerService"
	// serviceV1Beta1 is the service that Crossplane 1.14 to 1.16 calls.
	serviceV1Beta1 = "apiextensions.fn.proto.v1beta1.FunctionRunnerService"
	runMethod      = "RunFunction"
)

// Runner is one composition function. RunFunction may be called concurrently. It owns the request until it returns;
// it must not keep any part of it afterwards, strings included: they share one buffer that holds the whole request.
// A returned error reaches Crossplane as a gRPC error, which loses conditions and results: prefer a Fatal result.
type Runner interface {
	RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error)
}

// PanicReporter is a Runner that answers its own panics, because it knows more of the call than the server. It tells the
// server of each, which counts and logs it.
type PanicReporter interface {
	OnPanic(report func(value any, stack []byte))
}

// register adds both protocol versions. Their messages are the same on the wire, name by name and number by number (a
// test compares the descriptors), so v1beta1 is decoded straight into the v1 types and costs no conversion.
func register(srv *grpc.Server, h *handler) {
	if r, ok := h.runner.(PanicReporter); ok {
		r.OnPanic(h.panicked)
	}
	for _, name := range []string{serviceV1, serviceV1Beta1} {
		srv.RegisterService(&grpc.ServiceDesc{
			ServiceName: name,
			HandlerType: (*Runner)(nil),
			Methods: []grpc.MethodDesc{{
				MethodName: runMethod,
				Handler: func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
					return h.handle(ctx, decode)
				},
			}},
			Streams: []grpc.StreamDesc{},
		}, h.runner)
	}
}

// fatal is a response that changes nothing: Crossplane stops the pipeline and keeps every resource as it is.
func fatal(tag, format string, args ...any) *fnv1.RunFunctionResponse {
	return &fnv1.RunFunctionResponse{
		Meta:    &fnv1.ResponseMeta{Tag: tag},
		Results: []*fnv1.Result{{Severity: fnv1.Severity_SEVERITY_FATAL, Message: fmt.Sprintf(format, args...)}},
	}
}
