package providers

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	gvk "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/schema"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// Environment is the variable that names a directory of CRDs, with one directory for each provider. "none" means that
// there is no such directory.
const Environment = "PROVIDER_SCHEMAS"

// Facts are what the project knows of a kind without its CRD.
type Facts interface {
	// CRD builds a definition from the facts; false when there are none of that kind.
	CRD(kind gvk.GroupVersionKind) (*extv1.CustomResourceDefinition, bool)
}

// Gate says how much a schema knows.
type Gate string

// The gates.
const (
	// Full is the provider's own CRD.
	Full Gate = "full"
	// Lock is the lock of facts: the fields that we use, and the envelope.
	Lock Gate = "lock"
)

// Judge is where a provider's schemas came from.
type Judge struct {
	// Provider as in the list of pins; core for Kubernetes' own kinds, goldenpath for ours.
	Provider, Version string
	// Floor is the oldest version that our packages install; empty where they install none.
	Floor string
	Gate  Gate
	// From is a module, a directory or a file.
	From string
	// Because says why it is only the lock; empty for the full gate.
	Because string
}

// Set looks schemas up and compiles each once.
type Set struct {
	root        string
	providers   []Provider
	definitions []xrd.Definition
	facts       Facts
	sources     map[string]source
	compiled    map[key]entry
}

type key struct {
	flavour xrd.Flavour
	kind    gvk.GroupVersionKind
}

// inputGroup is what the groups of the inputs of our functions end in.
const inputGroup = ".fn.platform.io"

type entry struct {
	schema schema.Schema
	judge  Judge
	err    error
}

// source is where the CRDs of a provider are; dir is empty when only the lock knows them.
type source struct {
	dir   string
	judge Judge
}

// Open reads the pins and our XRDs. Modules are downloaded when a kind of theirs is looked up. Facts may be nil.
func Open(root string, facts Facts) (*Set, error) {
	pins, err := readPins(root)
	if err != nil {
		return nil, err
	}
	if _, err := Directory(root); err != nil {
		return nil, err
	}
	definitions, err := xrd.Load(root)
	if err != nil {
		return nil, err
	}
	return &Set{
		root: root, providers: pins, definitions: definitions, facts: facts,
		sources: map[string]source{}, compiled: map[key]entry{},
	}, nil
}

// Definitions are our XRDs.
func (s *Set) Definitions() []xrd.Definition { return s.definitions }

// Installed are the providers that our packages depend on.
func (s *Set) Installed() []Provider {
	return slices.DeleteFunc(slices.Clone(s.providers), func(p Provider) bool { return p.Floor == "" })
}

// Schemas counts the schemas that were compiled.
func (s *Set) Schemas() int {
	n := 0
	for _, e := range s.compiled {
		if e.err == nil {
			n++
		}
	}
	return n
}

// Lookup returns the schema of a kind. Our own kinds have the same names in both flavours, so the flavour tells which.
func (s *Set) Lookup(flavour xrd.Flavour, kind gvk.GroupVersionKind) (schema.Schema, Judge, error) {
	k := key{flavour: flavour, kind: kind}
	if e, ok := s.compiled[k]; ok {
		return e.schema, e.judge, e.err
	}
	var e entry
	if kind == (gvk.GroupVersionKind{Version: "v1", Kind: "Secret"}) {
		e = entry{schema: schema.Secret{}, judge: Judge{Provider: "core", Version: "v1", Gate: Full, From: "k8s.io/api"}}
	} else {
		e = s.compile(flavour, kind)
	}
	s.compiled[k] = e
	return e.schema, e.judge, e.err
}

func (s *Set) compile(flavour xrd.Flavour, kind gvk.GroupVersionKind) entry {
	crd, judge, err := s.CRD(flavour, kind)
	if err != nil {
		return entry{judge: judge, err: err}
	}
	compiled, err := schema.Compile(crd, kind.Version)
	if err != nil {
		return entry{judge: judge, err: err}
	}
	return entry{schema: compiled, judge: judge}
}

