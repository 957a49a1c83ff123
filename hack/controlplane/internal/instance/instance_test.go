package instance_test

import (
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/process"
)

func TestLoadFindsWhatWasSaved(t *testing.T) {
	dir := t.TempDir()
	if _, err := instance.Load("/root", dir); !errors.Is(err, instance.ErrNone) {
		t.Fatalf("Load of an empty directory = %v, expected ErrNone", err)
	}
	i, err := instance.New("/root", dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := i.Start(process.Spec{Name: "sleeper", Path: "/bin/sleep", Args: []string{"60"}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop(0) //nolint:errcheck // The test stops it; this is for when it fails.

	found, err := instance.Load("/root", dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(i, found, cmpopts.IgnoreUnexported(process.Process{})); diff != "" {
		t.Errorf("what is found differs from what was saved (-saved +found):\n%s", diff)
	}
	if got, ok := found.Process("sleeper"); !ok || !got.Alive() {
		t.Errorf("Process(sleeper) = %+v, %v; it runs", got, ok)
	}
	if _, ok := found.Process("other"); ok {
		t.Error("Process(other) finds one that was never started")
	}
	if err := found.Stop(); err != nil {
		t.Fatal(err)
	}
	if p.Alive() {
		t.Error("Stop left the process running")
	}
	if _, err := instance.Load("/root", dir); !errors.Is(err, instance.ErrNone) {
		t.Errorf("Load after Stop = %v, expected ErrNone", err)
	}
}

// A function that lost its package runtime has to be stopped too.
func TestStopEndsFunctionsThatWereLeftBehind(t *testing.T) {
	i, err := instance.New("/root", t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := process.Start(process.Spec{Name: "function", Path: "/bin/sleep", Args: []string{"60"}}, i.Path("logs"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(i.Save(), i.SaveFunctions([]process.Process{p})); err != nil {
		t.Fatal(err)
	}
	if err := i.Stop(); err != nil {
		t.Fatal(err)
	}
	if p.Alive() {
		t.Error("the function still runs")
	}
}

func TestRestartReplacesTheProcess(t *testing.T) {
	i, err := instance.New("/root", t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		p, err := i.Start(process.Spec{Name: "short", Path: "/bin/sleep", Args: []string{"60"}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Stop(0) })
	}
	if len(i.Processes) != 1 {
		t.Errorf("%d processes of one name are noted", len(i.Processes))
	}
}

func TestBusyPort(t *testing.T) {
	if _, err := instance.New("/root", t.TempDir(), 1); err == nil {
		t.Error("port 1 was accepted")
	}
}

func TestDamagedState(t *testing.T) {
	i, err := instance.New("/root", t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(i.Path("state.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := instance.Load("/root", i.Dir); err == nil || errors.Is(err, instance.ErrNone) {
		t.Errorf("Load of a damaged file = %v, expected an error of its own", err)
	}
}
