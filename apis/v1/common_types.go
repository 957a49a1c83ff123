package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// EnvironmentReference names the Environment that a service lives in.
type EnvironmentReference struct {
	// Name of the Environment.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:example=staging
	Name string `json:"name"`

	// Namespace of the Environment, when it is another one. The Environment has to list the claim's namespace in its
	// sharedWith.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Namespace string `json:"namespace,omitempty"`
}

// AccessRole is what a service account may do with a service.
// +kubebuilder:validation:Enum=reader;writer;admin
type AccessRole string

// The access roles.
const (
	AccessReader AccessRole = "reader"
	AccessWriter AccessRole = "writer"
	AccessAdmin  AccessRole = "admin"
)

// AccessEntry gives one service account one role.
type AccessEntry struct {
	// ServiceAccount of the workload, in the Environment's workload namespace.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`
	// +kubebuilder:example=orders-api
	ServiceAccount string `json:"serviceAccount"`

	// Role: reader reads, writer reads and writes data, admin also creates and drops tables.
	Role AccessRole `json:"role"`
}

// DeletionPolicy says what becomes of the cloud resource when the claim is deleted.
// +kubebuilder:validation:Enum=Delete;Retain
type DeletionPolicy string

// The deletion policies.
const (
	DeletionDelete DeletionPolicy = "Delete"
	DeletionRetain DeletionPolicy = "Retain"
)

// Condition types of the App kinds.
const (
	ConditionEnvironmentResolved = "EnvironmentResolved"
	ConditionDatabaseReady       = "DatabaseReady"
	ConditionAccessReady         = "AccessReady"
	ConditionVaultReady          = "VaultReady"
	ConditionGuardrailsPassed    = "GuardrailsPassed"
)

// Condition types of the landing zone, beside those above.
const (
	// ConditionNetworkReady is of Network and Environment.
	ConditionNetworkReady = "NetworkReady"
	// ConditionEndpointsReady is of Network and NetworkEndpoints.
	ConditionEndpointsReady = "EndpointsReady"
	// ConditionRoutesReady is of Network and NetworkRoutes.
	ConditionRoutesReady = "RoutesReady"
	// ConditionPeersDisjoint is of Network.
	ConditionPeersDisjoint = "PeersDisjoint"
	// ConditionClusterReady is of Environment.
	ConditionClusterReady = "ClusterReady"
)

// VaultStatus says where a service's credentials are in Vault.
type VaultStatus struct {
	// Path of the KV entry with the connection string: mount, then path.
	// +optional
	Path string `json:"path,omitempty"`

	// Access lists, per role in use, what to log in with and what to read.
	// +optional
	// +listType=map
	// +listMapKey=role
	Access []VaultAccessStatus `json:"access,omitempty"`

	// Administrator says whose password Vault logs in with, where it is, and how to change it: nobody rotates it. Empty with static
	// credentials.
	// +optional
	Administrator string `json:"administrator,omitempty"`

	// Auth is how and where service accounts log in. A token that is for an audience is mounted with a projected volume: serviceAccountToken
	// with that audience.
	// +optional
	Auth *pipelinev1.VaultAuth `json:"auth,omitempty"`
}

// VaultAccessStatus is the way of one access role to its credentials.
type VaultAccessStatus struct {
	// Role of the access entries.
	Role AccessRole `json:"role"`

	// AuthRole to log in with at the Environment's auth mount.
	// +optional
	AuthRole string `json:"authRole,omitempty"`

	// CredentialsPath to read a user name and a password from. Empty with static credentials: they are in the KV entry.
	// +optional
	CredentialsPath string `json:"credentialsPath,omitempty"`
}

// DataLossStatus echoes what the annotation platform.io/allow-data-loss permits.
type DataLossStatus struct {
	// Allowed names the composed resources that may disappear with their data.
	// +optional
	// +listType=atomic
	Allowed []string `json:"allowed,omitempty"`
}

// ConditionedStatus is the part of a status that core writes. The XRDs do not hold it: core adds it.
type ConditionedStatus struct {
	// Conditions of the object.
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}
