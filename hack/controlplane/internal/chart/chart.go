// Package chart renders Crossplane's own Helm chart with the values that we ship, so that the control plane runs with the
// roles, flags and settings of a real installation.
package chart

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// Container is what a process needs to know of one.
type Container struct {
	Args []string
	// Env holds the variables with a literal value.
	Env []string
}

// Chart is what the chart renders to.
type Chart struct {
	// Objects to apply: roles, bindings, service accounts, secrets.
	Objects []*unstructured.Unstructured
	// Init and Core are the containers of the crossplane Deployment, RBACManager that of the manager.
	Init, Core, RBACManager Container
}

// Render renders the chart in a directory of the crossplane module.
func Render(module, valuesFile, version string) (*Chart, error) {
	c, err := loader.LoadDir(filepath.Join(module, "cluster", "charts", "crossplane"))
	if err != nil {
		return nil, fmt.Errorf("cannot load the chart of Crossplane: %w", err)
	}
	c.Metadata.AppVersion = strings.TrimPrefix(version, "v")
	raw, err := os.ReadFile(valuesFile) //nolint:gosec // A file of the repository.
	if err != nil {
		return nil, err
	}
	own, err := chartutil.ReadValues(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", valuesFile, err)
	}
	if err := known(own, c.Values, ""); err != nil {
		return nil, fmt.Errorf("%s: %w", valuesFile, err)
	}
	values, err := chartutil.ToRenderValues(c, own, chartutil.ReleaseOptions{
		Name: "crossplane", Namespace: kube.SystemNamespace, IsInstall: true,
	}, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	files, err := engine.Render(c, values)
	if err != nil {
		return nil, fmt.Errorf("cannot render the chart of Crossplane: %w", err)
	}
	return read(files)
}

// known fails for a value that the chart does not have: Helm would ignore it silently.
func known(values, of map[string]any, at string) error {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		theirs, ok := of[key]
		if !ok {
			return fmt.Errorf("the chart has no value %s%s", at, key)
		}
		ours, isMap := values[key].(map[string]any)
		if nested, ok := theirs.(map[string]any); ok && isMap && len(nested) > 0 {
			if err := known(ours, nested, at+key+"."); err != nil {
				return err
			}
		}
	}
	return nil
}

func read(files map[string]string) (*Chart, error) {
	out := &Chart{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, "NOTES.txt") {
			continue
		}
		decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader([]byte(files[name])), 4096)
		for {
			u := &unstructured.Unstructured{}
			if err := decoder.Decode(u); err != nil {
				if err.Error() == "EOF" {
					break
				}
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			if len(u.Object) == 0 {
				continue
			}
			if err := out.add(u); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if out.Core.Args == nil || out.Init.Args == nil || out.RBACManager.Args == nil {
		return nil, errors.New("the chart of Crossplane has not the Deployments that are expected: crossplane and crossplane-rbac-manager")
	}
	return out, nil
}

func (c *Chart) add(u *unstructured.Unstructured) error {
	switch {
	case u.GetKind() == "Service":
		// Its selector would find no pods: core's webhooks get a Service of another type.
		return nil
	case u.GetKind() != "Deployment":
		if u.GetKind() == "Secret" || u.GetKind() == "ServiceAccount" {
			u.SetNamespace(kube.SystemNamespace)
		}
		c.Objects = append(c.Objects, u)
		return nil
	}
	d := &appsv1.Deployment{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, d); err != nil {
		return err
	}
	pod := d.Spec.Template.Spec
	switch d.Name {
	case "crossplane":
		c.Init, c.Core = container(pod.InitContainers), container(pod.Containers)
	case "crossplane-rbac-manager":
		c.RBACManager = container(pod.Containers)
	}
	return nil
}

func container(all []corev1.Container) Container {
	if len(all) != 1 {
		return Container{}
	}
	out := Container{Args: all[0].Args}
	for _, e := range all[0].Env {
		if e.ValueFrom == nil {
			out.Env = append(out.Env, e.Name+"="+e.Value)
		}
	}
	return out
}
