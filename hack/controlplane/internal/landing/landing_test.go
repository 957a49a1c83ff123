package landing

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

func names(all []*unstructured.Unstructured) []string {
	var out []string
	for _, u := range all {
		out = append(out, u.GetKind()+" "+u.GetNamespace()+"/"+u.GetName())
	}
	return out
}

func TestManifests(t *testing.T) {
	t.Parallel()
	all, err := Manifests("dns:///127.0.0.1:9443")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Function /" + FunctionName, "FunctionRevision /" + FunctionName, "Composition /" + CompositionName}
	if diff := cmp.Diff(want, names(all)); diff != "" {
		t.Fatalf("manifests (-want +got):\n%s", diff)
	}
	for _, u := range all[:2] {
		if u.GetAnnotations()["crossplane.io/paused"] != "true" {
			t.Errorf("the package manager would pull the package of %s: it is not paused", u.GetKind())
		}
	}
	revision := all[1]
	if got := revision.GetLabels()["pkg.crossplane.io/package"]; got != FunctionName {
		t.Errorf("core does not find the revision: its package label is %q", got)
	}
	status := map[string]any{"endpoint": "dns:///127.0.0.1:9443", "capabilities": []any{"composition"}}
	if diff := cmp.Diff(status, revision.Object["status"]); diff != "" {
		t.Errorf("status of the revision (-want +got):\n%s", diff)
	}
	steps, _, err := unstructured.NestedSlice(all[2].Object, "spec", "pipeline")
	if err != nil {
		t.Fatal(err)
	}
	step := []any{map[string]any{"step": "simulate-environment", "functionRef": map[string]any{"name": FunctionName}}}
	if diff := cmp.Diff(step, steps); diff != "" {
		t.Errorf("pipeline (-want +got):\n%s", diff)
	}
}

// The Environments are what the API type knows, name provider configurations that are there, and one of them is the
// Environment of the README's claim.
func TestLandingObjects(t *testing.T) {
	t.Parallel()
	all, err := read("objects/credentials.yaml", "objects/environments.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"Secret crossplane-system/simulator-credentials", "ClusterProviderConfig /aws-staging", "ClusterProviderConfig /aws-production",
		"ClusterProviderConfig /vault", "Namespace /team-checkout", "Environment team-checkout/staging",
		"Environment team-checkout/production", "Environment team-checkout/preview",
	}, names(all)); diff != "" {
		t.Fatalf("objects (-want +got):\n%s", diff)
	}
	configs, environments := map[string]bool{}, map[string]bool{}
	for _, u := range all {
		switch u.GetKind() {
		case "ClusterProviderConfig":
			configs[u.GroupVersionKind().Group+"/"+u.GetName()] = true
		case "Environment":
			encoded, err := yaml.Marshal(u.Object)
			if err != nil {
				t.Fatal(err)
			}
			env := &v1.Environment{}
			if err := yaml.UnmarshalStrict(encoded, env); err != nil {
				t.Errorf("%s: %v", u.GetName(), err)
			}
			environments[env.Namespace+"/"+env.Name] = true
			vault := statusOf(env).Vault.ProviderConfigRef.Name
			if ref := env.Spec.Cloud.ProviderConfigRef; !configs["aws.m.upbound.io/"+ref.Name] || !configs["vault.m.upbound.io/"+vault] {
				t.Errorf("Environment %s names a provider configuration that is not there: %s, %s", env.Name, ref.Name, vault)
			}
			if string(env.Spec.Type) != env.Name {
				t.Errorf("Environment %s is of type %s", env.Name, env.Spec.Type)
			}
		}
	}
	claim := &v1.AppDatabase{}
	content, err := os.ReadFile("../../../../examples/appdatabases/01-new/xr.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(content, claim); err != nil {
		t.Fatal(err)
	}
	if where := claim.Namespace + "/" + claim.Spec.EnvironmentRef.Name; !environments[where] {
		t.Errorf("the README's claim names Environment %s, which is not there", where)
	}
}
