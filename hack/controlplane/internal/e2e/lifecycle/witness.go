package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

const (
	// instanceName is the composed resource that holds the data.
	instanceName = "database-instance"
	// externalName is the annotation that says what a managed resource stands for in the cloud.
	externalName = "crossplane.io/external-name"
	// patience with what a restart delays. Core waits up to 30 seconds before it tries something again that has failed.
	patience = 90 * time.Second
)

// witness knows where the records of the cloud and of the API server stood when a story began.
type witness struct {
	*e2e.Case

	call int
	mark recorder.Mark
}

func begin(ctx context.Context, c *e2e.Case) (*witness, error) {
	if err := c.Recorder().Sync(ctx); err != nil {
		return nil, err
	}
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return nil, err
	}
	return &witness{Case: c, call: cloud.LastCall, mark: c.Recorder().Mark()}, nil
}

// calls of the cloud for the scenario's resources since the story began.
func (w *witness) calls(ctx context.Context) ([]api.Call, error) {
	all, err := w.Cloud().Calls(ctx, w.call)
	if err != nil {
		return nil, err
	}
	var ours []api.Call
	for _, call := range all.Calls {
		if call.Owner.Namespace == w.Namespace {
			ours = append(ours, call)
		}
	}
	return ours, nil
}

// madeOnce checks that everything that some composites are made of was created exactly once in the cloud, that nothing else was,
// and that nothing was deleted, here or there.
func (w *witness) madeOnce(ctx context.Context, composites ...*unstructured.Unstructured) error {
	calls, err := w.calls(ctx)
	if err != nil {
		return err
	}
	created := map[string]int{}
	for _, call := range calls {
		switch {
		case call.Verb == api.Delete || call.Verb == api.Orphan:
			return fmt.Errorf("the cloud was told to %s %s %s, and nothing was to be deleted", call.Verb, call.Kind, call.ExternalName)
		case call.Verb == api.Create && call.Error == "":
			created[call.Kind+" "+call.ExternalName]++
		}
	}
	for _, u := range composites {
		composed, err := w.Composed(ctx, u)
		if err != nil {
			return err
		}
		for _, name := range e2e.Names(composed) {
			id, managed := composed[name].GetAnnotations()[externalName]
			if !managed {
				continue // not of the cloud
			}
			key := composed[name].GetKind() + " " + id
			if created[key] != 1 {
				return fmt.Errorf("%s of %s (%s) was created %d times, expected once", name, u.GetName(), key, created[key])
			}
			delete(created, key)
		}
	}
	if len(created) > 0 {
		return fmt.Errorf("the cloud holds more than what is composed: %v", created)
	}
	return w.nothingDeleted(ctx)
}

// nothingDeleted checks that no composed resource of the scenario was deleted.
func (w *witness) nothingDeleted(ctx context.Context) error {
	if err := w.Recorder().Sync(ctx); err != nil {
		return err
	}
	for _, change := range w.Recorder().Changes(w.mark, recorder.Match{Namespace: w.Namespace}) {
		if change.Type == recorder.ResourceDeleted {
			return fmt.Errorf("nothing was to be deleted: %s", change)
		}
	}
	return nil
}

// changed are the composed resources of the scenario that were created, changed or deleted, as in "Changed database-instance".
func (w *witness) changed(ctx context.Context, u *unstructured.Unstructured) ([]string, error) {
	if err := w.Recorder().Sync(ctx); err != nil {
		return nil, err
	}
	var all []string
	for _, change := range w.Recorder().Changes(w.mark, recorder.Match{Namespace: w.Namespace, Composite: u.GetName()}) {
		all = append(all, string(change.Type)+" "+change.Resource)
	}
	return all, nil
}

// unchanged checks that nothing was created, changed or deleted of a composite.
func (w *witness) unchanged(ctx context.Context, u *unstructured.Unstructured) error {
	got, err := w.changed(ctx, u)
	if err == nil && len(got) > 0 {
		err = fmt.Errorf("nothing of %s was to change, and there was %v", u.GetName(), got)
	}
	return err
}

