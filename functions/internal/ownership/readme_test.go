package ownership

import (
	"os"
	"strings"
	"testing"
)

// A platform team that puts steps of its own in between reads in README.md which names are ours.
func TestReadmeNamesAllPrefixes(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(string(readme), "have names that start with ")
	list, _, ended := strings.Cut(list, "which say that a resource is ours")
	if !found || !ended {
		t.Fatal("README.md does not say which names are ours")
	}
	for _, prefix := range Prefixes() {
		if !strings.Contains(list, "`"+prefix+"`") {
			t.Errorf("README.md does not say that %q is ours", prefix)
		}
	}
}
