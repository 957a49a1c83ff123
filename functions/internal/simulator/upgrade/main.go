// Command upgrade proves that the functions of today take over what the functions of an earlier commit composed.
//
// It builds the earlier functions, lets the simulator bring every example of that commit to a rest with them, in both flavours,
// and asks today's functions in every state on the way: what is composed has to be wanted again, unchanged. At rest,
// today's functions take over for some rounds. Differences that are meant stand in a file, each with its reason.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

type command struct {
	Root     string   `default:"." type:"existingdir" help:"The repository."`
	Binary   string   `default:"_output/bin/goldenpath" help:"Today's functions, relative to the repository."`
	Intended string   `default:"hack/upgrade.yaml" help:"Differences that are meant, and the commit of the last release, relative to the repository."`
	Base     []string `placeholder:"COMMIT" help:"Earlier commits. The previous one, and the one that the file names, when not given."`
}

// errReported ends a run that has printed what is wrong.
var errReported = errors.New("reported")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c command
	kong.Parse(&c, kong.Name("upgrade"), kong.Description("Proves that today's functions take over what an earlier commit's composed."))
	if err := c.run(ctx, os.Stdout); err != nil {
		if !errors.Is(err, errReported) {
			fmt.Fprintln(os.Stderr, "upgrade:", err)
		}
		stop()
		os.Exit(1) //nolint:gocritic // stop has run
	}
}

// run proves every base, and returns an error when one differs or could not be had.
func (c command) run(ctx context.Context, out io.Writer) error {
	list, err := readIntended(filepath.Join(c.Root, c.Intended))
	if err != nil {
		return err
	}
	repository := git{root: c.Root}
	bases, err := repository.bases(ctx, c.Base, list.Base)
	if err != nil {
		return err
	}
	today, err := serve(ctx, c.Root, filepath.Join(c.Root, c.Binary))
	if err != nil {
		return fmt.Errorf("today's functions (run `make build`): %w", err)
	}
	defer today.stop()
	bad := false
	for _, b := range bases {
		ok, err := c.prove(ctx, out, repository, b, today, list)
		if err != nil {
			return err
		}
		bad = bad || !ok
	}
	if bad {
		return errReported
	}
	return nil
}

// prove one base. A base that cannot be had is told, and is a failure unless it is only the previous commit.
func (c command) prove(ctx context.Context, out io.Writer, repository git, b base, today *release, list intended) (bool, error) {
	start := time.Now()
	tree, binary, err := repository.build(ctx, b)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		fmt.Fprintf(out, "upgrade from %s: NOT CHECKED: %v\n", b.title(), err)
		return !b.required, nil
	}
	before, err := serve(ctx, tree, binary)
	if err != nil {
		return false, fmt.Errorf("functions of %s: %w", b.title(), err)
	}
	defer before.stop()
	p := newProof(before, today)
	if err := p.examples(); err != nil {
		return false, fmt.Errorf("upgrade from %s: %w", b.title(), err)
	}
	ok := p.report(out, b, list)
	fmt.Fprintf(out, "took %.1f s\n", time.Since(start).Seconds())
	return ok, nil
}
