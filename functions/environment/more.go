package environment

import (
	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// place is where the service accounts of an EnvironmentIdentities are, as its Environment says.
type place struct {
	environment, namespace, boundary string
	// others own the namespace.
	others bool
}

// IdentitiesStage is the stage of an EnvironmentIdentities: the roles, associations and service accounts that its Environment has no
// room for, each as it is there. The Environment has checked everything, and says what it has found out.
func IdentitiesStage() plan.Stage {
	return plan.Stage{
		Name: "identities", Prefix: prefix, Conditions: []string{v1.ConditionAccessReady}, Compose: composeIdentities,
	}
}

func composeIdentities(in plan.In) (*plan.Plan, error) {
	e := readIdentities(in)
	if e.claim.cluster.EKS.Name == "" || e.place.namespace == "" {
		return e.plan, plan.Refuse(v1.ConditionAccessReady, conditions.InvalidSpec,
			"needs spec.cluster. An Environment composes this object: write spec.identities of an Environment instead")
	}
	e.identities()
	e.accounts()
	e.moreReady()
	f := object.NewFields()
	writeIdentities(f, e.identitiesStatus())
	e.plan.Status = f
	return e.plan, nil
}

// readIdentities sees an Environment as far as its identities need it.
func readIdentities(in plan.In) *environment {
	spec := in.XR.At("spec")
	c := spec.At("cluster")
	claim := readClaim(in.XR)
	claim.identities = spec.Strings("serviceAccounts")
	claim.cluster = &v1.EnvironmentCluster{
		EKS: &v1.EKSCluster{Name: c.String("eksName"), IdentityMode: v1.IdentityMode(c.String("identityMode"))},
	}
	if ref := providerConfig(c.At("providerConfigRef")); ref != nil {
		claim.cluster.ProviderConfigRef = *ref
	}
	return &environment{
		in: in, claim: claim, plan: &plan.Plan{}, cluster: cluster{arn: c.String("arn"), issuer: c.String("issuer")},
		place: &place{
			environment: spec.String("environment"), namespace: c.String("namespace"), others: c.Bool("namespaceOfOthers"),
			boundary: spec.String("permissionsBoundary"),
		},
	}
}

// moreReady is about the identities of this composite.
func (e *environment) moreReady() {
	c := conditions.Condition{Type: v1.ConditionAccessReady, Status: conditions.True, Reason: conditions.Available}
	c.Message = "these service accounts have a role: " + some(e.here())
	parts := make([]health.Resource, 0, len(e.plan.Resources))
	for _, r := range e.plan.Resources {
		parts = append(parts, health.Resource{Kind: manifestKind(r.Object), Name: r.Object.Name(), Observed: e.in.Observed.Get(r.Name)})
	}
	if state := health.Sum(parts); !state.Ready {
		c.Status, c.Reason, c.Message = conditions.False, state.Reason, state.Message
	} else if account := e.accountWaits(); account != "" {
		c.Status, c.Reason = conditions.False, conditions.Blocked
		c.Message = "service account " + account + " follows when its role is there: no pod is to start without"
	}
	e.plan.Conditions = append(e.plan.Conditions, c)
	e.plan.Waiting = !c.Is()
}

func writeIdentities(f object.Fields, identities []pipelinev1.Identity) {
	if len(identities) == 0 {
		return
	}
	for i, item := range f.Objects("identities", len(identities)) {
		item.SetString("serviceAccount", identities[i].ServiceAccount)
		item.SetString("roleArn", identities[i].RoleARN)
	}
}
