package tenancy

import (
	"strings"
	"testing"
)

// unclean are paths that are somewhere else once a client or a server has cleaned them, or that mean more than one path.
func unclean() map[string]string {
	return map[string]string{
		"up and into another's": "checkout/../search/kv", "up at its end": "checkout/..", "here": "checkout/./kv", "nothing between": "checkout//kv",
		"up, encoded": "checkout/%2e%2e/kv", "a glob of a policy": "checkout/*", "a segment that is any": "checkout/+/kv",
		"a template of a policy": "checkout/{{identity.entity.id}}", "a query": "checkout/kv?list=true", "a fragment": "checkout/kv#", "a quote": `checkout/"`,
		"a line": "checkout/kv\n", "a space": "checkout/k v", "a backslash": `checkout\..\search`, "a letter of another alphabet": "checkout/kѵ",
	}
}

// No rule opens a path that is not what it says, not even one that opens all of them.
func TestUncleanPathsFitNothing(t *testing.T) {
	t.Parallel()
	for reason, path := range unclean() {
		if CheckPath(path) == nil {
			t.Errorf("%s: %q passes the check", reason, path)
		}
		for _, pattern := range []string{"*", "checkout/*", path} {
			for _, list := range []List{VaultMounts, VaultNamespaces} {
				r := Rule{Namespaces: []string{"*"}, VaultMounts: []string{pattern}, VaultNamespaces: []string{pattern}}
				if (&Tenancy{Rules: []Rule{r}}).may("team-checkout", list, path) {
					t.Errorf("%s: %s lists %q, and %q fits", reason, list, pattern, path)
				}
			}
		}
	}
	for _, path := range []string{"kv", "checkout/kv", "a/b/c", "team-1/kv_v2", "v1.2/kv", "..a/b..", "a@b/~c:d"} {
		if err := CheckPath(path); err != nil {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func TestCheckPathSaysWhatToWrite(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"a/../b": `"a/../b" has the segment ".."; write the path from its beginning, with a name between slashes, such as team-checkout/kv`,
		"a//b":   `"a//b" has an empty segment; write the path from its beginning, with a name between slashes, such as team-checkout/kv`,
		"a/b c":  `"a/b c" has the character ' '; write letters, digits and -_.~@: between slashes, such as team-checkout/kv`,
	} {
		if err := CheckPath(path); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", path, err, want)
		}
	}
	if err := CheckPath(strings.Repeat("a/../", 200)); err == nil || len(err.Error()) > 300 {
		t.Errorf("a long path is quoted in full: %v", err)
	}
}

func TestKubernetesHosts(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		pattern, host string
		want          bool
	}{
		"the address":                    {"https://api.example.org", "https://api.example.org", true},
		"with a slash at its end":        {"https://api.example.org/", "https://api.example.org/", true},
		"with a port":                    {"https://api.example.org:6443", "https://api.example.org:6443", true},
		"an address of IPv6":             {"https://[fd00::1]:6443", "https://[fd00::1]:6443", true},
		"another port":                   {"https://api.example.org:6443", "https://api.example.org:443", false},
		"any":                            {"*", "https://api.example.org", true},
		"an issuer below":                {"https://oidc.example.org/id/*", "https://oidc.example.org/id/ABC", true},
		"an issuer beside":               {"https://oidc.example.org/id/*", "https://oidc.example.org/other/ABC", false},
		"a way up":                       {"https://oidc.example.org/id/*", "https://oidc.example.org/id/../other", false},
		"a way up, whatever is listed":   {"*", "https://oidc.example.org/id/../other", false},
		"a host that begins like it":     {"https://api.example.org*", "https://api.example.org.attacker.example", false},
		"a user that looks like a host":  {"https://api.example.org*", "https://api.example.org@attacker.example", false},
		"a user, whatever is listed":     {"*", "https://api.example.org@attacker.example", false},
		"a host that begins with words":  {"https://api.*", "https://api.attacker.example", false},
		"a beginning of the last":        {"https://oidc.example.org/id-*", "https://oidc.example.org/id-7", true},
		"a beginning does not go deeper": {"https://oidc.example.org/id-*", "https://oidc.example.org/id-7/x", false},
	} {
		tenancy := &Tenancy{Rules: []Rule{{Namespaces: []string{"*"}, KubernetesHosts: []string{tc.pattern}}}}
		if got := tenancy.may("team-checkout", KubernetesHosts, tc.host); got != tc.want {
			t.Errorf("%s: %s fits %s: %v", reason, tc.pattern, tc.host, got)
		}
	}
}

// A rule for all namespaces is for those of workloads: what the cluster runs itself is nobody's.
func TestSystemNamespacesAreNobodys(t *testing.T) {
	t.Parallel()
	tenancy := &Tenancy{
		SystemNamespaces: []string{"monitoring", "infra-*"},
		Rules:            []Rule{{Namespaces: []string{"*"}, WorkloadNamespaces: []string{"*", "kube-system", "kube-*", "default", "infra-*"}}},
	}
	for _, name := range []string{
		"kube-system", "kube-public", "kube-node-lease", "kube-anything", "default", "crossplane-system", "upbound-system", "monitoring", "infra-dns",
	} {
		if !tenancy.System(name) || tenancy.may("team-checkout", WorkloadNamespaces, name) {
			t.Errorf("%s may be named", name)
		}
	}
	for _, name := range []string{"checkout", "kubeless", "default-2", "infra", "team-crossplane-system"} {
		if tenancy.System(name) || !tenancy.may("team-checkout", WorkloadNamespaces, name) {
			t.Errorf("%s may not be named", name)
		}
	}
	if !(*Tenancy)(nil).System("kube-system") {
		t.Error("without tenancy kube-system is nobody's too")
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		pattern, cidr string
		want          bool
	}{
		"the range":                {"10.64.0.0/12", "10.64.0.0/12", true},
		"a part of it":             {"10.64.0.0/12", "10.65.0.0/16", true},
		"more than it":             {"10.64.0.0/12", "10.0.0.0/8", false},
		"the platform's":           {"10.64.0.0/12", "10.40.0.0/16", false},
		"its beginning is no text": {"10.4*", "10.40.0.0/16", false},
		"any":                      {"*", "10.40.0.0/16", true},
		"what is no range":         {"10.64.0.0/12", "10.64.0.0", false},
	} {
		tenancy := &Tenancy{Rules: []Rule{{Namespaces: []string{"*"}, CIDRs: []string{tc.pattern}}}}
		if got := tenancy.may("team-checkout", CIDRs, tc.cidr); got != tc.want {
			t.Errorf("%s: %s fits %s: %v", reason, tc.pattern, tc.cidr, got)
		}
	}
}
