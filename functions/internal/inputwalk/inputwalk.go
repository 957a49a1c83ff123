// Package inputwalk proves for tests that a function makes something of everything that it accepts: it walks the leaves of a schema, and
// wants each of them to change the answer, or to be refused. A field that is new and that no sample tries fails the test.
package inputwalk

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// Fields are values by their dotted paths in a document.
type Fields = map[string]any

// Sample tries one leaf.
type Sample struct {
	// Given is what both calls say.
	Given Fields
	// Then is what only the second one says: the leaf has another value in it.
	Then Fields
	// Elsewhere is why this function has nothing to make of the leaf. A leaf without a reason has to show.
	Elsewhere string
}

// Walk tries every leaf of a schema. Answer calls the function with a document of those fields, and returns what it answers.
func Walk(t *testing.T, schema map[string]any, samples map[string]Sample, answer func(Fields) []byte) {
	t.Helper()
	leaves := Leaves(schema)
	if len(leaves) == 0 {
		t.Fatal("the schema has no field")
	}
	for _, leaf := range leaves {
		sample, tried := samples[leaf]
		switch {
		case !tried:
			t.Errorf("%s is accepted, and no sample says what comes of it: add one, or the reason why nothing does", leaf)
		case sample.Elsewhere != "":
		case len(sample.Then) == 0:
			t.Errorf("%s: the sample changes nothing", leaf)
		default:
			given, then := sample.Given, maps.Clone(sample.Given)
			if then == nil {
				then = Fields{}
			}
			maps.Copy(then, sample.Then)
			if bytes.Equal(answer(given), answer(then)) {
				t.Errorf("%s is accepted and ignored: the answer is the same with %v and with %v", leaf, given, then)
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(samples)) {
		if !slices.Contains(leaves, path) {
			t.Errorf("%s is tried, and there is no such field", path)
		}
	}
}

// Leaves are the dotted paths of everything that has a value in an OpenAPI schema, sorted. [] stands for an item of a list, and {} for a
// value of a map.
func Leaves(schema map[string]any) []string {
	var leaves []string
	walk(schema, "", &leaves)
	slices.Sort(leaves)
	return leaves
}

func walk(schema map[string]any, path string, leaves *[]string) {
	properties, _ := schema["properties"].(map[string]any)
	items, _ := schema["items"].(map[string]any)
	values, _ := schema["additionalProperties"].(map[string]any)
	switch {
	case len(properties) > 0:
		for name, property := range properties {
			at, _ := property.(map[string]any)
			walk(at, strings.TrimPrefix(path+"."+name, "."), leaves)
		}
	case items != nil && nested(items):
		walk(items, path+"[]", leaves)
	case values != nil && nested(values):
		walk(values, path+"{}", leaves)
	default:
		*leaves = append(*leaves, path)
	}
}

// nested says that a schema has fields of its own.
func nested(schema map[string]any) bool {
	properties, _ := schema["properties"].(map[string]any)
	return len(properties) > 0
}

// Input is the schema of a function's input, from the CRD beside its package, without what every object has.
func Input(t *testing.T, file string) map[string]any {
	t.Helper()
	schema := read(t, file, "spec", "versions", "0", "schema", "openAPIV3Schema")
	properties, _ := schema["properties"].(map[string]any)
	for _, name := range []string{"apiVersion", "kind", "metadata"} {
		delete(properties, name)
	}
	return schema
}

// Spec is the schema of a composite's spec, from its definition.
func Spec(t *testing.T, file string) map[string]any {
	t.Helper()
	return read(t, file, "spec", "versions", "0", "schema", "openAPIV3Schema", "properties", "spec")
}

func read(t *testing.T, file string, path ...string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := yaml.Unmarshal(raw, &document); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, key := range path {
		switch at := document.(type) {
		case map[string]any:
			document = at[key]
		case []any:
			document = at[0]
		default:
			t.Fatalf("%s has no %s", file, strings.Join(path, "."))
		}
	}
	schema, ok := document.(map[string]any)
	if !ok {
		t.Fatalf("%s has no %s", file, strings.Join(path, "."))
	}
	return schema
}

// Split takes the fields that begin with a word and a dot out of the others, without it: those of the claim, for example, that a sample of
// an input needs.
func Split(fields Fields, word string) (of, rest Fields) {
	of, rest = Fields{}, Fields{}
	for path, value := range fields {
		if below, found := strings.CutPrefix(path, word+"."); found {
			of[below] = value
		} else {
			rest[path] = value
		}
	}
	return of, rest
}

// Document writes fields into a copy of a document. Nil takes one out.
func Document(base map[string]any, fields Fields) (map[string]any, error) {
	raw, err := yaml.Marshal(base)
	if err != nil {
		return nil, fmt.Errorf("cannot copy the document: %w", err)
	}
	document := map[string]any{}
	if err := yaml.Unmarshal(raw, &document); err != nil {
		return nil, fmt.Errorf("cannot copy the document: %w", err)
	}
	for _, path := range slices.Sorted(maps.Keys(fields)) {
		set(document, strings.Split(path, "."), fields[path])
	}
	return document, nil
}

func set(at map[string]any, path []string, value any) {
	if len(path) == 1 {
		if value == nil {
			delete(at, path[0])
			return
		}
		at[path[0]] = value
		return
	}
	below, ok := at[path[0]].(map[string]any)
	if !ok {
		below = map[string]any{}
		at[path[0]] = below
	}
	set(below, path[1:], value)
}
