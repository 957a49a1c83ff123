// Command harness renders the examples, holds them against the providers' schemas, and keeps the lock of those schemas.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/activation"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/bench"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/facts"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/gate"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/mutate"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/render"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/repo"
	"github.com/goldenpath-dev/goldenpath/hack/harness/internal/stubs"
)

// commands is the command table: one package for each.
type commands struct {
	Root string `default:"." help:"Any directory of the repository." type:"existingdir"`

	Render render.Command `cmd:"" help:"Render the examples through Crossplane and compare them with their golden output."`
	Gate   gate.Command   `cmd:"" help:"Hold every example against the schemas of the kinds in it."`
	Lock   facts.Command  `cmd:"" help:"Write the lock of the schema facts that our parameter structs rely on."`
	CRDs   stubs.Command  `cmd:"" name:"crds" help:"Write stub provider packages, CRDs only, for a local control plane."`
	Mutate mutate.Command `cmd:"" help:"Seed the faults of a list into the functions, and check that a test notices each."`
	Bench  bench.Command  `cmd:"" help:"Measure latency, processor time and memory per call beside a baseline, against the budgets."`

	Activation activation.Command `cmd:"" help:"Write the activation policies: the managed resources that our functions compose."`

	Baseline bench.BaselineCommand `cmd:"" name:"bench-baseline" hidden:"" help:"Serve the baseline of the benchmark."`
}

func main() {
	var cli commands
	ctx := kong.Parse(&cli, kong.Name("harness"), kong.UsageOnError(), kong.Description("Renders and validates the examples."))
	root, err := repo.Root(cli.Root)
	if err == nil {
		err = ctx.Run(repo.Dir(root))
	}
	if err == nil {
		return
	}
	if !errors.Is(err, repo.ErrReported) {
		fmt.Fprintln(os.Stderr, "harness:", err)
	}
	os.Exit(1)
}
