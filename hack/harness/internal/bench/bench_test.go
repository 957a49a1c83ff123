package bench

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

func TestQuantileAndMedian(t *testing.T) {
	t.Parallel()
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(i+1))
	}
	if got := quantile(hundred, 0.5); got != 51 {
		t.Errorf("p50 of 1..100 is %d, want 51", got)
	}
	if got := quantile(hundred, 0.99); got != 100 {
		t.Errorf("p99 of 1..100 is %d, want 100", got)
	}
	if got := quantile(hundred[:1], 0.99); got != 1 {
		t.Errorf("p99 of one value is %d, want that value", got)
	}
	if got := median([]float64{9, 1, 5}); got != 5 {
		t.Errorf("median of an odd number of values is %v, want 5", got)
	}
	if got := median([]float64{9, 1, 5, 6}); got != 5.5 {
		t.Errorf("median of an even number of values is %v, want 5.5", got)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		judged, budget float64
		want           string
		fails          bool
	}{
		"a measure without a budget informs only":          {judged: 1000, want: ""},
		"on the budget is within it":                       {judged: 1.5, budget: 1.5, want: "ok"},
		"a little over is said, and does not fail the run": {judged: 1.8, budget: 1.5, want: "OVER"},
		"exactly at the noise margin does not fail":        {judged: 40, budget: 32, want: "OVER"},
		"over the noise margin fails":                      {judged: 41, budget: 32, want: "OVER, fails", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			b := &bench{out: &out, rows: []row{{measure: "m", judged: c.judged, budget: c.budget, unit: " MiB"}}}
			if got := b.rows[0].verdict(); got != c.want {
				t.Errorf("verdict %q, want %q", got, c.want)
			}
			if err := b.verdict(); (err != nil) != c.fails {
				t.Errorf("the run ends with %v, want an error: %t", err, c.fails)
			}
			if strings.Contains(out.String(), "FAILED: m") != c.fails {
				t.Errorf("printed %q, want the failed measure: %t", out.String(), c.fails)
			}
		})
	}
}

func TestParseProc(t *testing.T) {
	t.Parallel()
	// The name of the program holds a space and a parenthesis, as the kernel prints it.
	const stat = "42 (golden) path) S 1 42 42 0 -1 4194560 900 0 0 0 123 45 0 0 20 0 8 0 5000 1 2 3\n"
	if got, err := parseCPU(stat); err != nil || got != 1680*time.Millisecond {
		t.Errorf("processor time %v, %v; want 1.68s", got, err)
	}
	for _, broken := range []string{"", "42 (x) S 1", strings.ReplaceAll(stat, "123", "abc")} {
		if got, err := parseCPU(broken); err == nil {
			t.Errorf("%q is %v, want an error: a measure is never made up", broken, got)
		}
	}
	got, err := parseMemory("Name:\tx\nVmPeak:\t  999 kB\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\n")
	if want := (memory{peak: 2 << 20, now: 1 << 20}); err != nil || got != want {
		t.Errorf("memory %+v, %v; want %+v", got, err, want)
	}
	for _, broken := range []string{"", "VmHWM:\t2048 kB\n", "VmHWM:\t2048 MB\nVmRSS:\t1 kB\n"} {
		if got, err := parseMemory(broken); err == nil {
			t.Errorf("%q is %+v, want an error: a measure is never made up", broken, got)
		}
	}
}

// doc makes a document of one object.
func doc(t *testing.T, text string) repo.Document {
	t.Helper()
	docs, err := repo.Parse("test.yaml", []byte(text))
	if err != nil || len(docs) != 1 {
		t.Fatalf("not one document: %v", err)
	}
	return docs[0]
}

const environment = `{apiVersion: platform.io/v1, kind: Environment, metadata: {name: staging, namespace: team}}`

