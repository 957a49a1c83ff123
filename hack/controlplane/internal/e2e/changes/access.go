package changes

import (
	"context"
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/recorder"
)

// entry of spec.access.
func entry(account, role string) any { return map[string]any{"serviceAccount": account, "role": role} }

// changeAccess adds a level, changes who has one, and takes one away. Exactly that happens in Vault, and nothing to the database.
func changeAccess(ctx context.Context, c *e2e.Case) error {
	u, err := c.Running(ctx, "staging")
	if err != nil {
		return err
	}
	// What lists the levels: the connection, and what workloads read of it.
	lists := []string{"Changed database-connection-secret", "Changed vault-connection", "Changed vault-kv-payload"}
	listed := []string{"update vault-connection allowedRoles", "update vault-kv-entry dataJsonSecretRef"}
	for _, step := range []struct {
		name   string
		access []any
		want   delta
		levels []string
	}{
		{
			"a level more", []any{entry("orders-api", "writer"), entry("orders-report", "reader"), entry("orders-migrate", "admin")},
			delta{
				append([]string{"Created vault-jwt-admin", "Created vault-policy-admin", "Created vault-role-admin"}, lists...),
				append([]string{"create vault-jwt-admin", "create vault-policy-admin", "create vault-role-admin"}, listed...),
			},
			[]string{"admin", "reader", "writer"},
		},
		{
			"another account", []any{entry("orders-backend", "writer"), entry("orders-report", "reader"), entry("orders-migrate", "admin")},
			delta{[]string{"Changed vault-jwt-writer"}, []string{"update vault-jwt-writer boundClaims"}},
			[]string{"admin", "reader", "writer"},
		},
		{
			"a level less", []any{entry("orders-backend", "writer"), entry("orders-migrate", "admin")},
			delta{
				append([]string{"Deleted vault-jwt-reader", "Deleted vault-policy-reader", "Deleted vault-role-reader"}, lists...),
				append([]string{"delete vault-jwt-reader", "delete vault-policy-reader", "delete vault-role-reader"}, listed...),
			},
			[]string{"admin", "writer"},
		},
	} {
		m, err := now(ctx, c, u)
		if err != nil {
			return err
		}
		if err := m.edit(ctx, func(s map[string]any) { s["access"] = step.access }); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		err = errors.Join(m.payload(ctx, step.want), m.until(ctx, step.want.sorted()), connected(ctx, c, u, step.levels))
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

// payload waits for the new content of the KV entry, and lets the provider look: it sees a change of a Secret at its next poll
// only, which would be a matter of minutes.
func (m *moment) payload(ctx context.Context, want delta) error {
	if !slices.Contains(want.resources, "Changed vault-kv-payload") {
		return nil
	}
	return eventually(ctx, m.c, func(ctx context.Context) error {
		got, err := m.since(ctx)
		if err != nil {
			return err
		}
		if !slices.Contains(got.resources, string(recorder.ResourceChanged)+" vault-kv-payload") {
			return fmt.Errorf("the payload of the KV entry does not change; there was %s", got)
		}
		return m.c.Edit(ctx, m.composed["vault-kv-entry"], func(entry *unstructured.Unstructured) {
			annotations := entry.GetAnnotations()
			annotations["crossplane.io/reconcile-requested-at"] = fmt.Sprint(m.call)
			entry.SetAnnotations(annotations)
		})
	})
}

// connected checks that the connection works for exactly these levels, and that what workloads read names them.
func connected(ctx context.Context, c *e2e.Case, u *unstructured.Unstructured, levels []string) error {
	for _, t := range []string{"DatabaseReady", "AccessReady", "VaultReady"} {
		if err := c.Condition(ctx, u, t, "True", "Available"); err != nil {
			return err
		}
	}
	r, err := inCloud(ctx, c, "vault-connection")
	if err != nil {
		return err
	}
	if allowed, _ := r.Parameters["allowedRoles"].([]any); len(allowed) != len(levels) {
		return fmt.Errorf("the connection in Vault allows %v, expected %d roles", allowed, len(levels))
	}
	s := &corev1.Secret{}
	if err := c.Client().Get(ctx, types.NamespacedName{Namespace: c.Namespace, Name: "orders-appdatabase-connection"}, s); err != nil {
		return err
	}
	for _, level := range []string{"admin", "reader", "writer"} {
		_, named := s.Data["vault-role-"+level]
		_, path := s.Data["vault-credentials-path-"+level]
		if wanted := slices.Contains(levels, level); named != wanted || path != wanted {
			return fmt.Errorf("the connection Secret names the role %s: %v, its credentials: %v; expected %v", level, named, path, wanted)
		}
		for _, kind := range []string{"vault-jwt-", "vault-policy-", "vault-role-"} {
			if _, err := inCloud(ctx, c, kind+level); (err == nil) != slices.Contains(levels, level) {
				return fmt.Errorf("%s%s in Vault: %w", kind, level, err)
			}
		}
	}
	if len(s.Data["host"]) == 0 || len(s.Data["uri"]) == 0 {
		return errors.New("the connection Secret has lost its host or uri")
	}
	return nil
}
