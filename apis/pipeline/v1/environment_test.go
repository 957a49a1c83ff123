package v1

import "testing"

// Nothing but a preview expires, whatever a status says.
func TestExpired(t *testing.T) {
	t.Parallel()
	types := []EnvironmentType{EnvironmentDev, EnvironmentStaging, EnvironmentPreview, EnvironmentProduction, ""}
	for _, environmentType := range types {
		for _, phase := range []EnvironmentPhase{PhaseActive, PhaseExpiring, PhaseExpired, ""} {
			want := environmentType == EnvironmentPreview && phase == PhaseExpired
			if got := (&Environment{Type: environmentType, Phase: phase}).Expired(); got != want {
				t.Errorf("Expired() of a %q in phase %q = %v", environmentType, phase, got)
			}
		}
	}
	if (*Environment)(nil).Expired() {
		t.Error("no environment has expired")
	}
}
