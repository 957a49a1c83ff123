package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	const good, bad = "struct{ A string `json:\"a\"` }", "struct{ A any `json:\"a\"` }"
	cases := []struct {
		reason  string
		typ     string
		args    []string
		code    int
		says    string
		written bool
	}{
		{"a marked struct gets its method", good, []string{"DIR"}, 0, "wrote", true},
		{"a tree is walked", good, []string{"DIR/..."}, 0, "wrote", true},
		{"check writes nothing", good, []string{"-check", "DIR"}, 1, "is out of date", false},
		{"what cannot be encoded is refused with its place", bad, []string{"DIR"}, 1, "p.go:3: T.A has type any", false},
		{"no directory", good, nil, 2, "Usage:", false},
		{"a directory that does not exist", good, []string{"DIR/none"}, 1, "cannot read the package directory", false},
	}
	for _, tc := range cases {
		t.Run(tc.reason, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range map[string]string{
				"go.mod": "module example.org/p\n",
				"p.go":   "package p\n// +goldenpath:encode\ntype T " + tc.typ + "\n",
			} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var args []string
			for _, arg := range tc.args {
				args = append(args, strings.Replace(arg, "DIR", dir, 1))
			}
			var out bytes.Buffer
			if code := run(args, &out, &out); code != tc.code {
				t.Errorf("exit code %d, want %d", code, tc.code)
			}
			if !strings.Contains(out.String(), tc.says) {
				t.Errorf("printed:\n%s\nwant %q in it", out.String(), tc.says)
			}
			_, err := os.Stat(filepath.Join(dir, "zz_generated.encode.go"))
			if written := err == nil; written != tc.written {
				t.Errorf("file written: %t, want %t", written, tc.written)
			}
		})
	}
}
