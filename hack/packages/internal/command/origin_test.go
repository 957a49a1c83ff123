package command

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadOrigin(t *testing.T) {
	root := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", root, "-c", "user.name=t", "-c", "user.email=t@example.org"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_COMMITTER_DATE=2026-11-21T05:30:52Z", "GIT_CONFIG_GLOBAL=/dev/null")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	check := func(why, epoch string, wantTime int64, wantRevision string) {
		t.Helper()
		t.Setenv("SOURCE_DATE_EPOCH", epoch)
		origin, err := readOrigin(context.Background(), root, "v0.1.0")
		if err != nil || origin.Created.Unix() != wantTime || !strings.HasSuffix(origin.Revision, wantRevision) || (wantRevision == "") != (origin.Revision == "") {
			t.Errorf("%s: got %+v, %v, want time %d and a revision that ends in %q", why, origin, err, wantTime, wantRevision)
		}
	}
	check("no repository", "", 0, "")
	check("no repository, time given", "1700000000", 1700000000, "")
	run("init", "-q")
	check("no commit", "", 0, "")
	file := filepath.Join(root, "file")
	writeFile(t, file, "one")
	run("add", "file")
	run("commit", "-q", "-m", "one")
	head := git(context.Background(), root, "rev-parse", "HEAD")
	check("a commit", "", 1795239052, head)
	check("a commit, time given", "1700000000", 1700000000, head)
	writeFile(t, file, "two")
	check("a change that is in no commit", "", 1795239052, head+"-dirty")
	t.Setenv("SOURCE_DATE_EPOCH", "yesterday")
	if _, err := readOrigin(context.Background(), root, "v0.1.0"); err == nil || !strings.Contains(err.Error(), `"yesterday": write the seconds since 1970`) {
		t.Errorf("error %v, want one that says what to write", err)
	}
}
