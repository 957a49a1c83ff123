package appdatabase

import (
	"os"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"
)

// promisedKeys are the connection secret keys in the XRD of the claims flavour.
func promisedKeys(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "apis", "claims", "appdatabases", "definition.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var definition struct {
		Spec struct {
			ConnectionSecretKeys []string `json:"connectionSecretKeys"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal(raw, &definition); err != nil {
		t.Fatal(err)
	}
	return definition.Spec.ConnectionSecretKeys
}
