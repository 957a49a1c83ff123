package landing

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// mistake is an object that is wrong, and what a person has to read then.
type mistake struct {
	what string
	u    *unstructured.Unstructured
	says string
}

// mistakes writes Networks and Environments that are wrong. The API server refuses what it can see, and the functions the rest: nothing
// of it reaches the cloud.
func mistakes(ctx context.Context, c *e2e.Case) error {
	if err := refusedAtOnce(ctx, c); err != nil {
		return err
	}
	if err := unchangeable(ctx, c); err != nil {
		return err
	}
	return refusedByFunctions(ctx, c)
}

func environment(c *e2e.Case, name, environmentType string, change func(spec map[string]any)) *unstructured.Unstructured {
	return e2e.EnvironmentObject(c.Namespace, name, environmentType, change)
}

// refusedAtOnce is what the API server does not take at all.
func refusedAtOnce(ctx context.Context, c *e2e.Case) error {
	const shared = "spec.sharedWith takes namespace names, or a prefix of at least three characters that ends in *, such as team-checkout-*"
	for _, m := range []mistake{
		{"two networks", environment(c, "two", "dev", func(s map[string]any) { s["network"] = map[string]any{"cidr": "10.63.0.0/16"} }),
			"write either spec.networkRef, for a network that is there, or spec.network, for one of its own"},
		{"an end for production", environment(c, "ends", "production", func(s map[string]any) { s["ttl"] = "72h" }),
			"spec.ttl is for previews: leave it out, or create a preview. Nothing but a preview expires"},
		{"an environment for everybody", environment(c, "all", "dev", func(s map[string]any) { s["sharedWith"] = []any{"*"} }), shared},
		{"a network for everybody", e2e.NetworkObject(c.Namespace, "all", "10.63.0.0/16", func(s map[string]any) {
			s["sharedWith"] = []any{"*"}
		}), shared},
		{"neither a range nor a VPC", e2e.NetworkObject(c.Namespace, "none", "", func(s map[string]any) { delete(s, "cidr") }),
			"write either spec.cidr, for a new network, or spec.existing, for one that is there"},
	} {
		err := c.Apply(ctx, m.u)
		if err == nil || !strings.Contains(err.Error(), m.says) {
			return fmt.Errorf("%s: expected a refusal with %q, got: %w", m.what, m.says, err)
		}
	}
	return nil
}

// unchangeable is what the API server does not let change.
func unchangeable(ctx context.Context, c *e2e.Case) error {
	network := e2e.NetworkObject(c.Namespace, "own", "10.63.0.0/16", small)
	env := environment(c, "own", "dev", func(s map[string]any) { s["networkRef"] = map[string]any{"name": "not-there"} })
	move := func(s map[string]any) { s["cloud"].(map[string]any)["region"] = "eu-central-1" } //nolint:forcetypeassert // As landing writes it.
	for _, m := range []struct {
		what   string
		u      *unstructured.Unstructured
		change func(spec map[string]any)
		says   string
	}{
		{"another range", network, func(s map[string]any) { s["cidr"] = "10.64.0.0/16" }, "the cidr of a network cannot change after creation"},
		{"another region of a network", network, move,
			"provider, region and accountId of spec.cloud cannot change after creation: create another Network"},
		{"another region of an environment", env, move,
			"provider, region and accountId of spec.cloud cannot change after creation: create another Environment"},
		{"another type", env, func(s map[string]any) { s["type"] = "preview" }, "spec.type cannot change after creation"},
	} {
		if err := c.Apply(ctx, m.u); err != nil {
			return err
		}
		if err := edit(ctx, c, m.u, m.change); err == nil || !strings.Contains(err.Error(), m.says) {
			return fmt.Errorf("%s: expected a refusal with %q, got: %w", m.what, m.says, err)
		}
	}
	// A Network that is not there is no mistake of the API server's.
	return c.Condition(ctx, env, "NetworkReady", "False", "NetworkNotFound", `there is no Network "not-there"`,
		"Create it, or name one that exists")
}

