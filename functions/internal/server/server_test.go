package server

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/proto/v1beta1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"
)

func TestV1AndV1Beta1AnswerTheSame(t *testing.T) {
	s := start(t, func(_ context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
		return sampleResponse(t, req), nil
	}, Options{Insecure: true})
	conn := dial(t, s.Address("test"), nil)
	req := sampleRequest(t, 3)
	beta := &v1beta1.RunFunctionRequest{}
	if err := proto.Unmarshal(marshal(t, req), beta); err != nil {
		t.Fatal(err)
	}
	got, err := fnv1.NewFunctionRunnerServiceClient(conn).RunFunction(testContext(t), req)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sampleResponse(t, req), got, protocmp.Transform()); diff != "" {
		t.Errorf("v1: -want +got\n%s", diff)
	}
	gotBeta, err := v1beta1.NewFunctionRunnerServiceClient(conn).RunFunction(testContext(t), beta)
	if err != nil {
		t.Fatal(err)
	}
	opts := proto.MarshalOptions{Deterministic: true}
	a, _ := opts.Marshal(got)
	b, _ := opts.Marshal(gotBeta)
	if !bytes.Equal(a, b) {
		t.Error("v1beta1 answers otherwise than v1")
	}
}

// The server decodes v1beta1 requests into v1 types: right only while the two are the same on the wire.
func TestProtocolVersionsAreTheSameOnTheWire(t *testing.T) {
	if got := fnv1.FunctionRunnerService_ServiceDesc.ServiceName; got != serviceV1 {
		t.Errorf("v1 service is %s", got)
	}
	if got := v1beta1.FunctionRunnerService_ServiceDesc.ServiceName; got != serviceV1Beta1 {
		t.Errorf("v1beta1 service is %s", got)
	}
	v1, beta := describe(fnv1.File_v1_run_function_proto), describe(v1beta1.File_v1beta1_run_function_proto)
	if len(v1) < 60 {
		t.Fatalf("only %d fields described", len(v1))
	}
	if diff := cmp.Diff(v1, beta); diff != "" {
		t.Errorf("-v1 +v1beta1\n%s", diff)
	}
}

// The encoder writes these messages by hand: a new field must not be lost silently.
func TestEncoderAndDecoderKnowEveryField(t *testing.T) {
	for m, fields := range map[proto.Message]int{
		&fnv1.RunFunctionRequest{}: 9, &fnv1.RunFunctionResponse{}: 7, &fnv1.State{}: 2, &fnv1.Resource{}: 3, &fnv1.Resources{}: 1, &fnv1.Schema{}: 1,
	} {
		if got := m.ProtoReflect().Descriptor().Fields().Len(); got != fields {
			t.Errorf("%T has %d fields, encode.go and decode.go know %d", m, got, fields)
		}
	}
}

func describe(f protoreflect.FileDescriptor) map[string]string {
	out := map[string]string{}
	strip := func(n protoreflect.FullName) string { return strings.TrimPrefix(string(n), string(f.Package())) }
	var walk func(protoreflect.MessageDescriptors)
	walk = func(ms protoreflect.MessageDescriptors) {
		for i := range ms.Len() {
			for j := range ms.Get(i).Fields().Len() {
				fd := ms.Get(i).Fields().Get(j)
				d := fd.Kind().String() + "/" + fd.Cardinality().String()
				if fd.Message() != nil {
					d += strip(fd.Message().FullName())
				}
				out[strip(fd.FullName())+"/"+string(rune('0'+fd.Number()))] = d
			}
			walk(ms.Get(i).Messages())
		}
	}
	walk(f.Messages())
	return out
}

