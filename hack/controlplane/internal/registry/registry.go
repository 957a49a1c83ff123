// Package registry is the OCI registry of a control plane: on loopback, in memory, without TLS. It holds our packages and the
// stubs of the providers'.
package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"time"

	ggcr "github.com/google/go-containerregistry/pkg/registry"
)

// Serve runs the registry until the context ends.
func Serve(ctx context.Context, address string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: ggcr.New(ggcr.Logger(log.New(io.Discard, "", 0))), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Push pushes the files of one package, one for each architecture, with the command that a platform team uses too.
func Push(ctx context.Context, cli string, files []string, reference string) error {
	cmd := exec.CommandContext(ctx, cli, "xpkg", "push", "-f", strings.Join(files, ","), reference) //nolint:gosec // Our own tool.
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot push %s: %w\n%s", reference, err, out)
	}
	return nil
}

// Up says that a registry answers.
func Up(ctx context.Context, address string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/v2/", nil)
	if err != nil {
		return err
	}
	rsp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return rsp.Body.Close()
}
