package environment

import (
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/eks"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/iam"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
)

// identities are one IAM role for each service account and, with Pod Identity, the association of the two.
func (e *environment) identities() {
	for _, account := range e.here() {
		e.role(account)
		// An association goes when the role trusts something else, and not before.
		if e.associates() || (e.observes(nameAssociation+account) && e.trust(account) == "" && e.eksCluster() != nil) {
			e.association(account)
		}
	}
	e.dropIdentities()
	e.moreIdentities()
}

// associates says that EKS is told which role a service account has. With IRSA the service account says it itself.
func (e *environment) associates() bool {
	named := e.eksCluster()
	return named != nil && named.IdentityMode != v1.IdentityIRSA
}

// role is what a service account takes on. A trust that cannot be told now stays as it is.
func (e *environment) role(account string) {
	name := nameRole + account
	trust := first(e.trust(account), e.keep(name, "assumeRolePolicy", ""))
	if trust == "" {
		return
	}
	e.plan.Add(name, aws(e, name, managed.Resource[*iam.Role]{ForProvider: &iam.Role{
		AssumeRolePolicy: trust, PermissionsBoundary: e.boundary(),
		Description: fmt.Sprintf("Service account %s in environment %s/%s", account, e.in.Subject.Namespace, e.ofEnvironment()),
	}}))
}

// boundary is the policy that every role carries. Empty when no rule asks for one.
func (e *environment) boundary() string {
	if e.place != nil {
		return e.place.boundary
	}
	cloud := e.claim.cloud
	return e.data.tenancy.PermissionsBoundary(e.in.Subject.Namespace, partition.Of(cloud.Region), cloud.AccountID)
}

// ofEnvironment is the name of the environment.
func (e *environment) ofEnvironment() string {
	if e.place != nil {
		return e.place.environment
	}
	return e.in.Subject.Name
}

// association is composed once the role is there and stays for as long as it is wanted. EKS cannot move one.
func (e *environment) association(account string) {
	name := nameAssociation + account
	role := first(e.roleARN(account), e.keep(name, "roleArn", ""))
	namespace := e.keep(name, "namespace", e.workloadNamespace())
	if role == "" || namespace == "" || !e.plans(nameRole+account) {
		return
	}
	e.plan.Add(name, aws(e, name, managed.Resource[*eks.PodIdentityAssociation]{ForProvider: &eks.PodIdentityAssociation{
		Region: e.keep(name, "region", e.claim.cloud.Region), ClusterName: e.keep(name, "clusterName", e.eksCluster().Name),
		Namespace: namespace, ServiceAccount: account, RoleARN: role,
	}}))
}

// dropIdentities lets go of what no service account of the claim needs any more.
func (e *environment) dropIdentities() {
	here := e.here()
	for _, base := range []string{nameAssociation, nameRole} {
		for _, name := range e.in.Observed.Names(base) {
			account := strings.TrimPrefix(name, base)
			switch {
			case !slices.Contains(here, account):
				e.plan.Drop(name, pipelinev1.DropSpecChanged, "spec.identities no longer names "+account)
			case base == nameAssociation && !e.plans(name):
				e.plan.Drop(name, pipelinev1.DropSpecChanged, "EKS is no longer told which role service account "+account+" has: it says it itself")
			}
		}
	}
}

// roleARN is the ARN of a service account's role, here or in another composite: the one that is there, or the last one that was. Empty
// before there is one.
func (e *environment) roleARN(account string) string {
	if arn := e.in.Observed.Get(nameRole+account).String("status", "atProvider", "arn"); arn != "" {
		return arn
	}
	if at := e.sharedTo(account); at >= 0 {
		for _, there := range e.in.Observed.Get(identitiesName(at)).List("status", "identities") {
			if there.String("serviceAccount") == account {
				return there.String("roleArn")
			}
		}
	}
	for _, last := range e.before().List("identities") {
		if last.String("serviceAccount") == account {
			return last.String("roleArn")
		}
	}
	return ""
}

// identitiesStatus are the service accounts that have a role, sorted.
func (e *environment) identitiesStatus() []pipelinev1.Identity {
	var identities []pipelinev1.Identity
	for _, account := range slices.Sorted(slices.Values(e.claim.identities)) {
		if arn := e.roleARN(account); arn != "" {
			identities = append(identities, pipelinev1.Identity{ServiceAccount: account, RoleARN: arn})
		}
	}
	return identities
}

// accessState sums up the key and the identities.
func (e *environment) accessState() health.State {
	get := e.in.Observed.Get
	resources := []health.Resource{
		{Kind: "Key", Name: e.in.Name(nameKey), Observed: get(nameKey)}, {Kind: "Alias", Name: e.in.Name(nameAlias), Observed: get(nameAlias)},
	}
	here, there := e.shares()
	waits := ""
	for at, accounts := range there {
		if name := identitiesName(at); e.plans(name) {
			resources = append(resources, health.Resource{Kind: v1.EnvironmentIdentitiesKind, Name: e.in.Name(name), Observed: get(name)})
		} else if len(accounts) > 0 {
			waits = accounts[0]
		}
	}
	for _, account := range here {
		role, association := nameRole+account, nameAssociation+account
		if !e.plans(role) {
			waits = first(waits, account)
			continue
		}
		resources = append(resources, health.Resource{Kind: "Role", Name: e.in.Name(role), Observed: get(role)})
		if e.associates() {
			resources = append(resources, health.Resource{
				Kind: "PodIdentityAssociation", Name: e.in.Name(association), Observed: get(association),
			})
		}
	}
	state := health.Sum(resources)
	if state.Ready && waits != "" {
		return health.State{Reason: conditions.Blocked, Message: fmt.Sprintf(
			"the role of service account %s waits for what EKS says of the cluster", waits)}
	}
	return state
}
