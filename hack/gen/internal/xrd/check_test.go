package xrd

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// schema is a short name for the tests.
type schema = extv1.JSONSchemaProps

// edit changes a property of the root of version v1.
func edit(name string, change func(*schema)) func(*extv1.CustomResourceDefinition) {
	return func(crd *extv1.CustomResourceDefinition) {
		root := crd.Spec.Versions[0].Schema.OpenAPIV3Schema
		s := root.Properties[name]
		change(&s)
		root.Properties[name] = s
	}
}

// root changes the root of version v1.
func root(change func(*schema)) func(*extv1.CustomResourceDefinition) {
	return func(crd *extv1.CustomResourceDefinition) { change(crd.Spec.Versions[0].Schema.OpenAPIV3Schema) }
}

// version changes version v1.
func version(change func(*extv1.CustomResourceDefinitionVersion)) func(*extv1.CustomResourceDefinition) {
	return func(crd *extv1.CustomResourceDefinition) { change(&crd.Spec.Versions[0]) }
}

func field(name string) func(*schema) {
	return func(s *schema) { s.Properties[name] = schema{Type: "string"} }
}

func ptr[T any](v T) *T { return &v }

// refusal is a change to the CRD of the tests, and the one finding that it must give.
type refusal struct {
	reason string
	change func(*extv1.CustomResourceDefinition)
	path   string
	says   string // part of the sentence
	// lost says that Crossplane's own code loses it, too: the round trip alone must find it.
	lost bool
}

