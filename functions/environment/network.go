package environment

import (
	"fmt"
	"slices"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	resolve "github.com/goldenpath-dev/goldenpath/functions/internal/environment"
	"github.com/goldenpath-dev/goldenpath/functions/internal/kernel"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/kms"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/usage"
)

// requirementNetwork is the key of the required Network.
const requirementNetwork = "network"

// network is what was found of the network.
type network struct {
	// known is the network as the status tells it: the one that is there, or the last one that was.
	known pipelinev1.Network
	// used is the Network of others that the environment is in now. Nil when that is not known for sure, or when it is its own.
	used *usage.Used
	// condition is NetworkReady.
	condition conditions.Condition
}

// networkRef is where the Network of others is.
func (e *environment) networkRef() v1.NetworkReference {
	ref := *e.claim.networkRef
	ref.Namespace = first(ref.Namespace, e.in.Subject.Namespace)
	return ref
}

// networkRequirement asks for the Network that the claim names, if it does. In the claims flavour that is its claim, which has the
// status of the composite behind it.
func (e *environment) networkRequirement() (plan.Requirement, bool) {
	if e.claim.networkRef == nil {
		return plan.Requirement{}, false
	}
	ref := e.networkRef()
	return plan.Requirement{
		Key: requirementNetwork, APIVersion: v1.APIVersion, Kind: v1.NetworkKind, Namespace: ref.Namespace, Name: ref.Name,
	}, true
}

// findNetwork looks the Network up, or composes it. A Network that cannot be used now is no mistake of the environment: what is known
// of it stays.
func (e *environment) findNetwork() {
	own := !e.claim.network.IsZero()
	if e.observes(nameNetwork) && !own {
		e.plan.Drop(nameNetwork, pipelinev1.DropSpecChanged, "spec.network is gone, and the network of the environment's own with it")
	} else {
		e.network.known = resolve.Network(e.before().At("network"))
	}
	var f *finding
	switch {
	case own && (e.claim.networkRef == nil || e.observes(nameNetwork)):
		f = e.ownNetwork()
	case e.claim.networkRef != nil:
		f = e.othersNetwork()
	default:
		f = e.noNetwork()
	}
	status, words := conditions.False, f
	if f == nil {
		status, words = conditions.True, e.networkFound()
	}
	e.network.condition = conditions.Condition{
		Type: v1.ConditionNetworkReady, Status: status, Reason: words.reason, Message: words.message,
	}
}

// beginsWithoutNetwork says that nothing is composed yet, and that the Network that the claim names cannot be used now.
func (e *environment) beginsWithoutNetwork() bool {
	return e.claim.networkRef != nil && !e.network.condition.Is() && len(e.in.Observed.Names(prefix)) == 0
}

// networkFound is what there is to say of a network that can be used, or of none.
func (e *environment) networkFound() *finding {
	known := e.network.known
	if known.VPCID == "" {
		return &finding{conditions.NotUsed, "there is no network, and databases and caches need one. To have some, write spec.networkRef with " +
			"the name of a Network, or spec.network with the cidr of one of its own"}
	}
	of := "its own Network"
	if used := e.network.used; used != nil {
		of = "Network " + used.Namespace + "/" + used.Name
	}
	return &finding{conditions.Available, fmt.Sprintf("%s of %s", known.VPCID, of)}
}

// othersNetwork is the Network that the claim names.
func (e *environment) othersNetwork() *finding {
	found := e.in.Required[requirementNetwork]
	l := networkLookup{
		ref: e.networkRef(), namespace: e.in.Subject.Namespace, resolved: found.Resolved, object: found.First(), cloud: e.claim.cloud,
		found: resolve.Network(found.First().At("status")), last: e.network.known,
	}
	if f := l.check(); f != nil {
		return f
	}
	e.network.known = l.found
	e.network.used = &usage.Used{
		Kind: v1.NetworkKind, Namespace: l.ref.Namespace, Name: l.ref.Name, Composite: l.object.String("status", "composite"),
	}
	return nil
}

