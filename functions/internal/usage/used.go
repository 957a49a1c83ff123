package usage

import (
	"fmt"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Used is an object of ours that another one lives in.
type Used struct {
	// Kind as developers write it.
	Kind string
	// Namespace and Name of it, or of its claim in the claims flavour.
	Namespace, Name string
	// Composite is the name of the composite behind the claim. Empty in the namespaced flavour.
	Composite string
}

// NetworkNames of all Usages of a Network that a stage may compose.
func NetworkNames(prefix string) []string {
	return []string{prefix + networkName, prefix + networkClaimName}
}

// Network keeps the Network that the composite lives in while a resource of the composite exists. By cannot be the composite itself:
// a Usage that is deleted waits for what it is by, and a composite that is deleted in the foreground waits for its Usages.
func Network(in plan.In, prefix string, of Used, by core.Resource) []plan.Resource {
	return keeper{in: in, name: prefix + networkName, claimName: prefix + networkClaimName}.keep(of, &by)
}

// SameNetwork plans the Usages of a Network as they are: for when it is not known whether the composite still lives in it.
func SameNetwork(in plan.In, prefix string) []plan.Resource {
	var usages []plan.Resource
	for _, name := range NetworkNames(prefix) {
		o := in.Observed.Get(name)
		if o.IsZero() {
			continue
		}
		u := core.Usage{Name: o.Name(), Namespace: o.Namespace(), Of: named(o.At("spec", "of")), Reason: o.String("spec", "reason")}
		if by := o.At("spec", "by"); !by.IsZero() {
			user := named(by)
			u.By = &user
		}
		usages = append(usages, plan.Resource{Name: name, Object: u.Object()})
	}
	return usages
}

func named(o object.Object) core.Resource {
	return core.Resource{
		APIVersion: o.String("apiVersion"), Kind: o.String("kind"), Name: o.String("resourceRef", "name"),
		Namespace: o.String("resourceRef", "namespace"),
	}
}

// keeper composes the Usages of one object. In the claims flavour both its claim and the composite behind that are kept: with only
// one of them, the delete of the other is accepted.
type keeper struct {
	in plan.In
	// name and claimName are composition resource names.
	name, claimName string
	labels          map[string]string
}

func (k keeper) keep(used Used, by *core.Resource) []plan.Resource {
	fl := k.in.Flavour
	of := core.Resource{APIVersion: v1.APIVersion, Kind: used.Kind, Name: used.Name}
	if !fl.Legacy {
		if used.Namespace != fl.Namespace {
			of.Namespace = used.Namespace
		}
		u := core.Usage{Name: k.in.Name(k.name), Namespace: fl.Namespace, Labels: k.labels, Of: of, By: by}
		return []plan.Resource{{Name: k.name, Object: u.Object()}}
	}
	claim := core.Usage{
		Name: k.in.Name(k.claimName), Namespace: used.Namespace, Labels: k.labels, Of: of,
		Reason: fmt.Sprintf("%s %s/%s lives in it: delete that first", k.in.Subject.Kind, k.in.Subject.Namespace, k.in.Subject.Name),
	}
	usages := []plan.Resource{{Name: k.claimName, Object: claim.Object()}}
	if used.Composite != "" {
		of.Kind, of.Name = core.CompositeKind(used.Kind, fl), used.Composite
		composite := core.Usage{Name: k.in.Name(k.name), Labels: k.labels, By: by, Of: of}
		usages = append(usages, plan.Resource{Name: k.name, Object: composite.Object()})
	}
	return usages
}
