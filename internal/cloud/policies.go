package cloud

import (
	"fmt"
	"slices"
)

// PoliciesRefused is what every provider has against a set of managementPolicies: it works only with some combinations, and does nothing
// at all, not even a deletion, with any other. Empty stands for the default, which is all.
// https://github.com/crossplane/crossplane-runtime/blob/main/pkg/reconciler/managed/policies.go
func PoliciesRefused(policies []string) *Refusal {
	if len(policies) == 0 {
		return nil
	}
	has := func(action string) bool { return slices.Contains(policies, action) }
	observe, create, update, late, remove := has("Observe"), has("Create"), has("Update"), has("LateInitialize"), has("Delete")
	switch {
	case has("*") && len(policies) == 1:
		return nil
	case observe && create:
		return nil // With any of the others.
	case observe && !remove:
		return nil // Only looking, changing, writing into the spec, and what is made of them.
	case observe && !update && !late:
		return nil // Looking and deleting.
	default:
		return &Refusal{Message: fmt.Sprintf(
			"`spec.managementPolicies` is set to a value(%v) which is not supported. Check docs for supported policies", policies)}
	}
}
