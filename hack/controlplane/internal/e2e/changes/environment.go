package changes

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// environment is the Environment that c.Running makes, in a namespace.
func environment(namespace string) *unstructured.Unstructured {
	return kube.Object(schema.GroupVersionKind{Group: "platform.io", Version: "v1", Kind: "Environment"}, namespace, "staging")
}

// annotate writes an annotation; an empty value removes it.
func annotate(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, name, value string) error {
	return c.Edit(ctx, u, func(live *unstructured.Unstructured) {
		annotations := live.GetAnnotations()
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations[name] = value
		if value == "" {
			delete(annotations, name)
		}
		live.SetAnnotations(annotations)
	})
}

// Crossplane's annotation that makes core leave an object alone.
const paused = "crossplane.io/paused"

// lose takes something out of the status of an Environment, as nobody but an administrator could. Core does not look at the Environment
// meanwhile, so that its function does not mend it at once.
func lose(ctx context.Context, c *e2e.Case, env *unstructured.Unstructured, what func(status map[string]any)) error {
	if err := annotate(ctx, c, env, paused, "true"); err != nil {
		return err
	}
	if err := c.Condition(ctx, env, "Synced", "False", "ReconcilePaused"); err != nil {
		return err
	}
	live, err := c.Get(ctx, env)
	if err != nil {
		return err
	}
	before := client.MergeFrom(live.DeepCopy())
	status, _, err := unstructured.NestedMap(live.Object, "status")
	if err != nil {
		return err
	}
	what(status)
	live.Object["status"] = status
	return c.Client().Status().Patch(ctx, live, before)
}

// mend lets core look at the Environment again.
func mend(ctx context.Context, c *e2e.Case, env *unstructured.Unstructured) error {
	return annotate(ctx, c, env, paused, "")
}

// environmentStatusLost takes the status of an Environment away, and its readiness. The database in it stays as it is and says why
// it waits; it goes on by itself. The Environment cannot be deleted meanwhile.
func environmentStatusLost(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	env := environment(c.Namespace)
	for _, loss := range []struct {
		what        string
		begin, over func() error
	}{
		{
			"the status is lost", func() error { return lose(ctx, c, env, func(status map[string]any) { clear(status) }) },
			func() error { return mend(ctx, c, env) },
		},
		{
			"the Environment is not ready",
			func() error {
				return annotate(ctx, c, env, "simulator.platform.io/faults", "environment-key=not-synced")
			},
			func() error { return annotate(ctx, c, env, "simulator.platform.io/faults", "") },
		},
	} {
		m, err := now(ctx, c, u)
		if err != nil {
			return err
		}
		before, err := c.Get(ctx, u)
		if err != nil {
			return err
		}
		was, err := c.Get(ctx, env)
		if err != nil {
			return err
		}
		if err := loss.begin(); err != nil {
			return err
		}
		err = errors.Join(m.waitsFor(ctx, env), m.statusKept(ctx, before), notDeletable(ctx, c, env), m.quiet(ctx))
		if err != nil {
			return fmt.Errorf("%s: %w", loss.what, err)
		}
		if err := loss.over(); err != nil {
			return err
		}
		if err := errors.Join(m.atRest(ctx, delta{}), allTrue(ctx, c, u), mended(ctx, c, was)); err != nil {
			return fmt.Errorf("%s, no longer: %w", loss.what, err)
		}
	}
	return nil
}

// mended waits until an Environment is ready and its status says what it said before, conditions aside.
func mended(ctx context.Context, c *e2e.Case, was *unstructured.Unstructured) error {
	if err := c.Ready(ctx, was); err != nil {
		return err
	}
	live, err := c.Get(ctx, was)
	if err != nil {
		return err
	}
	if diff := cmp.Diff(statusOf(was), statusOf(live)); diff != "" {
		return fmt.Errorf("the status of the Environment has changed (-before +now):\n%s", diff)
	}
	return nil
}

// waitsFor checks that the composite says in words that it waits for its Environment, and that nothing of it changes.
func (m *moment) waitsFor(ctx context.Context, env *unstructured.Unstructured) error {
	if err := m.c.Condition(ctx, m.u, "EnvironmentResolved", "False", "EnvironmentNotReady",
		"Environment "+env.GetNamespace()+"/"+env.GetName()+" is not ready yet", "This object continues by itself when it is"); err != nil {
		return err
	}
	for _, t := range []string{"DatabaseReady", "AccessReady", "VaultReady"} {
		if err := m.c.Condition(ctx, m.u, t, "True", "Available"); err != nil {
			return err
		}
	}
	if err := m.c.Condition(ctx, m.u, "Ready", "False", "Creating"); err != nil {
		return err
	}
	return m.c.Condition(ctx, m.u, "Synced", "True", "ReconcileSuccess")
}

// allTrue checks every condition of the composite.
func allTrue(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	for _, t := range []string{"EnvironmentResolved", "DatabaseReady", "AccessReady", "VaultReady", "GuardrailsPassed", "Synced", "Ready"} {
		if status, reason, message := kube.Condition(live, t); status != "True" {
			return fmt.Errorf("%s is %q (%s: %s)", t, status, reason, message)
		}
	}
	return nil
}

// environmentLosesVault takes Vault out of an Environment and puts it back. Nothing of the database goes, also not what it has in
// Vault, and a condition says what is going on.
func environmentLosesVault(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	before, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	env := environment(c.Namespace)
	if err := lose(ctx, c, env, func(status map[string]any) { delete(status, "vault") }); err != nil {
		return err
	}
	if err := vaultIs(ctx, c, env, false); err != nil {
		return err
	}
	if err := errors.Join(m.quiet(ctx), m.statusKept(ctx, before)); err != nil {
		return fmt.Errorf("without Vault: %w", err)
	}
	// Whoever looks at the database has to see why nothing more happens in Vault.
	if err := eventually(ctx, c, func(ctx context.Context) error { return someConditionSays(ctx, c, u, "status.vault") }); err != nil {
		return err
	}
	if err := mend(ctx, c, env); err != nil {
		return err
	}
	if err := vaultIs(ctx, c, env, true); err != nil {
		return err
	}
	if err := errors.Join(m.atRest(ctx, delta{}), allTrue(ctx, c, u), m.statusKept(ctx, before)); err != nil {
		return fmt.Errorf("with Vault again: %w", err)
	}
	return nil
}

// vaultIs waits until the Environment has Vault in its status, or has it not.
func vaultIs(ctx context.Context, c *e2e.Case, env *unstructured.Unstructured, there bool) error {
	return eventually(ctx, c, func(ctx context.Context) error {
		live, err := c.Get(ctx, env)
		if err != nil {
			return err
		}
		if _, found, err := unstructured.NestedMap(live.Object, "status", "vault"); err != nil || found != there {
			return errors.Join(err, fmt.Errorf("the Environment has status.vault: %v", found))
		}
		return nil
	})
}

// someConditionSays looks for words in the messages of all conditions.
func someConditionSays(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, words string) error {
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	var said []string
	for _, t := range []string{"EnvironmentResolved", "DatabaseReady", "AccessReady", "VaultReady", "GuardrailsPassed"} {
		status, reason, message := kube.Condition(live, t)
		if strings.Contains(message, words) {
			return nil
		}
		said = append(said, fmt.Sprintf("%s=%s %s: %s", t, status, reason, message))
	}
	return fmt.Errorf("no condition says %q:\n%s", words, strings.Join(said, "\n"))
}
