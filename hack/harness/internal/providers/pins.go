// Package providers finds the CRDs of the kinds that we compose: in the providers' own Go modules, in a directory, or, where
// neither is at hand, in the project's lock of facts.
package providers

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// PinsFile lists the providers, relative to the repository.
const PinsFile = "hack/schemas/providers.yaml"

// Provider is one source of CRDs.
type Provider struct {
	Name    string   `json:"name"`
	Module  string   `json:"module,omitempty"`
	Version string   `json:"version"`
	Sum     string   `json:"sum,omitempty"`
	CRDs    string   `json:"crds,omitempty"`
	Groups  []string `json:"groups"`
	// Floor is the oldest version that our packages install. Empty for a provider that they do not depend on.
	Floor string `json:"floor,omitempty"`
	// Proof says why the floor is where it is.
	Proof *Proof `json:"proof,omitempty"`
}

// Proof says on which code of a provider the things rest that we say about its floor, in words.
type Proof struct {
	// Law is whose configuration says what is late-initialised, asynchronous and named by whom.
	Law string `json:"law"`
	// Run is whose controllers reconciled what we compose.
	Run string `json:"run"`
	// Differs is what sets the pinned schemas, the law and the run apart from the floor.
	Differs string `json:"differs"`
}

// Owns says whether an API group is the provider's.
func (p Provider) Owns(group string) bool {
	for _, g := range p.Groups {
		if group == g || strings.HasSuffix(group, "."+g) {
			return true
		}
	}
	return false
}

func readPins(root string) ([]Provider, error) {
	raw, err := os.ReadFile(filepath.Join(root, PinsFile))
	if err != nil {
		return nil, err
	}
	var pins struct {
		Providers []Provider `json:"providers"`
	}
	if err := yaml.UnmarshalStrict(raw, &pins); err != nil {
		return nil, fmt.Errorf("%s: %w", PinsFile, err)
	}
	for _, p := range pins.Providers {
		if p.Module != "" && (p.Sum == "" || p.CRDs == "") {
			return nil, fmt.Errorf("%s: provider %s has a module but no sum or crds: write both", PinsFile, p.Name)
		}
		if (p.Floor == "") != (p.Proof == nil) || p.Proof != nil && (p.Proof.Law == "" || p.Proof.Run == "" || p.Proof.Differs == "") {
			return nil, fmt.Errorf("%s: provider %s: a floor needs a proof with law, run and differs, and they need a floor: write all, or "+
				"none for a provider that no package depends on", PinsFile, p.Name)
		}
	}
	return pins.Providers, nil
}

// errSum is a module whose content is not the pinned one. Nothing replaces it.
var errSum = errors.New("checksum mismatch")

// download returns the directory of the provider's CRDs in the module cache.
func (p Provider) download() (string, error) {
	// Outside of any module, so that nothing but this one module is resolved.
	dir, err := os.MkdirTemp("", "goldenpath-schemas-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // An empty directory left behind harms nobody.

	cmd := exec.Command("go", "mod", "download", "-json", p.Module+"@"+p.Version)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, runErr := cmd.Output()
	var got struct{ Dir, Sum, Error string }
	if err := json.Unmarshal(out, &got); err != nil {
		return "", fmt.Errorf("go mod download %s@%s: %w", p.Module, p.Version, errors.Join(runErr, err))
	}
	if got.Error != "" || got.Dir == "" {
		return "", fmt.Errorf("go mod download: %s", got.Error)
	}
	if got.Sum != p.Sum {
		return "", fmt.Errorf("%w: %s@%s is %s, but %s pins %s", errSum, p.Module, p.Version, got.Sum, PinsFile, p.Sum)
	}
	return filepath.Join(got.Dir, filepath.FromSlash(p.CRDs)), nil
}
