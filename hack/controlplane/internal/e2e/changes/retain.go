package changes

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// retain deletes databases with deletionPolicy Retain. What holds the data stays in the cloud, with what it cannot live without, and
// everything else goes.
func retain(ctx context.Context, c *e2e.Case) error {
	if _, err := c.Environment(ctx, "staging", "staging"); err != nil {
		return err
	}
	kept := func(spec map[string]any) { spec["deletionPolicy"], spec["replicas"] = "Retain", int64(1) }
	plain, wide := c.Database("plain", kept), c.Database("wide", aurora, kept)
	for u, stays := range map[*unstructured.Unstructured][]string{
		plain: {
			"database-ingress-", "database-ingress-", instance, parameterGroup + "postgres17", "database-security-group", "database-subnet-group",
			"database-log-group-postgresql", "database-log-group-upgrade", "database-log-group-replica-1-postgresql",
			"database-log-group-replica-1-upgrade",
		},
		wide: {
			cluster, member + "1", member + "2", "database-cluster-parameter-group-aurora-postgresql17", "database-ingress-",
			"database-ingress-", "database-security-group", "database-subnet-group", "database-cluster-log-group-postgresql",
		},
	} {
		if err := applied(ctx, c, u); err != nil {
			return err
		}
		if err := retained(ctx, c, u, stays); err != nil {
			return fmt.Errorf("%s: %w", u.GetName(), err)
		}
	}
	return nil
}

func retained(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, stays []string) error {
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	holder, err := holderOf(ctx, c, u)
	if err != nil {
		return err
	}
	says, _, err := unstructured.NestedString(live.Object, "status", "retained")
	if err != nil || !strings.Contains(says, holder.Name) {
		return fmt.Errorf("status.retained does not name %s: %q, %w", holder.Name, says, err)
	}
	c.AllowLoss(u, "its owner deletes it, and the cloud keeps it")
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	objects := []*unstructured.Unstructured{u}
	for _, name := range e2e.Names(composed) {
		objects = append(objects, composed[name])
	}
	if err := c.Client().Delete(ctx, u.DeepCopy()); err != nil {
		return err
	}
	if err := c.Gone(ctx, patience, objects...); err != nil {
		return err
	}
	return left(ctx, c, u, holder.Name, stays)
}

// left checks that exactly this is left in the cloud, as it was. The names of rules end in what they admit.
func left(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, identifier string, stays []string) error {
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return err
	}
	var got []string
	for _, r := range cloud.Resources {
		if r.Owner.Namespace != c.Namespace || !strings.HasPrefix(r.Owner.Name, u.GetName()+"-") {
			continue
		}
		if !r.Orphaned || r.Status != "available" {
			return fmt.Errorf("%s is %s in the cloud, orphaned: %v", r.Owner.CompositionResource, r.Status, r.Orphaned)
		}
		name := r.Owner.CompositionResource
		if strings.HasPrefix(name, "database-ingress-") {
			name = "database-ingress-"
		}
		got = append(got, name)
	}
	slices.Sort(got)
	stays = slices.Sorted(slices.Values(stays))
	if !slices.Equal(got, stays) {
		return fmt.Errorf("the cloud has kept %v, expected %v", got, stays)
	}
	for _, s := range cloud.Snapshots {
		if s.Instance == identifier || s.Cluster == identifier {
			return fmt.Errorf("a database that stays has a final snapshot: %s", s.Identifier)
		}
	}
	return nil
}
