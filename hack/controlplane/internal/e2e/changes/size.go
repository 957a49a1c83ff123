package changes

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// changeSize makes a database larger and smaller again. Only the instance changes, in one call each; its storage never shrinks.
func changeSize(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	steps := []sizeStep{
		{
			"small to medium", func(s map[string]any) { s["size"] = "medium" }, "allocatedStorage,instanceClass,maxAllocatedStorage",
			map[string]any{"instanceClass": "db.m7g.large", "allocatedStorage": 100, "maxAllocatedStorage": 500},
			map[string]any{"size": "medium", "instanceClass": "db.m7g.large", "storage.allocatedGiB": 100, "storage.maxGiB": 500},
		},
		{
			// The storage that there is stays, and the limit of its growth.
			"medium to small", func(s map[string]any) { s["size"] = "small" }, "instanceClass",
			map[string]any{"instanceClass": "db.t4g.medium", "allocatedStorage": 100, "maxAllocatedStorage": 500},
			map[string]any{"size": "small", "instanceClass": "db.t4g.medium", "storage.allocatedGiB": 100, "storage.maxGiB": 500},
		},
		{
			"more storage", func(s map[string]any) { s["storageGiB"] = int64(120) }, "allocatedStorage",
			map[string]any{"instanceClass": "db.t4g.medium", "allocatedStorage": 120, "maxAllocatedStorage": 500},
			map[string]any{"size": "small", "storage.allocatedGiB": 120, "storage.requestedGiB": 120},
		},
	}
	for n, step := range steps {
		if err := step.play(ctx, c, u); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		if n == 1 {
			if err := lessThanThereIs(ctx, c, u); err != nil {
				return err
			}
		}
	}
	return lessThanBefore(ctx, c, u)
}

// sizeStep is a change of the claim, and all that has to come of it.
type sizeStep struct {
	name       string
	edit       func(spec map[string]any)
	fields     string
	parameters map[string]any
	status     map[string]any
}

func (s sizeStep) play(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	if err := m.edit(ctx, s.edit); err != nil {
		return err
	}
	want := delta{resources: []string{"Changed " + instance}, calls: []string{"update " + instance + " " + s.fields}}
	return errors.Join(m.until(ctx, want), m.parameters(ctx, instance, s.parameters), m.status(ctx, s.status))
}

// lessThanThereIs asks for less storage than the database has, where the claim has said nothing before. Only the function can see
// that: the claim says so, what runs stays, and correcting the claim is enough.
func lessThanThereIs(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	if err := m.edit(ctx, func(s map[string]any) { s["storageGiB"] = int64(50) }); err != nil {
		return err
	}
	says := "spec.storageGiB: 50 is less than the 100 GiB that the database has, and RDS storage only grows. Write 100 or more"
	err = errors.Join(c.Condition(ctx, u, "DatabaseReady", "False", "StorageShrink", says),
		c.Condition(ctx, u, "Synced", "False", "ReconcileError", says), m.quiet(ctx))
	if err != nil {
		return fmt.Errorf("less storage than there is: %w", err)
	}
	if err := m.edit(ctx, func(s map[string]any) { delete(s, "storageGiB") }); err != nil {
		return err
	}
	return m.atRest(ctx, delta{})
}

// lessThanBefore asks for less storage than the claim did before, which the API server refuses.
func lessThanBefore(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	err = m.edit(ctx, func(s map[string]any) { s["storageGiB"] = int64(110) })
	if says := "spec.storageGiB cannot shrink: RDS storage only grows"; err == nil || !strings.Contains(err.Error(), says) {
		return fmt.Errorf("less storage than before: expected a refusal with %q, got: %v", says, err) //nolint:errorlint // It may be nil.
	}
	return m.atRest(ctx, delta{})
}
