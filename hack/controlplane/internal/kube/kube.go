// Package kube is the little that every part needs to talk to the API server.
package kube

import (
	"context"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Owner is the field owner of what the control plane's own commands apply.
const Owner = "goldenpath-controlplane"

// SystemNamespace is where Crossplane lives.
const SystemNamespace = "crossplane-system"

// Config reads a kubeconfig. There is no client-side rate limit: the API server is ours alone.
func Config(kubeconfig string) (*rest.Config, error) {
	cfg, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("cannot use %s: %w", kubeconfig, err)
	}
	cfg.QPS = -1
	cfg.WarningHandler = rest.NoWarnings{}
	return cfg, nil
}

// Client for objects of any kind.
func Client(cfg *rest.Config) (client.Client, error) { return client.New(cfg, client.Options{}) }

// WriteKubeconfig writes a kubeconfig for a bearer token.
func WriteKubeconfig(file, server string, ca []byte, user, token string) error {
	cfg := clientcmdapi.NewConfig()
	cfg.Clusters["goldenpath"] = &clientcmdapi.Cluster{Server: server, CertificateAuthorityData: ca}
	cfg.AuthInfos[user] = &clientcmdapi.AuthInfo{Token: token}
	cfg.Contexts["goldenpath"] = &clientcmdapi.Context{Cluster: "goldenpath", AuthInfo: user, Namespace: "team-checkout"}
	cfg.CurrentContext = "goldenpath"
	return clientcmd.WriteToFile(*cfg, file)
}

// Object is an empty object of a kind, to read into or to build on.
func Object(gvk schema.GroupVersionKind, namespace, name string) *unstructured.Unstructured {
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(gvk)
	u.SetNamespace(namespace)
	u.SetName(name)
	return u
}

// Get reads an object.
func Get(ctx context.Context, c client.Client, gvk schema.GroupVersionKind, namespace, name string) (*unstructured.Unstructured, error) {
	u := Object(gvk, "", "")
	err := c.Get(ctx, types.NamespacedName{Namespace: namespace, Name: name}, u)
	return u, err
}

// List reads all objects of a kind.
func List(
	ctx context.Context, c client.Client, gvk schema.GroupVersionKind, opts ...client.ListOption,
) ([]unstructured.Unstructured, error) {
	l := &unstructured.UnstructuredList{}
	l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
	err := c.List(ctx, l, opts...)
	return l.Items, err
}

// Apply applies objects server-side, in order.
func Apply(ctx context.Context, c client.Client, objects ...*unstructured.Unstructured) error {
	for _, u := range objects {
		err := c.Apply(ctx, client.ApplyConfigurationFromUnstructured(u), client.FieldOwner(Owner), client.ForceOwnership)
		if err != nil {
			return fmt.Errorf("cannot apply %s %s: %w", u.GetKind(), u.GetName(), err)
		}
	}
	return nil
}

// Condition returns status, reason and message of a condition; empty when there is none.
func Condition(u *unstructured.Unstructured, conditionType string) (status, reason, message string) {
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	for _, raw := range conditions {
		c, ok := raw.(map[string]any)
		if !ok || c["type"] != conditionType {
			continue
		}
		status, _ = c["status"].(string)
		reason, _ = c["reason"].(string)
		message, _ = c["message"].(string)
	}
	return status, reason, message
}

// Unhappy lists the conditions that are not True, for an error.
func Unhappy(u *unstructured.Unstructured) string {
	var out strings.Builder
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	for _, raw := range conditions {
		if condition, ok := raw.(map[string]any); ok && condition["status"] != "True" {
			fmt.Fprintf(&out, "\n%v=%v %v: %v", condition["type"], condition["status"], condition["reason"], condition["message"])
		}
	}
	return out.String()
}

// Eventually polls a check until it passes or the context ends; the last error says what was still wrong.
func Eventually(ctx context.Context, check func(context.Context) error) error {
	var err error
	for {
		now := check(ctx)
		if now == nil {
			return nil
		}
		if err == nil || ctx.Err() == nil { // a check that the end of the context has cut off says nothing
			err = now
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w, after waiting: %w", err, context.Cause(ctx))
		case <-time.After(100 * time.Millisecond):
		}
	}
}
