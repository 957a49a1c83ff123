package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// provider is the name of the provider in hack/schemas/providers.yaml, and the last part of its service names.
const provider = "aws"

// Kind is a managed resource of the provider.
type Kind struct {
	Group  string // short: ec2
	Name   string // NATGateway
	Plural string // natgateways
}

// Source is what a tree is assembled from.
type Source struct {
	// Module, Version and Sum pin the provider, as hack/schemas/providers.yaml does for the schemas.
	Module, Version, Sum string
	// Kinds that get a controller, sorted: those that we compose, then those of hack/aws/next.yaml.
	Kinds []Kind
	// Dir is hack/aws.
	Dir string
}

// readSource reads the pin of the provider, and the kinds of the schema lock and of the next issues.
func readSource(root string) (Source, error) {
	s := Source{Dir: filepath.Join(root, "hack", "aws")}
	var pins struct {
		Providers []struct{ Name, Module, Version, Sum string } `json:"providers"`
	}
	if err := read(filepath.Join(root, "hack", "schemas", "providers.yaml"), &pins); err != nil {
		return s, err
	}
	for _, p := range pins.Providers {
		if p.Name == provider {
			s.Module, s.Version, s.Sum = p.Module, p.Version, p.Sum
		}
	}
	if s.Module == "" || s.Version == "" || s.Sum == "" {
		return s, fmt.Errorf("hack/schemas/providers.yaml does not pin module, version and sum of provider %q", provider)
	}
	for _, file := range []string{filepath.Join(root, "hack", "schemas", "lock.yaml"), filepath.Join(s.Dir, "next.yaml")} {
		kinds, err := readKinds(file)
		if err != nil {
			return s, err
		}
		s.Kinds = append(s.Kinds, kinds...)
	}
	slices.SortFunc(s.Kinds, func(a, b Kind) int {
		return cmp.Or(strings.Compare(a.Group, b.Group), strings.Compare(a.Name, b.Name))
	})
	// A kind of the next issues that is composed by now is in both.
	s.Kinds = slices.Compact(s.Kinds)
	return s, nil
}

// readKinds reads the provider's kinds from a file of the lock's shape.
func readKinds(file string) ([]Kind, error) {
	var lock struct {
		Kinds []struct{ Service, Kind, Plural string } `json:"kinds"`
	}
	if err := read(file, &lock); err != nil {
		return nil, err
	}
	var kinds []Kind
	for _, k := range lock.Kinds {
		group, ours := strings.CutSuffix(k.Service, "."+provider)
		if !ours {
			continue
		}
		if group == "" || k.Kind == "" || k.Plural == "" {
			return nil, fmt.Errorf("%s: a kind of %q lacks service, kind or plural", file, k.Service)
		}
		kinds = append(kinds, Kind{Group: group, Name: k.Kind, Plural: k.Plural})
	}
	if len(kinds) == 0 {
		return nil, fmt.Errorf("%s has no kind of provider %q", file, provider)
	}
	return kinds, nil
}

func read(file string, into any) error {
	raw, err := os.ReadFile(file) //nolint:gosec // A file of this repository.
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// groups of the kinds, sorted.
func (s Source) groups() []string {
	var groups []string
	for _, k := range s.Kinds {
		groups = append(groups, k.Group)
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// stamp is the pin, and a digest of everything of ours that goes into the tree.
func (s Source) stamp() (string, error) {
	digest := sha256.New()
	_, _ = fmt.Fprintln(digest, s.Sum, s.Kinds)
	files, err := filepath.Glob(filepath.Join(s.Dir, "*.go"))
	if err != nil {
		return "", err
	}
	mini, err := filepath.Glob(filepath.Join(s.Dir, "mini", "*"))
	if err != nil {
		return "", err
	}
	for _, file := range append(files, mini...) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(file) //nolint:gosec // A file of this repository.
		if err != nil {
			return "", err
		}
		_, _ = fmt.Fprintln(digest, filepath.Base(file), len(raw))
		_, _ = digest.Write(raw)
	}
	return s.Version + " " + hex.EncodeToString(digest.Sum(nil)[:12]), nil
}
