package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
)

const (
	// DefaultMaxRecvBytes is the size of the largest request accepted. Crossplane's own client sends without a limit, and a
	// request holds observed and desired state together, all connection details and the required resources: it may well
	// pass gRPC's default of 4 MiB where every response stays under it. 16 MiB leaves room and still bounds the memory of one call.
	DefaultMaxRecvBytes = 16 << 20
	// DefaultMaxSendBytes is the size of the largest response sent: Crossplane dials with gRPC's default limit of 4 MiB.
	DefaultMaxSendBytes = 4 << 20
	// DefaultCallTimeout ends calls of a client that sets no deadline, or a later one. Crossplane gives a whole reconcile as much.
	DefaultCallTimeout = 2 * time.Minute
	// maxStreams is how many calls one connection may have open; its client keeps the others back. Crossplane has one connection to a
	// function, and runs 100 reconciles of a kind at a time at most.
	maxStreams = 128
	// DefaultDrainTimeout fits into the 30 s that Kubernetes gives a pod between SIGTERM and SIGKILL.
	DefaultDrainTimeout = 25 * time.Second
)

// Function is one function and the address (host:port) that it listens on.
type Function struct {
	Name    string
	Address string
	Runner  Runner
}

// Options configure a Server. The zero value of a number means its default.
type Options struct {
	// TLSCertsDir holds tls.crt, tls.key and ca.crt for mutual TLS.
	TLSCertsDir string
	// Insecure serves without TLS; it wins over TLSCertsDir.
	Insecure bool
	// MetricsAddress serves /metrics, /healthz and /readyz; "" serves none of them.
	MetricsAddress string
	// MaxRecvBytes and MaxSendBytes limit one message.
	MaxRecvBytes int
	MaxSendBytes int
	// DrainTimeout is how long calls in flight may take after the context is cancelled.
	DrainTimeout time.Duration
	// CallTimeout is how long one call may wait and run.
	CallTimeout time.Duration
	// Now is the clock that /healthz looks at.
	Now func() time.Time
	// AddressHint completes the error about a busy port: where the address comes from.
	AddressHint string

	Metrics *Metrics
	Log     *slog.Logger
}

// Server serves functions, each on its own address, with one metrics endpoint for all.
type Server struct {
	opts      Options
	slots     *slots
	functions []*listening
	http      *http.Server
	httpLis   net.Listener
	ready     atomic.Bool
}

type listening struct {
	name   string
	grpc   *grpc.Server
	health *health.Server
	lis    net.Listener
}

// Listen opens every address, or none: on an error all are closed again.
func Listen(functions []Function, opts Options) (*Server, error) {
	opts = withDefaults(opts)
	creds, err := transport(opts)
	if err != nil {
		return nil, err
	}
	s := &Server{opts: opts, slots: newSlots(2*runtime.GOMAXPROCS(0), opts.Now)}
	for _, f := range functions {
		lis, err := net.Listen("tcp", f.Address)
		if err != nil {
			s.close()
			return nil, fmt.Errorf("function %s cannot listen on %s: %w%s", f.Name, f.Address, err, busyHint(err, opts.AddressHint))
		}
		s.add(f, lis, creds)
	}
	if s.httpLis, err = listenHTTP(opts.MetricsAddress); err != nil {
		s.close()
		return nil, err
	}
	s.http = httpServer(opts.Metrics, &s.ready, s.slots)
	return s, nil
}

func withDefaults(o Options) Options {
	if o.MaxRecvBytes == 0 {
		o.MaxRecvBytes = DefaultMaxRecvBytes
	}
	if o.MaxSendBytes == 0 {
		o.MaxSendBytes = DefaultMaxSendBytes
	}
	if o.DrainTimeout == 0 {
		o.DrainTimeout = DefaultDrainTimeout
	}
	if o.CallTimeout == 0 {
		o.CallTimeout = DefaultCallTimeout
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics("unknown")
	}
	return o
}

func transport(o Options) ([]grpc.ServerOption, error) {
	if o.Insecure {
		return nil, nil
	}
	if o.TLSCertsDir == "" {
		return nil, errors.New("no TLS certificates: give the directory with --tls-certs-dir or the environment variable " +
			"TLS_SERVER_CERTS_DIR, or serve without TLS with --insecure")
	}
	config, err := tlsConfig(o.TLSCertsDir, o.Log)
	if err != nil {
		return nil, err
	}
	return []grpc.ServerOption{grpc.Creds(credentials.NewTLS(config))}, nil
}

