// Package core installs and runs Crossplane on a control plane as its Helm chart would: with the chart's roles and nothing
// more, as its own service accounts, with webhooks, and with the arguments that our Helm values give it.
package core

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	authv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/chart"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
)

const (
	// Process is the name of core's process.
	Process = "crossplane"
	// RBACProcess is the name of the process of the RBAC manager.
	RBACProcess = "crossplane-rbac-manager"

	serverTLS = "crossplane-tls-server"
	clientTLS = "crossplane-tls-client"
)

// Settings that a test may change.
type Settings struct {
	// Args replace the arguments that our Helm values give to core; nil keeps them.
	Args []string
}

// Install puts Crossplane into a cluster and starts it.
func Install(ctx context.Context, i *instance.Instance, settings Settings) error {
	c, err := open(ctx, i)
	if err != nil {
		return err
	}
	if err := c.prepare(ctx); err != nil {
		return err
	}
	if err := c.initialise(ctx); err != nil {
		return err
	}
	return c.start(ctx, settings)
}

// Restart starts core again after it has ended, or ends it first. Settings replace those of the first start.
func Restart(ctx context.Context, i *instance.Instance, settings Settings) error {
	c, err := open(ctx, i)
	if err != nil {
		return err
	}
	for _, name := range []string{Process, RBACProcess} {
		if p, ok := i.Process(name); ok {
			if err := p.Stop(20 * time.Second); err != nil {
				return err
			}
		}
	}
	return c.start(ctx, settings)
}

type crossplane struct {
	*instance.Instance

	module string
	chart  *chart.Chart
	cfg    *rest.Config
	kube   kubernetes.Interface
	client client.Client
}

func open(ctx context.Context, i *instance.Instance) (*crossplane, error) {
	module, version, err := findModule(ctx, i.Root)
	if err != nil {
		return nil, err
	}
	rendered, err := chart.Render(module, filepath.Join(i.Root, "deploy", "crossplane-values.yaml"), version)
	if err != nil {
		return nil, err
	}
	cfg, err := kube.Config(i.Kubeconfig())
	if err != nil {
		return nil, err
	}
	set, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		return nil, err
	}
	c, err := kube.Client(cfg)
	if err != nil {
		return nil, err
	}
	return &crossplane{Instance: i, module: module, chart: rendered, cfg: cfg, kube: set, client: c}, nil
}

// findModule returns the directory and version of Crossplane's Go module, which holds its CRDs, webhooks and chart.
func findModule(ctx context.Context, root string) (dir, version string, err error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", "github.com/crossplane/crossplane/v2")
	cmd.Dir = filepath.Join(root, "hack", "tools", "crossplane-core")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	var module struct{ Dir, Version, Error string }
	if jsonErr := json.Unmarshal(out, &module); err != nil || jsonErr != nil || module.Error != "" {
		return "", "", fmt.Errorf("cannot download Crossplane's Go module, which holds its CRDs: %w %s",
			errors.Join(err, jsonErr), module.Error)
	}
	return module.Dir, module.Version, nil
}

// prepare applies what the chart holds beside the Deployments.
func (c *crossplane) prepare(ctx context.Context) error {
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: kube.SystemNamespace}}
	if err := c.client.Create(ctx, ns); err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	if err := kube.Apply(ctx, c.client, c.chart.Objects...); err != nil {
		return err
	}
	// The API server calls webhooks through a Service, and resolves one of type ExternalName without a DNS server.
	svc := &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: "crossplane-webhooks", Namespace: kube.SystemNamespace},
		Spec:       corev1.ServiceSpec{Type: corev1.ServiceTypeExternalName, ExternalName: "localhost"},
	}
	if err := c.client.Create(ctx, svc); err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	return errors.Join(c.identity(ctx, "crossplane", Process), c.identity(ctx, "rbac-manager", RBACProcess))
}

// identity writes a kubeconfig for a service account.
func (c *crossplane) identity(ctx context.Context, account, file string) error {
	year := int64(365 * 24 * 60 * 60)
	token, err := c.kube.CoreV1().ServiceAccounts(kube.SystemNamespace).CreateToken(ctx, account,
		&authv1.TokenRequest{Spec: authv1.TokenRequestSpec{ExpirationSeconds: &year}}, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("no token for the service account %s: %w", account, err)
	}
	return kube.WriteKubeconfig(c.Path("pki", file+".kubeconfig"), c.cfg.Host, c.cfg.CAData, account, token.Status.Token)
}

