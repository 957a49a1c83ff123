// Command aws makes a provider-aws that is built in minutes: the pinned provider's own controllers, clients and configuration, and of
// Terraform's AWS provider the services of the kinds that we compose, instead of all 260. Nothing that decides how a kind is reconciled is
// changed; assemble.go says what is.
//
//	aws assemble --root ROOT --out DIR    write the source tree
//	aws stamp --root ROOT                 print what the tree is made from: the same line, the same tree
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say what to do: assemble, or stamp")
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	root := flags.String("root", ".", "root of the repository")
	out := flags.String("out", "", "directory to write")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	source, err := readSource(*root)
	if err != nil {
		return err
	}
	switch args[0] {
	case "assemble":
		if *out == "" {
			return fmt.Errorf("--out is missing: name the directory to write")
		}
		return assemble(*out, source)
	case "stamp":
		stamp, err := source.stamp()
		if err != nil {
			return err
		}
		fmt.Println(stamp)
		return nil
	default:
		return fmt.Errorf("%q is neither assemble nor stamp", args[0])
	}
}
