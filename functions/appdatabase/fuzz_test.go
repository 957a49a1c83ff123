package appdatabase_test

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/appdatabase"
	"github.com/goldenpath-dev/goldenpath/functions/guardrails"
	"github.com/goldenpath-dev/goldenpath/functions/iam"
	"github.com/goldenpath-dev/goldenpath/functions/internal/budget"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/vault"
)

// fuzzed is a function, what it owns, and the conditions that it answers on every call.
type fuzzed struct {
	name string
	run  interface {
		RunFunction(context.Context, *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error)
	}
	prefixes   []string
	conditions []string
}

func fuzzedFunctions() []fuzzed {
	now := func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
	return []fuzzed{
		{"appdatabase", appdatabase.New(now), nil, []string{v1.ConditionEnvironmentResolved, v1.ConditionDatabaseReady, v1.ConditionAccessReady}},
		{"iam", iam.New(now), []string{ownership.IAM}, nil},
		{"vault", vault.New(now), []string{ownership.Vault}, []string{v1.ConditionVaultReady}},
		{"guardrails", guardrails.New(), ownership.Prefixes(), []string{v1.ConditionGuardrailsPassed}},
	}
}

// FuzzRequestBytes reads any bytes as a request.
func FuzzRequestBytes(f *testing.F) {
	for _, req := range seeds(f) {
		raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(req)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	functions := fuzzedFunctions()
	f.Fuzz(func(t *testing.T, raw []byte) {
		defer budget.Start(t, len(raw))()
		req := &fnv1.RunFunctionRequest{}
		if err := proto.Unmarshal(raw, req); err != nil {
			return
		}
		for _, fn := range functions {
			promises(t, fn, req)
		}
	})
}

// FuzzRequestFields writes odd values over fields of a request that is otherwise in order. Four bytes are one edit: where to
// start, how far to go down, which way, and what to write.
func FuzzRequestFields(f *testing.F) {
	requests := seeds(f)
	functions := fuzzedFunctions()
	// `go test` runs the seeds alone: make enough of them to be worth it.
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range len(requests) * len(functions) * 4 {
		edits := make([]byte, 4*rng.IntN(5))
		for j := range edits {
			edits[j] = byte(rng.IntN(256))
		}
		f.Add(byte(i), edits)
	}
	f.Fuzz(func(t *testing.T, base byte, edits []byte) {
		req := proto.Clone(requests[int(base)%len(requests)]).(*fnv1.RunFunctionRequest)
		for e := range slices.Chunk(edits[:min(len(edits), 64)], 4) {
			if len(e) == 4 {
				edit(req, e)
			}
		}
		promises(t, functions[int(base)/len(requests)%len(functions)], req)
	})
}

// promises hold for every request.
func promises(t *testing.T, fn fuzzed, req *fnv1.RunFunctionRequest) {
	t.Helper()
	before := proto.Clone(req)
	rsp, err := fn.run.RunFunction(t.Context(), req)
	if err != nil {
		t.Fatalf("%s: returned an error: %v", fn.name, err)
	}
	if !proto.Equal(before, req) && !hasNaN(req) {
		t.Fatalf("%s: changed the request", fn.name)
	}
	if rsp.GetMeta().GetTag() != req.GetMeta().GetTag() {
		t.Fatalf("%s: lost the tag", fn.name)
	}
	for name := range req.GetDesired().GetResources() {
		if _, kept := rsp.GetDesired().GetResources()[name]; !kept {
			t.Fatalf("%s: took %s out of the desired state", fn.name, name)
		}
	}
	types := map[string]int{}
	for _, c := range rsp.GetConditions() {
		types[c.GetType()]++
	}
	for _, want := range fn.conditions {
		if types[want] != 1 {
			t.Fatalf("%s: answered condition %s %d times", fn.name, want, types[want])
		}
	}
	for _, r := range rsp.GetResults() {
		if strings.Contains(r.GetMessage(), "panicked") {
			t.Fatalf("%s: %s", fn.name, r.GetMessage())
		}
		if r.GetSeverity() == fnv1.Severity_SEVERITY_FATAL {
			return
		}
	}
	kept(t, fn, req, rsp)
}

// kept says that what is observed and ours is wanted again, or dropped for a reason that the steps behind can read.
func kept(t *testing.T, fn fuzzed, req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) {
	t.Helper()
	dropped := map[string]bool{}
	drops := rsp.GetContext().GetFields()[pipelinev1.DropsKey].GetStructValue()
	for _, d := range drops.GetFields()["items"].GetListValue().GetValues() {
		item := d.GetStructValue().GetFields()
		dropped[item["name"].GetStringValue()] = true
	}
	prefixes := fn.prefixes
	if prefixes == nil {
		// Which stages run in process is in the input; the database always does.
		prefixes = []string{ownership.Database}
	}
	for name := range req.GetObserved().GetResources() {
		ours := slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
		if _, wanted := rsp.GetDesired().GetResources()[name]; ours && !wanted && !dropped[name] {
			t.Fatalf("%s: lost %s without a word", fn.name, name)
		}
	}
}

func hasNaN(req *fnv1.RunFunctionRequest) bool {
	// A NaN is unequal to itself, so a request that holds one is unequal to its own copy.
	return !proto.Equal(req, proto.Clone(req))
}

// seeds are the requests of some AppDatabases from their first call until they are ready, each also as guardrails gets it, with
// what the steps before want.
func seeds(f *testing.F) []*fnv1.RunFunctionRequest {
	f.Helper()
	var all []*fnv1.RunFunctionRequest
	for _, claim := range []struct {
		spec    string
		reaches []string
	}{
		{`{}`, []string{"database-instance", "vault-connection"}},
		{`{engine: aurora-postgresql, replicas: 2, iamAuthentication: true, deletionPolicy: Retain}`,
			[]string{"database-cluster", "database-cluster-instance-3"}},
		{`{engine: mariadb, replicas: 2, iamAuthentication: true, parameters: {max_connections: "100"},
  restoreFrom: {database: billing, time: "2026-01-01T00:00:00Z"}}`, []string{"database-instance", "database-replica-2"}},
	} {
		requests := seedsOf(f, wire(f, []byte(claim.spec)))
		for _, name := range claim.reaches {
			if requests[len(requests)-1].GetObserved().GetResources()[name] == nil {
				f.Fatalf("the seeds never reach %s", name)
			}
		}
		all = append(all, requests...)
	}
	return all
}

// seedsOf one claim: the example's, with some fields of its spec changed.
func seedsOf(f *testing.F, spec *structpb.Struct) []*fnv1.RunFunctionRequest {
	f.Helper()
	req := &fnv1.RunFunctionRequest{
		Meta:     &fnv1.RequestMeta{Tag: "tag-1"},
		Input:    wire(f, []byte(`{apiVersion: appdatabase.fn.platform.io/v1, kind: Input, stages: [database, iam, vault], sizes: {small: {instanceClass: db.t4g.small, storageGiB: 20, maxStorageGiB: 40}}, tiers: {staging: {multiAZ: true}}}`)),
		Observed: &fnv1.State{Composite: &fnv1.Resource{Resource: example(f, "xr.yaml")}, Resources: map[string]*fnv1.Resource{}},
	}
	maps.Copy(req.GetObserved().GetComposite().GetResource().GetFields()["spec"].GetStructValue().GetFields(), spec.GetFields())
	all := []*fnv1.RunFunctionRequest{proto.Clone(req).(*fnv1.RunFunctionRequest)}
	environment := example(f, "required.yaml")
	req.RequiredResources = map[string]*fnv1.Resources{
		"environment":       {Items: []*fnv1.Resource{{Resource: environment}}},
		"connection-secret": {},
		"restore-source":    {Items: []*fnv1.Resource{{Resource: source(f, environment)}}},
	}
	for range 7 {
		all = append(all, proto.Clone(req).(*fnv1.RunFunctionRequest))
		rsp, err := fuzzedFunctions()[0].run.RunFunction(f.Context(), req)
		if err != nil {
			f.Fatal(err)
		}
		after := proto.Clone(req).(*fnv1.RunFunctionRequest)
		after.Desired, after.Context, after.Input = rsp.GetDesired(), rsp.GetContext(), nil
		all = append(all, after)
		observe(f, req, rsp)
	}
	return append(all, req)
}

// source is the database to restore from, in the same account.
func source(f *testing.F, environment *structpb.Struct) *structpb.Struct {
	f.Helper()
	s := wire(f, []byte(`{apiVersion: platform.io/v1, kind: AppDatabase, metadata: {name: billing},
  status: {engine: mariadb, identifier: billing-1, version: "10.11.4", environment: {}}}`))
	s.Fields["status"].GetStructValue().Fields["environment"] = structpb.NewStructValue(&structpb.Struct{Fields: map[string]*structpb.Value{
		"cloud": environment.GetFields()["status"].GetStructValue().GetFields()["cloud"],
	}})
	return s
}

// observe makes what is desired the observed state, all of it ready.
func observe(f *testing.F, req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) {
	f.Helper()
	for name, r := range rsp.GetDesired().GetResources() {
		o := proto.Clone(r.GetResource()).(*structpb.Struct)
		o.Fields["status"] = structpb.NewStructValue(wire(f, []byte(`{conditions: [{type: Ready, status: "True"}, {type: Synced, status: "True"}],
  atProvider: {id: sg-0aa, address: db.example.org, endpoint: db.example.org, port: 5432, allocatedStorage: 20, arn: "arn:aws:rds:eu-west-1:123456789012:db:x",
    resourceId: db-A, clusterResourceId: cluster-A, dbName: shop, instanceClass: db.t4g.small, writer: true}}`)))
		asked := o.GetFields()["spec"].GetStructValue().GetFields()["forProvider"].GetStructValue().GetFields()["engineVersion"]
		o.Fields["status"].GetStructValue().Fields["atProvider"].GetStructValue().Fields["engineVersionActual"] = structpb.NewStringValue(
			asked.GetStringValue() + ".4")
		req.Observed.Resources[name] = &fnv1.Resource{Resource: o}
	}
	if s := rsp.GetDesired().GetComposite().GetResource().GetFields()["status"]; s != nil {
		req.Observed.Composite.Resource.Fields["status"] = s
	}
}

func example(f *testing.F, file string) *structpb.Struct {
	f.Helper()
	raw, err := os.ReadFile("../../examples/appdatabases/01-new/" + file)
	if err != nil {
		f.Fatal(err)
	}
	return wire(f, raw)
}

func wire(f *testing.F, text []byte) *structpb.Struct {
	f.Helper()
	raw, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		f.Fatal(err)
	}
	s := &structpb.Struct{}
	if err := s.UnmarshalJSON(raw); err != nil {
		f.Fatal(err)
	}
	return s
}

