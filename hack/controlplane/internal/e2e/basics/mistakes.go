package basics

import (
	"context"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// mistake is an edit of a claim, and what a person has to read then.
type mistake struct {
	name string
	edit func(spec map[string]any)
	says string
}

// refusedBySchema applies mistakes that the API server itself refuses, with our sentences.
func refusedBySchema(ctx context.Context, c *e2e.Case) error {
	for _, m := range []mistake{
		{"engine", func(s map[string]any) { s["engine"] = "oracle" }, `Unsupported value: "oracle"`},
		{"no-environment", func(s map[string]any) { delete(s, "environmentRef") }, "spec.environmentRef: Required value"},
		{"twice", func(s map[string]any) {
			s["access"] = []any{
				map[string]any{"serviceAccount": "a", "role": "reader"}, map[string]any{"serviceAccount": "a", "role": "writer"},
			}
		}, "write one entry per service account, with the highest role it needs"},
		{"unknown-field", func(s map[string]any) { s["sise"] = "small" }, "sise"},
	} {
		err := c.Apply(ctx, c.Database(m.name, m.edit))
		if err == nil {
			return fmt.Errorf("the mistake %s was accepted", m.name)
		}
		if !strings.Contains(err.Error(), m.says) {
			return fmt.Errorf("the mistake %s: expected %q in: %w", m.name, m.says, err)
		}
	}
	return immutable(ctx, c)
}

// immutable changes what cannot change after creation.
func immutable(ctx context.Context, c *e2e.Case) error {
	u := c.Database("waits", func(s map[string]any) { s["storageGiB"] = int64(50) }) // its Environment does not exist
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	for _, m := range []mistake{
		{"engine", func(s map[string]any) { s["engine"] = "mysql" }, "spec.engine cannot change after creation: create a new AppDatabase"},
		{"environment", func(s map[string]any) { s["environmentRef"] = map[string]any{"name": "other"} },
			"spec.environmentRef cannot change after creation"},
		{"database", func(s map[string]any) { s["database"] = "other" }, "spec.database cannot be set, changed or removed after creation"},
		{"storage", func(s map[string]any) { s["storageGiB"] = int64(20) }, "spec.storageGiB cannot shrink: RDS storage only grows"},
	} {
		err := c.Edit(ctx, u, func(live *unstructured.Unstructured) {
			spec, _ := live.Object["spec"].(map[string]any)
			m.edit(spec)
		})
		if err == nil || !strings.Contains(err.Error(), m.says) {
			return fmt.Errorf("a change of %s: expected a refusal with %q, got: %w", m.name, m.says, err)
		}
	}
	return nil
}

// refusedByFunction applies mistakes that only the function can see. They show on the object that the developer owns, and
// nothing else happens; correcting the claim is enough.
func refusedByFunction(ctx context.Context, c *e2e.Case) error {
	before, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return err
	}
	lonely := c.Database("lonely")
	if err := c.Apply(ctx, lonely); err != nil {
		return err
	}
	if err := c.Condition(ctx, lonely, "EnvironmentResolved", "False", "EnvironmentNotFound", "staging"); err != nil {
		return err
	}
	if _, err := c.Environment(ctx, "staging", "staging"); err != nil {
		return err
	}
	wrong := c.Database("wrong", func(s map[string]any) { s["version"] = "9.6" })
	if err := c.Apply(ctx, wrong); err != nil {
		return err
	}
	if err := c.Condition(ctx, wrong, "DatabaseReady", "False", "UnknownVersion", "9.6", "write one of 15, 16, 17"); err != nil {
		return err
	}
	if err := nothingHappened(ctx, c, wrong, before.LastCall); err != nil {
		return err
	}
	// The lonely one finds its Environment by itself; the wrong one needs its version corrected.
	if err := c.Edit(ctx, wrong, func(u *unstructured.Unstructured) {
		unstructured.RemoveNestedField(u.Object, "spec", "version")
	}); err != nil {
		return err
	}
	for _, u := range []*unstructured.Unstructured{lonely, wrong} {
		if err := c.Ready(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

func nothingHappened(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, since int) error {
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	if len(composed) > 0 {
		return fmt.Errorf("a claim that is refused has composed %v", e2e.Names(composed))
	}
	calls, err := c.Cloud().Calls(ctx, since)
	if err != nil {
		return err
	}
	for _, call := range calls.Calls {
		if call.Owner.Namespace == c.Namespace && strings.HasPrefix(call.Owner.Name, u.GetName()+"-") {
			return fmt.Errorf("a claim that is refused has reached the cloud: %+v", call)
		}
	}
	// The event comes a moment after the condition.
	return c.Eventually(ctx, 20*time.Second, func(ctx context.Context) error {
		events, err := c.Kubectl(ctx, "describe", "appdatabase", u.GetName())
		if err != nil {
			return fmt.Errorf("%w\n%s", err, events)
		}
		if !strings.Contains(events, "UnknownVersion") || !strings.Contains(events, "Warning") {
			return fmt.Errorf("kubectl describe does not show the refusal as a warning:\n%s", events)
		}
		return nil
	})
}
