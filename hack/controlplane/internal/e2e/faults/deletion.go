package faults

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
)

// slow is how long the cloud takes for a deletion that is slow.
const slow = 5 * time.Second

// slowDeletion deletes a claim whose database the cloud takes its time to delete. The managed resource stays as long as the
// database does, and after that nothing is left but the final snapshot.
func slowDeletion(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	w, err := newWitness(ctx, c)
	if err != nil {
		return err
	}
	all, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	// On the managed resource: the claim, whose annotation would say it for it, goes first.
	database := all[instance]
	if err := c.Edit(ctx, database, func(live *unstructured.Unstructured) {
		annotations := live.GetAnnotations()
		annotations[fault.Annotation] = string(fault.SlowDelete) + "=" + slow.String()
		live.SetAnnotations(annotations)
	}); err != nil {
		return err
	}
	c.AllowLoss(u, "the claim is deleted")
	if err := c.Client().Delete(ctx, u.DeepCopy()); err != nil {
		return err
	}
	if err := outlives(ctx, c, w, database); err != nil {
		return err
	}
	return nothingLeft(ctx, c, w, u, all)
}

// outlives waits until the cloud has deleted the database, and checks that its managed resource is there, being deleted, as long
// as the cloud has it, and that the cloud really takes its time.
func outlives(ctx context.Context, c *e2e.Case, w *witness, database *unstructured.Unstructured) error {
	var seen int
	var early error
	err := c.Eventually(ctx, patience, func(ctx context.Context) error {
		live, err := c.Get(ctx, database) // before the cloud is asked: the managed resource goes after the database
		missing := apierrors.IsNotFound(err)
		if err != nil && !missing {
			return err
		}
		left, err := w.inCloud(ctx)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(left, func(r api.Resource) bool { return r.Owner.CompositionResource == instance })
		switch {
		case n < 0:
			return nil
		case missing:
			early = fmt.Errorf("the managed resource is gone, and the cloud still has the database %s", left[n].Name)
			return nil
		case left[n].Status == "deleting" && live.GetDeletionTimestamp() != nil:
			seen++
		}
		return fmt.Errorf("the cloud still has the database %s, which is %s", left[n].Name, left[n].Status)
	})
	if err == nil && seen == 0 {
		err = errors.New("nobody saw the database being deleted")
	}
	if err := errors.Join(early, err); err != nil {
		return err
	}
	return w.slowly(ctx)
}

// slowly checks that the deletion, which has just ended, has taken its time.
func (w *witness) slowly(ctx context.Context) error {
	calls, err := w.calls(ctx)
	if err != nil {
		return err
	}
	for _, call := range calls {
		if call.Verb == api.Delete && call.Owner.CompositionResource == instance && call.Error == "" {
			if took := time.Since(call.Time); took < slow {
				return fmt.Errorf("the deletion was to take %s, and took %s", slow, took)
			}
			return nil
		}
	}
	return errors.New("the cloud was not asked to delete the database")
}

// gone deletes a claim and waits until nothing of it is left but Secrets of others.
func gone(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, others ...string) error {
	w, err := newWitness(ctx, c)
	if err != nil {
		return err
	}
	all, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	c.AllowLoss(u, "the claim is deleted")
	if err := c.Client().Delete(ctx, u.DeepCopy()); err != nil {
		return err
	}
	return nothingLeft(ctx, c, w, u, all, others...)
}

// nothingLeft waits until a claim and all that it was composed of are gone, here and in the cloud, but for the final snapshot
// and Secrets of others.
func nothingLeft(ctx context.Context, c *e2e.Case, w *witness, u *unstructured.Unstructured,
	all map[string]*unstructured.Unstructured, others ...string,
) error {
	objects := []*unstructured.Unstructured{u}
	for _, name := range e2e.Names(all) {
		objects = append(objects, all[name])
	}
	if err := c.Gone(ctx, patience, objects...); err != nil {
		return err
	}
	has, err := w.inCloud(ctx)
	if err != nil {
		return err
	}
	if has = slices.DeleteFunc(has, e2e.KeptLogs); len(has) > 0 {
		return fmt.Errorf("the claim is gone, and the cloud still has %d resources, such as %s", len(has), has[0].ExternalName)
	}
	if err := noSecrets(ctx, c, others); err != nil {
		return err
	}
	return snapshot(ctx, c, all[instance])
}

// noSecrets waits until there are no Secrets in the namespace but those of others: the garbage collector goes last.
func noSecrets(ctx context.Context, c *e2e.Case, others []string) error {
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		secrets := &corev1.SecretList{}
		if err := c.Client().List(ctx, secrets, client.InNamespace(c.Namespace)); err != nil {
			return err
		}
		for _, s := range secrets.Items {
			if !slices.Contains(others, s.Name) {
				return fmt.Errorf("the claim is gone, and its Secret %s is still there", s.Name)
			}
		}
		return nil
	})
}

// snapshot checks that the cloud keeps the final snapshot.
func snapshot(ctx context.Context, c *e2e.Case, database *unstructured.Unstructured) error {
	name, _, _ := unstructured.NestedString(database.Object, "spec", "forProvider", "finalSnapshotIdentifier")
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return err
	}
	for _, s := range cloud.Snapshots {
		if s.Identifier == name {
			return nil
		}
	}
	return fmt.Errorf("the cloud has no final snapshot %q", name)
}