// edit writes one odd value.
func edit(req *fnv1.RunFunctionRequest, e []byte) {
	roots := []**structpb.Struct{&req.Input, &req.Context}
	if c := req.GetObserved().GetComposite(); c != nil {
		roots = append(roots, &c.Resource, &c.Resource, &c.Resource)
	}
	for _, resources := range []map[string]*fnv1.Resource{req.GetObserved().GetResources(), req.GetDesired().GetResources()} {
		for _, name := range sorted(resources) {
			roots = append(roots, &resources[name].Resource)
		}
	}
	for _, key := range sorted(req.GetRequiredResources()) {
		for _, item := range req.GetRequiredResources()[key].GetItems() {
			roots = append(roots, &item.Resource, &item.Resource)
		}
	}
	root := roots[int(e[0])%len(roots)]
	if *root == nil || len((*root).GetFields()) == 0 {
		*root = &structpb.Struct{Fields: map[string]*structpb.Value{pipelinev1.WiringKey: structpb.NewNullValue()}}
	}
	at, depth, way := *root, int(e[1]%6), int(e[2])
	for {
		keys := sorted(at.GetFields())
		key := keys[way%len(keys)]
		way = way/len(keys) + way
		next := at.Fields[key].GetStructValue()
		if list := at.Fields[key].GetListValue().GetValues(); len(list) > 0 {
			next = list[way%len(list)].GetStructValue()
		}
		if depth == 0 || len(next.GetFields()) == 0 {
			write(at, key, e[3])
			return
		}
		at, depth = next, depth-1
	}
}

