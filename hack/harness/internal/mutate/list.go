package mutate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// Mutant is one seeded fault.
type Mutant struct {
	// ID names the fault.
	ID string `json:"id"`
	// Promise is what the fault breaks, in words.
	Promise string `json:"promise"`
	// File that holds it, relative to the repository.
	File string `json:"file"`
	// Find is the text to replace. It stands in the file exactly once.
	Find string `json:"find"`
	// Replace is what stands there instead.
	Replace string `json:"replace"`
	// Packages whose tests have to notice, relative to the repository. One that fails is enough.
	Packages []string `json:"packages"`
}

// list is the file of all mutants.
type list struct {
	Mutants []Mutant `json:"mutants"`
}

// Read returns the mutants of a file. Every one is complete, and no two have the same id or do the same.
func Read(path string) ([]Mutant, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var l list
	if err := yaml.UnmarshalStrict(raw, &l); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(l.Mutants) == 0 {
		return nil, fmt.Errorf("%s: no mutants; list at least one", path)
	}
	ids, edits := map[string]bool{}, map[string]string{}
	for i, m := range l.Mutants {
		if m.ID == "" || m.Promise == "" || m.File == "" || m.Find == "" || len(m.Packages) == 0 {
			return nil, fmt.Errorf("%s: mutants[%d] %s: needs id, promise, file, find and packages", path, i, m.ID)
		}
		if ids[m.ID] {
			return nil, fmt.Errorf("%s: mutants[%d]: the id %s stands there twice", path, i, m.ID)
		}
		ids[m.ID] = true
		edit := strings.Join([]string{m.File, m.Find, m.Replace}, "\x00")
		if other, twice := edits[edit]; twice {
			return nil, fmt.Errorf("%s: mutants[%d]: %s is the same fault as %s", path, i, m.ID, other)
		}
		edits[edit] = m.ID
	}
	return l.Mutants, nil
}

// Apply returns the file with the fault in it. The file itself is not touched.
func (m Mutant) Apply(root string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(root, m.File))
	if err != nil {
		return "", err
	}
	if m.Find == m.Replace {
		return "", errors.New("find and replace are the same")
	}
	if n := strings.Count(string(raw), m.Find); n != 1 {
		return "", fmt.Errorf("find stands in %s %d times, not once: adjust it to the code as it is now", m.File, n)
	}
	return strings.Replace(string(raw), m.Find, m.Replace, 1), nil
}
