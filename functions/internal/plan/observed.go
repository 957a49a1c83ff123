package plan

import (
	"strings"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// AsObserved is an observed object as a plan can want it: its whole spec, and what we, its users and the cloud know it by. What core and
// the provider write for themselves is left to them. Without the external name a provider would look for, or make, another one.
func AsObserved(o object.Object) object.Object {
	f := object.NewFields()
	f.Merge(object.Without(o, "metadata", "status"))
	meta := f.Object("metadata")
	meta.SetStringIf("name", o.Name())
	meta.SetStringIf("namespace", o.Namespace())
	keep := func(kind string, wanted func(key string) bool) {
		kept := map[string]string{}
		for key, value := range o.StringMap("metadata", kind) {
			if wanted(key) {
				kept[key] = value
			}
		}
		if len(kept) > 0 {
			meta.SetStringMap(kind, kept)
		}
	}
	keep("labels", func(key string) bool { return !strings.HasPrefix(key, "crossplane.io/") })
	keep("annotations", func(key string) bool {
		return key == managed.ExternalNameAnnotation || strings.HasPrefix(key, "platform.io/")
	})
	// The real provider writes an empty one into everything that it touches.
	if spec := o.At("spec"); spec.Has("initProvider") && spec.At("initProvider").Len() == 0 {
		f.SetObject("spec", object.Without(spec, "initProvider"))
	}
	if strings.HasPrefix(o.APIVersion(), v1.Group+"/") {
		f.SetObject("spec", asWritten(o.At("spec")))
	}
	return f.Done()
}

// asWritten is the spec of a composite without what core writes into it: the one who wants a composite would own what core knows it by.
func asWritten(spec object.Object) object.Object {
	const machinery, composition = "crossplane", "compositionRef"
	f := object.NewFields()
	f.Merge(object.Without(spec, machinery, "resourceRefs", "claimRef", "compositionRevisionRef", "compositionUpdatePolicy"))
	if ref := spec.At(machinery, composition); !ref.IsZero() {
		f.Object(machinery).SetObject(composition, ref)
	}
	return f.Done()
}