// ownNetwork composes a Network as a person would write it. What is in the network of others stays there.
func (e *environment) ownNetwork() *finding {
	child := e.in.Observed.Get(nameNetwork)
	if child.IsZero() && slices.ContainsFunc(usage.NetworkNames(prefix), e.observes) {
		return &finding{conditions.NetworkChanged, fmt.Sprintf("spec.network: this environment is in the network of others, %s, and what "+
			"lives in it cannot follow to another. Write the spec.networkRef of before again, or create another Environment",
			first(e.network.known.VPCID, "which its Usage names"))}
	}
	e.plan.AddData(nameNetwork, core.Composite{Kind: v1.NetworkKind, Name: e.in.Name(nameNetwork), Spec: e.networkSpec()}.Object(e.in.Flavour))
	if f := networkWaits(child); f != nil {
		return f
	}
	e.network.known = resolve.Network(child.At("status"))
	return nil
}

// networkSpec is the shape that the claim gives, in the cloud of the environment and for its owner. It is as protected as the
// environment is: core refuses to delete the one before the other.
func (e *environment) networkSpec() object.Object {
	spec, f := e.in.XR.At("spec"), object.NewFields()
	e.networkShape(f)
	for _, field := range []string{"cloud", "owner"} {
		if o := spec.At(field); !o.IsZero() {
			f.SetObject(field, o)
		}
	}
	f.SetBool("deletionProtection", e.protected())
	if name := e.data.networkComposition; name != "" {
		// https://docs.crossplane.io/latest/composition/compositions/#use-composite-resources
		machinery := f
		if !e.in.Flavour.Legacy {
			machinery = f.Object("crossplane")
		}
		machinery.Object("compositionRef").SetString("name", name)
	}
	return f.Done()
}

// noNetwork is an environment that says nothing of a network. One that is in a network is not taken out of it: services are placed
// there, and cannot follow.
func (e *environment) noNetwork() *finding {
	if e.network.known.VPCID == "" {
		return nil
	}
	return &finding{conditions.NetworkChanged, fmt.Sprintf("spec.networkRef is gone, and this environment is in %s, where services are "+
		"placed. Write it again, or create another Environment", e.network.known.VPCID)}
}

// keepNetwork plans the Usages of the Network of others for as long as the environment is in it. While that is not known for sure
// they stay as they are.
func (e *environment) keepNetwork() {
	var usages []plan.Resource
	switch {
	case e.network.used != nil:
		// The key is composed whatever else is, and the provider lets go of it when it is deleted.
		key := (&kms.Key{}).Kind()
		by := core.Resource{APIVersion: key.APIVersion(e.in.Flavour), Kind: key.Kind, Name: e.in.Name(nameKey)}
		usages = usage.Network(e.in, prefix, *e.network.used, by)
	case !e.plans(nameNetwork):
		usages = usage.SameNetwork(e.in, prefix)
	}
	e.plan.Resources = append(e.plan.Resources, usages...)
	for _, name := range usage.NetworkNames(prefix) {
		if e.observes(name) && !e.plans(name) {
			e.plan.Drop(name, pipelinev1.DropSpecChanged, "the environment is not in that network")
		}
	}
}

// plans says that a resource is planned by now.
func (e *environment) plans(name string) bool {
	return slices.ContainsFunc(e.plan.Resources, func(r plan.Resource) bool { return r.Name == name })
}

// networkLoss refuses to let the network of the environment's own go without consent. The kernel would too, and could not say why.
func networkLoss(e *environment) *plan.Refusal {
	if !e.observes(nameNetwork) || !e.claim.network.IsZero() || slices.Contains(kernel.AllowedLosses(e.in.XR), nameNetwork) {
		return nil
	}
	return plan.Refuse(v1.ConditionNetworkReady, conditions.WouldLoseData, "spec.network is gone, and the network of the environment's own "+
		"would be deleted with everything in it. Write spec.network again: "+kernel.DataLossMessage(nameNetwork))
}
