// Package iam holds the parameters of the iam.aws managed resources that we compose.
package iam

// RolePolicy is an inline policy of a role. Its cloud name is its metadata.name.
//
// +goldenpath:encode
// +goldenpath:kind service=iam.aws kind=RolePolicy legacy=v1beta1 namespaced=v1beta1
type RolePolicy struct {
	// Role is the name of the role, without the path.
	Role string `json:"role"`
	// Policy as JSON.
	Policy string `json:"policy"`
}
