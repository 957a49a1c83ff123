package gate

import (
	"strings"
	"testing"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// widgets is a CRD whose spec.names is a list with a rule that compares each name with each other.
func widgets(maxItems *int64) *extv1.CustomResourceDefinition {
	length := int64(63)
	names := extv1.JSONSchemaProps{
		Type: "array", MaxItems: maxItems,
		Items:        &extv1.JSONSchemaPropsOrArray{Schema: &extv1.JSONSchemaProps{Type: "string", MaxLength: &length}},
		XValidations: extv1.ValidationRules{{Rule: "self.all(a, self.exists_one(b, b == a))", Message: "each name once"}},
	}
	return &extv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "widgets.example.org"},
		Spec: extv1.CustomResourceDefinitionSpec{
			Group: "example.org", Scope: extv1.NamespaceScoped,
			Names: extv1.CustomResourceDefinitionNames{Kind: "Widget", Plural: "widgets"},
			Versions: []extv1.CustomResourceDefinitionVersion{{
				Name: "v1", Served: true, Storage: true,
				Schema: &extv1.CustomResourceValidation{OpenAPIV3Schema: &extv1.JSONSchemaProps{
					Type: "object", Properties: map[string]extv1.JSONSchemaProps{"names": names},
				}},
			}},
		},
	}
}

func TestInstallable(t *testing.T) {
	t.Parallel()
	bounded := int64(64)
	cases := map[string]struct {
		maxItems *int64
		want     string
	}{
		"a bounded list costs little":      {&bounded, ""},
		"an unbounded list costs too much": {nil, "estimated rule cost exceeds budget"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			c := NewChecker(nil)
			if err := c.Installable(t.TempDir(), []xrd.Definition{{Dir: "apis/widgets", Composite: widgets(tc.maxItems)}}); err != nil {
				t.Fatal(err)
			}
			got := c.Report().Violations
			if tc.want == "" && len(got) > 0 {
				t.Errorf("violations: %v", got)
			}
			if tc.want != "" && (len(got) == 0 || !strings.Contains(got[0].Problem, tc.want)) {
				t.Errorf("violations = %v, want %q", got, tc.want)
			}
		})
	}
}
