package xpkg

import (
	gocmp "cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/metadata"
	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/release"
)

const (
	repository = "../../../.."
	// providerPackages lists the provider packages and the services of each, relative to the repository.
	providerPackages = "hack/harness/internal/stubs/packages.yaml"

	calls = `kind: Composition
spec:
  pipeline:
  - step: appdatabase
    functionRef: {name: goldenpath-dev-function-appdatabase}
  - step: guardrails
    functionRef: {name: goldenpath-dev-function-guardrails}
`
)

// Every functionRef of a shipped Composition is the name of a dependency, and every function that is one is called.
func TestShippedCompositionsCallWhatIsInstalled(t *testing.T) {
	packages, err := metadata.Discover(repository)
	if err != nil {
		t.Fatal(err)
	}
	r := newRelease(t, release.DefaultRegistry)
	checked := 0
	for _, p := range packages {
		apis, ok := apiDirectories()[p.Metadata.Name]
		if !ok {
			continue
		}
		files, err := glob(repository, filepath.Join(apis, compositionFile), "its Compositions")
		if err != nil {
			t.Fatal(err)
		}
		if err := (Source{Root: repository}).checkFunctionRefs(files, p, r); err != nil {
			t.Error(err)
		}
		checked += len(files)
	}
	if checked < 2 {
		t.Errorf("%d Compositions were checked, want one or more of each flavour", checked)
	}
}

// A kind that a Configuration activates is installed by a provider that it depends on, and each of those is needed.
func TestProvidersInstallWhatIsActivated(t *testing.T) {
	packages, err := metadata.Discover(repository)
	if err != nil {
		t.Fatal(err)
	}
	providers := servicePackages(t)
	for _, p := range packages {
		if p.Kind != metadata.KindConfiguration {
			continue
		}
		var depends []string
		for _, d := range p.Spec.DependsOn {
			if d.Kind == "Provider" {
				depends = append(depends, d.Package)
			}
		}
		slices.Sort(depends)
		if diff := cmp.Diff(depends, activatedProviders(t, p, providers)); diff != "" {
			t.Errorf("%s: providers (-dependencies +those of %s):\n%s", p.Metadata.Name, activationPolicy, diff)
		}
	}
}

// activatedProviders are the packages that install the kinds of an activation policy.
func activatedProviders(t *testing.T, p metadata.Package, providers map[string]string) []string {
	t.Helper()
	var policy struct {
		Spec struct {
			Activate []string `json:"activate"`
		} `json:"spec"`
	}
	readYAML(t, filepath.Join(p.Dir, activationPolicy), &policy)
	if len(policy.Spec.Activate) == 0 {
		t.Fatalf("%s activates nothing", p.Metadata.Name)
	}
	needed := map[string]bool{}
	for _, kind := range policy.Spec.Activate {
		name, ok := providers[serviceOf(kind)]
		if !ok {
			t.Errorf("%s: no package of %s has the service %q of %s", p.Metadata.Name, providerPackages, serviceOf(kind), kind)
			continue
		}
		needed[name] = true
	}
	return slices.Sorted(maps.Keys(needed))
}

// serviceOf says which service a managed resource is of, in the words of the list of provider packages:
// instances.rds.aws.m.upbound.io is of rds.aws, in both flavours.
func serviceOf(kind string) string {
	_, group, _ := strings.Cut(kind, ".")
	for _, owner := range []string{".upbound.io", ".crossplane.io", ".m"} {
		group = strings.TrimSuffix(group, owner)
	}
	return group
}

// servicePackages says which provider package installs the kinds of a service: the list that a local control plane has too, so that
// a provider is named once.
func servicePackages(t *testing.T) map[string]string {
	t.Helper()
	var list struct {
		Registry string `json:"registry"`
		Packages []struct {
			Name     string   `json:"name"`
			Registry string   `json:"registry"`
			Services []string `json:"services"`
		} `json:"packages"`
	}
	readYAML(t, filepath.Join(repository, providerPackages), &list)
	all := map[string]string{}
	for _, p := range list.Packages {
		for _, service := range p.Services {
			all[service] = gocmp.Or(p.Registry, list.Registry) + "/" + p.Name
		}
	}
	return all
}

func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// A platform team packs its own Compositions, and ours where it has none. One that is in no place of ours is a mistake.
func TestStageOwnCompositions(t *testing.T) {
	root := fakeRepository(t, nil)
	own := t.TempDir()
	source := Source{Root: root, Compositions: own}
	if err := source.Check(); err == nil || !strings.Contains(err.Error(), "has no composition.yaml") {
		t.Errorf("a directory with nothing in it: %v", err)
	}
	tuned := strings.Replace(calls, "kind: Composition\n", "kind: Composition\n# Tuned.\n", 1)
	for file, text := range map[string]string{"appdatabases/composition.yaml": tuned, "appdatabases/notes.yaml": "nothing of ours"} {
		if err := write(filepath.Join(own, file), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := source.Check(); err != nil {
		t.Error(err)
	}
	dir := t.TempDir()
	if err := source.Stage(dir, configuration(root), newRelease(t, "localhost:5000")); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "apis", "appdatabases", "composition.yaml"))
	if err != nil || string(raw) != tuned {
		t.Errorf("%v, staged:\n%s", err, raw)
	}
	if err := write(filepath.Join(own, "appdatabase", "composition.yaml"), []byte(tuned)); err != nil {
		t.Fatal(err)
	}
	if err := source.Check(); err == nil || !strings.Contains(err.Error(), "appdatabase/composition.yaml replaces nothing") {
		t.Errorf("one that replaces nothing: %v", err)
	}
}

