package release_test

import (
	"strings"
	"testing"

	"github.com/Masterminds/semver/v3"

	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/release"
)

func TestNewRefuses(t *testing.T) {
	cases := map[string]struct{ version, registry, want string }{
		"Empty":            {"", release.DefaultRegistry, `does not start with v`},
		"NoV":              {"0.1.0", release.DefaultRegistry, `"0.1.0" does not start with v: write vMAJOR.MINOR.PATCH`},
		"NotFull":          {"v0.1", release.DefaultRegistry, `"v0.1" is not a semantic version`},
		"Commit":           {"0c15ab9", release.DefaultRegistry, `does not start with v`},
		"LeadingZero":      {"v0.01.0", release.DefaultRegistry, `not a semantic version`},
		"Space":            {"v0.1.0 ", release.DefaultRegistry, `not a semantic version`},
		"BuildMetadata":    {"v0.1.0+linux", release.DefaultRegistry, `a tag in a registry has no +`},
		"RegistryWithPath": {"v0.1.0", "ghcr.io/acme", `has a path: a dependency is named after its whole path`},
		"NoRegistry":       {"v0.1.0", "", `"" is not a host`},
		"RegistryAsURL":    {"v0.1.0", "https://ghcr.io", `has a path`},
		"BadRegistry":      {"v0.1.0", "ghcr.io?x", `is not a host`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := release.New(c.version, c.registry); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("New(%q, %q): error %v, want one with %q", c.version, c.registry, err, c.want)
			}
		})
	}
}

// The same library reads constraints in the package manager.
func TestConstraint(t *testing.T) {
	cases := map[string]struct {
		version, want  string
		takes, refuses []string
	}{
		"ReleaseBeforeOne": {
			"v0.1.2", ">=v0.1.2 <v0.2.0",
			[]string{"v0.1.2", "v0.1.3"}, []string{"v0.1.1", "v0.2.0", "v0.1.3-rc.1", "v0.2.0-rc.1", "v0.1.2-rc.1"},
		},
		"Release": {
			"v1.2.3", ">=v1.2.3 <v2.0.0",
			[]string{"v1.2.3", "v1.9.0"}, []string{"v1.2.2", "v2.0.0", "v2.0.0-rc.1", "v1.3.0-rc.1"},
		},
		"PrereleaseIsItself": {
			"v0.1.0-dev.g0c15ab9", "=v0.1.0-dev.g0c15ab9",
			[]string{"v0.1.0-dev.g0c15ab9"}, []string{"v0.1.0-dev.gffffff", "v0.1.0-dev.g0000000", "v0.1.0", "v0.1.1"},
		},
		"DirtyPrerelease": {
			"v0.1.0-dev.g0c15ab9.dirty", "=v0.1.0-dev.g0c15ab9.dirty",
			[]string{"v0.1.0-dev.g0c15ab9.dirty"}, []string{"v0.1.0-dev.g0c15ab9"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r, err := release.New(c.version, "localhost:5000")
			if err != nil {
				t.Fatal(err)
			}
			if r.Constraint() != c.want {
				t.Errorf("Constraint() = %q, want %q", r.Constraint(), c.want)
			}
			constraint, err := semver.NewConstraint(r.Constraint())
			if err != nil {
				t.Fatal(err)
			}
			for want, versions := range map[bool][]string{true: c.takes, false: c.refuses} {
				for _, v := range versions {
					if constraint.Check(semver.MustParse(v)) != want {
						t.Errorf("%s and version %s: accepted is %v, want %v", r.Constraint(), v, !want, want)
					}
				}
			}
		})
	}
}

func TestNames(t *testing.T) {
	r, err := release.New("v0.1.0", "localhost:5000")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Reference("function-vault"), "localhost:5000/goldenpath-dev/function-vault:v0.1.0"; got != want {
		t.Errorf("Reference = %q, want %q", got, want)
	}
	cases := map[string]struct{ repository, want, wantErr string }{
		"Ours":        {r.Repository("function-vault"), "goldenpath-dev-function-vault", ""},
		"Provider":    {"xpkg.upbound.io/upbound/provider-aws-rds", "upbound-provider-aws-rds", ""},
		"Dot":         {"xpkg.upbound.io/upbound/provider.aws", "upbound-provider-aws", ""},
		"Underscore":  {"xpkg.upbound.io/upbound/provider_aws", "", "would not keep the name"},
		"DashAtEnd":   {"xpkg.upbound.io/upbound/provider-", "", "would not keep the name"},
		"TooLong":     {"xpkg.upbound.io/upbound/" + strings.Repeat("x", 56), "", "has 64 characters, 63 are allowed"},
		"NoRegistry":  {"goldenpath-dev/function-vault", "", "is not a repository"},
		"LongEnough":  {"xpkg.upbound.io/upbound/" + strings.Repeat("x", 55), "upbound-" + strings.Repeat("x", 55), ""},
		"TagIsNoRepo": {"xpkg.upbound.io/upbound/provider-aws:v1", "", "is not a repository"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := release.ObjectName(c.repository)
			if got != c.want {
				t.Errorf("ObjectName(%q) = %q, want %q", c.repository, got, c.want)
			}
			if (err == nil) != (c.wantErr == "") || err != nil && !strings.Contains(err.Error(), c.wantErr) {
				t.Errorf("ObjectName(%q): error %v, want %q", c.repository, err, c.wantErr)
			}
		})
	}
}
