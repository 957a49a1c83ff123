package schema

import (
	"context"
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
)

// Installable returns why an API server would refuse a definition. A CEL rule that may cost too much, for one, is refused there and
// nowhere before.
func Installable(in *extv1.CustomResourceDefinition) ([]Finding, error) {
	// What an API server or core would have filled in.
	crd := in.DeepCopy()
	crd.OwnerReferences = nil
	extv1.SetDefaults_CustomResourceDefinition(crd)
	extv1.SetDefaults_CustomResourceDefinitionSpec(&crd.Spec)
	for _, v := range crd.Spec.Versions {
		if v.Storage {
			crd.Status.StoredVersions = []string{v.Name}
		}
	}
	internal := &apiextensions.CustomResourceDefinition{}
	if err := extv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(crd, internal, nil); err != nil {
		return nil, fmt.Errorf("CRD %s: %w", crd.Name, err)
	}
	var findings []Finding
	for _, e := range validation.ValidateCustomResourceDefinition(context.Background(), internal) {
		findings = append(findings, Finding{Field: e.Field, Problem: e.ErrorBody()})
	}
	return findings, nil
}
