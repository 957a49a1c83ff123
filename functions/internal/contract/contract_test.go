package contract

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/randfill"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// A field that is added to a type and not here would be lost on its way to the next step.
func TestEncodesLikeJSON(t *testing.T) {
	t.Parallel()
	fill := randfill.NewWithSeed(1).NilChance(0.3).NumElements(0, 3)
	for range 500 {
		e, w, d := &pipelinev1.Environment{}, &pipelinev1.Wiring{}, &pipelinev1.Drops{}
		fill.Fill(e)
		fill.Fill(w)
		fill.Fill(d)
		if w.Entry != nil && w.Entry.Values == nil {
			w.Entry.Values = map[string]string{}
		}
		for i := range w.Grants {
			// A grant has both lists, so neither is ever null.
			w.Grants[i].Actions, w.Grants[i].Resources = append([]string{"a"}, w.Grants[i].Actions...), append([]string{"r"}, w.Grants[i].Resources...)
		}
		if w.Database != nil {
			// Numbers cross the wire as float64, which holds every port.
			w.Database.Port &= 0xffff
		}
		same(t, e, Environment(e))
		same(t, w, Wiring(w))
		same(t, d, Drops(d))
	}
}

func same(t *testing.T, v any, got object.Object) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{}
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.Map()); diff != "" {
		t.Fatalf("%T differs from its JSON (-want +got):\n%s", v, diff)
	}
}
