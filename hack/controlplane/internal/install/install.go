// Package install installs Goldenpath on a control plane as docs/install.md says: the companion manifests, the Configuration
// through the package manager, and what it depends on from the loopback registry.
package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/registry"
)

// upbound and contrib are where the providers' packages live.
const (
	upbound = "xpkg.upbound.io/upbound/"
	contrib = "xpkg.crossplane.io/crossplane-contrib/"
)

// Push builds the stub packages of the providers and pushes all packages to the registry of the control plane.
func Push(ctx context.Context, i *instance.Instance) error {
	index, err := readIndex(i)
	if err != nil {
		return err
	}
	stubs, err := buildStubs(ctx, i)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, p := range append(index.pushes(i), stubs...) {
		group.Go(func() error {
			_, path, _ := strings.Cut(p.reference, "/")
			return registry.Push(ctx, i.Bin("crossplane"), p.files, process.Loopback(i.Ports.Registry)+"/"+path)
		})
	}
	return group.Wait()
}

// push is one package: its files, one for each architecture, and the reference that users know it by.
type push struct {
	reference string
	files     []string
}

// index is _output/packages/index.json, which `make packages` writes.
type index struct {
	Version  string `json:"version"`
	Registry string `json:"registry"`
	Packages []struct {
		Name       string `json:"name"`
		Repository string `json:"repository"`
		Files      []struct {
			File string `json:"file"`
		} `json:"files"`
	} `json:"packages"`
}

func readIndex(i *instance.Instance) (*index, error) {
	file := filepath.Join(i.Root, "_output", "packages", "index.json")
	raw, err := os.ReadFile(file) //nolint:gosec // Written by our own build.
	if err != nil {
		return nil, fmt.Errorf("no packages: run `make packages` first: %w", err)
	}
	out := &index{}
	if err := json.Unmarshal(raw, out); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return out, nil
}

func (x *index) pushes(i *instance.Instance) []push {
	var out []push
	for _, p := range x.Packages {
		one := push{reference: p.Repository + ":" + x.Version}
		for _, f := range p.Files {
			one.files = append(one.files, filepath.Join(i.Root, "_output", "packages", f.File))
		}
		out = append(out, one)
	}
	return out
}

// configuration is the reference of a Configuration.
func (x *index) configuration(name string) (string, error) {
	for _, p := range x.Packages {
		if p.Name == name {
			return p.Repository + ":" + x.Version, nil
		}
	}
	return "", fmt.Errorf("_output/packages/index.json lists no package %q: run `make packages` again", name)
}

// stub is a package of CRDs without a controller, as `harness crds` lists them.
type stub struct {
	Name       string `json:"name"`
	Repository string `json:"repository"`
	Version    string `json:"version"`
}

// buildStubs builds the stub of each provider.
func buildStubs(ctx context.Context, i *instance.Instance) ([]push, error) {
	dir := i.Path("packages")
	cmd := exec.CommandContext(ctx, i.Bin("harness"), "crds", "--out", dir) //nolint:gosec // Our own tool.
	cmd.Dir = i.Root
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("cannot collect the providers' CRDs: %w\n%s", err, out)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "packages.json"))
	if err != nil {
		return nil, err
	}
	var stubs []stub
	if err := json.Unmarshal(raw, &stubs); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, "packages.json"), err)
	}
	out := make([]push, len(stubs))
	group, ctx := errgroup.WithContext(ctx)
	for n, s := range stubs {
		group.Go(func() error {
			file := filepath.Join(dir, s.Name+".xpkg")
			out[n] = push{reference: s.Repository + ":" + s.Version, files: []string{file}}
			cmd := exec.CommandContext(ctx, i.Bin("crossplane"), "xpkg", "build", "-f", ".", "-o", file) //nolint:gosec // Our own tool.
			// Where there is no directory of examples for it to pack.
			cmd.Dir = filepath.Join(dir, s.Name)
			if out, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("cannot build the stub of %s: %w\n%s", s.Name, err, out)
			}
			return nil
		})
	}
	return out, group.Wait()
}

// Apply applies the companion manifests with the command that a platform team uses.
func Apply(ctx context.Context, i *instance.Instance) error {
	manifests := filepath.Join(i.Root, "deploy")
	cmd := exec.CommandContext(ctx, i.Bin("kubectl"), "apply", "--server-side", "-k", manifests) //nolint:gosec // Our own tool.
	cmd.Env = append(os.Environ(), "KUBECONFIG="+i.Kubeconfig())
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("kubectl apply -k deploy: %w\n%s", err, out)
	}
	return nil
}

