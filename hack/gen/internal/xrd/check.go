package xrd

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/xcrd"
	xpv1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// maxNameLength is what Crossplane allows at most for the name of an XR or claim: it is used as a label value.
const maxNameLength = 63

// checker collects findings about one CRD.
type checker struct {
	kind     string
	findings []Finding
}

func (c *checker) refuse(path, problem, instead string) {
	c.findings = append(c.findings, Finding{Kind: c.kind, Path: path, Problem: problem, Instead: instead})
}

// Check finds what Crossplane would drop or replace, from the rules of xcrd in crossplane-runtime v2.4.0.
func Check(crd *extv1.CustomResourceDefinition) []Finding {
	c := &checker{kind: crd.Spec.Names.Kind}
	if crd.Spec.Scope != extv1.NamespaceScoped {
		c.refuse("scope", fmt.Sprintf("the scope is %s, but both flavours are namespaced for developers", crd.Spec.Scope),
			"write +kubebuilder:resource:scope=Namespaced")
	}
	if crd.Spec.PreserveUnknownFields {
		c.refuse("preserveUnknownFields", "an XRD has no such field, so it would be dropped", "list the fields in the schema")
	}
	c.connectionKeys(crd)
	c.storage(crd)
	for _, v := range crd.Spec.Versions {
		c.version(v)
	}
	return c.findings
}

// connectionKeys checks the keys of the connection secret, which must be legal keys of a Secret.
func (c *checker) connectionKeys(crd *extv1.CustomResourceDefinition) {
	path := "metadata.annotations[" + connectionKeysAnnotation + "]"
	legal := regexp.MustCompile(`^[-._a-zA-Z0-9]+$`)
	seen := map[string]bool{}
	for _, key := range connectionKeys(crd) {
		switch {
		case !legal.MatchString(key):
			c.refuse(path, fmt.Sprintf("%q cannot be a key of a Secret", key),
				"write a comma-separated list of keys made of letters, digits, '-', '_' and '.'")
		case seen[key]:
			c.refuse(path, fmt.Sprintf("the key %q is listed twice", key), "list it once")
		}
		seen[key] = true
	}
}

// storage checks that one version, and a served one, can be the referenceable version.
func (c *checker) storage(crd *extv1.CustomResourceDefinition) {
	var stored []string
	for _, v := range crd.Spec.Versions {
		if !v.Storage {
			continue
		}
		stored = append(stored, v.Name)
		if !v.Served {
			c.refuse(v.Name+".served", "the storage version is not served, but Compositions must refer to it",
				"serve it, or move +kubebuilder:storageversion to a version that is served")
		}
	}
	if len(stored) != 1 {
		list := strings.Join(stored, ", ")
		c.refuse("versions",
			fmt.Sprintf("%d versions are marked as storage (%s), but exactly one can be the referenceable version", len(stored), list),
			"put +kubebuilder:storageversion on exactly one version")
	}
}

func (c *checker) version(v extv1.CustomResourceDefinitionVersion) {
	c.columns(v)
	if len(v.SelectableFields) > 0 {
		c.refuse(v.Name+".selectableFields", "an XRD has no selectable fields, so they would be dropped",
			"remove +kubebuilder:selectablefield and select by label")
	}
	path := v.Name + ".schema"
	if v.Schema == nil || v.Schema.OpenAPIV3Schema == nil {
		c.refuse(path, "there is no schema, so every field would be pruned", "give the version a schema")
		return
	}
	c.root(path, v.Schema.OpenAPIV3Schema)
}

// columns refuses the printer columns that Crossplane appends by itself.
func (c *checker) columns(v extv1.CustomResourceDefinitionVersion) {
	own := map[string]bool{}
	appended := slices.Concat(
		xcrd.CompositeResourcePrinterColumns(xpv1.CompositeResourceScopeNamespaced),
		xcrd.CompositeResourceClaimPrinterColumns(),
	)
	for _, column := range appended {
		own[column.Name] = true
	}
	for i, column := range v.AdditionalPrinterColumns {
		if upper := strings.ToUpper(column.Name); own[upper] {
			c.refuse(fmt.Sprintf("%s.additionalPrinterColumns[%d]", v.Name, i),
				fmt.Sprintf("Crossplane appends a column %s itself, so %s would be printed twice", upper, column.Name),
				"remove the +kubebuilder:printcolumn")
		}
	}
}

