package main

import (
	"io/fs"
	"os"
	"path/filepath"
)

// copyTree copies the files that are to be kept, by their path below from. What is copied can be changed: the module cache cannot.
func copyTree(from, to string, keep func(rel string) bool) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil || !keep(filepath.ToSlash(rel)) {
			return err
		}
		return copyFile(path, filepath.Join(to, rel))
	})
}

func copyFile(from, to string) error {
	raw, err := os.ReadFile(from) //nolint:gosec // Of the module cache, or ours.
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return err
	}
	return os.WriteFile(to, raw, 0o600)
}
