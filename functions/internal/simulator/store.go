package simulator

import (
	"slices"
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Reference names an object in the API server.
type Reference struct {
	APIVersion string
	Kind       string
	Namespace  string
	Name       string
}

// ReferenceTo an object.
func ReferenceTo(s *structpb.Struct) Reference {
	o := object.Of(s)
	return Reference{APIVersion: o.APIVersion(), Kind: o.Kind(), Namespace: o.Namespace(), Name: o.Name()}
}

// Store holds the objects that functions may require and that the composite does not compose: Environments, and the Secrets
// of others.
type Store struct {
	objects map[Reference]*structpb.Struct
}

// NewStore holds some objects.
func NewStore(objects ...*structpb.Struct) *Store {
	s := &Store{objects: map[Reference]*structpb.Struct{}}
	for _, o := range objects {
		s.Put(o)
	}
	return s
}

// Put adds an object, or replaces the one of the same name.
func (s *Store) Put(o *structpb.Struct) { s.objects[ReferenceTo(o)] = o }

// Get returns an object; the zero Object when there is none.
func (s *Store) Get(ref Reference) object.Object { return object.Of(s.objects[ref]) }

// Delete removes an object.
func (s *Store) Delete(ref Reference) { delete(s.objects, ref) }

// fetch answers a selector from the store, from the composite and what it composes, and from what was and is still there.
func (c *Cluster) fetch(sel *fnv1.ResourceSelector) *fnv1.Resources {
	if sel.GetMatchName() != "" {
		ref := Reference{APIVersion: sel.GetApiVersion(), Kind: sel.GetKind(), Namespace: sel.GetNamespace(), Name: sel.GetMatchName()}
		if o, ok := c.Store.objects[ref]; ok {
			return &fnv1.Resources{Items: []*fnv1.Resource{{Resource: o}}}
		}
	}
	answer := &fnv1.Resources{}
	seen := map[Reference]bool{}
	add := func(o *structpb.Struct) {
		if ref := ReferenceTo(o); !seen[ref] && selects(sel, ref, object.Of(o)) {
			seen[ref] = true
			answer.Items = append(answer.Items, &fnv1.Resource{Resource: o})
		}
	}
	for _, o := range c.Store.objects {
		add(o)
	}
	outermost := c.outermost()
	if xr := object.Of(outermost.XR); xr.Kind() == sel.GetKind() && xr.APIVersion() == sel.GetApiVersion() {
		add(outermost.Observed())
	}
	outermost.each(func(composed *Composed) { add(composed.Object) })
	slices.SortFunc(answer.Items, func(a, b *fnv1.Resource) int { return strings.Compare(where(a.GetResource()), where(b.GetResource())) })
	return answer
}

func where(s *structpb.Struct) string { return object.Of(s).Namespace() + "/" + object.Of(s).Name() }

// selects by name, by labels, or all of a kind; without a namespace in all of them.
func selects(sel *fnv1.ResourceSelector, ref Reference, o object.Object) bool {
	if ref.APIVersion != sel.GetApiVersion() || ref.Kind != sel.GetKind() {
		return false
	}
	if sel.GetMatchName() != "" {
		return ref.Name == sel.GetMatchName() && ref.Namespace == sel.GetNamespace()
	}
	if sel.GetNamespace() != "" && ref.Namespace != sel.GetNamespace() {
		return false
	}
	for key, value := range sel.GetMatchLabels().GetLabels() {
		if o.Label(key) != value {
			return false
		}
	}
	return true
}
