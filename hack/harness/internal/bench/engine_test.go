package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadyExamples(t *testing.T) {
	t.Parallel()
	const (
		ready    = "True"
		creating = "False"
	)
	type one struct{ name, engine, status string }
	cases := map[string]struct {
		examples []one
		want     []engineExample
		err      string
	}{
		"the first of each engine": {
			examples: []one{{"1", "postgres", ready}, {"2", "mysql", ready}, {"3", "postgres", ready}},
			want:     []engineExample{{"postgres", exampleDir + "/1"}, {"mysql", exampleDir + "/2"}},
		},
		"the first that is ready": {
			examples: []one{{"1", "postgres", creating}, {"2", "postgres", ready}},
			want:     []engineExample{{"postgres", exampleDir + "/2"}},
		},
		"nothing is observed in the first": {
			examples: []one{{"1", "postgres", ""}, {"2", "postgres", ready}},
			want:     []engineExample{{"postgres", exampleDir + "/2"}},
		},
		"an engine that is never ready": {
			examples: []one{{"1", "postgres", ready}, {"2", "mysql", creating}, {"3", "mysql", creating}, {"4", "mariadb", ""}},
			err:      "no example of mysql, mariadb is ready",
		},
		"no examples": {err: "no example with an engine"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			write := func(dir, name, text string) {
				path := filepath.Join(root, exampleDir, dir, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write(".", "readme", "")
			for _, e := range tc.examples {
				const head = "apiVersion: platform.io/v1\nkind: AppDatabase\nspec: {engine: "
				write(e.name, "xr.yaml", head+e.engine+"}\n")
				if e.status == "" {
					continue
				}
				write(e.name, "observed.yaml", "kind: Instance\n")
				write(e.name, "golden.yaml", "kind: Instance\n---\n"+head+e.engine+"}\n"+
					`status: {conditions: [{type: Other, status: "True"}, {type: Ready, status: "`+e.status+`"}]}`+"\n")
			}
			got, err := readyExamples(root, families()[0])
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(engineExample{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if (err != nil) != (tc.err != "") || (err != nil && !strings.Contains(err.Error(), tc.err)) {
				t.Errorf("error %v, want %q", err, tc.err)
			}
		})
	}
}

// What is measured once is measured where it is worst.
func TestMeasuredForMemory(t *testing.T) {
	t.Parallel()
	size := func(function string, n int) *workload { return &workload{function: function, request: make([]byte, n)} }
	all := []*workload{size("a", 5), size("g", 6), size("a", 1), size("g", 9), size("b", 8), size("b", 7)}
	if got := measuredForMemory(all); len(got) != 4 || got[0] != all[0] || got[1] != all[1] || got[2] != all[4] || got[3] != all[3] {
		t.Errorf("measured %v, want the first of each function and the largest", got)
	}
	if got := measuredForMemory(all[:3]); len(got) != 2 || got[1] != all[1] {
		t.Errorf("measured %v, want the first two, which the largest is one of", got)
	}
}
