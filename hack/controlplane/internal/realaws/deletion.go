package realaws

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// deletion deletes all claims in the order in which people would, and looks what is left in AWS.
func (s *Story) deletion(ctx context.Context) error {
	for _, kind := range []string{v1.AppDatabaseKind, v1.EnvironmentKind, v1.NetworkKind} {
		if kind == v1.NetworkKind {
			if err := s.withoutEKS(ctx, "shared-eks"); err != nil {
				return err
			}
		}
		if err := s.unprotected(ctx, kind); err != nil {
			return err
		}
		if err := s.gone(ctx, kind, 5*time.Minute); err != nil {
			return err
		}
	}
	if err := s.nothingManaged(ctx, 5*time.Minute); err != nil {
		s.fail("%v", err)
	}
	return s.left(ctx)
}

// unprotected asks for no deletion protection, as people have to before they delete, and waits until there is none.
func (s *Story) unprotected(ctx context.Context, kind string) error {
	gvk := schema.GroupVersionKind{Group: v1.Group, Version: v1.Version, Kind: kind}
	ctx, cancel := context.WithTimeoutCause(ctx, 2*time.Minute, errors.New("2m"))
	defer cancel()
	return kube.Eventually(ctx, func(ctx context.Context) error {
		all, err := kube.List(ctx, s.Client, gvk)
		if err != nil {
			return err
		}
		var left []string
		for n := range all {
			if protected, _, _ := unstructured.NestedBool(all[n].Object, "status", "deletionProtection"); !protected {
				continue
			}
			left = append(left, all[n].GetName())
			before := client.MergeFrom(all[n].DeepCopy())
			if err := unstructured.SetNestedField(all[n].Object, false, "spec", "deletionProtection"); err != nil {
				return err
			}
			if err := s.Client.Patch(ctx, &all[n], before); err != nil {
				return err
			}
		}
		if len(left) > 0 {
			return fmt.Errorf("%s are still protected: %s", kind, strings.Join(left, ", "))
		}
		return nil
	})
}

// gone deletes all objects of a kind and waits until they are. What is still in use is refused, and asked for again, as a person does: the
// databases that were deleted before take their time in the cloud.
func (s *Story) gone(ctx context.Context, kind string, patience time.Duration) error {
	gvk := schema.GroupVersionKind{Group: v1.Group, Version: v1.Version, Kind: kind}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New(patience.String()))
	defer cancel()
	return kube.Eventually(ctx, func(ctx context.Context) error {
		left, err := kube.List(ctx, s.Client, gvk)
		if err != nil && !apierrors.IsNotFound(err) {
			return err
		}
		if len(left) == 0 {
			return nil
		}
		for n := range left {
			if left[n].GetDeletionTimestamp() != nil {
				continue
			}
			if err := client.IgnoreNotFound(s.Client.Delete(ctx, &left[n])); err != nil {
				return err
			}
		}
		var words []string
		managed, err := s.managed(ctx)
		if err != nil {
			return err
		}
		for n := range managed {
			if managed[n].GetDeletionTimestamp() != nil {
				words = append(words, unready(managed[n:n+1])...)
			}
		}
		return fmt.Errorf("%d of %s are still there, the first of them %s%s\n  %s", len(left), kind, left[0].GetName(), kube.Unhappy(&left[0]),
			strings.Join(words, "\n  "))
	})
}

// nothingManaged waits until the managed resources have followed their composites.
func (s *Story) nothingManaged(ctx context.Context, patience time.Duration) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New(patience.String()))
	defer cancel()
	return kube.Eventually(ctx, func(ctx context.Context) error {
		managed, err := s.managed(ctx)
		if err != nil || len(managed) == 0 {
			return err
		}
		return fmt.Errorf("%d managed resources are still in the API server:\n  %s", len(managed), strings.Join(unready(managed), "\n  "))
	})
}

// withoutEKS deletes the EKS cluster and its group by hand, as the platform team does before it gives up its network.
func (s *Story) withoutEKS(ctx context.Context, name string) error {
	if _, err := s.Hand.JSON(ctx, "eks", "DELETE", "/clusters/"+name, ""); err != nil {
		return err
	}
	answer, err := s.Hand.Do(ctx, "ec2", "DescribeSecurityGroups", "Filter.1.Name", "group-name", "Filter.1.Value.1", name)
	if err != nil {
		return err
	}
	_, err = s.Hand.Do(ctx, "ec2", "DeleteSecurityGroup", "GroupId", regexp.MustCompile(`sg-[0-9a-f]+`).FindString(answer))
	return err
}

// left looks for what our claims have made and nobody has deleted.
func (s *Story) left(ctx context.Context) error {
	var words []string
	for _, look := range []struct{ service, action, element string }{
		{"rds", "DescribeDBInstances", "DBInstanceIdentifier"},
		{"rds", "DescribeDBClusters", "DBClusterIdentifier"},
		{"rds", "DescribeDBSubnetGroups", "DBSubnetGroupName"},
		{"ec2", "DescribeAddresses", "allocationId"},
		{"ec2", "DescribeInternetGateways", "internetGatewayId"},
		{"ec2", "DescribeFlowLogs", "flowLogId"},
		{"iam", "ListRoles", "RoleName"},
	} {
		answer, err := s.Hand.Do(ctx, look.service, look.action)
		if err != nil {
			return err
		}
		for _, m := range regexp.MustCompile(`<`+look.element+`>([^<]+)<`).FindAllStringSubmatch(answer, -1) {
			words = append(words, look.action+" "+m[1])
		}
	}
	endpoints, err := s.Hand.Do(ctx, "ec2", "DescribeVpcEndpoints")
	if err != nil {
		return err
	}
	// AWS shows one that is deleted for a while, and the server for ever.
	for _, m := range regexp.MustCompile(`(?s)<vpcEndpointId>([^<]+)<.*?<state>([^<]+)<`).FindAllStringSubmatch(endpoints, -1) {
		if m[2] != "deleted" {
			words = append(words, "DescribeVpcEndpoints "+m[1]+" "+m[2])
		}
	}
	answer, err := s.Hand.Do(ctx, "ec2", "DescribeVpcs", "Filter.1.Name", "is-default", "Filter.1.Value.1", "false")
	if err != nil {
		return err
	}
	words = append(words, regexp.MustCompile(`vpc-[0-9a-f]+`).FindAllString(answer, -1)...)
	slices.Sort(words)
	words = slices.Compact(words)
	s.figure("after the deletion of everything: %d resources are left in AWS", len(words))
	if len(words) > 0 {
		return fmt.Errorf("left in AWS:\n  %s", strings.Join(words, "\n  "))
	}
	return nil
}
