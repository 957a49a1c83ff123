package environment

import (
	"fmt"
	"slices"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tenancy"
)

// tenancyAllows asks for everything that the claim names and that is not its own. One refusal says the rule for all of it.
func tenancyAllows(e *environment) *plan.Refusal {
	names, ns := e.foreign(), e.in.Subject.Namespace
	all := make([]tenancy.Name, 0, len(names))
	for _, n := range names {
		all = append(all, n.Name)
	}
	refused := e.data.tenancy.Refused(ns, all)
	if len(refused) == 0 {
		return nil
	}
	at := slices.IndexFunc(names, func(n foreign) bool { return n.Name == refused[0] })
	return plan.Refuse(names[at].condition, conditions.TenancyDenied, tenancy.Denied(ns, refused))
}

// foreign is something that a claim names and that others own.
type foreign struct {
	condition string
	tenancy.Name
}

// foreign are the names that the claim says, or means by saying nothing, and that are not its own.
func (e *environment) foreign() []foreign {
	return slices.Concat(e.foreignCloud(), e.foreignOwner(), e.foreignNetwork(), e.foreignCluster(), e.foreignVault())
}

// config is the name of a provider configuration: the one that is written, or the default.
func config(field string, ref *pipelinev1.ProviderConfigReference, list tenancy.List) tenancy.Name {
	if ref == nil || ref.Name == "" {
		return tenancy.Name{Field: field, Value: tenancy.Default, List: list, LeftOut: true}
	}
	return tenancy.Name{Field: field, Value: ref.Name, List: list}
}

func nameOf(field, value string, list tenancy.List) tenancy.Name {
	return tenancy.Name{Field: field, Value: value, List: list}
}

func under(condition string, names ...tenancy.Name) []foreign {
	all := make([]foreign, 0, len(names))
	for _, n := range names {
		all = append(all, foreign{condition, n})
	}
	return all
}

func (e *environment) foreignCloud() []foreign {
	return under(v1.ConditionNetworkReady,
		nameOf("spec.cloud.accountId", e.claim.cloud.AccountID, tenancy.Accounts),
		config("spec.cloud.providerConfigRef.name", e.claim.cloud.ProviderConfigRef, tenancy.ProviderConfigs))
}

// foreignOwner: the owner gets a role in the workload namespace, and somebody pays.
func (e *environment) foreignOwner() []foreign {
	return under(v1.ConditionNetworkReady,
		nameOf("spec.owner.team", e.claim.owner.Team, tenancy.Owners),
		nameOf("spec.owner.costCenter", e.claim.owner.CostCenter, tenancy.CostCenters))
}

// foreignNetwork: ranges are scarce, and a group is of those who are in it. Who has a range keeps it. The Network judges both again, and
// what its routes lead through.
func (e *environment) foreignNetwork() []foreign {
	names := []tenancy.Name{nameOf("spec.network.peerGroup", e.claim.network.String("peerGroup"), tenancy.PeerGroups)}
	if !e.observes(nameNetwork) {
		names = append(names, nameOf("spec.network.cidr", e.claim.network.String("cidr"), tenancy.CIDRs))
	}
	return under(v1.ConditionNetworkReady, names...)
}

func (e *environment) foreignCluster() []foreign {
	c := e.claim.cluster
	if c == nil {
		return nil
	}
	names := []tenancy.Name{
		nameOf("spec.cluster.providerConfigRef.name", c.ProviderConfigRef.Name, tenancy.Clusters),
		nameOf("spec.cluster.namespace", c.Namespace, tenancy.WorkloadNamespaces),
		nameOf("spec.cluster.group", c.Group, tenancy.Groups),
	}
	if c.EKS != nil {
		names = append(names, nameOf("spec.cluster.eks.name", c.EKS.Name, tenancy.EKSClusters))
	}
	for i, d := range c.Deployers {
		field := fmt.Sprintf("spec.cluster.deployers[%d].", i)
		names = append(names, nameOf(field+"group", d.Group, tenancy.Groups))
		if account := d.ServiceAccount; account != nil {
			names = append(names, nameOf(field+"serviceAccount", account.Namespace+"/"+account.Name, tenancy.ServiceAccounts))
		}
	}
	for i, id := range c.WorkloadSecurityGroupIDs {
		names = append(names, nameOf(fmt.Sprintf("spec.cluster.workloadSecurityGroupIds[%d]", i), id, tenancy.SecurityGroups))
	}
	return under(v1.ConditionClusterReady, names...)
}

func (e *environment) foreignVault() []foreign {
	v := e.claim.vault
	if v == nil {
		return nil
	}
	names := []tenancy.Name{
		config("spec.vault.providerConfigRef.name", v.ProviderConfigRef, tenancy.VaultConfigs),
		nameOf("spec.vault.namespace", strings.Trim(v.Namespace, "/"), tenancy.VaultNamespaces),
	}
	for _, m := range mountsOf(v) {
		names = append(names, nameOf("spec.vault.mounts."+m.field, m.path, tenancy.VaultMounts))
	}
	if v.Source != nil {
		names = append(names,
			nameOf("spec.vault.source.securityGroupId", v.Source.SecurityGroupID, tenancy.VaultSources),
			nameOf("spec.vault.source.cidr", v.Source.CIDR, tenancy.VaultSources))
	}
	return under(v1.ConditionVaultReady, append(names,
		nameOf("spec.vault.kubernetesHost", v.KubernetesHost, tenancy.KubernetesHosts),
		// Vault asks an issuer for keys as it asks an API server.
		nameOf("spec.vault.issuer", v.Issuer, tenancy.KubernetesHosts))...)
}
