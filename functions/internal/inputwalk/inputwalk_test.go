package inputwalk

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

const schema = `
properties:
  name: {type: string}
  tags: {type: object, additionalProperties: {type: string}}
  zones: {type: array, items: {type: string}}
  tiers: {additionalProperties: {properties: {cpu: {type: string}}}}
  rules: {items: {properties: {vpcs: {items: {type: string}}, who: {properties: {team: {type: string}}}}}}
`

func TestLeaves(t *testing.T) {
	t.Parallel()
	parsed := map[string]any{}
	if err := yaml.Unmarshal([]byte(schema), &parsed); err != nil {
		t.Fatal(err)
	}
	want := []string{"name", "rules[].vpcs", "rules[].who.team", "tags", "tiers{}.cpu", "zones"}
	if diff := cmp.Diff(want, Leaves(parsed)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What is ignored, what nobody tries, and what there is not, is found.
func TestWalkFinds(t *testing.T) {
	t.Parallel()
	parsed := map[string]any{"properties": map[string]any{"seen": map[string]any{}, "ignored": map[string]any{}, "new": map[string]any{}, "theirs": map[string]any{}}}
	samples := map[string]Sample{
		"seen": {Then: Fields{"seen": 1}}, "ignored": {Then: Fields{"ignored": 1}}, "gone": {Then: Fields{"gone": 1}}, "theirs": {Elsewhere: "others read it"},
	}
	answer := func(f Fields) []byte {
		if f["seen"] != nil {
			return []byte("seen")
		}
		return nil
	}
	found := &testing.T{}
	Walk(found, parsed, samples, answer)
	if !found.Failed() {
		t.Error("nothing is found")
	}
	fine := &testing.T{}
	delete(parsed["properties"].(map[string]any), "ignored")
	delete(parsed["properties"].(map[string]any), "new")
	delete(samples, "ignored")
	delete(samples, "gone")
	Walk(fine, parsed, samples, answer)
	if fine.Failed() {
		t.Error("something is found where nothing is")
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	base := map[string]any{"a": map[string]any{"b": "1", "c": "2"}}
	got, err := Document(base, Fields{"a.b": "3", "a.c": nil, "d.e": []any{"4"}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"a": map[string]any{"b": "3"}, "d": map[string]any{"e": []any{"4"}}}
	if diff := cmp.Diff(want, got); diff != "" || !slices.Equal([]string{base["a"].(map[string]any)["b"].(string)}, []string{"1"}) {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
