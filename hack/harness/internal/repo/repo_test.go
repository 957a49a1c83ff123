package repo

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	cases := map[string]struct {
		reason, in string
		want       []string
		err        string
	}{
		"Documents":    {reason: "Empty documents and comments are none.", in: "---\n# x\n---\nkind: A\nmetadata: {name: a}\n---\nkind: B\n", want: []string{"A/a", "B/*"}},
		"Resource":     {reason: "A composed resource is told by its name too.", in: "kind: A\nmetadata: {name: a, annotations: {crossplane.io/composition-resource-name: box}}\n", want: []string{"A/a (box)"}},
		"DuplicateKey": {reason: "One of the two would be dropped silently.", in: "kind: A\nkind: B\n", err: `f.yaml: document 1`},
		"NoObject":     {reason: "A list is no object.", in: "- a\n", err: "f.yaml: document 1"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			docs, err := Parse("f.yaml", []byte(tc.in))
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Errorf("%s: error is %v, want one with %q", tc.reason, err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			var got []string
			for _, d := range docs {
				got = append(got, d.Title())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestRoot(t *testing.T) {
	if _, err := Root(t.TempDir()); err == nil {
		t.Error("a directory outside of the repository has a root")
	}
}
