package landing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// teamFolder applies a whole team's folder at once, as GitOps does: a Network, an Environment in it and a database in that. All of them
// become ready by themselves, in whatever order, and nothing is made in vain.
func teamFolder(ctx context.Context, c *e2e.Case) error {
	platform, clean, err := c.Beside(ctx, "platform")
	if err != nil {
		return err
	}
	all, err := folder(c, platform)
	if err != nil {
		return err
	}
	mark := c.Recorder().Mark()
	file := c.Instance().Path("logs", "team-folder.yaml")
	if err := writeAll(file, all); err != nil {
		return err
	}
	if out, err := c.Kubectl(ctx, "--namespace=", "apply", "--filename="+file); err != nil {
		return fmt.Errorf("kubectl apply: %w\n%s", err, out)
	}
	if err := ready(ctx, c, all...); err != nil {
		return err
	}
	network, env := all[0], all[1]
	if err := errors.Join(inNamespace(ctx, c, env), inDatabaseSubnets(ctx, c, network)); err != nil {
		return err
	}
	if err := undeleted(ctx, c, mark, nil, c.Namespace, platform); err != nil {
		return err
	}
	return clean(ctx)
}

// folder reads the example: a claim a step, without the status that it had there. Its namespaces become the scenario's, and the
// Network and the cluster in it get names of their own.
func folder(c *e2e.Case, platform string) ([]*unstructured.Unstructured, error) {
	names := strings.NewReplacer("team-checkout", c.Namespace, "namespace: platform", "namespace: "+platform, "team-*", "e2e-*",
		"shared-eks", "folder-eks", "name: shared", "name: folder")
	var all []*unstructured.Unstructured
	for _, step := range []string{"01-network", "02-environment", "03-database"} {
		raw, err := os.ReadFile(filepath.Join(c.Instance().Root, "examples", "teams", "checkout", step, "xr.yaml"))
		if err != nil {
			return nil, err
		}
		u := &unstructured.Unstructured{}
		if err := yaml.Unmarshal([]byte(names.Replace(string(raw))), &u.Object); err != nil {
			return nil, fmt.Errorf("%s: %w", step, err)
		}
		unstructured.RemoveNestedField(u.Object, "status")
		unstructured.RemoveNestedField(u.Object, "metadata", "uid")
		all = append(all, u)
	}
	return all, nil
}

func writeAll(file string, all []*unstructured.Unstructured) error {
	var text strings.Builder
	for _, u := range all {
		raw, err := yaml.Marshal(u.Object)
		if err != nil {
			return err
		}
		text.WriteString("---\n" + string(raw))
	}
	return os.WriteFile(file, []byte(text.String()), 0o600)
}

// inNamespace looks at the workload namespace of an Environment: what is said of it is really there.
func inNamespace(ctx context.Context, c *e2e.Case, env *unstructured.Unstructured) error {
	live, err := c.Get(ctx, env)
	if err != nil {
		return err
	}
	name, _, _ := unstructured.NestedString(live.Object, "status", "workloadNamespace")
	ns, err := kube.Get(ctx, c.Client(), schema.GroupVersionKind{Version: "v1", Kind: "Namespace"}, "", name)
	if err != nil {
		return fmt.Errorf("the workload namespace %q: %w", name, err)
	}
	if level := ns.GetLabels()["pod-security.kubernetes.io/enforce"]; level != "restricted" {
		return fmt.Errorf("the workload namespace enforces the Pod Security level %q", level)
	}
	for kind, want := range map[string]int{"resourcequotas": 1, "limitranges": 1, "networkpolicies": 4, "rolebindings": 1} {
		out, err := c.Kubectl(ctx, "--namespace="+name, "get", kind, "--output=name")
		if err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		if got := len(strings.Fields(out)); got != want {
			return fmt.Errorf("the workload namespace has %d %s, expected %d:\n%s", got, kind, want, out)
		}
	}
	out, err := c.Kubectl(ctx, "--namespace="+name, "get", "serviceaccounts", "--output=name")
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	for _, account := range []string{"serviceaccount/orders-api", "serviceaccount/orders-report"} {
		if !slices.Contains(strings.Fields(out), account) {
			return fmt.Errorf("the workload namespace has no %s:\n%s", account, out)
		}
	}
	return nil
}

// inDatabaseSubnets checks that the database is where the Network has room for databases, and nowhere else.
func inDatabaseSubnets(ctx context.Context, c *e2e.Case, network *unstructured.Unstructured) error {
	live, err := c.Get(ctx, network)
	if err != nil {
		return err
	}
	var want []string
	subnets, _, _ := unstructured.NestedSlice(live.Object, "status", "subnets")
	for _, raw := range subnets {
		if subnet, _ := raw.(map[string]any); subnet["role"] == "database" {
			want = append(want, fmt.Sprint(subnet["id"]))
		}
	}
	cloud, err := inCloud(ctx, c, c.Namespace)
	if err != nil {
		return err
	}
	for _, r := range cloud {
		if r.Kind != "SubnetGroup" {
			continue
		}
		var got []string
		ids, _ := r.Parameters["subnetIds"].([]any)
		for _, id := range ids {
			got = append(got, fmt.Sprint(id))
		}
		slices.Sort(got)
		slices.Sort(want)
		if len(want) != 2 || !slices.Equal(got, want) {
			return fmt.Errorf("the database is in the subnets %v, and those for databases are %v", got, want)
		}
		return nil
	}
	return errors.New("the cloud has no subnet group of the database")
}