func TestFatalInsteadOfHarm(t *testing.T) {
	req := &fnv1.RunFunctionRequest{Meta: &fnv1.RequestMeta{Tag: "tag-9"}, Input: sampleObject(t, "hunter2")}
	cases := map[string]struct {
		run    runnerFunc
		reason string
	}{
		"panic":        {func(context.Context, *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) { panic("boom") }, "function test panicked: boom"},
		"nil response": {func(context.Context, *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) { return nil, nil }, "returned no response"},
		"too big": {func(context.Context, *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
			return &fnv1.RunFunctionResponse{Output: sampleObject(t, strings.Repeat("x", 400_000))}, nil
		}, "over the limit of 4194304 bytes"},
		"panic of data": {func(context.Context, *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
			return &fnv1.RunFunctionResponse{Context: sampleObject(t, "x")}, panicking()
		}, "assignment to entry in nil map"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			run := tc.run
			s := start(t, func(ctx context.Context, r *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
				if r.GetMeta().GetTag() == "good" {
					return echo(ctx, r)
				}
				return run(ctx, r)
			}, Options{Insecure: true, MetricsAddress: "127.0.0.1:0", Log: slog.New(slog.NewTextHandler(&log, nil))})
			client := fnv1.NewFunctionRunnerServiceClient(dial(t, s.Address("test"), nil))
			rsp, err := client.RunFunction(testContext(t), req)
			if err != nil {
				t.Fatal(err)
			}
			if rsp.GetMeta().GetTag() != "tag-9" || len(rsp.GetResults()) != 1 || rsp.GetResults()[0].GetSeverity() != fnv1.Severity_SEVERITY_FATAL ||
				!strings.Contains(rsp.GetResults()[0].GetMessage(), tc.reason) || proto.Size(rsp) > 1000 {
				t.Errorf("not the Fatal that was due: %.600v", rsp)
			}
			if rsp, err := client.RunFunction(testContext(t), &fnv1.RunFunctionRequest{Meta: &fnv1.RequestMeta{Tag: "good"}}); err != nil || len(rsp.GetResults()) != 0 {
				t.Errorf("the process must go on: %v, %v", rsp, err)
			}
			_, metrics := get(t, "http://"+s.MetricsAddress()+"/metrics")
			if want := `goldenpath_function_results_total{function="test",severity="fatal"} 1`; !strings.Contains(metrics, want) {
				t.Errorf("no %s", want)
			}
			s.stop()
			<-s.done
			panicked := strings.HasPrefix(name, "panic")
			if got := strings.Contains(log.String(), "stack="); got != panicked {
				t.Errorf("stack in the log: %v, want %v: %s", got, panicked, &log)
			}
			if strings.Contains(log.String(), "hunter2") {
				t.Error("the request is in the log")
			}
		})
	}
}

// reporting answers its own panic.
type reporting struct{ report func(any, []byte) }

func (r *reporting) OnPanic(report func(any, []byte)) { r.report = report }

func (r *reporting) RunFunction(context.Context, *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	r.report("boom", []byte("where it was"))
	return fatal("tag", "it panicked"), nil
}

