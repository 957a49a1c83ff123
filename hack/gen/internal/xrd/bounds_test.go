package xrd

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	xpv1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

// Every string, list and map that a person may write has a bound, in each XRD of both flavours.
func TestEverySpecIsBounded(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..", "..", "apis")
	paths, err := filepath.Glob(filepath.Join(root, "*", definitionName))
	if err != nil {
		t.Fatal(err)
	}
	claims, err := filepath.Glob(filepath.Join(root, claimsDir, "*", definitionName))
	if err != nil || len(paths) == 0 || len(claims) != len(paths) {
		t.Fatalf("%d definitions and %d for claims, error %v", len(paths), len(claims), err)
	}
	for _, path := range append(paths, claims...) {
		text, err := os.ReadFile(path) //nolint:gosec // G304: the path comes from the directory listing.
		if err != nil {
			t.Fatal(err)
		}
		definition := xpv1.CompositeResourceDefinition{}
		if err := yaml.Unmarshal(text, &definition); err != nil {
			t.Fatal(err)
		}
		c := &checker{kind: definition.Spec.Names.Kind}
		for _, v := range definition.Spec.Versions {
			schema := extv1.JSONSchemaProps{}
			if err := json.Unmarshal(v.Schema.OpenAPIV3Schema.Raw, &schema); err != nil {
				t.Fatal(err)
			}
			spec, ok := schema.Properties["spec"]
			if !ok {
				t.Fatalf("%s has no spec", path)
			}
			c.bounded("spec", &spec)
		}
		for _, f := range c.findings {
			t.Error(f)
		}
	}
}

// What has no end is found, wherever it stands.
func TestUnbounded(t *testing.T) {
	t.Parallel()
	const rule = `"x-kubernetes-validations": [{"rule": "self.all(name, size(name) <= 253)"}]`
	cases := map[string]struct{ schema, want string }{
		"a string":          {`{"type": "string"}`, "spec.a.maxLength"},
		"a pattern is none": {`{"type": "string", "pattern": "^vpc-[0-9a-f]+$"}`, "spec.a.maxLength"},
		"an enumeration":    {`{"type": "string", "enum": ["a"]}`, ""},
		"a bounded string":  {`{"type": "string", "maxLength": 5}`, ""},
		"a list":            {`{"type": "array", "items": {"type": "integer"}}`, "spec.a.maxItems"},
		"items":             {`{"type": "array", "maxItems": 2, "items": {"type": "string"}}`, "spec.a.items.maxLength"},
		"a bounded list":    {`{"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 5}}`, ""},
		"a map":             {`{"type": "object", ` + rule + `, "additionalProperties": {"type": "integer"}}`, "spec.a.maxProperties"},
		"keys":              {`{"type": "object", "maxProperties": 2, "additionalProperties": {"type": "integer"}}`, "spec.a.x-kubernetes-validations"},
		"values": {`{"type": "object", ` + rule + `, "maxProperties": 2, "additionalProperties": {"type": "string"}}`,
			"spec.a.additionalProperties.maxLength"},
		"a field inside":   {`{"type": "object", "properties": {"b": {"type": "string"}}}`, "spec.a.properties.b.maxLength"},
		"anything":         {`{"type": "object", "x-kubernetes-preserve-unknown-fields": true}`, "spec.a"},
		"a number or text": {`{"x-kubernetes-int-or-string": true}`, "spec.a"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			schema := extv1.JSONSchemaProps{}
			if err := json.Unmarshal([]byte(tc.schema), &schema); err != nil {
				t.Fatal(err)
			}
			c := &checker{kind: "Widget"}
			c.bounded("spec.a", &schema)
			switch {
			case tc.want == "" && len(c.findings) > 0:
				t.Errorf("findings %v, want none", c.findings)
			case tc.want != "" && (len(c.findings) != 1 || c.findings[0].Path != tc.want):
				t.Errorf("findings %v, want one at %s", c.findings, tc.want)
			}
		})
	}
}

// The widget has fields without a bound: each is told, and what is written says the bounds of the others.
func TestBoundedFindsWhatTheWidgetLeavesOpen(t *testing.T) {
	t.Parallel()
	file, findings, err := Bounded("testdata/crds", "bounds.go")
	if err != nil || len(findings) == 0 {
		t.Fatalf("error %v, findings %v", err, findings)
	}
	if file.Path != "bounds.go" || !strings.Contains(string(file.Content), `"Widget": {`) {
		t.Errorf("%s: %s", file.Path, file.Content)
	}
	if _, _, err := Bounded(t.TempDir(), "bounds.go"); err == nil {
		t.Error("a directory without CRDs has to be an error")
	}
}
