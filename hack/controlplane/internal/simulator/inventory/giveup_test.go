package inventory

import (
	"testing"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// TestGiveUp: what is left behind goes with a final snapshot, whatever protects it, and then what it used can be deleted. What is managed
// stays.
func TestGiveUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := target(cloud.Instance, "db")
	to.ExternalName = w.create(cloud.Instance, "db", w.instance(map[string]any{"deletionProtection": true}))
	if err := w.GiveUp(to.Owner.UID); err == nil {
		t.Error("what is managed is given up")
	}
	w.Abandon(to.Owner.UID)
	if err := w.GiveUp(to.Owner.UID); err != nil {
		t.Fatal(err)
	}
	if _, there := w.Get(to); there {
		t.Error("the instance is still there")
	}
	if snapshots := w.Cloud.Cloud().Snapshots; len(snapshots) != 1 || snapshots[0].Instance != "db" {
		t.Errorf("the final snapshots are %v", snapshots)
	}
	group := target(cloud.SubnetGroup, cloud.SubnetGroup)
	group.ExternalName = "subnets"
	if err := w.Delete(group); err != nil {
		t.Error(err)
	}
}
