package recorder

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
)

// What Crossplane writes on composed resources.
const (
	compositeLabel         = "crossplane.io/composite"
	resourceNameAnnotation = "crossplane.io/composition-resource-name"
	externalNameAnnotation = "crossplane.io/external-name"
)

// key is where an object is found.
type key struct {
	kind            schema.GroupKind
	namespace, name string
}

// object is what is remembered of an object. It holds nothing of a Secret but a hash.
type object struct {
	key
	uid                 string
	composite, resource string
	// externalName as the cloud has assigned it. Empty before that, and where the name of ours stands there that the cloud knows it by too.
	externalName string
	// ours says that the name of ours stands there.
	ours       bool
	primary    bool
	deletion   time.Time
	generation int64
	digest     [sha256.Size]byte
}

// reduce an object to what is remembered.
func reduce(kind schema.GroupKind, u *unstructured.Unstructured) object {
	annotations := u.GetAnnotations()
	o := object{
		key:          key{kind: kind, namespace: u.GetNamespace(), name: u.GetName()},
		uid:          string(u.GetUID()),
		composite:    u.GetLabels()[compositeLabel],
		resource:     annotations[resourceNameAnnotation],
		externalName: annotations[externalNameAnnotation],
		primary:      annotations[v1.DataAnnotation] == v1.DataPrimary,
		generation:   u.GetGeneration(),
	}
	// RDS finds an instance by both: what we call it, and the id that it has given it.
	if ours, _, _ := unstructured.NestedString(u.Object, "spec", "forProvider", "identifier"); ours != "" && o.externalName == ours {
		o.externalName, o.ours = "", true
	}
	if t := u.GetDeletionTimestamp(); t != nil {
		o.deletion = t.Time
	}
	if data, ok := u.Object["data"]; ok && kind.Kind == "Secret" {
		// A Secret has no generation.
		encoded, err := json.Marshal(data)
		if err == nil {
			o.digest = sha256.Sum256(encoded)
		}
	}
	return o
}

// composed says whether the object belongs to a composite.
func (o object) composed() bool { return o.composite != "" && o.resource != "" }

// slot is the place in a composite that an object takes, whatever its name is.
type slot struct{ namespace, composite, resource string }

func (o object) slot() slot { return slot{o.namespace, o.composite, o.resource} }
