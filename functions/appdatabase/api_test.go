package appdatabase

import (
	"testing"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// Core drops a status field that the API does not have: every one that is written is among its types.
func TestStatusIsInTheAPI(t *testing.T) {
	t.Parallel()
	for _, credentials := range []string{"dynamic", "static"} {
		w := newWorld(t)
		set(w.xr, "spec.credentials", credentials)
		set(w.xr, "spec.storageGiB", 30)
		w.settle()
		var status v1.AppDatabaseStatus
		if err := w.object(w.xr).At("status").DecodeStrict(&status); err != nil {
			t.Fatal(err)
		}
		if status.Environment == nil || status.Storage == nil || status.MultiAZ == nil || status.DeletionProtection == nil {
			t.Errorf("the status is not complete: %+v", status)
		}
	}
}

// What the fixtures say is what a developer could write.
func TestFixturesAreInTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var claim v1.AppDatabase
	if err := w.object(w.xr).DecodeStrict(&claim); err != nil {
		t.Error(err)
	}
	set(w.env, "status.conditions", nil)
	var env v1.Environment
	if err := w.object(w.env).DecodeStrict(&env); err != nil {
		t.Error(err)
	}
}
