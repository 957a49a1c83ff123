package server

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
)

// requestOf a composite.
func requestOf(t testing.TB, uid string) *fnv1.RunFunctionRequest {
	t.Helper()
	xr, err := structpb.NewStruct(map[string]any{
		"apiVersion": "platform.io/v1", "kind": "AppDatabase", "spec": map[string]any{"uid": "spec", "metadata": map[string]any{"uid": "inner"}},
		"metadata": map[string]any{"name": "orders", "labels": map[string]any{"uid": "label"}, "uid": uid},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &fnv1.RunFunctionRequest{Meta: &fnv1.RequestMeta{Tag: uid}, Observed: &fnv1.State{
		Composite: &fnv1.Resource{Resource: xr}, Resources: map[string]*fnv1.Resource{"a": {Resource: xr}},
	}}
}

// soon is a context of a call that has to be served at once.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestCompositeOf(t *testing.T) {
	t.Parallel()
	for range 20 { // Maps go out in any order.
		if got := compositeOf(string(marshal(t, requestOf(t, "u-1")))); got != "u-1" {
			t.Fatalf("compositeOf() = %q, want u-1", got)
		}
	}
	whole := string(marshal(t, requestOf(t, "u-1")))
	for n := range whole {
		_ = compositeOf(whole[:n]) // A part of it has no composite, or the same, and never a panic.
	}
	for reason, req := range map[string]*fnv1.RunFunctionRequest{
		"nothing": {}, "no composite": {Observed: &fnv1.State{}}, "no object": {Observed: &fnv1.State{Composite: &fnv1.Resource{}}},
	} {
		if got := compositeOf(string(marshal(t, req))); got != "" {
			t.Errorf("%s: compositeOf() = %q, want nothing", reason, got)
		}
	}
}

// A composite whose calls do not end leaves half of the slots to the others, however often it is called.
func TestOneCompositeHasItsShare(t *testing.T) {
	release := make(chan struct{})
	var hanging atomic.Int64
	s := start(t, func(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
		if req.GetMeta().GetTag() == "hostile" {
			hanging.Add(1)
			<-release
		}
		return echo(ctx, req)
	}, Options{Insecure: true})
	t.Cleanup(func() { close(release) })
	client := fnv1.NewFunctionRunnerServiceClient(dial(t, s.Address("test"), nil))
	total := 2 * runtime.GOMAXPROCS(0)
	for range 3 * total { // Crossplane gives each up, and calls again.
		ctx, cancel := context.WithTimeout(testContext(t), 20*time.Millisecond)
		if _, err := client.RunFunction(ctx, requestOf(t, "hostile")); status.Code(err) != codes.DeadlineExceeded {
			t.Errorf("a hanging call: %v", err)
		}
		cancel()
	}
	if got := int(hanging.Load()); got > total/2 {
		t.Errorf("%d calls of one composite hold slots, of %d in all", got, total)
	}
	if _, err := client.RunFunction(soon(t), requestOf(t, "honest")); err != nil {
		t.Errorf("another composite has to be served: %v", err)
	}
}

// Who gives up while waiting leaves nothing behind.
func TestSlotsAreGivenBack(t *testing.T) {
	t.Parallel()
	s := newSlots(2, time.Now)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 {
		if err := s.take(gone, "a", 1); status.Code(err) != codes.Canceled {
			t.Fatalf("take() = %v, want Canceled", err)
		}
	}
	if err := s.take(soon(t), "a", 1); err != nil {
		t.Fatal(err)
	}
	short, cancelShort := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancelShort()
	if err := s.take(short, "a", 1); status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("beyond its share: %v, want DeadlineExceeded", err)
	}
	if err := s.take(soon(t), "b", 1); err != nil {
		t.Fatal(err)
	}
	s.release("a")
	s.release("b")
	if s.taken != 0 || len(s.held) != 0 || len(s.waiting) != 0 || s.waitingBytes != 0 {
		t.Errorf("left: %d taken, held %v, %d waiting with %d bytes", s.taken, s.held, len(s.waiting), s.waitingBytes)
	}
}

// What waits is bounded, and one call that is larger than the bound can wait alone.
func TestWaitingBytesAreBounded(t *testing.T) {
	t.Parallel()
	s := newSlots(1, time.Now)
	if err := s.take(soon(t), "a", 2*maxWaitingBytes); err != nil {
		t.Fatal(err)
	}
	waits := make(chan error, 1)
	go func() { waits <- s.take(soon(t), "b", maxWaitingBytes) }()
	for waiting := 0; waiting == 0; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		waiting = len(s.waiting)
		s.mu.Unlock()
	}
	if err := s.take(soon(t), "c", 1); status.Code(err) != codes.ResourceExhausted {
		t.Errorf("take() = %v, want ResourceExhausted", err)
	}
	s.release("a")
	if err := <-waits; err != nil {
		t.Errorf("the one that waited: %v", err)
	}
}

// A process whose slots are all taken for minutes, and in which no call ends, is restarted. One that is only busy is not.
func TestHealthzFailsWhenNothingMoves(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var passed atomic.Int64
	s := start(t, echo, Options{
		Insecure: true, MetricsAddress: "127.0.0.1:0", Now: func() time.Time { return now.Add(time.Duration(passed.Load())) },
	})
	healthz := func(reason string, want int) {
		t.Helper()
		if code, body := get(t, "http://"+s.MetricsAddress()+"/healthz"); code != want || (want != http.StatusOK) != strings.Contains(body, "stuck") {
			t.Errorf("%s: %d %s, want %d", reason, code, body, want)
		}
	}
	take := func(n int) {
		for range n {
			if err := s.slots.take(soon(t), "", 1); err != nil {
				t.Fatal(err)
			}
		}
	}
	passed.Add(int64(time.Hour))
	healthz("quiet for an hour", http.StatusOK)
	take(s.slots.total - 1)
	passed.Add(int64(time.Hour))
	healthz("one slot is free", http.StatusOK)
	take(1)
	healthz("all are taken just now", http.StatusOK)
	passed.Add(int64(stuckAfter))
	healthz("for as long as may be", http.StatusOK)
	s.slots.release("")
	take(1)
	passed.Add(int64(time.Second))
	healthz("a call has ended, and another has begun", http.StatusOK)
	passed.Add(int64(stuckAfter))
	healthz("nothing has moved since", http.StatusServiceUnavailable)
	s.slots.release("")
	healthz("a call has ended", http.StatusOK)
}

// A call without a deadline gets one.
func TestCallsHaveADeadline(t *testing.T) {
	t.Parallel()
	s := start(t, func(ctx context.Context, _ *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}, Options{Insecure: true, CallTimeout: 20 * time.Millisecond})
	client := fnv1.NewFunctionRunnerServiceClient(dial(t, s.Address("test"), nil))
	if _, err := client.RunFunction(testContext(t), requestOf(t, "u-1")); status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("%v, want DeadlineExceeded", err)
	}
}
