package environment

import (
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/kubernetes"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// workloads are the workload namespace and what is in it. A namespace that was there before has a quota, limits and policies of its own,
// for all who are in it: there only the environment's people and service accounts are added.
func (e *environment) workloads() {
	if e.claim.cluster == nil {
		for _, name := range e.in.Observed.Names(prefix) {
			if workloadNames(name) {
				e.plan.Drop(name, pipelinev1.DropSpecChanged, "spec.cluster is not there any more")
			}
		}
		return
	}
	e.namespace()
	if !e.adopted() {
		e.resourceQuota()
		e.limitRange()
		e.networkPolicies()
	}
	e.team()
	e.deployers()
	e.tokenReview()
	e.tokenKeys()
	e.accounts()
}

// workloadNamespace is where workloads run: the one of the cluster or, without a cluster, the environment's own. It is decided once, by
// what is composed: a status could be written by others, and an object that is composed takes over what it finds.
func (e *environment) workloadNamespace() string {
	if e.place != nil {
		return e.place.namespace
	}
	if e.claim.cluster == nil {
		return e.in.Subject.Namespace
	}
	return first(e.observedManifest(nameNamespace).String("metadata", "name"), e.claim.cluster.Namespace,
		naming.Unique(e.qualified(), "", "", naming.LimitKubernetes))
}

// adopted says that the workload namespace was there before the environment, and belongs to others.
func (e *environment) adopted() bool {
	if e.place != nil {
		return e.place.others
	}
	if composed := e.in.Observed.Get(nameNamespace); !composed.IsZero() {
		return slices.Equal(composed.Strings("spec", "managementPolicies"), []string{"Observe"})
	}
	return e.claim.cluster != nil && e.claim.cluster.Namespace != ""
}

// workloadNames says that a composition resource name is one of an object in the workload cluster.
func workloadNames(name string) bool {
	return slices.Contains([]string{nameNamespace, nameQuota, nameLimits, nameDeployers, nameTokenReview, nameTokenKeys}, name) ||
		slices.ContainsFunc([]string{namePolicy, nameTeam, nameAccount}, func(p string) bool { return strings.HasPrefix(name, p) })
}

// qualified is the subject with its namespace in its name, for names in places that all namespaces share.
func (e *environment) qualified() naming.Subject {
	s := e.in.Subject
	s.Name = s.Namespace + "-" + s.Name
	return s
}

// inNamespace wants an object that needs the workload namespace, as soon as that is there. What is there already stays.
func (e *environment) inNamespace(name string, manifest object.Object) {
	if e.observes(name) || e.hasNamespace() {
		e.plan.Add(name, e.kubernetes(name, managed.Resource[*kubernetes.Object]{}, manifest))
	}
}

// hasNamespace says that the workload namespace is there, and that one of others has been seen and bears no mark of another's (the checks
// refuse that). An EnvironmentIdentities is not composed before.
func (e *environment) hasNamespace() bool {
	if e.place != nil {
		return true
	}
	return health.Of(e.in.Observed.Get(nameNamespace)).Ready && (!e.adopted() || !e.liveNamespace().IsZero())
}

// kubernetes writes an object of the workload cluster.
func (e *environment) kubernetes(name string, r managed.Resource[*kubernetes.Object], manifest object.Object) object.Object {
	r.Name, r.ProviderConfig = e.in.Name(name), e.configOf(name)
	r.ForProvider = &kubernetes.Object{Manifest: kubernetes.Manifest{Fields: manifest}}
	return r.Object(e.in.Flavour)
}

// configOf leads to the cluster. It is decided once, for all objects: each one belongs where the namespace is.
func (e *environment) configOf(name string) *pipelinev1.ProviderConfigReference {
	for _, composed := range []string{name, nameNamespace} {
		if ref := e.in.Observed.Get(composed).At("spec", "providerConfigRef"); ref.String("name") != "" {
			return providerConfig(ref)
		}
	}
	return &e.claim.cluster.ProviderConfigRef
}

// observedManifest is what an object of the workload cluster is composed as.
func (e *environment) observedManifest(name string) object.Object {
	return e.in.Observed.Get(name).At("spec", "forProvider", "manifest")
}

// podIdentity says that identities are associated by EKS.
func (e *environment) podIdentity() bool {
	return e.claim.cluster != nil && e.claim.cluster.EKS != nil && e.claim.cluster.EKS.IdentityMode == v1.IdentityPodIdentity
}
