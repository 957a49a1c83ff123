// Package v1 is the input of function-vault.
//
// +kubebuilder:object:generate=true
// +groupName=vault.fn.platform.io
// +versionName=v1
package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Input of function-vault. Every field has a default.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,path=inputs,singular=input,categories=crossplane
type Input struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// SecretNamespace for the Secrets of cluster-scoped managed resources, in the claims flavour only.
	// +optional
	// +kubebuilder:default=crossplane-system
	SecretNamespace string `json:"secretNamespace,omitempty"`
}
