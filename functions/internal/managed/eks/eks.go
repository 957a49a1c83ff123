// Package eks holds the parameters of the eks.aws managed resources that we compose.
package eks

// Cluster is an EKS cluster that is only observed. Its cloud name is the annotation crossplane.io/external-name.
//
// +goldenpath:encode
// +goldenpath:observed
// +goldenpath:kind service=eks.aws kind=Cluster legacy=v1beta2 namespaced=v1beta1
type Cluster struct {
	Region string `json:"region"`
}

// PodIdentityAssociation gives the pods of a service account an IAM role.
//
// +goldenpath:encode
// +goldenpath:kind service=eks.aws kind=PodIdentityAssociation legacy=v1beta1 namespaced=v1beta1
type PodIdentityAssociation struct {
	Region         string            `json:"region"`
	ClusterName    string            `json:"clusterName"`
	Namespace      string            `json:"namespace"`
	ServiceAccount string            `json:"serviceAccount"`
	RoleARN        string            `json:"roleArn"`
	Tags           map[string]string `json:"tags,omitempty"`
}
