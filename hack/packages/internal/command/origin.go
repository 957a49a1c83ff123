package command

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/image"
)

// module is the first line of the root go.mod.
const module = "module github.com/goldenpath-dev/goldenpath"

// findRoot returns the absolute path of the repository that contains a directory.
func findRoot(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("cannot find the repository: %w", err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		raw, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if line, _, _ := strings.Cut(string(raw), "\n"); err == nil && strings.TrimSpace(line) == module {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is not inside the goldenpath repository: change into it, or pass --root", dir)
		}
	}
}

// readOrigin asks Git for the commit and its time. SOURCE_DATE_EPOCH goes first; without either the time is that of the epoch.
func readOrigin(ctx context.Context, root, version string) (image.Origin, error) {
	origin := image.Origin{Version: version, Created: time.Unix(0, 0).UTC()}
	seconds := os.Getenv("SOURCE_DATE_EPOCH")
	if commit, when, ok := strings.Cut(git(ctx, root, "log", "-1", "--format=%H %ct"), " "); ok {
		origin.Revision = commit
		if git(ctx, root, "status", "--porcelain", "--untracked-files=no") != "" {
			origin.Revision += "-dirty"
		}
		if seconds == "" {
			seconds = when
		}
	}
	if seconds == "" {
		return origin, nil
	}
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return image.Origin{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q: write the seconds since 1970, or leave it out", seconds)
	}
	origin.Created = time.Unix(unix, 0).UTC()
	return origin, nil
}

// git returns what it prints; nothing where the source is not a clone or Git is missing, which is fine.
func git(ctx context.Context, root string, args ...string) string {
	out, err := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
