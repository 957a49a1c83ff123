package faults

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/landing"
)

// cloudAccess is a provider configuration of the scenario's own, and the Secret that it names.
type cloudAccess struct {
	c      *e2e.Case
	config *unstructured.Unstructured
}

// newCloudAccess makes the configuration, not the Secret. It has the name of the scenario's namespace, as one that Environments may name.
func newCloudAccess(ctx context.Context, c *e2e.Case) (*cloudAccess, error) {
	kind := schema.GroupVersionKind{Group: "aws.m.upbound.io", Version: "v1beta1", Kind: "ClusterProviderConfig"}
	config := kube.Object(kind, "", "aws-"+c.Namespace)
	config.Object["spec"] = map[string]any{"credentials": map[string]any{
		"source":    "Secret",
		"secretRef": map[string]any{"namespace": c.Namespace, "name": "cloud-credentials", "key": "credentials"},
	}}
	return &cloudAccess{c: c, config: config}, c.Apply(ctx, config)
}

// environment applies an Environment that uses the configuration.
func (a *cloudAccess) environment(ctx context.Context) (*unstructured.Unstructured, error) {
	u := kube.Object(schema.GroupVersionKind{Group: "platform.io", Version: "v1", Kind: "Environment"}, a.c.Namespace, "staging")
	u.Object["spec"] = landing.EnvironmentSpec("staging", func(spec map[string]any) {
		spec["cloud"].(map[string]any)["providerConfigRef"] = map[string]any{ //nolint:forcetypeassert // As landing writes it.
			"name": a.config.GetName(), "kind": a.config.GetKind(),
		}
	})
	return u, a.c.Apply(ctx, u)
}

// alone takes the Environment out of the story: core leaves it as it is, ready, although it has no credentials either. Otherwise a
// claim would wait for its Environment, and have nothing to say of its own.
func (a *cloudAccess) alone(ctx context.Context, env *unstructured.Unstructured, yes bool) error {
	if yes {
		if err := a.c.Ready(ctx, env); err != nil {
			return err
		}
	}
	if err := a.c.Edit(ctx, env, func(live *unstructured.Unstructured) {
		annotations := live.GetAnnotations()
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations["crossplane.io/paused"] = "true"
		if !yes {
			delete(annotations, "crossplane.io/paused")
		}
		live.SetAnnotations(annotations)
	}); err != nil || !yes {
		return err
	}
	return a.c.Condition(ctx, env, "Synced", "False", "ReconcilePaused")
}

func (a *cloudAccess) secret() *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: a.c.Namespace, Name: "cloud-credentials"},
		StringData: map[string]string{"credentials": "not-a-credential-the-cloud-is-simulated"},
	}
}

// end deletes a claim, its Environment, and then what their managed resources need for their own deletion.
func (a *cloudAccess) end(ctx context.Context, u, env *unstructured.Unstructured) error {
	if err := gone(ctx, a.c, u, a.secret().Name); err != nil {
		return err
	}
	a.c.AllowLoss(env, "the scenario is over")
	if err := a.c.Client().Delete(ctx, env, client.PropagationPolicy(metav1.DeletePropagationForeground)); err != nil {
		return err
	}
	if err := a.c.Gone(ctx, patience, env); err != nil {
		return err
	}
	return a.c.Client().Delete(ctx, a.config)
}

// withoutCredentials is what a claim says when there is no Secret with the provider's credentials.
func withoutCredentials(about ...string) says {
	return says{databaseReady, failing, about, []string{
		"cannot get credentials secret", `secrets "cloud-credentials" not found. The provider has no credentials for ClusterProviderConfig `,
		"The platform team has to create the Secret",
	}}
}

