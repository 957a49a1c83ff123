// Package schema validates one object against one version of a CustomResourceDefinition with the API server's own
// libraries: unknown fields, types, required fields, enums and patterns, list types and CEL rules.
package schema

import (
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// Schema judges objects of one kind and version.
type Schema interface {
	// Namespaced says whether objects of the kind live in a namespace.
	Namespaced() bool
	// Default fills in the schema's defaults, in place, as an API server does before it validates.
	Default(obj map[string]any)
	// Validate returns everything that an API server would refuse or silently drop. The object stays as it is.
	Validate(obj map[string]any) []Finding
}

// Finding is one thing that is wrong with an object.
type Finding struct {
	// Field is the path of the field, such as spec.forProvider.region.
	Field string
	// Problem says what is wrong with it.
	Problem string
}

// CRD is a compiled version of a CustomResourceDefinition.
type CRD struct {
	namespaced bool
	structural *structural.Structural
	validator  validation.SchemaValidator
	cel        *cel.Validator
}

// Compile prepares one version of a definition. A version that is not served is an error: no API server would take it.
func Compile(crd *extv1.CustomResourceDefinition, version string) (*CRD, error) {
	props, err := versionProps(crd, version)
	if err != nil {
		return nil, err
	}
	internal := &apiextensions.JSONSchemaProps{}
	if err := extv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(props, internal, nil); err != nil {
		return nil, fmt.Errorf("schema of %s %s: %w", crd.Name, version, err)
	}
	s, err := structural.NewStructural(internal)
	if err != nil {
		return nil, fmt.Errorf("schema of %s %s is not structural: %w", crd.Name, version, err)
	}
	validator, _, err := validation.NewSchemaValidator(internal)
	if err != nil {
		return nil, fmt.Errorf("schema of %s %s: %w", crd.Name, version, err)
	}
	return &CRD{
		namespaced: crd.Spec.Scope == extv1.NamespaceScoped,
		structural: s,
		validator:  validator,
		cel:        cel.NewValidator(s, true, celconfig.PerCallLimit),
	}, nil
}

// versionProps finds the schema of a served version.
func versionProps(crd *extv1.CustomResourceDefinition, version string) (*extv1.JSONSchemaProps, error) {
	var served []string
	for i := range crd.Spec.Versions {
		v := &crd.Spec.Versions[i]
		if !v.Served {
			continue
		}
		served = append(served, v.Name)
		if v.Name != version {
			continue
		}
		if v.Schema == nil || v.Schema.OpenAPIV3Schema == nil {
			return nil, fmt.Errorf("%s %s has no schema", crd.Name, version)
		}
		return v.Schema.OpenAPIV3Schema, nil
	}
	return nil, fmt.Errorf("%s does not serve version %s: use one of %v", crd.Name, version, served)
}

// Namespaced implements Schema.
func (c *CRD) Namespaced() bool { return c.namespaced }
