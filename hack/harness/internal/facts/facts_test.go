package facts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	gvk "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/schema"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// source is a package of parameter structs. The tests change one thing in it.
const source = `package shop

import "example.org/managed"

// Box is a box.
//
// +goldenpath:encode
// +goldenpath:kind service=shop.aws kind=Box legacy=v1beta2 namespaced=v1beta1
type Box struct {
	Common
	Region   string                ` + "`json:\"region\"`" + `
	Port     *int64                ` + "`json:\"port,omitempty\"`" + `
	Groups   []string              ` + "`json:\"groups,omitempty\"`" + `
	Tags     map[string]string     ` + "`json:\"tags,omitempty\"`" + `
	Rules    []Rule                ` + "`json:\"rules,omitempty\"`" + `
	Password *managed.SecretKeyRef ` + "`json:\"passwordSecretRef,omitempty\"`" + `
	Hidden   string                ` + "`json:\"-\"`" + `
}

type Common struct {
	Engine Engine ` + "`json:\"engine\"`" + `
}

type Engine string

// Rule is one rule.
type Rule struct {
	Name string ` + "`json:\"name\"`" + `
}
`

// fields are what the CRD of Box has.
var fields = []Field{
	{Path: "engine", Type: "string", Required: Create},
	{Path: "groups", Type: "array", List: "set"},
	{Path: "groups[]", Type: "string"},
	{Path: "passwordSecretRef", Type: "secretKeyRef"},
	{Path: "port", Type: "number"},
	{Path: "region", Type: "string", Required: Always},
	{Path: "rules", Type: "array", List: "map(name)"},
	{Path: "rules[]", Type: "object"},
	{Path: "rules[].name", Type: "string", Required: Always},
	{Path: "tags", Type: "map"},
	{Path: "tags{}", Type: "string"},
}

func structsOf(t *testing.T, text string) ([]Struct, error) {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, StructsDir, "shop")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "shop.go"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Structs(root)
}

// lockSchemas serves the CRDs that a lock builds.
type lockSchemas struct{ lock Lock }

func (l lockSchemas) CRD(_ xrd.Flavour, kind gvk.GroupVersionKind) (*extv1.CustomResourceDefinition, providers.Judge, error) {
	crd, ok := l.lock.CRD(kind)
	if !ok {
		return nil, providers.Judge{}, os.ErrNotExist
	}
	return crd, providers.Judge{Provider: "aws", Version: "v2.5.0"}, nil
}

func lockOf(fields ...Field) Lock {
	return Lock{Kinds: []LockedKind{{
		Provider: "aws v2.5.0", Service: "shop.aws", Kind: "Box", Plural: "boxes", Legacy: "v1beta2", Namespaced: "v1beta1", Fields: fields,
	}}}
}

