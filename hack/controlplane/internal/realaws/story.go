package realaws

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// quiet is how long nothing may be written: three polls of the provider.
const quiet = time.Minute

// late begins the names of the network that takes minutes, and of what it is made of.
const late = "late"

// stages in their order. Later ones need what earlier ones have made.
func (s *Story) stages() []stage {
	return []stage{
		{title: "a network with NAT and flow logs", play: s.network},
		{title: "an Environment on an EKS cluster that is there", play: s.environment},
		{title: "every engine and a network with endpoints, with a restart of the provider in the middle", play: s.databases},
		{title: "quiet: a restart of the provider at rest, and a minute", play: s.restart},
		{title: "changes of claims, by hand and out of band", play: s.changes},
		{title: "quiet: a minute after the changes", play: s.quietMinute},
		{title: "deletion of everything", play: s.deletion},
	}
}

func (s *Story) network(ctx context.Context) error {
	start := time.Now()
	for _, file := range []string{"networks", "late"} {
		if err := s.apply(ctx, file); err != nil {
			return err
		}
	}
	err := s.ready(ctx, 3*time.Minute, late)
	s.count(ctx, "network (the one with endpoints goes on beside the next stages)", start)
	return err
}

// count notes how many resources are there.
func (s *Story) count(ctx context.Context, what string, start time.Time) {
	managed, err := s.managed(ctx)
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
	err := s.ready(ctx, 2*time.Minute, late)
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

// databases applies all claims, ends the provider while it creates, and starts it again.
func (s *Story) databases(ctx context.Context) error {
	start, mark := time.Now(), s.Wire.Mark()
	if err := s.apply(ctx, "databases"); err != nil {
		return err
	}
	if err := s.asked(ctx, mark, "CreateDBInstance", 2*time.Minute); err != nil {
		return err
	}
	// What takes minutes is under way now, and what takes a second is done. A provider that ends within that second leaves what nobody can
	// mend but a person, in Crossplane's own words ("cannot determine creation result"): it does not know whether it has created.
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(25 * time.Second):
	}
	if err := s.named(ctx, 3*time.Minute); err != nil {
		return err
	}
	if err := s.RestartProvider(); err != nil {
		return err
	}
	err := s.ready(ctx, 6*time.Minute)
	s.count(ctx, "every engine, a network with endpoints", start)
	again := twice(s.Wire.Writes(0))
	s.figure("a restart of the provider while databases are made: %d things created twice", len(again))
	for _, what := range again {
		s.fail("created twice: %s", what)
	}
	return err
}

// named waits until the endpoints of the network that is still under way have their names written down: before that only the memory of the
// provider has them.
func (s *Story) named(ctx context.Context, patience time.Duration) error {
	gvk := schema.GroupVersionKind{Group: "ec2.aws.m.upbound.io", Version: "v1beta1", Kind: "VPCEndpoint"}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New(patience.String()))
	defer cancel()
	return kube.Eventually(ctx, func(ctx context.Context) error {
		endpoints, err := kube.List(ctx, s.Client, gvk)
		if err != nil {
			return err
		}
		if words := unready(endpoints); len(words) > 0 {
			return errors.New(strings.Join(words, "; "))
		}
		return nil
	})
}

// asked waits until the provider has made a call.
func (s *Story) asked(ctx context.Context, mark int, action string, patience time.Duration) error {
	for end := time.Now().Add(patience); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
		for _, c := range s.Wire.Writes(mark) {
			if c.Action == action {
				return nil
			}
		}
	}
	return fmt.Errorf("the provider has not called %s within %s", action, patience)
}

// quietMinute fails for every call that changes something, when nothing was asked for.
func (s *Story) quietMinute(ctx context.Context) error {
	mark := s.Wire.Mark()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(quiet):
	}
	writes := s.Wire.Writes(mark)
	s.figure("writes in a quiet minute: %d of %d calls", len(writes), s.Wire.Mark()-mark)
	return unasked(writes)
}

// restart ends the provider when all is at rest, and looks what it does when it is back.
func (s *Story) restart(ctx context.Context) error {
	mark := s.Wire.Mark()
	if err := s.RestartProvider(); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(quiet):
	}
	writes := s.Wire.Writes(mark)
	creations := 0
	for _, c := range writes {
		if creates(c) {
			creations++
		}
	}
	s.figure("after a restart of the provider, a minute: %d writes of %d calls, %d of them creations",
		len(writes), s.Wire.Mark()-mark, creations)
	return errors.Join(unasked(writes), s.ready(ctx, 30*time.Second))
}
