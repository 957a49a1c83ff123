package activation

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/facts"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// Facts are what the policies are held against.
type Facts struct {
	Structs []facts.Struct
	Lock    facts.Lock
	// Policies are the committed files, by flavour.
	Policies map[xrd.Flavour][]byte
	// Golden are the documents of every golden output.
	Golden []repo.Document
	// Used are the types that functions use: <directory of the package>.<name>.
	Used map[string]bool
}

// Check returns everything that is wrong with the policies, each with what to do about it.
func (f Facts) Check() []string {
	var problems []string
	listed := map[xrd.Flavour][]string{}
	for _, flavour := range xrd.Flavours() {
		resources, err := Resources(f.Structs, f.Lock, flavour)
		if err != nil {
			return []string{err.Error()}
		}
		if want := Encode(flavour, resources); !bytes.Equal(f.Policies[flavour], want) {
			problems = append(problems, fmt.Sprintf("%s does not match the markers, run `make generate` (- is the file, + what it should be):\n%s",
				File(flavour), cmp.Diff(lines(f.Policies[flavour]), lines(want))))
		}
		if listed[flavour], err = activated(File(flavour), f.Policies[flavour]); err != nil {
			return append(problems, err.Error())
		}
	}
	problems = append(problems, f.missing(listed)...)
	problems = append(problems, f.unseen()...)
	return append(problems, f.unused()...)
}

// activated are the entries of a policy.
func activated(file string, raw []byte) ([]string, error) {
	docs, err := repo.Parse(file, raw)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, doc := range docs {
		spec, _ := doc.Object["spec"].(map[string]any)
		entries, _ := spec["activate"].([]any)
		for _, e := range entries {
			name, _ := e.(string)
			names = append(names, name)
		}
	}
	return names, nil
}

// missing are the managed resources of the goldens that the policy of their flavour does not activate, each with the first golden.
func (f Facts) missing(listed map[xrd.Flavour][]string) []string {
	found := map[serviceFlavour]string{}
	for _, doc := range f.Golden {
		sk, flavour, ok := managedResource(doc.GVK())
		key := serviceFlavour{sk, flavour}
		if !ok || found[key] != "" {
			continue
		}
		name := plural(f.Lock, facts.Kind{Service: sk.Service, Kind: sk.Kind})
		if name == "" {
			found[key] = fmt.Sprintf("%s composes %s %s, which has no struct with a +goldenpath:kind marker in %s: add one, "+
				"then run `make generate`", doc.File, sk.Service, sk.Kind, facts.StructsDir)
			continue
		}
		if name += "." + doc.GVK().Group; !slices.Contains(listed[flavour], name) {
			found[key] = fmt.Sprintf("%s composes %s, which %s does not activate: run `make generate`", doc.File, name, File(flavour))
		}
	}
	return slices.Sorted(maps.Values(found))
}

// unseen are the marked kinds that no golden output of any flavour has.
func (f Facts) unseen() []string {
	seen := map[serviceKind]bool{}
	for _, doc := range f.Golden {
		if sk, _, ok := managedResource(doc.GVK()); ok {
			seen[sk] = true
		}
	}
	var found []string
	for _, s := range f.Structs {
		if !seen[serviceKind{s.Kind.Service, s.Kind.Kind}] {
			found = append(found, fmt.Sprintf("%s: no example composes %s %s: add one and run `harness render --update`, "+
				"or remove the struct and run `make generate`", s.At, s.Kind.Service, s.Kind.Kind))
		}
	}
	return found
}

// unused are the marked structs that no function uses.
func (f Facts) unused() []string {
	var found []string
	for _, s := range f.Structs {
		if !f.Used[s.Dir+"."+s.Name] {
			found = append(found, fmt.Sprintf("%s: no function uses %s.%s: compose it, or remove the struct and run `make generate`",
				s.At, path.Base(s.Dir), s.Name))
		}
	}
	return found
}

// lines splits a file, so that a comparison shows single lines.
func lines(raw []byte) []string { return strings.Split(string(raw), "\n") }
