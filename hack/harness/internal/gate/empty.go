package gate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// empty finds empty strings in what an upjet provider reads. Where the field could be a reference the provider writes null in its place,
// which an API server refuses, so that nothing reconciles any more; elsewhere it says nothing.
// https://github.com/crossplane/crossplane-runtime/blob/main/pkg/reference/reference.go (ToPtrValue)
func empty(doc repo.Document) []Violation {
	spec, _ := doc.Object["spec"].(map[string]any)
	if !strings.HasSuffix(doc.GVK().Group, ".upbound.io") {
		return nil
	}
	var found []Violation
	for _, part := range []string{"forProvider", "initProvider"} {
		for _, path := range emptyStrings("spec."+part, spec[part]) {
			found = append(found, violation(doc, path, "is empty: the provider writes null where it could be a reference, leave the field out"))
		}
	}
	return found
}

func emptyStrings(path string, value any) []string {
	var found []string
	switch value := value.(type) {
	case string:
		if value == "" {
			return []string{path}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			found = append(found, emptyStrings(path+"."+key, value[key])...)
		}
	case []any:
		for n, element := range value {
			found = append(found, emptyStrings(fmt.Sprintf("%s[%d]", path, n), element)...)
		}
	}
	return found
}
