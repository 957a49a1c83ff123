package facts

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	apiservercel "k8s.io/apiserver/pkg/cel"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

//go:embed envelope-*.yaml status.yaml columns.yaml
var envelopes embed.FS

// CRD builds a definition from the facts of a kind: the fields of the lock and the envelope of the flavour. It knows less than the
// provider's own (no enums, no fields that we do not use), so it is never laxer about what we write, only about values. An API server
// takes it: the names, the status and the printer columns are the provider's too.
func (l Lock) CRD(kind schema.GroupVersionKind) (*extv1.CustomResourceDefinition, bool) {
	for _, k := range l.Kinds {
		own := Kind{Service: k.Service, Kind: k.Kind, Legacy: k.Legacy, Namespaced: k.Namespaced}
		for _, flavour := range xrd.Flavours() {
			if own.GVK(flavour) != kind {
				continue
			}
			crd, err := build(k, kind, flavour)
			return crd, err == nil
		}
	}
	return nil, false
}

// envelope is the schema of spec in a flavour, without what differs from kind to kind.
func envelope(flavour xrd.Flavour) (extv1.JSONSchemaProps, error) {
	var spec extv1.JSONSchemaProps
	err := embedded("envelope-"+string(flavour)+".yaml", &spec)
	return spec, err
}

// embedded reads a file that is part of this package.
func embedded(file string, into any) error {
	raw, err := envelopes.ReadFile(file)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(raw, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func build(k LockedKind, kind schema.GroupVersionKind, flavour xrd.Flavour) (*extv1.CustomResourceDefinition, error) {
	fields := k.Fields
	var status extv1.JSONSchemaProps
	var columns []extv1.CustomResourceColumnDefinition
	spec, err := envelope(flavour)
	if err := errors.Join(err, embedded("status.yaml", &status), embedded("columns.yaml", &columns)); err != nil {
		return nil, err
	}
	spec.Properties["forProvider"] = tree(fields, "", flavour)
	// The same fields, none of them required.
	optional := slices.Clone(fields)
	for i := range optional {
		optional[i].Required = ""
	}
	spec.Properties["initProvider"] = tree(optional, "", flavour)
	for _, f := range fields {
		if f.Required == Create {
			spec.XValidations = append(spec.XValidations, createRule(f.Path))
		}
	}
	crd := &extv1.CustomResourceDefinition{}
	crd.Name = k.Plural + "." + kind.Group
	crd.Spec.Group, crd.Spec.Names = kind.Group, names(k)
	crd.Spec.Scope = extv1.ClusterScoped
	if flavour == xrd.Namespaced {
		crd.Spec.Scope = extv1.NamespaceScoped
	}
	crd.Spec.Versions = []extv1.CustomResourceDefinitionVersion{{
		Name: kind.Version, Served: true, Storage: true, AdditionalPrinterColumns: columns,
		Subresources: &extv1.CustomResourceSubresources{Status: &extv1.CustomResourceSubresourceStatus{}},
		Schema: &extv1.CustomResourceValidation{OpenAPIV3Schema: &extv1.JSONSchemaProps{
			Type: typeObject, Required: []string{"spec"},
			Properties: map[string]extv1.JSONSchemaProps{
				"apiVersion": {Type: typeString}, "kind": {Type: typeString}, "metadata": {Type: typeObject},
				"spec": spec, "status": status,
			},
		}},
	}}
	return crd, nil
}

// names are those that upjet gives a managed resource.
func names(k LockedKind) extv1.CustomResourceDefinitionNames {
	provider, _, _ := strings.Cut(k.Provider, " ")
	return extv1.CustomResourceDefinitionNames{
		Kind: k.Kind, ListKind: k.Kind + "List", Plural: k.Plural, Singular: strings.ToLower(k.Kind),
		Categories: []string{"crossplane", "managed", provider},
	}
}

// createRule is the CEL rule that upjet writes for a required parameter.
func createRule(name string) extv1.ValidationRule {
	escaped, ok := apiservercel.Escape(name)
	if !ok {
		escaped = name
	}
	return extv1.ValidationRule{
		Message: fmt.Sprintf("spec.forProvider.%s is a required parameter", name),
		Rule: fmt.Sprintf("!('*' in self.managementPolicies || 'Create' in self.managementPolicies || 'Update' in self.managementPolicies)"+
			" || has(self.forProvider.%s) || (has(self.initProvider) && has(self.initProvider.%s))", escaped, escaped),
	}
}

// tree builds the object at a path from the flat facts.
func tree(fields []Field, path string, flavour xrd.Flavour) extv1.JSONSchemaProps {
	object := extv1.JSONSchemaProps{Type: typeObject, Properties: map[string]extv1.JSONSchemaProps{}}
	for _, f := range fields {
		if parent(f.Path) != path || strings.HasSuffix(f.Path, "[]") || strings.HasSuffix(f.Path, "{}") {
			continue
		}
		name := strings.TrimPrefix(strings.TrimPrefix(f.Path, path), ".")
		object.Properties[name] = value(fields, f, flavour)
		if f.Required == Always {
			object.Required = append(object.Required, name)
		}
	}
	return object
}

// value builds the schema of one field.
func value(fields []Field, f Field, flavour xrd.Flavour) extv1.JSONSchemaProps {
	switch f.Type {
	case typeObject:
		return tree(fields, f.Path, flavour)
	case typeMap:
		item := value(fields, lookup(fields, f.Path+"{}"), flavour)
		return extv1.JSONSchemaProps{Type: typeObject, AdditionalProperties: &extv1.JSONSchemaPropsOrBool{Allows: true, Schema: &item}}
	case typeArray:
		item := value(fields, lookup(fields, f.Path+"[]"), flavour)
		list := extv1.JSONSchemaProps{Type: typeArray, Items: &extv1.JSONSchemaPropsOrArray{Schema: &item}}
		kind, keys, _ := strings.Cut(strings.TrimSuffix(f.List, ")"), "(")
		list.XListType = ptr.To(kind)
		if keys != "" {
			list.XListMapKeys = strings.Split(keys, ",")
		}
		return list
	case typeSecretRef:
		ref := extv1.JSONSchemaProps{
			Type: typeObject, Required: []string{"key", "name"},
			Properties: map[string]extv1.JSONSchemaProps{"key": {Type: typeString}, "name": {Type: typeString}},
		}
		if flavour == xrd.Claims {
			ref.Properties["namespace"] = extv1.JSONSchemaProps{Type: typeString}
			ref.Required = append(ref.Required, "namespace")
		}
		return ref
	default:
		return extv1.JSONSchemaProps{Type: f.Type}
	}
}

// lookup finds the facts of a path. A list or map without facts about its items takes strings: that is what most are.
func lookup(fields []Field, path string) Field {
	for _, f := range fields {
		if f.Path == path {
			return f
		}
	}
	return Field{Path: path, Type: typeString}
}
