package managed_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/randfill"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/ec2"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/rds"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/vault"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

func namespaced() managed.Flavour { return managed.Flavour{Namespace: "team"} }

func legacy() managed.Flavour {
	return managed.Flavour{Legacy: true, Namespace: "team", SecretNamespace: "crossplane-system"}
}

// kinds are all parameter structs, each with its kind in both flavours.
func kinds() map[string]struct {
	params             managed.Parameters
	legacy, namespaced string
} {
	type row = struct {
		params             managed.Parameters
		legacy, namespaced string
	}
	return map[string]row{
		"rds Instance":       {&rds.Instance{}, "rds.aws.upbound.io/v1beta3", "rds.aws.m.upbound.io/v1beta1"},
		"rds SubnetGroup":    {&rds.SubnetGroup{}, "rds.aws.upbound.io/v1beta1", "rds.aws.m.upbound.io/v1beta1"},
		"rds ParameterGroup": {&rds.ParameterGroup{}, "rds.aws.upbound.io/v1beta1", "rds.aws.m.upbound.io/v1beta1"},
		"ec2 SecurityGroup":  {&ec2.SecurityGroup{}, "ec2.aws.upbound.io/v1beta1", "ec2.aws.m.upbound.io/v1beta1"},
		"ec2 SecurityGroupIngressRule": {
			&ec2.SecurityGroupIngressRule{}, "ec2.aws.upbound.io/v1beta1", "ec2.aws.m.upbound.io/v1beta1"},
		"ec2 SecurityGroupEgressRule": {
			&ec2.SecurityGroupEgressRule{}, "ec2.aws.upbound.io/v1beta1", "ec2.aws.m.upbound.io/v1beta1"},
		"vault SecretBackendConnection": {
			&vault.DatabaseConnection{}, "database.vault.upbound.io/v1alpha1", "database.vault.m.upbound.io/v1alpha1"},
		"vault SecretBackendRole": {
			&vault.DatabaseRole{}, "database.vault.upbound.io/v1alpha1", "database.vault.m.upbound.io/v1alpha1"},
		"vault Policy": {&vault.Policy{}, "vault.vault.upbound.io/v1alpha1", "vault.vault.m.upbound.io/v1alpha1"},
		"vault AuthBackendRole": {
			&vault.KubernetesAuthRole{}, "kubernetes.vault.upbound.io/v1alpha1", "kubernetes.vault.m.upbound.io/v1alpha1"},
		"vault AuthBackend": {&vault.JWTAuthBackend{}, "jwt.vault.upbound.io/v1alpha1", "jwt.vault.m.upbound.io/v1alpha1"},
		"jwt AuthBackendRole": {
			&vault.JWTAuthRole{}, "jwt.vault.upbound.io/v1alpha1", "jwt.vault.m.upbound.io/v1alpha1"},
		"vault SecretV2": {&vault.KVSecret{}, "kv.vault.upbound.io/v1alpha1", "kv.vault.m.upbound.io/v1alpha1"},
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for name, tc := range kinds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := tc.params.Kind()
			_, want, _ := strings.Cut(name, " ")
			got := []string{kind.Kind, kind.APIVersion(legacy()), kind.APIVersion(namespaced())}
			if diff := cmp.Diff([]string{want, tc.legacy, tc.namespaced}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What a generated encoder writes is what encoding/json writes of the same struct, for any values; the claims flavour adds the
// namespace to references of Secrets and nothing else.
func TestEncodersWriteWhatJSONWrites(t *testing.T) {
	t.Parallel()
	for name, tc := range kinds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := map[string]bool{}
			check := func(params managed.Parameters) {
				want := asJSON(t, params)
				for field := range want {
					seen[field] = true
				}
				if diff := cmp.Diff(want, encoded(params, namespaced())); diff != "" {
					t.Fatalf("namespaced (-json +encoder):\n%s", diff)
				}
				if diff := cmp.Diff(withSecretNamespace(want), encoded(params, legacy())); diff != "" {
					t.Fatalf("claims (-json +encoder):\n%s", diff)
				}
			}
			check(tc.params)
			fill := randfill.NewWithSeed(1).NilChance(0.3).NumElements(0, 3).Funcs(func(n *int64, c randfill.Continue) {
				// The wire form is a float64.
				*n = int64(c.Int31())
			})
			params := reflect.TypeOf(tc.params).Elem()
			for range 200 {
				v, _ := reflect.New(params).Interface().(managed.Parameters)
				fill.Fill(v)
				check(v)
			}
			if len(seen) != params.NumField() {
				t.Errorf("%d of %d fields were checked", len(seen), params.NumField())
			}
		})
	}
}