// inCloud is what the cloud holds of a composite, orphans included.
func inCloud(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) ([]api.Resource, error) {
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return nil, err
	}
	var all []api.Resource
	for _, r := range cloud.Resources {
		if r.Owner.Namespace == u.GetNamespace() && strings.HasPrefix(r.Owner.Name, u.GetName()+"-") {
			all = append(all, r)
		}
	}
	return all, nil
}

// noneInCloud checks that the cloud has nothing of a composite.
func noneInCloud(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	all, err := inCloud(ctx, c, u)
	if all = slices.DeleteFunc(all, e2e.KeptLogs); err == nil && len(all) > 0 {
		err = fmt.Errorf("the cloud still has %v of %s", identities(all), u.GetName())
	}
	return err
}

// databaseInCloud is the DB instance of a composite in the cloud.
func databaseInCloud(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) (*api.Resource, error) {
	all, err := inCloud(ctx, c, u)
	if err != nil {
		return nil, err
	}
	for n := range all {
		if all[n].Kind == "Instance" {
			return &all[n], nil
		}
	}
	return nil, fmt.Errorf("the cloud has no DB instance of %s", u.GetName())
}

// snapshots checks how many snapshots of a DB instance the cloud has.
func snapshots(ctx context.Context, c *e2e.Case, identifier string, want int) error {
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return err
	}
	n := 0
	for _, s := range cloud.Snapshots {
		if s.Instance == identifier {
			n++
		}
	}
	if n != want {
		return fmt.Errorf("the cloud has %d snapshots of %s, expected %d", n, identifier, want)
	}
	return nil
}

// ready waits until composites are Synced and Ready.
func ready(ctx context.Context, c *e2e.Case, composites ...*unstructured.Unstructured) error {
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		for _, u := range composites {
			live, err := c.Get(ctx, u)
			if err != nil {
				return err
			}
			for _, t := range []string{"Synced", "Ready"} {
				if status, reason, message := kube.Condition(live, t); status != "True" {
					return fmt.Errorf("%s %s: %s is %q (%s: %s)", u.GetKind(), u.GetName(), t, status, reason, message)
				}
			}
		}
		return nil
	})
}

// unfinished fails when all composites are ready already: what was to happen during their creation would prove nothing.
func unfinished(ctx context.Context, c *e2e.Case, composites ...*unstructured.Unstructured) error {
	for _, u := range composites {
		live, err := c.Get(ctx, u)
		if err != nil {
			return err
		}
		if status, _, _ := kube.Condition(live, "Ready"); status != "True" {
			return nil
		}
	}
	return fmt.Errorf("all of them are ready already, too early for this story")
}

// composedAny waits until a resource of some composite is there.
func composedAny(ctx context.Context, c *e2e.Case, name string, composites ...*unstructured.Unstructured) error {
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		for _, u := range composites {
			composed, err := c.Composed(ctx, u)
			if err != nil {
				return err
			}
			if composed[name] != nil {
				return nil
			}
		}
		return fmt.Errorf("no %s is there yet", name)
	})
}

// three databases in an Environment of the scenario, just applied.
func three(ctx context.Context, c *e2e.Case) ([]*unstructured.Unstructured, error) {
	if _, err := c.Environment(ctx, "staging", "staging"); err != nil {
		return nil, err
	}
	var all []*unstructured.Unstructured
	for _, name := range []string{"orders", "payments", "stock"} {
		u := c.Database(name)
		if err := c.Apply(ctx, u); err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	return all, nil
}

// resize changes the size of a database.
func resize(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, size string) error {
	return c.Edit(ctx, u, func(live *unstructured.Unstructured) {
		_ = unstructured.SetNestedField(live.Object, size, "spec", "size") // cannot fail: spec is an object
	})
}

// statusIs waits until a field of the status of a composite has a value.
func statusIs(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, field, value string) error {
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		live, err := c.Get(ctx, u)
		if err != nil {
			return err
		}
		if got, _, _ := unstructured.NestedFieldNoCopy(live.Object, "status", field); fmt.Sprint(got) != value {
			return fmt.Errorf("status.%s of %s is %v, expected %s", field, u.GetName(), got, value)
		}
		return nil
	})
}
