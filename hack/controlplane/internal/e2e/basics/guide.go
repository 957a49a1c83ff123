package basics

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
)

// command of docs/install.md.
type command struct {
	// text as it stands there, without "kubectl".
	text string
	// dry asks the API server whether it would do it: what it changes belongs to the whole control plane.
	dry bool
	// shows is what has to be printed.
	shows []string
}

// installGuide runs the commands of docs/install.md on the control plane, which `make up` has installed in that order.
func installGuide(ctx context.Context, c *e2e.Case) error {
	raw, err := os.ReadFile(filepath.Join(c.Instance().Root, "docs", "install.md"))
	if err != nil {
		return err
	}
	guide := string(raw)
	for _, cmd := range []command{
		{text: "apply -k deploy", dry: true, shows: []string{"goldenpath-crossplane", "goldenpath-developer", "goldenpath-function"}},
		{text: "apply -f deploy/samples/provider-identities.yaml", dry: true, shows: []string{
			"provider-aws", "provider-vault", "provider-kubernetes",
		}},
		{text: "apply -f deploy/samples/install.yaml", dry: true, shows: []string{"goldenpath"}},
		{text: "wait configuration.pkg.crossplane.io goldenpath --for=condition=Healthy --timeout=5m", shows: []string{"condition met"}},
		{text: "wait functions.pkg.crossplane.io,providers.pkg.crossplane.io --all --for=condition=Healthy --timeout=10m",
			shows: []string{"goldenpath-dev-function-appdatabase condition met", "goldenpath-dev-function-environment condition met",
				"upbound-provider-vault condition met", "crossplane-contrib-provider-kubernetes condition met"}},
		{text: "apply -f deploy/samples/providerconfigs.yaml", dry: true, shows: []string{"aws-staging", "vault", "workloads"}},
		{text: "apply -f deploy/samples/workload-cluster.yaml", dry: true, shows: []string{"goldenpath-provider"}},
		{text: "apply -f deploy/samples/tenancy.yaml", dry: true, shows: []string{"environments.example.org", "goldenpath-tenancy"}},
		{text: "apply -f deploy/samples/developer-rolebinding.yaml", dry: true, shows: []string{"goldenpath-developer"}},
		{text: "apply -f deploy/samples/protected-namespace.yaml", dry: true, shows: []string{"protect-namespace-team-checkout"}},
		{text: "get xrd", shows: []string{
			"appdatabases.platform.io", "environments.platform.io", "environmentidentities.platform.io", "networks.platform.io",
			"networkendpoints.platform.io", "networkroutes.platform.io",
		}},
		{text: "get crd instances.rds.aws.m.upbound.io", shows: []string{"instances.rds.aws.m.upbound.io"}},
		{text: "get clusterusage", shows: nil},
	} {
		if !strings.Contains(guide, "kubectl "+cmd.text) {
			return fmt.Errorf("docs/install.md has no command `kubectl %s`", cmd.text)
		}
		args := strings.Fields(cmd.text)
		if cmd.dry {
			args = append(args, "--dry-run=server")
		}
		// In no namespace: the manifests say their own.
		out, err := c.Kubectl(ctx, append([]string{"--namespace="}, args...)...)
		if err != nil {
			return fmt.Errorf("kubectl %s: %w\n%s", cmd.text, err, out)
		}
		for _, word := range cmd.shows {
			if !strings.Contains(out, word) {
				return fmt.Errorf("kubectl %s does not show %q:\n%s", cmd.text, word, out)
			}
		}
	}
	return nil
}
