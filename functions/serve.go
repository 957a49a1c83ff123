package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/goldenpath-dev/goldenpath/functions/internal/server"
)

// defaultMetricsAddress is that of one function; many in one process (local work) open no extra port unless asked.
const defaultMetricsAddress = ":8080"

// serveCmd does not read FUNCTION_NAME: in a pod that is the name of the Function object, not of one of ours.
type serveCmd struct {
	Function string `arg:"" optional:"" help:"Function to serve: ${functions}."`

	All           bool   `help:"Serve every function of --functions-file on its own loopback port, without TLS."`
	FunctionsFile string `default:"examples/functions.yaml" placeholder:"FILE" help:"Function objects with Development targets, for --all."`

	Address        string        `default:":9443" help:"Address to serve gRPC on."`
	TLSCertsDir    string        `name:"tls-certs-dir" env:"TLS_SERVER_CERTS_DIR" placeholder:"DIR" help:"Directory with tls.crt, tls.key and ca.crt for mutual TLS. Changed files are picked up without a restart."`
	Insecure       bool          `help:"Serve without TLS. For local work only: requests hold secrets."`
	MetricsAddress *string       `placeholder:"ADDRESS" help:"Address of /metrics, /healthz and /readyz; empty for none. Default :8080, with --all none."`
	MaxRecvBytes   int           `default:"16777216" placeholder:"BYTES" help:"Largest request accepted, in bytes (16 MiB)."`
	MaxSendBytes   int           `default:"4194304" placeholder:"BYTES" help:"Largest response sent, in bytes. Crossplane accepts 4 MiB; a larger response becomes a Fatal result."`
	DrainTimeout   time.Duration `default:"25s" help:"How long calls in flight may take after SIGTERM."`
	Now            *time.Time    `format:"2006-01-02T15:04:05Z07:00" placeholder:"TIME" help:"Fixed time (RFC 3339) instead of the clock, for output that can be compared."`
	LogLevel       slog.Level    `default:"info" help:"debug, info, warn or error."`
}

// logWriter is where the log goes; a type of its own, so that kong can tell it from stdout.
type logWriter struct{ io.Writer }

// Run serves until the context is cancelled.
func (c *serveCmd) Run(ctx context.Context, out io.Writer, log logWriter) error {
	targets, err := c.targets()
	if err != nil {
		return err
	}
	server.TuneMemory()
	table, now := functions(), c.clock()
	var fns []server.Function
	for _, t := range targets {
		fns = append(fns, server.Function{Name: t.function, Address: t.address, Runner: table[t.function](now)})
	}
	s, err := server.Listen(fns, c.options(log))
	if err != nil {
		return err
	}
	for _, t := range targets {
		_, _ = fmt.Fprintf(out, "%s -> %s\n", t.function, s.Address(t.function))
	}
	_, _ = fmt.Fprintln(out, "ready")
	return s.Serve(ctx)
}

func (c *serveCmd) targets() ([]target, error) {
	known := functions()
	switch {
	case c.All && c.Function != "":
		return nil, fmt.Errorf("write `goldenpath serve %s` or `goldenpath serve --all`, not both", c.Function)
	case c.All:
		return readTargets(c.FunctionsFile, known)
	case c.Function == "":
		return nil, fmt.Errorf("serve what? Write `goldenpath serve <function>` (%s), or `goldenpath serve --all` for all of them", names(known))
	case known[c.Function] == nil:
		return nil, fmt.Errorf("there is no function %q; there are: %s", c.Function, names(known))
	}
	return []target{{function: c.Function, address: c.Address}}, nil
}

func (c *serveCmd) options(log io.Writer) server.Options {
	o := server.Options{
		TLSCertsDir: c.TLSCertsDir, Insecure: c.Insecure,
		MaxRecvBytes: c.MaxRecvBytes, MaxSendBytes: c.MaxSendBytes, DrainTimeout: c.DrainTimeout,
		MetricsAddress: defaultMetricsAddress, AddressHint: "--address",
		Metrics: server.NewMetrics(version),
		Log:     slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: c.LogLevel})),
	}
	if c.All {
		// The targets are loopback addresses, and the Development runtime dials them without TLS.
		o.Insecure, o.MetricsAddress = true, ""
		o.AddressHint = "the annotation " + targetAnnotation + " in " + c.FunctionsFile
	}
	if c.MetricsAddress != nil {
		o.MetricsAddress = *c.MetricsAddress
	}
	return o
}

func (c *serveCmd) clock() func() time.Time {
	if c.Now == nil {
		return time.Now
	}
	fixed := *c.Now
	return func() time.Time { return fixed }
}

// Validate is called by kong.
func (c *serveCmd) Validate() error {
	if c.MaxRecvBytes <= 0 || c.MaxSendBytes <= 0 || c.DrainTimeout <= 0 {
		return errors.New("--max-recv-bytes, --max-send-bytes and --drain-timeout must be greater than zero")
	}
	return nil
}

func names[V any](m map[string]V) string {
	var all []string
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}
