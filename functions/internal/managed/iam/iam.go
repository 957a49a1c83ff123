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

// Role is who a workload or a service of AWS acts as. Its cloud name is its metadata.name.
//
// +goldenpath:encode
// +goldenpath:kind service=iam.aws kind=Role legacy=v1beta1 namespaced=v1beta1
type Role struct {
	// AssumeRolePolicy as JSON.
	AssumeRolePolicy string `json:"assumeRolePolicy"`
	Description      string `json:"description,omitempty"`
	// MaxSessionDuration in seconds.
	MaxSessionDuration *int64 `json:"maxSessionDuration,omitempty"`
	// PermissionsBoundary is the ARN of a managed policy.
	PermissionsBoundary string            `json:"permissionsBoundary,omitempty"`
	Tags                map[string]string `json:"tags,omitempty"`
}
