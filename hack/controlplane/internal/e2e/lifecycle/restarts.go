package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/core"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/up"
)

// kill ends a process of the control plane without a warning.
func kill(c *e2e.Case, name string) error {
	p, ok := c.Instance().Process(name)
	if !ok {
		return fmt.Errorf("there is no process %s", name)
	}
	return p.Kill()
}

// coreRestarted kills Crossplane in the middle of the creation of a database, and again in the middle of a change of its size.
func coreRestarted(ctx context.Context, c *e2e.Case) error {
	w, err := begin(ctx, c)
	if err != nil {
		return err
	}
	databases, err := three(ctx, c)
	if err != nil {
		return err
	}
	if err := composedAny(ctx, c, instanceName, databases...); err != nil {
		return err
	}
	if err := errors.Join(unfinished(ctx, c, databases...), kill(c, core.Process)); err != nil {
		return err
	}
	if err := core.Restart(ctx, c.Instance(), core.Settings{}); err != nil {
		return err
	}
	if err := ready(ctx, c, databases...); err != nil {
		return err
	}
	if err := coreRestartedInAChange(ctx, c, databases[0]); err != nil {
		return fmt.Errorf("during a change of the size: %w", err)
	}
	return w.madeOnce(ctx, databases...)
}

// coreRestartedInAChange kills Crossplane while the cloud gives a database another size.
func coreRestartedInAChange(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	w, err := begin(ctx, c)
	if err != nil {
		return err
	}
	if err := resize(ctx, c, u, "medium"); err != nil {
		return err
	}
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error {
		database, err := databaseInCloud(ctx, c, u)
		if err == nil && database.Status != "modifying" {
			err = fmt.Errorf("the database is %s in the cloud", database.Status)
		}
		return err
	}); err != nil {
		return err
	}
	if err := kill(c, core.Process); err != nil {
		return err
	}
	if err := core.Restart(ctx, c.Instance(), core.Settings{}); err != nil {
		return err
	}
	if err := errors.Join(statusIs(ctx, c, u, "size", "medium"), c.Settled(ctx, u)); err != nil {
		return err
	}
	return w.onlyInstanceUpdated(ctx, u)
}

// onlyInstanceUpdated checks that of a database nothing but the instance was changed, and that one call of the cloud did it.
func (w *witness) onlyInstanceUpdated(ctx context.Context, u *unstructured.Unstructured) error {
	got, err := w.changed(ctx, u)
	if err != nil {
		return err
	}
	if want := []string{"Changed " + instanceName}; !slices.Equal(got, want) {
		return fmt.Errorf("there was %v, expected %v", got, want)
	}
	calls, err := w.calls(ctx)
	if err != nil {
		return err
	}
	if len(calls) != 1 || calls[0].Verb != api.Update || calls[0].Owner.CompositionResource != instanceName || calls[0].Error != "" {
		return fmt.Errorf("the cloud was called %+v, expected one update of the instance", calls)
	}
	return nil
}

// simulatorRestarted kills the providers and starts them again, with a change waiting for them. They find everything that they
// have made, make nothing anew, and do the change. (What was just being made is not part of the story: this cloud lives in the
// providers' process, and forgets it. A real one would not.)
func simulatorRestarted(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	before, err := inCloud(ctx, c, u)
	if err != nil {
		return err
	}
	w, err := begin(ctx, c)
	if err != nil {
		return err
	}
	if err := errors.Join(kill(c, up.SimulatorProcess), resize(ctx, c, u, "medium")); err != nil {
		return err
	}
	if err := statusIs(ctx, c, u, "size", "medium"); err != nil {
		return err
	}
	if err := up.StartSimulator(c.Instance()); err != nil {
		return err
	}
	w.call = 0 // it counts anew
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error { return w.onlyInstanceUpdated(ctx, u) }); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	after, err := inCloud(ctx, c, u)
	if err != nil {
		return err
	}
	if was, is := identities(before), identities(after); !slices.Equal(was, is) {
		return fmt.Errorf("the cloud had %v and has %v", was, is)
	}
	return w.onlyInstanceUpdated(ctx, u)
}

// identities of resources in the cloud: what they are, what they are called, and whose they are.
func identities(all []api.Resource) []string {
	var out []string
	for _, r := range all {
		out = append(out, r.Kind+" "+r.ExternalName+" of "+r.Owner.UID)
	}
	slices.Sort(out)
	return out
}
