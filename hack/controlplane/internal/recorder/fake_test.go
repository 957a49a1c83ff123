package recorder

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

var errAway = errors.New("connect: connection refused")

// fakeServer is an API server with one history for all resources, as etcd has.
type fakeServer struct {
	mu sync.Mutex
	// version of the last event; events up to compacted cannot be replayed.
	version, compacted int
	events             []fakeEvent
	objects            map[schema.GroupVersionResource]map[string]*unstructured.Unstructured
	watches            map[*watch.RaceFreeFakeWatcher]schema.GroupVersionResource
	// away is set while it does not answer, refusal while it refuses to watch.
	away     bool
	refusal  error
	refusals int
	lists    map[string]int
}

type fakeEvent struct {
	version  int
	resource schema.GroupVersionResource
	watch.Event
}

func newFakeServer() *fakeServer {
	return &fakeServer{
		objects: map[schema.GroupVersionResource]map[string]*unstructured.Unstructured{},
		watches: map[*watch.RaceFreeFakeWatcher]schema.GroupVersionResource{}, lists: map[string]int{},
	}
}

// do changes something under the lock.
func (f *fakeServer) do(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// happen writes an event down and tells those who watch.
func (f *fakeServer) happen(resource schema.GroupVersionResource, what watch.EventType, u *unstructured.Unstructured) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version++
	u = u.DeepCopy()
	u.SetResourceVersion(strconv.Itoa(f.version))
	if f.objects[resource] == nil {
		f.objects[resource] = map[string]*unstructured.Unstructured{}
	}
	f.objects[resource][u.GetNamespace()+"/"+u.GetName()] = u
	if what == watch.Deleted {
		delete(f.objects[resource], u.GetNamespace()+"/"+u.GetName())
	}
	e := fakeEvent{f.version, resource, watch.Event{Type: what, Object: u}}
	f.events = append(f.events, e)
	for w, of := range f.watches {
		if of == resource && !w.IsStopped() {
			w.Action(e.Type, e.Object)
		}
	}
}

// cut ends all watches, as a restart of the API server does.
func (f *fakeServer) cut() {
	f.do(func() {
		for w := range f.watches {
			w.Stop()
		}
		clear(f.watches)
	})
}

// expire tells those who watch that their version is too old.
func (f *fakeServer) expire() {
	f.do(func() {
		f.compacted = f.version
		for w := range f.watches {
			status := apierrors.NewResourceExpired("too old resource version").Status()
			w.Error(&status)
		}
	})
}

func (f *fakeServer) open(resource schema.GroupVersionResource) source {
	return fakeSource{f, resource}
}

type fakeSource struct {
	*fakeServer
	resource schema.GroupVersionResource
}

func (f fakeSource) list(context.Context) ([]unstructured.Unstructured, string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.away {
		return nil, "", errAway
	}
	f.lists[f.resource.Resource]++
	var items []unstructured.Unstructured
	for _, name := range slices.Sorted(maps.Keys(f.objects[f.resource])) {
		items = append(items, *f.objects[f.resource][name].DeepCopy())
	}
	return items, strconv.Itoa(f.version), nil
}

func (f fakeSource) watch(_ context.Context, version string) (watch.Interface, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.away {
		return nil, errAway
	}
	if f.refusal != nil {
		f.refusals++
		return nil, f.refusal
	}
	from, err := strconv.Atoi(version)
	if err != nil || from < f.compacted {
		return nil, apierrors.NewResourceExpired("too old resource version")
	}
	w := watch.NewRaceFreeFake()
	for _, e := range f.events {
		if e.resource == f.resource && e.version > from {
			w.Action(e.Type, e.Object.DeepCopyObject())
		}
	}
	f.watches[w] = f.resource
	return w, nil
}

// Resources of the fake.
func instances() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "rds.aws.m.upbound.io", Version: "v1beta1", Resource: "instances"}
}

// crd is the definition of instances.
func crd(established bool) *unstructured.Unstructured {
	status := map[bool]string{true: "True", false: "False"}[established]
	return &unstructured.Unstructured{Object: map[string]any{
		"metadata": map[string]any{"name": "instances.rds.aws.m.upbound.io"},
		"spec": map[string]any{
			"group": "rds.aws.m.upbound.io", "names": map[string]any{"kind": "Instance", "plural": "instances"},
			"versions": []any{
				map[string]any{"name": "v1alpha1", "served": false, "storage": false},
				map[string]any{"name": "v1beta2", "served": true, "storage": false},
				map[string]any{"name": "v1beta1", "served": true, "storage": true},
			},
		},
		"status": map[string]any{"conditions": []any{map[string]any{"type": "Established", "status": status}}},
	}}
}

// live is a data holder as the API server has it.
func live(uid string) *unstructured.Unstructured {
	u := &unstructured.Unstructured{Object: map[string]any{}}
	u.SetNamespace("team")
	u.SetName("orders-1")
	u.SetUID(types.UID(uid))
	u.SetGeneration(1)
	u.SetLabels(map[string]string{"crossplane.io/composite": "orders"})
	u.SetAnnotations(map[string]string{
		"crossplane.io/composition-resource-name": "database-instance", "crossplane.io/external-name": "orders-ext", "platform.io/data": "primary",
	})
	return u
}

func startOn(t *testing.T, f *fakeServer) *Recorder {
	t.Helper()
	r, err := start(t.Context(), f.open, newClock().now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Stop)
	return r
}
