package mutate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/mutate"
)

// module is a repository with one function and one test.
func module(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.org/m\n\ngo 1.25\n",
		"a/a.go": "package a\n\n// Sum adds.\nfunc Sum(x, y int) int {\n\tif x == 99 {\n\t\treturn 0\n\t}\n\treturn x + y\n}\n",
		"a/a_test.go": "package a\n\nimport \"testing\"\n\nfunc TestSum(t *testing.T) {\n\tt.Run(\"Two\", func(t *testing.T) {\n" +
			"\t\tif Sum(1, 2) != 3 {\n\t\t\tt.Fatal(\"wrong\")\n\t\t}\n\t})\n}\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestRun(t *testing.T) {
	t.Parallel()
	root := module(t)
	runner := mutate.Runner{Root: root, Work: t.TempDir()}
	cases := []struct {
		id, find, replace string
		state             mutate.State
		by                string
	}{
		{"minus", "x + y", "x - y", mutate.Killed, "TestSum/Two"},
		{"panic", "return x + y", "panic(x)", mutate.Killed, "TestSum/Two"},
		{"untested", "return 0", "return 1", mutate.Survived, "no test notices"},
		{"no-code", "x + y", "x +", mutate.Broken, "does not compile: "},
		{"gone", "x * y", "x", mutate.Broken, "find stands in a/a.go 0 times, not once"},
		{"everywhere", "return", "return ", mutate.Broken, "find stands in a/a.go 2 times, not once"},
		{"same", "x + y", "x + y", mutate.Broken, "find and replace are the same"},
	}
	mutants := make([]mutate.Mutant, 0, len(cases))
	for _, c := range cases {
		mutants = append(mutants, mutate.Mutant{
			ID: c.id, Promise: "sums", File: "a/a.go", Find: c.find, Replace: c.replace, Packages: []string{"a"},
		})
	}
	if err := runner.Baseline(t.Context(), mutants); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(root, "a", "a.go"))
	if err != nil {
		t.Fatal(err)
	}
	outcomes := mutate.Start(t.Context(), runner, mutants, 2)
	for i, c := range cases {
		got := <-outcomes[i]
		if got.State != c.state || !strings.HasPrefix(got.By, c.by) {
			t.Errorf("%s: %s by %q, want %s by %q", c.id, got.State, got.By, c.state, c.by)
		}
		outcomes[i] <- got
	}
	var printed bytes.Buffer
	if killed := mutate.Report(&printed, outcomes); killed != 2 {
		t.Errorf("%d killed, want 2:\n%s", killed, printed.String())
	}
	after, err := os.ReadFile(filepath.Join(root, "a", "a.go"))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the tree was changed (error %v):\n%s", err, after)
	}
}

func TestBaselineThatFails(t *testing.T) {
	t.Parallel()
	root := module(t)
	path := filepath.Join(root, "a", "a.go")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(raw, []byte("x + y"), []byte("x - y"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	err = mutate.Runner{Root: root, Work: t.TempDir()}.Baseline(t.Context(), []mutate.Mutant{{Packages: []string{"a"}}})
	if err == nil || !strings.Contains(err.Error(), "the tests fail without any seeded fault") {
		t.Errorf("error %v, want that the tests fail already", err)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	const one = "{id: a, promise: p, file: f, find: x, replace: y, packages: [p]}"
	cases := map[string]struct{ text, want string }{
		"Good":        {"mutants: [" + one + "]", ""},
		"Empty":       {"mutants: []", "no mutants"},
		"UnknownKey":  {"mutants: [{id: a, promises: p}]", `unknown field "promises"`},
		"Incomplete":  {"mutants: [{id: a, promise: p, file: f, find: x}]", "needs id, promise, file, find and packages"},
		"SameID":      {"mutants: [" + one + ", " + strings.Replace(one, "find: x", "find: z", 1) + "]", "the id a stands there twice"},
		"SameFault":   {"mutants: [" + one + ", " + strings.Replace(one, "id: a", "id: b", 1) + "]", "b is the same fault as a"},
		"ReplaceByNo": {`mutants: [{id: a, promise: p, file: f, find: x, replace: "", packages: [p]}]`, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "mutants.yaml")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := mutate.Read(path)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
