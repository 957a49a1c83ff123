package changes

import (
	"context"
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// changeTierValues tunes a Composition as the README says: what runs follows, and nothing but the instance changes.
func changeTierValues(ctx context.Context, c *e2e.Case) error {
	tuned, err := copyOfComposition(ctx, c)
	if err != nil {
		return err
	}
	u, err := c.Running(ctx, "staging", func(spec map[string]any) {
		spec["crossplane"] = map[string]any{"compositionRef": map[string]any{"name": tuned.GetName()}}
	})
	if err != nil {
		return err
	}
	size := map[string]any{"sizes": map[string]any{
		"small": map[string]any{"instanceClass": "db.t4g.large", "storageGiB": int64(20), "maxStorageGiB": int64(100)},
	}}
	for _, step := range []struct {
		name       string
		input      map[string]any
		fields     string
		parameters map[string]any
		status     map[string]any
	}{
		{
			"a tier", map[string]any{"tiers": map[string]any{"staging": map[string]any{"multiAZ": true, "backupRetentionDays": int64(14)}}},
			"backupRetentionPeriod,multiAz",
			map[string]any{"multiAz": true, "backupRetentionPeriod": 14, "instanceClass": "db.t4g.medium"},
			map[string]any{"multiAZ": true, "backupRetentionDays": 14},
		},
		{
			"back again", nil, "backupRetentionPeriod,multiAz",
			map[string]any{"multiAz": false, "backupRetentionPeriod": 7, "instanceClass": "db.t4g.medium"},
			map[string]any{"multiAZ": false, "backupRetentionDays": 7},
		},
		{
			"a size", size, "instanceClass",
			map[string]any{"instanceClass": "db.t4g.large", "allocatedStorage": 20, "maxAllocatedStorage": 100},
			map[string]any{"instanceClass": "db.t4g.large", "size": "small"},
		},
	} {
		m, err := now(ctx, c, u)
		if err != nil {
			return err
		}
		if err := tune(ctx, c, tuned, step.input); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		want := delta{resources: []string{"Changed " + instance}, calls: []string{"update " + instance + " " + step.fields}}
		err = errors.Join(m.until(ctx, want), m.parameters(ctx, instance, step.parameters), m.status(ctx, step.status))
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	if err := mistakeOfThePlatform(ctx, c, u, tuned, size); err != nil {
		return err
	}
	return client.IgnoreNotFound(c.Client().Delete(ctx, tuned))
}

// copyOfComposition copies what is installed under another name, as a platform team does: other claims do not notice.
func copyOfComposition(ctx context.Context, c *e2e.Case) (*unstructured.Unstructured, error) {
	gvk := schema.GroupVersionKind{Group: "apiextensions.crossplane.io", Version: "v1", Kind: "Composition"}
	installed, err := kube.Get(ctx, c.Client(), gvk, "", "appdatabases.platform.io")
	if err != nil {
		return nil, err
	}
	tuned := kube.Object(gvk, "", "appdatabases-tuned-"+c.Namespace)
	tuned.Object["spec"] = installed.Object["spec"]
	return tuned, c.Apply(ctx, tuned)
}

// tune writes the input of function-appdatabase. Nil removes it.
func tune(ctx context.Context, c *e2e.Case, composition *unstructured.Unstructured, input map[string]any) error {
	return c.Edit(ctx, composition, func(live *unstructured.Unstructured) {
		steps, _, _ := unstructured.NestedSlice(live.Object, "spec", "pipeline")
		for _, raw := range steps {
			step, ok := raw.(map[string]any)
			if !ok || step["step"] != "appdatabase" {
				continue
			}
			delete(step, "input")
			if input != nil {
				step["input"] = kubeInput(input)
			}
		}
		live.Object["spec"].(map[string]any)["pipeline"] = steps
	})
}

// kubeInput gives the input its kind.
func kubeInput(input map[string]any) map[string]any {
	out := map[string]any{"apiVersion": "appdatabase.fn.platform.io/v1", "kind": "Input"}
	for field, value := range input {
		out[field] = value
	}
	return out
}

// mistakeOfThePlatform writes an input that is wrong: what runs stays as it is, and the object says who has to correct what.
func mistakeOfThePlatform(ctx context.Context, c *e2e.Case, u, composition *unstructured.Unstructured, correct map[string]any) error {
	m, err := now(ctx, c, u)
	if err != nil {
		return err
	}
	mistake := map[string]any{"tiers": map[string]any{"stagging": map[string]any{"multiAZ": true}}}
	if err := tune(ctx, c, composition, mistake); err != nil {
		return err
	}
	if err := c.Condition(ctx, u, "Synced", "False", "ReconcileError",
		"the input of the composition step that runs function-appdatabase is wrong",
		"tiers.stagging: unknown tier; write one of dev, preview, production, staging"); err != nil {
		return err
	}
	if err := c.Condition(ctx, u, "DatabaseReady", "True", "Available"); err != nil {
		return err
	}
	if err := tune(ctx, c, composition, correct); err != nil {
		return err
	}
	return m.atRest(ctx, delta{})
}
