package metadata_test

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/Masterminds/semver/v3"
	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/metadata"
	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/release"
)

const root = "../../../.."

// The packages of the repository are those of its functions, and the two Configurations.
func TestDiscoverFindsEveryFunction(t *testing.T) {
	packages, err := metadata.Discover(root)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range packages {
		got = append(got, p.Metadata.Name)
	}
	dirs, err := os.ReadDir(filepath.Join(root, "functions"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, d := range dirs {
		if d.IsDir() && d.Name() != "internal" {
			want = append(want, "function-"+d.Name())
		}
	}
	want = append(want, "goldenpath", "goldenpath-claims")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("packages, functions first (-functions and Configurations +package/*/crossplane.yaml):\n%s", diff)
	}
}

// What Crossplane, its package pages and its resolver need in every package.
func TestRepositoryPackagesAreComplete(t *testing.T) {
	packages, err := metadata.Discover(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages {
		t.Run(p.Metadata.Name, func(t *testing.T) {
			for _, key := range []string{"maintainer", "source", "license", "description", "readme"} {
				if p.Metadata.Annotations["meta.crossplane.io/"+key] == "" {
					t.Errorf("the annotation meta.crossplane.io/%s is missing", key)
				}
			}
			checkVersions(t, p.Spec.Crossplane.Version, []string{"v2.4.0", "v2.4.1-rc.0", "v2.5.0"}, []string{"v1.20.0", "v2.3.9"})
			if p.Kind == metadata.KindFunction && !slices.Equal(p.Spec.Capabilities, []string{"composition"}) {
				t.Errorf("capabilities are %v, want [composition]", p.Spec.Capabilities)
			}
		})
	}
}

// A Configuration depends on functions of its own release, and on providers from the version on that hack/schemas/providers.yaml proves.
func TestConfigurationDependencies(t *testing.T) {
	r := newRelease(t, "v1.2.3", "localhost:5000")
	want := []metadata.Dependency{
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Function", Package: "localhost:5000/goldenpath-dev/function-appdatabase", Version: ">=v1.2.3 <v2.0.0"},
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Function", Package: "localhost:5000/goldenpath-dev/function-environment", Version: ">=v1.2.3 <v2.0.0"},
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Function", Package: "localhost:5000/goldenpath-dev/function-guardrails", Version: ">=v1.2.3 <v2.0.0"},
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Function", Package: "localhost:5000/goldenpath-dev/function-network", Version: ">=v1.2.3 <v2.0.0"},
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Provider", Package: "xpkg.upbound.io/upbound/provider-aws-cloudwatchlogs", Version: ">=v2.6.0 <v3.0.0"},
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Provider", Package: "xpkg.upbound.io/upbound/provider-aws-ec2", Version: ">=v2.6.0 <v3.0.0"},
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Provider", Package: "xpkg.upbound.io/upbound/provider-aws-eks", Version: ">=v2.6.0 <v3.0.0"},
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Provider", Package: "xpkg.upbound.io/upbound/provider-aws-iam", Version: ">=v2.6.0 <v3.0.0"},
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Provider", Package: "xpkg.upbound.io/upbound/provider-aws-kms", Version: ">=v2.6.0 <v3.0.0"},
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Provider", Package: "xpkg.upbound.io/upbound/provider-aws-rds", Version: ">=v2.6.0 <v3.0.0"},
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Provider", Package: "xpkg.crossplane.io/crossplane-contrib/provider-kubernetes", Version: ">=v1.2.1 <v2.0.0"},
		{APIVersion: "pkg.crossplane.io/v1", Kind: "Provider", Package: "xpkg.upbound.io/upbound/provider-vault", Version: ">=v4.0.1 <v5.0.0"},
	}
	const functions = 4 // come first
	for _, p := range configurations(t) {
		before := slices.Clone(p.Spec.DependsOn)
		stamped, err := p.Stamp(r)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, stamped.Spec.DependsOn); diff != "" {
			t.Errorf("%s: dependencies (-want +got):\n%s", p.Metadata.Name, diff)
		}
		if diff := cmp.Diff(before, p.Spec.DependsOn); diff != "" {
			t.Errorf("%s: Stamp changed the package that it was given:\n%s", p.Metadata.Name, diff)
		}
	}
	for _, d := range want[functions:] {
		if floor := providerFloor(t, d.Package); !strings.HasPrefix(d.Version, ">="+floor+" ") {
			t.Errorf("%s may be %s, and it was proven from %s on: start there", d.Package, d.Version, floor)
		}
	}
	checkVersions(t, want[functions].Version, []string{"v2.6.0", "v2.7.1"}, []string{"v2.5.0", "v2.5.9", "v3.0.0", "v2.6.0-rc.1"})
	checkVersions(t, want[len(want)-1].Version, []string{"v4.0.1", "v4.9.0"}, []string{"v4.0.0", "v5.0.0"})
}

// providerFloor is the oldest version of a provider on which what we compose is proven.
func providerFloor(t *testing.T, pkg string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "hack", "schemas", "providers.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var pins struct {
		Providers []struct {
			Name  string `json:"name"`
			Floor string `json:"floor"`
		} `json:"providers"`
	}
	if err := yaml.Unmarshal(raw, &pins); err != nil {
		t.Fatal(err)
	}
	for _, p := range pins.Providers {
		if name := path.Base(pkg) + "-"; strings.HasPrefix(name, "provider-"+p.Name+"-") {
			return p.Floor
		}
	}
	t.Fatalf("hack/schemas/providers.yaml has no floor of %s", pkg)
	return ""
}

