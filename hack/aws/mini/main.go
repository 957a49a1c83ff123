// Mini is provider-aws for a handful of kinds: the provider's own main (cmd/provider/rds/zz_main.go), its own resource configuration, clients
// and generated controllers, without the webhooks, the cluster-scoped APIs and the kinds that nobody asked for. A kind gets its controller
// when its CRD appears (SafeStart), so the CRDs in the API server say which kinds run.
//
// It lies in a module of its own because it compiles only inside of the provider's (see ../assemble.go): go.mod and go.sum here are the pins
// of the tree that it is copied into.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	xpcontroller "github.com/crossplane/crossplane-runtime/v2/pkg/controller"
	"github.com/crossplane/crossplane-runtime/v2/pkg/feature"
	"github.com/crossplane/crossplane-runtime/v2/pkg/gate"
	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/crossplane/crossplane-runtime/v2/pkg/ratelimiter"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/customresourcesgate"
	ujconfig "github.com/crossplane/upjet/v2/pkg/config"
	tjcontroller "github.com/crossplane/upjet/v2/pkg/controller"
	tfsdk "github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-provider-aws/xpprovider"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	aws "github.com/upbound/provider-aws/v2/apis/namespaced/v1beta1"
	"github.com/upbound/provider-aws/v2/config"
	resolverapis "github.com/upbound/provider-aws/v2/internal/apis"
	"github.com/upbound/provider-aws/v2/internal/clients"
	"github.com/upbound/provider-aws/v2/internal/features"
)

func main() {
	poll := flag.Duration("poll", 10*time.Minute, "how often a resource is checked for drift")
	rate := flag.Int("max-reconcile-rate", 100, "reconciles per second")
	debug := flag.Bool("debug", false, "log every reconcile")
	laws := flag.Bool("laws", false, "print what the provider does with its kinds, and exit")
	flag.Parse()
	var err error
	if *laws {
		err = printLaws(context.Background(), os.Stdout)
	} else {
		err = run(ctrl.SetupSignalHandler(), *poll, *rate, *debug)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mini:", err)
		os.Exit(1)
	}
}

// run reconciles until the context ends.
func run(ctx context.Context, poll time.Duration, rate int, debug bool) error {
	zl := zap.New(zap.UseDevMode(debug))
	ctrl.SetLogger(zl)
	log := logging.NewLogrLogger(zl.WithName("provider-aws"))
	mgr, err := newManager(rate)
	if err != nil {
		return err
	}
	provider, _, err := configuration(ctx)
	if err != nil {
		return err
	}
	o := tjcontroller.Options{
		Options: xpcontroller.Options{
			Logger:                  log,
			GlobalRateLimiter:       ratelimiter.NewGlobal(rate),
			PollInterval:            poll,
			MaxConcurrentReconciles: rate,
			Features:                &feature.Flags{},
			Gate:                    new(gate.Gate[schema.GroupVersionKind]),
		},
		Provider:              provider,
		SetupFn:               clients.SelectTerraformSetup(&clients.SetupConfig{Logger: log, TerraformProvider: provider.TerraformProvider}),
		PollJitter:            poll / 20,
		OperationTrackerStore: tjcontroller.NewOperationStore(log),
	}
	o.Features.Enable(features.EnableBetaManagementPolicies)
	if err := customresourcesgate.Setup(mgr, o.Options); err != nil {
		return err
	}
	for _, setup := range controllers() {
		if err := setup(mgr, o); err != nil {
			return err
		}
	}
	return mgr.Start(ctx)
}

// newManager knows the types of our kinds, and of what they may refer to.
func newManager(rate int) (ctrl.Manager, error) {
	cfg, err := ctrl.GetConfig()
	if err != nil {
		return nil, err
	}
	mgr, err := ctrl.NewManager(ratelimiter.LimitRESTConfig(cfg, rate), ctrl.Options{Metrics: metricsserver.Options{BindAddress: "0"}})
	if err != nil {
		return nil, err
	}
	schemes := append(types(), aws.SchemeBuilder.AddToScheme)
	if err := schemes.AddToScheme(mgr.GetScheme()); err != nil {
		return nil, err
	}
	if err := resolverapis.BuildScheme(schemes); err != nil {
		return nil, err
	}
	return mgr, apiextensionsv1.AddToScheme(mgr.GetScheme())
}

// configuration is the provider's own, for what is linked; and Terraform's provider under it.
func configuration(ctx context.Context) (*ujconfig.Provider, *tfsdk.Provider, error) {
	framework, sdk, err := xpprovider.GetProvider(ctx)
	if err != nil {
		return nil, nil, err
	}
	onlyLinked(ctx, framework, sdk)
	provider, err := config.GetProviderNamespaced(ctx, framework, sdk, false, false)
	return provider, sdk, err
}