// A runner that answers its own panics must not hide them from whoever watches the metrics.
func TestReportedPanicIsCounted(t *testing.T) {
	var log bytes.Buffer
	m := NewMetrics("v0")
	h := &handler{name: "test", runner: &reporting{}, metrics: m.function("test"), log: slog.New(slog.NewTextHandler(&log, nil))}
	register(grpc.NewServer(), h)
	if _, err := h.runner.RunFunction(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counted := 0.0
	for _, f := range families {
		if f.GetName() == "goldenpath_function_panics_total" {
			counted = f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	if counted != 1 || !strings.Contains(log.String(), "where it was") {
		t.Errorf("%v panics counted, log %q", counted, &log)
	}
}

func panicking() error {
	var table map[string]error
	fill(table)
	return nil
}

func fill(m map[string]error) { m["x"] = nil }

func TestErrorsAndLimits(t *testing.T) {
	s := start(t, func(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
		if req.GetMeta().GetTag() == "err" {
			return nil, status.Error(codes.Unavailable, "later")
		}
		return echo(ctx, req)
	}, Options{Insecure: true, MaxRecvBytes: 50_000, MetricsAddress: "127.0.0.1:0"})
	client := fnv1.NewFunctionRunnerServiceClient(dial(t, s.Address("test"), nil))
	for _, tc := range []struct {
		req  *fnv1.RunFunctionRequest
		code codes.Code
	}{
		{&fnv1.RunFunctionRequest{}, codes.OK},
		{&fnv1.RunFunctionRequest{Meta: &fnv1.RequestMeta{Tag: "err"}}, codes.Unavailable},
		{sampleRequest(t, 20), codes.ResourceExhausted},
	} {
		if _, err := client.RunFunction(testContext(t), tc.req); status.Code(err) != tc.code {
			t.Errorf("want %s, got %v", tc.code, err)
		}
	}
	// The counter moves after the answer is sent.
	deadline := time.Now().Add(5 * time.Second)
	wants := []string{
		`goldenpath_function_requests_total{code="OK",function="test"} 1`,
		`goldenpath_function_requests_total{code="Unavailable",function="test"} 1`,
		`goldenpath_function_requests_total{code="ResourceExhausted",function="test"} 1`,
		`goldenpath_function_run_seconds_count{function="test"} 2`,
		`goldenpath_function_request_bytes_count{function="test"} 2`,
		`goldenpath_function_response_bytes_count{function="test"} 1`,
		`goldenpath_function_panics_total{function="test"} 0`,
		`goldenpath_build_info{go_version=`, "go_goroutines ", "process_resident_memory_bytes ",
	}
	var missing []string
	for {
		_, body := get(t, "http://"+s.MetricsAddress()+"/metrics")
		if missing = without(wants, body); len(missing) == 0 || time.Now().After(deadline) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if len(missing) > 0 {
		t.Errorf("metrics have no %q", missing)
	}
}

func without(wants []string, body string) []string {
	var missing []string
	for _, w := range wants {
		if !strings.Contains(body, w) {
			missing = append(missing, w)
		}
	}
	return missing
}

func TestDrain(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	s := start(t, func(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
		close(entered)
		<-release
		return echo(ctx, req)
	}, Options{Insecure: true, MetricsAddress: "127.0.0.1:0"})
	conn := dial(t, s.Address("test"), nil)
	health := healthv1.NewHealthClient(conn)
	for _, service := range []string{"", serviceV1, serviceV1Beta1} {
		rsp, err := health.Check(testContext(t), &healthv1.HealthCheckRequest{Service: service})
		if err != nil || rsp.GetStatus() != healthv1.HealthCheckResponse_SERVING {
			t.Fatalf("health of %q: %v, %v", service, rsp, err)
		}
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if code, _ := get(t, "http://"+s.MetricsAddress()+path); code != 200 {
			t.Errorf("%s: %d", path, code)
		}
	}
	watch, err := health.Watch(testContext(t), &healthv1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := watch.Recv(); err != nil {
		t.Fatal(err)
	}
	result := make(chan error, 1)
	go func() {
		_, err := fnv1.NewFunctionRunnerServiceClient(conn).RunFunction(testContext(t), &fnv1.RunFunctionRequest{})
		result <- err
	}()
	<-entered
	s.stop()
	if rsp, err := watch.Recv(); err != nil || rsp.GetStatus() != healthv1.HealthCheckResponse_NOT_SERVING {
		t.Errorf("health while draining: %v, %v", rsp, err)
	}
	if code, _ := get(t, "http://"+s.MetricsAddress()+"/readyz"); code != 503 {
		t.Errorf("/readyz while draining: %d", code)
	}
	if code, _ := get(t, "http://"+s.MetricsAddress()+"/healthz"); code != 200 {
		t.Errorf("/healthz while draining: %d", code)
	}
	close(release)
	if err := <-result; err != nil {
		t.Errorf("the call in flight must finish: %v", err)
	}
	_ = conn.Close() // Ends the health watch.
	if err := <-s.done; err != nil {
		t.Errorf("a drain is no error: %v", err)
	}
}

func TestDrainEndsAtTheDeadline(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	s := start(t, func(context.Context, *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
		close(entered)
		<-release
		return nil, nil
	}, Options{Insecure: true, DrainTimeout: 50 * time.Millisecond})
	go func() {
		_, _ = fnv1.NewFunctionRunnerServiceClient(dial(t, s.Address("test"), nil)).RunFunction(testContext(t), &fnv1.RunFunctionRequest{})
	}()
	<-entered
	s.stop()
	select {
	case err := <-s.done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("a call that never ends must not hold up the exit")
	}
}

func TestCallsBeyondTheSlotsWait(t *testing.T) {
	slots := 2 * runtime.GOMAXPROCS(0)
	entered, release := make(chan struct{}, slots+1), make(chan struct{})
	s := start(t, func(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
		entered <- struct{}{}
		<-release
		return echo(ctx, req)
	}, Options{Insecure: true})
	client := fnv1.NewFunctionRunnerServiceClient(dial(t, s.Address("test"), nil))
	results := make(chan error, slots)
	for range slots {
		go func() {
			_, err := client.RunFunction(testContext(t), &fnv1.RunFunctionRequest{})
			results <- err
		}()
		<-entered
	}
	short, cancel := context.WithTimeout(testContext(t), 50*time.Millisecond)
	defer cancel()
	if _, err := client.RunFunction(short, &fnv1.RunFunctionRequest{}); status.Code(err) != codes.DeadlineExceeded || len(entered) != 0 {
		t.Errorf("one call more than there are slots ran: %v", err)
	}
	close(release)
	for range slots {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestListenErrors(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }()
	address := busy.Addr().String()
	cases := map[string]struct {
		function string
		opts     Options
		want     []string
	}{
		"busy port":         {address, Options{Insecure: true, AddressHint: "--address"}, []string{"function test", address, "stop it", "--address"}},
		"busy metrics port": {"127.0.0.1:0", Options{Insecure: true, MetricsAddress: address}, []string{"metrics", address, "--metrics-address"}},
		"no credentials":    {"127.0.0.1:0", Options{}, []string{"--tls-certs-dir", "TLS_SERVER_CERTS_DIR", "--insecure"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Listen([]Function{{Name: "test", Address: tc.function, Runner: runnerFunc(echo)}}, tc.opts)
			if err == nil {
				t.Fatal("no error")
			}
			if missing := without(tc.want, err.Error()); len(missing) > 0 {
				t.Errorf("%q does not say %q", err, missing)
			}
		})
	}
}

func BenchmarkRoundTrip(b *testing.B) {
	s := start(b, echo, Options{Insecure: true})
	client := fnv1.NewFunctionRunnerServiceClient(dial(b, s.Address("test"), nil))
	req := sampleRequest(b, 20)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.RunFunction(context.Background(), req); err != nil {
			b.Fatal(err)
		}
	}
}
