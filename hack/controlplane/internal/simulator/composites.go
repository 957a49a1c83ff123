package simulator

import (
	"context"
	"fmt"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// composites reads faults from the composites that control managed resources, and wakes those when the faults change. Only
// metadata is watched, of kinds that control something.
type composites struct {
	manager manager.Manager

	mu       sync.Mutex
	watched  map[schema.GroupVersionKind]bool
	owned    map[types.UID]map[owned]bool
	channels map[string]chan wake
}

type owned struct {
	kind string
	types.NamespacedName
}

func newComposites(mgr manager.Manager) *composites {
	c := &composites{
		manager: mgr, watched: map[schema.GroupVersionKind]bool{}, owned: map[types.UID]map[owned]bool{}, channels: map[string]chan wake{},
	}
	for _, kind := range kinds.All() {
		c.channels[kind.Key()] = make(chan wake, 1024)
	}
	return c
}

// channel with the resources of a kind that are to be looked at.
func (c *composites) channel(kind kinds.Kind) <-chan wake { return c.channels[kind.Key()] }

// Faults returns the annotation with faults of the composite that controls a resource.
func (c *composites) Faults(ctx context.Context, kind kinds.Kind, mg kinds.Managed) (string, error) {
	owner := metav1.GetControllerOf(mg)
	if owner == nil {
		return "", nil
	}
	c.remember(owner.UID, owned{kind: kind.Key(), NamespacedName: types.NamespacedName{Namespace: mg.GetNamespace(), Name: mg.GetName()}})
	composite := &metav1.PartialObjectMetadata{}
	composite.SetGroupVersionKind(schema.FromAPIVersionAndKind(owner.APIVersion, owner.Kind))
	key := types.NamespacedName{Namespace: mg.GetNamespace(), Name: owner.Name}
	err := c.watch(ctx, composite)
	if err == nil {
		err = c.manager.GetClient().Get(ctx, key, composite)
	}
	if apierrors.IsNotFound(err) {
		// The cache may be behind.
		err = c.manager.GetAPIReader().Get(ctx, key, composite)
	}
	switch {
	case meta.IsNoMatchError(err) || apierrors.IsNotFound(err):
		return "", nil // Whatever controls it is not there to say anything.
	case err != nil:
		return "", fmt.Errorf("cannot read the faults of %s %s: %w", owner.Kind, owner.Name, err)
	}
	return composite.GetAnnotations()[fault.CompositeAnnotation], nil
}

func (c *composites) remember(owner types.UID, resource owned) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.owned[owner] == nil {
		c.owned[owner] = map[owned]bool{}
	}
	c.owned[owner][resource] = true
}

// watch watches the metadata of a kind of composites.
func (c *composites) watch(ctx context.Context, composite *metav1.PartialObjectMetadata) error {
	gvk := composite.GroupVersionKind()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watched[gvk] {
		return nil
	}
	informer, err := c.manager.GetCache().GetInformer(ctx, composite)
	if err != nil {
		return err
	}
	_, err = informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
		UpdateFunc: func(before, after any) {
			was, is := metadata(before), metadata(after)
			if was != nil && is != nil && was.GetAnnotations()[fault.CompositeAnnotation] != is.GetAnnotations()[fault.CompositeAnnotation] {
				go c.wake(is.GetUID()) // Handlers must not wait.
			}
		},
		DeleteFunc: func(gone any) {
			if o := metadata(gone); o != nil {
				c.forget(o.GetUID())
			}
		},
	})
	c.watched[gvk] = err == nil
	return err
}

func metadata(o any) *metav1.PartialObjectMetadata {
	m, _ := o.(*metav1.PartialObjectMetadata)
	return m
}

func (c *composites) forget(owner types.UID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.owned, owner)
}

// wake lets everything that a composite controls be looked at.
func (c *composites) wake(owner types.UID) {
	for _, resource := range c.of(owner) {
		for _, kind := range kinds.All() {
			if kind.Key() == resource.kind {
				mg := kind.New()
				mg.SetNamespace(resource.Namespace)
				mg.SetName(resource.Name)
				c.channels[kind.Key()] <- wake{Object: mg}
			}
		}
	}
}

func (c *composites) of(owner types.UID) []owned {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]owned, 0, len(c.owned[owner]))
	for resource := range c.owned[owner] {
		list = append(list, resource)
	}
	return list
}
