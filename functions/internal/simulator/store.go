package simulator

import (
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

// fetch answers a selector by name, from the store, from what is composed, and from what was and is still there.
func (c *Cluster) fetch(sel *fnv1.ResourceSelector) *fnv1.Resources {
	ref := Reference{APIVersion: sel.GetApiVersion(), Kind: sel.GetKind(), Namespace: sel.GetNamespace(), Name: sel.GetMatchName()}
	if o, ok := c.Store.objects[ref]; ok {
		return &fnv1.Resources{Items: []*fnv1.Resource{{Resource: o}}}
	}
	for _, composed := range c.Composed {
		if ReferenceTo(composed.Object) == ref {
			return &fnv1.Resources{Items: []*fnv1.Resource{{Resource: composed.Object}}}
		}
	}
	if composed, ok := c.Terminating[ref]; ok {
		return &fnv1.Resources{Items: []*fnv1.Resource{{Resource: composed.Object}}}
	}
	return &fnv1.Resources{}
}
