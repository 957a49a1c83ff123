package tenancy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/quote"
)

// CheckPath says what is wrong with a path in Vault. Its client cleans a path before it asks, so that a/../b is b when it arrives, and
// in a policy + and * stand for more than one path and {{ begins a template: a path is names between slashes and nothing else.
// https://pkg.go.dev/path#Clean
// https://developer.hashicorp.com/vault/docs/concepts/policies#policy-syntax
func CheckPath(path string) error {
	const instead = "; write the path from its beginning, with a name between slashes, such as team-checkout/kv"
	for _, segment := range strings.Split(path, "/") {
		switch segment {
		case "":
			return fmt.Errorf("%q has an empty segment%s", quote.Short(path), instead)
		case ".", "..":
			return fmt.Errorf("%q has the segment %q%s", quote.Short(path), segment, instead)
		}
		for _, r := range segment {
			if !only(string(r), pathCharacters) {
				return fmt.Errorf("%q has the character %q; write letters, digits and %s between slashes, such as team-checkout/kv",
					quote.Short(path), r, pathCharacters)
			}
		}
	}
	return nil
}

// pathCharacters are what a name in a path may have beside letters and digits.
const pathCharacters = "-_.~@:"

// fitsPath compares segment by segment, so that team* is no way into team-secrets/kv. A segment that is * alone is everything below. What
// is no clean path fits nothing.
func fitsPath(patterns []string, value string) bool {
	return CheckPath(value) == nil && slices.ContainsFunc(patterns, func(pattern string) bool {
		return pattern == everything || fitsSegments(pattern, value)
	})
}

func fitsSegments(pattern, value string) bool {
	segments, path := strings.Split(pattern, "/"), strings.Split(value, "/")
	last := len(segments) - 1
	if segments[last] == everything {
		return len(path) > last && slices.Equal(segments[:last], path[:last])
	}
	return len(path) == len(segments) && slices.Equal(segments[:last], path[:last]) && fitsOne(segments[last], path[last])
}

// scheme of an address that Vault trusts.
const scheme = "https://"

// fitsAddress compares addresses: the host as a whole, and what is below it as a path. A beginning of a host is a host of anybody.
func fitsAddress(patterns []string, value string) bool {
	address := strings.TrimSuffix(strings.TrimPrefix(value, scheme), "/")
	host, _, _ := strings.Cut(address, "/")
	if strings.Contains(host, "@") || CheckPath(strings.NewReplacer("[", "", "]", "").Replace(address)) != nil {
		return false
	}
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		return pattern == everything || pattern == value || wholeHost(pattern) && fitsSegments(pattern, value)
	})
}

// wholeHost says that a pattern leaves nothing open of the host.
func wholeHost(pattern string) bool {
	host, below, found := strings.Cut(strings.TrimPrefix(pattern, scheme), "/")
	return !strings.Contains(host, "*") && (found && below != "" || !strings.Contains(pattern, "*"))
}

// systemNamespaces are those of the cluster itself and of what runs it. Who may write there has the cluster.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces
func systemNamespaces() []string {
	return []string{
		"default", "kube-*", "openshift-*", "amazon-*", "crossplane-system", "upbound-system", "istio-system", "gatekeeper-system", "flux-system",
		"argocd", "cert-manager", "vault",
	}
}

// System says that a namespace is the cluster's own or the platform's: no rule gives it to anybody.
func (t *Tenancy) System(namespace string) bool {
	return fits(systemNamespaces(), namespace) || t != nil && fits(t.SystemNamespaces, namespace)
}
