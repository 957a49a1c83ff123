// Package basics holds the first stories: a claim from nothing to ready, what a developer sees, and what a mistake gets.
package basics

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// Scenarios of the package.
func Scenarios() []e2e.Scenario {
	return []e2e.Scenario{
		{Name: "first-claim", Run: firstClaim},
		{Name: "what-a-developer-sees", Run: whatADeveloperSees},
		{Name: "install-guide", Run: installGuide},
		{Name: "mistakes-the-schema-refuses", Run: refusedBySchema},
		{Name: "mistakes-the-function-refuses", Run: refusedByFunction},
	}
}

// composedOfFirstClaim are the resources of the README's claim. The names of ingress rules end in the security group that they
// admit, which every Environment has its own of.
func composedOfFirstClaim() []string {
	return []string{
		"database-connection-secret", "database-ingress-sg-*", "database-ingress-sg-*", "database-instance",
		"database-log-group-postgresql", "database-log-group-upgrade", "database-parameter-group-postgres17", "database-security-group",
		"database-subnet-group", "database-usage-environment", "database-usage-master-secret", "database-usage-vault-server",
		"database-usage-vault-way",
		"vault-connection", "vault-database-mount", "vault-jwt-reader", "vault-jwt-writer", "vault-kv-entry", "vault-kv-payload",
		"vault-policy-reader", "vault-policy-writer", "vault-role-reader", "vault-role-writer", "vault-usage-environment",
	}
}

// firstClaim applies the claim of the README as a person would.
func firstClaim(ctx context.Context, c *e2e.Case) error {
	if _, err := c.Environment(ctx, "staging", "staging"); err != nil {
		return err
	}
	u := c.Database("orders")
	start := time.Now()
	if err := c.Apply(ctx, u); err != nil {
		return err
	}
	if err := c.Settled(ctx, u); err != nil {
		return fmt.Errorf("%w (after %s)", err, time.Since(start))
	}
	composed, err := c.Composed(ctx, u)
	if err != nil {
		return err
	}
	got := e2e.Names(composed)
	for n, name := range got {
		if strings.HasPrefix(name, "database-ingress-sg-") {
			got[n] = "database-ingress-sg-*"
		}
	}
	if !slices.Equal(got, composedOfFirstClaim()) {
		return fmt.Errorf("composed %v, expected %v", got, composedOfFirstClaim())
	}
	return connection(ctx, c)
}

// connection checks the keys of the contract, and that no credentials are handed out where Vault issues them.
func connection(ctx context.Context, c *e2e.Case) error {
	s := &corev1.Secret{}
	if err := c.Client().Get(ctx, types.NamespacedName{Namespace: c.Namespace, Name: "orders-appdatabase-connection"}, s); err != nil {
		return err
	}
	for _, key := range []string{"type", "provider", "host", "port", "database", "uri", "vault-role-writer", "vault-kv-path"} {
		if len(s.Data[key]) == 0 {
			return fmt.Errorf("the connection Secret has no %s; it has %v", key, keys(s.Data))
		}
	}
	if len(s.Data["username"])+len(s.Data["password"]) > 0 {
		return fmt.Errorf("the connection Secret hands out credentials, where Vault issues them")
	}
	return nil
}

func keys(data map[string][]byte) []string {
	var out []string
	for key := range data {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// whatADeveloperSees reads what kubectl prints.
func whatADeveloperSees(ctx context.Context, c *e2e.Case) error {
	if _, err := c.Running(ctx, "staging"); err != nil {
		return err
	}
	for _, look := range []struct {
		args  []string
		words []string
	}{
		{[]string{"get", "appdb", "orders"}, []string{
			"ENGINE", "VERSION", "SIZE", "ENDPOINT", "SYNCED", "READY", "COMPOSITION", "AGE", "postgres", ".rds.amazonaws.com", "True",
		}},
		{[]string{"get", "penv"}, []string{"TYPE", "REGION", "PHASE", "staging", "eu-west-1", "Active"}},
		{[]string{"get", "platform"}, []string{"appdatabase.platform.io/orders", "environment.platform.io/staging"}},
		{[]string{"explain", "appdatabase.spec.access"}, []string{"service accounts that use the database", "serviceAccount", "role"}},
		{[]string{"explain", "appdatabase.spec.size"}, []string{"small, medium, large or xlarge"}},
		{[]string{"describe", "appdatabase", "orders"}, []string{
			"EnvironmentResolved", "DatabaseReady", "AccessReady", "VaultReady", "GuardrailsPassed",
			"Endpoint:", "Version:", "Tier:", "Vault:", "Path:", "Credentials Path:",
		}},
	} {
		out, err := c.Kubectl(ctx, look.args...)
		if err != nil {
			return fmt.Errorf("kubectl %s: %w\n%s", strings.Join(look.args, " "), err, out)
		}
		for _, word := range look.words {
			if !strings.Contains(out, word) {
				return fmt.Errorf("kubectl %s does not show %q:\n%s", strings.Join(look.args, " "), word, out)
			}
		}
	}
	return nil
}
