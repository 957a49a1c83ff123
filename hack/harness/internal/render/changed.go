package render

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/gate"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/providers"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
)

// group of our kinds. What is of it is a claim, whatever its file is called.
const group = "platform.io"

// found is a claim in a file that has changed.
type found struct {
	file   string
	object map[string]any
	// alone says that nothing else is in the file.
	alone bool
}

// changed renders the claims of every file that differs from a commit. All are rendered before the first mistake ends the command.
func (c Command) changed(ctx context.Context, root string, schemas *providers.Set) error {
	claims, err := changedClaims(ctx, root, c.Changed, c.Claims)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Join(root, "_output"), "claims-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work) //nolint:errcheck // it is in _output
	failed := false
	for i, claim := range claims {
		file := filepath.Join(root, claim.file)
		if !claim.alone {
			if file, err = claim.copied(root, filepath.Join(work, strconv.Itoa(i+1))); err != nil {
				return err
			}
		}
		fmt.Fprintf(os.Stderr, "%s\n", claim.file)
		if err := (Command{XR: file}).one(ctx, root, schemas); err != nil {
			failed = true
			if !errors.Is(err, repo.ErrReported) {
				fmt.Fprintf(os.Stderr, "harness: %s: %v\n", claim.file, err)
			}
		}
	}
	fmt.Fprintf(os.Stderr, "%d changed claims\n", len(claims))
	if failed {
		return repo.ErrReported
	}
	return nil
}

// changedClaims are the objects of ours in the files below a directory that differ from a commit, and in lists in them.
func changedClaims(ctx context.Context, root, base, dir string) ([]found, error) {
	// File names come as they are, each ended by a zero byte: quoted ones would be other names.
	cmd := exec.CommandContext(ctx, "git", "-C", root, "diff", "-z", "--name-only", "--no-renames", "--diff-filter=AMT", "--end-of-options",
		base+"...HEAD", "--", dir)
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git cannot tell what differs from %q: %w: %s", base, err, strings.TrimSpace(words.String()))
	}
	var claims []found
	for file := range strings.SplitSeq(string(out), "\x00") {
		if !slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(file))) {
			continue
		}
		in, err := claimsIn(root, file)
		if err != nil {
			return nil, err
		}
		claims = append(claims, in...)
	}
	return claims, nil
}

func claimsIn(root, file string) ([]found, error) {
	if strings.ContainsFunc(file, unicode.IsControl) {
		return nil, fmt.Errorf("the file name %q has control characters in it: rename it", file)
	}
	info, err := os.Lstat(filepath.Join(root, file))
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file: write the claim itself", file)
	}
	docs, err := repo.Read(root, file)
	if err != nil {
		return nil, err
	}
	var claims []found
	for _, doc := range docs {
		for _, object := range objects(doc.Object) {
			if ours(object) {
				claims = append(claims, found{file: file, object: object, alone: len(docs) == 1 && doc.GVK().Group == group})
			}
		}
	}
	return claims, nil
}

// objects are the object itself or, of a list, what is in it, and so on.
func objects(object map[string]any) []map[string]any {
	items, list := object["items"].([]any)
	if kind, _ := object["kind"].(string); !list || !strings.HasSuffix(kind, "List") {
		return []map[string]any{object}
	}
	var all []map[string]any
	for _, item := range items {
		if o, ok := item.(map[string]any); ok {
			all = append(all, objects(o)...)
		}
	}
	return all
}

func ours(object map[string]any) bool {
	version, _ := object["apiVersion"].(string)
	g, _, _ := strings.Cut(version, "/")
	return g == group
}

// copied writes a claim out of a file with more in it into a directory of its own, with the inputs that it had beside it.
func (f found) copied(root, dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	raw, err := json.Marshal(f.object)
	if err != nil {
		return "", fmt.Errorf("%s: %w", f.file, err)
	}
	for _, name := range []string{gate.RequiredFile, gate.ObservedFile} {
		input, err := os.ReadFile(filepath.Join(root, filepath.Dir(f.file), name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(dir, name), input, 0o600); err != nil {
			return "", err
		}
	}
	file := filepath.Join(dir, "xr.yaml")
	return file, os.WriteFile(file, raw, 0o600)
}
