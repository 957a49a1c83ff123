package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/appdatabase"
	"github.com/goldenpath-dev/goldenpath/functions/guardrails"
	"github.com/goldenpath-dev/goldenpath/functions/iam"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
	"github.com/goldenpath-dev/goldenpath/functions/vault"
)

const repository = "../../../.."

// inProcess is a release of today's code with some of the examples.
func inProcess(t *testing.T, examples ...string) *release {
	t.Helper()
	tree := t.TempDir()
	link := func(path string) {
		from, err := filepath.Abs(filepath.Join(repository, path))
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(tree, path)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(from, to); err != nil {
			t.Fatal(err)
		}
	}
	link("apis")
	for _, name := range examples {
		// The directory itself is real: examples are told from files by that.
		entries, err := os.ReadDir(filepath.Join(repository, exampleDir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			link(filepath.Join(exampleDir, name, entry.Name()))
		}
	}
	clock := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	return &release{tree: tree, functions: map[string]simulator.Function{
		objectPrefix + "appdatabase": appdatabase.New(clock), objectPrefix + "iam": iam.New(clock),
		objectPrefix + "vault": vault.New(clock), objectPrefix + "guardrails": guardrails.New(),
	}}
}

// edited changes what a function answers.
type edited struct {
	simulator.Function
	edit func(*fnv1.RunFunctionRequest, *fnv1.RunFunctionResponse)
}

func (e edited) RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	rsp, err := e.Function.RunFunction(ctx, req)
	if err != nil {
		return nil, err
	}
	rsp, _ = proto.Clone(rsp).(*fnv1.RunFunctionResponse)
	e.edit(req, rsp)
	return rsp, nil
}

// The same functions take over without a difference, whatever state an example is in.
func TestNothingDiffers(t *testing.T) {
	t.Parallel()
	same := inProcess(t, "01-new", "03-ready", "08-shrink-refused", "12-upgrade", "14-claim-new", "22-split-stages")
	p := newProof(same, same)
	if err := p.examples(); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if !p.report(&out, base{what: "here"}, intended{}) || len(p.seen) > 0 {
		t.Errorf("functions differ from themselves:\n%s", out.String())
	}
	if p.played != 6 || p.atRest < 12 || p.ready < 9 || p.compared < 500 {
		t.Errorf("%d examples, %d at rest, %d ready, %d resources compared: that is too little to prove anything", p.played, p.atRest, p.ready, p.compared)
	}
}

func TestDifferencesAreFound(t *testing.T) {
	t.Parallel()
	const subnets = "database-subnet-group"
	type what struct{ resource, field string }
	set := func(value *structpb.Value, path ...string) func(*fnv1.RunFunctionRequest, *fnv1.State) {
		return func(_ *fnv1.RunFunctionRequest, desired *fnv1.State) {
			if r := desired.GetResources()[subnets]; r != nil {
				r.Resource = simulator.With(r.GetResource(), value, path...)
			}
		}
	}
	cases := map[string]struct {
		edit func(*fnv1.RunFunctionRequest, *fnv1.State)
		want map[what]bool
	}{
		"another value": {
			set(simulator.Text("new"), "spec", "forProvider", "description"),
			map[what]bool{{subnets, "spec.forProvider.description"}: true},
		},
		"a value that cannot change": {
			set(simulator.Text("us-east-1"), "spec", "forProvider", "region"),
			// The provider says what was refused, and the composite is not ready with it.
			map[what]bool{{subnets, "spec.forProvider.region"}: true, {composite, fieldRefused}: true, {composite, fieldReady}: true},
		},
		"a new field": {
			set(simulator.Text("new"), "spec", "forProvider", "tags", "team-x"),
			map[what]bool{{subnets, "spec.forProvider.tags.team-x"}: true},
		},
		"another object": {
			set(simulator.Text("another"), "metadata", "annotations", "crossplane.io/external-name"),
			map[what]bool{{subnets, "metadata.external-name"}: true},
		},
		"a resource that is not wanted any more": {
			func(_ *fnv1.RunFunctionRequest, desired *fnv1.State) { delete(desired.GetResources(), subnets) },
			map[what]bool{{subnets, fieldRemoved}: true, {composite, fieldRefused}: true},
		},
		"a resource more": {
			func(_ *fnv1.RunFunctionRequest, desired *fnv1.State) {
				if r := desired.GetResources()[subnets]; r != nil {
					more := simulator.With(r.GetResource(), simulator.Text("more"), "metadata", "name")
					desired.Resources["other-more"] = &fnv1.Resource{Resource: more, Ready: fnv1.Ready_READY_TRUE}
				}
			},
			map[what]bool{{"other-more", fieldAdded}: true},
		},
		"readiness that goes": {
			func(_ *fnv1.RunFunctionRequest, desired *fnv1.State) {
				desired.Composite.Ready = fnv1.Ready_READY_FALSE
			},
			map[what]bool{{composite, fieldReady}: true},
		},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			before, today := inProcess(t, "01-new"), inProcess(t, "01-new")
			last := objectPrefix + "guardrails"
			today.functions[last] = edited{today.functions[last], func(req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) {
				tc.edit(req, rsp.GetDesired())
			}}
			p := newProof(before, today)
			if err := p.examples(); err != nil {
				t.Fatal(err)
			}
			got := map[what]bool{}
			for d := range p.seen {
				got[what{d.resource, d.field}] = true
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if p.report(&strings.Builder{}, base{}, intended{}) {
				t.Error("the proof succeeds all the same")
			}
		})
	}
}

