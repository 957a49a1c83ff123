package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
)

// What can happen to a whole resource, or to the composite, in place of a field.
const (
	fieldRemoved = "(removed)"
	fieldAdded   = "(added)"
	fieldFatal   = "(fatal)"
	fieldRefused = "(refused by the cloud)"
	fieldReady   = "(not ready any more)"
)

// composite stands for the resource of a difference that is the composite's.
const composite = "(composite)"

// difference is something that today's functions want otherwise.
type difference struct {
	// resource is a composition resource name, or composite.
	resource string
	// field is a path such as spec.forProvider.tags.team or spec.rules[0], or what happened to the whole.
	field string
	// was and is are the values as JSON, empty where there is none. Those of Secrets are not told.
	was, is string
}

// resources compares what both commits want in one state, of the resources in it.
func resources(observed []string, before, after map[string]*fnv1.Resource) []difference {
	var found []difference
	for _, name := range observed {
		was, wanted := before[name]
		if !wanted {
			continue
		}
		is, ok := after[name]
		if !ok {
			found = append(found, difference{resource: name, field: fieldRemoved})
			continue
		}
		found = append(found, objects(name, was.GetResource(), is.GetResource())...)
	}
	return found
}

// objects compares two desired objects: everything but the metadata that may change, and the status, which is not ours.
func objects(name string, was, is *structpb.Struct) []difference {
	hide := object.Of(was).Kind() == "Secret" && object.Of(was).APIVersion() == "v1"
	d := differ{resource: name, hide: hide}
	d.structs("", identity(was), identity(is))
	return d.found
}

// identity is an object without status, and of its metadata what says which object in the cluster and in the cloud it is.
func identity(s *structpb.Struct) *structpb.Struct {
	out := &structpb.Struct{Fields: maps.Clone(s.GetFields())}
	delete(out.Fields, "status")
	metadata := &structpb.Struct{Fields: map[string]*structpb.Value{}}
	for _, field := range []string{"name", "namespace"} {
		if v, ok := s.GetFields()["metadata"].GetStructValue().GetFields()[field]; ok {
			metadata.Fields[field] = v
		}
	}
	if v := object.Of(s).Annotation("crossplane.io/external-name"); v != "" {
		metadata.Fields["external-name"] = structpb.NewStringValue(v)
	}
	out.Fields["metadata"] = structpb.NewStructValue(metadata)
	return out
}

// differ collects the differences of one resource.
type differ struct {
	resource string
	hide     bool
	found    []difference
}

func (d *differ) structs(path string, was, is *structpb.Struct) {
	keys := map[string]bool{}
	for _, s := range []*structpb.Struct{was, is} {
		for key := range s.GetFields() {
			keys[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		at := key
		if path != "" {
			at = path + "." + key
		}
		d.values(at, was.GetFields()[key], is.GetFields()[key])
	}
}

func (d *differ) values(path string, was, is *structpb.Value) {
	wasStruct, isStruct := was.GetStructValue(), is.GetStructValue()
	wasList, isList := was.GetListValue(), is.GetListValue()
	switch {
	case wasStruct != nil && isStruct != nil:
		d.structs(path, wasStruct, isStruct)
	case wasList != nil && isList != nil && len(wasList.GetValues()) == len(isList.GetValues()):
		for i := range wasList.GetValues() {
			d.values(fmt.Sprintf("%s[%d]", path, i), wasList.GetValues()[i], isList.GetValues()[i])
		}
	case text(was) != text(is):
		one := difference{resource: d.resource, field: path, was: text(was), is: text(is)}
		if d.hide {
			one.was, one.is = hidden(was), hidden(is)
		}
		d.found = append(d.found, one)
	}
}

// text is a value as JSON with sorted keys; empty for none.
func text(v *structpb.Value) string {
	switch kind := v.GetKind().(type) {
	case nil:
		return ""
	case *structpb.Value_StructValue:
		var b strings.Builder
		for _, key := range slices.Sorted(maps.Keys(kind.StructValue.GetFields())) {
			fmt.Fprintf(&b, ",%q:%s", key, text(kind.StructValue.GetFields()[key]))
		}
		return "{" + strings.TrimPrefix(b.String(), ",") + "}"
	case *structpb.Value_ListValue:
		var items []string
		for _, item := range kind.ListValue.GetValues() {
			items = append(items, text(item))
		}
		return "[" + strings.Join(items, ",") + "]"
	case *structpb.Value_StringValue:
		return fmt.Sprintf("%q", kind.StringValue)
	}
	return fmt.Sprint(v.AsInterface())
}

func hidden(v *structpb.Value) string {
	if v == nil {
		return ""
	}
	return "(a value)"
}

// order of a report.
func order(a, b difference) int {
	return cmp.Or(cmp.Compare(a.resource, b.resource), cmp.Compare(a.field, b.field), cmp.Compare(a.was, b.was), cmp.Compare(a.is, b.is))
}
