package core

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/chart"
)

// The Helm values that we ship do what they say in the chart of the Crossplane that we use.
func TestOurValuesInTheChart(t *testing.T) {
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	module, version, err := findModule(context.Background(), root)
	if err != nil {
		t.Fatal(err)
	}
	c, err := chart.Render(module, filepath.Join(root, "deploy", "crossplane-values.yaml"), version)
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"--circuit-breaker-burst=", "--circuit-breaker-refill-rate="} {
		if !slices.ContainsFunc(c.Core.Args, func(arg string) bool { return strings.HasPrefix(arg, flag) }) {
			t.Errorf("core does not get %s; it gets %v", flag, c.Core.Args)
		}
	}
	if slices.Contains(c.Init.Args, "--activation") {
		t.Errorf("the chart activates managed resources by itself: %v", c.Init.Args)
	}
	if slices.Contains(c.Core.Env, "ENABLE_WEBHOOKS=false") {
		t.Error("webhooks are off, and Usages would refuse nothing")
	}
	roles := 0
	for _, o := range c.Objects {
		if o.GetKind() == "ClusterRole" {
			roles++
		}
	}
	if roles < 8 {
		t.Errorf("the chart has %d ClusterRoles; core would run without its own", roles)
	}
}
