package render

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// git runs in a repository of the test's own.
func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// pulled is a repository in which some files were added to an empty commit, which is called base.
func pulled(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, "init", "-q")
	git(t, dir, "commit", "-q", "--allow-empty", "-m", "base")
	git(t, dir, "tag", "base")
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-q", "--allow-empty", "-m", "claims")
	return dir
}

const appDatabase = "apiVersion: platform.io/v1\nkind: AppDatabase\nmetadata: {name: orders}\n"

// What is a claim its kind says, and not the name of its file, nor where in the file it stands.
func TestChangedClaims(t *testing.T) {
	t.Parallel()
	other := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	dir := pulled(t, map[string]string{
		"claims/a.yaml":                       appDatabase,
		"claims/b.yml":                        appDatabase,
		"claims/c.json":                       `{"apiVersion": "platform.io/v1", "kind": "AppDatabase"}`,
		"claims/d/required.yaml":              appDatabase,
		"claims/d/observed.yaml":              appDatabase,
		"claims/e.yaml":                       other + "---\n" + appDatabase + "---\n" + appDatabase,
		"claims/f.yaml":                       "apiVersion: v1\nkind: List\nitems: [{apiVersion: platform.io/v1, kind: AppDatabase}]",
		"claims/g.yaml":                       other,
		"claims/h.txt":                        appDatabase,
		"elsewhere/i.yaml":                    appDatabase,
		"claims/j $(touch pwned) `id` 'x.yml": appDatabase,
		"claims/ü \"k\".yaml":                 appDatabase,
	})
	got, err := changedClaims(t.Context(), dir, "base", "claims")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range got {
		names = append(names, fmt.Sprintf("%s %v", strings.TrimPrefix(f.file, "claims/"), f.alone))
	}
	want := []string{
		"a.yaml true", "b.yml true", "c.json true", "d/observed.yaml true", "d/required.yaml true", "e.yaml false", "e.yaml false", "f.yaml false",
		"j $(touch pwned) `id` 'x.yml true", "ü \"k\".yaml true",
	}
	if !slices.Equal(names, want) {
		t.Errorf("claims:\n%s\nwant:\n%s", strings.Join(names, "\n"), strings.Join(want, "\n"))
	}
	file, err := got[5].copied(dir, filepath.Join(dir, "out", "1"))
	if raw, readErr := os.ReadFile(file); err != nil || readErr != nil || !strings.Contains(string(raw), "orders") {
		t.Errorf("a claim out of a file with more in it: %s (%v, %v)", raw, err, readErr)
	}
}

// What cannot be looked at is not passed over.
func TestChangedClaimsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for why, c := range map[string]struct{ file, text, base, want string }{
		"git fails":                 {"claims/a.yaml", appDatabase, "nothing", "git cannot tell"},
		"a base that is an option":  {"claims/a.yaml", appDatabase, "--output=pwned", "git cannot tell"},
		"no YAML":                   {"claims/a.yaml", "a: b: c", "base", "a.yaml"},
		"a line break in the name":  {"claims/a\n::error::b.yaml", appDatabase, "base", "control characters"},
		"a sequence for a terminal": {"claims/a\x1b[2K.yaml", appDatabase, "base", "control characters"},
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			dir := pulled(t, map[string]string{c.file: c.text})
			if _, err := changedClaims(t.Context(), dir, c.base, "claims"); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q", err, c.want)
			}
		})
	}
	dir := pulled(t, nil)
	if err := os.MkdirAll(filepath.Join(dir, "claims"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "claims", "a.yaml")); err != nil {
		t.Fatal(err)
	}
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-q", "-m", "link")
	if _, err := changedClaims(t.Context(), dir, "base", "claims"); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Errorf("a link: error is %v", err)
	}
}

// `make render XR=` looks into no file name, and neither does the shell that it starts.
func TestMakeTakesFileNamesAsData(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("there is no make")
	}
	pwned := filepath.Join(t.TempDir(), "pwned")
	for why, c := range map[string]struct{ name, want string }{
		"make's own":          {"$(shell touch " + pwned + ").yaml", "--xr '$(shell touch " + pwned + ").yaml'"},
		"a command":           {"`touch " + pwned + "`.yaml", "--xr '`touch " + pwned + "`.yaml'"},
		"the end of a string": {"a'; touch " + pwned + "; '.yaml", `--xr 'a'\''; touch ` + pwned + `; '\''.yaml'`},
		"a line break":        {"a\ntouch " + pwned, "line break"},
	} {
		cmd := exec.CommandContext(t.Context(), "make", "-n", "render", "XR="+c.name)
		cmd.Dir = "../../../.."
		out, _ := cmd.CombinedOutput()
		if !strings.Contains(string(out), c.want) {
			t.Errorf("%s: make would run\n%s\nwant %s", why, out, c.want)
		}
		if _, err := os.Stat(pwned); err == nil {
			t.Fatalf("%s: the name was run", why)
		}
	}
}
