package simulator_test

import (
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

func TestDraft(t *testing.T) {
	c, err := simulator.ReadCase("../../../examples/appdatabases/01-new")
	if err != nil {
		t.Fatal(err)
	}
	for _, xr := range []bool{false, true} {
		cc := c
		if xr {
			cc.XR = simulator.Claims(c.XR)
		}
		w := cc.Cluster(oneStep(nil)...)
		for i := range 7 {
			r, err := w.Step()
			if err != nil {
				t.Fatal(err)
			}
			t.Log(i, w.Ready(), r.Fatal, r.Created, len(r.Deleted), w.Cloud.Violations)
			for _, c := range w.Conditions {
				t.Log("   ", c)
			}
		}
	}
}
