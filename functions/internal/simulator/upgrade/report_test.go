package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReport(t *testing.T) {
	t.Parallel()
	region := difference{"database-instance", "spec.forProvider.region", `"a"`, `"b"`}
	regionToo := difference{"database-instance", "spec.forProvider.region", `"a"`, `"c"`}
	role := difference{"vault-role-reader", "spec.forProvider.creationStatements[0]", "", `"x"`}
	list := intended{Differences: []meant{{"vault-role-*", "spec.*Statements*", "nothing breaks"}}}
	cases := map[string]struct {
		seen map[difference]int
		base base
		list intended
		want string
		ok   bool
	}{
		"nothing differs": {nil, base{what: "x"}, intended{}, "upgrade from x: today's functions take over without any change that is not meant\n", true},
		"what differs is meant": {map[difference]int{role: 3}, base{what: "x", release: true}, list,
			"  meant: vault-role-* spec.*Statements*, 3 times: nothing breaks\nupgrade from x: today's functions take over without any change that is not meant\n", true},
		"two values of one field": {map[difference]int{region: 2, regionToo: 1}, base{what: "x"}, intended{},
			"  DIFFERS database-instance spec.forProvider.region, 3 times, as in example\n    was: \"a\"\n    is: \"b\"\n" +
				"upgrade from x: FAILED: 1 fields differ that nobody meant, 0 stale lines\n", false},
		"one of two is meant": {map[difference]int{region: 1, role: 1}, base{what: "x"}, list,
			"  DIFFERS database-instance spec.forProvider.region, 1 times, as in example\n    was: \"a\"\n    is: \"b\"\n" +
				"  meant: vault-role-* spec.*Statements*, 1 times: nothing breaks\n" +
				"upgrade from x: FAILED: 1 fields differ that nobody meant, 0 stale lines\n", false},
		"a stale line, since the release": {nil, base{what: "x", release: true}, list,
			"  STALE: no difference is vault-role-* spec.*Statements*: remove it from the file\n" +
				"upgrade from x: FAILED: 0 fields differ that nobody meant, 1 stale lines\n", false},
		"a line for the release, since another commit": {nil, base{what: "x"}, list,
			"upgrade from x: today's functions take over without any change that is not meant\n", true},
		"a long value": {map[difference]int{{"r", "f", "", strings.Repeat("x", 301)}: 1}, base{what: "x"}, intended{},
			"  DIFFERS r f, 1 times, as in \n    is: " + strings.Repeat("x", 300) + "...\n" +
				"upgrade from x: FAILED: 1 fields differ that nobody meant, 0 stale lines\n", false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			p := newProof(nil, nil)
			p.seen, p.first = tc.seen, map[difference]string{region: "example", regionToo: "elsewhere", role: "example"}
			var out strings.Builder
			ok := p.report(&out, tc.base, tc.list)
			_, said, _ := strings.Cut(out.String(), "\n")
			if diff := cmp.Diff(tc.want, said); diff != "" || ok != tc.ok {
				t.Errorf("report() = %v, want %v, -want +got:\n%s", ok, tc.ok, diff)
			}
		})
	}
}

func TestReadIntended(t *testing.T) {
	t.Parallel()
	if list, err := readIntended(filepath.Join(repository, "hack", "upgrade.yaml")); err != nil || list.Base == "" {
		t.Errorf("the file of this repository: base %q, %v", list.Base, err)
	}
	for reason, tc := range map[string]struct{ text, want string }{
		"no reason":            {"base: x\ndifferences: [{resource: a, field: b}]", "differences[0] needs resource, field and reason"},
		"a reason of blanks":   {"base: x\ndifferences: [{resource: a, field: b, reason: ' '}]", "differences[0] needs resource, field and reason"},
		"a field that is none": {"base: x\ndifference: []", "unknown field"},
	} {
		file := filepath.Join(t.TempDir(), "upgrade.yaml")
		if err := os.WriteFile(file, []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readIntended(file); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %s", reason, err, tc.want)
		}
	}
}

// A base that cannot be had is told, and is no success but for the previous commit.
func TestNotChecked(t *testing.T) {
	t.Parallel()
	for _, required := range []bool{true, false} {
		var out strings.Builder
		b := base{what: "the commit", err: errors.New("no history"), required: required}
		ok, err := command{}.prove(context.Background(), &out, git{root: t.TempDir()}, b, nil, intended{})
		if err != nil || ok == required || out.String() != "upgrade from the commit: NOT CHECKED: no history\n" {
			t.Errorf("required %v: %v, %v, %q", required, ok, err, out.String())
		}
	}
}

func TestBases(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	run := func(args ...string) string {
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"}, args...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	run("init", "--quiet")
	run("commit", "--quiet", "--allow-empty", "-m", "one")
	one := run("rev-parse", "HEAD")
	repo := git{root: dir}

	all, err := repo.bases(ctx, nil, one)
	if err != nil || len(all) != 2 || all[0].commit != "" || all[0].err == nil || all[0].required || all[1].commit != one || !all[1].required {
		t.Errorf("the first commit has none before it: %+v, %v", all, err)
	}
	run("commit", "--quiet", "--allow-empty", "-m", "two")
	two := run("rev-parse", "HEAD")
	if all, err = repo.bases(ctx, nil, one); err != nil || len(all) != 1 || all[0].commit != one || !all[0].release || !all[0].required {
		t.Errorf("the previous commit is the release: %+v, %v", all, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if all, err = repo.bases(ctx, nil, one); err != nil || len(all) != 2 || all[0].commit != two || all[1].commit != one {
		t.Errorf("with changes, the previous commit is the present one: %+v, %v", all, err)
	}
	if all, err = repo.bases(ctx, []string{"HEAD^", "nowhere"}, ""); err != nil || len(all) != 2 || all[0].commit != one || all[1].err == nil || !all[1].required {
		t.Errorf("what was asked for: %+v, %v", all, err)
	}
	if all, err = repo.bases(ctx, nil, ""); err == nil {
		t.Errorf("no release: %+v", all)
	}
	if _, _, err := repo.build(ctx, base{commit: one}); err == nil || !strings.Contains(err.Error(), "cannot be built") {
		t.Errorf("a commit without functions: %v", err)
	}
}

func TestExtract(t *testing.T) {
	t.Parallel()
	archive := func(name string) *bytes.Buffer {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: 4}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("text")); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return &b
	}
	dir := t.TempDir()
	if err := extract(archive("a/b.txt"), dir); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "a", "b.txt")); err != nil || string(text) != "text" {
		t.Errorf("%q, %v", text, err)
	}
	if err := extract(archive("../b.txt"), dir); err == nil {
		t.Error("a file was written outside")
	}
	if err := extract(strings.NewReader("no archive"), dir); err == nil {
		t.Error("no archive was read")
	}
}
