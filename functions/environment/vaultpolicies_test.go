package environment

import (
	"regexp"
	"strings"
	"testing"
)

// rules are the paths of a Vault policy and what they permit.
func rules(t *testing.T, hcl string) map[string]string {
	t.Helper()
	block := regexp.MustCompile(`(?s)path "([^"]+)" \{\n  capabilities = \[([^\]]*)\]\n\}\n`)
	if rest := block.ReplaceAllString(hcl, ""); rest != "" {
		t.Errorf("the policy holds more than paths: %q", rest)
	}
	paths := map[string]string{}
	for _, m := range block.FindAllStringSubmatch(hcl, -1) {
		paths[m[1]] = m[2]
	}
	return paths
}

// People see what their own namespace has. They read it where people work on what runs, and never get what a database role issues.
func TestTeamPolicy(t *testing.T) {
	t.Parallel()
	const (
		entries = kvPath + "/data/team-checkout/*"
		names   = kvPath + "/metadata/team-checkout/*"
		roles   = databasePath + "/roles"
		see     = `"read", "list"`
	)
	cases := map[string]struct {
		claim fields
		want  map[string]string
	}{
		"staging":    {fields{}, map[string]string{entries: `"read"`, names: see, roles: `"list"`}},
		"dev":        {fields{"type": "dev"}, map[string]string{entries: `"read"`, names: see, roles: `"list"`}},
		"preview":    {fields{"type": "preview"}, map[string]string{entries: `"read"`, names: see, roles: `"list"`}},
		"production": {fields{"type": "production"}, map[string]string{names: see, roles: `"list"`}},
		"a mount of others, where production may be at the same path": {fields{"vault.mounts.kv": "kv"},
			map[string]string{"kv/metadata/team-checkout/*": see, roles: `"list"`}},
		"a database mount of others, with the roles of others": {fields{"vault.mounts.database": "db"}, map[string]string{entries: `"read"`, names: see}},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			got := forProvider(newWorld(t).with(tc.claim).parts().plan, nameVaultPolicy+"team")
			equal(t, "name", policyName, got.String("name"))
			equal(t, "rules", tc.want, rules(t, got.String("policy")))
		})
	}
}

func TestTeamPolicyKeepsItsName(t *testing.T) {
	t.Parallel()
	w := readyParts(t, nil)
	set(w.observed[nameVaultPolicy+"team"], "spec.forProvider.name", "old-policy")
	e := w.parts()
	equal(t, "name", "old-policy", forProvider(e.plan, nameVaultPolicy+"team").String("name"))
	if message := e.vaultReady().Message; !strings.Contains(message, "Policy old-policy is for") {
		t.Errorf("people are told of another policy: %s", message)
	}
}