// write replaces a value, removes it, or adds one beside it.
func write(at *structpb.Struct, key string, what byte) {
	words := []string{
		"", "small", "production", "preview", "Expired", "mysql", "aws", "a--b", "9lives", "True", "False", "*", "sg-", "16", "10.0.0.0/8", "{username}",
		"-1", "ü\x00", "database-instance", "EnvironmentExpired", strings.Repeat("x", 300),
	}
	odd := []*structpb.Value{
		structpb.NewNullValue(), structpb.NewNumberValue(-1), structpb.NewNumberValue(1e300), structpb.NewNumberValue(math.NaN()), structpb.NewBoolValue(true),
		structpb.NewNumberValue(0.5), structpb.NewListValue(&structpb.ListValue{}), structpb.NewStructValue(&structpb.Struct{}), {},
		structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{structpb.NewStringValue("x"), structpb.NewStructValue(nil)}}),
	}
	switch i := int(what) % (len(words) + len(odd) + 2); {
	case i < len(words):
		at.Fields[key] = structpb.NewStringValue(words[i])
	case i < len(words)+len(odd):
		at.Fields[key] = odd[i-len(words)]
	case i == len(words)+len(odd):
		delete(at.Fields, key)
	default:
		at.Fields[key+"x"] = structpb.NewStringValue("x")
	}
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
