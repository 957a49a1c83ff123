package bench

import (
	"net"
	"strings"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
)

// TestBaseline also proves that the client notices an answer that is not the recorded one, without decoding it.
func TestBaseline(t *testing.T) {
	t.Parallel()
	req, err := proto.Marshal(&fnv1.RunFunctionRequest{Meta: &fnv1.RequestMeta{Tag: "t"}})
	if err != nil {
		t.Fatal(err)
	}
	recorded := &fnv1.RunFunctionResponse{Meta: &fnv1.ResponseMeta{Tag: "recorded"}}
	rsp, err := proto.Marshal(recorded)
	if err != nil {
		t.Fatal(err)
	}
	p := serveBaseline(t, rsp)
	got, err := call(t.Context(), p.conn, &fnv1.RunFunctionRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(recorded, got, protocmp.Transform()); d != "" {
		t.Errorf("answer (-recorded +got):\n%s", d)
	}
	w := &workload{function: "f", name: "n", request: req, response: rsp}
	if _, err := p.inParallel(t.Context(), w, 20); err != nil {
		t.Errorf("calls in parallel: %v", err)
	}
	w.response = append(w.response, 0)
	if _, err := p.inParallel(t.Context(), w, 20); err == nil || !strings.Contains(err.Error(), "same bytes") {
		t.Errorf("an answer of another length: %v, want an error", err)
	}
	w.request = []byte{0xff}
	if err := p.ask(t.Context(), w); err == nil {
		t.Error("the baseline answered a request that cannot be decoded: it does not decode")
	}
}

func TestFatalIsNoMeasure(t *testing.T) {
	t.Parallel()
	rsp, err := proto.Marshal(&fnv1.RunFunctionResponse{Results: []*fnv1.Result{{Severity: fnv1.Severity_SEVERITY_FATAL, Message: "why"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := call(t.Context(), serveBaseline(t, rsp).conn, &fnv1.RunFunctionRequest{}); err == nil || !strings.Contains(err.Error(), "why") {
		t.Errorf("a Fatal: %v, want an error with its message", err)
	}
}

// serveBaseline serves the baseline in this process.
func serveBaseline(t *testing.T, rsp []byte) *process {
	t.Helper()
	lis, err := new(net.ListenConfig).Listen(t.Context(), "tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	srv := baselineServer(rsp)
	served := make(chan error, 1)
	go func() { served <- srv.Serve(lis) }()
	conn, err := dial(lis.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		srv.Stop()
		if err := <-served; err != nil {
			t.Errorf("the baseline ended with %v", err)
		}
	})
	return &process{conn: conn}
}

// TestDialWaits proves that a cold start is measured to the first answer: the client is there before the server.
func TestDialWaits(t *testing.T) {
	t.Parallel()
	address, err := freeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // The test is over.
	answered := make(chan error, 1)
	go func() {
		_, err := call(t.Context(), conn, &fnv1.RunFunctionRequest{})
		answered <- err
	}()
	lis, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	srv := baselineServer(nil)
	defer srv.Stop()
	go func() { _ = srv.Serve(lis) }()
	if err := <-answered; err != nil {
		t.Error(err)
	}
}