func refusals() []refusal {
	const s, spec, status, meta = "v1.schema", "v1.schema.properties.spec", "v1.schema.properties.status", "v1.schema.properties.metadata"
	rule := []schema{{Required: []string{"size"}}}
	return []refusal{
		{"spec.default is dropped", edit("spec", func(s *schema) { s.Default = &extv1.JSON{Raw: []byte("{}")} }), spec + ".default", "on the fields inside", true},
		{"spec anyOf is dropped", edit("spec", func(s *schema) { s.AnyOf = rule }), spec + ".anyOf", "CEL rule", true},
		{"spec allOf is dropped", edit("spec", func(s *schema) { s.AllOf = rule }), spec + ".allOf", "CEL rule", true},
		{"spec not is dropped", edit("spec", func(s *schema) { s.Not = &rule[0] }), spec + ".not", "CEL rule", true},
		{"spec additionalProperties is dropped", edit("spec", func(s *schema) { s.AdditionalProperties = &extv1.JSONSchemaPropsOrBool{Allows: true} }), spec + ".additionalProperties", "map a field inside", true},
		{"spec nullable is dropped", edit("spec", func(s *schema) { s.Nullable = true }), spec + ".nullable", "leave the object out", true},
		{"spec minProperties is dropped", edit("spec", func(s *schema) { s.MinProperties = ptr(int64(1)) }), spec + ".minProperties", "has()", true},
		{"spec maxProperties is dropped", edit("spec", func(s *schema) { s.MaxProperties = ptr(int64(1)) }), spec + ".maxProperties", "has()", true},
		{"spec example is dropped", edit("spec", func(s *schema) { s.Example = &extv1.JSON{Raw: []byte("{}")} }), spec + ".example", "on the fields inside", true},
		{"spec title is dropped", edit("spec", func(s *schema) { s.Title = "Spec" }), spec + ".title", "where everything survives", true},
		{"spec map type is dropped", edit("spec", func(s *schema) { s.XMapType = ptr("atomic") }), spec + ".x-kubernetes-map-type", "where everything survives", true},
		{"spec is an object", edit("spec", func(s *schema) { s.Type = "array" }), spec + ".type", "make it a struct", true},

		{"v2 machinery", edit("spec", field("crossplane")), spec + ".properties.crossplane", "another name", true},
		{"composition choice", edit("spec", field("compositionRef")), spec + ".properties.compositionRef", "another name", true},
		{"composed resources", edit("spec", field("resourceRefs")), spec + ".properties.resourceRefs", "another name", true},
		{"the XR's claim", edit("spec", field("claimRef")), spec + ".properties.claimRef", "another name", true},
		{"the claim's XR", edit("spec", field("resourceRef")), spec + ".properties.resourceRef", "another name", true},
		{"the claim's delete policy", edit("spec", field("compositeDeletePolicy")), spec + ".properties.compositeDeletePolicy", "another name", true},
		{"connection secret", edit("spec", field("writeConnectionSecretToRef")), spec + ".properties.writeConnectionSecretToRef", "another name", true},

		{"status default is dropped", edit("status", func(s *schema) { s.Default = &extv1.JSON{Raw: []byte("{}")} }), status + ".default", "on the fields inside", true},
		{"status anyOf is dropped", edit("status", func(s *schema) { s.AnyOf = rule }), status + ".anyOf", "CEL rule", true},
		{"status unknown fields are pruned", edit("status", func(s *schema) { s.XPreserveUnknownFields = ptr(true) }), status + ".x-kubernetes-preserve-unknown-fields", "on a field inside", true},
		{"connection details", edit("status", field("connectionDetails")), status + ".properties.connectionDetails", "another name", true},
		{"claim conditions", edit("status", field("claimConditionTypes")), status + ".properties.claimConditionTypes", "another name", true},
		{"conditions cannot be required", edit("status", func(s *schema) { s.Required = append(s.Required, "conditions") }), status + ".required", "omitempty", false},

		{"a pattern for the name", edit("metadata", func(s *schema) { s.Properties["name"] = schema{Type: "string", Pattern: "^a"} }), meta + ".properties.name.pattern", "self.metadata.name", true},
		{"a longer name", edit("metadata", func(s *schema) { s.Properties["name"] = schema{Type: "string", MaxLength: ptr(int64(64))} }), meta + ".properties.name.maxLength", "63 or less", true},
		{"a rule for labels", edit("metadata", func(s *schema) { s.Properties["labels"] = schema{Type: "object"} }), meta + ".properties.labels", "self.metadata.name", true},
		{"a rule on metadata", edit("metadata", func(s *schema) { s.XValidations = extv1.ValidationRules{{Rule: "true"}} }), meta + ".x-kubernetes-validations", "self.metadata.name", true},

		{"a field beside spec", root(func(s *schema) { s.Properties["extra"] = schema{Type: "object"} }), s + ".properties.extra", "move it into spec or status", true},
		{"a required status", root(func(s *schema) { s.Required = append(s.Required, "status") }), s + ".required", `"status" would be dropped`, true},
		{"oneOf at the root", root(func(s *schema) { s.OneOf = rule }), s + ".oneOf", "the root's rules survive", true},
		{"unknown fields at the root", root(func(s *schema) { s.XPreserveUnknownFields = ptr(true) }), s + ".x-kubernetes-preserve-unknown-fields", "on a field inside", true},
		{"an enum of the kind", edit("kind", func(s *schema) { s.Enum = []extv1.JSON{{Raw: []byte(`"Widget"`)}} }), s + ".properties.kind.enum", "where everything survives", true},
		{"no spec", root(func(s *schema) { delete(s.Properties, "spec") }), s + ".properties", "field Spec", false},
		{"no schema", version(func(v *extv1.CustomResourceDefinitionVersion) { v.Schema = nil }), s, "give the version a schema", false},

		{"a column that Crossplane has", version(func(v *extv1.CustomResourceDefinitionVersion) { v.AdditionalPrinterColumns[0].Name = "Ready" }), "v1.additionalPrinterColumns[0]", "remove the +kubebuilder:printcolumn", false},
		{"a column that the claim has", version(func(v *extv1.CustomResourceDefinitionVersion) {
			v.AdditionalPrinterColumns[0].Name = "CONNECTION-SECRET"
		}), "v1.additionalPrinterColumns[0]", "remove the +kubebuilder:printcolumn", false},
		{"selectable fields", version(func(v *extv1.CustomResourceDefinitionVersion) {
			v.SelectableFields = []extv1.SelectableField{{JSONPath: ".spec.size"}}
		}), "v1.selectableFields", "select by label", true},
		{"a storage version that is not served", version(func(v *extv1.CustomResourceDefinitionVersion) { v.Served = false }), "v1.served", "serve it", false},
		{"no storage version", version(func(v *extv1.CustomResourceDefinitionVersion) { v.Storage = false }), "versions", "0 versions are marked", false},
		{"two storage versions", func(crd *extv1.CustomResourceDefinition) { crd.Spec.Versions[1].Storage = true }, "versions", "2 versions are marked as storage (v1, v1beta1)", false},
		{"cluster scope", func(crd *extv1.CustomResourceDefinition) { crd.Spec.Scope = extv1.ClusterScoped }, "scope", "scope=Namespaced", true},
		{"a CRD that keeps unknown fields", func(crd *extv1.CustomResourceDefinition) { crd.Spec.PreserveUnknownFields = true }, "preserveUnknownFields", "list the fields", true},

		{"a key that no Secret can have", func(crd *extv1.CustomResourceDefinition) { crd.Annotations[connectionKeysAnnotation] = "host,,port" }, "metadata.annotations[" + connectionKeysAnnotation + "]", `"" cannot be a key`, false},
		{"a key twice", func(crd *extv1.CustomResourceDefinition) { crd.Annotations[connectionKeysAnnotation] = "host, host" }, "metadata.annotations[" + connectionKeysAnnotation + "]", `"host" is listed twice`, false},
	}
}

