// Package landing is what a claim lands on in a control plane without a cloud: a stand-in for function-environment, which
// gives an Environment a made-up status through Crossplane itself, and the Environments, provider configurations and the
// namespace of a team to play with.
package landing

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// FunctionName is the name of the stand-in's Function and FunctionRevision.
const FunctionName = "environments-simulator"

// CompositionName is the name of the Composition that runs the stand-in. The XRD names no default Composition, so that core
// takes the only one there is.
const CompositionName = "environments.simulator.platform.io"

//go:embed objects/*.yaml
var objects embed.FS

// Manifests are the objects that make core call the stand-in at an endpoint such as dns:///127.0.0.1:9443. The
// FunctionRevision carries the status that core reads, the Function the one that people read.
func Manifests(endpoint string) ([]*unstructured.Unstructured, error) {
	all, err := read("objects/stand-in.yaml")
	if err != nil {
		return nil, err
	}
	for _, u := range all {
		switch u.GetKind() {
		case "FunctionRevision":
			u.Object["status"] = map[string]any{"endpoint": endpoint, "capabilities": []any{"composition"}}
		case "Function": // for people who wait for all functions: the package manager does not look at a paused one
			u.Object["status"] = map[string]any{"conditions": []any{condition("Installed"), condition("Healthy")}}
		}
	}
	return all, nil
}

func condition(conditionType string) map[string]any {
	return map[string]any{
		"type": conditionType, "status": "True", "reason": "StandIn", "lastTransitionTime": "2026-01-01T00:00:00Z",
		"message": "stands in for function-environment, without a package",
	}
}

// Install makes core call the stand-in at an endpoint. It can be run again, also with another endpoint.
func Install(ctx context.Context, c client.Client, endpoint string) error {
	all, err := Manifests(endpoint)
	if err != nil {
		return err
	}
	for _, u := range all {
		status := u.Object["status"]
		delete(u.Object, "status")
		if err := apply(ctx, c, u); err != nil {
			return fmt.Errorf("cannot install the stand-in for function-environment: %w", err)
		}
		if status == nil {
			continue
		}
		before := u.DeepCopy()
		u.Object["status"] = status
		if err := c.Status().Patch(ctx, u, client.MergeFrom(before)); err != nil {
			return fmt.Errorf("cannot tell core where the stand-in for function-environment listens: %w", err)
		}
	}
	return nil
}

// Land applies what people play with: provider configurations, and the namespace and Environments of a team. It waits for
// kinds that the API server does not serve yet, until the context ends, and can be run again.
func Land(ctx context.Context, c client.Client) error {
	all, err := read("objects/credentials.yaml", "objects/environments.yaml")
	if err != nil {
		return err
	}
	for _, u := range all {
		if err := apply(ctx, c, u); err != nil {
			return err
		}
	}
	return nil
}

// apply waits until the kind is served: a CRD is Established a moment before.
func apply(ctx context.Context, c client.Client, u *unstructured.Unstructured) error {
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

// read the objects of embedded files, in order.
func read(files ...string) ([]*unstructured.Unstructured, error) {
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
