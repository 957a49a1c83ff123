// Package landing holds the stories of what a claim lands on: Networks and Environments, from a team's whole folder to their end.
package landing

import (
	"context"
	"fmt"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// Scenarios of the package.
func Scenarios() []e2e.Scenario {
	return []e2e.Scenario{
		{Name: "team-folder", Run: teamFolder},
		{Name: "expiry", Run: expiry},
		{Name: "deletion-order", Run: deletionOrder},
		{Name: "environment-shared", Run: environmentShared},
		{Name: "network-changes", Run: networkChanges},
		{Name: "landing-mistakes", Run: mistakes},
	}
}

// patience with what takes many steps: a Network and an Environment are forty resources.
const patience = 2 * time.Minute

// ready waits until all are ready.
func ready(ctx context.Context, c *e2e.Case, all ...*unstructured.Unstructured) error {
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		for _, u := range all {
			live, err := c.Get(ctx, u)
			if err != nil {
				return err
			}
			for _, t := range []string{"Synced", "Ready"} {
				if status, reason, message := kube.Condition(live, t); status != "True" {
					return fmt.Errorf("%s %s: %s is %q (%s: %s)%s", u.GetKind(), u.GetName(), t, status, reason, message, kube.Unhappy(live))
				}
			}
		}
		return nil
	})
}

// phase waits for the phase of an Environment.
func phase(ctx context.Context, c *e2e.Case, env *unstructured.Unstructured, want string) error {
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		live, err := c.Get(ctx, env)
		if err != nil {
			return err
		}
		if got, _, _ := unstructured.NestedString(live.Object, "status", "phase"); got != want {
			return fmt.Errorf("status.phase is %s, expected %s%s", got, want, kube.Unhappy(live))
		}
		return nil
	})
}

// edit changes the spec of an object.
func edit(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, change func(spec map[string]any)) error {
	return c.Edit(ctx, u, func(live *unstructured.Unstructured) {
		spec, _ := live.Object["spec"].(map[string]any)
		change(spec)
	})
}

// undeleted checks that since a mark nothing of some namespaces was deleted, but for what is named.
func undeleted(ctx context.Context, c *e2e.Case, mark recorder.Mark, but []string, namespaces ...string) error {
	if err := c.Recorder().Sync(ctx); err != nil {
		return err
	}
	for _, namespace := range namespaces {
		for _, change := range c.Recorder().Changes(mark, recorder.Match{Namespace: namespace}) {
			if change.Type == recorder.ResourceDeleted && !slices.Contains(but, change.Resource) {
				return fmt.Errorf("nobody asked for that: %s", change)
			}
		}
	}
	return nil
}

// inCloud is what the simulated cloud holds of a namespace.
func inCloud(ctx context.Context, c *e2e.Case, namespace string) ([]api.Resource, error) {
	cloud, err := c.WholeCloud().Cloud(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(cloud.Resources, func(r api.Resource) bool { return r.Owner.Namespace != namespace }), nil
}

// nothingInCloud waits until the simulated cloud holds nothing of a namespace.
func nothingInCloud(ctx context.Context, c *e2e.Case, namespace string) error {
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		left, err := inCloud(ctx, c, namespace)
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("the cloud still has %d resources, such as %s %s (%s)", len(left), left[0].Kind, left[0].ExternalName, left[0].Status)
		}
		return err
	})
}

// exists says whether there is an object.
func exists(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) (bool, error) {
	_, err := c.Get(ctx, u)
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}
