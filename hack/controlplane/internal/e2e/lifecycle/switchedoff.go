package lifecycle

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// function is the package that composes databases.
const function = "goldenpath-dev-function-appdatabase"

// switchedOff deactivates the revision of a function, as somebody does who upgrades by hand and forgets a half. Core says so at
// once on the database, which keeps everything; when the revision is active again it recovers by itself.
func switchedOff(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	w, err := begin(ctx, c)
	if err != nil {
		return err
	}
	before, err := runningFunctions(c)
	if err != nil {
		return err
	}
	restore, err := deactivate(ctx, c)
	if err != nil {
		return err
	}
	back := func() error { return restore(context.WithoutCancel(ctx)) }
	defer back() //nolint:errcheck // Also when the story fails; twice does no harm.
	if err := touch(ctx, c, u); err != nil {
		return err
	}
	if err := c.Condition(ctx, u, "Synced", "False", "ReconcileError", function, "cannot find an active FunctionRevision"); err != nil {
		return err
	}
	if err := w.unchanged(ctx, u); err != nil {
		return err
	}
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	if endpoint, _, _ := unstructured.NestedString(live.Object, "status", "endpoint"); endpoint == "" {
		return fmt.Errorf("status.endpoint is lost while a function is switched off")
	}
	if err := back(); err != nil {
		return err
	}
	if err := functionsBack(ctx, c, before[:0]); err != nil {
		return err
	}
	return ready(ctx, c, u)
}

// deactivate switches the active revision of the function off. What it returns switches it on again.
func deactivate(ctx context.Context, c *e2e.Case) (restore func(context.Context) error, err error) {
	pkg := kube.Object(schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1", Kind: "Function"}, "", function)
	live, err := c.Get(ctx, pkg)
	if err != nil {
		return nil, err
	}
	name, _, _ := unstructured.NestedString(live.Object, "status", "currentRevision")
	if name == "" {
		return nil, fmt.Errorf("the Function %s has no status.currentRevision", function)
	}
	revision := kube.Object(functionRevision(), "", name)
	set := func(ctx context.Context, policy, state string) error {
		if err := patch(ctx, c, pkg, `{"spec":{"revisionActivationPolicy":"`+policy+`"}}`); err != nil {
			return err
		}
		return patch(ctx, c, revision, `{"spec":{"desiredState":"`+state+`"}}`)
	}
	return func(ctx context.Context) error { return set(ctx, "Automatic", "Active") }, set(ctx, "Manual", "Inactive")
}

func patch(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, merge string) error {
	return c.Client().Patch(ctx, u.DeepCopy(), client.RawPatch("application/merge-patch+json", []byte(merge)))
}

// touch asks core to look at an object now.
func touch(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	now := time.Now().UTC().Format(time.RFC3339Nano)
	return patch(ctx, c, u, `{"metadata":{"annotations":{"`+requestedAt+`":"`+now+`"}}}`)
}