// credentialsMissing applies a claim where the credentials of the provider are not there yet.
func credentialsMissing(ctx context.Context, c *e2e.Case) error {
	access, err := newCloudAccess(ctx, c)
	if err != nil {
		return err
	}
	env, err := environmentWithout(ctx, access)
	if err != nil {
		return err
	}
	w, err := newWitness(ctx, c)
	if err != nil {
		return err
	}
	u := c.Database("orders")
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	missing := story{
		says: []says{
			withoutCredentials(securityGroup, subnetGroup, parameterGroup),
			{accessReady, blocked, nil, []string{"the connection details follow when the database is available"}},
			{vaultReady, blocked, nil, []string{"waits for the service to be available"}},
		},
		composed: ground(),
	}
	if err := missing.told(ctx, c, u); err != nil {
		return err
	}
	if err := w.undisturbed(ctx); err != nil {
		return err
	}
	if err := c.Client().Create(ctx, access.secret()); err != nil {
		return err
	}
	if err := access.alone(ctx, env, false); err != nil {
		return err
	}
	if err := whole(ctx, c, u, w); err != nil {
		return err
	}
	return access.end(ctx, u, env)
}

// environmentWithout applies an Environment without credentials, which says so in the same words. It becomes ready when it has some,
// and then they are taken away again, for the claim's part.
func environmentWithout(ctx context.Context, access *cloudAccess) (*unstructured.Unstructured, error) {
	c := access.c
	env, err := access.environment(ctx)
	if err != nil {
		return nil, err
	}
	words := withoutCredentials().words
	for _, condition := range []string{accessReady, "ClusterReady"} {
		if err := c.Condition(ctx, env, condition, "False", failing, words...); err != nil {
			return nil, err
		}
	}
	if err := c.Client().Create(ctx, access.secret()); err != nil {
		return nil, err
	}
	if err := access.alone(ctx, env, true); err != nil {
		return nil, err
	}
	return env, c.Client().Delete(ctx, access.secret())
}

// credentialsVanish takes the credentials of the provider away from a running database, and gives them back.
func credentialsVanish(ctx context.Context, c *e2e.Case) error {
	access, err := newCloudAccess(ctx, c)
	if err != nil {
		return err
	}
	if err := c.Client().Create(ctx, access.secret()); err != nil {
		return err
	}
	env, err := access.environment(ctx)
	if err != nil {
		return err
	}
	if err := c.Ready(ctx, env); err != nil {
		return err
	}
	u := c.Database("orders")
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	if err := access.alone(ctx, env, true); err != nil {
		return err
	}
	if err := vanish(ctx, c, u, access); err != nil {
		return err
	}
	if err := access.alone(ctx, env, false); err != nil {
		return err
	}
	return access.end(ctx, u, env)
}

func vanish(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, access *cloudAccess) error {
	w, err := newWitness(ctx, c)
	if err != nil {
		return err
	}
	before, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	if err := c.Client().Delete(ctx, access.secret()); err != nil {
		return err
	}
	if err := look(ctx, c, u); err != nil {
		return err
	}
	cut := story{
		says:     []says{withoutCredentials(securityGroup, subnetGroup, parameterGroup, instance)},
		fine:     []string{accessReady, vaultReady},
		composed: everything(),
	}
	if err := cut.told(ctx, c, u); err != nil {
		return err
	}
	if err := kept(ctx, c, u, before); err != nil {
		return err
	}
	if err := c.Client().Create(ctx, access.secret()); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	if err := w.untouched(ctx); err != nil {
		return err
	}
	return w.silent(ctx)
}

// look asks the providers to look at everything now: by themselves they do so once in a while.
func look(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	all, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	for _, name := range e2e.Names(all) {
		o := all[name]
		if o.GetAnnotations()["crossplane.io/external-name"] == "" {
			continue // Secrets and Usages.
		}
		before := client.MergeFrom(o.DeepCopy())
		annotations := o.GetAnnotations()
		annotations["crossplane.io/reconcile-requested-at"] = o.GetResourceVersion()
		o.SetAnnotations(annotations)
		if err := c.Client().Patch(ctx, o, before); err != nil {
			return fmt.Errorf("cannot ask for a look at %s: %w", name, err)
		}
	}
	return nil
}
