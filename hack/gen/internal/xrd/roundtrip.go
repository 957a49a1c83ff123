package xrd

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/xcrd"
	xpv1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// RoundTrip lets Crossplane's own code turn a generated XRD into the CRDs that a control plane would serve, and returns
// every difference from the CRD it was made from, except for what Crossplane adds to any XRD.
func RoundTrip(crd *extv1.CustomResourceDefinition, definition []byte) ([]Finding, error) {
	xrd := &xpv1.CompositeResourceDefinition{}
	if err := yaml.UnmarshalStrict(definition, xrd); err != nil {
		return nil, fmt.Errorf("%s: the generated definition cannot be read back: %w", crd.Spec.Names.Kind, err)
	}
	derive := []func(*xpv1.CompositeResourceDefinition) (*extv1.CustomResourceDefinition, error){xcrd.ForCompositeResource}
	if xrd.Spec.ClaimNames != nil {
		derive = append(derive, xcrd.ForCompositeResourceClaim)
	}
	var findings []Finding
	for _, served := range derive {
		got, err := served(xrd.DeepCopy())
		if err != nil {
			return nil, fmt.Errorf("%s: Crossplane cannot turn the generated definition into a CRD: %w", crd.Spec.Names.Kind, err)
		}
		added, err := served(bare(xrd))
		if err != nil {
			return nil, fmt.Errorf("%s: Crossplane cannot turn a bare definition into a CRD: %w", crd.Spec.Names.Kind, err)
		}
		w := walker{kind: crd.Spec.Names.Kind}
		// The XR behind a claim differs from the CRD in names and scope, which is its purpose; all else is compared.
		w.compareCRD(expected(crd), got, added, got.Spec.Names.Kind == crd.Spec.Names.Kind)
		findings = append(findings, w.findings...)
	}
	return findings, nil
}

// bare is the same XRD without anything of ours: what Crossplane makes of it is what Crossplane adds.
func bare(xrd *xpv1.CompositeResourceDefinition) *xpv1.CompositeResourceDefinition {
	xrd = xrd.DeepCopy()
	xrd.Spec.Names.Categories = nil
	if xrd.Spec.ClaimNames != nil {
		xrd.Spec.ClaimNames.Categories = nil
	}
	xrd.Spec.Metadata = nil
	for i := range xrd.Spec.Versions {
		v := &xrd.Spec.Versions[i]
		v.AdditionalPrinterColumns, v.Subresources = nil, nil
		v.Schema = &xpv1.CompositeResourceValidation{OpenAPIV3Schema: runtime.RawExtension{Raw: []byte(`{"type":"object"}`)}}
	}
	return xrd
}

// expected is the CRD without what is left to Crossplane on purpose: the descriptions of the envelope, and conditions.
func expected(crd *extv1.CustomResourceDefinition) *extv1.CustomResourceDefinition {
	crd = crd.DeepCopy()
	for _, v := range crd.Spec.Versions {
		if v.Schema == nil || v.Schema.OpenAPIV3Schema == nil {
			continue
		}
		root := v.Schema.OpenAPIV3Schema
		for _, name := range []string{"apiVersion", "kind", "metadata"} {
			if property, ok := root.Properties[name]; ok {
				property.Description = ""
				root.Properties[name] = property
			}
		}
		delete(root.Properties["status"].Properties, "conditions")
	}
	return crd
}

// walker compares JSON values and notes what differs.
type walker struct {
	kind     string
	findings []Finding
}

func (w *walker) note(path, problem string) {
	const instead = "say it where Crossplane keeps it: in a property inside spec or status"
	w.findings = append(w.findings, Finding{Kind: w.kind, Path: path, Problem: problem, Instead: instead})
}

