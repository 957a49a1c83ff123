package simulator

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	xpevent "github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/provider"
)

const (
	// workers reconcile resources of one kind at the same time, as many as in the real providers.
	workers = 10
	// firstRetry and lastRetry bound how long a resource in trouble waits. Real providers wait up to a minute.
	firstRetry, lastRetry = 200 * time.Millisecond, 3 * time.Second
)

// simulator holds what all controllers share.
type simulator struct {
	options    Options
	manager    manager.Manager
	events     record.EventBroadcaster
	cloud      *inventory.Cloud
	trackers   *provider.Trackers
	composites *composites
}

// discover starts a controller for every kind, once the API server serves it.
func (s *simulator) discover(ctx context.Context) error {
	pending := slices.DeleteFunc(kinds.All(), func(k kinds.Kind) bool {
		return slices.Contains(s.options.Without, cloud.Provider(k.Key()))
	})
	for len(pending) > 0 {
		var served, absent []kinds.Kind
		for _, kind := range pending {
			_, err := s.manager.GetRESTMapper().RESTMapping(kind.GroupKind(), kind.Version)
			switch {
			case err == nil:
				served = append(served, kind)
			case meta.IsNoMatchError(err) || ctx.Err() != nil:
				absent = append(absent, kind)
			default:
				s.options.Log.Debug("cannot discover a kind yet", "kind", kind.String(), "error", err)
				absent = append(absent, kind)
			}
		}
		// What exists is restored before anything moves: instances need their groups.
		for _, kind := range served {
			if err := s.restore(ctx, kind); err != nil {
				return err
			}
		}
		for _, kind := range served {
			if err := s.control(kind); err != nil {
				return fmt.Errorf("cannot play %s: %w", kind.String(), err)
			}
			s.options.Log.Info("playing", "kind", kind.GroupKind().String())
		}
		pending = absent
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
	}
	<-ctx.Done()
	return nil
}

// restore puts into the cloud what managed resources say that exists: a simulator that starts again makes nothing anew.
func (s *simulator) restore(ctx context.Context, kind kinds.Kind) error {
	list := kind.NewList()
	if err := s.manager.GetAPIReader().List(ctx, list); err != nil {
		if ctx.Err() != nil {
			return nil //nolint:nilerr // It ends.
		}
		return fmt.Errorf("cannot list %s: %w", kind.String(), err)
	}
	for _, item := range list.GetItems() {
		mg, ok := item.(kinds.Managed)
		if !ok {
			return fmt.Errorf("%T is no managed resource of the simulator", item)
		}
		if err := provider.Restore(s.cloud, kind, mg); err != nil {
			return err
		}
	}
	return nil
}

// control starts the controller of a kind: Crossplane's managed reconciler with our cloud behind it.
func (s *simulator) control(kind kinds.Kind) error {
	c := s.manager.GetClient()
	name := managed.ControllerName(kind.String())
	connector := &provider.Connector{
		Kind: kind, Client: c, Cloud: s.cloud, Trackers: s.trackers, Composites: s.composites,
		Delays: provider.Delays{Instance: s.options.Delay}, Now: time.Now,
	}
	recorder := s.events.NewRecorder(s.manager.GetScheme(), corev1.EventSource{Component: name})
	r := managed.NewReconciler(s.manager, resource.ManagedKind(kind.GroupVersionKind),
		managed.WithTypedExternalConnector[kinds.Managed](s.connect(kind, connector)),
		managed.WithLogger(logging.NewLogrLogger(s.manager.GetLogger().WithName(name))),
		managed.WithRecorder(xpevent.NewAPIRecorder(recorder)),
		managed.WithFinalizer(&provider.Finalizer{
			Finalizer: resource.NewAPIFinalizer(c, managed.FinalizerName), Cloud: s.cloud, Trackers: s.trackers,
		}),
		managed.WithInitializers(provider.Initializers(kind, c)...),
		managed.WithManagementPolicies(),
		managed.WithPollInterval(s.options.Poll),
		managed.WithPollIntervalHook(s.trackers.PollInterval),
		// This cloud is consistent at once. With Crossplane's 30 seconds, a failure would be told that much later.
		managed.WithCreationGracePeriod(0),
		managed.WithTimeout(3*time.Minute),
	)
	return ctrl.NewControllerManagedBy(s.manager).Named(name).
		For(kind.New(), builder.WithPredicates(resource.DesiredStateChanged())).
		WatchesRawSource(source.Channel(s.composites.channel(kind), &handler.TypedEnqueueRequestForObject[kinds.Managed]{})).
		WithOptions(controller.Options{
			MaxConcurrentReconciles: workers,
			RateLimiter:             workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](firstRetry, lastRetry),
		}).
		Complete(r)
}

// connect makes the connector of a kind. Objects are really there, in the one cluster that there is.
func (s *simulator) connect(kind kinds.Kind, connector *provider.Connector) managed.TypedExternalConnector[kinds.Managed] {
	if kind.Objects() {
		return &provider.Objects{Connector: connector, Live: s.manager.GetAPIReader()}
	}
	return connector
}

// wake is an event for a managed resource that did not change itself.
type wake = event.TypedGenericEvent[kinds.Managed]
