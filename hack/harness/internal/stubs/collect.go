package stubs

import (
	"errors"
	"fmt"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// Schemas looks CRDs up.
type Schemas interface {
	CRD(flavour xrd.Flavour, kind schema.GroupVersionKind) (*extv1.CustomResourceDefinition, providers.Judge, error)
}

// Stub is one package, ready to be written.
type Stub struct {
	Package Package
	// Judge is where the definitions came from.
	Judge providers.Judge
	CRDs  []*extv1.CustomResourceDefinition
	// Roles counts the definitions by what they are there for.
	Roles map[Role]int
}

// Collect looks the definitions of a package up. What only the provider's own CRDs have is left out where those are not at hand: the
// lock knows the kinds that we compose, and for ProviderConfigs there is a definition that takes anything.
func Collect(p Package, wanted []Wanted, schemas Schemas) (Stub, error) {
	stub := Stub{Package: p, Roles: map[Role]int{}}
	for _, w := range wanted {
		crd, judge, err := schemas.CRD(w.Flavour, w.GVK)
		if judge.Provider != p.Provider && err == nil {
			err = fmt.Errorf("group %s belongs to provider %q, not to %s", w.GVK.Group, judge.Provider, p.Provider)
		}
		if err != nil {
			crd, err = substitute(w, p.Provider, judge, err)
		}
		if err != nil {
			return stub, fmt.Errorf("%s: %w", p.Name, err)
		}
		stub.Judge = judge
		if crd == nil {
			continue
		}
		if crd, err = standalone(crd, w.GVK.Version); err != nil {
			return stub, fmt.Errorf("%s: %w", p.Name, err)
		}
		stub.CRDs = append(stub.CRDs, crd)
		stub.Roles[w.Role]++
	}
	return stub, nil
}

// substitute decides what becomes of a kind whose definition was not found: another definition, none (nil), or the error.
func substitute(w Wanted, provider string, judge providers.Judge, err error) (*extv1.CustomResourceDefinition, error) {
	switch {
	case w.Role == RoleConfiguration && w.Configuration.Optional && (judge.Gate == providers.Lock || errors.Is(err, providers.ErrNoKind)):
		return nil, nil
	case w.Role == RoleConfiguration && judge.Gate == providers.Lock:
		return providerConfig(w.Configuration, w.GVK, provider)
	case w.Role == RoleNeighbour && judge.Gate == providers.Lock:
		return nil, nil
	default:
		return nil, err
	}
}
