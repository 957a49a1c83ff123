package stubs

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

//go:embed providerconfig.yaml
var providerConfigFile []byte

// standalone is a definition that works without its provider: one version, served and stored, and no conversion. The providers' legacy
// kinds have several versions, which their webhook converts. Without it an object would be handed out in every version with the fields
// of the one that it was written in.
func standalone(in *extv1.CustomResourceDefinition, version string) (*extv1.CustomResourceDefinition, error) {
	var served []string
	for _, v := range in.Spec.Versions {
		if v.Served {
			served = append(served, v.Name)
		}
		if (version == "" && !v.Storage) || (version != "" && v.Name != version) {
			continue
		}
		out := in.DeepCopy()
		out.TypeMeta = metav1.TypeMeta{APIVersion: extv1.SchemeGroupVersion.String(), Kind: "CustomResourceDefinition"}
		out.Spec.Conversion = nil
		v = *v.DeepCopy()
		v.Served, v.Storage = true, true
		out.Spec.Versions = []extv1.CustomResourceDefinitionVersion{v}
		return out, nil
	}
	return nil, fmt.Errorf("%s has no version %q: it serves %v", in.Name, version, served)
}

// providerConfig is the definition of a configuration kind where the provider's own is not at hand.
func providerConfig(c Configuration, gvk schema.GroupVersionKind, provider string) (*extv1.CustomResourceDefinition, error) {
	props := &extv1.JSONSchemaProps{}
	if err := yaml.UnmarshalStrict(providerConfigFile, props); err != nil {
		return nil, fmt.Errorf("internal/stubs/providerconfig.yaml: %w", err)
	}
	crd := &extv1.CustomResourceDefinition{
		TypeMeta:   metav1.TypeMeta{APIVersion: extv1.SchemeGroupVersion.String(), Kind: "CustomResourceDefinition"},
		ObjectMeta: metav1.ObjectMeta{Name: c.Plural + "." + gvk.Group},
	}
	crd.Spec.Group, crd.Spec.Scope = gvk.Group, c.Scope
	crd.Spec.Names = extv1.CustomResourceDefinitionNames{
		Kind: c.Kind, ListKind: c.Kind + "List", Plural: c.Plural, Singular: strings.ToLower(c.Kind),
		Categories: []string{"crossplane", "providerconfig", provider},
	}
	crd.Spec.Versions = []extv1.CustomResourceDefinitionVersion{{
		Name: gvk.Version, Served: true, Storage: true,
		Schema:       &extv1.CustomResourceValidation{OpenAPIV3Schema: props},
		Subresources: &extv1.CustomResourceSubresources{Status: &extv1.CustomResourceSubresourceStatus{}},
	}}
	return crd, nil
}

// encode writes a definition as a package holds it: without a status. JSON is YAML too, and a third smaller.
func encode(crd *extv1.CustomResourceDefinition) ([]byte, error) {
	raw, err := json.Marshal(crd)
	if err != nil {
		return nil, err
	}
	var object map[string]any
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, err
	}
	delete(object, "status")
	return json.Marshal(object)
}
