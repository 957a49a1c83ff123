package deploy

import (
	"os"
	"strings"
	"testing"
)

// The two samples of tenancy have the same rules: who changes one changes the other.
func TestTenancySamplesHaveTheSameRules(t *testing.T) {
	t.Parallel()
	rules := func(file string) string {
		raw, err := os.ReadFile("samples/" + file)
		if err != nil {
			t.Fatal(err)
		}
		_, text, found := strings.Cut(string(raw), "apiVersion: apiextensions.crossplane.io/v1\n")
		text, _, ended := strings.Cut(text, "kind: ValidatingAdmissionPolicy\n")
		if !found || !ended {
			t.Fatalf("%s has no Composition before its policy", file)
		}
		return text
	}
	want := strings.NewReplacer("environments.example.org", "xenvironments.example.org", "networks.example.org", "xnetworks.example.org",
		"kind: Environment\n", "kind: XEnvironment\n", "kind: Network\n", "kind: XNetwork\n").Replace(rules("tenancy.yaml"))
	if rules("tenancy-claims.yaml") != want {
		t.Error("deploy/samples/tenancy-claims.yaml has other rules than tenancy.yaml: write its Compositions anew from there")
	}
}