func TestCollect(t *testing.T) {
	without := func(path string) []Field {
		var out []Field
		for _, f := range fields {
			if f.Path != path {
				out = append(out, f)
			}
		}
		return out
	}
	cases := map[string]struct {
		reason string
		source string
		crd    []Field
		want   []string
	}{
		"Fits": {reason: "Every field is there, of the right type, and nothing required is missing.", source: source, crd: fields},
		"NoSuchField": {
			reason: "A misspelt json name.", source: strings.Replace(source, `"port,omitempty"`, `"prot,omitempty"`, 1), crd: fields,
			want: []string{"functions/internal/managed/shop/shop.go:12: shop.aws.m.upbound.io/v1beta1, Kind=Box has no field spec.forProvider.prot: check the json name against the CRD"},
		},
		"NoSuchNestedField": {
			reason: "Nested structs are walked.", source: source, crd: without("rules[].name"),
			want: []string{"has no field spec.forProvider.rules[].name"},
		},
		"WrongType": {
			reason: "A Go string for a number.", source: strings.Replace(source, "*int64 ", "*string", 1), crd: fields,
			want: []string{"spec.forProvider.port of shop.aws.m.upbound.io/v1beta1, Kind=Box is of type number, but the Go field is encoded as string"},
		},
		"ListAgainstString": {
			reason: "A list where the CRD has a single value.", source: strings.Replace(source, "Engine Engine", "Engine []Engine", 1), crd: fields,
			want: []string{"spec.forProvider.engine of shop.aws.m.upbound.io/v1beta1, Kind=Box is of type string, but the Go field is encoded as array"},
		},
		"RequiredMissing": {
			reason: "The CRD demands a field that the struct cannot write.", source: source,
			crd:  append([]Field{{Path: "family", Type: "string", Required: Create}}, fields...),
			want: []string{"requires spec.forProvider.family (create), which the struct does not have: add it"},
		},
		"VersionMissing": {
			reason: "The marker names a version that the CRD does not have.",
			source: strings.Replace(source, "namespaced=v1beta1", "namespaced=v1beta7", 1), crd: fields,
			want: []string{os.ErrNotExist.Error()},
		},
		"MarkerIncomplete": {
			reason: "A marker without a version.", source: strings.Replace(source, " namespaced=v1beta1", "", 1), crd: fields,
			want: []string{"namespaced= is missing"},
		},
		"MarkerTypo": {
			reason: "A marker with a key that nobody knows.", source: strings.Replace(source, "legacy=", "legcay=", 1), crd: fields,
			want: []string{`do not understand "legcay=v1beta2"`},
		},
		"UnknownGoType": {
			reason: "A type that no schema type belongs to.", source: strings.Replace(source, "*int64 ", "chan int", 1), crd: fields,
			want: []string{"port has type chan int, which the lock does not understand"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			structs, err := structsOf(t, tc.source)
			var got Lock
			if err == nil {
				got, err = Collect(structs, lockSchemas{lockOf(tc.crd...)})
			}
			for _, want := range tc.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: error is\n%v\nwant one with\n%s", tc.reason, err, want)
				}
			}
			if tc.want != nil {
				return
			}
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if diff := cmp.Diff(lockOf(fields...), got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestLockOfTheRepository reads the real lock and builds every CRD in it: each compiles, and holds exactly the facts of the lock.
func TestLockOfTheRepository(t *testing.T) {
	root, err := repo.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	lock, err := ReadLock(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(lock.Kinds) == 0 {
		t.Fatalf("%s is empty: run `harness lock`", LockFile)
	}
	for _, k := range lock.Kinds {
		for _, flavour := range xrd.Flavours() {
			kind := Kind{Service: k.Service, Kind: k.Kind, Legacy: k.Legacy, Namespaced: k.Namespaced}.GVK(flavour)
			crd, ok := lock.CRD(kind)
			if !ok {
				t.Fatalf("no CRD can be built for %s", kind)
			}
			if _, err := schema.Compile(crd, kind.Version); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
			// A local control plane installs it where the provider's own is not at hand.
			if findings, err := schema.Installable(crd); err != nil || len(findings) > 0 {
				t.Errorf("%s: an API server would refuse it: %v %v", crd.Name, findings, err)
			}
			want := map[string]Field{}
			for _, f := range k.Fields {
				want[f.Path] = f
			}
			if diff := cmp.Diff(want, flatten(crd, kind.Version)); diff != "" {
				t.Errorf("%s: the CRD does not hold the facts: -lock +CRD:\n%s", kind, diff)
			}
		}
	}
	raw, err := os.ReadFile(filepath.Join(root, LockFile))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(raw), string(lock.Encode())); diff != "" {
		t.Errorf("the lock does not survive reading and writing: -file +encoded:\n%s", diff)
	}
}

func TestLockGate(t *testing.T) {
	spec := func(extra map[string]any, forProvider map[string]any) map[string]any {
		all := map[string]any{"region": "eu-west-1", "engine": "postgres"}
		for key, value := range forProvider {
			if all[key] = value; value == nil {
				delete(all, key)
			}
		}
		s := map[string]any{"forProvider": all}
		for key, value := range extra {
			s[key] = value
		}
		return s
	}
	ref := func(keys ...string) map[string]any {
		m := map[string]any{}
		for _, k := range keys {
			m[k] = "x"
		}
		return m
	}
	type object = map[string]any
	cases := map[string]struct {
		reason  string
		flavour xrd.Flavour
		spec    map[string]any
		want    []string
	}{
		"Good":         {reason: "Nothing is wrong.", flavour: xrd.Namespaced, spec: spec(nil, nil)},
		"GoodClaims":   {reason: "Nothing is wrong in the other flavour.", flavour: xrd.Claims, spec: spec(object{"deletionPolicy": "Orphan"}, nil)},
		"UnknownField": {reason: "Not in the lock.", flavour: xrd.Namespaced, spec: spec(nil, object{"extra": "x"}), want: []string{"spec.forProvider.extra"}},
		"WrongType":    {reason: "A string for a number.", flavour: xrd.Namespaced, spec: spec(nil, object{"port": "1"}), want: []string{"spec.forProvider.port"}},
		"Required":     {reason: "Always required.", flavour: xrd.Namespaced, spec: spec(nil, object{"region": nil}), want: []string{"spec.forProvider.region"}},
		"RequiredToCreate": {
			reason: "Required unless the policies leave creating out.", flavour: xrd.Namespaced,
			spec: spec(nil, object{"engine": nil}), want: []string{"spec"},
		},
		"ObserveOnly": {
			reason: "An observed resource needs no engine.", flavour: xrd.Namespaced,
			spec: spec(object{"managementPolicies": []any{"Observe"}}, object{"engine": nil}),
		},
		"InitProvider": {
			reason: "What is required to create may be in initProvider instead.", flavour: xrd.Namespaced,
			spec: spec(object{"initProvider": object{"engine": "x"}}, object{"engine": nil}),
		},
		"SetDuplicate": {
			reason: "A set holds an item twice.", flavour: xrd.Namespaced,
			spec: spec(nil, object{"groups": []any{"a", "a"}}), want: []string{"spec.forProvider.groups[1]"},
		},
		"DeletionPolicyNamespaced": {
			reason: "deletionPolicy is of the claims flavour.", flavour: xrd.Namespaced,
			spec: spec(object{"deletionPolicy": "Orphan"}, nil), want: []string{"spec.deletionPolicy"},
		},
		"SecretRefNamespaced": {
			reason: "A local reference has no namespace.", flavour: xrd.Namespaced,
			spec: spec(nil, object{"passwordSecretRef": ref("name", "key", "namespace")}), want: []string{"spec.forProvider.passwordSecretRef.namespace"},
		},
		"SecretRefClaims": {
			reason: "A cluster-scoped resource must name the namespace.", flavour: xrd.Claims,
			spec: spec(nil, object{"passwordSecretRef": ref("name", "key")}), want: []string{"spec.forProvider.passwordSecretRef.namespace"},
		},
		"ProviderConfigKindClaims": {
			reason: "The claims flavour has no kind in the reference.", flavour: xrd.Claims,
			spec: spec(object{"providerConfigRef": ref("kind", "name")}, nil), want: []string{"spec.providerConfigRef.kind"},
		},
		"ProviderConfigNamespaced": {
			reason: "The namespaced flavour demands the kind.", flavour: xrd.Namespaced,
			spec: spec(object{"providerConfigRef": ref("name")}, nil), want: []string{"spec.providerConfigRef.kind"},
		},
		"ConnectionSecretClaims": {
			reason: "A cluster-scoped resource must name the Secret's namespace.", flavour: xrd.Claims,
			spec: spec(object{"writeConnectionSecretToRef": ref("name")}, nil), want: []string{"spec.writeConnectionSecretToRef.namespace"},
		},
	}
	lock := lockOf(fields...)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			kind := Kind{Service: "shop.aws", Kind: "Box", Legacy: "v1beta2", Namespaced: "v1beta1"}.GVK(tc.flavour)
			crd, ok := lock.CRD(kind)
			if !ok {
				t.Fatal("the lock has no such kind")
			}
			s, err := schema.Compile(crd, kind.Version)
			if err != nil {
				t.Fatal(err)
			}
			meta := map[string]any{"name": "b"}
			if tc.flavour == xrd.Namespaced {
				meta["namespace"] = "team"
			}
			obj := map[string]any{"apiVersion": kind.GroupVersion().String(), "kind": kind.Kind, "metadata": meta, "spec": tc.spec}
			var got []string
			for _, f := range s.Validate(obj) {
				got = append(got, f.Field)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: fields with findings: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
