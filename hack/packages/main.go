// Command packages builds what a platform team installs: an xpkg per function and architecture, and the Configurations.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/goldenpath-dev/goldenpath/hack/packages/internal/command"
)

type commands struct {
	Build command.Build `cmd:"" help:"Build every package into a directory, with an index of what was built."`
}

func main() {
	var cli commands
	parser := kong.Parse(&cli, kong.Name("packages"), kong.UsageOnError(), kong.Description("Builds Crossplane packages without Docker."))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	parser.BindTo(ctx, (*context.Context)(nil))
	err := parser.Run()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "packages:", err)
		os.Exit(1)
	}
}
