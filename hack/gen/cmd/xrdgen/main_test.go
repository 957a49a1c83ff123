package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// crd is the smallest CRD that is accepted; SPEC may spoil it.
const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.platform.io}
spec:
  group: platform.io
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object SPEC}}}}
`

func TestRun(t *testing.T) {
	cases := []struct {
		reason string
		spec   string
		args   []string
		code   int
		says   []string
		files  int
	}{
		{"definitions of both flavours", "", nil, 0, []string{"wrote", filepath.Join("claims", "widgets", "definition.yaml")}, 2},
		{"check writes nothing", "", []string{"--check"}, 1, []string{"is out of date"}, 0},
		{
			"every finding on a line of its own, and nothing written", ", default: {}, nullable: true", nil, 1,
			[]string{"Widget v1.schema.properties.spec.default: ", "\nWidget v1.schema.properties.spec.nullable: ", "refused for 2 reasons"}, 0,
		},
		{"an argument too many", "", []string{"more"}, 2, []string{"Usage:"}, 0},
		{"an unknown flag", "", []string{"--colour"}, 2, []string{"not defined"}, 0},
	}
	for _, tc := range cases {
		t.Run(tc.reason, func(t *testing.T) {
			dir, apis := t.TempDir(), t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "w.yaml"), []byte(strings.Replace(crd, "SPEC", tc.spec, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if code := run(append([]string{"--crds", dir, "--out", apis}, tc.args...), &out, &out); code != tc.code {
				t.Errorf("exit code %d, want %d", code, tc.code)
			}
			for _, text := range tc.says {
				if !strings.Contains(out.String(), text) {
					t.Errorf("printed:\n%s\nwant %q in it", out.String(), text)
				}
			}
			here, _ := filepath.Glob(filepath.Join(apis, "*", definition))             // The pattern is constant and legal.
			claims, _ := filepath.Glob(filepath.Join(apis, "claims", "*", definition)) // As above.
			if n := len(here) + len(claims); n != tc.files {
				t.Errorf("%d definitions on disk, want %d", n, tc.files)
			}
		})
	}
}

const definition = "definition.yaml"