func TestStageConfiguration(t *testing.T) {
	root := fakeRepository(t, nil)
	dir := t.TempDir()
	if err := (Source{Root: root}).Stage(dir, configuration(root), newRelease(t, "localhost:5000")); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"apis/appdatabases/composition.yaml", "apis/appdatabases/definition.yaml", "apis/networks/definition.yaml",
		"crossplane.yaml", "package/goldenpath/activation-policy.yaml",
	}
	if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
		t.Errorf("staged files (-want +got):\n%s", diff)
	}
	raw, err := os.ReadFile(filepath.Join(dir, metadata.File))
	if err != nil {
		t.Fatal(err)
	}
	if text := string(raw); !strings.Contains(text, "package: localhost:5000/goldenpath-dev/function-guardrails\n    version: '>=v0.1.0 <v0.2.0'") {
		t.Errorf("the dependency is not stamped:\n%s", text)
	}
}

func TestStageFunction(t *testing.T) {
	root := fakeRepository(t, nil)
	dir := t.TempDir()
	if err := (Source{Root: root}).Stage(dir, function(root), newRelease(t, release.DefaultRegistry)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"crossplane.yaml", "package/guardrails/input/inputs.yaml"}, tree(t, dir)); diff != "" {
		t.Errorf("staged files (-want +got):\n%s", diff)
	}
}

func TestStageRefuses(t *testing.T) {
	cases := map[string]struct {
		change map[string]string
		pkg    func(root string) metadata.Package
		want   string
	}{
		"NoActivationPolicy": {
			map[string]string{"package/goldenpath/activation-policy.yaml": ""}, configuration,
			"there is no package/goldenpath/activation-policy.yaml: that would be the kinds that it activates: run make generate",
		},
		"NoXRD": {
			map[string]string{"apis/appdatabases/definition.yaml": "", "apis/networks/definition.yaml": ""}, configuration,
			"there is no apis/*/definition.yaml",
		},
		"NoInputCRD": {
			map[string]string{"package/guardrails/input/inputs.yaml": ""}, function,
			"there is no package/guardrails/input/*.yaml: that would be the CRD of its input",
		},
		"FunctionRefThatNobodyInstalls": {
			map[string]string{"apis/appdatabases/composition.yaml": strings.Replace(calls, "function-guardrails", "guardrails", 1)}, configuration,
			"step guardrails calls the function goldenpath-dev-guardrails, which is no dependency of the Configuration goldenpath",
		},
		"DependencyThatNobodyCalls": {
			map[string]string{"apis/appdatabases/composition.yaml": strings.Replace(calls, "function-guardrails", "function-appdatabase", 1)}, configuration,
			"depends on the function goldenpath-dev-function-guardrails, which no Composition in it calls",
		},
		"CompositionThatIsNone": {
			map[string]string{"apis/appdatabases/composition.yaml": "spec: []\n"}, configuration,
			"apis/appdatabases/composition.yaml: not a Composition",
		},
		"UnknownConfiguration": {
			nil, func(root string) metadata.Package {
				p := configuration(root)
				p.Metadata.Name = "goldenpath-lite"
				return p
			},
			"nothing says where the XRDs of this Configuration are",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			root := fakeRepository(t, c.change)
			err := Source{Root: root}.Stage(t.TempDir(), c.pkg(root), newRelease(t, release.DefaultRegistry))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestFindCLI(t *testing.T) {
	if _, err := FindCLI(t.TempDir()); err == nil || !strings.Contains(err.Error(), "run hack/tools/build.sh crossplane-cli") {
		t.Errorf("error %v, want one that says how to get it", err)
	}
}

// fakeRepository writes the files of a small one. A change to "" removes a file.
func fakeRepository(t *testing.T, change map[string]string) string {
	t.Helper()
	files := map[string]string{
		"apis/appdatabases/composition.yaml":        calls,
		"apis/appdatabases/definition.yaml":         "kind: CompositeResourceDefinition\n",
		"apis/networks/definition.yaml":             "kind: CompositeResourceDefinition\n",
		"apis/claims/appdatabases/composition.yaml": "a file of the other flavour\n",
		"apis/claims/appdatabases/definition.yaml":  "a file of the other flavour\n",
		"apis/v1/types.yaml":                        "a file that no package has\n",
		"package/goldenpath/activation-policy.yaml": "kind: ManagedResourceActivationPolicy\n",
		"package/goldenpath/notes.yaml":             "a file that no package has\n",
		"package/guardrails/input/inputs.yaml":      "kind: CustomResourceDefinition\n",
		"package/vault/input/inputs.yaml":           "a file of another package\n",
	}
	for file, text := range change {
		files[file] = text
	}
	root := t.TempDir()
	for file, text := range files {
		if text == "" {
			continue
		}
		if err := write(filepath.Join(root, file), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func configuration(root string) metadata.Package {
	p := metadata.Package{Kind: metadata.KindConfiguration, Dir: filepath.Join(root, "package", "goldenpath")}
	p.Metadata.Name = "goldenpath"
	for _, name := range []string{"function-appdatabase", "function-guardrails"} {
		p.Spec.DependsOn = append(p.Spec.DependsOn, metadata.Dependency{
			APIVersion: "pkg.crossplane.io/v1", Kind: metadata.KindFunction,
			Package: release.DefaultRegistry + "/goldenpath-dev/" + name, Version: metadata.Placeholder,
		})
	}
	return p
}

func function(root string) metadata.Package {
	p := metadata.Package{Kind: metadata.KindFunction, Dir: filepath.Join(root, "package", "guardrails")}
	p.Metadata.Name = "function-guardrails"
	return p
}

func newRelease(t *testing.T, registry string) release.Release {
	t.Helper()
	r, err := release.New("v0.1.0", registry)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// tree lists the files below a directory, sorted.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			path, err = filepath.Rel(dir, path)
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
