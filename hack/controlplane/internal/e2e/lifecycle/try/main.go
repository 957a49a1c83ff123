// Command try is for development only.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e/lifecycle"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/e2e/people"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/up"
)

func main() {
	if err := run(); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

func run() error {
	ctx := context.Background()
	root, _ := filepath.Abs("/work/main")
	dir := filepath.Join(root, "_output", "try-lifecycle")
	switch os.Args[1] {
	case "up":
		_, err := up.Up(ctx, up.Options{Root: root, Dir: dir, Delay: time.Second}, os.Stdout)
		return err
	case "down":
		i, err := instance.Load(root, dir)
		if err != nil {
			return err
		}
		return i.Stop()
	}
	i, err := instance.Load(root, dir)
	if err != nil {
		return err
	}
	if os.Args[1] == "runtime" {
		if p, ok := i.Process(up.RuntimeProcess); ok {
			_ = p.Stop(20 * time.Second)
		}
		return up.StartRuntime(i)
	}
	if os.Args[1] == "simulator" {
		if p, ok := i.Process(up.SimulatorProcess); ok {
			_ = p.Stop(20 * time.Second)
		}
		return up.StartSimulator(i)
	}
	var chosen []e2e.Scenario
	for _, s := range append(lifecycle.Scenarios(), people.Scenarios()...) {
		if len(os.Args) < 3 || slices.Contains(os.Args[2:], s.Name) {
			chosen = append(chosen, s)
		}
	}
	return e2e.Run(ctx, i, chosen, os.Stdout)
}
