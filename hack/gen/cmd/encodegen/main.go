// Encodegen writes, for every struct that carries the comment line "+goldenpath:encode", a method that writes the struct
// in its wire form without reflection. Usage: encodegen [-check] DIR... (DIR/... walks the tree below DIR).
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/goldenpath-dev/goldenpath/hack/gen/internal/encode"
	"github.com/goldenpath-dev/goldenpath/hack/gen/internal/output"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit code: 0 done, 1 refused or (with -check) out of date, 2 wrong usage.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("encodegen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprintln(stderr, "Usage: encodegen [-check] DIR...   (DIR/... walks the tree below DIR)")
		flags.PrintDefaults()
	}
	check := flags.Bool("check", false, "write nothing; exit 1 when a generated file is out of date")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() == 0 {
		flags.Usage()
		return 2
	}
	files, err := encode.Generate(flags.Args())
	if err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		return 1
	}
	return output.Report("encodegen", files, *check, stdout, stderr)
}
