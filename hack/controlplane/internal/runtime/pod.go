package runtime

import (
	"context"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
)

// pod is the process of one revision of a function.
type pod struct {
	revision string
	function string
	secret   string
	program  program
	env      []string
	grpc     int
	metrics  int
	process  process.Process
	// ended is how often in a row the process ended soon after its start; it is started again later each time.
	ended int
	next  time.Time
	since time.Time
}

// backoff between starts, as a kubelet does it, only quicker.
const maxBackoff = 10 * time.Second

func (p *pod) address() string  { return process.Loopback(p.grpc) }
func (p *pod) endpoint() string { return "dns:///" + p.address() }

// newPod prepares what the process of a revision needs: image, certificate, ports and environment.
func (k *kubelet) newPod(ctx context.Context, u *unstructured.Unstructured) (*pod, error) {
	reference, _, _ := unstructured.NestedString(u.Object, "status", "resolvedImage")
	p := &pod{
		revision: u.GetName(), function: u.GetLabels()["pkg.crossplane.io/package"], secret: u.GetName() + "-server-tls",
	}
	var err error
	if p.program, err = pull(ctx, reference, k.instance.Path("runtime", u.GetName())); err != nil {
		return nil, err
	}
	ports, err := process.FreePorts(2)
	if err != nil {
		return nil, err
	}
	p.grpc, p.metrics = ports[0], ports[1]
	a, err := readAuthority(ctx, k.client)
	if err != nil {
		return nil, err
	}
	files, err := a.issue(p.function, time.Now())
	if err != nil {
		return nil, err
	}
	certs := k.instance.Path("tls", p.revision)
	if err := writeFiles(certs, files); err != nil {
		return nil, err
	}
	if err := secret(ctx, k.client, p.secret, files); err != nil {
		return nil, err
	}
	if p.env, err = k.environment(ctx, u); err != nil {
		return nil, err
	}
	p.env = append(p.env, "TLS_SERVER_CERTS_DIR="+certs, "FUNCTION_NAME="+p.function, "REVISION_NAME="+p.revision)
	return p, nil
}

// environment returns the variables that the DeploymentRuntimeConfig of a package gives to its container: core's External
// runtime leaves that to whoever plays it. An ImageConfig names the runtime config; the longest prefix wins.
func (k *kubelet) environment(ctx context.Context, u *unstructured.Unstructured) ([]string, error) {
	images, err := kube.List(ctx, k.client, beta("ImageConfig"))
	if err != nil {
		return nil, err
	}
	image, _, _ := unstructured.NestedString(u.Object, "spec", "image")
	name, longest := "", ""
	for n := range images {
		config, _, _ := unstructured.NestedString(images[n].Object, "spec", "runtime", "configRef", "name")
		for _, prefix := range prefixes(&images[n]) {
			if config != "" && strings.HasPrefix(image, prefix) && len(prefix) > len(longest) {
				name, longest = config, prefix
			}
		}
	}
	if name == "" {
		return nil, nil
	}
	config, err := kube.Get(ctx, k.client, beta("DeploymentRuntimeConfig"), "", name)
	if err != nil {
		return nil, fmt.Errorf("the runtime config of %s: %w", u.GetName(), err)
	}
	return variables(config), nil
}

func beta(kind string) schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1beta1", Kind: kind}
}

func prefixes(imageConfig *unstructured.Unstructured) []string {
	matches, _, _ := unstructured.NestedSlice(imageConfig.Object, "spec", "matchImages")
	var out []string
	for _, raw := range matches {
		if match, ok := raw.(map[string]any); ok {
			prefix, _ := match["prefix"].(string)
			out = append(out, prefix)
		}
	}
	return out
}

// variables with a literal value of the package's container.
func variables(config *unstructured.Unstructured) []string {
	containers, _, _ := unstructured.NestedSlice(config.Object, "spec", "deploymentTemplate", "spec", "template", "spec", "containers")
	var env []string
	for _, raw := range containers {
		container, _ := raw.(map[string]any)
		if container["name"] != "package-runtime" {
			continue
		}
		all, _, _ := unstructured.NestedSlice(container, "env")
		for _, raw := range all {
			variable, _ := raw.(map[string]any)
			if value, literal := variable["value"].(string); literal {
				env = append(env, fmt.Sprintf("%v=%s", variable["name"], value))
			}
		}
	}
	return env
}

// keep starts the process when it does not run. It says whether it did.
func (p *pod) keep(i *instance.Instance) (bool, error) {
	if p.process.PID != 0 && p.process.Alive() {
		return false, nil
	}
	now := time.Now()
	if p.process.PID != 0 && p.next.IsZero() {
		if now.Sub(p.since) > time.Minute {
			p.ended = 0
		}
		p.ended++
		p.next = now.Add(min(time.Duration(p.ended-1)*time.Second, maxBackoff))
	}
	if now.Before(p.next) {
		return false, nil
	}
	started, err := process.Start(process.Spec{
		Name: p.function, Path: p.program.path, Env: p.env,
		Args: append(append([]string{}, p.program.args...),
			"--address="+p.address(), "--metrics-address="+process.Loopback(p.metrics)),
		Listens: p.address() + ", metrics " + process.Loopback(p.metrics),
	}, i.Path("logs"))
	if err != nil {
		return false, err
	}
	p.process, p.since, p.next = started, now, time.Time{}
	return true, nil
}
