package stubs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/facts"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// TestRepository plans the real list with the real kinds: each has one package, and every dependency is a package of the list.
func TestRepository(t *testing.T) {
	root, err := repo.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	structs, err := facts.Structs(root)
	if err != nil {
		t.Fatal(err)
	}
	list, err := ReadList()
	if err != nil {
		t.Fatal(err)
	}
	plan, err := list.Plan(kinds(structs))
	if err != nil {
		t.Fatal(err)
	}
	names, composed := map[string]bool{}, 0
	for _, p := range list.Packages {
		names[p.Name] = true
	}
	for _, p := range list.Packages {
		for _, name := range p.DependsOn {
			if !names[name] {
				t.Errorf("%s depends on %s, which is not in the list", p.Name, name)
			}
		}
		for _, w := range plan[p.Name] {
			if w.Role == RoleComposed {
				composed++
			}
		}
	}
	if want := len(structs) * len(xrd.Flavours()); composed != want || want == 0 {
		t.Errorf("%d composed kinds are in the packages, want %d", composed, want)
	}
}

func TestPlan(t *testing.T) {
	box := facts.Kind{Service: "shop.aws", Kind: "Box", Legacy: "v1beta2", Namespaced: "v1beta1"}
	shop := Package{Name: "provider-shop", Provider: "aws", Services: []string{"shop.aws"}, Configuration: true,
		Neighbours: []Neighbour{{Service: "shop.aws", Kind: "Bag"}}}
	config := []Configuration{{Flavour: xrd.Namespaced, Kind: "ClusterProviderConfig", Version: "v1beta1"}}
	cases := map[string]struct {
		packages []Package
		composed []facts.Kind
		want     []string
		err      string
	}{
		"both flavours of ours, of the neighbours, and the configuration": {
			packages: []Package{shop}, composed: []facts.Kind{box},
			want: []string{
				"composed namespaced shop.aws.m.upbound.io/v1beta1, Kind=Box", "composed claims shop.aws.upbound.io/v1beta2, Kind=Box",
				"neighbours namespaced shop.aws.m.upbound.io/, Kind=Bag", "neighbours claims shop.aws.upbound.io/, Kind=Bag",
				"configuration namespaced aws.m.upbound.io/v1beta1, Kind=ClusterProviderConfig",
			},
		},
		"a provider that is written by hand has one group for all, and a configuration of its own version": {
			packages: []Package{{
				Name: shop.Name, Provider: "boxes", Services: []string{"boxes"}, Configuration: true, ConfigurationVersion: "v1alpha1",
			}},
			composed: []facts.Kind{{Service: "boxes", Kind: "Box", Legacy: "v1alpha2", Namespaced: "v1alpha1"}},
			want: []string{
				"composed namespaced boxes.m.crossplane.io/v1alpha1, Kind=Box", "composed claims boxes.crossplane.io/v1alpha2, Kind=Box",
				"configuration namespaced boxes.m.crossplane.io/v1alpha1, Kind=ClusterProviderConfig",
			},
		},
		"a kind that no package holds": {
			packages: []Package{{Name: "provider-other"}}, composed: []facts.Kind{box},
			err: "service shop.aws of kind Box is in the packages []: name it in exactly one",
		},
		"a kind that two packages hold": {
			packages: []Package{shop, {Name: "provider-other", Services: []string{"shop.aws"}}}, composed: []facts.Kind{box},
			err: "is in the packages [provider-shop provider-other]",
		},
		"a neighbour that is composed by now": {
			packages: []Package{shop}, composed: []facts.Kind{box, {Service: "shop.aws", Kind: "Bag"}},
			err: "shop.aws Bag is a neighbour in provider-shop, but our functions compose it: remove it",
		},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			plan, err := List{Packages: tc.packages, Configuration: config}.Plan(tc.composed)
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Fatalf("error is %v, want one with %q", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range plan[shop.Name] {
				got = append(got, fmt.Sprintf("%s %s %s", w.Role, w.Flavour, w.GVK))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
