// Xrdgen turns the CRDs that controller-gen writes from apis/v1 into Crossplane's CompositeResourceDefinitions, one per
// kind and flavour, and refuses everything that Crossplane would drop silently.
// Usage: xrdgen --crds DIR --out DIR [--bounds FILE] [--check].
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/goldenpath-dev/goldenpath/hack/gen/internal/output"
	"github.com/goldenpath-dev/goldenpath/hack/gen/internal/xrd"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit code: 0 done, 1 refused or (with --check) out of date, 2 wrong usage.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("xrdgen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	crds := flags.String("crds", "", "directory with the CRDs that controller-gen wrote")
	out := flags.String("out", "", "the apis directory: definitions go to DIR/<plural>/ and DIR/claims/<plural>/")
	bounds := flags.String("bounds", "", "the Go file that tells the functions the bounds of every field; without it fields need none")
	check := flags.Bool("check", false, "write nothing; exit 1 when a definition is out of date")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *crds == "" || *out == "" || flags.NArg() > 0 {
		_, _ = fmt.Fprintln(stderr, "Usage: xrdgen --crds DIR --out DIR [--bounds FILE] [--check]")
		return 2
	}
	files, findings, err := xrd.Generate(*crds, *out)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "xrdgen: %v\n", err)
		return 1
	}
	if *bounds != "" {
		file, unbounded, err := xrd.Bounded(*crds, *bounds)
		if err != nil {
			_, _ = fmt.Fprintf(stderr, "xrdgen: %v\n", err)
			return 1
		}
		files, findings = append(files, file), append(findings, unbounded...)
	}
	for _, f := range findings {
		_, _ = fmt.Fprintln(stderr, f)
	}
	if len(findings) > 0 {
		_, _ = fmt.Fprintf(stderr, "xrdgen: refused for %d reasons, nothing was written: "+
			"mend the Go types in apis/v1 and run make generate\n", len(findings))
		return 1
	}
	return output.Report("xrdgen", files, *check, stdout, stderr)
}
