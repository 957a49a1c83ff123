package people

import (
	"context"
	"fmt"

	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/landing"
)

const group = "e2e-developers"

// bind gives a role of deploy/ to the developers in the scenario's namespace.
func bind(ctx context.Context, c *e2e.Case, role string) error {
	return c.Client().Create(ctx, &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: role, Namespace: c.Namespace},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.GroupKind, APIGroup: rbacv1.GroupName, Name: group}},
	})
}

// attempt is something that a developer tries.
type attempt struct {
	what string
	do   func() error
}

// developer tries what the developers' role grants, and what it must not.
func developer(ctx context.Context, c *e2e.Case) error {
	if _, err := c.Running(ctx, "staging"); err != nil {
		return err
	}
	if err := bind(ctx, c, "goldenpath-developer"); err != nil {
		return err
	}
	me, err := c.As("jo", group)
	if err != nil {
		return err
	}
	for _, a := range granted(ctx, c, me) {
		if err := a.do(); err != nil {
			return fmt.Errorf("a developer cannot %s: %w", a.what, err)
		}
	}
	for _, a := range refused(ctx, c, me) {
		if err := a.do(); !apierrors.IsForbidden(err) {
			return fmt.Errorf("a developer who tries to %s is not refused; the answer is: %w", a.what, err)
		}
	}
	return owner(ctx, c, me)
}

func platform(kind string) schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "platform.io", Version: "v1", Kind: kind}
}

func get(ctx context.Context, me client.Client, gvk schema.GroupVersionKind, namespace, name string) func() error {
	return func() error {
		_, err := kube.Get(ctx, me, gvk, namespace, name)
		return err
	}
}

func list(ctx context.Context, me client.Client, gvk schema.GroupVersionKind, namespace string) func() error {
	return func() error {
		_, err := kube.List(ctx, me, gvk, client.InNamespace(namespace))
		return err
	}
}

// granted is the daily work. The second database is deleted before it holds anything.
func granted(ctx context.Context, c *e2e.Case, me client.Client) []attempt {
	mine := c.Database("mine", func(s map[string]any) { s["environmentRef"] = map[string]any{"name": "not-there"} })
	return []attempt{
		{"create a database", func() error { return me.Create(ctx, mine.DeepCopy()) }},
		{"read it", get(ctx, me, platform("AppDatabase"), c.Namespace, "mine")},
		{"list databases", list(ctx, me, platform("AppDatabase"), c.Namespace)},
		{"change it", func() error {
			patch := client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"size":"medium"}}`))
			return me.Patch(ctx, mine.DeepCopy(), patch)
		}},
		{"apply it", func() error { return kube.Apply(ctx, me, mine.DeepCopy()) }},
		{"delete it", func() error { return me.Delete(ctx, mine.DeepCopy()) }},
		{"read the environment", get(ctx, me, platform("Environment"), c.Namespace, "staging")},
		{"read events", list(ctx, me, schema.GroupVersionKind{Version: "v1", Kind: "Event"}, c.Namespace)},
	}
}

// forge writes a status.
func forge(ctx context.Context, me client.Client, gvk schema.GroupVersionKind, namespace, name string) func() error {
	return func() error {
		patch := client.RawPatch("application/merge-patch+json", []byte(`{"status":{"phase":"Active","endpoint":"evil.example.org"}}`))
		return me.Status().Patch(ctx, kube.Object(gvk, namespace, name), patch)
	}
}

// refused is what a developer's role must not grant.
func refused(ctx context.Context, c *e2e.Case, me client.Client) []attempt {
	instances := schema.GroupVersionKind{Group: "rds.aws.m.upbound.io", Version: "v1beta1", Kind: "Instance"}
	usages := schema.GroupVersionKind{Group: "protection.crossplane.io", Version: "v1beta1", Kind: "Usage"}
	compositions := schema.GroupVersionKind{Group: "apiextensions.crossplane.io", Version: "v1", Kind: "Composition"}
	configs := schema.GroupVersionKind{Group: "aws.m.upbound.io", Version: "v1beta1", Kind: "ProviderConfig"}
	clusterConfigs := configs.GroupVersion().WithKind("ClusterProviderConfig")
	secrets := schema.GroupVersionKind{Version: "v1", Kind: "Secret"}
	const other = "team-checkout" // another team's, with an Environment called staging
	return []attempt{
		{"forge the status of the database", forge(ctx, me, platform("AppDatabase"), c.Namespace, "orders")},
		{"forge the status of the environment", forge(ctx, me, platform("Environment"), c.Namespace, "staging")},
		{"read another team's environment", get(ctx, me, platform("Environment"), other, "staging")},
		{"list another team's databases", list(ctx, me, platform("AppDatabase"), other)},
		{"list databases everywhere", list(ctx, me, platform("AppDatabase"), "")},
		{"create an environment", func() error { return me.Create(ctx, environment(c.Namespace, "mine")) }},
		{"delete the environment", func() error { return me.Delete(ctx, kube.Object(platform("Environment"), c.Namespace, "staging")) }},
		{"read a provider config", get(ctx, me, clusterConfigs, "", "aws-staging")},
		{"list provider configs", list(ctx, me, configs, c.Namespace)},
		{"create a provider config", func() error { return me.Create(ctx, kube.Object(configs, c.Namespace, "mine")) }},
		{"list managed resources", list(ctx, me, instances, c.Namespace)},
		{"list usages", list(ctx, me, usages, c.Namespace)},
		{"delete a usage", func() error { return me.Delete(ctx, kube.Object(usages, c.Namespace, "any")) }},
		{"read Secrets", list(ctx, me, secrets, c.Namespace)},
		{"list compositions", list(ctx, me, compositions, "")},
		{"delete all databases with one request", func() error {
			return me.DeleteAllOf(ctx, kube.Object(platform("AppDatabase"), "", ""), client.InNamespace(c.Namespace))
		}},
	}
}

func environment(namespace, name string) *unstructured.Unstructured {
	u := kube.Object(platform("Environment"), namespace, name)
	u.Object["spec"] = landing.EnvironmentSpec("dev")
	return u
}

// owner is the second role: who has it may also make environments, and still not forge their status.
func owner(ctx context.Context, c *e2e.Case, me client.Client) error {
	if err := bind(ctx, c, "goldenpath-environment-owner"); err != nil {
		return err
	}
	u := environment(c.Namespace, "mine")
	// The API server's authoriser hears of a new binding a moment later.
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error { return me.Create(ctx, u.DeepCopy()) }); err != nil {
		return fmt.Errorf("an environment owner cannot create an environment: %w", err)
	}
	if err := c.Ready(ctx, u); err != nil {
		return err
	}
	if err := forge(ctx, me, platform("Environment"), c.Namespace, "mine")(); !apierrors.IsForbidden(err) {
		return fmt.Errorf("an environment owner can forge its status; the answer is: %w", err)
	}
	c.AllowLoss(u, "its owner deletes it")
	return me.Delete(ctx, u)
}
