package provider

import (
	"context"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
)

// Finalizer notices when a managed resource is let go, and what it leaves behind in the cloud.
type Finalizer struct {
	resource.Finalizer

	Cloud    *inventory.Cloud
	Trackers *Trackers
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
