package landing

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// deletionOrder deletes a Network, an Environment in it and a database in that, in the wrong order and then in the right one. What is in
// use is refused, in words that say by what. In the end nothing is left anywhere.
func deletionOrder(ctx context.Context, c *e2e.Case) error {
	network := e2e.NetworkObject(c.Namespace, "own", "10.60.0.0/16")
	if err := c.Apply(ctx, network); err != nil {
		return err
	}
	// A preview: the key of every other type is kept, for the snapshots that it encrypts.
	env := e2e.EnvironmentObject(c.Namespace, "preview", "preview", func(spec map[string]any) {
		spec["networkRef"] = map[string]any{"name": "own"}
		spec["cluster"].(map[string]any)["eks"] = map[string]any{"name": "own-eks"} //nolint:forcetypeassert // As landing writes it.
		spec["identities"] = []any{map[string]any{"serviceAccount": "orders-api"}}
	})
	if err := c.Apply(ctx, env); err != nil {
		return err
	}
	u := c.Database("orders", func(spec map[string]any) { spec["environmentRef"] = map[string]any{"name": "preview"} })
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	if err := ready(ctx, c, network, env, u); err != nil {
		return err
	}
	if err := refused(ctx, c, env, "This resource is in-use by", "by resource", "/orders-"); err != nil {
		return err
	}
	// By the Environment, and by its own protection.
	if err := refused(ctx, c, network, "This resource is in-use by 2 usage(s)"); err != nil {
		return err
	}
	c.AllowLoss(u, "its owner deletes it")
	if err := remove(ctx, c, u); err != nil {
		return err
	}
	c.AllowLoss(env, "its owner deletes it")
	if err := remove(ctx, c, env); err != nil {
		return err
	}
	return deleteNetwork(ctx, c, network)
}

// deleteNetwork turns the protection of a Network off, as its refusal says, and deletes it.
func deleteNetwork(ctx context.Context, c *e2e.Case, network *unstructured.Unstructured) error {
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error {
		// The Environment's Usage goes when its key is gone, a moment after the Environment.
		return refused(ctx, c, network, "own is protected: set spec.deletionProtection to false, wait until status.deletionProtection is false")
	}); err != nil {
		return err
	}
	if err := edit(ctx, c, network, func(spec map[string]any) { spec["deletionProtection"] = false }); err != nil {
		return err
	}
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error {
		live, err := c.Get(ctx, network)
		if err != nil {
			return err
		}
		if on, _, _ := unstructured.NestedBool(live.Object, "status", "deletionProtection"); on {
			return fmt.Errorf("status.deletionProtection is still true")
		}
		return nil
	}); err != nil {
		return err
	}
	c.AllowLoss(network, "its owner deletes it")
	if err := remove(ctx, c, network); err != nil {
		return err
	}
	return nothingInCloud(ctx, c, c.Namespace)
}

// refused deletes an object in vain.
func refused(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, words ...string) error {
	err := c.Client().Delete(ctx, u.DeepCopy(), client.DryRunAll)
	for _, word := range words {
		if err == nil || !strings.Contains(err.Error(), word) {
			return fmt.Errorf("the deletion of %s %s: expected a refusal that says %q: %w", u.GetKind(), u.GetName(), word, err)
		}
	}
	return nil
}

// remove deletes an object and waits until it and all that it was made of are gone. A refusal that was right a moment ago ends.
func remove(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	objects := []*unstructured.Unstructured{u}
	for _, name := range e2e.Names(composed) {
		objects = append(objects, composed[name])
	}
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error { return c.Client().Delete(ctx, u.DeepCopy()) }); err != nil {
		return err
	}
	return c.Gone(ctx, patience, objects...)
}
