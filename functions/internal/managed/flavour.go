// Package managed is the generic managed resource. What differs between the two package flavours lives here and nowhere
// else: group suffix, version, envelope and the shape of references.
package managed

import (
	"fmt"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Flavour is one of the two package flavours, as far as it shows in composed resources.
type Flavour struct {
	// Legacy is the claims flavour: cluster-scoped composites and managed resources.
	Legacy bool
	// Namespace of the claim.
	Namespace string
	// SecretNamespace is where Secrets of cluster-scoped managed resources live. Unused in the namespaced flavour: there
	// they live beside the managed resource.
	SecretNamespace string
}

// FlavourOf reads the flavour from the composite: a namespace, or the reference of a claim.
func FlavourOf(xr object.Object, secretNamespace string) (Flavour, error) {
	if ns := xr.Namespace(); ns != "" {
		return Flavour{Namespace: ns}, nil
	}
	// A composite that another one composes has no claim of its own; core labels it with the claim of the outermost one.
	for _, ns := range []string{xr.String("spec", "claimRef", "namespace"), xr.Label("crossplane.io/claim-namespace")} {
		if ns != "" {
			return Flavour{Legacy: true, Namespace: ns, SecretNamespace: secretNamespace}, nil
		}
	}
	return Flavour{}, fmt.Errorf("the %s has neither metadata.namespace nor spec.claimRef: create a claim of kind %s in a namespace instead",
		xr.Kind(), strings.TrimPrefix(xr.Kind(), "X"))
}

// Kind is a kind of managed resource in both flavours.
type Kind struct {
	// Service is the API group without the flavour's suffix, such as rds.aws or database.vault. A single word is a provider of
	// Crossplane's own, such as kubernetes.
	Service string
	// Kind of the resource.
	Kind string
	// Legacy is the version to use in the claims flavour.
	Legacy string
	// Namespaced is the version to use in the namespaced flavour.
	Namespaced string
}

// APIVersion of the kind in a flavour.
func (k Kind) APIVersion(fl Flavour) string {
	domain := "upbound.io"
	if !strings.Contains(k.Service, ".") {
		domain = "crossplane.io"
	}
	if fl.Legacy {
		return k.Service + "." + domain + "/" + k.Legacy
	}
	return k.Service + ".m." + domain + "/" + k.Namespaced
}

// Tagged says that an API group's kinds may have AWS tags.
func Tagged(apiVersion string) bool {
	group, _, _ := strings.Cut(apiVersion, "/")
	return strings.HasSuffix(group, ".aws.upbound.io") || strings.HasSuffix(group, ".aws.m.upbound.io")
}

// SecretKeyRef points at one key of a Secret.
type SecretKeyRef struct {
	Name string `json:"name"`
	Key  string `json:"key"`
}

// Encode writes the reference. Only the claims flavour names a namespace.
func (in *SecretKeyRef) Encode(f object.Fields, fl Flavour) {
	f.SetString("name", in.Name)
	f.SetString("key", in.Key)
	if fl.Legacy {
		f.SetString("namespace", fl.SecretNamespace)
	}
}
