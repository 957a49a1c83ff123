package landing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

const instance = "database-instance"

// expiry lets a preview expire with a database in it. It says so ahead of time; then the database goes, and the Environment is whole
// until it is gone; then the Environment goes, dependants first. Who extends it gets everything anew.
func expiry(ctx context.Context, c *e2e.Case) error {
	short, err := c.ShortPreviews(ctx)
	if err != nil {
		return err
	}
	env, err := c.Environment(ctx, "preview", "preview", short, func(spec map[string]any) {
		spec["identities"] = []any{map[string]any{"serviceAccount": "orders-api"}}
	})
	if err != nil {
		return err
	}
	u := c.Database("orders", func(spec map[string]any) { spec["environmentRef"] = map[string]any{"name": "preview"} })
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	if err := expiring(ctx, c, env); err != nil {
		return fmt.Errorf("before its end: %w", err)
	}
	p, err := preview(ctx, c, env, u)
	if err != nil {
		return err
	}
	if err := p.expires(ctx); err != nil {
		return fmt.Errorf("at its end: %w", err)
	}
	if err := p.goes(ctx); err != nil {
		return fmt.Errorf("when nothing lives in it any more: %w", err)
	}
	if err := p.extended(ctx); err != nil {
		return fmt.Errorf("extended: %w", err)
	}
	return nil
}

// expiring gives the preview a ttl that is over soon, and waits until it says so.
func expiring(ctx context.Context, c *e2e.Case, env *unstructured.Unstructured) error {
	live, err := c.Get(ctx, env)
	if err != nil {
		return err
	}
	// The end is at a whole minute of its age, and a moment is needed to see it come.
	age := time.Since(live.GetCreationTimestamp().Time) + 20*time.Second
	if err := c.TTL(ctx, env, age.Truncate(time.Minute)+time.Minute); err != nil {
		return err
	}
	if err := phase(ctx, c, env, "Expiring"); err != nil {
		return err
	}
	return c.Condition(ctx, env, "ClusterReady", "True", "Available", "This preview expires at", "raise spec.ttl to extend it")
}

// expired is a preview with a database, and what both are made of.
type expired struct {
	*e2e.Case

	env, database *unstructured.Unstructured
	parts, holder map[string]*unstructured.Unstructured
	namespace     *unstructured.Unstructured
	call          int
}

func preview(ctx context.Context, c *e2e.Case, env, database *unstructured.Unstructured) (*expired, error) {
	p := &expired{Case: c, env: env, database: database}
	var err error
	if p.parts, err = c.Composed(ctx, env); err != nil {
		return nil, err
	}
	if p.holder, err = c.Composed(ctx, database); err != nil {
		return nil, err
	}
	live, err := c.Get(ctx, env)
	if err != nil {
		return nil, err
	}
	name, _, _ := unstructured.NestedString(live.Object, "status", "workloadNamespace")
	p.namespace = kube.Object(schema.GroupVersionKind{Version: "v1", Kind: "Namespace"}, "", name)
	cloud, err := c.WholeCloud().Cloud(ctx)
	if err != nil {
		return nil, err
	}
	p.call = cloud.LastCall
	c.AllowLoss(database, "the preview expires")
	c.AllowLoss(env, "it expires")
	return p, c.Edit(ctx, database, func(live *unstructured.Unstructured) {
		annotations := live.GetAnnotations()
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations["simulator.platform.io/faults"] = instance + "=slow-delete:8s"
		live.SetAnnotations(annotations)
	})
}

// expires waits for the end, and watches that nothing of the Environment goes while the database is there.
func (p *expired) expires(ctx context.Context) error {
	if err := phase(ctx, p.Case, p.env, "Expired"); err != nil {
		return err
	}
	seen := 0
	var lost error
	if err := p.Eventually(ctx, patience, func(ctx context.Context) error {
		composed, err := p.Composed(ctx, p.env)
		if err != nil {
			return err
		}
		// The database after the Environment: had it been there at this moment, it would have been a moment before.
		there, err := exists(ctx, p.Case, p.holder[instance])
		if err != nil || !there {
			return err
		}
		seen++
		if was, is := e2e.Names(p.parts), e2e.Names(composed); !slices.Equal(was, is) {
			lost = fmt.Errorf("with the database in it, it was made of %v and is of %v", was, is)
		}
		return errors.New("the database is still there")
	}); err != nil {
		return err
	}
	if lost == nil && seen == 0 {
		lost = errors.New("nobody saw the database go")
	}
	if lost != nil {
		return lost
	}
	return p.Condition(ctx, p.env, "NetworkReady", "False", "EnvironmentExpired", "the preview expired at", "Raise spec.ttl to extend it")
}

// goes waits until everything of the Environment is gone, and looks at the order of that.
func (p *expired) goes(ctx context.Context) error {
	if err := p.Eventually(ctx, patience, func(ctx context.Context) error {
		composed, err := p.Composed(ctx, p.env)
		if err == nil && len(composed) > 0 {
			err = fmt.Errorf("the Environment is still made of %v", e2e.Names(composed))
		}
		return err
	}); err != nil {
		return err
	}
	if err := p.Gone(ctx, patience, p.namespace); err != nil {
		return err
	}
	if err := nothingInCloud(ctx, p.Case, p.Namespace); err != nil {
		return err
	}
	if err := p.Condition(ctx, p.env, "NetworkReady", "False", "EnvironmentExpired",
		"everything in it is gone, and this object can be deleted"); err != nil {
		return err
	}
	return p.inOrder(ctx)
}

// inOrder checks that the cloud was asked to delete dependants first.
func (p *expired) inOrder(ctx context.Context) error {
	calls, err := p.WholeCloud().Calls(ctx, p.call)
	if err != nil {
		return err
	}
	at := map[string]int{}
	for _, call := range calls.Calls {
		if call.Owner.Namespace != p.Namespace || call.Verb != api.Delete {
			continue
		}
		if call.Error != "" && !strings.HasPrefix(call.Owner.CompositionResource, "environment-") {
			continue // All of a database is deleted at once, and again until it can be.
		}
		if call.Error != "" {
			return fmt.Errorf("the cloud refuses to delete %s: %s", call.Owner.CompositionResource, call.Error)
		}
		at[call.Owner.CompositionResource] = call.Seq
	}
	for _, order := range [][]string{
		{
			instance, "environment-identity-association-orders-api", "environment-identity-role-orders-api", "environment-key-alias",
			"environment-key",
		},
		{"environment-vault-policy-team", "environment-vault-jwt-auth", "environment-key"},
		{"vault-database-mount", instance, "environment-vault-database-mount", "environment-key"},
	} {
		missing := slices.ContainsFunc(order, func(name string) bool { return at[name] == 0 })
		if missing || !slices.IsSortedFunc(order, func(a, b string) int { return at[a] - at[b] }) {
			return fmt.Errorf("the order of the deletions is to be %s; their calls have the numbers %v", strings.Join(order, ", "), at)
		}
	}
	return nil
}

// extended gives the Environment more time: everything starts anew.
func (p *expired) extended(ctx context.Context) error {
	if err := p.TTL(ctx, p.env, time.Hour); err != nil {
		return err
	}
	if err := phase(ctx, p.Case, p.env, "Active"); err != nil {
		return err
	}
	if err := ready(ctx, p.Case, p.env, p.database); err != nil {
		return err
	}
	again, err := p.Composed(ctx, p.env)
	if err != nil {
		return err
	}
	if was, is := e2e.Names(p.parts), e2e.Names(again); !slices.Equal(was, is) {
		return fmt.Errorf("it was made of %v and is of %v", was, is)
	}
	return nil
}
