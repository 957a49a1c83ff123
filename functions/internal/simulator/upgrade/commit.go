package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// base is an earlier commit.
type base struct {
	// commit is its full hash; empty when it cannot be had, and err says why.
	commit string
	err    error
	// what it is, in words.
	what string
	// required says that the proof fails without it.
	required bool
	// release says that the intended differences are those since this commit.
	release bool
}

func (b base) title() string {
	if b.commit == "" {
		return b.what
	}
	return fmt.Sprintf("%.12s (%s)", b.commit, b.what)
}

// git is a repository. Nothing is written to it.
type git struct{ root string }

func (g git) run(ctx context.Context, args ...string) ([]byte, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", g.root}, args...)...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}

// find a commit.
func (g git) find(ctx context.Context, revision string, b base) base {
	hash, err := g.run(ctx, "rev-parse", "--verify", "--quiet", revision+"^{commit}")
	if err != nil {
		b.err = fmt.Errorf("there is no commit %s here (a clone without history? `git fetch --unshallow` gets it): %w", revision, err)
		return b
	}
	b.commit = strings.TrimSpace(string(hash))
	return b
}

// bases are the commits that were asked for, or else the previous commit and the last release. With changes that are not
// committed, the previous commit is the present one.
func (g git) bases(ctx context.Context, asked []string, release string) ([]base, error) {
	var all []base
	for _, revision := range asked {
		all = append(all, g.find(ctx, revision, base{what: revision, required: true}))
	}
	if len(asked) > 0 {
		return all, nil
	}
	if release == "" {
		return nil, errors.New("the file of intended differences names no base: write the commit or tag of the last release")
	}
	last := g.find(ctx, release, base{what: "the last release", required: true, release: true})
	revision, what := "HEAD^", "the previous commit"
	if changes, err := g.run(ctx, "status", "--porcelain"); err == nil && len(changes) > 0 {
		revision, what = "HEAD", "the commit before the changes here"
	}
	previous := g.find(ctx, revision, base{what: what})
	if previous.commit != "" && previous.commit == last.commit {
		last.what += ", and " + what
		return []base{last}, nil
	}
	return []base{previous, last}, nil
}

// build writes the tree of a commit below _output/upgrade and builds its functions, once for each commit.
func (g git) build(ctx context.Context, b base) (tree, binary string, err error) {
	if b.err != nil {
		return "", "", b.err
	}
	dir, err := filepath.Abs(filepath.Join(g.root, "_output", "upgrade", b.commit))
	if err != nil {
		return "", "", err
	}
	tree, binary = filepath.Join(dir, "tree"), filepath.Join(dir, "goldenpath")
	if _, err := os.Stat(binary); err == nil {
		return tree, binary, nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", "", err
	}
	archive, err := g.run(ctx, "archive", "--format=tar", b.commit)
	if err != nil {
		return "", "", err
	}
	if err := extract(bytes.NewReader(archive), tree); err != nil {
		return "", "", err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-o", binary+".new", "./functions")
	cmd.Dir, cmd.Env = tree, append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("its functions cannot be built: %w\n%s", err, said)
	}
	return tree, binary, os.Rename(binary+".new", binary)
}

// extract the regular files of an archive.
func extract(archive io.Reader, dir string) error {
	reader := tar.NewReader(archive)
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("cannot read the archive of git: %w", err)
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if !filepath.IsLocal(header.Name) {
			return fmt.Errorf("the archive of git holds %q", header.Name)
		}
		path := filepath.Join(dir, header.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // build output
			return err
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			return fmt.Errorf("cannot read the archive of git: %w", err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil { //nolint:gosec // build output
			return err
		}
	}
}
