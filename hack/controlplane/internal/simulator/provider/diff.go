package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator/kinds"
)

// changes are the parameters that are wanted and differ from what the cloud has. One that only initProvider says is never changed.
func changes(kind string, wanted, has, reported map[string]any) map[string]any {
	if _, said := wanted["clusterMembers"]; said {
		// An attribute of the cluster that nobody can set, and that the provider compares nonetheless.
		has = kinds.With(has, map[string]any{"clusterMembers": reported["clusterMembers"]})
	}
	return cloud.Changes(kind, wanted, has, reported)
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
