package gate

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// Installable checks that an API server takes our CRDs: those that core makes of the definitions, and those of the inputs. A
// CEL rule that may cost too much, for one, is refused there and nowhere before.
func (c *Checker) Installable(root string, definitions []xrd.Definition) error {
	for _, d := range definitions {
		for _, crd := range []*extv1.CustomResourceDefinition{d.Composite, d.ClaimCRD} {
			if crd == nil {
				continue
			}
			if err := c.installable(d.Dir+"/definition.yaml", crd.DeepCopy()); err != nil {
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
	// What an API server or core would have filled in.
	crd.OwnerReferences = nil
	extv1.SetDefaults_CustomResourceDefinition(crd)
	extv1.SetDefaults_CustomResourceDefinitionSpec(&crd.Spec)
	crd.Status.StoredVersions = []string{crd.Spec.Versions[0].Name}
	internal := &apiextensions.CustomResourceDefinition{}
	if err := extv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(crd, internal, nil); err != nil {
		return fmt.Errorf("%s: CRD %s: %w", file, crd.Name, err)
	}
	doc := repo.Document{File: file, Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": map[string]any{"name": crd.Name},
	}}
	c.report.Inputs++
	for _, e := range validation.ValidateCustomResourceDefinition(context.Background(), internal) {
		c.report.Violations = append(c.report.Violations, violation(doc, e.Field, e.ErrorBody()))
	}
	return nil
}
