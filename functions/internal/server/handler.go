package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
)

// handler answers the calls of one function: decode, run, encode, each inside the same recovery from panics.
type handler struct {
	name         string
	runner       Runner
	metrics      *functionMetrics
	log          *slog.Logger
	maxSendBytes int
	slots        *slots
	timeout      time.Duration
}

// encoded is a response that is already in wire form. The codec passes it on. Encoding here rather than in the codec
// puts it inside the recovery and the measured time, and lets a response that is too big be replaced.
type encoded struct{ data mem.BufferSlice }

func (h *handler) handle(ctx context.Context, decode func(any) error) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	var raw undecoded
	if err := decode(&raw); err != nil {
		return nil, err
	}
	composite := compositeOf(raw.text)
	if err := h.slots.take(ctx, composite, len(raw.text)); err != nil {
		return nil, err
	}
	defer h.slots.release(composite)
	start := time.Now()
	defer func() { h.metrics.seconds.Observe(time.Since(start).Seconds()) }()

	req := &fnv1.RunFunctionRequest{}
	out, err := h.run(ctx, req, &raw)
	var p *panicError
	if errors.As(err, &p) {
		out, err = h.encode(fatal(req.GetMeta().GetTag(), "function %s panicked: %v; nothing was changed. "+
			"This is a defect of the function: report it with the stack from the function's log", h.name, p.value))
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// run turns a panic into a *panicError. The request is never logged: it holds secrets.
func (h *handler) run(ctx context.Context, req *fnv1.RunFunctionRequest, raw *undecoded) (out *encoded, err error) {
	defer func() {
		if v := recover(); v != nil {
			h.panicked(v, debug.Stack())
			out, err = nil, &panicError{value: v}
		}
	}()
	if err := raw.decode(req); err != nil {
		return nil, status.Errorf(codes.Internal, "function %s: cannot decode the request: %v", h.name, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rsp, err := h.runner.RunFunction(ctx, req)
	if err != nil {
		return nil, err
	}
	if rsp == nil {
		// On the wire nil is an empty response, which tells Crossplane to delete every resource.
		rsp = fatal(req.GetMeta().GetTag(), "function %s returned no response; nothing was changed. "+
			"This is a defect of the function: report it", h.name)
	}
	return h.guarded(req, rsp)
}

// panicked counts and logs a panic. The request is not part of it.
func (h *handler) panicked(value any, stack []byte) {
	h.metrics.panics.Inc()
	h.log.Error("recovered from a panic", "function", h.name, "panic", fmt.Sprint(value), "stack", string(stack))
}

// guarded encodes a response, or, where that is over the limit of the caller, a Fatal result that says so.
func (h *handler) guarded(req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) (*encoded, error) {
	out, err := h.encode(rsp)
	if err != nil || out.data.Len() <= h.maxSendBytes {
		return out, err
	}
	size := out.data.Len()
	out.data.Free()
	return h.encode(fatal(req.GetMeta().GetTag(), "the response of function %s is %d bytes, over the limit of %d bytes that "+
		"Crossplane accepts; nothing was changed. Compose fewer or smaller resources in this XR: move some of them to a "+
		"child XR, or shorten large values in the claim", h.name, size, h.maxSendBytes))
}

func (h *handler) encode(rsp *fnv1.RunFunctionResponse) (*encoded, error) {
	data, err := marshalResponse(rsp)
	if err != nil {
		return nil, status.Errorf(codes.Internal, "function %s: cannot encode the response: %v", h.name, err)
	}
	if data.Len() <= h.maxSendBytes {
		h.metrics.countResults(rsp.GetResults())
	}
	return &encoded{data: data}, nil
}

type panicError struct{ value any }

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }
