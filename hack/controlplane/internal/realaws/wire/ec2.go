package wire

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
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

// deletedEndpoints remembers the endpoints that a call has deleted.
func (a *rules) deletedEndpoints(c Call) {
	if c.Action != "DeleteVpcEndpoints" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for key, id := range c.Params {
		if strings.HasPrefix(key, "VpcEndpointId") {
			a.endpoints[id] = true
		}
	}
}

// goneEndpoint refuses to change an endpoint that was deleted.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidVpcEndpointId.NotFound)
func (a *rules) goneEndpoint(id string) *refusal {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.endpoints[id] {
		return nil
	}
	return &refusal{"ec2", "InvalidVpcEndpointId.NotFound", fmt.Sprintf("The Vpc Endpoint Id '%s' does not exist", id)}
}
