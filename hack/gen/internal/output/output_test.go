package output

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	cases := []struct {
		reason  string
		onDisk  string // empty: no file
		content []byte
		check   bool
		code    int
		says    string
		after   string
	}{
		{"a new file is written", "", []byte("new"), false, 0, "wrote", "new"},
		{"a changed file is written", "old", []byte("new"), false, 0, "wrote", "new"},
		{"a file nobody asks for is removed", "old", nil, false, 0, "removed", ""},
		{"no change, no write", "same", []byte("same"), false, 0, "1 files up to date", "same"},
		{"check refuses a changed file and leaves it", "old", []byte("new"), true, 1, "is out of date", "old"},
		{"check refuses a missing file", "", []byte("new"), true, 1, "is out of date", ""},
		{"check refuses a file that is left over", "old", nil, true, 1, "is out of date", "old"},
		{"check passes what is up to date", "same", []byte("same"), true, 0, "up to date", "same"},
	}
	for _, tc := range cases {
		t.Run(tc.reason, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sub", "file")
			if tc.onDisk != "" {
				if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(tc.onDisk), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var out bytes.Buffer
			if code := Report("gen", []File{{Path: path, Content: tc.content}}, tc.check, &out, &out); code != tc.code {
				t.Errorf("exit code %d, want %d", code, tc.code)
			}
			if !strings.Contains(out.String(), tc.says) {
				t.Errorf("printed %q, want %q in it", out.String(), tc.says)
			}
			after, _ := os.ReadFile(path) // A missing file reads as empty, which is what the cases say.
			if string(after) != tc.after {
				t.Errorf("on disk: %q, want %q", after, tc.after)
			}
		})
	}
}