func (s *Server) add(f Function, lis net.Listener, creds []grpc.ServerOption) {
	metrics := s.opts.Metrics.function(f.Name)
	srv := grpc.NewServer(append(creds[:len(creds):len(creds)],
		grpc.ForceServerCodecV2(codec{}),
		grpc.MaxRecvMsgSize(s.opts.MaxRecvBytes),
		grpc.MaxConcurrentStreams(maxStreams),
		// A worker keeps its grown stack from call to call. Where all are busy, gRPC starts a goroutine as ever.
		grpc.NumStreamWorkers(uint32(s.slots.total)), //nolint:gosec // Two per processor.
		grpc.StatsHandler(metrics))...)
	register(srv, &handler{
		name: f.Name, runner: f.Runner, metrics: metrics, log: s.opts.Log,
		maxSendBytes: s.opts.MaxSendBytes, slots: s.slots, timeout: s.opts.CallTimeout,
	})
	h := health.NewServer()
	for _, service := range []string{serviceV1, serviceV1Beta1} {
		h.SetServingStatus(service, healthv1.HealthCheckResponse_SERVING)
	}
	healthv1.RegisterHealthServer(srv, h)
	s.functions = append(s.functions, &listening{name: f.Name, grpc: srv, health: h, lis: lis})
}

// Address returns where a function listens, with the real port where port 0 was asked for; "" for an unknown function.
func (s *Server) Address(function string) string {
	for _, f := range s.functions {
		if f.name == function {
			return f.lis.Addr().String()
		}
	}
	return ""
}

// MetricsAddress returns where /metrics is served, or "".
func (s *Server) MetricsAddress() string {
	if s.httpLis == nil {
		return ""
	}
	return s.httpLis.Addr().String()
}

// Serve answers calls until the context is cancelled, then drains: health turns to NOT_SERVING, new calls are refused,
// calls in flight finish, and those that are not done at the drain timeout are cut off. A drain is no error.
func (s *Server) Serve(ctx context.Context) error {
	failed := make(chan error, len(s.functions)+1)
	var wg sync.WaitGroup
	for _, f := range s.functions {
		wg.Go(func() {
			if err := f.grpc.Serve(f.lis); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
				failed <- fmt.Errorf("function %s stopped serving on %s: %w", f.name, f.lis.Addr(), err)
			}
		})
	}
	if s.httpLis != nil {
		wg.Go(func() {
			if err := s.http.Serve(s.httpLis); err != nil && !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("metrics stopped on %s: %w", s.httpLis.Addr(), err)
			}
		})
	}
	s.ready.Store(true)
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	if s.drain() {
		wg.Wait()
	}
	return err
}

// drain keeps the metrics endpoint until the last call is done, so that /readyz can say what goes on. It returns false
// when calls had to be cut off: gRPC then still waits for their handlers, and nobody must wait for gRPC.
func (s *Server) drain() bool {
	s.ready.Store(false)
	s.opts.Log.Info("draining", "timeout", s.opts.DrainTimeout.String())
	done := make(chan struct{})
	var wg sync.WaitGroup
	for _, f := range s.functions {
		f.health.Shutdown()
		wg.Go(f.grpc.GracefulStop)
	}
	go func() { wg.Wait(); close(done) }()
	deadline := time.NewTimer(s.opts.DrainTimeout)
	defer deadline.Stop()
	defer func() { _ = s.http.Close() }()
	select {
	case <-done:
		return true
	case <-deadline.C:
		s.opts.Log.Warn("calls were still running at the drain timeout and are cut off", "timeout", s.opts.DrainTimeout.String())
		for _, f := range s.functions {
			go f.grpc.Stop()
		}
		return false
	}
}

func (s *Server) close() {
	for _, f := range s.functions {
		_ = f.lis.Close()
	}
}

// busyHint completes the error about a port that another process has.
func busyHint(err error, source string) string {
	if !errors.Is(err, syscall.EADDRINUSE) {
		return ""
	}
	hint := "; another process uses this port: stop it"
	if source != "" {
		hint += ", or choose another port with " + source
	}
	return hint
}
