package stubs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	pkgmetav1 "github.com/crossplane/crossplane/apis/v2/pkg/meta/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/yaml"
)

// indexFile lists what was written, for those who build and push the packages.
const indexFile = "packages.json"

// Indexed is an entry of the index.
type Indexed struct {
	Name string `json:"name"`
	// Repository that the real package has, and the version to tag the stub with: the oldest that our packages take.
	Repository string `json:"repository"`
	Version    string `json:"version"`
}

// meta is crossplane.yaml.
func meta(s Stub, registry string) ([]byte, error) {
	p := pkgmetav1.Provider{
		TypeMeta: metav1.TypeMeta{APIVersion: pkgmetav1.SchemeGroupVersion.String(), Kind: pkgmetav1.ProviderKind},
		ObjectMeta: metav1.ObjectMeta{
			Name: s.Package.Name,
			Annotations: map[string]string{
				"meta.crossplane.io/description": fmt.Sprintf("A stub of %s %s for a local control plane: CRDs only, those of %s, no controller. "+
					"It manages nothing.", s.Package.Name, s.Judge.Floor, s.Judge.Version),
			},
		},
	}
	// As the real packages: managed resources become ManagedResourceDefinitions, inactive until a policy activates them.
	p.Spec.Capabilities = []string{"SafeStart"}
	for _, name := range s.Package.DependsOn {
		p.Spec.DependsOn = append(p.Spec.DependsOn, pkgmetav1.Dependency{
			APIVersion: ptr.To("pkg.crossplane.io/v1"), Kind: ptr.To("Provider"),
			Package: ptr.To(registry + "/" + name), Version: ">=" + s.Judge.Floor,
		})
	}
	return yaml.Marshal(p)
}

// write replaces the package in its directory below dir, and returns how many bytes the definitions have.
func write(dir, registry string, s Stub) (int, error) {
	own := filepath.Join(dir, s.Package.Name)
	crds := filepath.Join(own, "crds")
	if err := os.MkdirAll(crds, 0o755); err != nil { //nolint:gosec // Read by whoever builds the package.
		return 0, err
	}
	stale, err := filepath.Glob(filepath.Join(crds, "*.yaml"))
	if err != nil {
		return 0, err
	}
	for _, file := range stale {
		if err := os.Remove(file); err != nil {
			return 0, err
		}
	}
	size := 0
	for _, crd := range s.CRDs {
		raw, err := encode(crd)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", crd.Name, err)
		}
		size += len(raw)
		name := crd.Spec.Group + "_" + crd.Spec.Names.Plural + ".yaml"
		if err := writeFile(filepath.Join(crds, name), raw); err != nil {
			return 0, err
		}
	}
	raw, err := meta(s, registry)
	if err != nil {
		return 0, err
	}
	return size, writeFile(filepath.Join(own, "crossplane.yaml"), raw)
}

// writeIndex says which packages are in dir.
func writeIndex(dir, registry string, stubs []Stub) error {
	all := make([]Indexed, 0, len(stubs))
	for _, s := range stubs {
		repository := cmp.Or(s.Package.Registry, registry) + "/" + s.Package.Name
		all = append(all, Indexed{Name: s.Package.Name, Repository: repository, Version: s.Judge.Floor})
	}
	raw, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, indexFile), append(raw, '\n'))
}

func writeFile(file string, raw []byte) error {
	return os.WriteFile(file, raw, 0o644) //nolint:gosec // Nothing secret: read by whoever builds the package.
}
