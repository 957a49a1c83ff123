package faults

import (
	"context"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/api"
)

// drift lets somebody change a running database, its security group and a Vault policy by hand: the provider takes the change
// back, and the claim is usable all the time. Storage that has grown by itself is no such change: it stays, and the status tells.
func drift(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	w, err := newWitness(ctx, c)
	if err != nil {
		return err
	}
	drifted := []string{instance, securityGroup, "vault-policy-writer"}
	if err := setFaults(ctx, c, u, instance+"=drift,"+securityGroup+"=drift,vault-policy-writer=drift"); err != nil {
		return err
	}
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error {
		if err := usable(ctx, c, u); err != nil {
			return err
		}
		return w.corrected(ctx, drifted)
	}); err != nil {
		return err
	}
	if err := w.untouched(ctx); err != nil {
		return err
	}
	if err := grown(ctx, c, u, w); err != nil {
		return err
	}
	if err := setFaults(ctx, c, u, ""); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	if err := w.undisturbed(ctx); err != nil {
		return err
	}
	return gone(ctx, c, u)
}

// usable checks that a claim is ready now.
func usable(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured) error {
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	for _, condition := range []string{databaseReady, accessReady, vaultReady, "Ready", "Synced"} {
		if status, reason, message := kube.Condition(live, condition); status != "True" {
			return fmt.Errorf("%s of %s is %s %s: %s", condition, u.GetName(), status, reason, message)
		}
	}
	return nil
}

// corrected checks that each of the resources was changed by somebody else, and then once by its provider.
func (w *witness) corrected(ctx context.Context, resources []string) error {
	has, err := w.inCloud(ctx)
	if err != nil {
		return err
	}
	byName := map[string]string{} // external name of a resource that is at rest
	for _, r := range has {
		if r.Status == "available" {
			byName[r.ExternalName] = r.Owner.CompositionResource
		}
		if r.Owner.CompositionResource == instance && r.Parameters["publiclyAccessible"] != false {
			return fmt.Errorf("the database is public: publiclyAccessible is %v", r.Parameters["publiclyAccessible"])
		}
	}
	all, err := w.c.Cloud().Calls(ctx, w.call)
	if err != nil {
		return err
	}
	var history []string
	for _, call := range all.Calls {
		if resource := byName[call.ExternalName]; resource != "" {
			history = append(history, fmt.Sprintf("%s %s %v %s", resource, call.Verb, call.Fields, call.Error))
		}
	}
	var want []string
	for resource, field := range map[string]string{instance: "publiclyAccessible", securityGroup: "tags", "vault-policy-writer": "policy"} {
		if slices.Contains(resources, resource) {
			want = append(want, fmt.Sprintf("%s %s [%s] ", resource, api.Drift, field), fmt.Sprintf("%s %s [%s] ", resource, api.Update, field))
		}
	}
	slices.Sort(history)
	slices.Sort(want)
	if !slices.Equal(history, want) {
		return fmt.Errorf("in the cloud there was %q, expected %q", history, want)
	}
	return nil
}

// untouched checks that no composed resource has changed.
func (w *witness) untouched(ctx context.Context) error {
	changes, err := w.changes(ctx)
	if err != nil {
		return err
	}
	if len(changes) > 0 {
		return fmt.Errorf("nothing was to change, and there was %v", changes)
	}
	return nil
}

