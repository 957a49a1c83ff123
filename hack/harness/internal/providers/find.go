package providers

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// ErrNoKind says that a provider's own CRDs are at hand, and that the kind is not among them.
var ErrNoKind = errors.New("no CRD")

// find reads the CRD of a kind out of a directory of files named <group>_<plural>.yaml.
func find(dir, cacheDir string, kind schema.GroupKind) (*extv1.CustomResourceDefinition, error) {
	files, err := filepath.Glob(filepath.Join(dir, kind.Group+"_*.yaml"))
	if err != nil {
		return nil, err
	}
	// Parsing is what takes long: the name is looked up in the text first.
	line := []byte("\n    kind: " + kind.Kind + "\n")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if !bytes.Contains(raw, line) {
			continue
		}
		crd, err := parse(raw, cacheDir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if crd.Spec.Group == kind.Group && crd.Spec.Names.Kind == kind.Kind {
			return crd, nil
		}
	}
	return nil, fmt.Errorf("%w of %s", ErrNoKind, kind)
}

// parse decodes a CRD. YAML of this size is slow, JSON is not: the JSON is kept, under the hash of the YAML.
func parse(raw []byte, cacheDir string) (*extv1.CustomResourceDefinition, error) {
	crd := &extv1.CustomResourceDefinition{}
	sum := sha256.Sum256(raw)
	cached := filepath.Join(cacheDir, hex.EncodeToString(sum[:])+".json")
	if asJSON, err := os.ReadFile(cached); err == nil && json.Unmarshal(asJSON, crd) == nil {
		return crd, nil
	}
	asJSON, err := yaml.YAMLToJSON(raw)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(asJSON, crd); err != nil {
		return nil, err
	}
	if cacheDir != "" {
		store(cached, asJSON)
	}
	return crd, nil
}

// store writes a cache file in one step. A cache that cannot be written only costs time.
func store(file string, content []byte) {
	if os.MkdirAll(filepath.Dir(file), 0o755) != nil {
		return
	}
	tmp := fmt.Sprintf("%s.%d", file, os.Getpid())
	if os.WriteFile(tmp, content, 0o600) == nil {
		_ = os.Rename(tmp, file)
	}
}
