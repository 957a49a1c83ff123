package realaws

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// quiet is how long nothing may be written: three polls of the provider.
const quiet = time.Minute

// stages in their order. Later ones need what earlier ones have made.
func (s *Story) stages() []stage {
	return []stage{
		{"a network with NAT, endpoints and flow logs", s.network},
		{"an Environment on an EKS cluster that is there", s.environment},
	}
}

func (s *Story) network(ctx context.Context) error {
	start := time.Now()
	if err := s.apply(ctx, "networks"); err != nil {
		return err
	}
	err := s.ready(ctx, 3*time.Minute)
	s.count(ctx, "network", start)
	return err
}

// count notes how many resources are there.
func (s *Story) count(ctx context.Context, what string, start time.Time) {
	managed, err := s.Stack.managed(ctx)
	if err != nil {
		s.fail("%s: %v", what, err)
		return
	}
	s.figure("%s: %d of %d managed resources Synced and Ready after %.0f s, %d writes so far", what,
		len(managed)-len(unready(managed)), len(managed), time.Since(start).Seconds(), len(s.Wire.Writes(0)))
}

// environment makes the EKS cluster that a platform team has, and the Environment of a team on it.
func (s *Story) environment(ctx context.Context) error {
	start := time.Now()
	if err := s.eks(ctx, "shared-eks"); err != nil {
		return err
	}
	if err := s.apply(ctx, "environment"); err != nil {
		return err
	}
	err := s.ready(ctx, 2*time.Minute)
	s.count(ctx, "environment", start)
	return err
}

// eks makes an EKS cluster by hand, in the VPC of the shared network.
func (s *Story) eks(ctx context.Context, name string) error {
	network, err := s.get(ctx, v1.NetworkKind, "platform", "shared")
	if err != nil {
		return err
	}
	vpc, _, _ := unstructured.NestedString(network.Object, "status", "vpcId")
	if vpc == "" {
		return fmt.Errorf("the network has no vpcId in its status")
	}
	answer, err := s.Hand.Do(ctx, "ec2", "CreateSecurityGroup", "GroupName", name, "GroupDescription", "of the cluster", "VpcId", vpc)
	if err != nil {
		return err
	}
	group := regexp.MustCompile(`sg-[0-9a-f]+`).FindString(answer)
	subnets, _, _ := unstructured.NestedSlice(network.Object, "status", "subnets")
	var ids []string
	for _, raw := range subnets {
		if subnet, ok := raw.(map[string]any); ok && subnet["role"] == "private" {
			ids = append(ids, fmt.Sprintf("%q", subnet["id"]))
		}
	}
	_, err = s.Hand.JSON(ctx, "eks", "POST", "/clusters", fmt.Sprintf(
		`{"name": %q, "roleArn": "arn:aws:iam::123456789012:role/eks", "version": "1.34",
		"resourcesVpcConfig": {"vpcId": %q, "clusterSecurityGroupId": %q, "subnetIds": [%s]}}`, name, vpc, group, strings.Join(ids, ",")))
	return err
}
