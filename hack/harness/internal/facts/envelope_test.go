package facts

import (
	"strings"
	"testing"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	gvk "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/utils/ptr"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

func TestCheckEnvelope(t *testing.T) {
	type version = extv1.CustomResourceDefinitionVersion
	cases := map[string]struct {
		change func(*version)
		want   string
	}{
		"the lock's own definition fits": {func(*version) {}, ""},
		"a field of spec that the envelope lacks": {func(v *version) {
			v.Schema.OpenAPIV3Schema.Properties["spec"].Properties["publishConnectionDetailsTo"] = extv1.JSONSchemaProps{Type: "object"}
		}, "spec is not the envelope"},
		"conditions that are no map": {func(v *version) {
			status := v.Schema.OpenAPIV3Schema.Properties["status"]
			conditions := status.Properties["conditions"]
			conditions.XListType = ptr.To("atomic")
			status.Properties["conditions"] = conditions
		}, "status is not what"},
		"what atProvider holds is the kind's own": {func(v *version) {
			v.Schema.OpenAPIV3Schema.Properties["status"].Properties["atProvider"] = extv1.JSONSchemaProps{Type: "object"}
		}, ""},
		"a column less": {func(v *version) { v.AdditionalPrinterColumns = v.AdditionalPrinterColumns[1:] }, "printer columns"},
	}
	lock := lockOf(fields...)
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			for _, flavour := range xrd.Flavours() {
				kind := Kind{Service: "shop.aws", Kind: "Box", Legacy: "v1beta2", Namespaced: "v1beta1"}.GVK(flavour)
				crd, _ := lock.CRD(kind)
				tc.change(&crd.Spec.Versions[0])
				err := checkEnvelope(crd, kind.Version, flavour)
				if (tc.want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), tc.want)) {
					t.Errorf("%s: error is %v, want one with %q", flavour, err, tc.want)
				}
			}
		})
	}
}

// TestCollectPlural refuses a kind that has another plural in each flavour: the lock has room for one.
func TestCollectPlural(t *testing.T) {
	structs, err := structsOf(t, source)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Collect(structs, twoPlurals{lockSchemas{lockOf(fields...)}})
	if want := "the plural of Box differs between the flavours: boxes and boxen"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error is %v, want one with %q", err, want)
	}
}

// twoPlurals calls a kind otherwise in the claims flavour.
type twoPlurals struct{ lockSchemas }

func (s twoPlurals) CRD(flavour xrd.Flavour, kind gvk.GroupVersionKind) (*extv1.CustomResourceDefinition, providers.Judge, error) {
	crd, judge, err := s.lockSchemas.CRD(flavour, kind)
	if err == nil && flavour == xrd.Claims {
		crd.Spec.Names.Plural = "boxen"
	}
	return crd, judge, err
}
