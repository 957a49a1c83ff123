package recorder

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestRecorded(t *testing.T) {
	t.Parallel()
	for kind, want := range map[schema.GroupKind]bool{
		{Group: "rds.aws.m.upbound.io", Kind: "Instance"}:         true,
		{Group: "vault.m.upbound.io", Kind: "Policy"}:             true,
		{Group: "kubernetes.m.crossplane.io", Kind: "Object"}:     true,
		{Group: "m.upbound.io", Kind: "Thing"}:                    true,
		{Group: "protection.crossplane.io", Kind: "Usage"}:        true,
		{Group: "protection.crossplane.io", Kind: "ClusterUsage"}: false,
		{Group: "rds.aws.upbound.io", Kind: "Instance"}:           false,
		{Group: "rds.aws.m.upbound.io.example.org", Kind: "I"}:    false,
		{Group: "team.upbound.io", Kind: "Thing"}:                 false,
		{Group: "platform.io", Kind: "AppDatabase"}:               false,
		{Group: "platform.io", Kind: "Environment"}:               false,
		{Group: "platform.io", Kind: "Network"}:                   true,
		{Group: "platform.io", Kind: "NetworkEndpoints"}:          true,
		{Group: "platform.io", Kind: "NetworkRoutes"}:             true,
		{Group: "example.org", Kind: "Network"}:                   false,
	} {
		if got := recorded(kind); got != want {
			t.Errorf("recorded(%s) = %v", kind, got)
		}
	}
}

func TestDefinition(t *testing.T) {
	t.Parallel()
	kind, resource, served := definition(crd(true))
	if kind != instanceKind || resource != instances() || !served {
		t.Errorf("definition() = %s, %s, %v", kind, resource, served)
	}
	if _, _, served := definition(crd(false)); served {
		t.Error("a definition that is not established is served")
	}
	if _, _, served := definition(&unstructured.Unstructured{Object: map[string]any{"status": crd(true).Object["status"]}}); served {
		t.Error("a definition without a version is served")
	}
}

// Nothing of a Secret is remembered but a hash, and that tells two contents apart.
func TestReduceSecret(t *testing.T) {
	t.Parallel()
	secret := func(value string) object {
		u := live("s")
		u.Object["data"] = map[string]any{"password": value}
		return reduce(secretKind, u)
	}
	a, again := secret("a"), secret("a")
	if a.digest == secret("b").digest || a.digest != again.digest {
		t.Error("the hash does not tell the data")
	}
	want := object{
		key: key{secretKind, "team", "orders-1"}, uid: "s", composite: "orders", resource: "database-instance", externalName: "orders-ext",
		primary: true, generation: 1, digest: secret("a").digest,
	}
	if diff := cmp.Diff(want, secret("a"), cmp.AllowUnexported(object{}, key{})); diff != "" {
		t.Errorf("object (-want +got):\n%s", diff)
	}
}
