package e2e

import (
	"context"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// Cloud tells what the simulated cloud holds and was asked to do, as far as a story is about it.
type Cloud struct {
	client *api.Client
	about  func(api.Owner) bool
}

// Cloud as the stories of services see it: without what Networks and Environments are made of.
func (c *Case) Cloud() Cloud {
	return Cloud{client: c.suite.cloud, about: func(o api.Owner) bool { return !ofLanding(o) }}
}

// WholeCloud leaves nothing out.
func (c *Case) WholeCloud() Cloud {
	return Cloud{client: c.suite.cloud, about: func(api.Owner) bool { return true }}
}

// ofLanding says that a managed resource is of a Network or an Environment.
func ofLanding(o api.Owner) bool {
	return slices.ContainsFunc([]string{"network-", "endpoints-", "routes-", "environment-"}, func(prefix string) bool {
		return strings.HasPrefix(o.CompositionResource, prefix)
	})
}

// KeptLogs says that a resource is a log group that outlives its database: the tier keeps what was logged, until that expires.
func KeptLogs(r api.Resource) bool {
	return r.Orphaned && (strings.HasPrefix(r.Owner.CompositionResource, "database-log-group-") ||
		strings.HasPrefix(r.Owner.CompositionResource, "database-cluster-log-group-"))
}

// Cloud returns the inventory.
func (c Cloud) Cloud(ctx context.Context) (*api.Cloud, error) {
	cloud, err := c.client.Cloud(ctx)
	if err != nil {
		return nil, err
	}
	cloud.Resources = slices.DeleteFunc(cloud.Resources, func(r api.Resource) bool { return !c.about(r.Owner) })
	return cloud, nil
}

// GiveUp deletes what a managed resource has left behind, as a person does in the console.
func (c Cloud) GiveUp(ctx context.Context, uid string) error { return c.client.GiveUp(ctx, uid) }

// Calls returns the calls after a number.
func (c Cloud) Calls(ctx context.Context, since int) (*api.Calls, error) {
	calls, err := c.client.Calls(ctx, since)
	if err != nil {
		return nil, err
	}
	calls.Calls = slices.DeleteFunc(calls.Calls, func(call api.Call) bool { return !c.about(call.Owner) })
	return calls, nil
}
