package changes

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// wrong is an edit of a claim that cannot be carried out.
type wrong struct {
	what   string
	edit   func(spec map[string]any)
	reason string
	says   string
}

// dayTwoRefused asks a database that runs for what it cannot have. The claim says what to write instead, nothing that runs changes,
// and writing something else is enough.
func dayTwoRefused(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	for reason, tc := range map[string]struct {
		edit func(spec map[string]any)
		says string
	}{
		"more replicas than there can be": {func(s map[string]any) { s["replicas"] = int64(6) }, "spec.replicas"},
		"a restore of a database that runs": {func(s map[string]any) { s["restoreFrom"] = map[string]any{"database": "other"} },
			"spec.restoreFrom cannot be set, changed or removed after creation"},
		"no window at all": {func(s map[string]any) { s["backupWindow"] = "at night" }, "spec.backupWindow"},
	} {
		if err := refusedByAPI(ctx, c, u, tc.edit, tc.says); err != nil {
			return fmt.Errorf("%s: %w", reason, err)
		}
	}
	for _, tc := range []wrong{
		{"windows that overlap", func(s map[string]any) {
			s["backupWindow"], s["maintenanceWindow"] = "02:00-03:00", "mon:02:30-mon:03:30"
		},
			"InvalidWindow", "spec.maintenanceWindow"},
		{"a parameter that nobody knows", func(s map[string]any) { s["parameters"] = map[string]any{"log_min_duration": "500"} },
			"InvalidParameter", `spec.parameters["log_min_duration"]`},
		{"a downgrade", func(s map[string]any) { s["version"] = "16" }, "VersionDowngrade",
			`spec.version: the database runs 17 and cannot go back to 16. Write "17"`},
	} {
		if err := tc.play(ctx, c, u); err != nil {
			return fmt.Errorf("%s: %w", tc.what, err)
		}
	}
	return restoreRefused(ctx, c)
}

func (w wrong) play(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	spec, _, err := unstructured.NestedMap(live.Object, "spec")
	if err != nil {
		return err
	}
	if err := m.edit(ctx, w.edit); err != nil {
		return err
	}
	if err := errors.Join(c.Condition(ctx, u, "DatabaseReady", "False", w.reason, w.says),
		c.Condition(ctx, u, "Synced", "False", "ReconcileError", w.says), m.quiet(ctx)); err != nil {
		return err
	}
	if err := c.Edit(ctx, u, func(live *unstructured.Unstructured) { live.Object["spec"] = spec }); err != nil {
		return err
	}
	return m.atRest(ctx, delta{})
}

// refusedByAPI makes an edit that the API server refuses with these words.
func refusedByAPI(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, edit func(spec map[string]any), says string) error {
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	if err := m.edit(ctx, edit); err == nil || !strings.Contains(err.Error(), says) {
		return fmt.Errorf("expected a refusal with %q, got: %v", says, err) //nolint:errorlint // It may be nil.
	}
	return nil
}

// restoreRefused asks for restores that cannot be. Nothing is created, and the claim says why.
func restoreRefused(ctx context.Context, c *e2e.Case) error {
	from := func(restore map[string]any, more ...func(spec map[string]any)) *unstructured.Unstructured {
		return c.Database("again", append(more, func(spec map[string]any) { spec["restoreFrom"] = restore })...)
	}
	named := from(map[string]any{"database": "orders"}, func(spec map[string]any) { spec["database"] = "mine" })
	if err := c.Apply(ctx, named); err == nil || !strings.Contains(err.Error(), "spec.database and spec.restoreFrom exclude each other") {
		return fmt.Errorf("a restore with a name of its own: expected a refusal, got: %v", err) //nolint:errorlint // It may be nil.
	}
	for _, tc := range []struct {
		u      *unstructured.Unstructured
		reason string
		says   string
	}{
		{from(map[string]any{"database": "nowhere"}), "RestoreSourceUnusable", `there is no AppDatabase "nowhere" in namespace ` + c.Namespace},
		{from(map[string]any{"database": "orders"}, aurora), "RestoreSourceUnusable",
			"spec.engine: AppDatabase orders, which spec.restoreFrom names, is postgres and not aurora-postgresql"},
		{from(map[string]any{"snapshot": "theirs-final-0123456789"}), "SnapshotNotAllowed",
			`"theirs-final-0123456789" is not the final snapshot of a database of namespace ` + c.Namespace},
	} {
		if err := c.Apply(ctx, tc.u); err != nil {
			return err
		}
		if err := c.Condition(ctx, tc.u, "DatabaseReady", "False", tc.reason, tc.says); err != nil {
			return err
		}
		composed, err := c.Composed(ctx, tc.u)
		if err != nil {
			return err
		}
		if len(composed) > 0 {
			return fmt.Errorf("%s: %v was composed", tc.reason, e2e.Names(composed))
		}
		if err := c.Client().Delete(ctx, tc.u.DeepCopy()); err != nil {
			return err
		}
		if err := c.Gone(ctx, patience, tc.u); err != nil {
			return err
		}
	}
	return nil
}
