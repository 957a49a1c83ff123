package runtime

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
)

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &u.Object); err != nil {
		t.Fatal(err)
	}
	return u
}

func TestVariables(t *testing.T) {
	got := variables(object(t, `
spec:
  deploymentTemplate:
    spec:
      template:
        spec:
          containers:
          - {name: sidecar, env: [{name: OTHER, value: x}]}
          - name: package-runtime
            env:
            - {name: GOMEMLIMIT, value: 192MiB}
            - {name: FROM, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
`))
	if diff := cmp.Diff([]string{"GOMEMLIMIT=192MiB"}, got); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
}

func TestPrefixes(t *testing.T) {
	got := prefixes(object(t, `spec: {matchImages: [{type: Prefix, prefix: a/}, {prefix: b/}]}`))
	if diff := cmp.Diff([]string{"a/", "b/"}, got); diff != "" {
		t.Errorf("prefixes (-want +got):\n%s", diff)
	}
}

func TestActive(t *testing.T) {
	for _, tc := range []struct {
		name, object string
		want         bool
	}{
		{"active", "spec: {desiredState: Active}\nstatus: {resolvedImage: a}", true},
		{"core has not looked for its image yet", "spec: {desiredState: Active}", false},
		{"inactive", "spec: {desiredState: Inactive}\nstatus: {resolvedImage: a}", false},
		{"paused: not of a real package", "metadata: {annotations: {crossplane.io/paused: \"true\"}}\nspec: {desiredState: Active}\nstatus: {resolvedImage: a}", false},
		{"being deleted", "metadata: {deletionTimestamp: \"2026-01-01T00:00:00Z\"}\nspec: {desiredState: Active}\nstatus: {resolvedImage: a}", false},
	} {
		if got := active(object(t, tc.object)); got != tc.want {
			t.Errorf("%s: active = %v", tc.name, got)
		}
	}
}

func TestSetConditionKeepsTheOthers(t *testing.T) {
	u := object(t, `status: {conditions: [{type: A, status: "True"}, {type: RuntimeHealthy, status: "False"}]}`)
	setCondition(u, "RuntimeHealthy")
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	got := map[any]any{}
	for _, raw := range conditions {
		c, _ := raw.(map[string]any)
		got[c["type"]] = c["status"]
	}
	if diff := cmp.Diff(map[any]any{"A": "True", "RuntimeHealthy": "True"}, got); diff != "" || len(conditions) != 2 {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
}

// A process that ended is started again, later each time that it ends at once.
func TestKeep(t *testing.T) {
	i, err := instance.New("/root", t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &pod{function: "sleeper", program: program{path: "/bin/sh", args: []string{"-c", "exec sleep 60", "sh"}}}
	started, err := p.keep(i)
	if err != nil || !started {
		t.Fatalf("keep = %v, %v; it did not run", started, err)
	}
	defer func() { _ = p.process.Kill() }()
	if started, err := p.keep(i); err != nil || started {
		t.Fatalf("keep = %v, %v; it runs already", started, err)
	}
	first := p.process.PID
	if err := p.process.Stop(time.Second); err != nil {
		t.Fatal(err)
	}
	if started, err := p.keep(i); err != nil || !started || p.process.PID == first {
		t.Fatalf("keep = %v, %v; the first end is answered by a start at once", started, err)
	}
	if err := p.process.Stop(time.Second); err != nil {
		t.Fatal(err)
	}
	if started, err := p.keep(i); err != nil || started {
		t.Fatalf("keep = %v, %v; the second end has to wait a second", started, err)
	}
	p.next = time.Now()
	if started, err := p.keep(i); err != nil || !started {
		t.Fatalf("keep = %v, %v; the wait is over", started, err)
	}
}
