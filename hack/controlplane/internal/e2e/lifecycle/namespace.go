package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// observeOnly lets a managed resource go and leaves what it stands for in the cloud.
const observeOnly = `{"spec":{"managementPolicies":["Observe"]}}`

// namespaceDeleted deletes a namespace with two protected databases and one that is not. Nothing in Kubernetes stops that: the claims go,
// whatever Usages they hold. The cloud keeps the protected ones, and the namespace does not end without a person, because what a database
// cannot live without cannot be deleted. One database is kept by hand, one is given up.
func namespaceDeleted(ctx context.Context, c *e2e.Case) error {
	kept, unwanted, scratch, err := production(ctx, c)
	if err != nil {
		return err
	}
	identifiers := map[string]string{}
	for _, u := range []*unstructured.Unstructured{kept, unwanted, scratch} {
		database, err := databaseInCloud(ctx, c, u)
		if err != nil {
			return err
		}
		identifiers[u.GetName()] = database.Name
		c.AllowLoss(u, "its namespace is deleted: the managed resource goes, and the cloud keeps what is protected")
	}
	c.AllowLoss(c.Database("staging"), "the Environment goes with its namespace")
	if err := accepted(c.Kubectl(ctx, "delete", "namespace", c.Namespace, "--wait=false")); err != nil {
		return err
	}
	if err := hangs(ctx, c, kept, unwanted, scratch); err != nil {
		return err
	}
	if err := giveUp(ctx, c, scratch, unwanted); err != nil {
		return err
	}
	// The one that is kept has outlived the others, in the same namespace.
	if err := keptInCloud(ctx, c, kept); err != nil {
		return err
	}
	if err := patchManaged(ctx, c, "managed", kept, observeOnly); err != nil {
		return err
	}
	if err := gone(ctx, c); err != nil {
		return err
	}
	if err := keptInCloud(ctx, c, kept); err != nil {
		return err
	}
	for name, want := range map[string]int{"kept": 0, "unwanted": 1, "scratch": 1} {
		if err := snapshots(ctx, c, identifiers[name], want); err != nil {
			return err
		}
	}
	return nothingElse(ctx, c, kept)
}

// production is a namespace with an Environment of production: two databases have its protection, one has not.
func production(ctx context.Context, c *e2e.Case) (kept, unwanted, scratch *unstructured.Unstructured, err error) {
	kept, unwanted = c.Database("kept"), c.Database("unwanted")
	scratch = c.Database("scratch", func(spec map[string]any) { spec["deletionProtection"] = false })
	if _, err := c.Environment(ctx, "staging", "production"); err != nil {
		return nil, nil, nil, err
	}
	for _, u := range []*unstructured.Unstructured{kept, unwanted, scratch} {
		if err := c.Apply(ctx, u); err != nil {
			return nil, nil, nil, err
		}
	}
	return kept, unwanted, scratch, ready(ctx, c, kept, unwanted, scratch)
}

// hangs waits until the claims are gone and the namespace says that it cannot end, and what it waits for.
func hangs(ctx context.Context, c *e2e.Case, databases ...*unstructured.Unstructured) error {
	if err := c.Gone(ctx, patience, databases...); err != nil {
		return err
	}
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		ns := &corev1.Namespace{}
		if err := c.Client().Get(ctx, types.NamespacedName{Name: c.Namespace}, ns); err != nil {
			return err
		}
		for _, condition := range ns.Status.Conditions {
			if condition.Type == corev1.NamespaceFinalizersRemaining && condition.Status == corev1.ConditionTrue &&
				strings.Contains(condition.Message, "finalizer.managedresource.crossplane.io") {
				return nil
			}
		}
		return fmt.Errorf("the namespace does not say what it waits for: %+v", ns.Status.Conditions)
	})
}

