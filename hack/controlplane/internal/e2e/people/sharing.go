package people

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
)

// second makes another team's namespace beside the scenario's own. The function that it returns removes it.
func second(ctx context.Context, c *e2e.Case) (namespace string, clean func(context.Context) error, err error) {
	namespace = c.Namespace + "-b"
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}
	return namespace, func(ctx context.Context) error {
		c.Recorder().Allow(recorder.Match{Namespace: namespace}, "the scenario is over")
		return client.IgnoreNotFound(c.Client().Delete(ctx, ns))
	}, c.Client().Create(ctx, ns)
}

// share changes who may use an Environment.
func share(ctx context.Context, c *e2e.Case, namespace, name string, with ...any) error {
	return c.Edit(ctx, kube.Object(platform("Environment"), namespace, name), func(u *unstructured.Unstructured) {
		_ = unstructured.SetNestedSlice(u.Object, with, "spec", "sharedWith") // the parent is an object
	})
}

// sharing names an Environment of another team: refused in words until that team shares it, and refused again, without any
// loss, when it shares it no more.
func sharing(ctx context.Context, c *e2e.Case) error {
	other, clean, err := second(ctx, c)
	if err != nil {
		return err
	}
	theirs := environment(other, "theirs")
	if err := c.Apply(ctx, theirs); err != nil {
		return err
	}
	if err := c.Ready(ctx, theirs); err != nil {
		return err
	}
	db := c.Database("orders", func(s map[string]any) {
		s["environmentRef"] = map[string]any{"name": "theirs", "namespace": other}
	})
	if err := c.Apply(ctx, db); err != nil {
		return err
	}
	if err := c.Condition(ctx, db, "EnvironmentResolved", "False", "EnvironmentNotShared", "sharedWith", c.Namespace); err != nil {
		return err
	}
	composed, err := c.Composed(ctx, db)
	if err != nil {
		return err
	}
	if len(composed) > 0 {
		return fmt.Errorf("a claim on another team's environment has composed %v", e2e.Names(composed))
	}
	if err := share(ctx, c, other, "theirs", c.Namespace); err != nil {
		return err
	}
	if err := c.Settled(ctx, db); err != nil {
		return err
	}
	mark := c.Recorder().Mark()
	if err := share(ctx, c, other, "theirs", "somebody-else"); err != nil {
		return err
	}
	if err := c.Condition(ctx, db, "EnvironmentResolved", "False", "EnvironmentNotShared", "sharedWith"); err != nil {
		return err
	}
	if err := c.Recorder().Sync(ctx); err != nil {
		return err
	}
	if changes := c.Recorder().Changes(mark, recorder.Match{Namespace: c.Namespace}); len(changes) > 0 {
		return fmt.Errorf("a running database was touched because its environment is no longer shared: %v", changes)
	}
	return clean(ctx)
}

// confusable applies claims in one Environment whose namespace and name read the same when they are joined: a with b-orders, and
// a-b with orders. In Vault a second write of the same name would take the first one's place.
func confusable(ctx context.Context, c *e2e.Case) error {
	other, clean, err := second(ctx, c)
	if err != nil {
		return err
	}
	if _, err := c.Environment(ctx, "staging", "dev"); err != nil {
		return err
	}
	if err := share(ctx, c, c.Namespace, "staging", other); err != nil {
		return err
	}
	left, right := c.Database("b-orders"), c.Database("orders", func(s map[string]any) {
		s["environmentRef"] = map[string]any{"name": "staging", "namespace": c.Namespace}
	})
	right.SetNamespace(other) // <namespace>-b and orders
	paths := map[string]string{}
	for _, u := range []*unstructured.Unstructured{left, right} {
		if err := c.Apply(ctx, u); err != nil {
			return err
		}
		if err := c.Ready(ctx, u); err != nil {
			return err
		}
		composed, err := c.Composed(ctx, u)
		if err != nil {
			return err
		}
		for name, o := range composed {
			key := cloudName(o)
			if key == "" {
				continue
			}
			if owner, taken := paths[key]; taken {
				return fmt.Errorf("%s of %s/%s and %s are the same in the cloud: %s", name, u.GetNamespace(), u.GetName(), owner, key)
			}
			paths[key] = name + " of " + u.GetNamespace() + "/" + u.GetName()
		}
	}
	if len(paths) < 20 {
		return fmt.Errorf("only %d names in the cloud were compared", len(paths))
	}
	return clean(ctx)
}

// cloudName is where a managed resource stands in its cloud; empty when it is not one.
func cloudName(u *unstructured.Unstructured) string {
	external := u.GetAnnotations()["crossplane.io/external-name"]
	if external == "" {
		return ""
	}
	parameters, _, _ := unstructured.NestedMap(u.Object, "spec", "forProvider")
	return fmt.Sprint(u.GetKind(), " ", parameters["backend"], parameters["mount"], parameters["region"], " ", external)
}
