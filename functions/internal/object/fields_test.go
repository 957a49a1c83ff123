package object

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
)

func TestFields(t *testing.T) {
	t.Parallel()
	f := NewFields()
	f.SetString("text", "a")
	f.SetString("emptyText", "")
	f.SetStringIf("set", "b")
	f.SetStringIf("unset", "")
	f.SetNumber("number", 5432)
	f.SetBool("no", false)
	f.SetStrings("strings", []string{"b", "a"})
	f.SetStrings("noStrings", nil)
	f.SetStringMap("map", map[string]string{"x": "1"})
	f.Object("child").SetString("a", "1")
	f.Object("child").SetString("b", "2")
	f.SetObject("same", f.Object("child").Done())
	for i, item := range f.Objects("items", 2) {
		item.SetNumber("i", float64(i))
	}
	want := map[string]any{
		"text": "a", "emptyText": "", "set": "b", "number": 5432.0, "no": false, "strings": []any{"b", "a"}, "noStrings": []any{},
		"map": map[string]any{"x": "1"}, "child": map[string]any{"a": "1", "b": "2"}, "same": map[string]any{"a": "1", "b": "2"},
		"items": []any{map[string]any{"i": 0.0}, map[string]any{"i": 1.0}},
	}
	if diff := cmp.Diff(want, f.Done().Map()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestZeroFields(t *testing.T) {
	t.Parallel()
	if !(Fields{}).IsZero() || NewFields().IsZero() {
		t.Error("only the zero Fields is zero, not an empty object")
	}
}

func TestEditFields(t *testing.T) {
	t.Parallel()
	f := NewFields()
	f.SetString("a", "1")
	EditFields(f.Done()).SetString("b", "2")
	if diff := cmp.Diff(map[string]any{"a": "1", "b": "2"}, f.Done().Map()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	bare := Of(NewFields().Done().Struct())
	bare.Struct().Fields = nil
	EditFields(bare).SetString("a", "1")
	if bare.String("a") != "1" {
		t.Error("an object without fields cannot be continued")
	}
}

// What is observed is the request's: building from it must not write into it.
func TestBuildingFromAnObjectLeavesItAlone(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		build func(Object) Object
		want  map[string]any
	}{
		"Without": {func(o Object) Object { return Without(o, "status", "missing") },
			map[string]any{"metadata": map[string]any{"labels": map[string]any{"a": "1"}, "name": "x"}}},
		"WithStrings": {func(o Object) Object {
			return WithStrings(o, map[string]string{"a": "2", "b": "3"}, "metadata", "labels")
		},
			map[string]any{"metadata": map[string]any{"labels": map[string]any{"a": "2", "b": "3"}, "name": "x"}, "status": map[string]any{"s": "1"}}},
		"WithStrings where nothing is": {func(o Object) Object { return WithStrings(o, map[string]string{"a": "2"}, "spec", "tags") },
			map[string]any{"metadata": map[string]any{"labels": map[string]any{"a": "1"}, "name": "x"}, "status": map[string]any{"s": "1"},
				"spec": map[string]any{"tags": map[string]any{"a": "2"}}}},
		"Merge": {func(o Object) Object {
			f := NewFields()
			f.SetString("status", "mine")
			f.SetString("more", "2")
			f.Merge(o)
			return f.Done()
		}, map[string]any{"metadata": map[string]any{"labels": map[string]any{"a": "1"}, "name": "x"}, "status": map[string]any{"s": "1"}, "more": "2"}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			f := NewFields()
			f.Object("metadata").SetString("name", "x")
			f.Object("metadata").SetStringMap("labels", map[string]string{"a": "1"})
			f.Object("status").SetString("s", "1")
			before := proto.Clone(f.Done().Struct())
			got := tc.build(f.Done())
			if diff := cmp.Diff(tc.want, got.Map()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !proto.Equal(before, f.Done().Struct()) {
				t.Error("the object itself was changed")
			}
		})
	}
}
