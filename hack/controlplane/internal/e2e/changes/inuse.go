package changes

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
)

// slowly is how long the cloud takes to delete an instance in these stories: long enough to look at it.
const slowly = "4s"

// environmentInUse deletes an Environment that a database uses: refused, in every way that people try, until the database is
// gone, its data holder included.
func environmentInUse(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	return keptUntilGone(ctx, c, u, environment(c.Namespace))
}

// environmentInUseElsewhere is the same with an Environment of another namespace, which has to be shared first.
func environmentInUseElsewhere(ctx context.Context, c *e2e.Case) error {
	other := c.Namespace + "-b"
	if err := c.Client().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: other}}); err != nil {
		return err
	}
	local, err := c.Environment(ctx, "template", "staging")
	if err != nil {
		return err
	}
	env := environment(other)
	env.Object["spec"] = local.Object["spec"]
	if err := c.Apply(ctx, env); err != nil {
		return err
	}
	if err := c.Ready(ctx, env); err != nil {
		return err
	}
	u := c.Database("orders", func(spec map[string]any) {
		spec["environmentRef"] = map[string]any{"name": env.GetName(), "namespace": other}
	})
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	if err := c.Condition(ctx, u, "EnvironmentResolved", "False", "EnvironmentNotShared",
		"Environment "+other+"/staging is not shared with namespace", "Ask its owner to add", "spec.sharedWith"); err != nil {
		return err
	}
	if composed, err := c.Composed(ctx, u); err != nil || len(composed) > 0 {
		return errors.Join(err, fmt.Errorf("an Environment that is not shared has let %v in", e2e.Names(composed)))
	}
	if err := c.Edit(ctx, env, func(live *unstructured.Unstructured) {
		live.Object["spec"].(map[string]any)["sharedWith"] = []any{c.Namespace} //nolint:forcetypeassert // It was applied above.
	}); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	if err := keptUntilGone(ctx, c, u, env); err != nil {
		return err
	}
	c.Recorder().Allow(recorder.Match{Namespace: other}, "the scenario is over")
	return c.Client().Delete(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: other}})
}

// keptUntilGone tries to delete the Environment of a database that runs, while it goes, and when it is gone.
func keptUntilGone(ctx context.Context, c *e2e.Case, u, env *unstructured.Unstructured) error {
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	if err := notDeletable(ctx, c, env); err != nil {
		return err
	}
	if err := m.quiet(ctx); err != nil {
		return fmt.Errorf("after the refusals: %w", err)
	}
	if err := allTrue(ctx, c, u); err != nil {
		return err
	}
	if err := annotate(ctx, c, u, "simulator.platform.io/faults", instance+"=slow-delete:"+slowly); err != nil {
		return err
	}
	c.AllowLoss(u, "the scenario deletes its database")
	if err := c.Client().Delete(ctx, u); err != nil {
		return err
	}
	if err := m.keptWhileGoing(ctx, env); err != nil {
		return err
	}
	c.AllowLoss(env, "the scenario deletes the Environment")
	if err := c.Client().Delete(ctx, env); err != nil {
		return fmt.Errorf("the database is gone, and its Environment cannot be deleted: %w", err)
	}
	return c.Gone(ctx, patience, env)
}

// notDeletable tries to delete the Environment in every way that people try.
func notDeletable(ctx context.Context, c *e2e.Case, env *unstructured.Unstructured) error {
	for _, how := range [][]string{{}, {"--cascade=foreground"}, {"--force", "--grace-period=0"}} {
		args := append([]string{"delete", "environment", env.GetName(), "--namespace=" + env.GetNamespace(), "--wait=false"}, how...)
		out, err := c.Kubectl(ctx, args...)
		if err == nil || !inUse(c.Namespace).MatchString(out) {
			return fmt.Errorf("kubectl %v: expected a refusal that names the database, got (%w):\n%s", args, err, out)
		}
	}
	return nil
}

// inUse is the sentence of a refusal: it names the database by what it is made of, and where that lives.
func inUse(namespace string) *regexp.Regexp {
	return regexp.MustCompile(`This resource is in-use by [12] usage\(s\), ` +
		`including the \*v1beta1\.Usage "orders-(database|vault)-usage-environment-\w+" \(in namespace "` + namespace + `"\) ` +
		`by resource (Instance/orders-database-instance|Mount/orders-vault-database-mount)-\w+`)
}

// keptWhileGoing tries to delete the Environment again and again until the instance and the mount in Vault are gone: it is
// refused all the time, and free at last.
func (m *moment) keptWhileGoing(ctx context.Context, env *unstructured.Unstructured) error {
	start, refused := time.Now(), 0
	for {
		refusal := m.c.Client().Delete(ctx, env, client.DryRunAll)
		left, err := m.left(ctx)
		switch {
		case err != nil:
			return err
		case refusal == nil && len(left) > 0:
			return fmt.Errorf("the Environment can be deleted while %v is still there (%.1f s after the deletion was asked for)", left,
				time.Since(start).Seconds())
		case refusal == nil && refused == 0:
			return errors.New("the deletion was over before one could look")
		case refusal == nil:
			return nil
		case !inUse(m.u.GetNamespace()).MatchString(refusal.Error()):
			return fmt.Errorf("the Environment is refused for another reason: %w", refusal)
		case time.Since(start) > patience:
			return fmt.Errorf("the Environment is still refused after %s, when %v is left: %w", patience, left, refusal)
		case len(left) > 0:
			refused++
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// left are the users of the Environment that still exist.
func (m *moment) left(ctx context.Context) ([]string, error) {
	var left []string
	for _, name := range []string{instance, "vault-database-mount"} {
		_, err := m.c.Get(ctx, m.composed[name])
		if err == nil {
			left = append(left, name)
		} else if !apierrors.IsNotFound(err) {
			return nil, err
		}
	}
	return left, nil
}
