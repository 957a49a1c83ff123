package landing

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// drainTimeout is how long calls in flight may take after the context ended.
const drainTimeout = 5 * time.Second

// Serve serves the stand-in on a loopback address over mutual TLS, as core demands it, until the context ends. The directory
// holds tls.crt, tls.key and ca.crt.
func Serve(ctx context.Context, address, certsDir string, log *slog.Logger) error {
	config, err := mutualTLS(certsDir)
	if err != nil {
		return err
	}
	if err := loopback(address); err != nil {
		return err
	}
	lis, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("the stand-in for function-environment cannot listen on %s: %w", address, err)
	}
	return serve(ctx, lis, config, log)
}

func serve(ctx context.Context, lis net.Listener, config *tls.Config, log *slog.Logger) error {
	srv := grpc.NewServer(grpc.Creds(credentials.NewTLS(config)))
	fnv1.RegisterFunctionRunnerServiceServer(srv, NewFunction(log))
	drained := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { drain(srv); close(drained) })
	log.Info("serving the stand-in for function-environment", "address", lis.Addr().String())
	err := srv.Serve(lis)
	if !stop() {
		<-drained // Serve returns before the calls in flight have ended
		return nil
	}
	if err != nil {
		return fmt.Errorf("the stand-in for function-environment stopped serving: %w", err)
	}
	return nil
}

// drain lets the calls in flight end, but not for ever.
func drain(srv *grpc.Server) {
	timer := time.AfterFunc(drainTimeout, srv.Stop)
	defer timer.Stop()
	srv.GracefulStop()
}

func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q is no address to listen on; write one such as 127.0.0.1:9443: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("the stand-in for function-environment listens on loopback only, not on %q: write 127.0.0.1", host)
	}
	return nil
}

func mutualTLS(dir string) (*tls.Config, error) {
	certificate, err := tls.LoadX509KeyPair(filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key"))
	if err != nil {
		return nil, fmt.Errorf("cannot use the certificate in %s; it needs tls.crt, tls.key and ca.crt: %w", dir, err)
	}
	ca, err := os.ReadFile(filepath.Join(dir, "ca.crt"))
	if err != nil {
		return nil, fmt.Errorf("cannot read the authority of clients; %s needs tls.crt, tls.key and ca.crt: %w", dir, err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca) {
		return nil, fmt.Errorf("%s holds no certificate", filepath.Join(dir, "ca.crt"))
	}
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		Certificates: []tls.Certificate{certificate},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    pool,
	}, nil
}
