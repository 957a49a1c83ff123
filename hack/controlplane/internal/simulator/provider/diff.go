package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// changes are the parameters that are wanted and differ from what the cloud has. A field that is not said is the cloud's to
// decide, and one that only initProvider says is never changed.
func changes(kind string, wanted, has, reported map[string]any) map[string]any {
	diff := map[string]any{}
	for field, value := range wanted {
		if field == "clusterMembers" {
			// An attribute of the cluster that nobody can set, and that the provider compares nonetheless.
			has = kinds.With(has, map[string]any{field: reported[field]})
		}
		if same(field, value, has[field]) || cloud.GroupField(kind) != "" && suppressed(field, wanted, has, reported) {
			continue
		}
		diff[field] = value
	}
	return diff
}

// suppressed are the differences of a database that the provider overlooks: storage that has grown by itself, and a version
// that is older than what runs.
func suppressed(field string, wanted, has, reported map[string]any) bool {
	switch field {
	case "allocatedStorage":
		size := cloud.Whole(wanted[field])
		return cloud.Whole(has[field]) > size && cloud.Whole(wanted["maxAllocatedStorage"]) > size
	case "engineVersion":
		version, _ := wanted[field].(string)
		actual, _ := reported["engineVersionActual"].(string)
		return actual != "" && cloud.CompareVersions(version, actual) <= 0
	default:
		return false
	}
}

// same compares two values of a field. Lists are sets, but for those whose order counts.
func same(field string, a, b any) bool {
	first, isList := a.([]any)
	second, _ := b.([]any)
	ordered := strings.HasSuffix(field, "Statements") || field == "allowedRoles"
	if !isList || ordered {
		return reflect.DeepEqual(a, b)
	}
	return slices.Equal(sorted(first), sorted(second))
}

func sorted(list []any) []string {
	out := make([]string, 0, len(list))
	for _, item := range list {
		document, _ := json.Marshal(item) // It was decoded from JSON.
		out = append(out, string(document))
	}
	slices.Sort(out)
	return out
}

// replaces is the provider's refusal of a change that needs another resource in place of this one. Nil when none does.
func replaces(kind string, diff, has map[string]any) error {
	identity := cloud.Kinds()[kind].Identity
	for _, field := range slices.Sorted(maps.Keys(diff)) {
		if slices.Contains(identity, field) {
			return fmt.Errorf("refuse to update the external resource because the following update requires replacing it: "+
				"cannot change the value of the argument %q from %q to %q", argument(field), plain(has[field]), plain(diff[field]))
		}
	}
	return nil
}

func plain(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// withoutSecrets returns parameters without references to Secrets and without the switches of the provider itself: what the cloud
// gets and reports.
func withoutSecrets(fields map[string]any) map[string]any {
	out := make(map[string]any, len(fields))
	for field, value := range fields {
		if strings.HasSuffix(field, "SecretRef") || field == "autoGeneratePassword" {
			continue
		}
		if list, ok := value.([]any); ok {
			value = slices.Clone(list)
			for i, item := range list {
				if block, ok := item.(map[string]any); ok {
					value.([]any)[i] = withoutSecrets(block) //nolint:forcetypeassert // It was made above.
				}
			}
		}
		out[field] = value
	}
	return out
}

// secretRefs finds the references to keys of Secrets, by their paths.
func secretRefs(prefix string, fields map[string]any) map[string]secretRef {
	refs := map[string]secretRef{}
	for field, value := range fields {
		switch v := value.(type) {
		case map[string]any:
			if strings.HasSuffix(field, "SecretRef") {
				name, _ := v["name"].(string)
				key, _ := v["key"].(string)
				refs[prefix+field] = secretRef{name: name, key: key}
			}
		case []any:
			for i, item := range v {
				if block, ok := item.(map[string]any); ok {
					maps.Copy(refs, secretRefs(fmt.Sprintf("%s%s.%d.", prefix, field, i), block))
				}
			}
		}
	}
	return refs
}

type secretRef struct{ name, key string }