// Configuration installs a Configuration and waits until everything in it and below it is there.
func Configuration(ctx context.Context, i *instance.Instance, c client.Client, name string) error {
	index, err := readIndex(i)
	if err != nil {
		return err
	}
	reference, err := index.configuration(name)
	if err != nil {
		return err
	}
	loopback := process.Loopback(i.Ports.Registry)
	objects := []*unstructured.Unstructured{
		mirror("local-goldenpath", index.Registry+"/goldenpath-dev/", loopback+"/goldenpath-dev/"),
		mirror("local-providers", upbound, loopback+"/upbound/"),
		mirror("local-contrib", contrib, loopback+"/crossplane-contrib/"),
	}
	configuration := kube.Object(pkg("v1", "Configuration"), "", name)
	configuration.Object["spec"] = map[string]any{"package": reference}
	if err := kube.Apply(ctx, c, append(objects, configuration)...); err != nil {
		return err
	}
	return kube.Eventually(ctx, func(ctx context.Context) error { return installed(ctx, c) })
}

func pkg(version, kind string) schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: version, Kind: kind}
}

// mirror makes core fetch packages from the loopback registry instead of where they say they are.
func mirror(name, from, to string) *unstructured.Unstructured {
	u := kube.Object(pkg("v1beta1", "ImageConfig"), "", name)
	u.Object["spec"] = map[string]any{
		"matchImages":  []any{map[string]any{"type": "Prefix", "prefix": from}},
		"rewriteImage": map[string]any{"prefix": to},
	}
	return u
}

// installed checks every package, XRD and activated CRD. A Configuration is healthy before its dependencies are.
func installed(ctx context.Context, c client.Client) error {
	counts := map[string]int{}
	for _, kind := range []string{"Configuration", "Function", "Provider"} {
		items, err := kube.List(ctx, c, pkg("v1", kind))
		if err != nil {
			return err
		}
		for n := range items {
			counts[kind]++
			if err := conditions(&items[n], "Installed", "Healthy"); err != nil {
				return err
			}
		}
	}
	if counts["Function"] == 0 || counts["Provider"] == 0 {
		return errors.New("the packages that the Configuration depends on are not there")
	}
	xrds, err := kube.List(ctx, c, schema.GroupVersionKind{
		Group: "apiextensions.crossplane.io", Version: "v2", Kind: "CompositeResourceDefinition",
	})
	if err != nil {
		return err
	}
	for n := range xrds {
		if err := conditions(&xrds[n], "Established"); err != nil {
			return err
		}
	}
	return activated(ctx, c)
}

func conditions(u *unstructured.Unstructured, types ...string) error {
	for _, t := range types {
		if status, reason, message := kube.Condition(u, t); status != "True" {
			return fmt.Errorf("%s %s is not %s: %s %s", u.GetKind(), u.GetName(), t, reason, message)
		}
	}
	return nil
}

// activated checks that everything that the activation policy lists has become a kind that is served.
func activated(ctx context.Context, c client.Client) error {
	policies, err := kube.List(ctx, c, schema.GroupVersionKind{
		Group: "apiextensions.crossplane.io", Version: "v1alpha1", Kind: "ManagedResourceActivationPolicy",
	})
	if err != nil {
		return err
	}
	if len(policies) == 0 {
		return errors.New("there is no ManagedResourceActivationPolicy")
	}
	for n := range policies {
		names, _, _ := unstructured.NestedStringSlice(policies[n].Object, "spec", "activate")
		for _, name := range names {
			crd, err := kube.Get(ctx, c, schema.GroupVersionKind{
				Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition",
			}, "", name)
			if err != nil {
				return fmt.Errorf("%s is not activated: %w", name, err)
			}
			if err := conditions(crd, "Established"); err != nil {
				return err
			}
			if err := permitted(ctx, c, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// permitted checks that core may compose a kind: the RBAC manager grants that for each provider, a moment after it is healthy. Who
// applies something before sees it fail, and core then tries again later and later.
func permitted(ctx context.Context, c client.Client, crd string) error {
	plural, group, _ := strings.Cut(crd, ".")
	review := kube.Object(schema.GroupVersionKind{Group: "authorization.k8s.io", Version: "v1", Kind: "SubjectAccessReview"}, "", "")
	review.Object["spec"] = map[string]any{
		"user":               "system:serviceaccount:" + kube.SystemNamespace + ":crossplane",
		"groups":             []any{"system:serviceaccounts", "system:serviceaccounts:" + kube.SystemNamespace},
		"resourceAttributes": map[string]any{"verb": "patch", "group": group, "resource": plural, "namespace": "default"},
	}
	if err := c.Create(ctx, review); err != nil {
		return err
	}
	if allowed, _, _ := unstructured.NestedBool(review.Object, "status", "allowed"); !allowed {
		return fmt.Errorf("core may not compose %s yet", crd)
	}
	return nil
}
