package realaws

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// managed are the AWS managed resources of every kind that is served.
func (s *Stack) managed(ctx context.Context) ([]unstructured.Unstructured, error) {
	return s.list(ctx, func(group string) bool { return strings.HasSuffix(group, ".aws.m.upbound.io") })
}

// composites are the objects of our own API.
func (s *Stack) composites(ctx context.Context) ([]unstructured.Unstructured, error) {
	return s.list(ctx, func(group string) bool { return group == v1.Group })
}

// list is everything of the groups that are chosen.
func (s *Stack) list(ctx context.Context, chosen func(group string) bool) ([]unstructured.Unstructured, error) {
	definitions, err := kube.List(ctx, s.Client, schema.GroupVersionKind{
		Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition",
	})
	if err != nil {
		return nil, err
	}
	var all []unstructured.Unstructured
	for n := range definitions {
		group, _, _ := unstructured.NestedString(definitions[n].Object, "spec", "group")
		kind, _, _ := unstructured.NestedString(definitions[n].Object, "spec", "names", "kind")
		versions, _, _ := unstructured.NestedSlice(definitions[n].Object, "spec", "versions")
		if !chosen(group) || len(versions) == 0 {
			continue
		}
		version, _ := versions[0].(map[string]any)
		name, _ := version["name"].(string)
		items, err := kube.List(ctx, s.Client, schema.GroupVersionKind{Group: group, Version: name, Kind: kind})
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
	}
	return all, nil
}

// unready are the objects that are not Synced and Ready, in words. Skipped are names of objects that need not be.
func unready(all []unstructured.Unstructured, skipped ...string) []string {
	var words []string
	for n := range all {
		u := &all[n]
		if contains(skipped, u.GetName()) {
			continue
		}
		for _, condition := range []string{"Synced", "Ready"} {
			if status, reason, message := kube.Condition(u, condition); status != "True" {
				words = append(words, fmt.Sprintf("%s %s/%s: %s is %q (%s) %s", u.GetKind(), u.GetNamespace(), u.GetName(), condition, status, reason,
					strings.Join(strings.Fields(message), " ")))
				break
			}
		}
	}
	return words
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if strings.HasPrefix(name, n) {
			return true
		}
	}
	return false
}

// ready waits until every composite and every managed resource is Synced and Ready. Objects whose names begin like one of skipped need not
// be.
func (s *Stack) ready(ctx context.Context, patience time.Duration, skipped ...string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New(patience.String()))
	defer cancel()
	for {
		words, err := s.notReady(ctx, skipped...)
		if err == nil && len(words) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("not ready after %s:\n  %s", patience, strings.Join(words, "\n  ")), err)
		case <-time.After(time.Second):
		}
	}
}

func (s *Stack) notReady(ctx context.Context, skipped ...string) ([]string, error) {
	composites, err := s.composites(ctx)
	if err != nil {
		return nil, err
	}
	managed, err := s.managed(ctx)
	if err != nil {
		return nil, err
	}
	if len(composites) == 0 || len(managed) == 0 {
		return []string{"nothing is there yet"}, nil
	}
	return append(unready(composites, skipped...), unready(managed, skipped...)...), nil
}

// get reads an object of our own API.
func (s *Stack) get(ctx context.Context, kind, namespace, name string) (*unstructured.Unstructured, error) {
	return kube.Get(ctx, s.Client, schema.GroupVersionKind{Group: v1.Group, Version: v1.Version, Kind: kind}, namespace, name)
}
