// Package v1 is the input of function-iam.
//
// +kubebuilder:object:generate=true
// +groupName=iam.fn.platform.io
// +versionName=v1
package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Input of function-iam. It has no fields: what is granted, and to whom, is said by the wiring contract and the Environment.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,path=inputs,singular=input,categories=crossplane
type Input struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}
