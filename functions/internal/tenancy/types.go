// Package tenancy bounds what the claims of a namespace may name. What a claim derives from its own namespace and name needs no
// permission; whatever it names outside of that needs a rule, and so does the default that it means by leaving a name out.
//
// +kubebuilder:object:generate=true
package tenancy

// Tenancy is what the namespaces may name. Without rules nothing may be named.
type Tenancy struct {
	// Rules of which each one that fits the claim's namespace adds what may be named. What no rule lists may not be named: a rule with
	// the namespaces ["*"] is what the Composition offers to everybody.
	// +optional
	// +listType=atomic
	Rules []Rule `json:"rules,omitempty"`
	// SystemNamespaces of the workload clusters, beside those that every cluster has (default, kube-*, crossplane-system and the like): no
	// rule gives them to anybody, not even one with the workloadNamespaces ["*"].
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:example={"monitoring", "infra-*"}
	SystemNamespaces []string `json:"systemNamespaces,omitempty"`
}

// Rule lets the claims of some namespaces name some things. Each entry is a name, a prefix of at least three characters that ends in *,
// or * for everything. Paths are compared segment by segment: team/* is everything below team. A path with . or .. in it fits nothing.
type Rule struct {
	// Namespaces of the claims.
	// +kubebuilder:validation:MinItems=1
	// +listType=set
	// +kubebuilder:example={"team-*"}
	Namespaces []string `json:"namespaces"`
	// ProviderConfigs of provider-aws. A claim that names none means the one that is called default.
	// +optional
	// +listType=set
	ProviderConfigs []string `json:"providerConfigs,omitempty"`
	// Accounts of AWS.
	// +optional
	// +listType=set
	Accounts []string `json:"accounts,omitempty"`
	// Clusters, by their ProviderConfig of provider-kubernetes.
	// +optional
	// +listType=set
	Clusters []string `json:"clusters,omitempty"`
	// EKSClusters by their names in EKS.
	// +optional
	// +listType=set
	EKSClusters []string `json:"eksClusters,omitempty"`
	// WorkloadNamespaces that are there already. Those of the cluster itself (see systemNamespaces), and those that are marked as the ones
	// of other Environments, are never used, whatever is listed.
	// +optional
	// +listType=set
	WorkloadNamespaces []string `json:"workloadNamespaces,omitempty"`
	// VaultConfigs are the ProviderConfigs of provider-vault. A claim that names none means the one that is called default.
	// +optional
	// +listType=set
	VaultConfigs []string `json:"vaultConfigs,omitempty"`
	// VaultMounts that are there already.
	// +optional
	// +listType=set
	VaultMounts []string `json:"vaultMounts,omitempty"`
	// VaultNamespaces of Vault Enterprise.
	// +optional
	// +listType=set
	VaultNamespaces []string `json:"vaultNamespaces,omitempty"`
	// VaultSources that Vault calls databases from: security groups, and networks such as 10.200.0.0/16, each with all networks in it.
	// +optional
	// +listType=set
	VaultSources []string `json:"vaultSources,omitempty"`
	// KubernetesHosts are the addresses of API servers and of issuers of tokens that a Vault auth mount may trust, such as
	// https://api.example.org. A * may stand for what is below a host, as in https://oidc.example.org/id/*, and for no part of the host.
	// +optional
	// +listType=set
	KubernetesHosts []string `json:"kubernetesHosts,omitempty"`
	// SecurityGroups of workloads that databases may admit.
	// +optional
	// +listType=set
	SecurityGroups []string `json:"securityGroups,omitempty"`
	// Owners are the teams that may own, and that get a role in the workload namespace.
	// +optional
	// +listType=set
	Owners []string `json:"owners,omitempty"`
	// CostCenters that may pay.
	// +optional
	// +listType=set
	CostCenters []string `json:"costCenters,omitempty"`
	// Groups of people or tools, as the workload cluster knows them, that may be given a role there.
	// +optional
	// +listType=set
	Groups []string `json:"groups,omitempty"`
	// ServiceAccounts of other namespaces that may be given a role in the workload namespace, as namespace/name.
	// +optional
	// +listType=set
	ServiceAccounts []string `json:"serviceAccounts,omitempty"`
	// VPCs that are there already.
	// +optional
	// +listType=set
	VPCs []string `json:"vpcs,omitempty"`
	// RouteTargets are transit gateways and peering connections that routes may lead through, by their ids.
	// +optional
	// +listType=set
	RouteTargets []string `json:"routeTargets,omitempty"`
	// CIDRs that new networks may have: ranges such as 10.64.0.0/12, each with all ranges in it. A network that is there keeps its own.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:example={"10.64.0.0/12"}
	CIDRs []string `json:"cidrs,omitempty"`
	// PeerGroups that networks may be in.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=63
	PeerGroups []string `json:"peerGroups,omitempty"`
	// PermissionsBoundary is the ARN of a managed policy that every IAM role carries: those of identities, and that of flow logs.
	// {partition} and {accountId} stand for those of the Environment or the Network. With several rules that fit the first one that says
	// it counts.
	// +optional
	// +kubebuilder:example="arn:{partition}:iam::{accountId}:policy/workload-boundary"
	PermissionsBoundary string `json:"permissionsBoundary,omitempty"`
}
