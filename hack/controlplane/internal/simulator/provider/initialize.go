package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/password"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// Initializers are what the provider does with a managed resource of a kind before it looks at the cloud.
func Initializers(kind kinds.Kind, c client.Client) []managed.Initializer {
	var list []managed.Initializer
	if kind.Tagged() {
		list = append(list, initializer(tagger{client: c, kind: kind}.tag))
	}
	if passwordField(kind.Key()) != "" {
		list = append(list, initializer(passwords{client: c, kind: kind}.generate))
	}
	if cloud.Kinds()[kind.Key()].Named {
		list = append(list, managed.NewNameAsExternalName(c))
	}
	return list
}

func initializer(initialize func(context.Context, kinds.Managed) error) managed.Initializer {
	return managed.InitializerFn(func(ctx context.Context, mg resource.Managed) error {
		ours, ok := mg.(kinds.Managed)
		if !ok {
			return fmt.Errorf("%T is no managed resource of the simulator", mg)
		}
		return initialize(ctx, ours)
	})
}

// onlyObserves says that a managed resource looks at something, and does no more.
func onlyObserves(mg kinds.Managed) bool {
	policies := mg.GetManagementPolicies()
	return len(policies) == 1 && policies[0] == xpv2.ManagementActionObserve
}

// tagger adds the provider's own tags.
type tagger struct {
	client client.Client
	kind   kinds.Kind
}

func (t tagger) tag(ctx context.Context, mg kinds.Managed) error {
	if onlyObserves(mg) {
		return nil
	}
	parameters, err := mg.Parameters()
	if err != nil {
		return err
	}
	tags, _ := parameters["tags"].(map[string]any)
	own := map[string]any{"crossplane-kind": strings.ToLower(t.kind.GroupKind().String()), "crossplane-name": mg.GetName()}
	if ref := mg.GetProviderConfigReference(); ref != nil {
		own["crossplane-providerconfig"] = ref.Name
	}
	complete := true
	for tag, value := range own {
		complete = complete && tags[tag] == value
	}
	if complete {
		return nil
	}
	if tags == nil {
		tags = map[string]any{}
	}
	if err := mg.SetParameters(kinds.With(parameters, map[string]any{"tags": kinds.With(tags, own)})); err != nil {
		return err
	}
	if err := t.client.Update(ctx, mg); err != nil {
		return fmt.Errorf("cannot update managed resource: %w", err)
	}
	return nil
}

// passwords generates the password of a database where the Secret has none. It does so even for one that is being
// deleted, as the provider does.
type passwords struct {
	client client.Client
	kind   kinds.Kind
}

func (p passwords) generate(ctx context.Context, mg kinds.Managed) error {
	parameters, err := mg.Parameters()
	if err != nil {
		return err
	}
	ref, ok := secretRefs("", parameters)[passwordField(p.kind.Key())]
	if !ok || parameters["autoGeneratePassword"] != true {
		return nil
	}
	secret := &corev1.Secret{}
	err = p.client.Get(ctx, types.NamespacedName{Namespace: mg.GetNamespace(), Name: ref.name}, secret)
	if err != nil && !apierrors.IsNotFound(err) {
		return errors.Join(errors.New("cannot get password secret"), err)
	}
	if err == nil && len(secret.Data[ref.key]) > 0 {
		return nil
	}
	generated, err := password.Generate()
	if err != nil {
		return fmt.Errorf("cannot generate password: %w", err)
	}
	secret.Name, secret.Namespace = ref.name, mg.GetNamespace()
	if !meta.WasCreated(secret) {
		// A Secret that was there before belongs to somebody else.
		meta.AddOwnerReference(secret, meta.AsOwner(meta.TypedReferenceTo(mg, p.kind.GroupVersionKind)))
	}
	if secret.Data == nil {
		secret.Data = map[string][]byte{}
	}
	secret.Data[ref.key] = []byte(generated)
	if err := resource.NewAPIPatchingApplicator(p.client).Apply(ctx, secret); err != nil {
		return fmt.Errorf("cannot apply password secret: %w", err)
	}
	return nil
}