// CRD returns the definition of a kind, uncompiled.
func (s *Set) CRD(flavour xrd.Flavour, kind gvk.GroupVersionKind) (*extv1.CustomResourceDefinition, Judge, error) {
	for _, d := range s.definitions {
		if d.Flavour != flavour {
			continue
		}
		judge := Judge{Provider: "goldenpath", Version: kind.Version, Gate: Full, From: d.Flavour.Dir()}
		switch kind.GroupKind() {
		case d.Kind:
			return d.Composite, judge, nil
		case d.Claim:
			return d.ClaimCRD, judge, nil
		}
	}
	if function, ok := strings.CutSuffix(kind.Group, inputGroup); ok {
		crd, err := find(filepath.Join(s.root, "package", function, "input"), "", kind.GroupKind())
		return crd, Judge{Provider: "goldenpath", Version: kind.Version, Gate: Full, From: "package/*/input"}, err
	}
	for _, p := range s.providers {
		if p.Owns(kind.Group) {
			return s.providerCRD(p, kind)
		}
	}
	return nil, Judge{}, fmt.Errorf("no schema is known for %s: it is neither ours nor of a provider in %s", kind, PinsFile)
}

func (s *Set) providerCRD(p Provider, kind gvk.GroupVersionKind) (*extv1.CustomResourceDefinition, Judge, error) {
	src, err := s.source(p)
	if err != nil {
		return nil, src.judge, err
	}
	if src.dir != "" {
		crd, err := find(src.dir, filepath.Join(s.root, "_output", "schemas"), kind.GroupKind())
		if errors.Is(err, ErrNoKind) {
			err = fmt.Errorf("%s %s has no kind %s in group %s: %w", p.Name, p.Version, kind.Kind, kind.Group, ErrNoKind)
		}
		return crd, src.judge, err
	}
	if s.facts != nil {
		if crd, ok := s.facts.CRD(kind); ok {
			return crd, src.judge, nil
		}
	}
	return nil, src.judge, fmt.Errorf("no schema of %s: it is not in %s; run `harness lock` where the CRDs of %s %s are (%s)",
		kind, src.judge.From, p.Name, p.Version, Environment)
}

// source decides, once, where the CRDs of a provider come from: its module, the directory, the lock.
func (s *Set) source(p Provider) (source, error) {
	if src, ok := s.sources[p.Name]; ok {
		return src, nil
	}
	src, err := s.locate(p)
	if err == nil {
		s.sources[p.Name] = src
	}
	return src, err
}

func (s *Set) locate(p Provider) (source, error) {
	judge := Judge{Provider: p.Name, Version: p.Version, Floor: p.Floor, Gate: Full}
	var unavailable error
	if p.Module != "" {
		dir, err := p.download()
		if err == nil {
			judge.From = p.Module
			return source{dir: dir, judge: judge}, nil
		}
		if errors.Is(err, errSum) {
			return source{judge: judge}, err
		}
		unavailable = err
	}
	dir, err := Directory(s.root)
	if err != nil {
		return source{judge: judge}, err
	}
	if dir != "" {
		own := filepath.Join(dir, p.Name)
		if info, err := os.Stat(own); err == nil && info.IsDir() {
			judge.From = "$" + Environment + "/" + p.Name
			return source{dir: own, judge: judge}, nil
		}
	}
	judge.Gate, judge.From, judge.Because = Lock, "hack/schemas/lock.yaml", because(dir, p.Name)
	if unavailable != nil {
		judge.Because = "its Go module could not be downloaded, and " + judge.Because
		fmt.Fprintf(os.Stderr, "schemas of %s come from the lock only: %v\n", p.Name, unavailable)
	}
	return source{judge: judge}, nil
}

// because says why a directory of CRDs does not help.
func because(dir, provider string) string {
	switch named := os.Getenv(Environment); {
	case dir != "":
		return fmt.Sprintf("%s has no directory %s", dir, provider)
	case named == "":
		return Environment + " is not set"
	default:
		return Environment + " is " + named
	}
}

// Directory returns the directory of CRDs; empty when there is none. A relative one is relative to the repository.
func Directory(root string) (string, error) {
	named := os.Getenv(Environment)
	if named == "none" {
		return "", nil
	}
	dir := named
	if named == "" {
		dir = filepath.Join("..", "shared", "crds")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(root, dir)
	}
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return dir, nil
	} else if named != "" {
		return "", fmt.Errorf("%s is %s, which is not a directory: name a directory with one directory of CRDs for each provider, or none",
			Environment, named)
	}
	return "", nil
}
