package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/cluster"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
)

// apiServerRestarted kills the API server while databases are being created, and starts it again. The recorder does not hear what
// happens in between; it lists everything afterwards and compares.
func apiServerRestarted(ctx context.Context, c *e2e.Case) error {
	w, err := begin(ctx, c)
	if err != nil {
		return err
	}
	gaps := c.Recorder().Summary().Gaps
	databases, err := three(ctx, c)
	if err != nil {
		return err
	}
	if err := composedAny(ctx, c, instanceName, databases...); err != nil {
		return err
	}
	if err := errors.Join(unfinished(ctx, c, databases...), kill(c, "kube-apiserver")); err != nil {
		return err
	}
	if err := cluster.Restart(ctx, c.Instance()); err != nil {
		return err
	}
	for _, u := range databases {
		if err := readyWithHelp(ctx, c, u); err != nil {
			return err
		}
	}
	if err := w.madeOnce(ctx, databases...); err != nil {
		return err
	}
	if now := c.Recorder().Summary().Gaps; now == gaps {
		return fmt.Errorf("the recorder knows of no gap, and the API server was away")
	}
	return w.recorded(ctx, databases)
}

const (
	requestedAt   = "crossplane.io/reconcile-requested-at"
	createPending = "crossplane.io/external-create-pending"
	// undetermined is what Crossplane says of a resource whose creation had begun when the API server went away: it may exist or
	// not, and nobody but a person may decide to create it once more.
	undetermined = "cannot determine creation result - remove the " + createPending + " annotation if it is safe to proceed"
)

// readyWithHelp waits until a database is ready. Where Crossplane asks a person to look into the cloud, that has to stand in the
// conditions of the database, with the name of the resource, and the story does what the person does.
func readyWithHelp(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	for {
		var stuck *unstructured.Unstructured
		if err := c.Eventually(ctx, patience, func(ctx context.Context) (err error) {
			if stuck, err = undeterminedOf(ctx, c, u); err != nil || stuck != nil {
				return err
			}
			return c.Ready(ctx, u)
		}); err != nil || stuck == nil {
			return err
		}
		if err := told(ctx, c, u, stuck); err != nil {
			return err
		}
		if err := lookAndProceed(ctx, c, stuck); err != nil {
			return err
		}
	}
}

// undeterminedOf finds a resource of a composite that waits for a person.
func undeterminedOf(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return nil, err
	}
	for _, name := range e2e.Names(composed) {
		if _, _, message := kube.Condition(composed[name], "Synced"); message == undetermined {
			return composed[name], nil
		}
	}
	return nil, nil //nolint:nilnil // None is an answer.
}

// told waits until the database itself says which resource waits for a person, and for what.
func told(ctx context.Context, c *e2e.Case, u, stuck *unstructured.Unstructured) error {
	name := stuck.GetKind() + " " + stuck.GetName()
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		live, err := c.Get(ctx, u)
		if err != nil {
			return err
		}
		for _, t := range []string{"DatabaseReady", "VaultReady"} {
			status, reason, message := kube.Condition(live, t)
			if status == "False" && reason == "Failing" && strings.Contains(message, name) && strings.Contains(message, undetermined) {
				return nil
			}
		}
		return fmt.Errorf("no condition of %s says of %s: %s", u.GetName(), name, undetermined)
	})
}

// lookAndProceed looks whether the cloud has the resource, tells the managed resource its name when it does, and lets it go on. A
// provider does not notice when that annotation goes, and would look again within the hour: so it is asked to look now.
func lookAndProceed(ctx context.Context, c *e2e.Case, stuck *unstructured.Unstructured) error {
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return err
	}
	return c.Edit(ctx, stuck, func(live *unstructured.Unstructured) {
		annotations := live.GetAnnotations()
		for _, r := range cloud.Resources {
			if r.Owner.UID == string(live.GetUID()) {
				annotations[externalName] = r.ExternalName
			}
		}
		delete(annotations, createPending)
		annotations[requestedAt] = time.Now().UTC().Format(time.RFC3339Nano)
		live.SetAnnotations(annotations)
	})
}

// recorded checks that the recorder knows everything that was composed, whatever it has missed.
func (w *witness) recorded(ctx context.Context, databases []*unstructured.Unstructured) error {
	for _, u := range databases {
		changes, err := w.changed(ctx, u)
		if err != nil {
			return err
		}
		composed, err := w.Composed(ctx, u)
		if err != nil {
			return err
		}
		for _, name := range e2e.Names(composed) {
			if !slices.Contains(changes, string(recorder.ResourceCreated)+" "+name) {
				return fmt.Errorf("the recorder has not seen %s of %s", name, u.GetName())
			}
		}
	}
	return nil
}
