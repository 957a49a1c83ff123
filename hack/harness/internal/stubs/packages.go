// Package stubs writes stub provider packages: the CRDs of provider packages without their controllers, for a local control plane.
package stubs

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/facts"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

//go:embed packages.yaml
var packagesFile []byte

// List is what there is to write.
type List struct {
	// Registry and organisation of the provider packages.
	Registry      string          `json:"registry"`
	Packages      []Package       `json:"packages"`
	Configuration []Configuration `json:"configuration"`
}

// Package is one provider package.
type Package struct {
	Name string `json:"name"`
	// Registry and organisation, where they are not those of the list.
	Registry string `json:"registry,omitempty"`
	// Provider as in the list of pins.
	Provider   string      `json:"provider"`
	DependsOn  []string    `json:"dependsOn,omitempty"`
	Services   []string    `json:"services,omitempty"`
	Neighbours []Neighbour `json:"neighbours,omitempty"`
	// Configuration says that the package holds the provider's configuration kinds.
	Configuration bool `json:"configuration,omitempty"`
	// ConfigurationVersion of these, where it is not that of the list.
	ConfigurationVersion string `json:"configurationVersion,omitempty"`
}

// Neighbour is a managed resource that our functions do not compose.
type Neighbour struct {
	Service string `json:"service"`
	Kind    string `json:"kind"`
}

// Configuration is a kind that configures a provider.
type Configuration struct {
	Flavour  xrd.Flavour         `json:"flavour"`
	Kind     string              `json:"kind"`
	Plural   string              `json:"plural"`
	Version  string              `json:"version"`
	Scope    extv1.ResourceScope `json:"scope"`
	Optional bool                `json:"optional,omitempty"`
}

// Role says why a kind is in a package.
type Role string

// The roles, by the words that the report uses.
const (
	RoleComposed      Role = "composed"
	RoleNeighbour     Role = "neighbours"
	RoleConfiguration Role = "configuration"
)

// Wanted is a kind that belongs into a package.
type Wanted struct {
	Role    Role
	Flavour xrd.Flavour
	// GVK of the kind. Without a version the storage version is taken.
	GVK schema.GroupVersionKind
	// Configuration is set for that role.
	Configuration Configuration
}

// ReadList returns the list of this package.
func ReadList() (List, error) {
	var list List
	if err := yaml.UnmarshalStrict(packagesFile, &list); err != nil {
		return list, fmt.Errorf("internal/stubs/packages.yaml: %w", err)
	}
	return list, nil
}

// Plan says which kinds belong into each package, by the package's name. A kind that our functions compose and that no package, or
// more than one, holds is an error.
func (l List) Plan(composed []facts.Kind) (map[string][]Wanted, error) {
	plan := map[string][]Wanted{}
	for _, kind := range composed {
		var holders []string
		for _, p := range l.Packages {
			if slices.Contains(p.Services, kind.Service) {
				holders = append(holders, p.Name)
			}
		}
		if len(holders) != 1 {
			return nil, fmt.Errorf("service %s of kind %s is in the packages %v: name it in exactly one of internal/stubs/packages.yaml",
				kind.Service, kind.Kind, holders)
		}
		for _, flavour := range xrd.Flavours() {
			plan[holders[0]] = append(plan[holders[0]], Wanted{Role: RoleComposed, Flavour: flavour, GVK: kind.GVK(flavour)})
		}
	}
	for _, p := range l.Packages {
		for _, n := range p.Neighbours {
			kind := facts.Kind{Service: n.Service, Kind: n.Kind}
			if slices.ContainsFunc(composed, func(k facts.Kind) bool { return k.Service == n.Service && k.Kind == n.Kind }) {
				return nil, fmt.Errorf("%s %s is a neighbour in %s, but our functions compose it: remove it from internal/stubs/packages.yaml",
					n.Service, n.Kind, p.Name)
			}
			for _, flavour := range xrd.Flavours() {
				plan[p.Name] = append(plan[p.Name], Wanted{Role: RoleNeighbour, Flavour: flavour, GVK: kind.GVK(flavour)})
			}
		}
		if p.Configuration {
			plan[p.Name] = append(plan[p.Name], l.configuration(p)...)
		}
	}
	return plan, nil
}

func (l List) configuration(p Package) []Wanted {
	all := make([]Wanted, 0, len(l.Configuration))
	for _, c := range l.Configuration {
		c.Version = cmp.Or(p.ConfigurationVersion, c.Version)
		// The groups of a generated provider's configuration are those of its services without their names.
		gvk := facts.Kind{Service: "any." + p.Provider, Kind: c.Kind, Legacy: c.Version, Namespaced: c.Version}.GVK(c.Flavour)
		gvk.Group = strings.TrimPrefix(gvk.Group, "any.")
		if slices.Contains(p.Services, p.Provider) { // written by hand: one group for all
			gvk = facts.Kind{Service: p.Provider, Kind: c.Kind, Legacy: c.Version, Namespaced: c.Version}.GVK(c.Flavour)
		}
		all = append(all, Wanted{Role: RoleConfiguration, Flavour: c.Flavour, GVK: gvk, Configuration: c})
	}
	return all
}