// grown lets the storage grow by itself.
func grown(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, w *witness) error {
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	before, _, _ := unstructured.NestedInt64(live.Object, "status", "storage", "allocatedGiB")
	if err := setFaults(ctx, c, u, instance+"=drift:allocatedStorage"); err != nil {
		return err
	}
	if err := c.Eventually(ctx, patience, func(ctx context.Context) error {
		if err := usable(ctx, c, u); err != nil {
			return err
		}
		live, err := c.Get(ctx, u)
		if err != nil {
			return err
		}
		if now, _, _ := unstructured.NestedInt64(live.Object, "status", "storage", "allocatedGiB"); now != before+1 {
			return fmt.Errorf("the storage has grown to %d GiB in the cloud, and status.storage.allocatedGiB is %d", before+1, now)
		}
		return nil
	}); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	has, err := w.inCloud(ctx)
	if err != nil {
		return err
	}
	for _, r := range has {
		if size := fmt.Sprint(r.Parameters["allocatedStorage"]); r.Owner.CompositionResource == instance && size != fmt.Sprint(before+1) {
			return fmt.Errorf("the storage of the database was %d GiB, has grown by one, and is %s", before, size)
		}
	}
	return nil
}

// whileRunning lets a running database be cut off from its providers in several ways. Nothing happens to it, what workloads
// read stays, and the claim says what is wrong until it is over.
func whileRunning(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	w, err := newWitness(ctx, c)
	if err != nil {
		return err
	}
	for _, s := range []story{
		{
			name: "the provider cannot see the database", faults: instance + "=not-synced",
			says: []says{{databaseReady, failing, []string{instance}, []string{
				"InternalFailure", "The cloud has a fault of its own: it is tried again; nothing to do",
			}}},
			fine: []string{accessReady, vaultReady},
		},
		{
			name: "the cloud has enough of our calls", faults: instance + "=throttled",
			says: []says{{databaseReady, failing, []string{instance}, []string{"Throttling: Rate exceeded. ", "nothing to do"}}},
			fine: []string{accessReady, vaultReady},
		},
		{
			name: "Vault does not know the provider any more", faults: vaultConnection + "=credentials",
			says: []says{{vaultReady, failing, []string{vaultConnection}, []string{
				"Vault answers GET auth/token/lookup-self with 403: permission denied. ", "The platform team has to renew them",
			}}},
			fine: []string{databaseReady, accessReady},
		},
		{
			name: "nothing answers", faults: "*=throttled",
			says: []says{
				{databaseReady, failing, []string{securityGroup}, []string{"RequestLimitExceeded"}},
				{vaultReady, failing, []string{vaultConnection}, []string{"Vault answers GET ", " with 429: ", "rate limit quota exceeded. "}},
			},
			fine: []string{accessReady},
		},
	} {
		s.composed = everything()
		if err := s.passes(ctx, c, u, w); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return gone(ctx, c, u)
}

// passes plays a fault on a running database.
func (s story) passes(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, w *witness) error {
	before, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	if err := setFaults(ctx, c, u, s.faults); err != nil {
		return err
	}
	if err := s.told(ctx, c, u); err != nil {
		return err
	}
	if err := kept(ctx, c, u, before); err != nil {
		return err
	}
	if err := setFaults(ctx, c, u, ""); err != nil {
		return err
	}
	if err := c.Ready(ctx, u); err != nil {
		return err
	}
	if err := w.untouched(ctx); err != nil {
		return err
	}
	return w.silent(ctx)
}

// kept checks that the status still tells what it told before, but for the conditions.
func kept(ctx context.Context, c *e2e.Case, u, before *unstructured.Unstructured) error {
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	for _, field := range []string{"endpoint", "port", "version", "arn", "vault", "connectionSecret", "environment"} {
		was, _, _ := unstructured.NestedFieldNoCopy(before.Object, "status", field)
		is, found, _ := unstructured.NestedFieldNoCopy(live.Object, "status", field)
		if !found || fmt.Sprint(was) != fmt.Sprint(is) {
			return fmt.Errorf("status.%s was %v and is %v", field, was, is)
		}
	}
	return nil
}

// silent checks that no call has changed anything in the cloud.
func (w *witness) silent(ctx context.Context) error {
	calls, err := w.calls(ctx)
	if err != nil {
		return err
	}
	for _, call := range calls {
		if call.Error == "" {
			return fmt.Errorf("nothing was to change in the cloud, and there was %s of %s", call.Verb, call.Owner.CompositionResource)
		}
	}
	return nil
}
