package kinds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

const root = "../../../../../"

// TestAll compares the kinds with those that our functions can compose.
func TestAll(t *testing.T) {
	t.Parallel()
	marker := regexp.MustCompile(`\+goldenpath:kind service=(\S+) kind=(\S+) legacy=\S+ namespaced=(\S+)`)
	var want []string
	files, err := filepath.Glob(root + "functions/internal/managed/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range marker.FindAllSubmatch(source, -1) {
			domain := "upbound.io"
			if !bytes.Contains(m[1], []byte(".")) {
				domain = "crossplane.io"
			}
			want = append(want, fmt.Sprintf("%s.m.%s/%s, Kind=%s", m[1], domain, m[3], m[2]))
		}
	}
	var got []string
	for _, kind := range All() {
		got = append(got, kind.String())
		if _, ok := cloud.Kinds()[kind.Key()]; !ok {
			t.Errorf("package cloud knows no facts of %s", kind.Key())
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the simulator does not play what functions/internal/managed composes: %s", diff)
	}
}

// TestScheme: every Go type is one kind, so that a client knows what to ask for.
func TestScheme(t *testing.T) {
	t.Parallel()
	scheme := runtime.NewScheme()
	AddToScheme(scheme)
	for _, kind := range All() {
		gvk, err := apiutil.GVKForObject(kind.New(), scheme)
		if err != nil || gvk != kind.GroupVersionKind {
			t.Errorf("GVKForObject() = %v, %v, want %v", gvk, err, kind.GroupVersionKind)
		}
		list, err := apiutil.GVKForObject(kind.NewList(), scheme)
		if err != nil || list.Kind != kind.Kind+"List" {
			t.Errorf("GVKForObject() = %v, %v, want a list of %s", list, err, kind.Kind)
		}
		if _, ok := kind.New().(resource.ModernManaged); !ok {
			t.Errorf("%s is no namespaced managed resource", kind.Kind)
		}
	}
}

// TestRoundTrip: no field of a managed resource is lost or made up, neither by reading and writing nor by copying.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	byKind := map[string]Kind{}
	for _, kind := range All() {
		byKind[kind.String()] = kind
	}
	seen := map[string]bool{}
	for _, file := range []string{
		"appdatabases/03-ready/observed.yaml", "appdatabases/03-ready/golden.yaml", "appdatabases/04-production/golden.yaml",
		"appdatabases/18-static-credentials/golden.yaml", "appdatabases/24-aurora-postgresql/observed.yaml", "appdatabases/33-iam/observed.yaml",
		"networks/02-ready/observed.yaml", "networks/12-interface-endpoints/golden.yaml", "environments/04-production-irsa/golden.yaml",
		"environments/05-production-pod-identity/golden.yaml", "environments/25-pod-security-group/golden.yaml",
		"testdata/kubernetes-auth.yaml",
	} {
		path := root + "examples/" + file
		if strings.HasPrefix(file, "testdata/") {
			path = file
		}
		for _, document := range documents(t, path) {
			var head struct{ APIVersion, Kind string }
			if err := json.Unmarshal(document, &head); err != nil {
				t.Fatal(err)
			}
			kind, ok := byKind[head.APIVersion+", Kind="+head.Kind]
			if !ok {
				continue
			}
			seen[kind.Key()] = true
			mg := kind.New()
			if err := json.Unmarshal(document, mg); err != nil {
				t.Fatal(err)
			}
			want := fields(t, document)
			if spec, ok := want["spec"].(map[string]any); ok && spec["initProvider"] == nil {
				spec["initProvider"] = map[string]any{} // as the real provider writes it into everything that it touches
			}
			for _, o := range []any{mg, mg.DeepCopyObject()} {
				written, err := json.Marshal(o)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, fields(t, written)); diff != "" {
					t.Errorf("%s: %s %s: %s", file, head.Kind, mg.GetName(), diff)
				}
			}
		}
	}
	for _, kind := range All() {
		if !seen[kind.Key()] {
			t.Errorf("no example has a %s to try", kind.Key())
		}
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	mg := All()[0].New()
	if err := json.Unmarshal([]byte(`{"spec": {"forProvider": {"a": 1, "b": {"c": [true]}}, "managementPolicies": ["Observe"]}}`), mg); err != nil {
		t.Fatal(err)
	}
	before := mg.DeepCopyObject().(Managed) //nolint:forcetypeassert // It is a copy.
	parameters, err := mg.Parameters()
	if err != nil {
		t.Fatal(err)
	}
	if err := mg.SetParameters(With(parameters, map[string]any{"d": "new"})); err != nil {
		t.Fatal(err)
	}
	got, err := mg.Parameters()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"a": 1.0, "b": map[string]any{"c": []any{true}}, "d": "new"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	old, err := before.Parameters()
	if err != nil {
		t.Fatal(err)
	}
	if _, changed := old["d"]; changed {
		t.Error("a copy changes with its original")
	}
	if observation, err := mg.Observation(); err != nil || len(observation) != 0 {
		t.Errorf("Observation() = %v, %v, want nothing", observation, err)
	}
}

func documents(t *testing.T, file string) []json.RawMessage {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(content), 4096)
	var list []json.RawMessage
	for {
		var document json.RawMessage
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		if len(document) > 0 && string(document) != "null" {
			list = append(list, document)
		}
	}
}

func fields(t *testing.T, document []byte) map[string]any {
	t.Helper()
	m := map[string]any{}
	if err := json.Unmarshal(document, &m); err != nil {
		t.Fatal(err)
	}
	// An empty status and a creationTimestamp of null say nothing, and API servers take them so.
	if status, ok := m["status"].(map[string]any); ok && len(status) == 0 {
		delete(m, "status")
	}
	return m
}
