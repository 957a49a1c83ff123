package object

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"
)

func sample(t *testing.T) Object {
	t.Helper()
	s, err := structpb.NewStruct(map[string]any{
		"apiVersion": "v1", "kind": "Thing",
		"metadata": map[string]any{
			"name": "a", "namespace": "ns", "uid": "u-1", "labels": map[string]any{"l": "1"}, "annotations": map[string]any{"n": "2"},
			"ownerReferences": []any{map[string]any{"uid": "other", "controller": false}, map[string]any{"uid": "xr", "controller": true}},
		},
		"spec": map[string]any{
			"text": "t", "yes": true, "number": 5432.0, "fraction": 7.9, "null": nil, "empty": map[string]any{},
			"strings": []any{"b", "a"}, "objects": []any{map[string]any{"k": "v"}, "no object"}, "map": map[string]any{"x": "1", "n": 2.0},
		},
		"status": map[string]any{"conditions": []any{
			map[string]any{"type": "Synced", "status": "True"},
			map[string]any{"type": "Ready", "status": "False", "reason": "Creating", "message": "wait"},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return Of(s)
}

func TestGetters(t *testing.T) {
	t.Parallel()
	o := sample(t)
	cases := map[string]struct{ got, want any }{
		"string":                        {o.String("spec", "text"), "t"},
		"string of another type":        {o.String("spec", "number"), ""},
		"string below a string":         {o.String("spec", "text", "deeper"), ""},
		"string that is not there":      {o.String("spec", "missing"), ""},
		"string without a path":         {o.String(), ""},
		"boolean":                       {o.Bool("spec", "yes"), true},
		"boolean of another type":       {o.Bool("spec", "text"), false},
		"number":                        {o.Int("spec", "number"), int64(5432)},
		"number without its fraction":   {o.Int("spec", "fraction"), int64(7)},
		"number of another type":        {o.Int("spec", "text"), int64(0)},
		"has":                           {o.Has("spec", "text"), true},
		"has an empty object":           {o.Has("spec", "empty"), true},
		"null is not there":             {o.Has("spec", "null"), false},
		"has not":                       {o.Has("spec", "missing"), false},
		"object":                        {o.At("spec", "map").String("x"), "1"},
		"object of another type":        {o.At("spec", "text").IsZero(), true},
		"object that is not there":      {o.At("missing", "deeper").IsZero(), true},
		"strings":                       {o.Strings("spec", "strings"), []string{"b", "a"}},
		"strings that are not there":    {o.Strings("spec", "missing"), []string(nil)},
		"objects":                       {len(o.List("spec", "objects")), 2},
		"one of the objects":            {o.List("spec", "objects")[0].String("k"), "v"},
		"no object among them":          {o.List("spec", "objects")[1].IsZero(), true},
		"objects that are not there":    {o.List("spec", "missing"), []Object(nil)},
		"map of strings":                {o.StringMap("spec", "map"), map[string]string{"x": "1", "n": ""}},
		"map that is not there":         {o.StringMap("spec", "missing"), map[string]string(nil)},
		"length":                        {o.Len(), 5},
		"keys":                          {slices.Sorted(slices.Values(o.Keys())), []string{"apiVersion", "kind", "metadata", "spec", "status"}},
		"apiVersion":                    {o.APIVersion(), "v1"},
		"kind":                          {o.Kind(), "Thing"},
		"name":                          {o.Name(), "a"},
		"namespace":                     {o.Namespace(), "ns"},
		"uid":                           {o.UID(), "u-1"},
		"label":                         {o.Label("l"), "1"},
		"annotation":                    {o.Annotation("n"), "2"},
		"not deleting":                  {o.Deleting(), false},
		"condition":                     {o.Condition("Ready"), Condition{Status: "False", Reason: "Creating", Message: "wait"}},
		"condition that is not there":   {o.Condition("Other"), Condition{}},
		"controlled by its owner":       {o.ControlledBy("xr"), true},
		"not by an owner that does not": {o.ControlledBy("other"), false},
		"nor by nobody":                 {Of(nil).ControlledBy(""), false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, tc.got, cmp.AllowUnexported(Object{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestZeroObject(t *testing.T) {
	t.Parallel()
	var o Object
	if !o.IsZero() || o.Len() != 0 || o.Struct() != nil || o.Name() != "" || o.Has("a") || o.Int("a") != 0 || len(o.Keys()) != 0 || len(o.Map()) != 0 {
		t.Error("the zero Object is not empty")
	}
	var into struct{ A string }
	if err := o.DecodeStrict(&into); err != nil {
		t.Errorf("DecodeStrict() = %v", err)
	}
}

func TestIntOfWhatIsNoNumber(t *testing.T) {
	t.Parallel()
	for _, n := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		o := Of(&structpb.Struct{Fields: map[string]*structpb.Value{"n": structpb.NewNumberValue(n)}})
		if got := o.Int("n"); got != 0 {
			t.Errorf("Int() of %v = %d, want 0", n, got)
		}
	}
}

func TestDeleting(t *testing.T) {
	t.Parallel()
	f := NewFields()
	f.Object("metadata").SetString("deletionTimestamp", "2025-01-01T00:00:00Z")
	if !f.Done().Deleting() {
		t.Error("an object with a deletionTimestamp is not deleting")
	}
}

type decoded struct {
	Name  string            `json:"name"`
	Count *int64            `json:"count,omitempty"`
	Tags  map[string]string `json:"tags,omitempty"`
}

func TestDecode(t *testing.T) {
	t.Parallel()
	n := int64(3)
	cases := map[string]struct {
		object  map[string]any
		want    decoded
		lenient bool
		strict  bool
	}{
		"all fields":             {map[string]any{"name": "a", "count": 3.0, "tags": map[string]any{"x": "1"}}, decoded{"a", &n, map[string]string{"x": "1"}}, true, true},
		"unknown field":          {map[string]any{"name": "a", "more": 1.0}, decoded{Name: "a"}, true, false},
		"other capitals":         {map[string]any{"Name": "a"}, decoded{}, true, false},
		"another type":           {map[string]any{"name": 1.0}, decoded{}, false, false},
		"a fraction in a number": {map[string]any{"count": 1.5}, decoded{}, false, false},
		"empty":                  {map[string]any{}, decoded{}, true, true},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			s, err := structpb.NewStruct(tc.object)
			if err != nil {
				t.Fatal(err)
			}
			var got, strict decoded
			err = Of(s).Decode(&got)
			if (err == nil) != tc.lenient {
				t.Errorf("Decode() = %v", err)
			}
			if err == nil {
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("Decode() (-want +got):\n%s", diff)
				}
			}
			if err := Of(s).DecodeStrict(&strict); (err == nil) != tc.strict {
				t.Errorf("DecodeStrict() = %v", err)
			}
		})
	}
}

func TestDecodeOfWhatJSONCannotHold(t *testing.T) {
	t.Parallel()
	o := Of(&structpb.Struct{Fields: map[string]*structpb.Value{"count": structpb.NewNumberValue(math.Inf(1))}})
	if err := o.Decode(&decoded{}); err == nil {
		t.Error("Decode() of an infinite number succeeds")
	}
}

func TestFromValue(t *testing.T) {
	t.Parallel()
	n := int64(3)
	o, err := FromValue(decoded{Name: "a", Count: &n})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"name": "a", "count": 3.0}, o.Map()); diff != "" {
		t.Errorf("FromValue() (-want +got):\n%s", diff)
	}
	for reason, v := range map[string]any{"no object": []string{"a"}, "no JSON": func() {}} {
		if _, err := FromValue(v); err == nil {
			t.Errorf("FromValue() of %s succeeds", reason)
		}
	}
}
