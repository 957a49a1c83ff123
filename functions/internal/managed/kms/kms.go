// Package kms holds the parameters of the kms.aws managed resources that we compose.
package kms

// Key is a customer managed key. AWS assigns its id.
//
// +goldenpath:encode
// +goldenpath:kind service=kms.aws kind=Key legacy=v1beta1 namespaced=v1beta1
type Key struct {
	Region      string `json:"region"`
	Description string `json:"description,omitempty"`
	// Policy as JSON.
	Policy            string `json:"policy,omitempty"`
	EnableKeyRotation *bool  `json:"enableKeyRotation,omitempty"`
	// DeletionWindowInDays is 7 to 30.
	DeletionWindowInDays *int64            `json:"deletionWindowInDays,omitempty"`
	Tags                 map[string]string `json:"tags,omitempty"`
}

// Alias is a name of a key. Its cloud name is alias/ and its metadata.name.
//
// +goldenpath:encode
// +goldenpath:kind service=kms.aws kind=Alias legacy=v1beta1 namespaced=v1beta1
type Alias struct {
	Region      string `json:"region"`
	TargetKeyID string `json:"targetKeyId"`
}
