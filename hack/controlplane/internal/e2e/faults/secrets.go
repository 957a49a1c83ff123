package faults

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
)

// secretLate lets the provider publish the credentials long after the database is ready. Until then there is neither a connection
// Secret nor a KV entry; then both appear at once, complete.
func secretLate(ctx context.Context, c *e2e.Case) error {
	if _, err := c.Environment(ctx, "staging", "staging"); err != nil {
		return err
	}
	w, err := newWitness(ctx, c)
	if err != nil {
		return err
	}
	u := c.Database("orders", func(spec map[string]any) { spec["credentials"] = "static" })
	u.SetAnnotations(map[string]string{fault.CompositeAnnotation: instance + "=secret-late:1h"})
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	late := story{
		says: []says{
			{accessReady, creating, nil, []string{"waits for the provider to publish the connection details of the database"}},
			{vaultReady, blocked, nil, []string{"waits for the service to be available"}},
		},
		// Vault issues no users, so it need not reach the database: there is one rule less.
		fine:     []string{databaseReady},
		composed: append(ground(), "database-ingress-sg-*", instance, "database-usage-environment", usageMasterSecret),
	}
	if err := late.told(ctx, c, u); err != nil {
		return err
	}
	if err := setFaults(ctx, c, u, ""); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return err
	}
	if err := credentials(ctx, c); err != nil {
		return err
	}
	if err := w.atOnce(ctx, connectionSecret, "vault-kv-payload"); err != nil {
		return err
	}
	if err := w.once(ctx, u); err != nil {
		return err
	}
	return gone(ctx, c, u)
}

// credentials checks that the connection Secret is complete.
func credentials(ctx context.Context, c *e2e.Case) error {
	s, err := connection(ctx, c)
	if err != nil {
		return err
	}
	for _, key := range []string{"type", "provider", "host", "port", "database", "uri", "username", "password"} {
		if len(s.Data[key]) == 0 {
			return fmt.Errorf("the connection Secret has no %s", key)
		}
	}
	return nil
}

func connection(ctx context.Context, c *e2e.Case) (*corev1.Secret, error) {
	s := &corev1.Secret{}
	return s, c.Client().Get(ctx, types.NamespacedName{Namespace: c.Namespace, Name: secretName}, s)
}

// atOnce checks that Secrets were created and not changed since: what is complete is so from the first moment.
func (w *witness) atOnce(ctx context.Context, resources ...string) error {
	changes, err := w.changes(ctx)
	if err != nil {
		return err
	}
	for _, resource := range resources {
		var was []recorder.ChangeType
		for _, change := range changes {
			if change.Resource == resource {
				was = append(was, change.Type)
			}
		}
		if !slices.Equal(was, []recorder.ChangeType{recorder.ResourceCreated}) {
			return fmt.Errorf("%s was to appear complete, and was %v", resource, was)
		}
	}
	return nil
}

// foreign makes a Secret of somebody else with the name of our connection Secret.
func foreign(ctx context.Context, c *e2e.Case) (*corev1.Secret, error) {
	s := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: c.Namespace, Name: secretName, Labels: map[string]string{"app": "orders"},
			Annotations: map[string]string{"example.org/made-by": "hand"},
		},
		Data: map[string][]byte{"host": []byte("db.example.org"), "password": {0, 1, 2, 255}},
	}
	return s, c.Client().Create(ctx, s)
}

// same checks that a Secret is the one that it was, byte for byte.
func same(ctx context.Context, c *e2e.Case, before *corev1.Secret) error {
	now, err := connection(ctx, c)
	if err != nil {
		return fmt.Errorf("somebody else's Secret: %w", err)
	}
	if now.UID != before.UID || now.ResourceVersion != before.ResourceVersion || len(now.OwnerReferences) > 0 ||
		!maps.EqualFunc(now.Data, before.Data, bytes.Equal) {
		return fmt.Errorf("somebody else's Secret was touched: it was %v and is %v", before.ObjectMeta, now.ObjectMeta)
	}
	return nil
}

// nameTaken applies a claim where somebody else's Secret is in the way, and reads what the claim says.
func nameTaken(ctx context.Context, c *e2e.Case) (*unstructured.Unstructured, *corev1.Secret, error) {
	if _, err := c.Environment(ctx, "staging", "staging"); err != nil {
		return nil, nil, err
	}
	before, err := foreign(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	u := c.Database("orders")
	if err := c.Apply(ctx, u); err != nil {
		return nil, nil, err
	}
	var without []string
	for _, name := range everything() {
		if name != connectionSecret {
			without = append(without, name)
		}
	}
	taken := story{
		says: []says{{accessReady, secretNameTaken, nil, []string{
			"Secret " + secretName, "namespace " + c.Namespace, "does not belong to this object", "Delete it", "continues by itself",
		}}},
		fine: []string{databaseReady, vaultReady}, composed: without,
	}
	if err := taken.told(ctx, c, u); err != nil {
		return nil, nil, err
	}
	live, err := c.Get(ctx, u)
	if err != nil {
		return nil, nil, err
	}
	if name, found, _ := unstructured.NestedString(live.Object, "status", "connectionSecret"); found {
		return nil, nil, fmt.Errorf("status.connectionSecret names %s, which is somebody else's", name)
	}
	return u, before, same(ctx, c, before)
}

// foreignSecret puts a Secret in the way of the connection Secret. It survives, and when its owner has deleted it the claim
// completes by itself.
func foreignSecret(ctx context.Context, c *e2e.Case) error {
	w, err := newWitness(ctx, c)
	if err != nil {
		return err
	}
	u, before, err := nameTaken(ctx, c)
	if err != nil {
		return err
	}
	if err := c.Client().Delete(ctx, before); err != nil {
		return err
	}
	start := time.Now()
	if err := whole(ctx, c, u, w); err != nil {
		return fmt.Errorf("%s after somebody else's Secret was deleted: %w", time.Since(start).Round(time.Second), err)
	}
	ours, err := connection(ctx, c)
	if err != nil {
		return err
	}
	live, err := c.Get(ctx, u)
	if err != nil {
		return err
	}
	if ours.UID == before.UID || !metav1.IsControlledBy(ours, live) {
		return errors.New("the connection Secret is not the claim's own")
	}
	if err := w.atOnce(ctx, connectionSecret); err != nil {
		return err
	}
	return gone(ctx, c, u)
}

// foreignSecretOutlivesClaim deletes a claim in whose way somebody else's Secret is: the Secret stays as it is.
func foreignSecretOutlivesClaim(ctx context.Context, c *e2e.Case) error {
	u, before, err := nameTaken(ctx, c)
	if err != nil {
		return err
	}
	if err := gone(ctx, c, u, secretName); err != nil {
		return err
	}
	return same(ctx, c, before)
}
