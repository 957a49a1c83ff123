package landing

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// environmentShared uses an Environment and a Network from another namespace: refused in words until the owner shares them, and then
// they can be used. Who is not listed stays out.
func environmentShared(ctx context.Context, c *e2e.Case) error {
	friend, cleanFriend, err := c.Beside(ctx, "friend")
	if err != nil {
		return err
	}
	stranger, cleanStranger, err := c.Beside(ctx, "stranger")
	if err != nil {
		return err
	}
	env, err := c.Environment(ctx, "staging", "staging", func(spec map[string]any) { spec["sharedWith"] = []any{friend} })
	if err != nil {
		return err
	}
	at := func(namespace string) *unstructured.Unstructured {
		u := c.Database("orders", func(spec map[string]any) {
			spec["environmentRef"] = map[string]any{"name": env.GetName(), "namespace": env.GetNamespace()}
		})
		u.SetNamespace(namespace)
		return u
	}
	for _, namespace := range []string{friend, stranger} {
		if err := c.Apply(ctx, at(namespace)); err != nil {
			return err
		}
	}
	if err := ready(ctx, c, at(friend)); err != nil {
		return err
	}
	if err := c.Condition(ctx, at(stranger), "EnvironmentResolved", "False", "EnvironmentNotShared", "is not shared with namespace", stranger,
		"spec.sharedWith"); err != nil {
		return err
	}
	if err := networkShared(ctx, c, friend, stranger); err != nil {
		return err
	}
	for _, clean := range []func(context.Context) error{cleanFriend, cleanStranger} {
		if err := clean(ctx); err != nil {
			return err
		}
	}
	return nil
}

// networkShared is the same with a Network, which an Environment names.
func networkShared(ctx context.Context, c *e2e.Case, friend, stranger string) error {
	network := e2e.NetworkObject(c.Namespace, "own", "10.61.0.0/16", small, func(spec map[string]any) { spec["sharedWith"] = []any{friend} })
	if err := c.Apply(ctx, network); err != nil {
		return err
	}
	in := func(namespace string) *unstructured.Unstructured {
		return e2e.EnvironmentObject(namespace, "visiting", "dev", func(spec map[string]any) {
			spec["networkRef"] = map[string]any{"name": "own", "namespace": c.Namespace}
			delete(spec, "cluster")
			delete(spec, "vault")
		})
	}
	for _, namespace := range []string{friend, stranger} {
		if err := c.Apply(ctx, in(namespace)); err != nil {
			return err
		}
	}
	if err := ready(ctx, c, network, in(friend)); err != nil {
		return err
	}
	if err := c.Condition(ctx, in(stranger), "NetworkReady", "False", "NetworkNotShared",
		fmt.Sprintf("Network %s/own is not shared with namespace %q", c.Namespace, stranger), "spec.sharedWith"); err != nil {
		return err
	}
	// Sharing is all that is missing.
	if err := edit(ctx, c, network, func(spec map[string]any) { spec["sharedWith"] = []any{friend, stranger} }); err != nil {
		return err
	}
	return ready(ctx, c, in(stranger))
}

// small is a Network of as little as possible.
func small(spec map[string]any) {
	spec["zones"], spec["nat"], spec["databaseTier"] = int64(1), "none", false
	spec["flowLogs"] = map[string]any{"enabled": false}
}
