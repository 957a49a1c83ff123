// Package xrd turns our CompositeResourceDefinitions into the CustomResourceDefinitions that core would install, with core's
// own code: what core drops from a schema is dropped here too.
package xrd

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/crossplane/crossplane-runtime/v2/pkg/xcrd"
	xpv1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/utils/ptr"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// Flavour is one of the two package flavours.
type Flavour string

// The flavours, by the words that the reports use.
const (
	Namespaced Flavour = "namespaced"
	Claims     Flavour = "claims"
)

// Flavours lists both.
func Flavours() []Flavour { return []Flavour{Namespaced, Claims} }

// Dir is the directory of a flavour's APIs, relative to the repository. Each kind has a directory in it.
func (f Flavour) Dir() string {
	if f == Claims {
		return filepath.Join("apis", "claims")
	}
	return "apis"
}

// Definition is one XRD.
type Definition struct {
	Flavour Flavour
	// Dir holds definition.yaml and composition.yaml, relative to the repository.
	Dir string
	// Kind of the composite.
	Kind schema.GroupKind
	// Claim is the kind of the claim; empty where there is none.
	Claim schema.GroupKind
	// Composite and ClaimCRD are what core installs. ClaimCRD is nil where there is no claim.
	Composite, ClaimCRD *extv1.CustomResourceDefinition
}

// Load reads the definitions of both flavours.
func Load(root string) ([]Definition, error) {
	var all []Definition
	for _, flavour := range Flavours() {
		files, err := filepath.Glob(filepath.Join(root, flavour.Dir(), "*", "definition.yaml"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			rel, err := filepath.Rel(root, file)
			if err != nil {
				return nil, err
			}
			def, err := load(root, rel, flavour)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", rel, err)
			}
			all = append(all, def)
		}
	}
	return all, nil
}

func load(root, file string, flavour Flavour) (Definition, error) {
	docs, err := repo.Read(root, file)
	if err != nil {
		return Definition{}, err
	}
	if len(docs) != 1 {
		return Definition{}, fmt.Errorf("holds %d documents: write one CompositeResourceDefinition", len(docs))
	}
	def, err := Convert(docs[0].Object)
	def.Flavour, def.Dir = flavour, filepath.Dir(file)
	return def, err
}

// Convert derives the CRDs of a definition.
func Convert(obj map[string]any) (Definition, error) {
	raw, err := json.Marshal(obj)
	if err != nil {
		return Definition{}, err
	}
	// v2 XRDs differ from v1 only in what they may hold and in the default of the scope.
	x := &xpv1.CompositeResourceDefinition{}
	if err := json.Unmarshal(raw, x); err != nil {
		return Definition{}, err
	}
	if x.Spec.Scope == nil && x.APIVersion == "apiextensions.crossplane.io/v2" {
		x.Spec.Scope = ptr.To(xpv1.CompositeResourceScopeNamespaced)
	}
	def := Definition{Kind: schema.GroupKind{Group: x.Spec.Group, Kind: x.Spec.Names.Kind}}
	if def.Composite, err = xcrd.ForCompositeResource(x); err != nil {
		return def, err
	}
	if x.Spec.ClaimNames == nil {
		return def, nil
	}
	def.Claim = schema.GroupKind{Group: x.Spec.Group, Kind: x.Spec.ClaimNames.Kind}
	def.ClaimCRD, err = xcrd.ForCompositeResourceClaim(x)
	return def, err
}
