package policies

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// judgeVault says what is wrong with a Vault policy: it holds paths with capabilities and nothing else, and a workload only ever reads,
// an entry of a KV mount or the credentials of one role.
// https://developer.hashicorp.com/vault/docs/concepts/policies
func judgeVault(hcl string) []string {
	block := regexp.MustCompile(`\s*path\s+"([^"\\]+)"\s*\{\s*capabilities\s*=\s*\[([^\]]*)\]\s*\}\s*`)
	matches := block.FindAllStringSubmatch(hcl, -1)
	if len(matches) == 0 {
		return []string{"holds no path with capabilities"}
	}
	var problems []string
	if rest := strings.TrimSpace(block.ReplaceAllString(hcl, "")); rest != "" {
		problems = append(problems, fmt.Sprintf("holds more than paths with capabilities: %q", rest))
	}
	for _, m := range matches {
		path := m[1]
		if wrong := wrongPath(strings.TrimPrefix(path, "/")); wrong != "" {
			problems = append(problems, fmt.Sprintf("path %q %s", path, wrong))
		}
		if capabilities := capabilitiesOf(m[2]); !slices.Equal(capabilities, []string{"read"}) {
			problems = append(problems, fmt.Sprintf("path %q permits %s: read is all that a workload needs",
				path, strings.Join(capabilities, ", ")))
		}
	}
	return problems
}

func wrongPath(path string) string {
	switch {
	case strings.ContainsAny(path, "*+"):
		return "holds a wildcard"
	case path == "sys" || strings.HasPrefix(path, "sys/"):
		return "is one of Vault's own"
	case !strings.Contains(path, "/data/") && !strings.Contains(path, "/creds/"):
		return "is neither an entry (<mount>/data/...) nor credentials (<mount>/creds/...)"
	}
	return ""
}

func capabilitiesOf(list string) []string {
	var out []string
	for item := range strings.SplitSeq(list, ",") {
		if item = strings.Trim(strings.TrimSpace(item), `"`); item != "" {
			out = append(out, item)
		}
	}
	return out
}
