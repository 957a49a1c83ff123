package provider

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// applied is the annotation with a fingerprint of the manifest that an object was last made from.
const applied = "simulator.goldenpath.dev/applied"

// fieldOwner of what is applied.
const fieldOwner = client.FieldOwner("provider-kubernetes")

var errUnauthorized = errors.New("cannot create new Kubernetes client: the server has asked for the client to provide credentials")

// Objects connects the Objects of provider-kubernetes. Their manifests are applied to the control plane itself, whatever cluster the
// provider config names: it is the only one that there is.
type Objects struct {
	*Connector

	// Live reads past the cache.
	Live client.Reader
}

// Connect looks up credentials and faults for one reconcile.
func (o *Objects) Connect(ctx context.Context, mg kinds.Managed) (managed.TypedExternalClient[kinds.Managed], error) {
	faults, err := o.faults(ctx, mg)
	if err != nil {
		return nil, err
	}
	if _, err := o.setup(ctx, mg, faults); err != nil {
		return nil, err
	}
	return o.object(mg, faults)
}

func (o *Objects) object(mg kinds.Managed, faults fault.Set) (*appliedObject, error) {
	wanted, err := mg.Parameters()
	if err != nil {
		return nil, err
	}
	manifest, _ := wanted["manifest"].(map[string]any)
	document, err := json.Marshal(manifest)
	if err != nil {
		return nil, fmt.Errorf("cannot parse template: %w", err)
	}
	e := &appliedObject{client: o.Client, live: o.Live, faults: faults, wanted: &unstructured.Unstructured{Object: manifest}}
	if e.wanted.GetKind() == "" || e.wanted.GetName() == "" {
		return nil, errors.New("cannot parse template: spec.forProvider.manifest needs apiVersion, kind and metadata.name")
	}
	sum := sha256.Sum256(document)
	e.fingerprint = hex.EncodeToString(sum[:])
	return e, nil
}

// appliedObject is the connection for one reconcile of one Object.
type appliedObject struct {
	client      client.Client
	live        client.Reader
	faults      fault.Set
	wanted      *unstructured.Unstructured
	fingerprint string
}

// Disconnect does nothing.
func (e *appliedObject) Disconnect(context.Context) error { return nil }

// Observe looks at the object.
func (e *appliedObject) Observe(ctx context.Context, mg kinds.Managed) (managed.ExternalObservation, error) {
	if message, ok := e.faults[fault.NotSynced]; ok {
		return managed.ExternalObservation{}, errors.New("cannot get object: " + message)
	}
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(e.wanted.GroupVersionKind())
	err := e.live.Get(ctx, client.ObjectKeyFromObject(e.wanted), live)
	if apierrors.IsNotFound(err) {
		return managed.ExternalObservation{}, nil
	}
	if err != nil {
		return managed.ExternalObservation{}, fmt.Errorf("cannot get object: %w", err)
	}
	live.SetManagedFields(nil)
	mg.SetConditions(xpv2.Available())
	return managed.ExternalObservation{
		ResourceExists: true, ResourceUpToDate: live.GetAnnotations()[applied] == e.fingerprint,
	}, mg.SetObservation(map[string]any{"manifest": live.Object})
}

// Create applies the manifest.
func (e *appliedObject) Create(ctx context.Context, _ kinds.Managed) (managed.ExternalCreation, error) {
	return managed.ExternalCreation{}, e.apply(ctx, api.Create)
}

// Update applies the manifest.
func (e *appliedObject) Update(ctx context.Context, _ kinds.Managed) (managed.ExternalUpdate, error) {
	return managed.ExternalUpdate{}, e.apply(ctx, api.Update)
}

func (e *appliedObject) apply(ctx context.Context, verb string) error {
	if reason, ok := e.faults[fault.CreateFails]; ok && verb == api.Create {
		return fmt.Errorf("cannot apply object: %s is forbidden: %s", e.wanted.GetName(), reason)
	}
	o := e.wanted.DeepCopy()
	annotations := o.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[applied] = e.fingerprint
	o.SetAnnotations(annotations)
	if err := e.client.Apply(ctx, client.ApplyConfigurationFromUnstructured(o), fieldOwner, client.ForceOwnership); err != nil {
		return fmt.Errorf("cannot apply object: %w", err)
	}
	return nil
}

// Delete deletes the object. It is gone when it is no longer observed.
func (e *appliedObject) Delete(ctx context.Context, _ kinds.Managed) (managed.ExternalDelete, error) {
	err := e.client.Delete(ctx, e.wanted.DeepCopy(), client.PropagationPolicy(metav1.DeletePropagationBackground))
	if client.IgnoreNotFound(err) != nil {
		return managed.ExternalDelete{}, fmt.Errorf("cannot delete object: %w", err)
	}
	return managed.ExternalDelete{}, nil
}
