package managed

import (
	"maps"
	"slices"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Parameters is spec.forProvider of one kind: the fields that we use.
type Parameters interface {
	// Kind that the parameters belong to.
	Kind() Kind
	// Encode writes the parameters.
	Encode(f object.Fields, fl Flavour)
}

// Resource is a managed resource, written once for both flavours.
type Resource[P Parameters] struct {
	// Name is metadata.name.
	Name string
	// Annotations of the managed resource. None when empty.
	Annotations map[string]string
	// ExternalName is the name in the cloud, where it is not the provider's to write it down (ExternalNameOf). Left to the provider
	// when empty.
	ExternalName string
	// ProviderConfig holds the credentials. The provider's default when it is nil.
	ProviderConfig *pipelinev1.ProviderConfigReference
	// Observe only looks at what is there, and neither changes nor deletes it.
	Observe bool
	// Retain leaves the external resource alone when the managed resource is deleted.
	Retain bool
	// Following leaves what we do not say to the cloud: what it sets today is not held on to when it sets another value
	// tomorrow. Where the cloud assigns the name, ExternalName has to be given too: the provider writes it down only where it may
	// late-initialise.
	Following bool
	// Made says that the external resource has been made once and is not to be made again: one that somebody deleted would come back
	// empty, under the same name. With Retain the policies have no Create. Without it they keep it, because the providers' runtime refuses
	// Delete without Create, and stops to work on such a resource at all; Itself then lets every creation fail.
	// https://github.com/crossplane/crossplane-runtime/blob/main/pkg/reconciler/managed/policies.go
	Made bool
	// Itself are fields of spec.initProvider. They are for a creation alone, and say of a resource that is Made that it is to be made from
	// what is only there as long as it is there itself: the cloud refuses that. What runs they do not touch. What ForProvider says too says
	// nothing.
	Itself map[string]string
	// ConnectionSecret is the name of the Secret that the provider writes connection details to. None when empty.
	ConnectionSecret string
	// ForProvider is the intent.
	ForProvider P
}

// Object writes the resource in a flavour.
func (r Resource[P]) Object(fl Flavour) object.Object {
	kind := r.ForProvider.Kind()
	f := object.NewFields()
	f.SetString("apiVersion", kind.APIVersion(fl))
	f.SetString("kind", kind.Kind)

	meta := f.Object("metadata")
	meta.SetString("name", r.Name)
	if !fl.Legacy {
		meta.SetString("namespace", fl.Namespace)
	}
	if annotations := r.annotations(); len(annotations) > 0 {
		meta.SetStringMap("annotations", annotations)
	}

	spec := f.Object("spec")
	r.ForProvider.Encode(spec.Object("forProvider"), fl)
	if len(r.Itself) > 0 && !r.Observe {
		spec.SetStringMap("initProvider", r.Itself)
	}
	if r.Retain || r.Following || r.Observe {
		// Both flavours have managementPolicies; only the claims flavour has deletionPolicy.
		spec.SetStrings("managementPolicies", r.policies())
	}
	if r.ProviderConfig != nil {
		r.providerConfig(spec.Object("providerConfigRef"), fl)
	}
	if r.ConnectionSecret != "" {
		ref := spec.Object("writeConnectionSecretToRef")
		ref.SetString("name", r.ConnectionSecret)
		if fl.Legacy {
			ref.SetString("namespace", fl.SecretNamespace)
		}
	}
	return f.Done()
}

// MadeFromItself says that a resource is composed so that every creation fails (see Resource.Itself). An empty initProvider is the
// provider's own: it writes one into everything that it touches.
func MadeFromItself(observed object.Object) bool {
	return slices.ContainsFunc(observed.At("spec", "initProvider").Keys(), func(field string) bool {
		return !observed.Has("spec", "forProvider", field)
	})
}

func (r Resource[P]) annotations() map[string]string {
	if r.ExternalName == "" {
		return r.Annotations
	}
	annotations := map[string]string{ExternalNameAnnotation: r.ExternalName}
	maps.Copy(annotations, r.Annotations)
	return annotations
}

func (r Resource[P]) policies() []string {
	if r.Observe {
		return []string{"Observe"}
	}
	policies := []string{"Observe"}
	if !r.Made || !r.Retain {
		policies = append(policies, "Create")
	}
	policies = append(policies, "Update")
	if !r.Following {
		policies = append(policies, "LateInitialize")
	}
	if !r.Retain {
		policies = append(policies, "Delete")
	}
	return policies
}

func (r Resource[P]) providerConfig(f object.Fields, fl Flavour) {
	f.SetString("name", r.ProviderConfig.Name)
	if fl.Legacy {
		return
	}
	kind := r.ProviderConfig.Kind
	if kind == "" {
		kind = "ClusterProviderConfig"
	}
	f.SetString("kind", kind)
}