func TestRequest(t *testing.T) {
	t.Parallel()
	e := example{
		xr: doc(t, `{apiVersion: platform.io/v1, kind: AppDatabase, metadata: {name: orders, namespace: team}}`),
		observed: []repo.Document{doc(t, `{apiVersion: rds.aws.m.upbound.io/v1beta1, kind: Instance,
			metadata: {name: orders-x, annotations: {crossplane.io/composition-resource-name: database-instance}},
			spec: {writeConnectionSecretToRef: {name: master}}}`)},
		required: []repo.Document{doc(t, `{apiVersion: v1, kind: Secret, metadata: {name: master, namespace: team}, data: {username: YXBw}}`)},
	}
	golden := doc(t, `{apiVersion: v1, kind: Secret, metadata: {name: s, ownerReferences: [{controller: true, uid: the-uid}]}}`)
	if err := e.complete([]repo.Document{golden}, true); err != nil {
		t.Fatal(err)
	}
	req, err := e.request(nil)
	if err != nil {
		t.Fatal(err)
	}
	if uid := req.GetObserved().GetComposite().GetResource().AsMap()["metadata"].(map[string]any)["uid"]; uid != "the-uid" {
		t.Errorf("the composite has the uid %v, want that of the owner of what was rendered", uid)
	}
	instance := req.GetObserved().GetResources()["database-instance"]
	if instance.GetResource().AsMap()["kind"] != "Instance" || string(instance.GetConnectionDetails()["username"]) != "app" {
		t.Errorf("observed %v, want the Instance with its connection details", instance)
	}

	e.observed = append(e.observed, doc(t, environment))
	if _, err := e.request(nil); err == nil || !strings.Contains(err.Error(), resourceName) {
		t.Errorf("an observed object without the annotation: %v, want an error that names it", err)
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	e := example{required: []repo.Document{doc(t, environment)}}
	team, other := "team", "other"
	selector := func(name string, namespace *string) *fnv1.ResourceSelector {
		return &fnv1.ResourceSelector{
			ApiVersion: "platform.io/v1", Kind: "Environment", Namespace: namespace,
			Match: &fnv1.ResourceSelector_MatchName{MatchName: name},
		}
	}
	answers, err := e.answer(&fnv1.Requirements{Resources: map[string]*fnv1.ResourceSelector{
		"found": selector("staging", &team), "other-name": selector("production", &team), "other-namespace": selector("staging", &other),
	}})
	if err != nil {
		t.Fatal(err)
	}
	found, err := resource(e.required[0])
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]*fnv1.Resources{"found": {Items: []*fnv1.Resource{found}}, "other-name": {}, "other-namespace": {}}
	if d := cmp.Diff(want, answers, protocmp.Transform()); d != "" {
		t.Errorf("answers (-want +got):\n%s", d)
	}
	byLabels := &fnv1.ResourceSelector{Match: &fnv1.ResourceSelector_MatchLabels{MatchLabels: &fnv1.MatchLabels{}}}
	if _, err := e.answer(&fnv1.Requirements{Resources: map[string]*fnv1.ResourceSelector{"x": byLabels}}); err == nil {
		t.Error("a requirement by labels was answered; want an error, not a silent gap")
	}
}

func TestPad(t *testing.T) {
	t.Parallel()
	observed, err := structpb.NewStruct(map[string]any{"kind": "Policy", "spec": map[string]any{"a": "b"}, "status": map[string]any{"c": "d"}})
	if err != nil {
		t.Fatal(err)
	}
	req := &fnv1.RunFunctionRequest{
		Observed: &fnv1.State{Resources: map[string]*fnv1.Resource{"one": {Resource: observed}}},
		Desired:  &fnv1.State{},
	}
	if added := pad(req, 3); added != 2 || len(req.GetObserved().GetResources()) != 3 || len(req.GetDesired().GetResources()) != 2 {
		t.Errorf("%d added, %d observed, %d desired; want 2, 3, 2",
			added, len(req.GetObserved().GetResources()), len(req.GetDesired().GetResources()))
	}
	for name, r := range req.GetDesired().GetResources() {
		if _, ok := r.GetResource().GetFields()["status"]; ok {
			t.Errorf("desired %s has a status: a step wants none", name)
		}
	}
	if added := pad(req, 3); added != 0 {
		t.Errorf("%d added to what is enough already, want 0", added)
	}
}

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

func TestMissingExampleIsAnError(t *testing.T) {
	t.Parallel()
	b := &bench{root: t.TempDir(), out: &strings.Builder{}}
	if _, err := b.workloads(context.Background(), Command{Steady: "nowhere"}, servers{}); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a missing example: %v, want an error that names it", err)
	}
	if err := b.run(context.Background(), Command{}); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("a missing binary: %v, want an error that says what to run", err)
	}
	if err := b.size(); err == nil {
		t.Error("the size of a missing binary was measured")
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	b := &bench{root: t.TempDir()}
	if err := os.MkdirAll(filepath.Dir(b.binary()), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.binary(), make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := b.size(); err != nil {
		t.Fatal(err)
	}
	if plain, zipped := b.rows[0].judged, b.rows[1].judged; plain != 2 || zipped <= 0 || zipped > 0.01 {
		t.Errorf("2 MiB of zeros: %v MiB, compressed %v MiB; want 2, and next to nothing", plain, zipped)
	}
}

