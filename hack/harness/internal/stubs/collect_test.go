package stubs

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gvk "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/schema"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// boxes is a legacy definition with several versions and a webhook between them.
func boxes() *extv1.CustomResourceDefinition {
	version := func(name string, storage bool) extv1.CustomResourceDefinitionVersion {
		return extv1.CustomResourceDefinitionVersion{Name: name, Served: true, Storage: storage, Schema: &extv1.CustomResourceValidation{
			OpenAPIV3Schema: &extv1.JSONSchemaProps{Type: "object", Description: name},
		}}
	}
	crd := &extv1.CustomResourceDefinition{ObjectMeta: metav1.ObjectMeta{Name: "boxes.shop.aws.upbound.io"}}
	crd.Spec.Group, crd.Spec.Scope = "shop.aws.upbound.io", extv1.ClusterScoped
	crd.Spec.Names = extv1.CustomResourceDefinitionNames{Kind: "Box", ListKind: "BoxList", Plural: "boxes", Singular: "box"}
	crd.Spec.Conversion = &extv1.CustomResourceConversion{Strategy: extv1.WebhookConverter}
	crd.Spec.Versions = []extv1.CustomResourceDefinitionVersion{version("v1beta1", false), version("v1beta2", true), version("v1beta3", false)}
	return crd
}

func TestStandalone(t *testing.T) {
	cases := map[string]struct{ version, want, err string }{
		"the version that we use":       {version: "v1beta3", want: "v1beta3"},
		"otherwise the storage version": {want: "v1beta2"},
		"a version that is not there":   {version: "v1", err: `boxes.shop.aws.upbound.io has no version "v1": it serves [v1beta1 v1beta2 v1beta3]`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			in := boxes()
			got, err := standalone(in, tc.version)
			if tc.err != "" {
				if err == nil || err.Error() != tc.err {
					t.Fatalf("error is %v, want %s", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			v := got.Spec.Versions
			if len(v) != 1 || v[0].Name != tc.want || !v[0].Served || !v[0].Storage || v[0].Schema.OpenAPIV3Schema.Description != tc.want {
				t.Errorf("versions are %+v, want %s alone, served and stored", v, tc.want)
			}
			if got.Spec.Conversion != nil {
				t.Error("the webhook of a provider that is not there is left")
			}
			if diff := cmp.Diff(boxes(), in); diff != "" {
				t.Errorf("the definition that was given has changed: %s", diff)
			}
			if findings, err := schema.Installable(got); err != nil || len(findings) > 0 {
				t.Errorf("an API server would refuse it: %v %v", findings, err)
			}
		})
	}
}

// fakeSchemas has what is in it, by kind.
type fakeSchemas struct {
	crds  map[string]*extv1.CustomResourceDefinition
	judge providers.Judge
	err   error
}

func (s fakeSchemas) CRD(_ xrd.Flavour, kind gvk.GroupVersionKind) (*extv1.CustomResourceDefinition, providers.Judge, error) {
	if crd := s.crds[kind.Kind]; crd != nil {
		return crd, s.judge, nil
	}
	return nil, s.judge, s.err
}

func TestCollect(t *testing.T) {
	full := providers.Judge{Provider: "aws", Version: "v2.5.0", Gate: providers.Full}
	lock := providers.Judge{Provider: "aws", Version: "v2.5.0", Gate: providers.Lock}
	known := map[string]*extv1.CustomResourceDefinition{"Box": boxes()}
	config := Configuration{Kind: "ProviderConfig", Plural: "providerconfigs", Version: "v1beta1", Scope: extv1.NamespaceScoped}
	usage := Configuration{Kind: "ProviderConfigUsage", Plural: "providerconfigusages", Version: "v1beta1", Optional: true}
	group := func(kind string) gvk.GroupVersionKind {
		return gvk.GroupVersionKind{Group: "shop.aws.upbound.io", Kind: kind}
	}
	own := gvk.GroupVersionKind{Group: "aws.m.upbound.io", Version: "v1beta1", Kind: "ProviderConfig"}
	missing := fmt.Errorf("aws has no such kind: %w", providers.ErrNoKind)
	cases := map[string]struct {
		wanted  Wanted
		schemas fakeSchemas
		want    string
		err     string
	}{
		"the provider's own": {Wanted{Role: RoleComposed, GVK: group("Box")}, fakeSchemas{known, full, missing}, "boxes.shop.aws.upbound.io", ""},
		"a composed kind is never left out": {
			Wanted{Role: RoleComposed, GVK: group("Bag")}, fakeSchemas{known, lock, missing}, "", "provider-shop: aws has no such kind",
		},
		"the lock has no neighbours": {Wanted{Role: RoleNeighbour, GVK: group("Bag")}, fakeSchemas{known, lock, missing}, "", ""},
		"a misspelt neighbour": {
			Wanted{Role: RoleNeighbour, GVK: group("Bag")}, fakeSchemas{known, full, missing}, "", "provider-shop: aws has no such kind",
		},
		"a ProviderConfig that takes anything": {
			Wanted{Role: RoleConfiguration, GVK: own, Configuration: config}, fakeSchemas{known, lock, missing}, "providerconfigs.aws.m.upbound.io", "",
		},
		"a ProviderConfig that its provider lacks": {
			Wanted{Role: RoleConfiguration, GVK: own, Configuration: config}, fakeSchemas{known, full, missing}, "", "provider-shop: aws has no such kind",
		},
		"an optional kind that the provider lacks": {
			Wanted{Role: RoleConfiguration, GVK: own, Configuration: usage}, fakeSchemas{known, full, missing}, "", "",
		},
		"an optional kind without the provider's own": {
			Wanted{Role: RoleConfiguration, GVK: own, Configuration: usage}, fakeSchemas{known, lock, missing}, "", "",
		},
		"a module that is not the pinned one is an error, optional or not": {
			Wanted{Role: RoleConfiguration, GVK: own, Configuration: usage}, fakeSchemas{nil, full, os.ErrPermission}, "", "provider-shop: permission denied",
		},
		"a kind of another provider": {
			Wanted{Role: RoleComposed, GVK: group("Box")}, fakeSchemas{known, providers.Judge{Provider: "gcp"}, missing}, "",
			`group shop.aws.upbound.io belongs to provider "gcp", not to aws`,
		},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			stub, err := Collect(Package{Name: "provider-shop", Provider: "aws"}, []Wanted{tc.wanted}, tc.schemas)
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Fatalf("error is %v, want one with %q", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, crd := range stub.CRDs {
				got += crd.Name
				if findings, err := schema.Installable(crd); err != nil || len(findings) > 0 {
					t.Errorf("an API server would refuse %s: %v %v", crd.Name, findings, err)
				}
			}
			if got != tc.want {
				t.Errorf("definitions: %q, want %q", got, tc.want)
			}
		})
	}
}
