// Package simulator plays the cloud of a control plane, on a real API server: the providers' controllers for the kinds that our
// functions compose, and the cloud behind them, in memory. It is a simulator, and nothing it makes exists anywhere. Managed
// resources are reconciled by Crossplane's own managed reconciler; what upjet and the cloud do is played by the packages below.
package simulator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/provider"
)

// Options of a simulator.
type Options struct {
	// RESTConfig of the API server.
	RESTConfig *rest.Config
	// Address, on loopback, of what package api describes.
	Address string
	// Delay is how long the creation of a database instance takes. Everything else is in proportion. Zero is possible.
	Delay time.Duration
	// Without are providers that are not played: the real ones are there. Databases are theirs then, and every address answers.
	Without []string
	// Poll is how often the cloud is looked at when nothing seems to happen. One minute when zero.
	Poll time.Duration
	// Log of what the controllers do.
	Log *slog.Logger
}

// Run plays the cloud until the context ends. Kinds are played from when the API server serves them.
func Run(ctx context.Context, o Options) error {
	if o.Poll == 0 {
		o.Poll = time.Minute
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Address)
	if err != nil {
		return fmt.Errorf("the cloud simulator cannot listen: %w", err)
	}
	mgr, err := newManager(o)
	if err != nil {
		_ = listener.Close() // Nothing was served yet.
		return err
	}
	set, err := kubernetes.NewForConfig(o.RESTConfig)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	simulated := inventory.New(time.Now)
	events := record.NewBroadcaster(record.WithContext(ctx))
	defer events.Shutdown()
	events.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: set.CoreV1().Events("")})
	if slices.Contains(o.Without, "aws") {
		simulated.LeaveDatabases()
	}
	s := &simulator{
		options: o, manager: mgr, events: events, cloud: simulated, trackers: provider.NewTrackers(time.Now),
		composites: newComposites(mgr),
	}
	if err := mgr.Add(manager.RunnableFunc(s.discover)); err != nil {
		return err
	}
	httpServer := &http.Server{Handler: api.Handler(s.cloud), ReadHeaderTimeout: 10 * time.Second}
	group, ctx := errgroup.WithContext(ctx)
	context.AfterFunc(ctx, func() { _ = httpServer.Close() })
	group.Go(func() error {
		if err := httpServer.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error { return mgr.Start(ctx) })
	return group.Wait()
}

func newManager(o Options) (manager.Manager, error) {
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	kinds.AddToScheme(scheme)
	log, patience := logr.FromSlogHandler(quiet{o.Log.Handler()}), 2*time.Second
	ctrl.SetLogger(log)
	cfg := rest.CopyConfig(o.RESTConfig)
	cfg.WarningHandler = rest.NoWarnings{} // The API server does not like Crossplane's finalizer.
	return ctrl.NewManager(cfg, ctrl.Options{
		Scheme: scheme, Logger: log, Metrics: server.Options{BindAddress: "0"}, HealthProbeBindAddress: "0",
		GracefulShutdownTimeout: &patience,
		Cache:                   cache.Options{DefaultTransform: cache.TransformStripManagedFields()},
		Client: client.Options{Cache: &client.CacheOptions{
			// Secrets are read when they are needed. Provider configurations come from the cache, as with the real providers.
			DisableFor: []client.Object{&corev1.Secret{}}, Unstructured: true,
		}},
	})
}
