package facts

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// Schemas looks CRDs up.
type Schemas interface {
	CRD(flavour xrd.Flavour, kind schema.GroupVersionKind) (*extv1.CustomResourceDefinition, providers.Judge, error)
}

// Collect takes the facts of every struct's kind from the CRDs. The error lists every field that is not there, is of another type, or
// is demanded by the CRD and missing from the struct.
func Collect(structs []Struct, schemas Schemas) (Lock, error) {
	var lock Lock
	var problems []error
	for _, s := range structs {
		locked, errs := collect(s, schemas)
		problems = append(problems, errs...)
		lock.Kinds = append(lock.Kinds, locked)
	}
	return lock, errors.Join(problems...)
}

func collect(s Struct, schemas Schemas) (LockedKind, []error) {
	locked := LockedKind{Service: s.Kind.Service, Kind: s.Kind.Kind, Legacy: s.Kind.Legacy, Namespaced: s.Kind.Namespaced}
	var problems []error
	flat := map[xrd.Flavour]map[string]Field{}
	for _, flavour := range xrd.Flavours() {
		gvk := s.Kind.GVK(flavour)
		crd, judge, err := schemas.CRD(flavour, gvk)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", s.At, err))
			continue
		}
		locked.Provider = judge.Provider + " " + judge.Version
		if locked.Plural != "" && locked.Plural != crd.Spec.Names.Plural {
			problems = append(problems, fmt.Errorf("%s: the plural of %s differs between the flavours: %s and %s",
				s.At, s.Kind.Kind, locked.Plural, crd.Spec.Names.Plural))
		}
		locked.Plural = crd.Spec.Names.Plural
		fields := flatten(crd, gvk.Version)
		if len(fields) == 0 {
			problems = append(problems, fmt.Errorf("%s: %s has no version %s", s.At, crd.Name, gvk.Version))
			continue
		}
		flat[flavour] = fields
		if !s.Kind.upjet() {
			// Its CRDs come with its module, so that the lock never stands in for them.
		} else if err := checkEnvelope(crd, gvk.Version, flavour); err != nil {
			problems = append(problems, err)
		}
		problems = append(problems, compare(s, gvk, fields)...)
	}
	if len(problems) > 0 {
		return locked, problems
	}
	for _, f := range s.Fields {
		a, b := flat[xrd.Namespaced][f.Path], flat[xrd.Claims][f.Path]
		if a != b {
			problems = append(problems, fmt.Errorf("%s: %s differs between the flavours: %+v and %+v", f.At, f.Path, a, b))
		}
		locked.Fields = append(locked.Fields, a)
	}
	sort.Slice(locked.Fields, func(i, j int) bool { return locked.Fields[i].Path < locked.Fields[j].Path })
	return locked, problems
}

// compare holds the fields of a struct against those of a CRD.
func compare(s Struct, gvk schema.GroupVersionKind, fields map[string]Field) []error {
	var problems []error
	used := map[string]bool{"": true}
	for _, f := range s.Fields {
		used[f.Path] = true
		known, ok := fields[f.Path]
		if !ok {
			problems = append(problems,
				fmt.Errorf("%s: %s has no field spec.forProvider.%s: check the json name against the CRD", f.At, gvk, f.Path))
			continue
		}
		if !slices.Contains(f.Types, known.Type) {
			problems = append(problems, fmt.Errorf("%s: spec.forProvider.%s of %s is of type %s, but the Go field is encoded as %s",
				f.At, f.Path, gvk, known.Type, strings.Join(f.Types, " or ")))
		}
	}
	for path, f := range fields {
		if f.Required == Create && s.Observed {
			continue
		}
		if f.Required != "" && !used[path] && used[parent(path)] {
			problems = append(problems,
				fmt.Errorf("%s: %s requires spec.forProvider.%s (%s), which the struct does not have: add it", s.At, gvk, path, f.Required))
		}
	}
	sort.Slice(problems, func(i, j int) bool { return problems[i].Error() < problems[j].Error() })
	return problems
}

// parent is the path of the object that a field belongs to.
func parent(path string) string {
	i := strings.LastIndex(path, ".")
	if i < 0 {
		return ""
	}
	return path[:i]
}
