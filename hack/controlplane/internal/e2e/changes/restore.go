package changes

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// restoreSnapshot deletes a database and makes another one of its final snapshot, on RDS and on Aurora.
func restoreSnapshot(ctx context.Context, c *e2e.Case) error {
	if _, err := c.Environment(ctx, "staging", "staging"); err != nil {
		return err
	}
	for name, edit := range map[string]func(spec map[string]any){"plain": func(map[string]any) {}, "wide": aurora} {
		if err := fromFinalSnapshot(ctx, c, name, edit); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func fromFinalSnapshot(ctx context.Context, c *e2e.Case, name string, edit func(spec map[string]any)) error {
	u := c.Database(name, edit, func(spec map[string]any) { spec["database"] = "ledger" })
	if err := applied(ctx, c, u); err != nil {
		return err
	}
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	snapshot, _, err := unstructured.NestedString(live.Object, "status", "finalSnapshot")
	if err != nil || snapshot == "" {
		return fmt.Errorf("status.finalSnapshot is %q: %w", snapshot, err)
	}
	c.AllowLoss(u, "it is restored from its snapshot")
	if err := c.Client().Delete(ctx, u.DeepCopy()); err != nil {
		return err
	}
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error { return snapshotTaken(ctx, c, snapshot) }); err != nil {
		return err
	}
	again := c.Database(name+"-again", edit, func(spec map[string]any) { spec["restoreFrom"] = map[string]any{"snapshot": snapshot} })
	if err := applied(ctx, c, again); err != nil {
		return err
	}
	if err := restored(ctx, c, again, "ledger"); err != nil {
		return err
	}
	return fixed(ctx, c, again)
}

// restorePointInTime makes a database of the backups of another one that runs, which does not notice.
func restorePointInTime(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging", func(spec map[string]any) { spec["database"] = "ledger" })
	if err != nil {
		return err
	}
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	for name, from := range map[string]map[string]any{
		"latest": {"database": "orders"}, "earlier": {"database": "orders", "time": "2026-01-01T00:00:00Z"},
	} {
		again := c.Database(name, func(spec map[string]any) { spec["restoreFrom"] = from })
		if err := applied(ctx, c, again); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := restored(ctx, c, again, "ledger"); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := fixed(ctx, c, again); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	got, err := m.since(ctx)
	if err != nil {
		return err
	}
	if len(got.resources) > 0 {
		return fmt.Errorf("the database that was copied has %s", got)
	}
	return nil
}

func applied(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	return c.Settled(ctx, u)
}

func snapshotTaken(ctx context.Context, c *e2e.Case, identifier string) error {
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return err
	}
	for _, s := range cloud.Snapshots {
		if s.Identifier == identifier {
			return nil
		}
	}
	return fmt.Errorf("the cloud has no snapshot %s", identifier)
}

// restored checks that a database has the contents of another one, and that Vault and whoever connects know them.
func restored(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, database string) error {
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	if err := m.status(ctx, map[string]any{"database": database}); err != nil {
		return err
	}
	holder, err := holderOf(ctx, c, u)
	if err != nil {
		return err
	}
	if name := first(holder.Reported, "dbName", "databaseName"); name != database {
		return fmt.Errorf("the database in the cloud is %q, expected %q", name, database)
	}
	connection, err := of(ctx, c, u, "vault-connection")
	if err != nil {
		return err
	}
	blocks, _ := connection.Parameters["postgresql"].([]any)
	if len(blocks) != 1 {
		return fmt.Errorf("the connection in Vault has %d blocks of postgresql", len(blocks))
	}
	block, _ := blocks[0].(map[string]any)
	if user := first(holder.Reported, "username", "masterUsername"); user == "" || block["username"] != user {
		return fmt.Errorf("the connection in Vault logs in as %v, and the master is %q", block["username"], user)
	}
	return nil
}

// fixed checks that where the data came from cannot be taken back, and that what runs stays then.
func fixed(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	return refusedByAPI(ctx, c, u, func(spec map[string]any) { delete(spec, "restoreFrom") },
		"spec.restoreFrom cannot be set, changed or removed after creation")
}

// holderOf reads what holds the data of a database in the cloud.
func holderOf(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) (*api.Resource, error) {
	if r, err := of(ctx, c, u, instance); err == nil {
		return r, nil
	}
	return of(ctx, c, u, cluster)
}

// of reads what the cloud has of a composed resource of one composite.
func of(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, resource string) (*api.Resource, error) {
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return nil, err
	}
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return nil, err
	}
	for n, r := range cloud.Resources {
		if o := composed[resource]; o != nil && r.Owner.UID == string(o.GetUID()) {
			return &cloud.Resources[n], nil
		}
	}
	return nil, fmt.Errorf("the cloud has no %s of %s", resource, u.GetName())
}

func first(fields map[string]any, names ...string) string {
	for _, name := range names {
		if s, _ := fields[name].(string); s != "" {
			return s
		}
	}
	return ""
}
