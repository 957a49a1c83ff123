package lifecycle

import (
	"context"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
)

// sentence is what somebody reads who deletes a protected database.
const sentence = "orders is protected: set spec.deletionProtection to false, wait until status.deletionProtection is false, then delete it"

// deletionProtection deletes a production database, which is protected by default, in every way that kubectl knows. Then it turns
// protection off as the refusal says, and deletes.
func deletionProtection(ctx context.Context, c *e2e.Case) error {
	scratch := c.Database("scratch", func(spec map[string]any) { spec["deletionProtection"] = false })
	u, err := c.Running(ctx, "production")
	if err != nil {
		return err
	}
	if err := c.Apply(ctx, scratch); err != nil {
		return err
	}
	if err := ready(ctx, c, scratch); err != nil {
		return err
	}
	database, err := databaseInCloud(ctx, c, u)
	if err != nil {
		return err
	}
	if !database.DeletionProtection {
		return fmt.Errorf("a production database is not protected in the cloud")
	}
	if err := refusedAll(ctx, c, u, scratch); err != nil {
		return err
	}
	if err := turnedOff(ctx, c, u); err != nil {
		return err
	}
	// As the sentence says: status is false, so now.
	return deleted(ctx, c, u, database.Name, func() error {
		return accepted(c.Kubectl(ctx, "delete", "appdb", "orders"))
	})
}

// refusedAll deletes the database in all ways, and with it one that is not protected.
func refusedAll(ctx context.Context, c *e2e.Case, u, scratch *unstructured.Unstructured) error {
	w, err := begin(ctx, c)
	if err != nil {
		return err
	}
	for _, args := range [][]string{
		{"orders"}, {"orders", "--force", "--grace-period=0"}, {"orders", "--cascade=foreground"}, {"orders", "--cascade=orphan"},
		{"orders", "--wait=false"},
	} {
		if err := refused(c.Kubectl(ctx, append([]string{"delete", "appdb"}, args...)...)); err != nil {
			return fmt.Errorf("kubectl delete appdb %s: %w", strings.Join(args, " "), err)
		}
	}
	c.AllowLoss(scratch, "kubectl delete appdb --all")
	if err := refused(c.Kubectl(ctx, "delete", "appdb", "--all")); err != nil {
		return fmt.Errorf("kubectl delete appdb --all: %w", err)
	}
	if err := c.Gone(ctx, patience, scratch); err != nil {
		return fmt.Errorf("kubectl delete appdb --all: what is not protected was to go: %w", err)
	}
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	if live.GetDeletionTimestamp() != nil {
		return fmt.Errorf("the deletion was refused and has begun")
	}
	return w.unchanged(ctx, u)
}

// refused checks that kubectl failed, with our sentence.
func refused(out string, err error) error {
	if err == nil {
		return fmt.Errorf("it was accepted:\n%s", out)
	}
	if !strings.Contains(out, "denied the request") || !strings.Contains(out, sentence) {
		return fmt.Errorf("expected a refusal that says %q:\n%s", sentence, out)
	}
	return nil
}

// accepted checks that kubectl did what it was told.
func accepted(out string, err error) error {
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// turnedOff turns protection off. Until the cloud has done so, which takes as long as it takes, a deletion is refused: it would
// hang, because a provider does not change what it deletes.
func turnedOff(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	if err := faults(ctx, c, u, instanceName+"="+string(fault.Stuck)); err != nil {
		return err
	}
	if err := c.Edit(ctx, u, func(live *unstructured.Unstructured) {
		_ = unstructured.SetNestedField(live.Object, false, "spec", "deletionProtection") // cannot fail: spec is an object
	}); err != nil {
		return err
	}
	if err := refused(c.Kubectl(ctx, "delete", "appdb", "orders")); err != nil {
		return fmt.Errorf("right after protection was turned off: %w", err)
	}
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error {
		composed, err := c.Composed(ctx, u)
		if err != nil {
			return err
		}
		if on, _, _ := unstructured.NestedBool(composed[instanceName].Object, "spec", "forProvider", "deletionProtection"); on {
			return fmt.Errorf("the function has not turned protection off yet")
		}
		return nil
	}); err != nil {
		return err
	}
	if err := statusIs(ctx, c, u, "deletionProtection", "true"); err != nil {
		return err
	}
	if err := refused(c.Kubectl(ctx, "delete", "appdb", "orders")); err != nil {
		return fmt.Errorf("while the cloud is turning protection off: %w", err)
	}
	if err := faults(ctx, c, u, ""); err != nil {
		return err
	}
	return statusIs(ctx, c, u, "deletionProtection", "false")
}

// faults lets things go wrong with what a database is made of.
func faults(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, what string) error {
	return patch(ctx, c, u, `{"metadata":{"annotations":{"`+fault.CompositeAnnotation+`":"`+what+`"}}}`)
}

// deleted deletes a database as asked, and waits until nothing of it is left but the final snapshot.
func deleted(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, identifier string, remove func() error) error {
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	c.AllowLoss(u, "its owner deletes it")
	if err := remove(); err != nil {
		return err
	}
	return c.Eventually(ctx, patience, func(ctx context.Context) error { return nothingLeft(ctx, c, u, identifier, composed) })
}

// nothingLeft checks that a database and everything that it was made of are gone, and that the cloud keeps the final snapshot and
// nothing else.
func nothingLeft(
	ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, identifier string, composed map[string]*unstructured.Unstructured,
) error {
	objects := []*unstructured.Unstructured{u}
	for _, name := range e2e.Names(composed) {
		objects = append(objects, composed[name])
	}
	for _, o := range objects {
		if _, err := c.Get(ctx, o); err == nil {
			return fmt.Errorf("%s %s is still there", o.GetKind(), o.GetName())
		} else if !apierrors.IsNotFound(err) {
			return err
		}
	}
	if err := noneInCloud(ctx, c, u); err != nil {
		return err
	}
	return snapshots(ctx, c, identifier, 1) // the final one
}
