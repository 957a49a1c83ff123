package environment

import (
	"slices"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/contract"
	resolve "github.com/goldenpath-dev/goldenpath/functions/internal/environment"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// publish hands the environment to guardrails, which tags everything with it, and by which an expired preview consents to what it
// loses.
func (e *environment) publish() {
	env := e.asAsked()
	if e.expired() {
		env = e.asPublished(env)
		e.forget(env)
	}
	env.Name, env.Namespace, env.UID = e.in.Subject.Name, e.in.Subject.Namespace, first(e.uid(), e.in.XR.UID())
	env.Type, env.Phase = e.claim.kind, e.life.phase
	// A claim may name any composite as its own. This one says itself whose it is.
	if e.in.Flavour.Legacy && e.in.XR.Has("spec", "claimRef") {
		env.Composite = e.in.XR.Name()
	}
	e.plan.Environment = env
}

// asAsked is the environment as the claim asks for it, which has been judged, and as it is there.
func (e *environment) asAsked() *pipelinev1.Environment {
	return &pipelinev1.Environment{
		Owner: e.claim.owner, Cloud: e.claim.cloud, Network: e.network.known, WorkloadNamespace: e.workloadNamespace(),
		WorkloadSecurityGroupIDs: e.workloadSecurityGroupIDs(), Identities: e.identitiesStatus(), KMSKeyARN: e.kmsKeyARN(),
		Vault: e.vaultStatus(),
	}
}

// asPublished is an expired environment as it was told before: what the claim asks for by now is judged by nobody, and a service that is
// protected stays in the environment. Where nothing was told, by an earlier version or because the status is lost, it is what the claim
// asks for, if that is allowed.
func (e *environment) asPublished(asked *pipelinev1.Environment) *pipelinev1.Environment {
	if !resolve.Judged(e.in.XR) && tenancyAllows(e) == nil {
		return asked
	}
	env := resolve.Published(e.in.XR)
	env.KMSKeyARN = asked.KMSKeyARN
	return env
}

// forget takes out of an expired environment what is gone. What is extended later starts anew, and must not be held against it.
func (e *environment) forget(env *pipelinev1.Environment) {
	if !e.observes(nameKey) || e.dropped(nameKey) {
		env.KMSKeyARN = ""
	}
	env.Identities = slices.DeleteFunc(env.Identities, func(i pipelinev1.Identity) bool {
		return !e.observes(nameRole+i.ServiceAccount) && e.sharedTo(i.ServiceAccount) < 0
	})
	if len(e.in.Observed.Names(vaultPrefix)) == 0 {
		env.Vault = nil
	}
	if e.claim.cluster != nil && !e.observes(nameNamespace) {
		env.WorkloadNamespace = ""
	}
	if len(e.in.Observed.Names(prefix)) == 0 {
		env.Network = pipelinev1.Network{}
	}
}

// status is what App kinds find, and all that they act on: it says what was allowed. Every field that is known is written on every call:
// core removes the others.
func (e *environment) status() {
	f, env := object.NewFields(), contract.Environment(e.plan.Environment)
	inside := []string{"name", "namespace", "uid", "network"}
	if e.plan.Environment.Cloud.Provider == "" {
		// Nobody knows whether it is allowed.
		inside = append(inside, "owner", "cloud")
	}
	f.Merge(object.Without(env, inside...))
	shared := e.claim.sharedWith
	if e.expired() {
		shared = e.before().Strings("sharedWith")
	}
	if len(shared) > 0 {
		f.SetStrings("sharedWith", shared)
	}
	if network := env.At("network"); network.Len() > 0 {
		f.SetObject("network", network)
	}
	f.SetStringIf("expiresAt", e.expiry())
	if e.expired() {
		for _, field := range []string{"cluster", "tier"} {
			if was := e.before().At(field); !was.IsZero() {
				f.SetObject(field, was)
			}
		}
	} else {
		e.clusterStatus(f)
		e.tierStatus(f.Object("tier"))
	}
	f.SetBool("deletionProtection", e.protected())
	e.plan.Status = f
}

func (e *environment) clusterStatus(f object.Fields) {
	named := e.eksCluster()
	if named == nil {
		return
	}
	c := f.Object("cluster")
	c.SetString("name", named.Name)
	c.SetStringIf("issuer", e.cluster.issuer)
	c.SetStringIf("endpoint", e.cluster.endpoint)
	if e.podGroups() != v1.PodSecurityGroupCluster {
		c.SetStringIf("podSecurityGroupId", e.podGroupID())
	}
}

// tierStatus are the effective values of the type. In a namespace of others the type decides only about the team's role.
func (e *environment) tierStatus(f object.Fields) {
	t := e.data.tiers[e.claim.kind]
	f.SetBool("keyDeletable", t.KeyDeletable)
	if e.claim.cluster == nil {
		return
	}
	f.SetStringIf("teamRole", t.TeamRole)
	if e.adopted() {
		return
	}
	f.SetStringIf("podSecurity", t.PodSecurity)
	quota(f.Object("quota"), e.quota())
}

func quota(f object.Fields, q v1.Quota) {
	f.SetStringIf("cpu", q.CPU)
	f.SetStringIf("memory", q.Memory)
	f.SetStringIf("storage", q.Storage)
	if q.Pods > 0 {
		f.SetNumber("pods", float64(q.Pods))
	}
}
