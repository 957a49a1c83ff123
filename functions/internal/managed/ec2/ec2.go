// Package ec2 holds the parameters of the ec2.aws managed resources that we compose.
package ec2

// SecurityGroup is a security group without rules of its own.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=SecurityGroup legacy=v1beta1 namespaced=v1beta1
type SecurityGroup struct {
	Region      string            `json:"region"`
	Name        string            `json:"name"`
	Description string            `json:"description,omitempty"`
	VPCID       string            `json:"vpcId"`
	Tags        map[string]string `json:"tags,omitempty"`
}

// SecurityGroupIngressRule admits one source.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=SecurityGroupIngressRule legacy=v1beta1 namespaced=v1beta1
type SecurityGroupIngressRule struct {
	Region                    string            `json:"region"`
	SecurityGroupID           string            `json:"securityGroupId"`
	ReferencedSecurityGroupID string            `json:"referencedSecurityGroupId,omitempty"`
	CIDRIPv4                  string            `json:"cidrIpv4,omitempty"`
	IPProtocol                string            `json:"ipProtocol"`
	FromPort                  *int64            `json:"fromPort,omitempty"`
	ToPort                    *int64            `json:"toPort,omitempty"`
	Description               string            `json:"description,omitempty"`
	Tags                      map[string]string `json:"tags,omitempty"`
}

// SecurityGroupEgressRule lets what has the group call one destination.
//
// +goldenpath:encode
// +goldenpath:kind service=ec2.aws kind=SecurityGroupEgressRule legacy=v1beta1 namespaced=v1beta1
type SecurityGroupEgressRule struct {
	Region          string            `json:"region"`
	SecurityGroupID string            `json:"securityGroupId"`
	CIDRIPv4        string            `json:"cidrIpv4,omitempty"`
	IPProtocol      string            `json:"ipProtocol"`
	Description     string            `json:"description,omitempty"`
	Tags            map[string]string `json:"tags,omitempty"`
}
