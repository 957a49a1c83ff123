package changes

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// parameterGroup is the start of the composed resources that are parameter groups.
const parameterGroup = "database-parameter-group-"

// upgrade is a major upgrade, and all that has to come of it.
type upgrade struct {
	engine, from, to string
	// order is in which the databases are told to upgrade. What is left out is taken along.
	order []string
	// runs is the release at the end.
	runs string
}

// upgradePostgres upgrades PostgreSQL with a read replica, which RDS takes along.
func upgradePostgres(ctx context.Context, c *e2e.Case) error {
	return upgrade{engine: "postgres", from: "16", to: "17", order: []string{instance}, runs: "17.6"}.play(ctx, c)
}

// upgradeMariaDB upgrades MariaDB with a read replica, which has to be first.
func upgradeMariaDB(ctx context.Context, c *e2e.Case) error {
	return upgrade{engine: "mariadb", from: "10.11", to: "11.4", order: []string{replica + "1", instance}, runs: "11.4.8"}.play(ctx, c)
}

func (s upgrade) play(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging", func(spec map[string]any) {
		spec["engine"], spec["version"], spec["replicas"] = s.engine, s.from, int64(1)
	})
	if err != nil {
		return err
	}
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	if err := m.edit(ctx, func(spec map[string]any) { spec["version"] = s.to }); err != nil {
		return err
	}
	before, after := s.group(s.from), s.group(s.to)
	// A replica that is taken along is seen at the next poll, a minute later.
	if err := c.Eventually(ctx, 4*patience, func(ctx context.Context) error {
		if err := s.done(ctx, m, before, after); err != nil {
			return err
		}
		return m.status(ctx, map[string]any{"version": s.runs})
	}); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	if err := s.done(ctx, m, before, after); err != nil {
		return err
	}
	return s.inOrder(ctx, m, before, after)
}

func (s upgrade) group(version string) string {
	return parameterGroup + strings.ReplaceAll(s.engine+version, ".", "-")
}

// done checks that everything runs the new version with the new parameter group, and that nothing has gone but the old one.
func (s upgrade) done(ctx context.Context, m *moment, before, after string) error {
	got, err := m.since(ctx)
	if err != nil {
		return err
	}
	for _, words := range got.resources {
		if words != "Created "+after && words != "Deleted "+before && !slices.Contains(
			[]string{"Changed " + instance, "Changed " + replica + "1"}, words) {
			return fmt.Errorf("the upgrade has %s", words)
		}
	}
	if !slices.Contains(got.resources, "Deleted "+before) {
		return fmt.Errorf("the old parameter group is still there: %s", got)
	}
	group, err := inCloud(ctx, m.c, after)
	if err != nil {
		return err
	}
	for _, name := range []string{instance, replica + "1"} {
		r, err := inCloud(ctx, m.c, name)
		if err != nil {
			return err
		}
		if r.Reported["engineVersionActual"] != s.runs || r.Parameters["parameterGroupName"] != group.ExternalName {
			return fmt.Errorf("%s runs %v with %v", name, r.Reported["engineVersionActual"], r.Parameters["parameterGroupName"])
		}
	}
	return m.same(ctx, got)
}

// inOrder checks the calls of the cloud: the new parameter group first, then the upgrades, and the old group last. What is told to
// upgrade is not refused. One that is taken along loses its parameter group to the new version's default one, and its provider
// wants the old one back until the function has seen it.
func (s upgrade) inOrder(ctx context.Context, m *moment, before, after string) error {
	calls, err := m.c.Cloud().Calls(ctx, m.call)
	if err != nil {
		return err
	}
	var order []string
	for _, call := range calls.Calls {
		if call.Owner.Namespace != m.u.GetNamespace() {
			continue
		}
		resource := call.Owner.CompositionResource
		if call.Error != "" && (slices.Contains(s.order, resource) || resource == before || resource == after) {
			return fmt.Errorf("%s", inWords(call))
		}
		if call.Verb == api.Update && slices.Contains(call.Fields, "engineVersion") || resource == before || resource == after {
			order = append(order, resource)
		}
	}
	want := slices.Concat([]string{after}, s.order, []string{before})
	if !slices.Equal(order, want) {
		return fmt.Errorf("the cloud was asked for %v, expected %v in this order", order, want)
	}
	return nil
}

// changeInWindow changes the size of a production database. The change waits for the maintenance window: the claim says so, the
// database is well meanwhile, and nothing waits once the window has come.
func changeInWindow(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "production", func(spec map[string]any) { spec["deletionProtection"] = false })
	if err != nil {
		return err
	}
	if err := annotate(ctx, c, u, "simulator.platform.io/faults", instance+"=window-closed"); err != nil {
		return err
	}
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	if err := m.edit(ctx, func(spec map[string]any) { spec["size"] = "medium" }); err != nil {
		return err
	}
	want := "instance class: db.t4g.medium becomes db.m7g.large"
	if err := eventually(ctx, c, func(ctx context.Context) error { return pending(ctx, m, want) }); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	if err := annotate(ctx, c, u, "simulator.platform.io/faults", ""); err != nil {
		return err
	}
	if err := eventually(ctx, c, func(ctx context.Context) error { return pending(ctx, m) }); err != nil {
		return err
	}
	r, err := inCloud(ctx, c, instance)
	if err != nil {
		return err
	}
	if r.Reported["instanceClass"] != "db.m7g.large" || r.Updates != 1 {
		return fmt.Errorf("the instance is a %v after %d changes", r.Reported["instanceClass"], r.Updates)
	}
	return c.Settled(ctx, u)
}

// pending checks that status.pending has these changes; more that wait for the same window may be there. Without any, it is empty.
func pending(ctx context.Context, m *moment, want ...string) error {
	live, err := m.c.Get(ctx, m.u)
	if err != nil {
		return err
	}
	list, _, err := unstructured.NestedSlice(live.Object, "status", "pending")
	if err != nil {
		return err
	}
	for _, words := range want {
		if !slices.ContainsFunc(list, func(raw any) bool {
			item, _ := raw.(map[string]any)
			return item["change"] == words && strings.Contains(fmt.Sprint(item["waitsFor"]), "maintenance window")
		}) {
			return fmt.Errorf("status.pending is %v, expected %q", list, words)
		}
	}
	if len(want) == 0 && len(list) > 0 {
		return fmt.Errorf("status.pending is still %v", list)
	}
	return nil
}
