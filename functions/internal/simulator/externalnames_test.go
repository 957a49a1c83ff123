package simulator_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/internal/cloud"
)

// lawFile is what the provider does with each kind.
const lawFile = root + "/internal/cloud/law/law.json"

// namedByProvider are the kinds whose names the cloud assigns. The provider knows such a name in its memory only until it
// late-initialises the resource.
func namedByProvider(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile(lawFile)
	if err != nil {
		t.Fatal(err)
	}
	var law []struct {
		CRD, Kind, ExternalName string
		Async                   bool
	}
	if err := json.Unmarshal(raw, &law); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, k := range law {
		group, _, _ := strings.Cut(k.CRD, "_")
		kinds[cloud.KindOf(group, k.Kind)] = k.ExternalName == "provider" && k.Async
	}
	return kinds
}

// What has no late initialisation, and is called what the cloud calls it, has its name written down by the composition as soon as it is
// known: after a restart its provider would create a second one.
func TestAssignedNamesAreWrittenDown(t *testing.T) {
	t.Parallel()
	assigned := namedByProvider(t)
	files, err := filepath.Glob(allExamples + "/*/*/golden.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples (%v)", err)
	}
	seen := map[string]int{}
	for _, file := range files {
		dir := filepath.Dir(file)
		observed := byName(t, filepath.Join(dir, "observed.yaml"))
		for name, desired := range byName(t, file) {
			was, there := observed[name]
			if !there || !assigned[cloud.KindOf(desired.APIVersion(), desired.Kind())] || persists(desired) {
				continue
			}
			seen[desired.Kind()]++
			want := was.String("status", "atProvider", "id")
			if got := desired.Annotation(managed.ExternalNameAnnotation); want != "" && got != want {
				t.Errorf("%s: %s, a %s without late initialisation, is %s in the cloud, and the annotation %s says %q", dir, name,
					desired.Kind(), want, managed.ExternalNameAnnotation, got)
			}
		}
	}
	for _, kind := range []string{"EIP", "VPCEndpoint", "DefaultSecurityGroup"} {
		if seen[kind] == 0 {
			t.Errorf("no example has a %s that is observed", kind)
		}
	}
}

// persists says that the provider writes the name down itself: it may late-initialise, or it was told the name.
func persists(o object.Object) bool {
	policies := o.Strings("spec", "managementPolicies")
	return len(policies) == 0 || slices.Contains(policies, "*") || slices.Contains(policies, "LateInitialize") ||
		slices.Equal(policies, []string{"Observe"})
}

// byName are the composed resources of a file, by their composition resource names. Empty when there is no such file.
func byName(t *testing.T, file string) map[string]object.Object {
	t.Helper()
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]object.Object{}
	for _, document := range bytes.Split(raw, []byte("\n---\n")) {
		o := object.Of(parse(t, string(document)))
		if name := o.Annotation("crossplane.io/composition-resource-name"); name != "" {
			objects[name] = o
		}
	}
	return objects
}
