package gate

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/schema"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// Installable checks that an API server takes our CRDs: those that core makes of the definitions, and those of the inputs.
func (c *Checker) Installable(root string, definitions []xrd.Definition) error {
	for _, d := range definitions {
		for _, crd := range []*extv1.CustomResourceDefinition{d.Composite, d.ClaimCRD} {
			if crd == nil {
				continue
			}
			if err := c.installable(d.Dir+"/definition.yaml", crd); err != nil {
				return err
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "package", "*", "input", "*.yaml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if file, err = filepath.Rel(root, file); err != nil {
			return err
		}
		docs, err := repo.Read(root, file)
		if err != nil {
			return err
		}
		for _, doc := range docs {
			raw, err := json.Marshal(doc.Object)
			if err != nil {
				return err
			}
			crd := &extv1.CustomResourceDefinition{}
			if err := json.Unmarshal(raw, crd); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			if err := c.installable(file, crd); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Checker) installable(file string, crd *extv1.CustomResourceDefinition) error {
	doc := repo.Document{File: file, Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": map[string]any{"name": crd.Name},
	}}
	c.report.Inputs++
	findings, err := schema.Installable(crd)
	for _, f := range findings {
		c.report.Violations = append(c.report.Violations, violation(doc, f.Field, f.Problem))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
