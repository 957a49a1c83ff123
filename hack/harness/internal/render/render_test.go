package render

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/gate"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

func TestNormalise(t *testing.T) {
	cases := map[string]struct{ reason, in, want string }{
		"Port": {
			reason: "Ports are free ones: they differ from run to run.",
			in:     `dial tcp 127.0.0.1:43210: connect: connection refused`, want: "dial tcp 127.0.0.1:PORT: connect: connection refused\n",
		},
		"Root":      {reason: "Nobody else has our directory.", in: "cannot load /home/me/gp/examples/x.yaml\n", want: "cannot load examples/x.yaml\n"},
		"Temporary": {reason: "Temporary files have random names.", in: `open "/tmp/render-12/in.yaml": gone`, want: "open \"TEMPORARY\": gone\n"},
		"Message":   {reason: "What a function says stays.", in: "spec.size: write small\n", want: "spec.size: write small\n"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := normalise("/home/me/gp", tc.in); got != tc.want {
				t.Errorf("%s: got %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}

func TestSentence(t *testing.T) {
	wrapped := `crossplane: error: cannot render composite resource: crossplane internal render: pipeline returned fatal: crossplane: error: ` +
		`cannot compose resources: pipeline step "database" returned a fatal result: spec.engine: oracle is not in the catalog: write postgres` + "\n"
	if got, want := sentence(wrapped), "spec.engine: oracle is not in the catalog: write postgres"; got != want {
		t.Errorf("a fatal result: got %q, want %q", got, want)
	}
	if got, want := sentence("crossplane: error: no such file\n"), "crossplane: error: no such file"; got != want {
		t.Errorf("another error stays whole: got %q, want %q", got, want)
	}
}

func TestWriteFunctions(t *testing.T) {
	root := t.TempDir()
	function := func(name, annotation string) string {
		return "---\nkind: Function\nmetadata:\n  name: " + name + "\n  annotations:\n    " + annotation + ": 127.0.0.1:1\n"
	}
	write := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(root, "examples"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, functionsFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	to := filepath.Join(root, "_output", "functions.yaml")

	write(function("a", target) + function("b", target))
	if err := writeFunctions(root, to); err != nil {
		t.Fatal(err)
	}
	docs, err := repo.Read(root, "_output/functions.yaml")
	if err != nil || len(docs) != 2 {
		t.Fatalf("got %d functions, %v", len(docs), err)
	}
	a, b := docs[0].Annotation(target), docs[1].Annotation(target)
	if a == b || !strings.HasPrefix(a, "127.0.0.1:") || !strings.HasPrefix(b, "127.0.0.1:") || a == "127.0.0.1:1" {
		t.Errorf("addresses %q and %q are not two free loopback ports", a, b)
	}

	write(function("a", "something-else"))
	if err := writeFunctions(root, to); err == nil {
		t.Error("a function without an address is not refused")
	}
}

func TestCompare(t *testing.T) {
	cases := map[string]struct {
		reason  string
		golden  map[string]string
		result  result
		update  bool
		want    string
		written map[string]string
	}{
		"Same": {
			reason: "The output is the golden output.", golden: map[string]string{gate.GoldenFile: "a\n"},
			result: result{stdout: []byte("a\n")}, want: same, written: map[string]string{gate.GoldenFile: "a\n"},
		},
		"Differs": {
			reason: "A difference leaves the file alone.", golden: map[string]string{gate.GoldenFile: "a\n"},
			result: result{stdout: []byte("b\n")}, want: "differs", written: map[string]string{gate.GoldenFile: "a\n"},
		},
		"Missing": {reason: "No golden output yet.", result: result{stdout: []byte("b\n")}, want: "differs", written: map[string]string{}},
		"Fatal": {
			reason: "A Fatal is compared with its own file.", golden: map[string]string{gate.ErrorFile: "exit: 1\nno\n"},
			result: result{exit: 1, stderr: "no\n"}, want: same, written: map[string]string{gate.ErrorFile: "exit: 1\nno\n"},
		},
		"FatalNow": {
			reason: "It used to render.", golden: map[string]string{gate.GoldenFile: "a\n"},
			result: result{exit: 1, stderr: "no\n"}, want: "differs", written: map[string]string{gate.GoldenFile: "a\n"},
		},
		"StaleOther": {
			reason: "Both golden files: one of them lies.", golden: map[string]string{gate.GoldenFile: "a\n", gate.ErrorFile: "exit: 1\n"},
			result: result{stdout: []byte("a\n")}, want: "differs", written: map[string]string{gate.GoldenFile: "a\n", gate.ErrorFile: "exit: 1\n"},
		},
		"Update": {
			reason: "An update writes the one and removes the other.", golden: map[string]string{gate.GoldenFile: "a\n"},
			result: result{exit: 1, stderr: "no\n"}, update: true, want: updated, written: map[string]string{gate.ErrorFile: "exit: 1\nno\n"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			if err := os.Mkdir(filepath.Join(root, "case"), 0o755); err != nil {
				t.Fatal(err)
			}
			for file, text := range tc.golden {
				if err := os.WriteFile(filepath.Join(root, "case", file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			tc.result.example.Dir = "case"
			got, err := Command{Update: tc.update}.compare(root, tc.result)
			if err != nil || got != tc.want {
				t.Errorf("%s: got %q, %v, want %q", tc.reason, got, err, tc.want)
			}
			written := map[string]string{}
			for _, file := range []string{gate.GoldenFile, gate.ErrorFile} {
				if raw, err := os.ReadFile(filepath.Join(root, "case", file)); err == nil {
					written[file] = string(raw)
				}
			}
			if diff := cmp.Diff(tc.written, written); diff != "" {
				t.Errorf("%s: files: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestPrintDiff(t *testing.T) {
	var b bytes.Buffer
	if err := printDiff(&b, "golden.yaml", []byte("a\nb\nc\n"), []byte("a\nB\nc\n")); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.Contains(got, "\n-b\n+B\n c\n") {
		t.Errorf("not a unified diff:\n%s", got)
	}
}

func TestSortResults(t *testing.T) {
	document := func(group, message string) string {
		return "---\napiVersion: " + group + "/v1beta1\nkind: Result\nmessage: " + message + "\nseverity: Normal\n"
	}
	const render = "render.crossplane.io"
	xr, step := "---\nkind: AppDatabase\n", document(render, `'Pipeline step "a": z'`)
	a, b := document(render, `Composed resource "a" is not yet ready`), document(render, `Composed resource "b" is not yet ready`)
	other := document("example.org", `Composed resource "0" is not ours`)
	cases := map[string]struct{ reason, in, want string }{
		"Swapped":   {reason: "The order of a map.", in: xr + step + b + a, want: xr + step + a + b},
		"InOrder":   {reason: "Nothing to do.", in: xr + step + a + b, want: xr + step + a + b},
		"Functions": {reason: "What functions say keeps its place.", in: xr + b + step + a, want: xr + a + step + b},
		"Other":     {reason: "Only results of render are moved.", in: xr + b + other + a, want: xr + a + other + b},
		"None":      {reason: "No results, not a byte changes.", in: xr + "\n", want: xr + "\n"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, string(sortResults([]byte(tc.in)))); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
