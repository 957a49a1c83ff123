package facts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// checkEnvelope holds what surrounds forProvider in a CRD against the envelope that the lock gate assumes.
func checkEnvelope(crd *extv1.CustomResourceDefinition, version string, flavour xrd.Flavour) error {
	want, err := envelope(flavour)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(crd.Spec.Versions, func(v extv1.CustomResourceDefinitionVersion) bool { return v.Name == version })
	if i < 0 {
		return fmt.Errorf("%s has no version %s", crd.Name, version)
	}
	got := plain(crd.Spec.Versions[i].Schema.OpenAPIV3Schema.Properties["spec"])
	delete(got.Properties, "forProvider")
	delete(got.Properties, "initProvider")
	got.XValidations = nil
	if diff := cmp.Diff(plain(want), got); diff != "" {
		return fmt.Errorf("%s %s: spec is not the envelope that internal/facts/envelope-%s.yaml says (-ours +theirs):\n%s",
			crd.Name, version, flavour, diff)
	}
	return checkStatus(crd.Name, crd.Spec.Versions[i])
}

// checkStatus holds status, without what atProvider holds, and the printer columns against those that the lock gate assumes.
func checkStatus(name string, version extv1.CustomResourceDefinitionVersion) error {
	var want extv1.JSONSchemaProps
	var columns []extv1.CustomResourceColumnDefinition
	if err := errors.Join(embedded("status.yaml", &want), embedded("columns.yaml", &columns)); err != nil {
		return err
	}
	got := plain(version.Schema.OpenAPIV3Schema.Properties["status"])
	delete(want.Properties, "atProvider")
	delete(got.Properties, "atProvider")
	if diff := cmp.Diff(plain(want), got); diff != "" {
		return fmt.Errorf("%s %s: status is not what internal/facts/status.yaml says (-ours +theirs):\n%s", name, version.Name, diff)
	}
	if diff := cmp.Diff(columns, version.AdditionalPrinterColumns); diff != "" {
		return fmt.Errorf("%s %s: printer columns are not those of internal/facts/columns.yaml (-ours +theirs):\n%s", name, version.Name, diff)
	}
	return nil
}

// plain copies a schema without its descriptions and without the white space of values.
func plain(in extv1.JSONSchemaProps) extv1.JSONSchemaProps {
	out := *in.DeepCopy()
	out.Description = ""
	if out.Default != nil {
		out.Default = &extv1.JSON{Raw: compact(out.Default.Raw)}
	}
	for i := range out.Enum {
		out.Enum[i].Raw = compact(out.Enum[i].Raw)
	}
	slices.SortFunc(out.Enum, func(a, b extv1.JSON) int { return slices.Compare(a.Raw, b.Raw) })
	for name, p := range out.Properties {
		out.Properties[name] = plain(p)
	}
	if out.Items != nil && out.Items.Schema != nil {
		item := plain(*out.Items.Schema)
		out.Items.Schema = &item
	}
	slices.Sort(out.Required)
	return out
}

// compact drops the white space of a JSON value.
func compact(raw []byte) []byte {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}
