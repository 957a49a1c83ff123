package cloud

import (
	"slices"
	"testing"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ apiVersion, kind, want string }{
		"the namespaced flavour":                     {"rds.aws.m.upbound.io/v1beta1", "Cluster", Cluster},
		"the claims flavour":                         {"rds.aws.upbound.io/v1beta2", "Cluster", Cluster},
		"a group alone":                              {"eks.aws.m.upbound.io", "Cluster", EKSCluster},
		"a provider of Crossplane's own":             {"kubernetes.m.crossplane.io/v1alpha1", "Object", Object},
		"the same in the claims flavour":             {"kubernetes.crossplane.io/v1alpha2", "Object", Object},
		"a service with the name of a provider":      {"kubernetes.vault.m.upbound.io/v1alpha1", "AuthBackendRole", AuthRole},
		"a group that doubles":                       {"vault.vault.upbound.io/v1alpha1", "Mount", Mount},
		"an object that no provider has":             {"platform.io/v1", "Network", "platform.io/Network"},
		"a kind of Kubernetes, which has no group":   {"v1", "Secret", "v1/Secret"},
		"another flavour of a group that is no more": {"rds.aws.example.org/v1", "Cluster", "rds.aws.example.org/Cluster"},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := KindOf(tc.apiVersion, tc.kind)
			if got != tc.want {
				t.Errorf("KindOf() = %s, want %s", got, tc.want)
			}
			_, ours := Kinds()[got]
			if is := Is(tc.apiVersion+"/v1", tc.kind, tc.want); is != ours {
				t.Errorf("Is() = %v, want %v", is, ours)
			}
		})
	}
	if Is("kubernetes.vault.m.upbound.io/v1alpha1", "Object", Object) || Is("eks.aws.m.upbound.io/v1beta1", "Cluster", Cluster) {
		t.Error("a kind of another service is taken for ours")
	}
	for kind, want := range map[string][3]string{
		EKSCluster: {"Cluster", "eks.aws", "aws"}, Object: {"Object", "kubernetes", "kubernetes"}, AuthConfig: {"AuthBackendConfig", "kubernetes.vault", "vault"},
	} {
		if got := [3]string{Short(kind), Service(kind), Provider(kind)}; got != want {
			t.Errorf("%s is %v, want %v", kind, got, want)
		}
	}
}

// TestTables: every table speaks of kinds and parameters that there are.
func TestTables(t *testing.T) {
	t.Parallel()
	kinds := Kinds()
	for kind := range kinds {
		for _, use := range Users(kind) {
			if !slices.Contains(append(Needs(use.Kind), append(kinds[use.Kind].Identity, kinds[use.Kind].Reads...)...), use.Field) {
				t.Errorf("%s is used by the field %s of %s, which nobody else has heard of", kind, use.Field, use.Kind)
			}
		}
		for _, field := range Sole(kind) {
			if !slices.Contains(append(Needs(kind), kinds[kind].Identity...), field) {
				t.Errorf("%s is alone with a %s that it can be without", kind, field)
			}
		}
	}
}
