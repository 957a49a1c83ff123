package fault

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		own, composite string
		want           Set
	}{
		"nothing":                     {"", "", Set{}},
		"one of its own":              {"stuck", "", Set{Stuck: ""}},
		"with an argument":            {"create-fails=version", "", Set{CreateFails: "version"}},
		"several, and empty items":    {"drift=tags, slow-delete=4s,,", "", Set{Drift: "tags", SlowDelete: "4s"}},
		"of the composite":            {"", "database-instance=create-fails:quota", Set{CreateFails: "quota"}},
		"of another resource":         {"", "database-security-group=stuck", Set{}},
		"of every resource":           {"", "*=throttled", Set{Throttled: ""}},
		"of several":                  {"", "a=stuck, database-instance=secret-late:3s, b=drift", Set{SecretLate: "3s"}},
		"of both":                     {"stuck", "database-instance=drift", Set{Stuck: "", Drift: ""}},
		"a message with an equals":    {"not-synced=a=b", "", Set{NotSynced: "a=b"}},
		"a message with a colon":      {"", "database-instance=not-synced:code: words", Set{NotSynced: "code: words"}},
		"an argument is not required": {"create-fails", "", Set{CreateFails: ""}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tc.own, tc.composite, "database-instance")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ own, composite, says string }{
		"an unknown fault":             {"stcuk", "", `there is no fault "stcuk": write one of [create-fails credentials drift`},
		"an unknown reason":            {"create-fails=luck", "", `"luck": write one of [quota permission version name-taken]`},
		"a duration that is none":      {"slow-delete=long", "", "write one such as 10s"},
		"an argument where none is":    {"stuck=yes", "", "it takes no argument"},
		"no fault":                     {"", "database-instance", "write <composition resource name>=<fault>"},
		"an unknown fault from above":  {"", "database-instance=nope", `annotation simulator.platform.io/faults: there is no fault "nope"`},
		"the separator of the managed": {"", "database-instance=create-fails=quota", `there is no fault "create-fails=quota"`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if _, err := Parse(tc.own, tc.composite, "database-instance"); err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("Parse() = %v, want %q", err, tc.says)
			}
		})
	}
}

func TestLasts(t *testing.T) {
	t.Parallel()
	set := Set{SlowDelete: "", SecretLate: "3s"}
	if set.Lasts(SlowDelete) != 10*time.Second || set.Lasts(SecretLate) != 3*time.Second || set.Lasts(Stuck) != 0 {
		t.Errorf("Lasts() = %v, %v, %v", set.Lasts(SlowDelete), set.Lasts(SecretLate), set.Lasts(Stuck))
	}
}
