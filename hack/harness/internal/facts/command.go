package facts

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/go-cmp/cmp"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// Command writes or checks the lock.
type Command struct {
	Check bool `help:"Write nothing; fail when a struct does not fit the schemas, or when the lock is not up to date."`
}

// Run implements kong's command.
func (c Command) Run(root repo.Dir) error {
	old, err := ReadLock(string(root))
	if err != nil {
		return err
	}
	structs, err := Structs(string(root))
	if err != nil {
		return err
	}
	schemas, err := providers.Open(string(root), old)
	if err != nil {
		return err
	}
	lock, err := Collect(structs, schemas)
	if err != nil {
		return fmt.Errorf("parameter structs do not fit the schemas:\n%w", err)
	}
	lock.addProviders(schemas.Installed())
	file := filepath.Join(string(root), LockFile)
	current, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	fields := 0
	for _, k := range lock.Kinds {
		fields += len(k.Fields)
	}
	if want := lock.Encode(); !bytes.Equal(want, current) {
		if c.Check {
			return fmt.Errorf("%s is not up to date, run `harness lock` (- is the file, + what it should be):\n%s",
				LockFile, cmp.Diff(string(current), string(want)))
		}
		if err := os.WriteFile(file, want, 0o644); err != nil { //nolint:gosec // A file of the repository, readable by all.
			return err
		}
		fmt.Println("wrote", LockFile)
	}
	fmt.Printf("lock: %d kinds with %d fields fit the schemas of both flavours\n", len(lock.Kinds), fields)
	return nil
}
