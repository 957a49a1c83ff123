package xrd

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	xpv1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

const (
	// connectionKeysAnnotation on a CRD lists, comma-separated, the keys of the connection secret. Only legacy XRs have one.
	connectionKeysAnnotation = "platform.io/connection-secret-keys"
	// toolAnnotation says which controller-gen wrote the CRD. It would change with the tool, not with the API.
	toolAnnotation = "controller-gen.kubebuilder.io/version"

	claimsDir = "claims"
)

// flavour is one of the two ways in which a kind is offered.
type flavour struct {
	name       string
	apiVersion string // of the XRD
	scope      xpv1.CompositeResourceScope
	prefix     string // of the XR's kind; its lower case is the prefix of the plural
}

// flavours are the namespaced XRs of Crossplane v2, and cluster-scoped XRs with claims.
func flavours() []flavour {
	return []flavour{
		{name: "namespaced", apiVersion: "apiextensions.crossplane.io/v2", scope: xpv1.CompositeResourceScopeNamespaced},
		{name: "claims", apiVersion: "apiextensions.crossplane.io/v1", scope: xpv1.CompositeResourceScopeLegacyCluster, prefix: "X"},
	}
}

// claimed says that developers use a claim, not the XR itself.
func (fl flavour) claimed() bool { return fl.scope == xpv1.CompositeResourceScopeLegacyCluster }

// kind is the kind of the XR.
func (fl flavour) kind(crd *extv1.CustomResourceDefinition) string {
	return fl.prefix + crd.Spec.Names.Kind
}

// dir is where the definition and composition of a kind live.
func (fl flavour) dir(apisDir string, crd *extv1.CustomResourceDefinition) string {
	if fl.claimed() {
		return filepath.Join(apisDir, claimsDir, crd.Spec.Names.Plural)
	}
	return filepath.Join(apisDir, crd.Spec.Names.Plural)
}

// definition writes the XRD as YAML. The composition may be empty.
func (fl flavour) definition(crd *extv1.CustomResourceDefinition, composition string) ([]byte, error) {
	names := crd.Spec.Names
	xrd := xpv1.CompositeResourceDefinition{}
	xrd.APIVersion, xrd.Kind = fl.apiVersion, xpv1.CompositeResourceDefinitionKind
	xrd.Spec.Group, xrd.Spec.Names, xrd.Spec.Scope = crd.Spec.Group, names, &fl.scope
	xrd.Spec.Conversion = crd.Spec.Conversion
	if m := inherited(crd); len(m.Labels)+len(m.Annotations) > 0 {
		xrd.Spec.Metadata = &m
	}
	if composition != "" {
		xrd.Spec.DefaultCompositionRef = &xpv1.CompositionReference{Name: composition}
	}
	if fl.claimed() {
		xrd.Spec.ClaimNames = &names
		xrd.Spec.ConnectionSecretKeys = connectionKeys(crd)
		// Short names and categories belong to the claim alone: what developers type must mean one kind.
		lower := strings.ToLower(fl.prefix)
		xrd.Spec.Names = extv1.CustomResourceDefinitionNames{
			Kind: fl.kind(crd), Plural: lower + names.Plural,
			Singular: prefixed(lower, names.Singular), ListKind: prefixed(fl.prefix, names.ListKind),
		}
	}
	xrd.Name = xrd.Spec.Names.Plural + "." + crd.Spec.Group
	for _, v := range crd.Spec.Versions {
		version, err := definitionVersion(v)
		if err != nil {
			return nil, fmt.Errorf("%s %s: cannot write the schema: %w", crd.Spec.Names.Kind, v.Name, err)
		}
		xrd.Spec.Versions = append(xrd.Spec.Versions, version)
	}
	return marshal(&xrd)
}

// prefixed leaves an empty name empty: it is optional.
func prefixed(prefix, name string) string {
	if name == "" {
		return ""
	}
	return prefix + name
}

// definitionVersion takes over one version of the CRD.
func definitionVersion(v extv1.CustomResourceDefinitionVersion) (xpv1.CompositeResourceDefinitionVersion, error) {
	schema, err := json.Marshal(definitionSchema(v))
	if err != nil {
		return xpv1.CompositeResourceDefinitionVersion{}, fmt.Errorf("cannot encode: %w", err)
	}
	out := xpv1.CompositeResourceDefinitionVersion{
		Name: v.Name, Served: v.Served, Referenceable: v.Storage,
		DeprecationWarning: v.DeprecationWarning, AdditionalPrinterColumns: v.AdditionalPrinterColumns,
		Schema: &xpv1.CompositeResourceValidation{OpenAPIV3Schema: runtime.RawExtension{Raw: schema}},
	}
	if v.Deprecated {
		out.Deprecated = &v.Deprecated
	}
	if v.Subresources != nil && v.Subresources.Scale != nil {
		out.Subresources = &xpv1.CompositeResourceDefinitionVersionSubresources{Scale: v.Subresources.Scale}
	}
	return out, nil
}

// definitionSchema keeps of a schema what Crossplane does not add by itself.
func definitionSchema(v extv1.CustomResourceDefinitionVersion) *extv1.JSONSchemaProps {
	if v.Schema == nil || v.Schema.OpenAPIV3Schema == nil {
		return &extv1.JSONSchemaProps{Type: "object"}
	}
	root := v.Schema.OpenAPIV3Schema.DeepCopy()
	delete(root.Properties, "apiVersion")
	delete(root.Properties, "kind")
	metadata := root.Properties["metadata"]
	if name, ok := metadata.Properties["name"]; !ok || name.MaxLength == nil {
		delete(root.Properties, "metadata")
	}
	// Crossplane owns the conditions: its own schema for them replaces any other.
	delete(root.Properties["status"].Properties, "conditions")
	return root
}

// inherited takes over labels and annotations of the CRD: Crossplane sets them on the CRDs that it makes.
func inherited(crd *extv1.CustomResourceDefinition) xpv1.CompositeResourceDefinitionSpecMetadata {
	out := xpv1.CompositeResourceDefinitionSpecMetadata{Labels: crd.Labels}
	for key, value := range crd.Annotations {
		if key == toolAnnotation || key == connectionKeysAnnotation {
			continue
		}
		if out.Annotations == nil {
			out.Annotations = map[string]string{}
		}
		out.Annotations[key] = value
	}
	return out
}

// connectionKeys reads the annotation; the order in the source is kept.
func connectionKeys(crd *extv1.CustomResourceDefinition) []string {
	value, ok := crd.Annotations[connectionKeysAnnotation]
	if !ok {
		return nil
	}
	keys := strings.Split(value, ",")
	for i := range keys {
		keys[i] = strings.TrimSpace(keys[i])
	}
	return keys
}

// marshal writes YAML with sorted keys, without the status and the nulls that the Go types bring along.
func marshal(xrd *xpv1.CompositeResourceDefinition) ([]byte, error) {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(xrd)
	if err != nil {
		return nil, fmt.Errorf("cannot encode the definition %s: %w", xrd.Name, err)
	}
	delete(content, "status")
	content["metadata"] = map[string]any{"name": xrd.Name}
	text, err := yaml.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("cannot encode the definition %s: %w", xrd.Name, err)
	}
	return slices.Concat([]byte(header), text), nil
}

// storageVersion is the one that Compositions refer to; empty when there is none.
func storageVersion(crd *extv1.CustomResourceDefinition) string {
	for _, v := range crd.Spec.Versions {
		if v.Storage {
			return v.Name
		}
	}
	return ""
}
