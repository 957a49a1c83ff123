package report

import (
	"errors"
	"strings"
	"testing"
)

// A proof that cannot fail proves nothing: each way to go wrong is a failure, and so is a run without attempts.
func TestReport(t *testing.T) {
	t.Parallel()
	denied := errors.New("permission denied\nfor table notes")
	cases := map[string]struct {
		try  func(*Report)
		want string
		ok   bool
	}{
		"what has to succeed does":                       {func(r *Report) { r.Can("writer", "insert", nil) }, "ok   writer can insert", true},
		"what has to succeed fails":                      {func(r *Report) { r.Can("writer", "insert", denied) }, "FAIL writer CANNOT insert: permission denied for table notes", false},
		"what has to be refused is":                      {func(r *Report) { r.Cannot("writer", "drop", denied, "must be", "Permission") }, "ok   writer cannot drop", true},
		"what has to be refused succeeds":                {func(r *Report) { r.Cannot("writer", "drop", nil, "denied") }, "FAIL writer CAN drop", false},
		"what has to be refused fails for another cause": {func(r *Report) { r.Cannot("writer", "drop", errors.New("syntax"), "denied") }, "FAIL writer fails for another reason to drop", false},
		"a refusal that nobody knows the words of":       {func(r *Report) { r.Cannot("writer", "drop", denied) }, "FAIL", false},
		"values are equal":                               {func(r *Report) { r.Is("owner", "a", "a") }, "ok   owner is a", true},
		"values differ":                                  {func(r *Report) { r.Is("owner", "a", "b") }, "FAIL owner IS b: want a", false},
		"nothing is tried":                               {func(r *Report) { r.Note("hello") }, "hello", false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			r := New(&out)
			tc.try(r)
			if err := r.Err(); (err == nil) != tc.ok || !strings.Contains(out.String(), tc.want) {
				t.Errorf("Err() = %v, printed %q, want %q", err, out.String(), tc.want)
			}
		})
	}
}