// compareCRD compares the specs of three CRDs: ours, what is served, and what Crossplane adds by itself.
func (w *walker) compareCRD(want, got, added *extv1.CustomResourceDefinition, names bool) {
	if names {
		w.compare("names", jsonOf(want.Spec.Names), jsonOf(got.Spec.Names), jsonOf(added.Spec.Names))
		w.compare("scope", string(want.Spec.Scope), string(got.Spec.Scope), nil)
	}
	w.compare("group", want.Spec.Group, got.Spec.Group, nil)
	w.compare("conversion", jsonOf(want.Spec.Conversion), jsonOf(got.Spec.Conversion), nil)
	w.compare("preserveUnknownFields", want.Spec.PreserveUnknownFields, got.Spec.PreserveUnknownFields, nil)
	served := xpv1.CompositeResourceDefinitionSpecMetadata{Labels: got.Labels, Annotations: got.Annotations}
	w.compare("metadata", jsonOf(inherited(want)), jsonOf(served), nil)
	if len(want.Spec.Versions) != len(got.Spec.Versions) {
		w.note("versions", fmt.Sprintf("%d versions become %d", len(want.Spec.Versions), len(got.Spec.Versions)))
		return
	}
	for i, v := range want.Spec.Versions {
		w.compare(v.Name, versionJSON(v), versionJSON(got.Spec.Versions[i]), versionJSON(added.Spec.Versions[i]))
	}
}

// versionJSON is a version with its schema directly below "schema".
func versionJSON(v extv1.CustomResourceDefinitionVersion) any {
	var schema any = map[string]any{}
	if v.Schema != nil {
		schema = jsonOf(v.Schema.OpenAPIV3Schema)
	}
	v.Schema = nil
	out, ok := jsonOf(v).(map[string]any)
	if !ok {
		return schema
	}
	out["schema"] = schema
	return out
}

// compare walks three JSON values. What got has beyond want must be what Crossplane adds.
func (w *walker) compare(path string, want, got, added any) {
	switch want := want.(type) {
	case map[string]any:
		if got, ok := got.(map[string]any); ok {
			w.compareObjects(path, want, got, added)
			return
		}
	case []any:
		if got, ok := got.([]any); ok {
			w.compareLists(path, want, got, added)
			return
		}
	}
	if !reflect.DeepEqual(want, got) {
		w.note(path, fmt.Sprintf("Crossplane would turn %s into %s", text(want), text(got)))
	}
}

func (w *walker) compareObjects(path string, want, got map[string]any, added any) {
	extra, _ := added.(map[string]any)
	// A field of ours that has the name of one of Crossplane's is replaced as a whole, not added to.
	fields := strings.HasSuffix(path, ".spec.properties") || strings.HasSuffix(path, ".status.properties")
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[key]; !ok {
			w.note(path+"."+key, "Crossplane would drop "+text(want[key]))
			continue
		}
		inside := extra[key]
		if fields {
			inside = nil
		}
		w.compare(path+"."+key, want[key], got[key], inside)
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[key]; !ok && !isAdded(got[key], extra[key]) {
			w.note(path+"."+key, "the definition would add "+text(got[key]))
		}
	}
}

// isAdded says that a value comes from Crossplane, or is an empty object or list.
func isAdded(value, added any) bool {
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 {
			return true
		}
	case []any:
		if len(v) == 0 {
			return true
		}
	}
	return reflect.DeepEqual(value, added)
}

// compareLists wants got to begin with want, and the rest to come from Crossplane.
func (w *walker) compareLists(path string, want, got []any, added any) {
	extra, _ := added.([]any)
	for i := range want {
		at := fmt.Sprintf("%s[%d]", path, i)
		if i >= len(got) {
			w.note(at, "Crossplane would drop "+text(want[i]))
			continue
		}
		w.compare(at, want[i], got[i], nil)
	}
	for i := len(want); i < len(got); i++ {
		if !slices.ContainsFunc(extra, func(v any) bool { return reflect.DeepEqual(v, got[i]) }) {
			w.note(fmt.Sprintf("%s[%d]", path, i), "the definition would add "+text(got[i]))
		}
	}
}

// uncovered leaves out the differences that a finding with a better sentence speaks of already.
func uncovered(lost, findings []Finding) []Finding {
	return slices.DeleteFunc(lost, func(l Finding) bool {
		return slices.ContainsFunc(findings, func(f Finding) bool {
			return l.Path == f.Path || strings.HasPrefix(l.Path, f.Path+".") || strings.HasPrefix(l.Path, f.Path+"[")
		})
	})
}

// jsonOf turns a value into maps, lists and scalars. What is empty and optional is left out by the Kubernetes types.
func jsonOf(v any) any {
	var out any
	raw, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		// It then differs from whatever it is compared with, and the message says why.
		return err.Error()
	}
	return out
}

// text shows a value in one short line.
func text(v any) string {
	const enough = 80
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	if runes := []rune(string(raw)); len(runes) > enough {
		return string(runes[:enough]) + "..."
	}
	return string(raw)
}
