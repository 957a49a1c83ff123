package recorder

import (
	"context"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// definitionStream is the name of the stream that brings the other ones.
const definitionStream = "CustomResourceDefinition"

// apiServer is a resource of a real API server.
type apiServer struct{ dynamic.ResourceInterface }

func (a apiServer) list(ctx context.Context) ([]unstructured.Unstructured, string, error) {
	l, err := a.List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, "", err
	}
	return l.Items, l.GetResourceVersion(), nil
}

func (a apiServer) watch(ctx context.Context, version string) (watch.Interface, error) {
	return a.Watch(ctx, metav1.ListOptions{ResourceVersion: version, AllowWatchBookmarks: true})
}

// definitions and secrets are what is watched in any case.
func definitions() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
}

func secrets() schema.GroupVersionResource {
	return schema.GroupVersionResource{Version: "v1", Resource: "secrets"}
}

// recorded says whether a kind is recorded: the managed resources of namespaced providers, Usages, and the composites that others are
// composed of.
func recorded(kind schema.GroupKind) bool {
	suffixes := []string{".m.upbound.io", ".m.crossplane.io"}
	return kind == schema.GroupKind{Group: "protection.crossplane.io", Kind: "Usage"} ||
		kind.Group == v1.Group && slices.Contains([]string{
			v1.EnvironmentIdentitiesKind, v1.NetworkKind, v1.NetworkEndpointsKind, v1.NetworkRoutesKind,
		}, kind.Kind) ||
		slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix("."+kind.Group, suffix) })
}

// definition reads a CustomResourceDefinition. It is not served while it is not established or is being deleted.
func definition(u *unstructured.Unstructured) (kind schema.GroupKind, resource schema.GroupVersionResource, served bool) {
	kind.Group, _, _ = unstructured.NestedString(u.Object, "spec", "group")
	kind.Kind, _, _ = unstructured.NestedString(u.Object, "spec", "names", "kind")
	resource.Group = kind.Group
	resource.Resource, _, _ = unstructured.NestedString(u.Object, "spec", "names", "plural")
	versions, _, _ := unstructured.NestedSlice(u.Object, "spec", "versions")
	for _, raw := range versions {
		version, ok := raw.(map[string]any)
		if !ok || version["served"] != true {
			continue
		}
		name, _ := version["name"].(string)
		if resource.Version == "" || version["storage"] == true {
			resource.Version = name
		}
	}
	return kind, resource, resource.Version != "" && established(u)
}

func established(u *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	return slices.ContainsFunc(conditions, func(raw any) bool {
		c, ok := raw.(map[string]any)
		return ok && c["type"] == "Established" && c["status"] == "True"
	})
}

// kinds is the sink of definitions: it follows every kind that is recorded for as long as it exists.
type kinds struct {
	ledger *ledger
	// follow begins to follow a kind. What it returns ends that, and waits for the end.
	follow func(schema.GroupKind, schema.GroupVersionResource) (stop func())
	stops  map[schema.GroupKind]func()
}

func (k *kinds) listed(items []unstructured.Unstructured) {
	exists := map[schema.GroupKind]bool{}
	for n := range items {
		kind, _, _ := definition(&items[n])
		exists[kind] = true
		k.event(watch.Modified, &items[n])
	}
	for kind := range k.stops {
		if !exists[kind] {
			k.drop(kind)
		}
	}
}

func (k *kinds) event(what watch.EventType, u *unstructured.Unstructured) {
	kind, resource, served := definition(u)
	switch {
	case what == watch.Deleted:
		k.drop(kind)
	case served && recorded(kind) && k.stops[kind] == nil:
		k.stops[kind] = k.follow(kind, resource)
	}
}

// drop forgets a kind that is gone, and all of its objects with it.
func (k *kinds) drop(kind schema.GroupKind) {
	stop := k.stops[kind]
	if stop == nil {
		return
	}
	delete(k.stops, kind)
	stop()
	k.ledger.listed(kind, nil)
	k.ledger.see(kind.String(), nil)
}

// objectSink is the sink of the objects of a kind.
type objectSink struct {
	ledger *ledger
	kind   schema.GroupKind
}

func (s objectSink) listed(items []unstructured.Unstructured) {
	objects := make([]object, 0, len(items))
	for n := range items {
		objects = append(objects, reduce(s.kind, &items[n]))
	}
	s.ledger.listed(s.kind, objects)
}

func (s objectSink) event(what watch.EventType, u *unstructured.Unstructured) {
	o := reduce(s.kind, u)
	if what == watch.Deleted {
		s.ledger.gone(o)
		return
	}
	s.ledger.seen(o)
}
