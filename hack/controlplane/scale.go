package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/core"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/scale"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/up"
)

type scaleCommand struct {
	Count    int           `default:"30" help:"How many AppDatabases are applied at once."`
	Patience time.Duration `default:"20m" help:"How long the run with our settings may take."`
}

// Run measures twice, each time on a fresh control plane: with our settings of core, and with core's own. The second run gets
// the time of the first and some more: a circuit breaker that has opened stays open for five minutes.
func (c *scaleCommand) Run(ctx context.Context, p place) error {
	if c.Count < 1 {
		return fmt.Errorf("--count is %d: write how many AppDatabases to apply, at least 1", c.Count)
	}
	ours, err := c.once(ctx, p, core.Settings{}, c.Patience)
	if err != nil {
		return err
	}
	defaults, err := c.once(ctx, p, core.Settings{Args: []string{}}, ours.Settled*3/2)
	if err != nil {
		return err
	}
	scale.Print(os.Stdout, []string{"our settings", "core's defaults"}, []*scale.Result{ours, defaults})
	switch {
	case ours.Became < c.Count:
		return fmt.Errorf("only %d of %d AppDatabases became ready in %s", ours.Became, c.Count, c.Patience)
	case ours.Opens > 0:
		return scale.ErrOpened
	}
	return nil
}

func (c *scaleCommand) once(ctx context.Context, p place, settings core.Settings, patience time.Duration) (*scale.Result, error) {
	i, err := fresh(ctx, place{root: p.root, dir: p.dir + "-scale"}, up.Options{Delay: 2 * time.Second})
	if err != nil {
		return nil, err
	}
	r, err := scale.Run(ctx, i, scale.Options{Count: c.Count, Patience: patience, Core: settings}, os.Stdout)
	return r, errors.Join(err, stop(p.root, i.Dir))
}
