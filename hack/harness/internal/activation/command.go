package activation

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/facts"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/xrd"
)

// Command writes or checks the activation policies.
type Command struct {
	Check bool `help:"Write nothing; fail when a policy does not match the markers, the goldens or the functions' code."`
}

// Run implements kong's command.
func (c Command) Run(root repo.Dir) error {
	if c.Check {
		return check(string(root))
	}
	structs, lock, err := read(string(root))
	if err != nil {
		return err
	}
	for _, flavour := range xrd.Flavours() {
		resources, err := Resources(structs, lock, flavour)
		if err != nil {
			return err
		}
		if err := write(string(root), File(flavour), Encode(flavour, resources)); err != nil {
			return err
		}
	}
	fmt.Printf("activation policies: %d managed resources in each flavour\n", len(structs))
	return nil
}

func read(root string) ([]facts.Struct, facts.Lock, error) {
	structs, err := facts.Structs(root)
	if err != nil {
		return nil, facts.Lock{}, err
	}
	lock, err := facts.ReadLock(root)
	return structs, lock, err
}

// write writes a file that changed.
func write(root, name string, raw []byte) error {
	file := filepath.Join(root, filepath.FromSlash(name))
	current, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err == nil && bytes.Equal(current, raw) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // A directory of the repository, readable by all.
		return err
	}
	if err := os.WriteFile(file, raw, 0o644); err != nil { //nolint:gosec // A file of the repository, readable by all.
		return err
	}
	fmt.Println("wrote", name)
	return nil
}

func check(root string) error {
	found, err := Load(root)
	if err != nil {
		return err
	}
	if problems := found.Check(); len(problems) > 0 {
		return fmt.Errorf("activation policies:\n%s", strings.Join(problems, "\n"))
	}
	fmt.Printf("activation policies: %d managed resources in each flavour, all of them composed by an example and used by a function\n",
		len(found.Structs))
	return nil
}

// Load reads what the policies are held against.
func Load(root string) (Facts, error) {
	var f Facts
	var err error
	if f.Structs, f.Lock, err = read(root); err != nil {
		return f, err
	}
	f.Policies = map[xrd.Flavour][]byte{}
	for _, flavour := range xrd.Flavours() {
		// A policy that is not there is an empty one: Check says what to run.
		raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(File(flavour))))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return f, err
		}
		f.Policies[flavour] = raw
	}
	files, err := filepath.Glob(filepath.Join(root, "examples", "*", "*", "golden.yaml"))
	if err != nil {
		return f, err
	}
	for _, file := range files {
		if file, err = filepath.Rel(root, file); err != nil {
			return f, err
		}
		docs, err := repo.Read(root, file)
		if err != nil {
			return f, err
		}
		f.Golden = append(f.Golden, docs...)
	}
	f.Used, err = Used(root)
	return f, err
}
