package xrd

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	xpv1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

// Composition is what the generator reads of a composition.yaml.
type Composition struct {
	Path    string
	Name    string
	TypeRef xpv1.TypeReference
}

// name is empty when there is no Composition.
func (c Composition) name() string { return c.Name }

// check says whether the Composition is one for the XRs of this flavour.
func (c Composition) check(crd *extv1.CustomResourceDefinition, fl flavour) []Finding {
	want := xpv1.TypeReference{APIVersion: crd.Spec.Group + "/" + storageVersion(crd), Kind: fl.kind(crd)}
	if c.TypeRef == want {
		return nil
	}
	return []Finding{{
		Kind:    crd.Spec.Names.Kind,
		Path:    "composition.spec.compositeTypeRef",
		Problem: fmt.Sprintf("%s composes %s %s, so XRs whose default it is would not find it", c.Path, c.TypeRef.APIVersion, c.TypeRef.Kind),
		Instead: fmt.Sprintf("write apiVersion: %s and kind: %s", want.APIVersion, want.Kind),
	}}
}

// readCRDs reads every CRD of a directory in name order. Unknown fields are refused: they would be lost without a word.
func readCRDs(dir string) ([]*extv1.CustomResourceDefinition, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("cannot list the CRDs: %w", err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("there is no CRD (*.yaml) in %s: run controller-gen first (make generate does)", dir)
	}
	crds := make([]*extv1.CustomResourceDefinition, 0, len(paths))
	for _, path := range paths {
		crd := &extv1.CustomResourceDefinition{}
		if err := readYAML(path, crd, true); err != nil {
			return nil, err
		}
		if crd.Kind != "CustomResourceDefinition" {
			return nil, fmt.Errorf("%s holds a %q, not a CustomResourceDefinition: remove it from the directory of CRDs", path, crd.Kind)
		}
		crds = append(crds, crd)
	}
	return crds, nil
}

// readCompositions reads the Composition of each flavour, where there is one beside the definition.
func readCompositions(apisDir string, crd *extv1.CustomResourceDefinition) (map[string]Composition, error) {
	compositions := map[string]Composition{}
	for _, fl := range flavours() {
		path := filepath.Join(fl.dir(apisDir, crd), "composition.yaml")
		var c xpv1.Composition
		err := readYAML(path, &c, false)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if c.Kind != "Composition" || c.Name == "" {
			return nil, fmt.Errorf("%s must hold one Composition with a metadata.name", path)
		}
		compositions[fl.name] = Composition{Path: path, Name: c.Name, TypeRef: c.Spec.CompositeTypeRef}
	}
	return compositions, nil
}

// readYAML reads a file with exactly one YAML document.
func readYAML(path string, into any, strict bool) error {
	text, err := os.ReadFile(path) //nolint:gosec // G304: the caller chose the directory.
	if err != nil {
		return fmt.Errorf("cannot read: %w", err)
	}
	docs := documents(text)
	if len(docs) > 1 {
		return fmt.Errorf("%s holds more than one YAML document: write one per file", path)
	}
	text = bytes.Join(docs, nil)
	read := func(b []byte, into any) error { return yaml.Unmarshal(b, into) }
	if strict {
		read = func(b []byte, into any) error { return yaml.UnmarshalStrict(b, into) }
	}
	if err := read(text, into); err != nil {
		return fmt.Errorf("cannot decode %s: %w", path, err)
	}
	return nil
}

// documents returns the YAML documents that hold more than comments: the decoder would read the first one only, be it empty.
func documents(text []byte) [][]byte {
	separator, content := regexp.MustCompile(`(?m)^---.*$`), regexp.MustCompile(`(?m)^[^#\s]`)
	var docs [][]byte
	for len(text) > 0 {
		document, rest := text, []byte(nil)
		if at := separator.FindIndex(text); at != nil {
			document, rest = text[:at[0]], text[at[1]:]
		}
		if content.Match(document) {
			docs = append(docs, document)
		}
		text = rest
	}
	return docs
}
