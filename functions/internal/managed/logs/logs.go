// Package logs holds the parameters of the cloudwatchlogs.aws managed resources that we compose.
package logs

// Group is a log group. Its cloud name is its metadata.name.
//
// +goldenpath:encode
// +goldenpath:kind service=cloudwatchlogs.aws kind=Group legacy=v1beta1 namespaced=v1beta1
type Group struct {
	Region          string `json:"region"`
	RetentionInDays *int64 `json:"retentionInDays,omitempty"`
	// KMSKeyID is the ARN of a key whose policy admits CloudWatch Logs. AWS's own key when empty.
	KMSKeyID string            `json:"kmsKeyId,omitempty"`
	Tags     map[string]string `json:"tags,omitempty"`
}
