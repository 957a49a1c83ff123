package core

import (
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Composite is a composite of ours that another one composes. In the claims flavour it is the cluster-scoped one, without a claim.
type Composite struct {
	// Kind as developers write it, without the X of the claims flavour.
	Kind string
	// Name of the object.
	Name string
	// Spec is what a person would write.
	Spec object.Object
}

// Object writes the composite in a flavour.
func (c Composite) Object(fl managed.Flavour) object.Object {
	f := object.NewFields()
	f.SetString("apiVersion", v1.APIVersion)
	f.SetString("kind", CompositeKind(c.Kind, fl))
	meta := f.Object("metadata")
	meta.SetString("name", c.Name)
	if !fl.Legacy {
		meta.SetString("namespace", fl.Namespace)
	}
	f.SetObject("spec", c.Spec)
	return f.Done()
}

// CompositeKind is the kind of the composite behind a kind of ours.
func CompositeKind(kind string, fl managed.Flavour) string {
	if fl.Legacy {
		return "X" + kind
	}
	return kind
}