// refusedByFunctions is what only a function sees. Nothing is composed of it.
func refusedByFunctions(ctx context.Context, c *e2e.Case) error {
	bounded, err := c.Tuned(ctx, "environments.platform.io", map[string]any{
		"apiVersion": "environment.fn.platform.io/v1", "kind": "Input",
		"tenancy": map[string]any{"rules": []any{map[string]any{
			"namespaces": []any{"e2e-*"}, "providerConfigs": []any{"aws-staging"}, "accounts": []any{"123456789012"},
			"clusters": []any{"workloads"}, "eksClusters": []any{"shared-eks"}, "vaultConfigs": []any{"vault"},
		}}},
	})
	if err != nil {
		return err
	}
	for _, m := range []struct {
		mistake

		condition, reason string
	}{
		{mistake{"a range that is too small", e2e.NetworkObject(c.Namespace, "narrow", "10.63.0.0/26"),
			"10.63.0.0/26 is too small: it has to have room for three zones with a subnet of each tier"}, "NetworkReady", "InvalidCIDR"},
		{mistake{"an existing VPC without leave", e2e.NetworkObject(c.Namespace, "theirs", "", func(s map[string]any) {
			delete(s, "cidr")
			s["existing"] = map[string]any{
				"vpcId": "vpc-0e00000000000002a", "subnets": []any{map[string]any{"id": "subnet-0e000000000002aa1", "role": "private"}},
			}
		}), `spec.existing.vpcId: "vpc-0e00000000000002a" may not be named in namespace`}, "NetworkReady", "TenancyDenied"},
		{mistake{"the account of others", environment(c, "elsewhere", "dev", func(s map[string]any) {
			s["crossplane"] = map[string]any{"compositionRef": map[string]any{"name": bounded}}
			s["cloud"].(map[string]any)["accountId"] = "210987654321" //nolint:forcetypeassert // As landing writes it.
		}), `spec.cloud.accountId: "210987654321" may not be named in namespace`}, "NetworkReady", "TenancyDenied"},
		{mistake{"a namespace of the cluster itself", environment(c, "root", "dev", func(s map[string]any) {
			s["cluster"].(map[string]any)["namespace"] = "kube-system" //nolint:forcetypeassert // As landing writes it.
		}), `spec.cluster.namespace: "kube-system" is a namespace of the cluster or of the platform`}, "ClusterReady", "TenancyDenied"},
		{mistake{"a mount by way of another", environment(c, "sideways", "dev", func(s map[string]any) {
			s["vault"].(map[string]any)["mounts"] = map[string]any{"kv": "team/../search/kv"} //nolint:forcetypeassert // As landing writes it.
		}), `spec.vault.mounts.kv: "team/../search/kv" has the segment ".."`}, "VaultReady", "InvalidSpec"},
		{mistake{"a preview without an end", environment(c, "endless", "preview", func(s map[string]any) { delete(s, "ttl") }),
			"spec.ttl: it is missing, and a preview lasts"}, "NetworkReady", "InvalidTTL"},
		{mistake{"the cores of a data centre", environment(c, "greedy", "dev", func(s map[string]any) {
			s["quota"] = map[string]any{"cpu": "100k"}
		}), "spec.quota.cpu: 100k is more than 80"}, "ClusterReady", "InvalidQuota"},
		{mistake{"a ttl that is too short", environment(c, "brief", "preview", func(s map[string]any) { s["ttl"] = "5m" }),
			"spec.ttl: 5m is too short: write 1h or more"}, "NetworkReady", "InvalidTTL"},
		{mistake{"a quota that is none", environment(c, "much", "dev", func(s map[string]any) { s["quota"] = map[string]any{"cpu": "lots"} }),
			"spec.quota.cpu"}, "ClusterReady", "InvalidQuota"},
	} {
		if err := c.Apply(ctx, m.u); err != nil {
			return fmt.Errorf("%s: %w", m.what, err)
		}
		if err := c.Condition(ctx, m.u, m.condition, "False", m.reason, m.says); err != nil {
			return fmt.Errorf("%s: %w", m.what, err)
		}
		composed, err := c.Composed(ctx, m.u)
		if err != nil {
			return err
		}
		if len(composed) > 0 {
			return fmt.Errorf("%s has composed %v", m.what, e2e.Names(composed))
		}
	}
	return nil
}
