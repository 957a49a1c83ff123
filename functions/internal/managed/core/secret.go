// Package core holds the kinds that are not managed resources: Secrets, and Crossplane's own Usages. They are written field
// by field: typed Kubernetes structs would also write zero values, which a server-side apply would then own.
package core

import (
	"encoding/base64"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// Secret is a v1 Secret. Data is the only place where secret values may stand.
type Secret struct {
	// Name of the Secret.
	Name string
	// Namespace of the Secret. A namespaced composite composes into its own and no other.
	Namespace string
	// Type of the Secret, such as servicebinding.io/appdatabase. Opaque when empty.
	Type string
	// Data, not yet encoded.
	Data map[string]string
}

// Object writes the Secret.
func (s Secret) Object() object.Object {
	f := object.NewFields()
	f.SetString("apiVersion", "v1")
	f.SetString("kind", "Secret")
	meta := f.Object("metadata")
	meta.SetString("name", s.Name)
	meta.SetString("namespace", s.Namespace)
	f.SetStringIf("type", s.Type)
	encoded := make(map[string]string, len(s.Data))
	for k, v := range s.Data {
		encoded[k] = base64.StdEncoding.EncodeToString([]byte(v))
	}
	f.SetStringMap("data", encoded)
	return f.Done()
}

// SecretData decodes the data of an observed Secret. A value that is not base64 is left out.
func SecretData(secret object.Object) map[string]string {
	encoded := secret.StringMap("data")
	data := make(map[string]string, len(encoded))
	for k, v := range encoded {
		raw, err := base64.StdEncoding.DecodeString(v)
		if err != nil {
			continue
		}
		data[k] = string(raw)
	}
	return data
}

// Resource names one object that a Usage is of or by.
type Resource struct {
	APIVersion string
	Kind       string
	Name       string
	// Namespace of the used object, when it is another one than the Usage's.
	Namespace string
}

// Usage refuses the deletion of one object while another one exists, or for a reason.
type Usage struct {
	// Name of the Usage.
	Name string
	// Namespace of the Usage. Empty makes it a ClusterUsage.
	Namespace string
	// Labels of the Usage.
	Labels map[string]string
	// Of is the object that must not be deleted.
	Of Resource
	// By is the object that uses it. Nil when Reason says why.
	By *Resource
	// Reason is the sentence in the refusal.
	Reason string
}

// Object writes the Usage. replayDeletion is never set: a delete that was refused in March must not fire in June.
func (u Usage) Object() object.Object {
	f := object.NewFields()
	f.SetString("apiVersion", "protection.crossplane.io/v1beta1")
	f.SetString("kind", u.kind())
	meta := f.Object("metadata")
	meta.SetString("name", u.Name)
	if u.Namespace != "" {
		meta.SetString("namespace", u.Namespace)
	}
	if len(u.Labels) > 0 {
		meta.SetStringMap("labels", u.Labels)
	}
	spec := f.Object("spec")
	u.Of.encode(spec.Object("of"))
	if u.By != nil {
		u.By.encode(spec.Object("by"))
	}
	spec.SetStringIf("reason", u.Reason)
	return f.Done()
}

func (u Usage) kind() string {
	if u.Namespace == "" {
		return "ClusterUsage"
	}
	return "Usage"
}

func (r Resource) encode(f object.Fields) {
	f.SetString("apiVersion", r.APIVersion)
	f.SetString("kind", r.Kind)
	ref := f.Object("resourceRef")
	ref.SetString("name", r.Name)
	ref.SetStringIf("namespace", r.Namespace)
}
