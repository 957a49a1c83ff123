package schema

import (
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apimachineryvalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
	kjson "sigs.k8s.io/json"
)

// Secret judges v1 Secrets. They have no CRD: their Go type is the schema.
type Secret struct{}

// Namespaced implements Schema.
func (Secret) Namespaced() bool { return true }

// Default implements Schema.
func (Secret) Default(obj map[string]any) {
	if _, ok := obj["type"]; !ok {
		obj["type"] = string(corev1.SecretTypeOpaque)
	}
}

// Validate implements Schema: unknown fields, base64 of data, legal keys.
func (Secret) Validate(obj map[string]any) []Finding {
	obj = runtime.DeepCopyJSON(obj)
	findings := checkMeta(obj, true)
	raw, err := json.Marshal(obj)
	if err != nil {
		return append(findings, Finding{Field: ".", Problem: err.Error()})
	}
	secret := &corev1.Secret{}
	strict, err := kjson.UnmarshalStrict(raw, secret)
	if err != nil {
		return append(findings, Finding{Field: ".", Problem: err.Error()})
	}
	for _, e := range strict {
		findings = append(findings, Finding{Field: ".", Problem: e.Error()})
	}
	for _, keys := range []map[string]any{anyMap(obj["data"]), anyMap(obj["stringData"])} {
		for key := range keys {
			for _, problem := range validation.IsConfigMapKey(key) {
				findings = append(findings, Finding{Field: fmt.Sprintf("data[%s]", key), Problem: problem})
			}
		}
	}
	for _, problem := range apimachineryvalidation.NameIsDNSSubdomain(secret.Name, false) {
		findings = append(findings, Finding{Field: "metadata.name", Problem: problem})
	}
	return findings
}

func anyMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}