func (c *crossplane) env(name string, container chart.Container) []string {
	return append(container.Env,
		"KUBECONFIG="+c.Path("pki", name+".kubeconfig"),
		"POD_NAMESPACE="+kube.SystemNamespace, "WEBHOOK_SERVICE_NAMESPACE="+kube.SystemNamespace, "POD_SERVICE_ACCOUNT=crossplane",
		"LEADER_ELECTION=false", // One of each: after a crash the next one must not wait for the lease.
		"WEBHOOK_SERVICE_PORT="+strconv.Itoa(c.Ports.Webhooks), "WEBHOOK_PORT="+strconv.Itoa(c.Ports.Webhooks),
		"METRICS_PORT="+strconv.Itoa(c.Ports.Metrics), "HEALTH_PROBE_PORT="+strconv.Itoa(c.Ports.Health),
		"TLS_SERVER_CERTS_DIR="+c.Path("tls", serverTLS), "TLS_CLIENT_CERTS_DIR="+c.Path("tls", clientTLS),
		"XPKG_CACHE_DIR="+c.Path("xpkg-cache"), "PACKAGE_RUNTIME=Provider=External;Function=External",
	)
}

// initialise runs the init container. On an empty cluster the first run fails, because the CRDs that it has just made are not
// served yet, and a kubelet would run it again.
func (c *crossplane) initialise(ctx context.Context) error {
	env := append(c.env(Process, c.chart.Init), "CRDS_PATH="+filepath.Join(c.module, "cluster", "crds"),
		"WEBHOOK_CONFIGS_PATH="+filepath.Join(c.module, "cluster", "webhookconfigurations"))
	log, err := os.OpenFile(c.Path("logs", "crossplane-init.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // Written by the child.
	return kube.Eventually(ctx, func(ctx context.Context) error {
		cmd := exec.CommandContext(ctx, c.Bin("crossplane-core"), c.chart.Init.Args...) //nolint:gosec // Our own tool.
		cmd.Env = append(os.Environ(), env...)
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("crossplane core init: %w; the end of its log:\n%s", err, process.Tail(log.Name(), 10))
		}
		return nil
	})
}

// start starts core and the RBAC manager, and waits until core is ready and answers its webhooks.
func (c *crossplane) start(ctx context.Context, settings Settings) error {
	for _, secret := range []string{serverTLS, clientTLS} {
		if err := c.dump(ctx, secret); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(c.Path("xpkg-cache"), 0o755); err != nil { //nolint:gosec // Packages, nothing secret.
		return err
	}
	args := c.chart.Core.Args
	if settings.Args != nil {
		args = append([]string{"core", "start"}, settings.Args...)
	}
	core, err := c.Start(process.Spec{
		Name: Process, Path: c.Bin("crossplane-core"), Args: args, Env: c.env(Process, c.chart.Core),
		Listens: fmt.Sprintf("*:%d webhooks, *:%d metrics, *:%d health", c.Ports.Webhooks, c.Ports.Metrics, c.Ports.Health),
	})
	if err != nil {
		return err
	}
	if _, err := c.Start(process.Spec{
		Name: RBACProcess, Path: c.Bin("crossplane-core"), Args: c.chart.RBACManager.Args, Env: c.env(RBACProcess, c.chart.RBACManager),
	}); err != nil {
		return err
	}
	return core.Until(ctx, "Crossplane to be ready", func(ctx context.Context) error {
		return answers(ctx, "http://"+process.Loopback(c.Ports.Health)+"/readyz")
	})
}

// dump writes a TLS Secret to files, as a mounted volume would.
func (c *crossplane) dump(ctx context.Context, name string) error {
	return kube.Eventually(ctx, func(ctx context.Context) error {
		s, err := c.kube.CoreV1().Secrets(kube.SystemNamespace).Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		if len(s.Data["tls.crt"]) == 0 {
			return fmt.Errorf("the Secret %s holds no certificate yet", name)
		}
		if err := os.MkdirAll(c.Path("tls", name), 0o700); err != nil {
			return err
		}
		for key, value := range s.Data {
			if err := os.WriteFile(c.Path("tls", name, key), value, 0o600); err != nil {
				return err
			}
		}
		return nil
	})
}

func answers(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	rsp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer rsp.Body.Close() //nolint:errcheck // Nothing of it is read.
	if rsp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, rsp.Status)
	}
	return nil
}
