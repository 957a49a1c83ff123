package wire

import (
	"context"
	"net/url"
	"regexp"
)

// defaultGroup names the default security group of the VPC for an interface endpoint that names none.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
func (a *rules) defaultGroup(ctx context.Context, c Call, form url.Values) {
	if form.Get("VpcEndpointType") != "Interface" || form.Get("SecurityGroupId.1") != "" {
		return
	}
	server := a.server
	server.Region = c.Region
	answer, err := server.Do(ctx, "ec2", "DescribeSecurityGroups", "Filter.1.Name", "vpc-id", "Filter.1.Value.1", form.Get("VpcId"),
		"Filter.2.Name", "group-name", "Filter.2.Value.1", "default")
	if group := regexp.MustCompile(`sg-[0-9a-f]+`).FindString(answer); err == nil && group != "" {
		form.Set("SecurityGroupId.1", group)
	}
}
