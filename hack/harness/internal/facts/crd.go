package facts

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/utils/ptr"
)

// When a field must be there.
const (
	// Always, by the schema.
	Always = "always"
	// Create means: unless the managementPolicies leave creating and updating out. Upjet writes it as a CEL rule.
	Create = "create"
)

// Field is what the lock knows of one field.
type Field struct {
	// Path below spec.forProvider, as in GoField.
	Path string `json:"path"`
	Type string `json:"type"`
	// List is set, map or atomic; empty for what is no list.
	List string `json:"list,omitempty"`
	// Required is always, create or empty.
	Required string `json:"required,omitempty"`
}

// requiredMessage is upjet's message of a required parameter.
var requiredMessage = regexp.MustCompile(`^spec\.forProvider\.([A-Za-z0-9]+) is a required parameter$`)

// flatten lists every field below forProvider of one version, by path. Unknown versions have none.
func flatten(crd *extv1.CustomResourceDefinition, version string) map[string]Field {
	fields := map[string]Field{}
	i := slices.IndexFunc(crd.Spec.Versions, func(v extv1.CustomResourceDefinitionVersion) bool { return v.Name == version && v.Served })
	if i < 0 || crd.Spec.Versions[i].Schema == nil {
		return fields
	}
	spec := crd.Spec.Versions[i].Schema.OpenAPIV3Schema.Properties["spec"]
	walk(spec.Properties["forProvider"], "", fields)
	for _, rule := range spec.XValidations {
		if m := requiredMessage.FindStringSubmatch(rule.Message); m != nil {
			if f, ok := fields[m[1]]; ok {
				f.Required = Create
				fields[m[1]] = f
			}
		}
	}
	return fields
}

// walk notes the properties of an object and what is below them.
func walk(object extv1.JSONSchemaProps, prefix string, fields map[string]Field) {
	for name, props := range object.Properties {
		f := note(props, join(prefix, name), fields)
		if slices.Contains(object.Required, name) {
			f.Required = Always
		}
		fields[f.Path] = f
	}
}

// note returns the facts of a value, and notes those of what is below it.
func note(props extv1.JSONSchemaProps, path string, fields map[string]Field) Field {
	f := Field{Path: path, Type: props.Type}
	switch {
	case props.Type == typeArray:
		f.List = ptr.Deref(props.XListType, "atomic")
		if f.List == "map" {
			f.List += "(" + strings.Join(props.XListMapKeys, ",") + ")"
		}
		if props.Items != nil && props.Items.Schema != nil {
			fields[path+"[]"] = note(*props.Items.Schema, path+"[]", fields)
		}
	case props.Type == typeObject && props.AdditionalProperties != nil && props.AdditionalProperties.Schema != nil:
		f.Type = typeMap
		fields[path+"{}"] = note(*props.AdditionalProperties.Schema, path+"{}", fields)
	case isSecretRef(props):
		f.Type = typeSecretRef
	case props.Type == typeObject:
		walk(props, path, fields)
	}
	return f
}

// isSecretRef recognises a reference to one key of a Secret; only the claims flavour has the namespace.
func isSecretRef(props extv1.JSONSchemaProps) bool {
	keys := make([]string, 0, len(props.Properties))
	for key := range props.Properties {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return slices.Equal(keys, []string{"key", "name"}) ||
		slices.Equal(keys, []string{"key", "name", "namespace"}) && slices.Contains(props.Required, "key")
}
