package inventory

import (
	"cmp"
	"slices"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// Cloud shows everything that exists. It keeps no secret back, because it has none.
func (c *Cloud) Cloud() api.Cloud {
	c.mu.Lock()
	defer c.mu.Unlock()
	shown := api.Cloud{
		Account: cloud.Account, Resources: make([]api.Resource, 0, len(c.entries)), Snapshots: slices.Clone(c.snapshots), LastCall: c.last,
	}
	for _, e := range c.entries {
		r := e.Resource
		r.Service, r.Kind = cloud.Service(e.Kind), cloud.Short(e.Kind)
		shown.Resources = append(shown.Resources, r)
	}
	slices.SortFunc(shown.Resources, func(a, b api.Resource) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ExternalName, b.ExternalName))
	})
	return shown
}

// CallsSince returns the calls after a number.
func (c *Cloud) CallsSince(seq int) api.Calls {
	c.mu.Lock()
	defer c.mu.Unlock()
	first, _ := slices.BinarySearchFunc(c.calls, seq+1, func(call api.Call, n int) int { return cmp.Compare(call.Seq, n) })
	return api.Calls{Calls: slices.Clone(c.calls[first:]), Last: c.last}
}
