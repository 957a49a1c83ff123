package up

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
)

// left is a directory as an earlier `up` has left it.
func left(t *testing.T, whole bool, alive, dead int) (dir string, all []process.Process) {
	t.Helper()
	i, err := instance.New("/root", t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for n := range alive + dead {
		p, err := i.Start(process.Spec{Name: string(rune('a' + n)), Path: "/bin/sleep", Args: []string{"60"}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Stop(0) })
		if n >= alive {
			if err := p.Stop(0); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, p)
	}
	i.Whole = whole
	if err := i.Save(); err != nil {
		t.Fatal(err)
	}
	return i.Dir, all
}

func TestAbsent(t *testing.T) {
	for _, tc := range []struct {
		name        string
		whole       bool
		alive, dead int
		says        string
	}{
		{"nothing runs any more: the machine was switched off", true, 0, 2, ""},
		{"runs", true, 2, 0, "is running already"},
		{"a process has ended", true, 1, 1, "is not whole: b has ended"},
		{"being started", false, 1, 0, "is being started"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir, all := left(t, tc.whole, tc.alive, tc.dead)
			err := absent(Options{Root: "/root", Dir: dir})
			if (err == nil) != (tc.says == "") || err != nil && !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, expected %q", err, tc.says)
			}
			for n, p := range all {
				if p.Alive() != (n < tc.alive) {
					t.Errorf("process %d: alive is %v", n, p.Alive())
				}
			}
		})
	}
	t.Run("nothing was ever there", func(t *testing.T) {
		if err := absent(Options{Root: "/root", Dir: t.TempDir()}); err != nil {
			t.Error(err)
		}
	})
}

func TestMissingTool(t *testing.T) {
	root, dir := t.TempDir(), filepath.Join(t.TempDir(), "control")
	_, err := Up(context.Background(), Options{Root: root, Dir: dir}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "etcd is missing") || !strings.Contains(err.Error(), "make tools-up") {
		t.Errorf("got %v, expected what is missing and the command that builds it", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it left %s behind: %v", dir, err)
	}
}
