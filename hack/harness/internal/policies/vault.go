package policies

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// judgeVault says what is wrong with a Vault policy of workloads: it holds paths with capabilities and nothing else, and a workload only
// ever reads, an entry of a KV mount or the credentials of one role.
// https://developer.hashicorp.com/vault/docs/concepts/policies
func judgeVault(hcl string) []string { return judgeRules(hcl, wrongForWorkloads) }

// judgePeople says what is wrong with a Vault policy of people: they see what one namespace has, and never get credentials.
func judgePeople(hcl string) []string { return judgeRules(hcl, wrongForPeople) }

// judgeRules judges each path of a policy with its capabilities.
func judgeRules(hcl string, judge func(path string, capabilities []string) []string) []string {
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
		for _, wrong := range judge(strings.TrimPrefix(m[1], "/"), capabilitiesOf(m[2])) {
			problems = append(problems, fmt.Sprintf("path %q %s", m[1], wrong))
		}
	}
	return problems
}

func wrongForWorkloads(path string, capabilities []string) []string {
	var problems []string
	if wrong := wrongPath(path); wrong != "" {
		problems = append(problems, wrong)
	}
	if !slices.Equal(capabilities, []string{"read"}) {
		problems = append(problems, fmt.Sprintf("permits %s: read is all that a workload needs", strings.Join(capabilities, ", ")))
	}
	return problems
}

// wrongForPeople admits three forms: the entries of a namespace, what is known of them, and the names of the roles of a database mount.
func wrongForPeople(path string, capabilities []string) []string {
	const name = `[0-9a-z][-0-9a-z]*`
	forms := []struct{ path, most string }{
		{`^(` + name + `/)+data/` + name + `/\*$`, "read"},
		{`^(` + name + `/)+metadata/` + name + `/\*$`, "read, list"},
		{`^(` + name + `/)+roles$`, "list"},
	}
	if path == "sys" || strings.HasPrefix(path, "sys/") {
		return []string{"is one of Vault's own"}
	}
	for _, form := range forms {
		if !regexp.MustCompile(form.path).MatchString(path) {
			continue
		}
		if permits := strings.Join(capabilities, ", "); permits != form.most {
			return []string{fmt.Sprintf("permits %s: people need %s there", permits, form.most)}
		}
		return nil
	}
	return []string{"is neither of one namespace (<mount>/data/<namespace>/* or <mount>/metadata/<namespace>/*) nor <mount>/roles"}
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
