// Package release knows the version of a release, the registry that it goes to, and the names that follow from both.
package release

import (
	"fmt"
	"strings"

	"github.com/Masterminds/semver/v3"
	"github.com/google/go-containerregistry/pkg/name"
)

const (
	// DefaultRegistry is the one that the files in Git name.
	DefaultRegistry = "xpkg.crossplane.io"
	// Organisation is the first part of the path of our repositories.
	Organisation = "goldenpath-dev"
	// maxLabel is how long the name of a package object can be.
	maxLabel = 63
)

// Release is a version in a registry.
type Release struct {
	// Version with its v, as in tags.
	Version string
	// Registry is a host, with a port or without.
	Registry string

	semver *semver.Version
}

// New checks both parts of a release.
func New(version, registry string) (Release, error) {
	v, err := parse(version)
	if err != nil {
		return Release{}, err
	}
	if host, path, hasPath := strings.Cut(registry, "/"); hasPath {
		return Release{}, fmt.Errorf("registry %q has a path: a dependency is named after its whole path, and the functionRefs of our "+
			"Compositions start with %s-; write --registry %s and publish to the organisation %s there, or mirror the packages and "+
			"rewrite their images with an ImageConfig of Crossplane (%s)", registry, Organisation, host, Organisation, path)
	}
	if _, err := name.NewRegistry(registry, name.StrictValidation); err != nil {
		return Release{}, fmt.Errorf("registry %q is not a host: write one such as %s or localhost:5000: %w", registry, DefaultRegistry, err)
	}
	return Release{Version: version, Registry: registry, semver: v}, nil
}

// parse takes full versions only: the package manager ignores every other tag.
func parse(version string) (*semver.Version, error) {
	const write = "write vMAJOR.MINOR.PATCH such as v0.1.0, or vMAJOR.MINOR.PATCH-PRERELEASE such as v0.2.0-rc.1"
	number, ok := strings.CutPrefix(version, "v")
	if !ok {
		return nil, fmt.Errorf("version %q does not start with v: %s", version, write)
	}
	v, err := semver.StrictNewVersion(number)
	if err != nil {
		return nil, fmt.Errorf("version %q is not a semantic version (%w): %s", version, err, write)
	}
	if v.Metadata() != "" {
		return nil, fmt.Errorf("version %q has build metadata, and a tag in a registry has no +: %s", version, write)
	}
	return v, nil
}

// Constraint is what a Configuration of this release asks of its functions. The package manager installs the highest version
// that matches, so the range ends before the next version that may be incompatible. Prereleases do not sort by age
// (dev.g<commit>): one asks for exactly itself.
func (r Release) Constraint() string {
	if r.semver.Prerelease() != "" {
		return "=" + r.Version
	}
	next := semver.New(r.semver.Major()+1, 0, 0, "", "")
	if r.semver.Major() == 0 {
		next = semver.New(0, r.semver.Minor()+1, 0, "", "")
	}
	return fmt.Sprintf(">=%s <v%s", r.Version, next)
}

// Repository is where a package of ours is published.
func (r Release) Repository(pkg string) string {
	return r.Registry + "/" + Organisation + "/" + pkg
}

// Reference is what a user installs.
func (r Release) Reference(pkg string) string {
	return r.Repository(pkg) + ":" + r.Version
}

// ObjectName is what the package manager calls a package that it installs as a dependency: the path of its repository as a
// DNS label. Where that would drop or cut characters it is an error, because two packages could get the same name.
func ObjectName(repository string) (string, error) {
	repo, err := name.NewRepository(repository, name.StrictValidation)
	if err != nil {
		return "", fmt.Errorf("%q is not a repository such as %s/%s/function-appdatabase: %w", repository, DefaultRegistry, Organisation, err)
	}
	object := strings.NewReplacer("/", "-", ".", "-").Replace(repo.RepositoryStr())
	if len(object) > maxLabel {
		return "", fmt.Errorf("the package manager would cut the name %s of %s: it has %d characters, %d are allowed",
			object, repository, len(object), maxLabel)
	}
	if strings.Contains(object, "_") || strings.Trim(object, "-") != object {
		return "", fmt.Errorf("the package manager would not keep the name %s of %s: use a-z, 0-9 and - inside it", object, repository)
	}
	return object, nil
}
