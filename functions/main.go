// Command goldenpath serves the composition functions of Goldenpath.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is a global because the linker can set nothing else; it is set when a release is built: -ldflags "-X main.version=v1.2.3".
var version = "dev"

type cli struct {
	Serve   serveCmd   `cmd:"" help:"Serve one function, or with --all every function of a functions file."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

type versionCmd struct{}

// Run prints the version of the binary and of Go.
func (versionCmd) Run(out io.Writer) error {
	_, err := fmt.Fprintf(out, "goldenpath %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	// A second signal ends the process at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main without the process: it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	exited := false
	parser, err := kong.New(&cli{},
		kong.Name("goldenpath"),
		kong.Description("The composition functions of Goldenpath: serve one in a pod, or all of them on loopback for render."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(c int) { exited, code = true, c }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.BindTo(stdout, (*io.Writer)(nil)),
		kong.Bind(logWriter{stderr}),
		kong.Vars{"functions": names(functions())})
	if err != nil {
		return fail(stderr, err)
	}
	command, err := parser.Parse(args)
	if exited { // --help
		return code
	}
	if err == nil {
		err = command.Run()
	}
	if err != nil {
		return fail(stderr, err)
	}
	return 0
}

func fail(stderr io.Writer, err error) int {
	_, _ = fmt.Fprintf(stderr, "goldenpath: %v\n", err)
	return 1
}
