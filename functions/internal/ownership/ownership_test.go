package ownership

import (
	"strings"
	"testing"
)

func TestOurs(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"database-instance": true, "vault-policy-reader": true, "database-": true, "databases": false, "vaulted": false, "my-database-x": false,
		"": false, "bucket": false,
	} {
		if got := Ours(name); got != want {
			t.Errorf("Ours(%q) = %v", name, got)
		}
	}
}

// A name belongs to one stage: no prefix may begin another.
func TestPrefixesAreDisjoint(t *testing.T) {
	t.Parallel()
	for i, a := range Prefixes() {
		for j, b := range Prefixes() {
			if i != j && strings.HasPrefix(a, b) {
				t.Errorf("prefix %q begins with %q", a, b)
			}
		}
		if !strings.HasSuffix(a, "-") {
			t.Errorf("prefix %q does not end its word", a)
		}
	}
}
