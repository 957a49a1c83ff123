// Command try is not to stay.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e/changes"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/up"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root, dir string, only []string) error {
	i, err := instance.Load(root, dir)
	if slices.Contains(only, "stop") {
		if err != nil {
			return err
		}
		return i.Stop()
	}
	if errors.Is(err, instance.ErrNone) {
		i, err = up.Up(ctx, up.Options{Root: root, Dir: dir, Delay: time.Second}, os.Stdout)
	}
	if err != nil {
		return err
	}
	if slices.Contains(only, "up") {
		return nil
	}
	var chosen []e2e.Scenario
	for _, s := range changes.Scenarios() {
		if len(only) == 0 || slices.Contains(only, s.Name) {
			chosen = append(chosen, s)
		}
	}
	for _, s := range chosen {
		cmd := exec.CommandContext(ctx, "/tmp/gp/changes-clean.sh", "e2e-"+s.Name, "e2e-"+s.Name+"-b")
		cmd.Env = append(os.Environ(), "KUBECONFIG="+i.Kubeconfig())
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s", out)
		}
	}
	return e2e.Run(ctx, i, chosen, os.Stdout)
}
