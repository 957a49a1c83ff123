package provider

import (
	"context"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// Finalizer notices when a managed resource is let go, and what it leaves behind in the cloud.
type Finalizer struct {
	resource.Finalizer

	Cloud    *inventory.Cloud
	Trackers *Trackers
}

// AddFinalizer keeps what was just observed: the answer to the update says what the API server has of the status, which is nothing yet.
// Otherwise what is only observed would be told at the next poll.
func (f *Finalizer) AddFinalizer(ctx context.Context, o resource.Object) error {
	mg, ok := o.(kinds.Managed)
	if !ok {
		return f.Finalizer.AddFinalizer(ctx, o)
	}
	ready := mg.GetCondition(xpv2.TypeReady)
	observed, err := mg.Observation()
	if err != nil {
		return err
	}
	if err := f.Finalizer.AddFinalizer(ctx, o); err != nil || len(observed) == 0 {
		return err
	}
	if ready.Reason != "" {
		mg.SetConditions(ready)
	}
	return mg.SetObservation(observed)
}

// RemoveFinalizer lets a managed resource go.
func (f *Finalizer) RemoveFinalizer(ctx context.Context, o resource.Object) error {
	if err := f.Finalizer.RemoveFinalizer(ctx, o); err != nil {
		return err
	}
	f.Cloud.Abandon(string(o.GetUID()))
	f.Trackers.forget(o.GetUID())
	return nil
}
