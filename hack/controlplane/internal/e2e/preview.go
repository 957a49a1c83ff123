package e2e

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// ShortestTTL of a preview with the Composition of ShortPreviews. Our own asks for an hour at least.
const ShortestTTL = time.Minute

// ShortPreviews installs a Composition of the scenario's own, as a platform team tunes one: previews of a minute are allowed. What it
// returns edits the spec of an Environment that is to use it.
func (c *Case) ShortPreviews(ctx context.Context) (func(spec map[string]any), error) {
	name, err := c.Tuned(ctx, "environments.platform.io", map[string]any{
		"apiVersion": "environment.fn.platform.io/v1", "kind": "Input",
		"expiry": map[string]any{"shortestTTL": "1m", "warnBefore": "1m"},
	})
	return func(spec map[string]any) {
		spec["crossplane"] = map[string]any{"compositionRef": map[string]any{"name": name}}
	}, err
}

// Tuned installs a copy of a Composition whose first step has an input of its own, and the tenancy of the Composition unless the input has
// one. It stays for as long as the control plane does.
func (c *Case) Tuned(ctx context.Context, composition string, input map[string]any) (name string, err error) {
	gvk := schema.GroupVersionKind{Group: "apiextensions.crossplane.io", Version: "v1", Kind: "Composition"}
	installed, err := kube.Get(ctx, c.Client(), gvk, "", composition)
	if err != nil {
		return "", err
	}
	tuned := kube.Object(gvk, "", c.Namespace+"."+composition)
	tuned.Object["spec"] = installed.Object["spec"]
	steps, _, err := unstructured.NestedSlice(tuned.Object, "spec", "pipeline")
	if err != nil {
		return "", err
	}
	first, ok := steps[0].(map[string]any)
	if !ok {
		return "", fmt.Errorf("the Composition %s has no steps", composition)
	}
	if rules, found, _ := unstructured.NestedMap(first, "input", "tenancy"); found && input["tenancy"] == nil {
		input["tenancy"] = rules
	}
	first["input"] = input
	if err := unstructured.SetNestedSlice(tuned.Object, steps, "spec", "pipeline"); err != nil {
		return "", err
	}
	return tuned.GetName(), c.Apply(ctx, tuned)
}

// Expire waits until an Environment is old enough for the shortest ttl to be over, and gives it that.
func (c *Case) Expire(ctx context.Context, env *unstructured.Unstructured) error {
	live, err := c.Get(ctx, env)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(time.Until(live.GetCreationTimestamp().Add(ShortestTTL))):
	}
	return c.TTL(ctx, env, ShortestTTL)
}

// TTL changes how long an Environment lives, in whole minutes.
func (c *Case) TTL(ctx context.Context, env *unstructured.Unstructured, ttl time.Duration) error {
	return c.Edit(ctx, env, func(live *unstructured.Unstructured) {
		_ = unstructured.SetNestedField(live.Object, fmt.Sprintf("%dm", ttl/time.Minute), "spec", "ttl") // cannot fail: spec is an object
	})
}
