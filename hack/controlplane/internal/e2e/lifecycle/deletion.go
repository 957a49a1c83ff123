package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// foreignSecret is a Secret that is not ours.
const foreignSecret = "notes"

// deleteLeavesNothing deletes staging databases, in the background and in the foreground, and looks at everything that the API
// server has in the namespace afterwards.
func deleteLeavesNothing(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	if err := c.Client().Create(ctx, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: c.Namespace, Name: foreignSecret}, StringData: map[string]string{"note": "not ours"},
	}); err != nil {
		return err
	}
	other := c.Database("payments")
	if err := c.Apply(ctx, other); err != nil {
		return err
	}
	if err := ready(ctx, c, other); err != nil {
		return err
	}
	gone, err := deletedInBackground(ctx, c, u)
	if err != nil {
		return fmt.Errorf("kubectl delete: %w", err)
	}
	if err := deletedInForeground(ctx, c, other); err != nil {
		return fmt.Errorf("kubectl delete --cascade=foreground: %w", err)
	}
	if err := c.Eventually(ctx, patience, gone); err != nil {
		return fmt.Errorf("kubectl delete: %w", err)
	}
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error { return onlyStrangers(ctx, c) }); err != nil {
		return err
	}
	// Nothing uses the Environment any more.
	c.AllowLoss(c.Database("staging"), "its owner deletes it")
	return accepted(c.Kubectl(ctx, "delete", "environment", "staging", "--timeout=30s"))
}

// deletedInBackground returns from kubectl at once. What it returns checks that all is gone.
func deletedInBackground(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) (gone func(context.Context) error, err error) {
	database, err := databaseInCloud(ctx, c, u)
	if err != nil {
		return nil, err
	}
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return nil, err
	}
	c.AllowLoss(u, "its owner deletes it")
	gone = func(ctx context.Context) error { return nothingLeft(ctx, c, u, database.Name, composed) }
	return gone, accepted(c.Kubectl(ctx, "delete", "appdb", u.GetName()))
}

// deletedInForeground returns from kubectl when all is gone, not earlier. Only the Usages of the Environment may be a moment late:
// they belong to the managed resources too, so that Kubernetes' garbage collector lets them go after those.
func deletedInForeground(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	database, err := databaseInCloud(ctx, c, u)
	if err != nil {
		return err
	}
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	c.AllowLoss(u, "its owner deletes it")
	if err := accepted(c.Kubectl(ctx, "delete", "appdb", u.GetName(), "--cascade=foreground", "--timeout=90s")); err != nil {
		return err
	}
	late := map[string]*unstructured.Unstructured{}
	for name, o := range composed {
		if o.GetKind() == "Usage" {
			late[name] = o
			delete(composed, name)
		}
	}
	if err := nothingLeft(ctx, c, u, database.Name, composed); err != nil {
		return err
	}
	return c.Eventually(ctx, patience, func(ctx context.Context) error { return nothingLeft(ctx, c, u, database.Name, late) })
}

// onlyStrangers lists everything of every kind in the namespace: there is the Environment and what it is made of, the Secret that is not
// ours and what Kubernetes puts into every namespace.
func onlyStrangers(ctx context.Context, c *e2e.Case) error {
	out, err := c.Kubectl(ctx, "api-resources", "--namespaced", "--verbs=list", "--output=name")
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	kinds := slices.DeleteFunc(strings.Fields(out), func(kind string) bool {
		return strings.HasPrefix(kind, "events") || strings.HasSuffix(kind, ".metrics.k8s.io")
	})
	out, err = c.Kubectl(ctx, "get", strings.Join(kinds, ","), "--output=name", "--ignore-not-found",
		"--selector=crossplane.io/composite!=staging")
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	for _, name := range strings.Split(strings.TrimSpace(out), "\n") {
		if strings.HasPrefix(name, "Warning: ") {
			continue // of kubectl, about kinds that are deprecated
		}
		switch name {
		case "environment.platform.io/staging", "secret/" + foreignSecret, "serviceaccount/default", "configmap/kube-root-ca.crt":
		default:
			return fmt.Errorf("%s is left; all that there is:\n%s", name, out)
		}
	}
	return nil
}
