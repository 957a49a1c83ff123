// Package v1 is the input of function-guardrails.
//
// +kubebuilder:object:generate=true
// +groupName=guardrails.fn.platform.io
// +versionName=v1
package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Input of function-guardrails. Every field has a default.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,path=inputs,singular=input,categories=crossplane
type Input struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Tags to add to every cloud resource, besides those that say who owns it. The platform's own tags win.
	// +optional
	// +kubebuilder:validation:MaxProperties=20
	// +kubebuilder:validation:XValidation:rule="self.all(k, size(k) <= 128 && !k.startsWith('aws:'))",message="a tag key has at most 128 characters and does not start with aws:"
	Tags map[string]string `json:"tags,omitempty"`
}
