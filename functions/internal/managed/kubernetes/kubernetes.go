// Package kubernetes holds the parameters of provider-kubernetes: objects in a cluster that is not the control plane.
package kubernetes

import (
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Object is one object in another cluster, in any namespace of it or in none.
//
// +goldenpath:encode
// +goldenpath:kind service=kubernetes kind=Object legacy=v1alpha2 namespaced=v1alpha1
type Object struct {
	Manifest Manifest `json:"manifest"`
}

// Manifest is the object as it is applied there. It must not hold a secret value: the provider repeats it in its status.
type Manifest struct {
	// Fields of the object.
	Fields object.Object `json:"-"`
}

// Encode writes the manifest.
func (in *Manifest) Encode(f object.Fields, _ managed.Flavour) { f.Merge(in.Fields) }