func encoded(params managed.Parameters, fl managed.Flavour) map[string]any {
	f := object.NewFields()
	params.Encode(f, fl)
	return f.Done().Map()
}

func asJSON(t *testing.T, v any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	return emptyLists(fields)
}

// emptyLists writes a required list without items as an empty one, not as null: null would be another value.
func emptyLists(fields map[string]any) map[string]any {
	for k, v := range fields {
		if v == nil {
			fields[k] = []any{}
		}
	}
	return fields
}

// withSecretNamespace adds the namespace to every reference of a Secret.
func withSecretNamespace(fields map[string]any) map[string]any {
	out := make(map[string]any, len(fields))
	for k, v := range fields {
		switch v := v.(type) {
		case map[string]any:
			out[k] = withSecretNamespace(v)
			if strings.HasSuffix(k, "SecretRef") {
				out[k].(map[string]any)["namespace"] = "crossplane-system"
			}
		case []any:
			items := slices.Clone(v)
			for i, item := range items {
				if nested, ok := item.(map[string]any); ok {
					items[i] = withSecretNamespace(nested)
				}
			}
			out[k] = items
		default:
			out[k] = v
		}
	}
	return out
}

// The envelope, per flavour, as the CRDs have it: a field that one flavour lacks would fail the server-side apply.
func TestEnvelope(t *testing.T) {
	t.Parallel()
	config := func(kind string) *pipelinev1.ProviderConfigReference {
		return &pipelinev1.ProviderConfigReference{Name: "aws", Kind: kind}
	}
	params := &rds.SubnetGroup{Region: "eu-west-1"}
	forProvider := map[string]any{"region": "eu-west-1"}
	retained := []any{"Observe", "Create", "Update", "LateInitialize"}
	spec := func(more map[string]any) map[string]any {
		more["forProvider"] = forProvider
		return more
	}
	cases := map[string]struct {
		resource managed.Resource[*rds.SubnetGroup]
		flavour  managed.Flavour
		metadata map[string]any
		spec     map[string]any
	}{
		"namespaced, bare": {managed.Resource[*rds.SubnetGroup]{}, namespaced(),
			map[string]any{"name": "n", "namespace": "team"}, spec(map[string]any{})},
		"claims, bare": {managed.Resource[*rds.SubnetGroup]{}, legacy(),
			map[string]any{"name": "n"}, spec(map[string]any{})},
		"namespaced, all": {managed.Resource[*rds.SubnetGroup]{ProviderConfig: config("ProviderConfig"), Retain: true, ConnectionSecret: "s"}, namespaced(),
			map[string]any{"name": "n", "namespace": "team"}, spec(map[string]any{
				"managementPolicies": retained, "providerConfigRef": map[string]any{"name": "aws", "kind": "ProviderConfig"},
				"writeConnectionSecretToRef": map[string]any{"name": "s"},
			})},
		"claims, all": {managed.Resource[*rds.SubnetGroup]{ProviderConfig: config("ProviderConfig"), Retain: true, ConnectionSecret: "s"}, legacy(),
			map[string]any{"name": "n"}, spec(map[string]any{
				"managementPolicies": retained, "providerConfigRef": map[string]any{"name": "aws"},
				"writeConnectionSecretToRef": map[string]any{"name": "s", "namespace": "crossplane-system"},
			})},
		"namespaced, the kind of the configuration has a default": {managed.Resource[*rds.SubnetGroup]{ProviderConfig: config("")}, namespaced(),
			map[string]any{"name": "n", "namespace": "team"}, spec(map[string]any{
				"providerConfigRef": map[string]any{"name": "aws", "kind": "ClusterProviderConfig"},
			})},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			tc.resource.Name, tc.resource.ForProvider = "n", params
			want := map[string]any{
				"apiVersion": params.Kind().APIVersion(tc.flavour), "kind": "SubnetGroup", "metadata": tc.metadata, "spec": tc.spec,
			}
			if diff := cmp.Diff(want, tc.resource.Object(tc.flavour).Map()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFlavourOf(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		xr   map[string]any
		want managed.Flavour
		err  string
	}{
		"namespaced": {map[string]any{"metadata": map[string]any{"namespace": "team"}}, managed.Flavour{Namespace: "team"}, ""},
		"claims": {map[string]any{"spec": map[string]any{"claimRef": map[string]any{"namespace": "team", "name": "orders"}}},
			managed.Flavour{Legacy: true, Namespace: "team", SecretNamespace: "secrets"}, ""},
		"neither": {map[string]any{"kind": "XAppDatabase", "spec": map[string]any{}}, managed.Flavour{},
			"the XAppDatabase has neither metadata.namespace nor spec.claimRef: create a claim of kind AppDatabase in a namespace instead"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			xr, err := object.FromValue(tc.xr)
			if err != nil {
				t.Fatal(err)
			}
			got, err := managed.FlavourOf(xr, "secrets")
			if got != tc.want || (err == nil) != (tc.err == "") || (err != nil && err.Error() != tc.err) {
				t.Errorf("FlavourOf() = %+v, %v", got, err)
			}
		})
	}
}

func TestTagged(t *testing.T) {
	t.Parallel()
	for apiVersion, want := range map[string]bool{
		"rds.aws.upbound.io/v1beta3": true, "rds.aws.m.upbound.io/v1beta1": true, "vault.vault.m.upbound.io/v1alpha1": false,
		"aws.upbound.io/v1beta1": false, "v1": false, "": false, "rds.aws.upbound.io.example.org/v1": false,
	} {
		if got := managed.Tagged(apiVersion); got != want {
			t.Errorf("Tagged(%q) = %v", apiVersion, got)
		}
	}
}

// Annotations are written in both flavours, and an empty map is not: it would be owned.
func TestAnnotations(t *testing.T) {
	t.Parallel()
	for name, flavour := range map[string]managed.Flavour{"namespaced": namespaced(), "claims": legacy()} {
		write := func(annotations map[string]string) object.Object {
			return managed.Resource[*vault.Policy]{Name: "n", Annotations: annotations, ForProvider: &vault.Policy{}}.Object(flavour)
		}
		if diff := cmp.Diff(map[string]string{"a": "1"}, write(map[string]string{"a": "1"}).StringMap("metadata", "annotations")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		named := managed.Resource[*vault.Policy]{
			Name: "n", Annotations: map[string]string{"a": "1"}, ExternalName: "p-1", ForProvider: &vault.Policy{},
		}.Object(flavour)
		if diff := cmp.Diff(map[string]string{"a": "1", managed.ExternalNameAnnotation: "p-1"}, named.StringMap("metadata", "annotations")); diff != "" {
			t.Errorf("%s, with an external name (-want +got):\n%s", name, diff)
		}
		if _, found := write(map[string]string{}).At("metadata").Map()["annotations"]; found {
			t.Errorf("%s: no annotations are written as such", name)
		}
	}
}

func TestExternalNameOf(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		annotation, id, want string
	}{
		"nothing is known":                       {"", "", ""},
		"the provider has found it":              {"", "eipalloc-1", "eipalloc-1"},
		"it is written down":                     {"eipalloc-1", "", "eipalloc-1"},
		"the provider works on another one":      {"eipalloc-1", "eipalloc-2", "eipalloc-2"},
		"the name of the object is no such name": {"n", "", ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			o, err := object.FromValue(map[string]any{
				"metadata": map[string]any{"name": "n", "annotations": map[string]any{managed.ExternalNameAnnotation: tc.annotation}},
				"status":   map[string]any{"atProvider": map[string]any{"id": tc.id}},
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := managed.ExternalNameOf(o); got != tc.want {
				t.Errorf("ExternalNameOf() = %q, want %q", got, tc.want)
			}
		})
	}
}
