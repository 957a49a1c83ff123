package environment

import (
	"k8s.io/apimachinery/pkg/util/validation"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/kubernetes"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tier"
)

// namespace is where workloads run. Everything in it goes with it, volumes too, so it holds data. One that was there before is only
// looked at.
func (e *environment) namespace() {
	f := clusterManifest("v1", "Namespace", e.workloadNamespace())
	if e.adopted() {
		e.plan.Add(nameNamespace, e.kubernetes(nameNamespace, managed.Resource[*kubernetes.Object]{Observe: true}, f.Done()))
		return
	}
	// What the namespace admits but should not is told to those who do it.
	// https://kubernetes.io/docs/concepts/security/pod-security-admission/
	f.Object("metadata").SetStringMap("labels", map[string]string{
		"pod-security.kubernetes.io/enforce": e.data.tiers[e.claim.kind].PodSecurity,
		"pod-security.kubernetes.io/warn":    tier.Restricted,
		"pod-security.kubernetes.io/audit":   tier.Restricted,
		labelClaimNamespace:                  labelValue(e.in.Subject.Namespace),
		labelEnvironment:                     labelValue(e.in.Subject.Name),
		labelType:                            labelValue(string(e.claim.kind)),
		labelTeam:                            labelValue(e.claim.owner.Team),
	})
	e.plan.AddData(nameNamespace, e.kubernetes(nameNamespace, managed.Resource[*kubernetes.Object]{Retain: e.protected()}, f.Done()))
}

// labelValue is the text where it is legal, and else one that is, with a hash: two texts never become one.
func labelValue(text string) string {
	if len(validation.IsValidLabelValue(text)) == 0 {
		return text
	}
	return naming.Unique(naming.Subject{UID: text, Name: text}, "", "", naming.LimitKubernetes)
}

// team lets the owner's people work in the namespace. A binding cannot change its role, so that another role is another binding.
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#clusterrolebinding-example
func (e *environment) team() {
	role := e.data.tiers[e.claim.kind].TeamRole
	suffix := labelValue(role)
	if suffix != naming.Mend(suffix) {
		suffix = naming.Unique(naming.Subject{UID: role, Name: role}, "", "", naming.LimitKubernetes)
	}
	bound, name := nameTeam+"-"+suffix, "goldenpath-team-"+suffix
	if e.adopted() {
		// Several environments may be in it.
		name = naming.Unique(e.qualified(), "team", suffix, naming.LimitKubernetes)
	}
	f := e.manifest("rbac.authorization.k8s.io/v1", "RoleBinding", first(e.observedManifest(bound).String("metadata", "name"), name))
	bind(f, role, people(e.group()))
	e.inNamespace(bound, f.Done())
	for _, other := range e.in.Observed.Names(nameTeam) {
		if other != bound {
			e.plan.Drop(other, pipelinev1.DropSpecChanged, "the team's role is now "+role)
		}
	}
}

// group of people who own the environment, as the cluster knows it.
func (e *environment) group() string { return first(e.claim.cluster.Group, e.claim.owner.Team) }

// tokenReview lets Vault ask the cluster about the token of a login. Vault asks with that token itself: no token that reviews others, and
// lives for long, is anywhere. The price is that every service account of the namespace may ask about tokens and permissions, so that only
// environments from before have it: see authMethod.
// https://developer.hashicorp.com/vault/docs/auth/kubernetes#use-the-vault-client-s-jwt-as-the-reviewer-jwt
func (e *environment) tokenReview() {
	if !e.reviews() {
		if e.observes(nameTokenReview) {
			e.plan.Drop(nameTokenReview, pipelinev1.DropSpecChanged, "no Vault auth mount of the environment reviews tokens any more")
		}
		return
	}
	name := first(e.observedManifest(nameTokenReview).String("metadata", "name"),
		naming.Unique(e.qualified(), "token-review", "", naming.LimitKubernetes))
	f := clusterManifest("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", name)
	bind(f, "system:auth-delegator", people("system:serviceaccounts:"+e.workloadNamespace()))
	e.inNamespace(nameTokenReview, f.Done())
}

// deployers lets those who deploy change what runs in the namespace, where the team itself may only look.
func (e *environment) deployers() {
	named := e.claim.cluster.Deployers
	if len(named) == 0 {
		if e.observes(nameDeployers) {
			e.plan.Drop(nameDeployers, pipelinev1.DropSpecChanged, "spec.cluster.deployers is empty")
		}
		return
	}
	name := "goldenpath-deployers"
	if e.adopted() {
		// Several environments may be in it.
		name = naming.Unique(e.qualified(), "deployers", "", naming.LimitKubernetes)
	}
	f := e.manifest("rbac.authorization.k8s.io/v1", "RoleBinding", first(e.observedManifest(nameDeployers).String("metadata", "name"), name))
	subjects := make([]subject, 0, len(named))
	for _, d := range named {
		if account := d.ServiceAccount; account != nil {
			subjects = append(subjects, subject{kind: "ServiceAccount", namespace: account.Namespace, name: account.Name})
		} else {
			subjects = append(subjects, people(d.Group))
		}
	}
	bind(f, tier.Edit, subjects...)
	e.inNamespace(nameDeployers, f.Done())
}

// subject of a binding. Only a service account has a namespace.
type subject struct{ kind, namespace, name string }

// people are a group, as the cluster knows it.
func people(group string) subject { return subject{kind: "Group", name: group} }

// bind gives a ClusterRole to somebody.
func bind(f object.Fields, clusterRole string, to ...subject) {
	const group = "rbac.authorization.k8s.io"
	role := f.Object("roleRef")
	role.SetString("apiGroup", group)
	role.SetString("kind", "ClusterRole")
	role.SetString("name", clusterRole)
	for i, s := range f.Objects("subjects", len(to)) {
		if to[i].namespace == "" {
			s.SetString("apiGroup", group)
		}
		s.SetStringIf("namespace", to[i].namespace)
		s.SetString("kind", to[i].kind)
		s.SetString("name", to[i].name)
	}
}
