// Package landing is what a claim lands on in a control plane without a cloud: provider configurations, the Networks of a platform
// team, and the namespace and Environments of a team to play with. What becomes of them is the real functions' work.
package landing

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// Where the Network is that the platform team shares.
const (
	PlatformNamespace = "platform"
	SharedNetwork     = "shared"
)

//go:embed objects/*.yaml
var objects embed.FS

// Land applies what people play with and waits until it is ready. It waits for kinds that the API server does not serve yet, until
// the context ends, and can be run again.
func Land(ctx context.Context, c client.Client) error {
	all, err := Read(objects, "objects/credentials.yaml", "objects/environments.yaml")
	if err != nil {
		return err
	}
	for _, u := range all {
		if err := Apply(ctx, c, u); err != nil {
			return err
		}
	}
	return kube.Eventually(ctx, func(ctx context.Context) error { return ready(ctx, c, all) })
}

// EnvironmentSpec is an Environment as a team writes it: in the Network that the platform team shares, with a workload namespace and
// Vault. Edits change it.
func EnvironmentSpec(environmentType string, edits ...func(spec map[string]any)) map[string]any {
	spec := map[string]any{
		"type": environmentType,
		"cloud": map[string]any{
			"provider": "aws", "region": "eu-west-1", "accountId": "123456789012",
			"providerConfigRef": map[string]any{"name": "aws-staging", "kind": "ClusterProviderConfig"},
		},
		"owner":      map[string]any{"team": "checkout", "costCenter": "cc-4711", "contact": "checkout@example.org"},
		"networkRef": map[string]any{"name": SharedNetwork, "namespace": PlatformNamespace},
		"cluster": map[string]any{
			"providerConfigRef": map[string]any{"name": "workloads", "kind": "ClusterProviderConfig"},
			"eks":               map[string]any{"name": "shared-eks"},
		},
		"vault": map[string]any{
			"providerConfigRef": map[string]any{"name": "vault", "kind": "ClusterProviderConfig"},
			"source":            map[string]any{"securityGroupId": "sg-0f00000000000fa17"},
		},
	}
	if environmentType == "preview" {
		// A preview needs an end.
		spec["ttl"] = "72h"
	}
	for _, edit := range edits {
		edit(spec)
	}
	return spec
}

// Share lets namespaces, by a pattern, use the shared Network.
func Share(ctx context.Context, c client.Client, pattern string) error {
	gvk := schema.GroupVersionKind{Group: v1.Group, Version: v1.Version, Kind: v1.NetworkKind}
	network, err := kube.Get(ctx, c, gvk, PlatformNamespace, SharedNetwork)
	if err != nil {
		return err
	}
	before := client.MergeFrom(network.DeepCopy())
	with, _, err := unstructured.NestedStringSlice(network.Object, "spec", "sharedWith")
	if err != nil || slices.Contains(with, pattern) {
		return err
	}
	if err := unstructured.SetNestedStringSlice(network.Object, append(with, pattern), "spec", "sharedWith"); err != nil {
		return err
	}
	return c.Patch(ctx, network, before)
}

// ready fails for the first composite that is not Ready yet, in its own words.
func ready(ctx context.Context, c client.Client, all []*unstructured.Unstructured) error {
	for _, u := range all {
		if u.GroupVersionKind().Group != v1.Group {
			continue
		}
		live, err := kube.Get(ctx, c, u.GroupVersionKind(), u.GetNamespace(), u.GetName())
		if err != nil {
			return err
		}
		if status, reason, message := kube.Condition(live, "Ready"); status != "True" {
			return fmt.Errorf("%s %s/%s is not ready: %s %s%s", u.GetKind(), u.GetNamespace(), u.GetName(), reason, message, kube.Unhappy(live))
		}
	}
	return nil
}

// Apply waits until the kind is served: a CRD is Established a moment before.
func Apply(ctx context.Context, c client.Client, u *unstructured.Unstructured) error {
	for {
		err := kube.Apply(ctx, c, u.DeepCopy())
		if err == nil || !meta.IsNoMatchError(err) && !apierrors.IsNotFound(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the API server does not serve %s yet: %w", u.GroupVersionKind(), err)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// Read the objects of embedded files, in order.
func Read(objects embed.FS, files ...string) ([]*unstructured.Unstructured, error) {
	var all []*unstructured.Unstructured
	for _, file := range files {
		content, err := objects.ReadFile(file)
		if err != nil {
			return nil, err
		}
		decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(content), 4096)
		for {
			u := &unstructured.Unstructured{}
			err := decoder.Decode(&u.Object)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			all = append(all, u)
		}
	}
	return all, nil
}