func TestDefinitionsRefuses(t *testing.T) {
	for _, tc := range refusals() {
		t.Run(tc.reason, func(t *testing.T) {
			crd := widget(t)
			tc.change(crd)
			_, findings, err := Definitions(crd, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(findings) != 1 || findings[0].Path != tc.path || !strings.Contains(findings[0].String(), tc.says) {
				t.Errorf("findings:\n%v\nwant one, for %s, that says %q", findings, tc.path, tc.says)
			}
		})
	}
}

// TestRoundTripFindsWhatIsLost shows that the list of checks is not a matter of opinion: Crossplane's own code loses the
// same things. It would also find what the list forgot.
func TestRoundTripFindsWhatIsLost(t *testing.T) {
	for _, tc := range refusals() {
		t.Run(tc.reason, func(t *testing.T) {
			crd := widget(t)
			tc.change(crd)
			var lost []Finding
			for _, fl := range flavours() {
				def, err := fl.definition(crd, "")
				if err != nil {
					t.Fatal(err)
				}
				found, err := RoundTrip(crd, def)
				if err != nil {
					t.Fatal(err)
				}
				lost = append(lost, found...)
			}
			if tc.lost != (len(lost) > 0) {
				t.Errorf("lost in the round trip: %v, want any: %t", lost, tc.lost)
			}
			if rest := uncovered(lost, []Finding{{Path: tc.path}}); len(rest) > 0 {
				t.Errorf("lost elsewhere: %v", rest)
			}
		})
	}
}

// TestRoundTripJudgesTheDefinition seeds faults into the definition, as a faulty xrdgen would.
func TestRoundTripJudgesTheDefinition(t *testing.T) {
	cases := []struct{ reason, old, new, path string }{
		{"a field is missing", "                enum:\n                - small\n                - large\n", "", "v1.schema.properties.spec.properties.size.enum"},
		{"a value is another", "default: small", "default: large", "v1.schema.properties.spec.properties.size.default"},
		{"a default is gone", "                default: {}\n", "", "v1.schema.properties.spec.properties.ref.default"},
		{"a rule is another", "self.size == oldSelf.size", "self.size != oldSelf.size", "v1.schema.properties.spec.x-kubernetes-validations[0].rule"},
		{"a rule of the root is another", "matches('^[a-z]')", "matches('^x')", "v1.schema.x-kubernetes-validations[0].rule"},
		{"the name may be longer", "maxLength: 40", "maxLength: 50", "v1.schema.properties.metadata.properties.name.maxLength"},
		{"a field is invented", "              port:\n", "              extra:\n                type: string\n              port:\n", "v1.schema.properties.status.properties.extra"},
		{"a column is missing", "  - additionalPrinterColumns:\n    - jsonPath: .spec.size\n      name: SIZE\n      type: string\n    name: v1", "  - name: v1", "v1.additionalPrinterColumns[0].jsonPath"},
		{"another version is stored", "referenceable: true", "referenceable: false", "v1.storage"},
		{"the warning is gone", "    deprecationWarning: use v1\n", "", "v1beta1.deprecationWarning"},
		{"a short name is gone", "    shortNames:\n    - wid\n", "", "names.shortNames"},
		{"a category is gone", "    categories:\n    - platform\n", "", "names.categories[0]"},
		{"scale is gone", "    subresources:\n      scale:\n        specReplicasPath: .spec.replicas\n        statusReplicasPath: .status.replicas\n", "", "v1.subresources.scale"},
		{"a label is gone", "    labels:\n      team: platform\n", "", "metadata.labels"},
	}
	for _, fl := range flavours() {
		for _, tc := range cases {
			t.Run(fl.name+": "+tc.reason, func(t *testing.T) {
				crd := widget(t)
				def, err := fl.definition(crd, "")
				if err != nil {
					t.Fatal(err)
				}
				faulty := strings.Replace(string(def), tc.old, tc.new, 1)
				if faulty == string(def) {
					t.Fatalf("the definition has no %q", tc.old)
				}
				lost, err := RoundTrip(crd, []byte(faulty))
				if err != nil {
					t.Fatal(err)
				}
				var paths []string
				for _, l := range lost {
					paths = append(paths, l.Path)
				}
				if len(paths) == 0 || paths[0] != tc.path {
					t.Errorf("differences at %v, want %s first", paths, tc.path)
				}
			})
		}
	}
}

func TestRoundTripRefusesUnknownFields(t *testing.T) {
	if _, err := RoundTrip(widget(t), []byte("spec: {colour: red}")); err == nil || !strings.Contains(err.Error(), "cannot be read back") {
		t.Errorf("error %v", err)
	}
}

func TestFindingString(t *testing.T) {
	got := Finding{Kind: "Widget", Path: "v1.schema", Problem: "it is lost", Instead: "write it"}.String()
	if diff := cmp.Diff("Widget v1.schema: it is lost; instead: write it", got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
