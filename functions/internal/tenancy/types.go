// Package tenancy bounds what the claims of a namespace may name. What a claim does not name is derived from its own namespace and
// name, and needs no permission.
//
// +kubebuilder:object:generate=true
package tenancy

// Tenancy is what the namespaces may name. Without it an existing VPC, workload namespace or Vault mount may not be named at all, and
// every provider configuration may.
type Tenancy struct {
	// Rules of which each one that fits the claim's namespace adds what may be named. With rules, nothing else may.
	// +optional
	// +listType=atomic
	Rules []Rule `json:"rules,omitempty"`
}

// Rule lets the claims of some namespaces name some things. Each entry is a name, a prefix of at least three characters that ends in *,
// or * for everything.
type Rule struct {
	// Namespaces of the claims.
	// +kubebuilder:validation:MinItems=1
	// +listType=set
	// +kubebuilder:example={"team-*"}
	Namespaces []string `json:"namespaces"`
	// ProviderConfigs of provider-aws.
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
	// WorkloadNamespaces that are there already.
	// +optional
	// +listType=set
	WorkloadNamespaces []string `json:"workloadNamespaces,omitempty"`
	// VaultConfigs are the ProviderConfigs of provider-vault.
	// +optional
	// +listType=set
	VaultConfigs []string `json:"vaultConfigs,omitempty"`
	// VaultMounts that are there already.
	// +optional
	// +listType=set
	VaultMounts []string `json:"vaultMounts,omitempty"`
	// VPCs that are there already.
	// +optional
	// +listType=set
	VPCs []string `json:"vpcs,omitempty"`
	// RouteTargets are transit gateways and peering connections that routes may lead through, by their ids.
	// +optional
	// +listType=set
	RouteTargets []string `json:"routeTargets,omitempty"`
	// PermissionsBoundary is the ARN of a managed policy that every IAM role carries: those of identities, and that of flow logs.
	// {partition} and {accountId} stand for those of the Environment or the Network. With several rules that fit the first one that says
	// it counts.
	// +optional
	// +kubebuilder:example="arn:{partition}:iam::{accountId}:policy/workload-boundary"
	PermissionsBoundary string `json:"permissionsBoundary,omitempty"`
}