// Functions that refuse what the earlier ones took are found too.
func TestRefusalsAreFound(t *testing.T) {
	t.Parallel()
	before, today := inProcess(t, "01-new"), inProcess(t, "01-new")
	last := objectPrefix + "guardrails"
	today.functions[last] = edited{today.functions[last], func(req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) {
		if len(req.GetObserved().GetResources()) > 0 {
			rsp.Results = append(rsp.Results, &fnv1.Result{Severity: fnv1.Severity_SEVERITY_FATAL, Message: "no"})
		}
	}}
	p := newProof(before, today)
	if err := p.examples(); err != nil {
		t.Fatal(err)
	}
	if len(p.seen) != 1 || p.seen[difference{resource: composite, field: fieldFatal, is: "no"}] < 10 {
		t.Errorf("differences = %v", p.seen)
	}
}

// What the values of a Secret are is nobody's business in a report.
func TestObjects(t *testing.T) {
	t.Parallel()
	parse := func(document string) *fnv1.Resource {
		s, err := simulator.Parse([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		return &fnv1.Resource{Resource: s}
	}
	cases := map[string]struct {
		was, is string
		want    []difference
	}{
		"the same in another order": {"{kind: A, spec: {a: 1, b: [x, {c: d}]}}", "{spec: {b: [x, {c: d}], a: 1}, kind: A}", nil},
		"status and other metadata do not count": {
			"{kind: A, metadata: {name: a, labels: {x: y}}, status: {a: 1}}", "{kind: A, metadata: {name: a, generation: 3}}", nil,
		},
		"a name":            {"{metadata: {name: a}}", "{metadata: {name: b}}", []difference{{"r", "metadata.name", `"a"`, `"b"`}}},
		"a kind":            {"{kind: A}", "{kind: B}", []difference{{"r", "kind", `"A"`, `"B"`}}},
		"an item of a list": {"{spec: {l: [1, {a: 1}]}}", "{spec: {l: [1, {a: 2}]}}", []difference{{"r", "spec.l[1].a", "1", "2"}}},
		"the length of a list": {
			"{spec: {l: [1]}}", "{spec: {l: [1, true]}}", []difference{{"r", "spec.l", "[1]", "[1,true]"}},
		},
		"a type":              {"{spec: {a: '1'}}", "{spec: {a: 1}}", []difference{{"r", "spec.a", `"1"`, "1"}}},
		"nothing for null":    {"{spec: {a: null}}", "{spec: {}}", []difference{{"r", "spec.a", "<nil>", ""}}},
		"an object that goes": {"{spec: {a: {c: 1, b: 2}}}", "{}", []difference{{"r", "spec", `{"a":{"b":2,"c":1}}`, ""}}},
		"the value of a Secret": {
			"{apiVersion: v1, kind: Secret, data: {a: b, c: d}}", "{apiVersion: v1, kind: Secret, data: {a: x, e: f}}",
			[]difference{{"r", "data.a", "(a value)", "(a value)"}, {"r", "data.c", "(a value)", ""}, {"r", "data.e", "", "(a value)"}},
		},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			was, is := map[string]*fnv1.Resource{"r": parse(tc.was)}, map[string]*fnv1.Resource{"r": parse(tc.is)}
			if diff := cmp.Diff(tc.want, resources([]string{"r"}, was, is), cmp.AllowUnexported(difference{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	if got := resources([]string{"r"}, nil, nil); got != nil {
		t.Errorf("what nobody wants differs: %v", got)
	}
}

func TestExamplesInCommon(t *testing.T) {
	t.Parallel()
	one, other := inProcess(t, "01-new", "09-environment-not-found"), inProcess(t, "09-environment-not-found")
	p := newProof(one, other)
	if err := p.examples(); err != nil || p.played != 1 || !slices.Equal(p.missing, []string{"01-new"}) {
		t.Errorf("%d played, %v missing, %v", p.played, p.missing, err)
	}
	if err := newProof(inProcess(t, "01-new"), other).examples(); err == nil || !strings.Contains(err.Error(), "no example in common") {
		t.Errorf("a proof of nothing: %v", err)
	}
	one.functions = maps.Clone(one.functions)
	delete(one.functions, objectPrefix+"guardrails")
	if err := newProof(one, one).examples(); err == nil || !strings.Contains(err.Error(), "not ours") {
		t.Errorf("a step that cannot be run: %v", err)
	}
}