// root checks the outermost schema and what it holds.
func (c *checker) root(path string, root *extv1.JSONSchemaProps) {
	c.dropped(path, root, []string{"type", "description", "properties", "required", "x-kubernetes-validations"}, rootAdvice())
	for _, name := range root.Required {
		if name != "spec" {
			c.refuse(path+".required", fmt.Sprintf("Crossplane requires spec and nothing else at the root, so %q would be dropped", name),
				fmt.Sprintf("make %s optional (json omitempty)", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(root.Properties)) {
		property, at := root.Properties[name], path+".properties."+name
		switch name {
		case "apiVersion", "kind":
			c.dropped(at, &property, []string{"type", "description"}, nil)
		case "metadata":
			c.metadata(at, &property)
		case "spec":
			c.spec(at, &property)
		case "status":
			c.status(at, &property)
		default:
			c.refuse(at, "Crossplane keeps only spec and status, so this field would be dropped", "move it into spec or status")
		}
	}
	if _, ok := root.Properties["spec"]; !ok {
		c.refuse(path+".properties", "there is no spec, but Crossplane requires one", "give the Go type a field Spec")
	}
}

// metadata checks that nothing but the length of the name is limited.
func (c *checker) metadata(path string, metadata *extv1.JSONSchemaProps) {
	const instead = "write a +kubebuilder:validation:XValidation rule on the type itself: it may use self.metadata.name"
	c.dropped(path, metadata, []string{"type", "description", "properties"}, map[string]string{"": instead})
	for _, name := range slices.Sorted(maps.Keys(metadata.Properties)) {
		property, at := metadata.Properties[name], path+".properties."+name
		if name != "name" {
			c.refuse(at, "Crossplane keeps only metadata.name.maxLength, so this would be dropped", instead)
			continue
		}
		c.dropped(at, &property, []string{"type", "maxLength"}, map[string]string{"": instead})
		if property.MaxLength != nil && *property.MaxLength > maxNameLength {
			c.refuse(at+".maxLength",
				fmt.Sprintf("Crossplane allows %d characters at most, so %d would be lowered", maxNameLength, *property.MaxLength),
				fmt.Sprintf("write %d or less, or nothing", maxNameLength))
		}
	}
}

// spec checks the schema of spec itself; inside its properties everything survives.
func (c *checker) spec(path string, spec *extv1.JSONSchemaProps) {
	c.isObject(path, spec)
	c.dropped(path, spec, append(keptKeywords(), "x-kubernetes-preserve-unknown-fields"), objectAdvice())
	names := slices.Concat(
		xcrd.GetPropFields(xcrd.CompositeResourceSpecProps(xpv1.CompositeResourceScopeNamespaced, nil)),
		xcrd.GetPropFields(xcrd.CompositeResourceSpecProps(xpv1.CompositeResourceScopeLegacyCluster, nil)),
		xcrd.GetPropFields(xcrd.CompositeResourceClaimSpecProps(nil)),
	)
	c.replaced(path, spec, names)
}

// status checks the schema of status itself; inside its properties everything survives.
func (c *checker) status(path string, status *extv1.JSONSchemaProps) {
	c.isObject(path, status)
	c.dropped(path, status, keptKeywords(), objectAdvice())
	if slices.Contains(status.Required, "conditions") {
		c.refuse(path+".required", "Crossplane owns status.conditions and may write a status without them",
			"make Conditions optional (json omitempty)")
	}
	names := slices.Concat(
		xcrd.GetPropFields(xcrd.CompositeResourceStatusProps(xpv1.CompositeResourceScopeNamespaced)),
		xcrd.GetPropFields(xcrd.CompositeResourceStatusProps(xpv1.CompositeResourceScopeLegacyCluster)),
	)
	// Our types have conditions so that Go code can read them. Crossplane's schema for them replaces ours, as it should.
	names = slices.DeleteFunc(names, func(name string) bool { return name == "conditions" })
	c.replaced(path, status, names)
}

// keptKeywords are what Crossplane copies of both spec and status.
func keptKeywords() []string {
	return []string{"type", "properties", "required", "oneOf", "description", "x-kubernetes-validations"}
}

// isObject refuses any other type: Crossplane writes object.
func (c *checker) isObject(path string, s *extv1.JSONSchemaProps) {
	if s.Type != "object" {
		c.refuse(path+".type", fmt.Sprintf("Crossplane writes type object, so %q would be replaced", s.Type), "make it a struct")
	}
}

// replaced refuses the fields whose names Crossplane uses itself.
func (c *checker) replaced(path string, s *extv1.JSONSchemaProps, names []string) {
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if _, taken := s.Properties[name]; taken {
			c.refuse(path+".properties."+name, "Crossplane adds a field of this name itself, so ours would be replaced",
				"give the field another name")
		}
	}
}

// dropped refuses every keyword that is not kept. The advice is by keyword, with "" for all others.
func (c *checker) dropped(path string, s *extv1.JSONSchemaProps, kept []string, advice map[string]string) {
	for _, keyword := range keywords(s) {
		if slices.Contains(kept, keyword) {
			continue
		}
		instead := "remove it, or say it in a property inside spec or status, where everything survives"
		for _, key := range []string{"", keyword} {
			if text, ok := advice[key]; ok {
				instead = text
			}
		}
		c.refuse(path+"."+keyword, "Crossplane does not copy "+keyword+" from here, so it would be dropped", instead)
	}
}

// keywords returns the names of what a schema says, sorted.
func keywords(s *extv1.JSONSchemaProps) []string {
	var said map[string]any
	// A schema that came out of JSON goes back in: an error would only repeat what the reader of the CRD said.
	if text, err := json.Marshal(s); err == nil {
		_ = json.Unmarshal(text, &said)
	}
	return slices.Sorted(maps.Keys(said))
}

// objectAdvice is what to write instead of a keyword on spec or status.
func objectAdvice() map[string]string {
	const rule = "write it as a CEL rule (+kubebuilder:validation:XValidation on the struct), or as oneOf"
	return map[string]string{
		"default":              "put the defaults on the fields inside (+kubebuilder:default on each field)",
		"allOf":                rule,
		"anyOf":                rule,
		"not":                  rule,
		"additionalProperties": "make the map a field inside",
		"example":              "put the examples on the fields inside",
		"minProperties":        "write which fields are required, or a CEL rule with has()",
		"maxProperties":        "write a CEL rule with has()",
		"nullable":             "leave the object out instead of writing null",

		"x-kubernetes-preserve-unknown-fields": "put it on a field inside",
	}
}

// rootAdvice is what to write instead of a keyword at the root.
func rootAdvice() map[string]string {
	advice := objectAdvice()
	for _, keyword := range []string{"allOf", "anyOf", "oneOf", "not"} {
		advice[keyword] = "write a CEL rule (+kubebuilder:validation:XValidation on the type): the root's rules survive"
	}
	return advice
}
