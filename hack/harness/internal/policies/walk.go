// Package policies walks everything in composed resources that permits something, IAM documents and Vault policies, and says what is
// broader than the platform ever needs.
package policies

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Finding is one thing that a policy must not say.
type Finding struct {
	// Field that holds the policy, such as spec.forProvider.policy.
	Field string
	// Problem names the part of the policy, and what is wrong with it.
	Problem string
}

// Walked counts policies.
type Walked struct {
	// IAM documents: of identities, trust and resources.
	IAM int
	// Vault policies.
	Vault int
}

// Walk judges every policy in the spec of a composed resource. An IAM document is any text that is JSON with statements, whatever the
// kind and the field, so that a new kind needs no entry here.
func Walk(kind schema.GroupVersionKind, object map[string]any) (Walked, []Finding) {
	w := walker{key: kind.Kind == "Key" && strings.HasPrefix(kind.Group, "kms.aws.")}
	if kind.Kind == "Policy" && strings.HasPrefix(kind.Group, "vault.vault.") {
		w.vault = judgeVault
		if strings.HasPrefix(resourceName(object), peoplePolicy) {
			w.vault = judgePeople
		}
	}
	w.value("spec", object["spec"])
	return w.walked, w.found
}

// peoplePolicy starts the composition resource names of the Vault policies of people. All others are of workloads.
const peoplePolicy = "environment-vault-policy-"

func resourceName(object map[string]any) string {
	metadata, _ := object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	name, _ := annotations["crossplane.io/composition-resource-name"].(string)
	return name
}

type walker struct {
	// vault judges the text of a Vault policy. Nil for other kinds.
	vault func(hcl string) []string
	// key says that it is a key with its policy.
	key    bool
	walked Walked
	found  []Finding
}

func (w *walker) value(field string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			w.value(field+"."+key, v[key])
		}
	case []any:
		for i, item := range v {
			w.value(fmt.Sprintf("%s[%d]", field, i), item)
		}
	case string:
		w.text(field, v)
	}
}

func (w *walker) text(field, text string) {
	var problems []string
	switch statements, ok := statementsOf(text); {
	case ok:
		w.walked.IAM++
		if w.key && field == keyPolicyField {
			problems = judgeKey(statements)
		} else {
			problems = judgeIAM(statements)
		}
	case w.vault != nil && field == "spec.forProvider.policy":
		w.walked.Vault++
		problems = w.vault(text)
	}
	for _, problem := range problems {
		w.found = append(w.found, Finding{field, problem})
	}
}

// statementsOf takes the statements out of a text that is an IAM document.
func statementsOf(text string) ([]any, bool) {
	var document map[string]any
	if !strings.HasPrefix(strings.TrimSpace(text), "{") || json.Unmarshal([]byte(text), &document) != nil {
		return nil, false
	}
	for key, v := range document {
		if !strings.EqualFold(key, "Statement") {
			continue
		}
		if many, ok := v.([]any); ok {
			return many, true
		}
		return []any{v}, true
	}
	return nil, false
}
