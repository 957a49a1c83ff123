// Package deploy has no code: it tests the manifests beside it.
package deploy

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// manifest is a role or a binding, as far as it matters here.
type manifest struct {
	Kind     string
	Metadata struct {
		Name   string
		Labels map[string]string
	}
	Rules    []rule
	Subjects []struct{ Kind string }
	RoleRef  struct{ Name string }
}

type rule struct{ APIGroups, Resources, Verbs []string }

// The master passwords are in the teams' namespaces, in Secrets of the providers: no role for people that we ship reads Secrets, binds
// them to a role that does, or is taken up by one of Kubernetes' or core's own.
func TestRolesForPeopleDoNotReadSecrets(t *testing.T) {
	t.Parallel()
	roles := 0
	for name, text := range manifests(t) {
		for _, document := range strings.Split(text, "\n---") {
			var role manifest
			if err := yaml.Unmarshal([]byte(document), &role); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			switch role.Kind {
			case "RoleBinding", "ClusterRoleBinding":
				people := slices.ContainsFunc(role.Subjects, func(s struct{ Kind string }) bool { return s.Kind != "ServiceAccount" })
				if people && !strings.HasPrefix(role.RoleRef.Name, "goldenpath-") {
					t.Errorf("%s: %s binds people to %s, which may read Secrets", name, role.Metadata.Name, role.RoleRef.Name)
				}
			case "ClusterRole", "Role":
				roles++
				judge(t, name, role)
			}
		}
	}
	if roles < 3 {
		t.Errorf("only %d roles are found", roles)
	}
}

func judge(t *testing.T, file string, role manifest) {
	t.Helper()
	for _, rule := range role.Rules {
		core := slices.Contains(rule.APIGroups, "") || slices.Contains(rule.APIGroups, "*")
		if core && (slices.Contains(rule.Resources, "secrets") || slices.Contains(rule.Resources, "*")) {
			t.Errorf("%s: ClusterRole %s may %s Secrets", file, role.Metadata.Name, strings.Join(rule.Verbs, ", "))
		}
		if slices.Contains(rule.APIGroups, "*") {
			t.Errorf("%s: ClusterRole %s is for all API groups", file, role.Metadata.Name)
		}
	}
	for label := range role.Metadata.Labels {
		if strings.Contains(label, "aggregate-to") {
			t.Errorf("%s: ClusterRole %s is taken up by another one: %s", file, role.Metadata.Name, label)
		}
	}
}

// manifests for people, by their files. That of core's own role is for no person.
func manifests(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".yaml") || path == "clusterrole-crossplane.yaml" {
			return err
		}
		raw, err := os.ReadFile(path)
		files[path] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
