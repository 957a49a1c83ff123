package landing

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/yaml"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

func names(all []*unstructured.Unstructured) []string {
	var out []string
	for _, u := range all {
		out = append(out, u.GetKind()+" "+u.GetNamespace()+"/"+u.GetName())
	}
	return out
}

// The Networks and Environments are what the API types know, name what is there, and one of them is the Environment of the README's
// claim.
func TestLandingObjects(t *testing.T) {
	t.Parallel()
	all, err := Read(objects, "objects/credentials.yaml", "objects/environments.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"Secret crossplane-system/simulator-credentials", "ClusterProviderConfig /aws-staging", "ClusterProviderConfig /aws-production",
		"ClusterProviderConfig /vault", "ClusterProviderConfig /workloads", "Namespace /platform", "Network platform/shared",
		"Network platform/production", "Namespace /team-checkout", "Environment team-checkout/staging",
		"Environment team-checkout/production", "Environment team-checkout/preview",
	}, names(all)); diff != "" {
		t.Fatalf("objects (-want +got):\n%s", diff)
	}
	there := map[string]bool{}
	networks, environments := map[string]*v1.Network{}, map[string]bool{}
	for _, u := range all {
		switch u.GetKind() {
		case "ClusterProviderConfig":
			there[u.GroupVersionKind().Group+"/"+u.GetName()] = true
		case v1.NetworkKind:
			network := &v1.Network{}
			as(t, u, network)
			networks[network.Namespace+"/"+network.Name] = network
		case v1.EnvironmentKind:
			env := &v1.Environment{}
			as(t, u, env)
			environments[env.Namespace+"/"+env.Name] = true
			complete(t, env, there, networks)
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

// as reads an object as its API type.
func as(t *testing.T, u *unstructured.Unstructured, into any) {
	t.Helper()
	encoded, err := yaml.Marshal(u.Object)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(encoded, into); err != nil {
		t.Errorf("%s: %v", u.GetName(), err)
	}
}

// complete checks that an Environment names what is there: configurations, a Network in its account, and a cluster in that.
func complete(t *testing.T, env *v1.Environment, there map[string]bool, networks map[string]*v1.Network) {
	t.Helper()
	spec := env.Spec
	for _, config := range []string{
		"aws.m.upbound.io/" + spec.Cloud.ProviderConfigRef.Name, "vault.m.upbound.io/" + spec.Vault.ProviderConfigRef.Name,
		"kubernetes.m.crossplane.io/" + spec.Cluster.ProviderConfigRef.Name,
	} {
		if !there[config] {
			t.Errorf("Environment %s names %s, which is not there", env.Name, config)
		}
	}
	if string(spec.Type) != env.Name {
		t.Errorf("Environment %s is of type %s", env.Name, spec.Type)
	}
	network := networks[spec.NetworkRef.Namespace+"/"+spec.NetworkRef.Name]
	if network == nil {
		t.Fatalf("Environment %s names Network %+v, which is not there", env.Name, spec.NetworkRef)
	}
	if diff := cmp.Diff(network.Spec.Cloud, spec.Cloud); diff != "" {
		t.Errorf("Environment %s is not in the cloud of its Network (-network +environment):\n%s", env.Name, diff)
	}
	if account := cloud.AccountOf(spec.Cloud.ProviderConfigRef.Name); account != spec.Cloud.AccountID {
		t.Errorf("Environment %s is in account %s, and its provider configuration leads to %s", env.Name, spec.Cloud.AccountID, account)
	}
	known := []cloud.Network{}
	for _, n := range networks {
		known = append(known, cloud.Network{Name: n.Name, VPC: n.Name})
	}
	if vpc := cloud.VPCOf(spec.Cluster.EKS.Name, known); vpc != network.Name {
		t.Errorf("the cluster of Environment %s is in the VPC of Network %q, and the Environment in %s", env.Name, vpc, network.Name)
	}
}

// What scenarios and measurements apply is an Environment of the API, in what is there.
func TestEnvironmentSpec(t *testing.T) {
	t.Parallel()
	encoded, err := yaml.Marshal(EnvironmentSpec("dev", func(spec map[string]any) { spec["ttl"] = "1h" }))
	if err != nil {
		t.Fatal(err)
	}
	spec := v1.EnvironmentSpec{}
	if err := yaml.UnmarshalStrict(encoded, &spec); err != nil {
		t.Fatal(err)
	}
	if spec.Type != "dev" || spec.TTL != "1h" || spec.NetworkRef.Name != SharedNetwork || spec.NetworkRef.Namespace != PlatformNamespace {
		t.Errorf("the spec is\n%s", encoded)
	}
}

// Sharing adds a pattern once, and keeps those that are there.
func TestShare(t *testing.T) {
	t.Parallel()
	network := kube.Object(schema.GroupVersionKind{Group: v1.Group, Version: v1.Version, Kind: v1.NetworkKind}, PlatformNamespace, SharedNetwork)
	network.Object["spec"] = map[string]any{"sharedWith": []any{"team-*"}}
	c := fake.NewClientBuilder().WithObjects(network).Build()
	for range 2 {
		if err := Share(t.Context(), c, "e2e-*"); err != nil {
			t.Fatal(err)
		}
	}
	live, err := kube.Get(t.Context(), c, network.GroupVersionKind(), PlatformNamespace, SharedNetwork)
	if err != nil {
		t.Fatal(err)
	}
	got, _, _ := unstructured.NestedStringSlice(live.Object, "spec", "sharedWith")
	if diff := cmp.Diff([]string{"team-*", "e2e-*"}, got); diff != "" {
		t.Errorf("sharedWith (-want +got):\n%s", diff)
	}
}

// What is not ready says in its own words why not.
func TestReady(t *testing.T) {
	t.Parallel()
	network := kube.Object(schema.GroupVersionKind{Group: v1.Group, Version: v1.Version, Kind: v1.NetworkKind}, "platform", "n")
	all := []*unstructured.Unstructured{kube.Object(schema.GroupVersionKind{Version: "v1", Kind: "Namespace"}, "", "platform"), network}
	for reason, tc := range map[string]struct{ status, want string }{
		"ready":     {"True", ""},
		"not ready": {"False", "Network platform/n is not ready: Creating because"},
		"no status": {"", "Network platform/n is not ready"},
	} {
		live := network.DeepCopy()
		if tc.status != "" {
			live.Object["status"] = map[string]any{"conditions": []any{map[string]any{
				"type": "Ready", "status": tc.status, "reason": "Creating", "message": "because",
			}}}
		}
		err := ready(t.Context(), fake.NewClientBuilder().WithObjects(live).Build(), all)
		if (tc.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", reason, err, tc.want)
		}
	}
}
