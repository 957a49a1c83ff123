// Package cluster starts etcd, kube-apiserver and kube-controller-manager on loopback.
package cluster

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"k8s.io/client-go/rest"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
)

// Start brings up an API server that answers, and writes the administrator's kubeconfig.
func Start(ctx context.Context, i *instance.Instance) error {
	token, err := credentials(i)
	if err != nil {
		return err
	}
	if _, err := i.Start(process.Spec{
		Name: "etcd", Path: i.Bin("etcd"), Listens: process.Loopback(i.Ports.Etcd),
		Args: []string{
			"-data-dir", i.Path("etcd"), "-client", process.Loopback(i.Ports.Etcd), "-peer", process.Loopback(i.Ports.EtcdPeer),
		},
	}); err != nil {
		return err
	}
	server, err := i.Start(process.Spec{
		Name: "kube-apiserver", Path: i.Bin("kube-apiserver"), Listens: process.Loopback(i.Ports.API), Args: apiServerArgs(i),
	})
	if err != nil {
		return err
	}
	return ready(ctx, i, server, token)
}

// apiServerArgs are the flags of the API server. The ServiceAccount admission is off because no token controller runs.
func apiServerArgs(i *instance.Instance) []string {
	return []string{
		"--etcd-servers=http://" + process.Loopback(i.Ports.Etcd),
		"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--secure-port=" + strconv.Itoa(i.Ports.API),
		"--cert-dir=" + i.Path("pki"), "--service-cluster-ip-range=10.0.0.0/24",
		"--service-account-issuer=" + url(i), "--service-account-key-file=" + i.Path("pki", "sa.pub"),
		"--service-account-signing-key-file=" + i.Path("pki", "sa.key"),
		"--authorization-mode=RBAC", "--token-auth-file=" + i.Path("pki", "tokens.csv"),
		"--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none",
		"--profiling=false",
	}
}

func url(i *instance.Instance) string { return "https://" + process.Loopback(i.Ports.API) }

// ready waits for the API server, and for its own certificate, which it writes itself.
func ready(ctx context.Context, i *instance.Instance, server process.Process, token string) error {
	return server.Until(ctx, "the API server", func(ctx context.Context) error {
		ca, err := os.ReadFile(i.Path("pki", "apiserver.crt"))
		if err != nil {
			return err
		}
		if err := kube.WriteKubeconfig(i.Kubeconfig(), url(i), ca, "admin", token); err != nil {
			return err
		}
		cfg, err := kube.Config(i.Kubeconfig())
		if err != nil {
			return err
		}
		return get(ctx, cfg, "/readyz")
	})
}

// get reads a path of the API server that answers 200 when all is well.
func get(ctx context.Context, cfg *rest.Config, path string) error {
	client, err := rest.HTTPClientFor(cfg)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, cfg.Host+path, nil)
	if err != nil {
		return err
	}
	rsp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer rsp.Body.Close() //nolint:errcheck // Nothing of it is read.
	if rsp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", path, rsp.Status)
	}
	return nil
}

// credentials writes the key of service account tokens and the administrator's token.
func credentials(i *instance.Instance) (string, error) {
	if err := os.MkdirAll(i.Path("pki"), 0o700); err != nil {
		return "", err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", err
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return "", err
	}
	raw := make([]byte, 16)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	token := hex.EncodeToString(raw)
	return token, errors.Join(
		writePEM(i.Path("pki", "sa.key"), "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)),
		writePEM(i.Path("pki", "sa.pub"), "PUBLIC KEY", public),
		os.WriteFile(i.Path("pki", "tokens.csv"), []byte(token+",admin,admin,system:masters\n"), 0o600))
}

func writePEM(file, kind string, der []byte) error {
	return os.WriteFile(filepath.Clean(file), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}

// StartControllers starts the controllers that composing and deleting need: garbage collection, namespaces, service accounts
// and the aggregation of cluster roles.
func StartControllers(i *instance.Instance) error {
	_, err := i.Start(process.Spec{
		Name: "kube-controller-manager", Path: i.Bin("kube-controller-manager"),
		Args: []string{
			"--kubeconfig=" + i.Kubeconfig(), "--leader-elect=false", "--use-service-account-credentials=false", "--secure-port=0",
			"--controllers=garbage-collector-controller,namespace-controller,serviceaccount-controller,clusterrole-aggregation-controller",
			"--kube-api-qps=200", "--kube-api-burst=400", "--concurrent-gc-syncs=40",
		},
	})
	return err
}

// Restart of the API server is for tests: a watch has to survive it.
func Restart(ctx context.Context, i *instance.Instance) error {
	server, ok := i.Process("kube-apiserver")
	if !ok {
		return errors.New("kube-apiserver was never started")
	}
	if err := server.Stop(20 * time.Second); err != nil {
		return err
	}
	server, err := i.Start(process.Spec{
		Name: "kube-apiserver", Path: i.Bin("kube-apiserver"), Listens: process.Loopback(i.Ports.API), Args: apiServerArgs(i),
	})
	if err != nil {
		return err
	}
	return server.Until(ctx, "the API server", func(ctx context.Context) error {
		cfg, err := kube.Config(i.Kubeconfig())
		if err != nil {
			return err
		}
		return get(ctx, cfg, "/readyz")
	})
}
