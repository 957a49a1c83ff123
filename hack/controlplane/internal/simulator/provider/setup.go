package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/fault"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// setup finds the provider's configuration and its credentials, and returns the address of Vault where that is the provider.
func (c *Connector) setup(ctx context.Context, mg kinds.Managed, faults fault.Set) (string, error) {
	ref := mg.GetProviderConfigReference()
	if ref == nil {
		return "", errNoConfig
	}
	if ref.Kind != "ProviderConfig" && ref.Kind != "ClusterProviderConfig" {
		return "", fmt.Errorf("referenced provider config kind %q is invalid for %s/%s", ref.Kind, mg.GetNamespace(), mg.GetName())
	}
	config := &unstructured.Unstructured{}
	config.SetGroupVersionKind(c.Kind.Config().WithKind(ref.Kind))
	key := types.NamespacedName{Name: ref.Name}
	if ref.Kind == "ProviderConfig" {
		key.Namespace = mg.GetNamespace()
	}
	if err := c.Client.Get(ctx, key, config); err != nil {
		return "", fmt.Errorf("cannot get referenced ProviderConfig: %w", err)
	}
	if err := c.credentials(ctx, mg, config); err != nil {
		if c.Kind.Vault() {
			return "", fmt.Errorf("cannot extract credentials: %w", err)
		}
		return "", fmt.Errorf("cannot get aws config: cannot get credentials: %w", err)
	}
	if c.Kind.Objects() && faults.Has(fault.Credentials) {
		return "", errUnauthorized
	}
	address, _, _ := unstructured.NestedString(config.Object, "spec", "address")
	if faults.Has(fault.Credentials) {
		return "", c.invalidCredentials(address)
	}
	return address, nil
}

// credentials reads the Secret with the credentials, where the configuration names one.
func (c *Connector) credentials(ctx context.Context, mg kinds.Managed, config *unstructured.Unstructured) error {
	if source, _, _ := unstructured.NestedString(config.Object, "spec", "credentials", "source"); source != "Secret" {
		return nil
	}
	ref, _, _ := unstructured.NestedStringMap(config.Object, "spec", "credentials", "secretRef")
	if ref == nil {
		return fmt.Errorf("cannot extract from secret key when none specified")
	}
	namespace := ref["namespace"]
	if config.GetKind() == "ProviderConfig" {
		namespace = mg.GetNamespace()
	}
	secret := &corev1.Secret{}
	if err := c.Client.Get(ctx, types.NamespacedName{Namespace: namespace, Name: ref["name"]}, secret); err != nil {
		return fmt.Errorf("cannot get credentials secret: %w", err)
	}
	if c.Kind.Vault() && !json.Valid(secret.Data[ref["key"]]) {
		return fmt.Errorf("cannot unmarshal vault credentials as JSON: the key %q of the Secret is not a JSON document", ref["key"])
	}
	return nil
}

// invalidCredentials is what the provider says when the cloud does not know its credentials.
func (c *Connector) invalidCredentials(address string) error {
	if c.Kind.Vault() {
		return fmt.Errorf("failed to configure the no-fork Vault client: failed to configure the provider: [{0 failed to lookup token, "+
			"err=Error making API request.\n\nURL: GET %s/v1/auth/token/lookup-self\nCode: %d. Errors:\n\n* permission denied  []}]",
			address, http.StatusForbidden)
	}
	const invalid = "The security token included in the request is invalid."
	return fmt.Errorf("cache manager failure: cannot get account id: cannot get the caller identity: operation error STS: "+
		"GetCallerIdentity, https response error StatusCode: %d, RequestID: %s, api error InvalidClientTokenId: %s",
		http.StatusForbidden, requestID, invalid)
}
