package managed_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
)

// supported are the sets of policies that a provider works with. With any other it reports an error, and does not even delete.
// https://github.com/crossplane/crossplane-runtime/blob/v2.2.0/pkg/reconciler/managed/policies.go
func supported() []string {
	return []string{
		"", "Observe",
		"Observe Create Update LateInitialize Delete", "Observe Create Update Delete", "Observe Create Update LateInitialize",
		"Observe Create Update", "Observe Create LateInitialize Delete", "Observe Create LateInitialize", "Observe Create Delete", "Observe Create",
		"Observe Delete", "Observe Update", "Observe LateInitialize", "Observe Update LateInitialize",
	}
}

// Whatever is asked for, the policies are such as a provider knows, and nothing that is made once can be created again.
func TestPolicies(t *testing.T) {
	t.Parallel()
	itself := map[string]string{"replicateSourceDb": "arn"}
	for bits := range 16 {
		r := managed.Resource[*rds.Instance]{
			Retain: bits&1 > 0, Following: bits&2 > 0, Made: bits&4 > 0, Observe: bits&8 > 0, Itself: itself, ForProvider: &rds.Instance{},
		}
		spec := r.Object(namespaced()).At("spec")
		policies := spec.Strings("managementPolicies")
		if !slices.Contains(supported(), strings.Join(policies, " ")) {
			t.Errorf("%+v: policies %v are not supported", r, policies)
		}
		all := len(policies) == 0
		for policy, want := range map[string]bool{
			"Create": !r.Observe && (!r.Made || !r.Retain), "Update": !r.Observe, "Delete": !r.Observe && !r.Retain,
			"LateInitialize": !r.Observe && !r.Following,
		} {
			if got := all || slices.Contains(policies, policy); got != want {
				t.Errorf("%+v: %s is %v, want %v", r, policy, got, want)
			}
		}
		fails := spec.String("initProvider", "replicateSourceDb") == "arn"
		if creates := all || slices.Contains(policies, "Create"); r.Made && creates && !fails {
			t.Errorf("%+v: a creation is not composed to fail", r)
		}
	}
}
