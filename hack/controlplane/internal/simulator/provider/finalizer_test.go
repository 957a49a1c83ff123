package provider

import (
	"context"
	"testing"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// What was observed a moment before outlives the update that adds the finalizer, whose answer has no status.
func TestAddFinalizerKeepsTheStatus(t *testing.T) {
	s := newStage(t, cloud.SecurityGroup, `{"metadata": {"name": "g", "uid": "u"}, "spec": {"forProvider": {"region": "eu-west-1"}}}`)
	answered := 0
	f := &Finalizer{Finalizer: resource.FinalizerFns{AddFinalizerFn: func(_ context.Context, o resource.Object) error {
		answered++
		mg, _ := o.(kinds.Managed)
		mg.SetConditions(xpv2.Unavailable())
		return mg.SetObservation(map[string]any{})
	}}}
	s.mg.SetConditions(xpv2.Available())
	if err := s.mg.SetObservation(map[string]any{"id": "sg-1"}); err != nil {
		t.Fatal(err)
	}
	if err := f.AddFinalizer(t.Context(), s.mg); err != nil {
		t.Fatal(err)
	}
	if answered != 1 || s.observation("id") != "sg-1" || s.mg.GetCondition(xpv2.TypeReady).Reason != xpv2.ReasonAvailable {
		t.Errorf("after %d updates the id is %v, and Ready is %v", answered, s.observation("id"), s.mg.GetCondition(xpv2.TypeReady))
	}
}
