// Package realaws runs the real AWS provider against an AWS API server on loopback, under the control plane: its own controllers, clients
// and configuration reconcile what our functions compose, and a proxy records what it asks of AWS. Nothing of it reaches the internet.
package realaws

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/landing"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/realaws/wire"
)

//go:embed objects/*.yaml
var objects embed.FS

const (
	// region of everything.
	region = "eu-west-1"
	// poll is how often the provider looks at what it has made.
	poll = 20 * time.Second
	// providerProcess and serverProcess are names of processes.
	providerProcess, serverProcess = "provider-aws", "moto"
)

// Stack is a control plane whose AWS is served by another server, with the real provider between them.
type Stack struct {
	Instance *instance.Instance
	Client   client.Client
	Wire     *wire.Wire
	Hand     wire.Hand

	proxy string
}

// Start starts the API server, the proxy and the provider beside a control plane that plays no AWS.
func Start(ctx context.Context, i *instance.Instance) (*Stack, error) {
	cfg, err := kube.Config(i.Kubeconfig())
	if err != nil {
		return nil, err
	}
	c, err := kube.Client(cfg)
	if err != nil {
		return nil, err
	}
	ports, err := process.FreePorts(2)
	if err != nil {
		return nil, err
	}
	server, proxy := process.Loopback(ports[0]), process.Loopback(ports[1])
	if err := startServer(ctx, i, ports[0]); err != nil {
		return nil, err
	}
	w, err := wire.Start(ctx, proxy, &url.URL{Scheme: "http", Host: server}, i.Path("logs", "wire.jsonl"))
	if err != nil {
		return nil, err
	}
	s := &Stack{Instance: i, Client: c, Wire: w, Hand: wire.Hand{Address: proxy, Region: region}, proxy: "http://" + proxy}
	if err := s.apply(ctx, "credentials"); err != nil {
		return s, err
	}
	err = s.StartProvider()
	return s, err
}

// startServer starts moto and waits until it answers.
func startServer(ctx context.Context, i *instance.Instance, port int) error {
	address := process.Loopback(port)
	path := i.Bin("moto_server")
	if _, err := os.Stat(path); err != nil {
		return errors.New("moto_server is missing in _output/bin: run `make tools-aws`, which says what to install")
	}
	p, err := i.Start(process.Spec{
		Name: serverProcess, Path: path, Args: []string{"-H", "127.0.0.1", "-p", strconv.Itoa(port)}, Listens: address,
		Env: []string{"MOTO_EC2_LOAD_DEFAULT_AMIS=false"},
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return p.Until(ctx, "the AWS API server", func(ctx context.Context) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/moto-api/", nil)
		if err != nil {
			return err
		}
		rsp, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		return rsp.Body.Close()
	})
}

// StartProvider starts the provider, also again. It talks to AWS through the proxy alone.
func (s *Stack) StartProvider() error {
	path := s.Instance.Bin("provider-aws")
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("%s is missing: run `make tools-aws`", filepath.Base(path))
	}
	_, err := s.Instance.Start(process.Spec{
		Name: providerProcess, Path: path, Args: []string{"-poll", poll.String(), "-debug"},
		Env: []string{
			"KUBECONFIG=" + s.Instance.Kubeconfig(), "HTTP_PROXY=" + s.proxy, "HTTPS_PROXY=" + s.proxy, "NO_PROXY=127.0.0.1",
			"AWS_EC2_METADATA_DISABLED=true",
		},
	})
	return err
}

// RestartProvider ends the provider as Kubernetes ends a pod, and starts it again.
func (s *Stack) RestartProvider() error {
	if p, ok := s.Instance.Process(providerProcess); ok {
		if err := p.Stop(10 * time.Second); err != nil {
			return err
		}
	}
	return s.StartProvider()
}

// apply applies the objects of an embedded file.
func (s *Stack) apply(ctx context.Context, name string) error {
	all, err := landing.Read(objects, "objects/"+name+".yaml")
	if err != nil {
		return err
	}
	for _, u := range all {
		if err := landing.Apply(ctx, s.Client, u); err != nil {
			return err
		}
	}
	return nil
}
