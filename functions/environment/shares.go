package environment

import (
	"fmt"
	"slices"
	"strconv"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/partition"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Each service account is up to three resources, and a composite has about fifty: an Environment holds the first eight beside all the
// rest of it, and composites of their own hold sixteen each.
const (
	accountsHere  = 8
	accountsThere = 16
	composites    = 2
	accountsMost  = accountsHere + composites*accountsThere
)

// shares says where the service accounts of the claim are: here, or in which of the EnvironmentIdentities. Each stays where it is: who
// adds one moves nobody, and who removes one takes nothing from the others. A new one goes where there is room first.
func (e *environment) shares() (here []string, there [composites][]string) {
	if e.place != nil {
		return e.claim.identities, there
	}
	var waiting []string
	for _, account := range e.claim.identities {
		switch at := e.sharedTo(account); {
		case e.holds(account):
			here = append(here, account)
		case at >= 0:
			there[at] = append(there[at], account)
		default:
			waiting = append(waiting, account)
		}
	}
	for _, account := range waiting {
		if len(here) < accountsHere {
			here = append(here, account)
			continue
		}
		for at := range there {
			if len(there[at]) < accountsThere {
				there[at] = append(there[at], account)
				break
			}
		}
	}
	return here, there
}

// here are the service accounts that this composite holds itself.
func (e *environment) here() []string {
	here, _ := e.shares()
	return here
}

// holds says that this composite has something of a service account.
func (e *environment) holds(account string) bool {
	return slices.ContainsFunc([]string{nameRole, nameAssociation, nameAccount}, func(base string) bool { return e.observes(base + account) })
}

// sharedTo is the EnvironmentIdentities that has a service account, or -1.
func (e *environment) sharedTo(account string) int {
	for at := range composites {
		if slices.Contains(e.in.Observed.Get(identitiesName(at)).Strings("spec", "serviceAccounts"), account) {
			return at
		}
	}
	return -1
}

// identitiesName of an EnvironmentIdentities. They are numbered from 1.
func identitiesName(at int) string { return nameIdentities + strconv.Itoa(at+1) }

// moreIdentities are composed once what they need is known: the workload namespace, and whom the roles trust.
func (e *environment) moreIdentities() {
	_, there := e.shares()
	for at, accounts := range there {
		name := identitiesName(at)
		if len(accounts) == 0 {
			if e.observes(name) {
				e.plan.Drop(name, pipelinev1.DropSpecChanged, "spec.identities names none of its service accounts any more")
			}
			continue
		}
		if !e.observes(name) && (!e.hasNamespace() || e.trust(accounts[0]) == "") {
			continue
		}
		e.plan.Add(name, core.Composite{
			Kind: v1.EnvironmentIdentitiesKind, Name: e.in.Name(name), Spec: e.identitiesSpec(name, accounts),
		}.Object(e.in.Flavour))
	}
}

// identitiesSpec is what an EnvironmentIdentities is told. What cannot be told now stays as it is.
func (e *environment) identitiesSpec(name string, accounts []string) object.Object {
	was, spec, f := e.in.Observed.Get(name).At("spec", "cluster"), e.in.XR.At("spec"), object.NewFields()
	cloud := e.claim.cloud
	f.SetString("environment", e.in.Subject.Name)
	f.SetObject("cloud", spec.At("cloud"))
	f.SetObject("owner", spec.At("owner"))
	f.SetStringIf("permissionsBoundary",
		e.data.tenancy.PermissionsBoundary(e.in.Subject.Namespace, partition.Of(cloud.Region), cloud.AccountID))
	f.SetStrings("serviceAccounts", slices.Sorted(slices.Values(accounts)))
	c := f.Object("cluster")
	config := e.configOf(nameNamespace)
	ref := c.Object("providerConfigRef")
	ref.SetString("name", config.Name)
	ref.SetStringIf("kind", config.Kind)
	c.SetString("namespace", e.workloadNamespace())
	if e.adopted() {
		c.SetBool("namespaceOfOthers", true)
	}
	if named := e.eksCluster(); named != nil {
		c.SetString("eksName", named.Name)
		c.SetString("identityMode", string(named.IdentityMode))
	}
	c.SetStringIf("arn", first(e.cluster.arn, was.String("arn")))
	c.SetStringIf("issuer", first(e.cluster.issuer, was.String("issuer")))
	return f.Done()
}

// identitiesCounted: the schema counts too, and a composite may be older than that.
func identitiesCounted(e *environment) *plan.Refusal {
	if n := len(e.claim.identities); n > accountsMost {
		return plan.Refuse(v1.ConditionAccessReady, conditions.InvalidSpec, fmt.Sprintf(
			"spec.identities: %d are too many; write %d at most, and the others in another Environment", n, accountsMost))
	}
	return nil
}
