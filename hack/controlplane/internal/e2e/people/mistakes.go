package people

import (
	"context"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
)

// patience with what a mistake sets off.
const patience = time.Minute

// mistake is an edit of a claim that a developer may do and nobody should.
type mistake struct {
	what  string
	merge string
	// says is what Synced says then. Empty when core mends it by itself.
	says string
	// undo takes it back, where core does not.
	undo string
}

// mistakes touches what belongs to Crossplane in a claim. The database that runs stays what it is.
func mistakes(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "production")
	if err != nil {
		return err
	}
	if err := bind(ctx, c, "goldenpath-developer"); err != nil {
		return err
	}
	me, err := c.As("jo", group)
	if err != nil {
		return err
	}
	if err := withKubectl(ctx, c); err != nil {
		return err
	}
	for _, m := range []mistake{
		{"forget what is composed", `{"spec":{"crossplane":{"resourceRefs":[]}}}`, "", ""},
		{"remove everything of Crossplane's", `{"spec":{"crossplane":null}}`, "", ""},
		{"remove the finalizers", `{"metadata":{"finalizers":null}}`, "", ""},
		{
			"name the composition of another kind", `{"spec":{"crossplane":{"compositionRef":{"name":"environments.platform.io"}}}}`,
			"referenced composition is not compatible with this composite resource", `{"spec":{"crossplane":{"compositionRef":null}}}`,
		},
		{
			"name a composition that does not exist", `{"spec":{"crossplane":{"compositionRef":{"name":"mine"}}}}`,
			`Composition.apiextensions.crossplane.io "mine" not found`, `{"spec":{"crossplane":{"compositionRef":null}}}`,
		},
	} {
		if err := harmless(ctx, c, me, u, m); err != nil {
			return fmt.Errorf("a developer who happens to %s: %w", m.what, err)
		}
	}
	return unlabelled(ctx, c, me, u)
}

// withKubectl waits for a database as people do, which is a watch, and deletes all, which is one request for each.
func withKubectl(ctx context.Context, c *e2e.Case) error {
	as := []string{"--as=jo", "--as-group=" + group}
	if out, err := c.Kubectl(ctx, append(as, "wait", "appdb/orders", "--for=condition=Ready", "--timeout=30s")...); err != nil {
		return fmt.Errorf("kubectl wait: %w\n%s", err, out)
	}
	out, err := c.Kubectl(ctx, append(as, "delete", "appdb", "--all")...)
	if err == nil || !strings.Contains(out, "orders is protected: set spec.deletionProtection to false") {
		return fmt.Errorf("kubectl delete appdb --all: expected the refusal of a protected database:\n%s", out)
	}
	return nil
}

func merge(ctx context.Context, me client.Client, u *unstructured.Unstructured, patch string) error {
	return me.Patch(ctx, kube.Object(u.GroupVersionKind(), u.GetNamespace(), u.GetName()),
		client.RawPatch("application/merge-patch+json", []byte(patch)))
}

// harmless makes a mistake, and checks that nothing that is composed is created, changed or deleted.
func harmless(ctx context.Context, c *e2e.Case, me client.Client, u *unstructured.Unstructured, m mistake) error {
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	before, err := identities(ctx, c, u)
	if err != nil {
		return err
	}
	if err := c.Recorder().Sync(ctx); err != nil {
		return err
	}
	mark := c.Recorder().Mark()
	if err := merge(ctx, me, u, m.merge); err != nil {
		return err
	}
	if m.says != "" {
		if err := c.Condition(ctx, u, "Synced", "False", "ReconcileError", m.says); err != nil {
			return err
		}
		if err := merge(ctx, me, u, m.undo); err != nil {
			return err
		}
	}
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error {
		after, err := identities(ctx, c, u)
		if err == nil && before != after {
			err = fmt.Errorf("it was composed of\n%s\nand is of\n%s", before, after)
		}
		return err
	}); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	if err := c.Recorder().Sync(ctx); err != nil {
		return err
	}
	if changes := c.Recorder().Changes(mark, recorder.Match{Namespace: c.Namespace}); len(changes) > 0 {
		return fmt.Errorf("there was %v", changes)
	}
	return nil
}

// identities of what a composite is made of.
func identities(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) (string, error) {
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return "", err
	}
	var all []string
	for _, name := range e2e.Names(composed) {
		all = append(all, fmt.Sprint(name, " ", composed[name].GetUID()))
	}
	return strings.Join(all, "\n"), nil
}

// unlabelled removes the label that makes Crossplane look at a deletion at all, and deletes. That is no accident any more, and the
// API server accepts it: the label returns only after a minute. What is left then is the cloud, which keeps the database.
func unlabelled(ctx context.Context, c *e2e.Case, me client.Client, u *unstructured.Unstructured) error {
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	instance := composed["database-instance"]
	c.AllowLoss(u, "a developer deletes it by all means; the managed resource goes, and the cloud keeps what is protected")
	if err := merge(ctx, me, u, `{"metadata":{"labels":{"crossplane.io/in-use":null}}}`); err != nil {
		return err
	}
	if err := me.Delete(ctx, u.DeepCopy()); err != nil {
		return fmt.Errorf("without the label crossplane.io/in-use the deletion was not accepted: %w", err)
	}
	if err := c.Gone(ctx, patience, instance); err != nil {
		return err
	}
	if err := kept(ctx, c, u); err != nil {
		return err
	}
	return leftToCloud(ctx, c, u)
}

// kept checks that the cloud has the database as ever.
func kept(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return err
	}
	for _, r := range cloud.Resources {
		if r.Kind == "Instance" && r.Owner.Namespace == u.GetNamespace() && r.Status == "available" && r.DeletionProtection {
			return nil
		}
	}
	return fmt.Errorf("the cloud has no protected database of %s", u.GetName())
}

// leftToCloud lets the managed resources go that the database cannot live without, and leaves to the cloud what they stand for, as the README
// says.
func leftToCloud(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	out, err := c.Kubectl(ctx, "get", "managed", "--selector=platform.io/claim-name="+u.GetName(), "--output=name")
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	for _, name := range strings.Fields(out) {
		out, err := c.Kubectl(ctx, "patch", name, "--type=merge", `--patch={"spec":{"managementPolicies":["Observe"]}}`)
		if err != nil && !strings.Contains(out, "NotFound") { // it may have gone just now
			return fmt.Errorf("%w\n%s", err, out)
		}
	}
	return kept(ctx, c, u)
}
