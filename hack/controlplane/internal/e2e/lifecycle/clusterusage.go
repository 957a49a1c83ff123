package lifecycle

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// namespaceProtected protects a namespace with deploy/samples/protected-namespace.yaml. Its deletion is refused; what the refusal
// says to do ends with the namespace gone and nothing left behind.
func namespaceProtected(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "production")
	if err != nil {
		return err
	}
	database, err := databaseInCloud(ctx, c, u)
	if err != nil {
		return err
	}
	usage, err := sample(c)
	if err != nil {
		return err
	}
	if err := c.Apply(ctx, usage); err != nil {
		return err
	}
	// Nothing of this story may keep the namespace from being deleted in the end.
	defer c.Client().Delete(context.WithoutCancel(ctx), usage.DeepCopy()) //nolint:errcheck // It is gone when the story ends well.
	if err := c.Condition(ctx, usage, "Ready", "True", "Available"); err != nil {
		return err
	}
	if err := namespaceRefused(ctx, c, u); err != nil {
		return err
	}
	if err := c.Edit(ctx, u, func(live *unstructured.Unstructured) {
		_ = unstructured.SetNestedField(live.Object, false, "spec", "deletionProtection") // cannot fail: spec is an object
	}); err != nil {
		return err
	}
	if err := statusIs(ctx, c, u, "deletionProtection", "false"); err != nil {
		return err
	}
	if err := deleted(ctx, c, u, database.Name, func() error { return accepted(c.Kubectl(ctx, "delete", "appdb", "orders")) }); err != nil {
		return err
	}
	c.AllowLoss(c.Database("staging"), "the Environment goes with its namespace")
	for _, args := range [][]string{{"clusterusage", usage.GetName()}, {"namespace", c.Namespace, "--timeout=100s"}} {
		if err := accepted(c.Kubectl(ctx, append([]string{"delete"}, args...)...)); err != nil {
			return err
		}
	}
	return nil
}

// sample is the ClusterUsage of deploy/samples for the namespace of the scenario.
func sample(c *e2e.Case) (*unstructured.Unstructured, error) {
	raw, err := os.ReadFile(filepath.Join(c.Instance().Root, "deploy", "samples", "protected-namespace.yaml"))
	if err != nil {
		return nil, err
	}
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(strings.ReplaceAll(string(raw), "team-checkout", c.Namespace)), &u.Object); err != nil {
		return nil, err
	}
	want := schema.GroupVersionKind{Group: "protection.crossplane.io", Version: "v1beta1", Kind: "ClusterUsage"}
	if u.GroupVersionKind() != want || u.GetName() != "protect-namespace-"+c.Namespace {
		return nil, fmt.Errorf("the sample is %s %s, expected a ClusterUsage of the namespace", u.GroupVersionKind(), u.GetName())
	}
	return u, nil
}

// namespaceRefused deletes the namespace in vain.
func namespaceRefused(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	w, err := begin(ctx, c)
	if err != nil {
		return err
	}
	for _, args := range [][]string{nil, {"--force", "--grace-period=0"}, {"--cascade=foreground"}} {
		out, err := c.Kubectl(ctx, append([]string{"delete", "namespace", c.Namespace}, args...)...)
		says := c.Namespace + " holds production data: delete its claims first (a protected one says how), then the ClusterUsage " +
			"protect-namespace-" + c.Namespace + ", then the namespace"
		if err == nil || !strings.Contains(out, says) {
			return fmt.Errorf("kubectl delete namespace %v: expected a refusal that says %q:\n%s", args, says, out)
		}
	}
	if err := w.unchanged(ctx, u); err != nil {
		return err
	}
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	if live.GetDeletionTimestamp() != nil {
		return fmt.Errorf("the deletion of the namespace was refused, and that of %s has begun", u.GetName())
	}
	return nil
}
