package faults

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// witness tells what has happened in the API server and in the cloud since a moment.
type witness struct {
	c    *e2e.Case
	mark recorder.Mark
	call int
}

func newWitness(ctx context.Context, c *e2e.Case) (*witness, error) {
	if err := c.Recorder().Sync(ctx); err != nil {
		return nil, err
	}
	w := &witness{c: c, mark: c.Recorder().Mark()}
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return nil, err
	}
	w.call = cloud.LastCall
	return w, nil
}

// calls of the scenario's managed resources.
func (w *witness) calls(ctx context.Context) ([]api.Call, error) {
	all, err := w.c.Cloud().Calls(ctx, w.call)
	if err != nil {
		return nil, err
	}
	var own []api.Call
	for _, call := range all.Calls {
		if call.Owner.Namespace == w.c.Namespace {
			own = append(own, call)
		}
	}
	return own, nil
}

// changes of the scenario's composed resources.
func (w *witness) changes(ctx context.Context) ([]recorder.Change, error) {
	if err := w.c.Recorder().Sync(ctx); err != nil {
		return nil, err
	}
	return w.c.Recorder().Changes(w.mark, recorder.Match{Namespace: w.c.Namespace}), nil
}

// undisturbed checks that nothing was deleted and nothing was made twice, neither in the API server nor in the cloud.
func (w *witness) undisturbed(ctx context.Context) error {
	changes, err := w.changes(ctx)
	if err != nil {
		return err
	}
	made := map[string]string{}
	for _, change := range changes {
		if change.Type == recorder.ResourceDeleted {
			return fmt.Errorf("nobody asked for that: %s", change)
		}
		if before := made[change.Resource]; change.Type == recorder.ResourceCreated && before != "" {
			return fmt.Errorf("%s was created as %s and again as %s", change.Resource, before, change.Name)
		}
		if change.Type == recorder.ResourceCreated {
			made[change.Resource] = change.Name
		}
	}
	_, err = w.created(ctx)
	return err
}

// created are the external names that the cloud has given, by composed resource. It is an error when the cloud was asked to delete
// something, or has made something twice.
func (w *witness) created(ctx context.Context) (map[string]string, error) {
	calls, err := w.calls(ctx)
	if err != nil {
		return nil, err
	}
	created := map[string]string{}
	for _, call := range calls {
		resource := call.Owner.CompositionResource
		switch {
		case call.Verb == api.Delete || call.Verb == api.Orphan:
			return nil, fmt.Errorf("nobody asked for that: %s of %s (%s)", call.Verb, resource, call.ExternalName)
		case call.Verb != api.Create || call.Error != "":
		case created[resource] != "":
			return nil, fmt.Errorf("the cloud has created %s twice: %s and %s", resource, created[resource], call.ExternalName)
		default:
			created[resource] = call.ExternalName
		}
	}
	return created, nil
}

// refused checks that the cloud has refused a creation, and has not made the resource.
func (w *witness) refused(ctx context.Context, resource string) error {
	calls, err := w.calls(ctx)
	if err != nil {
		return err
	}
	refusals := 0
	for _, call := range calls {
		if call.Owner.CompositionResource != resource || call.Verb != api.Create {
			continue
		}
		if call.Error == "" {
			return fmt.Errorf("the cloud has made %s (%s) despite the fault", resource, call.ExternalName)
		}
		refusals++
	}
	if refusals == 0 {
		return fmt.Errorf("the cloud has refused no creation of %s: the fault was not played", resource)
	}
	return nil
}

// once checks that of every composed resource that stands for something in the cloud there is exactly one creation that went
// well, and that the cloud has what it made: nothing else, nothing that nobody manages.
func (w *witness) once(ctx context.Context, u *unstructured.Unstructured) error {
	if err := w.undisturbed(ctx); err != nil {
		return err
	}
	created, err := w.created(ctx)
	if err != nil {
		return err
	}
	all, err := w.c.Composed(ctx, u)
	if err != nil {
		return err
	}
	managed := 0
	for name, o := range all {
		external := o.GetAnnotations()["crossplane.io/external-name"]
		if external == "" {
			continue // Secrets and Usages.
		}
		managed++
		if created[name] != external {
			return fmt.Errorf("%s stands for %q in the cloud, which has created %q for it", name, external, created[name])
		}
	}
	has, err := w.inCloud(ctx)
	if err != nil {
		return err
	}
	if managed != len(has) || managed != len(created) {
		return fmt.Errorf("%d managed resources, %d creations that went well, %d resources in the cloud: expected the same number of each",
			managed, len(created), len(has))
	}
	for _, r := range has {
		if r.Orphaned || r.CreatedBy.UID != r.Owner.UID || r.Status != "available" {
			return fmt.Errorf("the cloud has %s %s as %s, created by %v, managed by %v", r.Kind, r.ExternalName, r.Status, r.CreatedBy, r.Owner)
		}
	}
	return nil
}

// inCloud is what the cloud has of the scenario.
func (w *witness) inCloud(ctx context.Context) ([]api.Resource, error) {
	cloud, err := w.c.Cloud().Cloud(ctx)
	if err != nil {
		return nil, err
	}
	var own []api.Resource
	for _, r := range cloud.Resources {
		if r.Owner.Namespace == w.c.Namespace || r.CreatedBy.Namespace == w.c.Namespace {
			own = append(own, r)
		}
	}
	return own, nil
}