// giveUp lets databases of the namespace go: the cloud deletes what it does not protect by itself, and what a person unprotects and deletes
// there. What that one could not live without goes by itself then.
func giveUp(ctx context.Context, c *e2e.Case, scratch, unwanted *unstructured.Unstructured) error {
	if err := keptInCloud(ctx, c, unwanted); err != nil {
		return err
	}
	var database *api.Resource
	if err := c.Eventually(ctx, patience, func(ctx context.Context) (err error) {
		database, err = databaseInCloud(ctx, c, unwanted)
		if err == nil && !database.Orphaned {
			err = fmt.Errorf("the managed resource of %s is still there", database.Name)
		}
		return err
	}); err != nil {
		return err
	}
	if err := c.Cloud().GiveUp(ctx, database.Owner.UID); err != nil {
		return err
	}
	return c.Eventually(ctx, patience, func(ctx context.Context) error {
		for _, u := range []*unstructured.Unstructured{scratch, unwanted} {
			if err := noneInCloud(ctx, c, u); err != nil {
				return err
			}
		}
		return nil
	})
}

// patchManaged patches managed resources of a claim that is gone.
func patchManaged(ctx context.Context, c *e2e.Case, kind string, u *unstructured.Unstructured, merge string) error {
	names, err := c.Kubectl(ctx, "get", kind, "--selector=platform.io/claim-name="+u.GetName(), "--output=name")
	if err != nil {
		return fmt.Errorf("%w\n%s", err, names)
	}
	if strings.TrimSpace(names) == "" {
		return fmt.Errorf("no %s of %s is left", kind, u.GetName())
	}
	for _, name := range strings.Fields(names) {
		out, err := c.Kubectl(ctx, "patch", name, "--type=merge", "--patch="+merge)
		if err != nil && !strings.Contains(out, "NotFound") { // it may have gone just now
			return fmt.Errorf("%w\n%s", err, out)
		}
	}
	return nil
}

// keptInCloud checks that a protected database is in the cloud as ever, and what it cannot live without.
func keptInCloud(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	all, err := inCloud(ctx, c, u)
	if err != nil {
		return err
	}
	kinds := map[string]bool{}
	for _, r := range all {
		kinds[r.Kind] = true
		if r.Kind == "Instance" && (r.Status != "available" || !r.DeletionProtection) {
			return fmt.Errorf("the protected database %s is %s in the cloud, protected: %v", r.Name, r.Status, r.DeletionProtection)
		}
	}
	for _, kind := range []string{"Instance", "SecurityGroup", "SubnetGroup", "ParameterGroup"} {
		if !kinds[kind] {
			return fmt.Errorf("the protected database %s has lost its %s in the cloud", u.GetName(), kind)
		}
	}
	return nil
}

// gone waits until the namespace is gone.
func gone(ctx context.Context, c *e2e.Case) error {
	return c.Eventually(ctx, 2*patience, func(ctx context.Context) error {
		ns := &corev1.Namespace{}
		err := c.Client().Get(ctx, types.NamespacedName{Name: c.Namespace}, ns)
		switch {
		case apierrors.IsNotFound(err):
			return nil
		case err != nil:
			return err
		}
		return fmt.Errorf("the namespace is still there: %+v", ns.Status.Conditions)
	})
}

// nothingElse checks that the cloud has nothing of the namespace but one database.
func nothingElse(ctx context.Context, c *e2e.Case, kept *unstructured.Unstructured) error {
	cloud, err := c.Cloud().Cloud(ctx)
	if err != nil {
		return err
	}
	for _, r := range cloud.Resources {
		if r.Owner.Namespace == c.Namespace && !strings.HasPrefix(r.Owner.Name, kept.GetName()+"-") && !e2e.KeptLogs(r) {
			return fmt.Errorf("the cloud still has %s %s", r.Kind, r.Name)
		}
	}
	holders := slices.DeleteFunc(c.Recorder().Findings(), func(f recorder.Finding) bool { return f.Namespace != c.Namespace })
	if len(holders) > 0 {
		return fmt.Errorf("the recorder has seen %v", holders)
	}
	return nil
}
