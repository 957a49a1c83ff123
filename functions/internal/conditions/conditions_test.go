package conditions

import "testing"

func TestIs(t *testing.T) {
	t.Parallel()
	for status, want := range map[Status]bool{True: true, False: false, Unknown: false, "": false} {
		if got := (Condition{Status: status}).Is(); got != want {
			t.Errorf("Is() with status %q = %v", status, got)
		}
	}
}
