package provider

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/inventory"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// compositionResourceName is the annotation that says what a resource is called in its composition.
const compositionResourceName = "crossplane.io/composition-resource-name"

// Composites know the annotations of the composites that control managed resources.
type Composites interface {
	// Faults returns the annotation with faults of the composite that controls a resource.
	Faults(ctx context.Context, kind kinds.Kind, mg kinds.Managed) (string, error)
}

// Connector connects managed resources of one kind.
type Connector struct {
	Kind       kinds.Kind
	Client     client.Client
	Cloud      *inventory.Cloud
	Trackers   *Trackers
	Composites Composites
	Delays     Delays
	Now        func() time.Time
}

// Connect looks up credentials, Secrets and faults for one reconcile.
func (c *Connector) Connect(ctx context.Context, mg kinds.Managed) (managed.TypedExternalClient[kinds.Managed], error) {
	faults, err := c.faults(ctx, mg)
	if err != nil {
		return nil, err
	}
	endpoint, err := c.setup(ctx, mg, faults)
	if err != nil {
		return nil, fmt.Errorf("cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: %w", err)
	}
	e, err := c.external(mg, faults, endpoint)
	if err != nil {
		return nil, err
	}
	return e, c.secrets(ctx, mg, e)
}

func (c *Connector) external(mg kinds.Managed, faults fault.Set, endpoint string) (*external, error) {
	wanted, err := mg.Parameters()
	if err != nil {
		return nil, err
	}
	initial, err := mg.InitialParameters()
	if err != nil {
		return nil, err
	}
	e := &external{
		cloud: c.Cloud, tracker: c.Trackers.of(mg.GetUID()), delays: c.Delays, now: c.Now, endpoint: endpoint, faults: faults,
		observes: onlyObserves(mg), target: TargetOf(c.Kind, mg, wanted), wanted: wanted, initial: initial, values: inventory.Values{},
	}
	e.tracker.faults = faults
	if e.target.ExternalName == "" {
		e.target.ExternalName = e.tracker.externalName
	}
	e.target.ExternalName = c.Cloud.Found(e.target)
	return e, nil
}

// TargetOf names what a managed resource manages.
func TargetOf(kind kinds.Kind, mg kinds.Managed, parameters map[string]any) inventory.Target {
	place := "region"
	if kind.Vault() {
		place = "namespace"
	}
	region, _ := parameters[place].(string)
	account := ""
	if ref := mg.GetProviderConfigReference(); ref != nil {
		account = cloud.AccountOf(ref.Name)
	}
	return inventory.Target{
		Kind: kind.Key(), Region: region, Account: account, ExternalName: meta.GetExternalName(mg),
		Owner: api.Owner{
			Namespace: mg.GetNamespace(), Name: mg.GetName(), UID: string(mg.GetUID()),
			CompositionResource: mg.GetAnnotations()[compositionResourceName],
		},
	}
}

func (c *Connector) faults(ctx context.Context, mg kinds.Managed) (fault.Set, error) {
	composite, err := c.Composites.Faults(ctx, c.Kind, mg)
	if err != nil {
		return nil, err
	}
	return fault.Parse(mg.GetAnnotations()[fault.Annotation], composite, mg.GetAnnotations()[compositionResourceName])
}

// secrets reads the values that parameters refer to. Of each only a fingerprint is kept, but for the password of this reconcile.
func (c *Connector) secrets(ctx context.Context, mg kinds.Managed, e *external) error {
	for path, ref := range secretRefs("", e.wanted) {
		secret := &corev1.Secret{}
		err := c.Client.Get(ctx, types.NamespacedName{Namespace: mg.GetNamespace(), Name: ref.name}, secret)
		if apierrors.IsNotFound(err) {
			// upjet goes on without the value: it may not be needed, as in a deletion.
			continue
		}
		if err != nil {
			return fmt.Errorf("cannot get secret value for %s: %w", path, err)
		}
		value := secret.Data[ref.key]
		if len(value) == 0 {
			continue
		}
		sum := sha256.Sum256(value)
		e.values[path] = hex.EncodeToString(sum[:])
		if path == passwordField(c.Kind.Key()) {
			e.password = string(value)
		}
	}
	return nil
}

// passwordField is the parameter with the Secret of the master's password. Empty for kinds without one.
func passwordField(kind string) string {
	return map[string]string{cloud.Instance: "passwordSecretRef", cloud.Cluster: "masterPasswordSecretRef"}[kind]
}

var errNoConfig = errors.New("no providerConfigRef provided")