func TestPlaceholderMatchesNoRelease(t *testing.T) {
	checkVersions(t, metadata.Placeholder, nil, []string{"v0.0.0", "v0.1.0", "v1.0.0", "v0.0.0-dev.g0c15ab9", "v0.1.0-rc.1"})
}

func TestStampRefuses(t *testing.T) {
	cases := map[string]struct {
		dependency metadata.Dependency
		want       string
	}{
		"VersionOfOursWrittenByHand": {
			metadata.Dependency{Package: "xpkg.crossplane.io/goldenpath-dev/function-vault", Version: ">=v0.1.0"},
			`the version of xpkg.crossplane.io/goldenpath-dev/function-vault is ">=v0.1.0": write "=v0.0.0-stamped-by-make-packages"`,
		},
		"PlaceholderForOthers": {
			metadata.Dependency{Package: "xpkg.upbound.io/upbound/provider-vault", Version: metadata.Placeholder},
			"is not a package of xpkg.crossplane.io/goldenpath-dev/: write the versions that it may have",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := metadata.Package{Spec: metadata.Spec{DependsOn: []metadata.Dependency{c.dependency}}}
			_, err := p.Stamp(newRelease(t, "v0.1.0", release.DefaultRegistry))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestYAMLCanBeReadBack(t *testing.T) {
	for _, p := range configurations(t) {
		raw, err := p.YAML()
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "package", p.Metadata.Name)
		writeFile(t, filepath.Join(dir, metadata.File), string(raw))
		again, err := metadata.Discover(filepath.Dir(filepath.Dir(dir)))
		if err != nil {
			t.Fatal(err)
		}
		again[0].Dir = p.Dir
		if diff := cmp.Diff([]metadata.Package{p}, again); diff != "" {
			t.Errorf("%s (-written +read):\n%s", p.Metadata.Name, diff)
		}
	}
}

func TestDiscoverRefuses(t *testing.T) {
	const good = `apiVersion: meta.pkg.crossplane.io/v1
kind: Function
metadata: {name: function-cache}
spec: {capabilities: [composition], crossplane: {version: ">=v2.4.0-0"}}
`
	cases := map[string]struct{ text, want string }{
		"NameOfAnotherDirectory": {strings.Replace(good, "function-cache", "function-queue", 1), `metadata.name is "function-queue": write function-cache`},
		"OldAPIVersion":          {strings.Replace(good, "crossplane.io/v1", "crossplane.io/v1beta1", 1), "write meta.pkg.crossplane.io/v1"},
		"Provider":               {strings.Replace(good, "kind: Function", "kind: Provider", 1), `kind is "Provider": write Function or Configuration`},
		"UnknownField":           {strings.Replace(good, "crossplane: {", "crossplan: {", 1), `unknown field "crossplan"`},
		"NoCrossplaneVersion":    {strings.Replace(good, `">=v2.4.0-0"`, `""`, 1), "spec.crossplane.version is missing"},
		"NoCapabilities":         {strings.Replace(good, "capabilities: [composition], ", "", 1), "spec.capabilities is missing"},
		"NotYAML":                {"{", "not the metadata of a package"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "package", "cache", metadata.File), c.text)
			if _, err := metadata.Discover(dir); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
	t.Run("NoPackages", func(t *testing.T) {
		if _, err := metadata.Discover(t.TempDir()); err == nil || !strings.Contains(err.Error(), "there is no package/*/crossplane.yaml") {
			t.Errorf("error %v, want one that says what is missing", err)
		}
	})
}

func configurations(t *testing.T) []metadata.Package {
	t.Helper()
	packages, err := metadata.Discover(root)
	if err != nil {
		t.Fatal(err)
	}
	packages = slices.DeleteFunc(packages, func(p metadata.Package) bool { return p.Kind != metadata.KindConfiguration })
	if len(packages) != 2 {
		t.Fatalf("there are %d Configurations, want 2", len(packages))
	}
	return packages
}

func checkVersions(t *testing.T, constraint string, takes, refuses []string) {
	t.Helper()
	c, err := semver.NewConstraint(constraint)
	if err != nil {
		t.Fatalf("%s: %v", constraint, err)
	}
	for want, versions := range map[bool][]string{true: takes, false: refuses} {
		for _, v := range versions {
			if c.Check(semver.MustParse(v)) != want {
				t.Errorf("%s and version %s: accepted is %v, want %v", constraint, v, !want, want)
			}
		}
	}
}

func newRelease(t *testing.T, version, registry string) release.Release {
	t.Helper()
	r, err := release.New(version, registry)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func writeFile(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
