// Package output brings generated files to disk, or says which of them are out of date.
package output

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// File is one generated file. Nil Content means that the file must not exist.
type File struct {
	Path    string
	Content []byte
}

// stale says that the file on disk is not what was generated.
func (f File) stale() (bool, error) {
	have, err := os.ReadFile(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return f.Content != nil, nil
	}
	if err != nil {
		return false, fmt.Errorf("cannot compare with the generated text: %w", err)
	}
	return f.Content == nil || !bytes.Equal(have, f.Content), nil
}

// write brings the file to disk, or removes it.
func (f File) write() error {
	if f.Content == nil {
		if err := os.Remove(f.Path); err != nil {
			return fmt.Errorf("cannot remove a generated file that nothing asks for any more: %w", err)
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o750); err != nil {
		return fmt.Errorf("cannot create the directory of a generated file: %w", err)
	}
	if err := os.WriteFile(f.Path, f.Content, 0o600); err != nil {
		return fmt.Errorf("cannot write a generated file: %w", err)
	}
	// Sources are for everybody who can read the checkout; the mode of a file that existed is left alone above.
	return os.Chmod(f.Path, 0o644) //nolint:gosec // G302: a generated source file is meant to be readable.
}

// Report writes the files that changed (with check: none) and prints one line for each. It returns the exit code: 0 when
// all is written or up to date, 1 when a file could not be written or, with check, is out of date.
func Report(tool string, files []File, check bool, stdout, stderr io.Writer) int {
	code, changed := 0, 0
	for _, f := range files {
		stale, err := f.stale()
		if err == nil && stale && !check {
			err = f.write()
		}
		switch {
		case err != nil:
			_, _ = fmt.Fprintf(stderr, "%s: %v\n", tool, err)
			code = 1
		case stale && check:
			_, _ = fmt.Fprintf(stderr, "%s: %s is out of date: run make generate and commit the result\n", tool, f.Path)
			code = 1
		case stale && f.Content == nil:
			_, _ = fmt.Fprintf(stdout, "%s: removed %s\n", tool, f.Path)
			changed++
		case stale:
			_, _ = fmt.Fprintf(stdout, "%s: wrote %s\n", tool, f.Path)
			changed++
		}
	}
	if code == 0 && changed == 0 {
		_, _ = fmt.Fprintf(stdout, "%s: %d files up to date\n", tool, len(files))
	}
	return code
}
