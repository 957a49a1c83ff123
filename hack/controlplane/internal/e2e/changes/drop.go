package changes

import (
	"context"
	"errors"
	"fmt"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// inUseAfterDrop lets a preview expire: its database is dropped while the object that a developer owns stays. Core forgets what it
// has asked to delete, and the cloud is not done then: the Environment is kept all the same until it is.
func inUseAfterDrop(ctx context.Context, c *e2e.Case) error {
	short, err := c.ShortPreviews(ctx)
	if err != nil {
		return err
	}
	env, err := c.Environment(ctx, "staging", "preview", short)
	if err != nil {
		return err
	}
	u := c.Database("orders")
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	if err := annotate(ctx, c, u, "simulator.platform.io/faults", instance+"=slow-delete:12s"); err != nil {
		return err
	}
	c.AllowLoss(u, "the preview expires")
	c.AllowLoss(env, "it expires")
	if err := c.Expire(ctx, env); err != nil {
		return err
	}
	err = errors.Join(c.Condition(ctx, u, "EnvironmentResolved", "False", "EnvironmentExpired",
		"the preview environment "+c.Namespace+"/staging has expired: its services are removed and their data is gone"),
		c.Condition(ctx, u, "DatabaseReady", "False", "EnvironmentExpired", "the environment has expired, and the database with it"),
		c.Condition(ctx, u, "Ready", "False", "Creating"))
	if err != nil {
		return err
	}
	if err := m.keptWhileGoing(ctx, env); err != nil {
		return err
	}
	return nothingLeft(ctx, c, m)
}

// nothingLeft waits until nothing of the composite is left, in the API server and in the cloud.
func nothingLeft(ctx context.Context, c *e2e.Case, m *moment) error {
	return eventually(ctx, c, func(ctx context.Context) error {
		composed, err := c.Composed(ctx, m.u)
		if err != nil {
			return err
		}
		if len(composed) > 0 {
			return fmt.Errorf("%v is still composed", e2e.Names(composed))
		}
		cloud, err := c.Cloud().Cloud(ctx)
		if err != nil {
			return err
		}
		for _, r := range cloud.Resources {
			if r.Owner.Namespace == c.Namespace {
				return fmt.Errorf("the cloud still has %s", r.Owner.CompositionResource)
			}
		}
		return nil
	})
}
