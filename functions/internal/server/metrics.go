package server

import (
	"context"
	"runtime"
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// Metrics are the Prometheus metrics of every function in the process, in a registry of their own.
type Metrics struct {
	registry      *prometheus.Registry
	seconds       *prometheus.HistogramVec
	results       *prometheus.CounterVec
	panics        *prometheus.CounterVec
	requests      *prometheus.CounterVec
	requestBytes  *prometheus.HistogramVec
	responseBytes *prometheus.HistogramVec
}

// NewMetrics returns metrics with the Go and process collectors; version is what the build info gauge shows.
func NewMetrics(version string) *Metrics {
	function := []string{"function"}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "goldenpath_function_run_seconds", Help: "Time to decode, run and encode one call, in seconds.",
			Buckets: []float64{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2},
		}, function),
		results: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "goldenpath_function_results_total", Help: "Results returned, by severity.",
		}, []string{"function", "severity"}),
		panics: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "goldenpath_function_panics_total", Help: "Panics that became a Fatal result.",
		}, function),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "goldenpath_function_requests_total", Help: "Calls finished, by gRPC status code, refused ones included.",
		}, []string{"function", "code"}),
		requestBytes:  sizes("goldenpath_function_request_bytes", "Size of requests, in bytes."),
		responseBytes: sizes("goldenpath_function_response_bytes", "Size of responses, in bytes."),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "goldenpath_build_info", Help: "Always 1; the labels say what runs.",
		ConstLabels: prometheus.Labels{"version": version, "go_version": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(m.seconds, m.results, m.panics, m.requests, m.requestBytes, m.responseBytes, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// sizes has buckets from 1 KiB to 16 MiB, the default limit of a request; 4 MiB, the limit of a response, is one of them.
func sizes(name, help string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: name, Help: help, Buckets: prometheus.ExponentialBuckets(1<<10, 4, 8),
	}, []string{"function"})
}

// functionMetrics are the series of one function, looked up once. It is the gRPC stats handler of that function's
// server, because only that sees the calls which gRPC refuses before they are decoded.
type functionMetrics struct {
	seconds       prometheus.Observer
	requestBytes  prometheus.Observer
	responseBytes prometheus.Observer
	panics        prometheus.Counter
	severity      map[fnv1.Severity]prometheus.Counter
	requests      *prometheus.CounterVec
}

func (m *Metrics) function(name string) *functionMetrics {
	f := &functionMetrics{
		seconds:       m.seconds.WithLabelValues(name),
		requestBytes:  m.requestBytes.WithLabelValues(name),
		responseBytes: m.responseBytes.WithLabelValues(name),
		panics:        m.panics.WithLabelValues(name),
		severity:      map[fnv1.Severity]prometheus.Counter{},
		requests:      m.requests.MustCurryWith(prometheus.Labels{"function": name}),
	}
	for n, label := range fnv1.Severity_name {
		label = strings.ToLower(strings.TrimPrefix(label, "SEVERITY_"))
		f.severity[fnv1.Severity(n)] = m.results.WithLabelValues(name, label)
	}
	return f
}

func (f *functionMetrics) countResults(results []*fnv1.Result) {
	for _, r := range results {
		c, ok := f.severity[r.GetSeverity()]
		if !ok {
			c = f.severity[fnv1.Severity_SEVERITY_UNSPECIFIED]
		}
		c.Inc()
	}
}

// runCall marks the context of a call to the function, as opposed to one to the health service.
type runCall struct{}

// TagRPC implements stats.Handler.
func (f *functionMetrics) TagRPC(ctx context.Context, info *stats.RPCTagInfo) context.Context {
	if strings.HasSuffix(info.FullMethodName, "/"+runMethod) {
		return context.WithValue(ctx, runCall{}, true)
	}
	return ctx
}

// HandleRPC implements stats.Handler.
func (f *functionMetrics) HandleRPC(ctx context.Context, s stats.RPCStats) {
	if ctx.Value(runCall{}) == nil {
		return
	}
	switch s := s.(type) {
	case *stats.InPayload:
		f.requestBytes.Observe(float64(s.Length))
	case *stats.OutPayload:
		f.responseBytes.Observe(float64(s.Length))
	case *stats.End:
		f.requests.WithLabelValues(status.Code(s.Error).String()).Inc()
	}
}

// TagConn implements stats.Handler.
func (*functionMetrics) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context {
	return ctx
}

// HandleConn implements stats.Handler.
func (*functionMetrics) HandleConn(context.Context, stats.ConnStats) {}
