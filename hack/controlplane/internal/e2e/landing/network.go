package landing

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
)

// networkStep is a change of a Network, and what may go with it.
type networkStep struct {
	name string
	edit func(spec map[string]any)
	// goes is how the names of what is deleted begin.
	goes []string
	// subnets and gateways that there are then.
	subnets, gateways int
}

// networkChanges adds a zone to a Network and changes how it reaches the internet, twice. Whatever is not about that stays the very
// same thing.
func networkChanges(ctx context.Context, c *e2e.Case) error {
	u := e2e.NetworkObject(c.Namespace, "own", "10.62.0.0/16")
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	if err := ready(ctx, c, u); err != nil {
		return err
	}
	for _, step := range []networkStep{
		{name: "from two zones to three", edit: func(spec map[string]any) { spec["zones"] = int64(3) }, subnets: 9, gateways: 1},
		{
			name: "from one NAT gateway to one in each zone", edit: func(spec map[string]any) { spec["nat"] = "perZone" },
			subnets: 9, gateways: 3,
		},
		{
			name: "to none", edit: func(spec map[string]any) { spec["nat"] = "none" },
			goes: []string{"network-route-private-", "network-nat-"}, subnets: 9,
		},
	} {
		if err := step.play(ctx, c, u); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

func (s networkStep) play(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	before, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	if err := c.Recorder().Sync(ctx); err != nil {
		return err
	}
	mark := c.Recorder().Mark()
	if err := edit(ctx, c, u, s.edit); err != nil {
		return err
	}
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error { return s.counted(ctx, c) }); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	for _, change := range c.Recorder().Changes(mark, recorder.Match{Namespace: c.Namespace}) {
		if change.Type == recorder.ResourceDeleted && !s.mayGo(change.Resource) {
			return fmt.Errorf("nobody asked for that: %s", change)
		}
	}
	after, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	const external = "crossplane.io/external-name"
	for _, name := range e2e.Names(before) {
		was, is := before[name], after[name]
		switch {
		case s.mayGo(name):
		case is == nil:
			return fmt.Errorf("%s is not composed any more", name)
		case is.GetUID() != was.GetUID() || is.GetAnnotations()[external] != was.GetAnnotations()[external]:
			return fmt.Errorf("%s was %s and is %s: it was made anew", name, was.GetAnnotations()[external], is.GetAnnotations()[external])
		}
	}
	return nil
}

func (s networkStep) mayGo(name string) bool {
	for _, prefix := range s.goes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// counted checks how many subnets, gateways and addresses there are in the cloud.
func (s networkStep) counted(ctx context.Context, c *e2e.Case) error {
	all, err := inCloud(ctx, c, c.Namespace)
	if err != nil {
		return err
	}
	got := map[string]int{}
	for _, r := range all {
		got[r.Kind]++
	}
	for kind, want := range map[string]int{"VPC": 1, "Subnet": s.subnets, "NATGateway": s.gateways, "EIP": s.gateways} {
		if got[kind] != want {
			return fmt.Errorf("the cloud has %d of kind %s, expected %d", got[kind], kind, want)
		}
	}
	return nil
}
