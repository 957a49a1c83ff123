package environment

import (
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/kubernetes"
)

// annotationRole tells EKS which role a service account takes on.
// https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
const annotationRole = "eks.amazonaws.com/role-arn"

// accounts are the service accounts of the identities. EKS looks when a pod starts: an account comes once its identity is complete, so
// that no pod starts without it and goes on without credentials.
func (e *environment) accounts() {
	here := e.here()
	for _, account := range here {
		name := nameAccount + account
		role, complete := e.identityOf(account)
		if !e.observes(name) && (!complete || !e.hasNamespace()) {
			continue
		}
		f := e.manifest("v1", "ServiceAccount", account)
		if role != "" {
			f.Object("metadata").SetStringMap("annotations", map[string]string{annotationRole: role})
		}
		// In a namespace of others an account may have been there before. It is not ours to delete.
		r := managed.Resource[*kubernetes.Object]{Retain: e.adopted()}
		e.plan.Add(name, e.kubernetes(name, r, f.Done()))
	}
	for _, name := range e.in.Observed.Names(nameAccount) {
		if account := strings.TrimPrefix(name, nameAccount); !slices.Contains(here, account) {
			e.plan.Drop(name, pipelinev1.DropSpecChanged, "spec.identities has no "+account+" any more")
		}
	}
}

// identityOf is what a service account has to say of its role, and whether a pod that starts now gets it.
func (e *environment) identityOf(account string) (role string, complete bool) {
	if e.claim.cluster.EKS == nil {
		return "", false
	}
	if e.claim.cluster.EKS.IdentityMode != v1.IdentityIRSA {
		return "", health.Of(e.in.Observed.Get(nameAssociation + account)).Ready
	}
	composed := e.observedManifest(nameAccount+account).String("metadata", "annotations", annotationRole)
	role = first(e.in.Observed.Get(nameRole+account).String("status", "atProvider", "arn"), composed)
	return role, role != ""
}
