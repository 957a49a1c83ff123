// Package v1 holds the developer-facing kinds of Goldenpath. The XRDs under apis/ are generated from these types, so
// descriptions, examples, defaults and CEL rules are written here and nowhere else.
//
// +kubebuilder:object:generate=true
// +groupName=platform.io
// +versionName=v1
package v1
