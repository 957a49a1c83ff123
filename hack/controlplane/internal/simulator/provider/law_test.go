package provider

import (
	"strings"
	"testing"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
)

const addressSpec = `{"metadata": {"name": "a", "namespace": "team", "uid": "u"}, "spec": {"managementPolicies": ["Observe", "Create", "Update", "Delete"],
	"forProvider": {"region": "eu-west-1", "domain": "vpc"}}}`

// TestNameThatNobodyWroteDown: after a restart the provider makes a second one, beside the first.
func TestNameThatNobodyWroteDown(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.EIP, addressSpec)
	says(t, s.create(), "")
	s.clock = s.clock.Add(time.Minute)
	s.observe()
	// The reconciler persists what Observe writes into the metadata with late initialisation alone.
	for written, want := range map[bool][]string{false: {api.Create}, true: nil} {
		again := newStage(t, cloud.EIP, addressSpec)
		again.mg = s.mg
		meta.SetExternalName(again.mg, "")
		if written {
			meta.SetExternalName(again.mg, s.observation("id").(string)) //nolint:forcetypeassert // It is one.
		}
		if err := Restore(again.connector.Cloud, again.connector.Kind, again.mg); err != nil {
			t.Fatal(err)
		}
		if !again.observe().ResourceExists {
			says(t, again.create(), "")
		}
		if diff := cmp.Diff(want, again.calls()); diff != "" {
			t.Errorf("written down: %v: %s", written, diff)
		}
		if got := len(again.connector.Cloud.Cloud().Resources); got != len(want)+1 {
			t.Errorf("written down: %v: there are %d", written, got)
		}
	}
}

// TestLostIsNotMade: a provider that may not create takes what is gone for a change from nothing.
func TestLostIsNotMade(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.Instance, instanceSpec)
	s.ready()
	if err := s.connector.Cloud.Delete(s.last.target); err != nil {
		t.Fatal(err)
	}
	s.connector.Cloud.Settle(s.last.target)
	s.mg.SetManagementPolicies(xpv2.ManagementPolicies{"Observe", "Update", "LateInitialize"})
	if s.observe().ResourceExists {
		t.Fatal("it is still there")
	}
	for range 2 {
		_, err := s.last.Update(t.Context(), s.mg)
		if err == nil {
			continue
		}
		if !strings.Contains(err.Error(), "the following update requires replacing it: cannot change the value of the argument") ||
			!strings.Contains(err.Error(), ` from "" to `) {
			t.Errorf("the provider says %v", err)
		}
	}
	if s.last.tracker.err == nil {
		t.Error("nothing failed")
	}
}

// TestLeased opens a lease of a role.
func TestLeased(t *testing.T) {
	t.Parallel()
	s := newStage(t, cloud.DatabaseRole, `{"metadata": {"name": "r", "uid": "u"}, "spec": {"managementPolicies": ["*"],
		"forProvider": {"backend": "b", "name": "r", "dbName": "c"}}}`)
	s.ready()
	s.faults = fault.Set{fault.Leased: ""}
	s.observe()
	if s.connector.Cloud.Leases() != 1 {
		t.Errorf("%d leases are open", s.connector.Cloud.Leases())
	}
}
