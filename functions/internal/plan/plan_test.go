package plan

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// observed are the metadata.names of observed resources.
type observed map[string]string

func (o observed) Get(name string) object.Object {
	known, ok := o[name]
	if !ok {
		return object.Object{}
	}
	f := object.NewFields()
	f.Object("metadata").SetString("name", known)
	return f.Done()
}
func (observed) Connection(string) map[string][]byte { return nil }
func (observed) Names(string) []string               { return nil }

// The name of an object is made once: then it is read.
func TestName(t *testing.T) {
	t.Parallel()
	subject := naming.Subject{UID: "u", Name: "orders"}
	in := In{Subject: subject, Observed: observed{"x-old": "given-before", "x-nameless": ""}}
	for resource, want := range map[string]string{
		"x-old":      "given-before",
		"x-new":      naming.Unique(subject, "x-new", "", 63),
		"x-nameless": naming.Unique(subject, "x-nameless", "", 63),
	} {
		if got := in.Name(resource); got != want {
			t.Errorf("Name(%s) = %q, want %q", resource, got, want)
		}
	}
}

func TestFirst(t *testing.T) {
	t.Parallel()
	if !(Required{Resolved: true}).First().IsZero() {
		t.Error("the first of nothing is something")
	}
	a, b := object.NewFields(), object.NewFields()
	a.SetString("kind", "A")
	if got := (Required{Items: []object.Object{a.Done(), b.Done()}}).First().Kind(); got != "A" {
		t.Errorf("First() is %q", got)
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	p := &Plan{}
	p.Add("a", object.NewFields().Done())
	p.AddData("b", object.NewFields().Done())
	p.Drop("c", pipelinev1.DropSpecChanged, "why")
	p.Set("Ready", conditions.False, conditions.Creating, "wait")
	if len(p.Resources) != 2 || p.Resources[0].Name != "a" || p.Resources[0].Data || p.Resources[1].Name != "b" || !p.Resources[1].Data {
		t.Errorf("resources = %+v", p.Resources)
	}
	if diff := cmp.Diff([]pipelinev1.Drop{{Name: "c", Reason: "SpecChanged", Message: "why"}}, p.Drops); diff != "" {
		t.Errorf("drops (-want +got):\n%s", diff)
	}
	want := conditions.Condition{Type: "Ready", Status: "False", Reason: "Creating", Message: "wait"}
	if len(p.Conditions) != 1 || p.Conditions[0] != want || p.Conditions[0].Is() {
		t.Errorf("conditions = %+v", p.Conditions)
	}
	p.OnlyObserved(In{Observed: observed{"b": "is-there"}})
	if len(p.Resources) != 1 || p.Resources[0].Name != "b" || !p.Waiting {
		t.Errorf("only what is observed: %+v, waiting %v", p.Resources, p.Waiting)
	}
}

// A refusal is told from a defect through any wrapping.
func TestRefusal(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("stage x: %w", Refuse("Ready", conditions.UnknownSize, "spec.size: write small"))
	refusal := (*Refusal)(nil)
	if !errors.As(err, &refusal) {
		t.Fatal("the refusal is lost")
	}
	want := conditions.Condition{Type: "Ready", Status: conditions.False, Reason: conditions.UnknownSize, Message: "spec.size: write small"}
	if refusal.Condition != want || refusal.Error() != want.Message {
		t.Errorf("refusal = %+v", refusal)
	}
	if errors.As(errors.New("a defect"), &refusal) {
		t.Error("a defect is taken for a refusal")
	}
}

func TestTTL(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for reason, tc := range map[string]struct {
		boundary time.Time
		want     time.Duration
	}{
		"nothing changes by the clock": {time.Time{}, 10 * time.Minute},
		"far away":                     {now.Add(time.Hour), 10 * time.Minute},
		"near":                         {now.Add(3 * time.Minute), 3 * time.Minute},
		"almost there":                 {now.Add(time.Millisecond), time.Second},
		"just now":                     {now, 10 * time.Minute},
		"passed":                       {now.Add(-time.Hour), 10 * time.Minute},
	} {
		p := &Plan{Boundary: tc.boundary}
		if got := p.TTL(10*time.Minute, now); got != tc.want {
			t.Errorf("%s: TTL() = %s, want %s", reason, got, tc.want)
		}
	}
}

// What is held keeps what others know it by: a Usage without its label would keep nobody, and a resource without its name in the cloud
// would be made again.
func TestHold(t *testing.T) {
	t.Parallel()
	o, err := object.FromValue(map[string]any{
		"apiVersion": "a/v1", "kind": "K",
		"metadata": map[string]any{
			"name": "n", "namespace": "ns", "uid": "u", "resourceVersion": "1", "finalizers": []any{"f"},
			"labels":      map[string]any{"platform.io/environment-uid": "env", "crossplane.io/composite": "x"},
			"annotations": map[string]any{"crossplane.io/external-name": "id", "platform.io/data": "primary", "crossplane.io/external-create-succeeded": "now"},
		},
		"spec": map[string]any{"forProvider": map[string]any{"a": "1"}}, "status": map[string]any{"b": "2"},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := &Plan{}
	p.Hold("r", o, true)
	want := map[string]any{
		"apiVersion": "a/v1", "kind": "K", "spec": map[string]any{"forProvider": map[string]any{"a": "1"}},
		"metadata": map[string]any{
			"name": "n", "namespace": "ns", "labels": map[string]any{"platform.io/environment-uid": "env"},
			"annotations": map[string]any{"crossplane.io/external-name": "id", "platform.io/data": "primary"},
		},
	}
	if diff := cmp.Diff(want, p.Resources[0].Object.Map()); diff != "" || !p.Resources[0].Data || p.Resources[0].Name != "r" {
		t.Errorf("%+v (-want +got):\n%s", p.Resources[0].Name, diff)
	}
}
