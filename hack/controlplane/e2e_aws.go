package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/realaws"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/up"
)

type e2eAWSCommand struct {
	Only []string `help:"Beginnings of the titles of the stages to play; all when left out. Later ones need earlier ones."`
	Keep bool     `help:"Leave the control plane and the provider running, to look into them. The next run stops them."`
}

// Run plays the story of the real provider on a control plane of its own.
func (c *e2eAWSCommand) Run(ctx context.Context, p place) error {
	i, err := fresh(ctx, place{root: p.root, dir: p.dir + "-aws"}, up.Options{Delay: time.Second, RealAWS: true})
	if err != nil {
		return err
	}
	err = realaws.Run(ctx, i, c.Only, os.Stdout)
	if c.Keep {
		hint(i.Kubeconfig())
		return err
	}
	return errors.Join(err, stop(p.root, i.Dir))
}
