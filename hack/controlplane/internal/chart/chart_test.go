package chart

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKnown(t *testing.T) {
	chart := map[string]any{"args": []any{}, "provider": map[string]any{"packages": []any{}}, "resources": map[string]any{}}
	for _, tc := range []struct {
		name   string
		values map[string]any
		wrong  string
	}{
		{"a value of the chart", map[string]any{"args": []any{"--debug"}}, ""},
		{"nested", map[string]any{"provider": map[string]any{"packages": []any{"x"}}}, ""},
		{"free below an empty object", map[string]any{"resources": map[string]any{"limits": "x"}}, ""},
		{"not in the chart", map[string]any{"arg": "x"}, "no value arg"},
		{"nested, not in the chart", map[string]any{"provider": map[string]any{"package": "x"}}, "no value provider.package"},
	} {
		err := known(tc.values, chart, "")
		if (err == nil) != (tc.wrong == "") || err != nil && !strings.Contains(err.Error(), tc.wrong) {
			t.Errorf("%s: got %v, expected %q", tc.name, err, tc.wrong)
		}
	}
}

const deployments = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: crossplane}
spec:
  template:
    spec:
      initContainers: [{name: init, args: [core, init]}]
      containers:
      - name: core
        args: [core, start, --burst=1]
        env:
        - {name: LITERAL, value: "1"}
        - {name: FROM, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: crossplane-rbac-manager}
spec: {template: {spec: {containers: [{name: rbac, args: [rbac, start]}]}}}
`

func TestRead(t *testing.T) {
	got, err := read(map[string]string{
		"templates/deployment.yaml": deployments,
		"templates/role.yaml":       "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: role}\n---\n",
		"templates/service.yaml":    "apiVersion: v1\nkind: Service\nmetadata: {name: webhooks}\n",
		"templates/account.yaml":    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: crossplane}\n",
		"templates/NOTES.txt":       "no: [yaml",
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, o := range got.Objects {
		names = append(names, o.GetNamespace()+"/"+o.GetName())
	}
	if diff := cmp.Diff([]string{"crossplane-system/crossplane", "/role"}, names); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	want := Chart{
		Objects: got.Objects, Init: Container{Args: []string{"core", "init"}},
		Core:        Container{Args: []string{"core", "start", "--burst=1"}, Env: []string{"LITERAL=1"}},
		RBACManager: Container{Args: []string{"rbac", "start"}},
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("chart (-want +got):\n%s", diff)
	}
}

func TestReadOfAnotherChart(t *testing.T) {
	if _, err := read(map[string]string{"a.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"}); err == nil {
		t.Error("a chart without Deployments was accepted")
	}
}
