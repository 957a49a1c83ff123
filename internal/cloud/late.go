package cloud

import (
	"maps"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/internal/cloud/law"
)

// under is a kind under the provider's law: what never changes and what the provider's schema fills in are in it. Own facts say more.
func (f Facts) under(l law.Law) Facts {
	f.Law = l
	for _, field := range l.ForceNew {
		if !strings.Contains(field, ".") && !slices.Contains(f.Identity, field) {
			f.Identity = append(slices.Clone(f.Identity), field)
		}
	}
	own, schema := f.Defaults, map[string]any{}
	for field, value := range l.Defaults {
		if !strings.Contains(field, ".") {
			schema[field] = value
		}
	}
	f.Defaults = func(r Resource) map[string]any {
		filled := maps.Clone(schema)
		if own != nil {
			maps.Copy(filled, own(r))
		}
		return filled
	}
	return f
}

// Late is what late initialisation copies out of what the cloud has, where the spec does not say it: what the law names, less what has no
// value or a zero one. Objects in it are to be laid below those of the spec.
func (f Facts) Late(has map[string]any) map[string]any {
	late := map[string]any{}
	for _, field := range f.Law.LateInitialised() {
		path := strings.Split(field, ".")
		value := valueAt(has, path)
		if isZero(value) {
			continue
		}
		put(late, path, value)
	}
	return late
}

func valueAt(fields map[string]any, path []string) any {
	if len(path) == 1 {
		return fields[path[0]]
	}
	below, _ := fields[path[0]].(map[string]any)
	return valueAt(below, path[1:])
}

func put(fields map[string]any, path []string, value any) {
	if len(path) == 1 {
		fields[path[0]] = value
		return
	}
	below, _ := fields[path[0]].(map[string]any)
	below = maps.Clone(below)
	if below == nil {
		below = map[string]any{}
	}
	put(below, path[1:], value)
	fields[path[0]] = below
}

// isZero says that late initialisation takes a value for none.
func isZero(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case float64:
		return v == 0
	case int64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, below := range v {
			if !isZero(below) {
				return false
			}
		}
		return true
	default:
		return false
	}
}

// Below lays fields under others: what is said stays, and objects are joined.
func Below(late, said map[string]any) map[string]any {
	out := maps.Clone(said)
	if out == nil {
		out = map[string]any{}
	}
	for field, value := range late {
		was, there := out[field]
		under, isObject := value.(map[string]any)
		over, both := was.(map[string]any)
		switch {
		case !there:
			out[field] = value
		case isObject && both:
			out[field] = Below(under, over)
		}
	}
	return out
}
