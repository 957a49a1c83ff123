package cloud

import (
	"strings"
	"testing"
)

func TestPoliciesRefused(t *testing.T) {
	t.Parallel()
	for policies, refused := range map[string]bool{
		"":                                     false,
		"*":                                    false,
		"Observe":                              false,
		"Observe Create Update Delete":         false,
		"Observe Create Update LateInitialize": false,
		"Observe Create Update":                false,
		"Observe Update":                       false,
		"Observe Update LateInitialize":        false,
		"Observe Delete":                       false,
		"Observe Update Delete":                true,
		"Observe Update LateInitialize Delete": true,
		"Create Update":                        true,
	} {
		if got := PoliciesRefused(strings.Fields(policies)); (got != nil) != refused {
			t.Errorf("%q: %v, want refused %v", policies, got, refused)
		}
	}
}
