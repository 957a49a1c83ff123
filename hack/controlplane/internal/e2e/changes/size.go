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
	for _, step := range []struct {
		name       string
		edit       func(spec map[string]any)
		fields     string
		parameters map[string]any
		status     map[string]any
	}{
		{
			"small to medium", func(s map[string]any) { s["size"] = "medium" }, "allocatedStorage,instanceClass,maxAllocatedStorage",
			map[string]any{"instanceClass": "db.m7g.large", "allocatedStorage": 100, "maxAllocatedStorage": 500},
			map[string]any{"size": "medium", "instanceClass": "db.m7g.large", "storage.allocatedGiB": 100, "storage.maxGiB": 500},
		},
		{
			// The limit of automatic growth follows the size, no lower than half above what there is. What there is stays.
			"medium to small", func(s map[string]any) { s["size"] = "small" }, "instanceClass,maxAllocatedStorage",
			map[string]any{"instanceClass": "db.t4g.medium", "allocatedStorage": 100, "maxAllocatedStorage": 150},
			map[string]any{"size": "small", "instanceClass": "db.t4g.medium", "storage.allocatedGiB": 100, "storage.maxGiB": 150},
		},
		{
			"more storage", func(s map[string]any) { s["storageGiB"] = int64(120) }, "allocatedStorage,maxAllocatedStorage",
			map[string]any{"instanceClass": "db.t4g.medium", "allocatedStorage": 120, "maxAllocatedStorage": 180},
			map[string]any{"size": "small", "storage.allocatedGiB": 120, "storage.requestedGiB": 120},
		},
	} {
		m, err := now(ctx, c, u)
		if err != nil {
			return err
		}
		if err := m.edit(ctx, step.edit); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		want := delta{resources: []string{"Changed " + instance}, calls: []string{"update " + instance + " " + step.fields}}
		err = errors.Join(m.until(ctx, want), m.parameters(ctx, instance, step.parameters), m.status(ctx, step.status))
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return storageNeverShrinks(ctx, c, u)
}

// storageNeverShrinks asks for less storage than before, which the API server refuses.
func storageNeverShrinks(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	err = m.edit(ctx, func(s map[string]any) { s["storageGiB"] = int64(110) })
	if says := "spec.storageGiB cannot shrink: RDS storage only grows"; err == nil || !strings.Contains(err.Error(), says) {
		return fmt.Errorf("less storage: expected a refusal with %q, got: %w", says, err)
	}
	return m.exactly(ctx, delta{})
}
