package gate

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	gvk "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/schema"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// fakeSchemas serves the CRDs of testdata in both flavours.
type fakeSchemas struct {
	crds []*extv1.CustomResourceDefinition
}

func (f fakeSchemas) Lookup(_ xrd.Flavour, kind gvk.GroupVersionKind) (schema.Schema, providers.Judge, error) {
	if kind.Group == "" {
		return schema.Secret{}, providers.Judge{Provider: "core"}, nil
	}
	for _, crd := range f.crds {
		if crd.Spec.Group == kind.Group && crd.Spec.Names.Kind == kind.Kind {
			s, err := schema.Compile(crd, kind.Version)
			return s, providers.Judge{Provider: "test"}, err
		}
	}
	return nil, providers.Judge{}, fmt.Errorf("no schema is known for %s", kind)
}

func schemas(t *testing.T) fakeSchemas {
	t.Helper()
	raw, err := os.ReadFile("testdata/crds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := repo.Parse("crds.yaml", raw)
	if err != nil {
		t.Fatal(err)
	}
	var f fakeSchemas
	for _, d := range docs {
		crd := &extv1.CustomResourceDefinition{}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(d.Object, crd); err != nil {
			t.Fatal(err)
		}
		f.crds = append(f.crds, crd)
	}
	return f
}

func parse(t *testing.T, text string) []repo.Document {
	t.Helper()
	docs, err := repo.Parse("golden.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

const (
	order = `
apiVersion: platform.io/v1
kind: Order
metadata: {name: o, namespace: team}
spec: {size: small}
`
	// good is a resource that nothing is wrong with. The tests change one thing in it.
	good = `
apiVersion: shop.aws.m.upbound.io/v1beta1
kind: Box
metadata:
  generateName: o-
  namespace: team
  annotations: {crossplane.io/composition-resource-name: box}
  ownerReferences: [{apiVersion: platform.io/v1, kind: Order, name: o, uid: ""}]
spec:
  forProvider:
    region: eu-west-1
    engine: postgres
    port: 5432
    groups: [a, b]
    rules: [{name: x, value: "1"}, {name: z}]
    tags: {a: b}
`
)

func TestCheckComposed(t *testing.T) {
	cases := map[string]struct {
		reason   string
		flavour  xrd.Flavour
		from, to string // a replacement in good
		want     []string
	}{
		"Good": {
			reason: "Nothing is wrong: a generated name, owner references without uid and defaults are no violations.",
		},
		"UnknownField": {
			reason: "A field that the schema lacks would be pruned on a write and break a server-side apply.",
			from:   "engine: postgres", to: "engine: postgres\n    engin: x",
			want: []string{"spec.forProvider.engin: unknown field: the schema does not have it"},
		},
		"UnknownFieldInList": {
			reason: "The path of an unknown field names the item.",
			from:   "{name: z}", to: "{name: z, valeu: w}",
			want: []string{"spec.forProvider.rules[1].valeu: unknown field: the schema does not have it"},
		},
		"UnknownMetadata": {
			reason: "Metadata is not in the schema of a CRD but is checked all the same.",
			from:   "generateName: o-", to: "generateName: o-\n  lables: {a: b}",
			want: []string{"metadata.lables: unknown field: the schema does not have it"},
		},
		"EnvelopeOfTheOtherFlavour": {
			reason: "deletionPolicy exists in the claims flavour only.",
			from:   "spec:\n", to: "spec:\n  deletionPolicy: Orphan\n",
			want: []string{"spec.deletionPolicy: unknown field: the schema does not have it"},
		},
		"EmptyString": {
			reason: "The provider writes null in the place of an empty string that could be a reference.",
			from:   "{name: z}", to: `{name: z, value: ""}`,
			want: []string{
				"spec.forProvider.rules[1].value: is empty: the provider writes null where it could be a reference, leave the field out",
			},
		},
		"WrongType": {
			reason: "A number as a string is refused.",
			from:   "port: 5432", to: `port: "5432"`,
			want: []string{`spec.forProvider.port: Invalid value: "string": spec.forProvider.port in body must be of type number: "string"`},
		},
		"MissingRequired": {
			reason: "A required field is missing.",
			from:   "    region: eu-west-1\n", to: "",
			want: []string{"spec.forProvider.region: Required value"},
		},
		"Pattern": {
			reason: "A string that does not match its pattern is refused.",
			from:   "eu-west-1", to: "Europe",
			want: []string{`spec.forProvider.region: Invalid value: "Europe": spec.forProvider.region in body should match '^[a-z]+-[a-z]+-[0-9]$'`},
		},
		"Enum": {
			reason: "A value outside of an enum is refused.",
			from:   "spec:\n", to: "spec:\n  managementPolicies: [\"*\", Obsrve]\n",
			want: []string{`spec.managementPolicies[1]: Unsupported value: "Obsrve": supported values: "Observe", "*"`},
		},
		"CEL": {
			reason: "The rule relies on a default: it is only violated when defaults are applied first.",
			from:   "    engine: postgres\n", to: "",
			want: []string{"spec: Invalid value: spec.forProvider.engine is a required parameter"},
		},
		"SetDuplicate": {
			reason: "An item twice in a set is refused.",
			from:   "groups: [a, b]", to: "groups: [a, b, a]",
			want: []string{`spec.forProvider.groups[2]: Duplicate value: "a"`},
		},
		"MapDuplicate": {
			reason: "A key twice in a list-map is refused.",
			from:   "{name: z}", to: "{name: x}",
			want: []string{`spec.forProvider.rules[1]: Duplicate value: {"name":"x"}`},
		},
		"OtherNamespace": {
			reason: "Core moves a child of another namespace into the XR's, with a warning.",
			from:   "namespace: team", to: "namespace: other",
			want: []string{`metadata.namespace: is "other", but a namespaced XR composes only into its own namespace "team"`},
		},
		"ClusterScoped": {
			reason: "A legacy group under a namespaced XR is wrong twice: flavour and scope.",
			from:   "apiVersion: shop.aws.m.upbound.io/v1beta1\nkind: Box\nmetadata:\n  generateName: o-\n  namespace: team",
			to:     "apiVersion: shop.aws.upbound.io/v1beta1\nkind: Box\nmetadata:\n  generateName: o-",
			want: []string{
				"apiVersion: group shop.aws.upbound.io is of the claims flavour, but the XR is namespaced: use the .m. group",
				"kind: is cluster-scoped under a namespaced XR: core refuses the whole XR",
			},
		},
		"WrongFlavour": {
			reason: "A namespaced group under an XR of the claims flavour.", flavour: xrd.Claims,
			want: []string{"apiVersion: group shop.aws.m.upbound.io is of the namespaced flavour, but the XR is of the claims flavour: use the group without .m."},
		},
		"NoSchema": {
			reason: "A kind without any schema cannot be judged.",
			from:   "kind: Box", to: "kind: Bocks",
			want: []string{"kind: no schema is known for shop.aws.m.upbound.io/v1beta1, Kind=Bocks"},
		},
		"VersionNotServed": {
			reason: "A version that the CRD does not serve.",
			from:   "upbound.io/v1beta1", to: "upbound.io/v1beta9",
			want: []string{"kind: boxes.shop.aws.m.upbound.io does not serve version v1beta9: use one of [v1beta1]"},
		},
		"IllegalLabel": {
			reason: "A label value of more than 63 characters is refused.",
			from:   "generateName: o-", to: "generateName: o-\n  labels: {a: " + strings.Repeat("x", 64) + "}",
			want: []string{`metadata.labels: Invalid value: "` + strings.Repeat("x", 64) + `": must be no more than 63 bytes`},
		},
		"NoResourceName": {
			reason: "Without the annotation core cannot map the object.",
			from:   "annotations: {crossplane.io/composition-resource-name: box}", to: "annotations: {a: b}",
			want: []string{"metadata.annotations: has no crossplane.io/composition-resource-name: core cannot tell which resource it is"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if tc.from != "" && !strings.Contains(good, tc.from) {
				t.Fatalf("%s: the good resource has no %q to replace", tc.reason, tc.from)
			}
			flavour := tc.flavour
			if flavour == "" {
				flavour = xrd.Namespaced
			}
			e := Case{Definition: xrd.Definition{Flavour: flavour}, XR: parse(t, order)[0]}
			e.Output = parse(t, order+"---\n"+strings.Replace(good, tc.from, tc.to, 1))
			var got []string
			for _, v := range NewChecker(schemas(t)).Check(e) {
				got = append(got, v.Field+": "+v.Problem)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCheckDocuments(t *testing.T) {
	secret := `
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: team, annotations: {crossplane.io/composition-resource-name: secret}}
data: {host: aG9zdA==}
`
	cases := map[string]struct {
		reason    string
		xr        string
		inputs    string
		output    string
		want      []string
		resources int
	}{
		"Counts": {
			reason: "The XR and results are no composed resources.", xr: order, resources: 2,
			output: order + "---" + good + "---" + secret + "---\napiVersion: render.crossplane.io/v1beta1\nkind: Result\nmessage: hello\n",
		},
		"XRStatus": {
			reason: "The status that we write is held against our own schema.", xr: order,
			output: order + "status: {ready: yes please}\n",
			want:   []string{`Order/o: status.ready: Invalid value: "string": status.ready in body must be of type boolean: "string"`},
		},
		"XRInput": {
			reason: "A claim in an example must be one that an API server takes.", xr: order + "big: true\n",
			want: []string{"Order/o: big: unknown field: the schema does not have it"},
		},
		"Inputs": {
			reason: "Observed and required objects are checked too.", xr: order,
			inputs: strings.Replace(good, "port: 5432", "prot: 5432", 1),
			want:   []string{"Box/o-* (box): spec.forProvider.prot: unknown field: the schema does not have it"},
		},
		"SecretNotBase64": {
			reason: "Secret data is base64.", xr: order, resources: 1,
			output: strings.Replace(secret, "aG9zdA==", "host name", 1),
			want:   []string{"Secret/s (secret): .: illegal base64 data at input byte 4"},
		},
		"SecretUnknownField": {
			reason: "Core kinds are checked for unknown fields.", xr: order, resources: 1,
			output: secret + "sort: Opaque\n",
			want:   []string{`Secret/s (secret): .: unknown field "sort"`},
		},
		"PermitsEverything": {
			reason: "What a composed resource permits is walked, whatever its kind.", xr: order, resources: 1,
			output: strings.Replace(good, "engine: postgres", `engine: '{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b"}}'`, 1),
			want:   []string{`Box/o-* (box): spec.forProvider.engine: Statement[0].Action: "*" holds a wildcard`},
		},
		"SameResourceTwice": {
			reason: "Two resources of one name: the second would replace the first.", xr: order, resources: 2,
			output: secret + "---" + secret,
			want: []string{
				"Secret/s (secret): metadata: is the same resource secret as Secret/s (secret)",
				"Secret/s (secret): metadata: is the same object Secret team s as Secret/s (secret)",
			},
		},
		"NamespaceOverridden": {
			reason: "Render replaces a foreign namespace and only says so in a result.", xr: order,
			output: "apiVersion: render.crossplane.io/v1beta1\nkind: Result\nreason: NamespaceOverridden\nmessage: moved\n",
			want:   []string{"Result/*: message: moved"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			e := Case{Definition: xrd.Definition{Flavour: xrd.Namespaced}, XR: parse(t, tc.xr)[0]}
			e.Inputs, e.Output = parse(t, tc.inputs), parse(t, tc.output)
			checker := NewChecker(schemas(t))
			var got []string
			for _, v := range checker.Check(e) {
				got = append(got, v.Document+": "+v.Field+": "+v.Problem)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
			if n := checker.Report().Resources[xrd.Namespaced]; n != tc.resources {
				t.Errorf("%s: counted %d composed resources, want %d", tc.reason, n, tc.resources)
			}
		})
	}
}
