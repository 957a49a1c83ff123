package server

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// The files that Crossplane's package manager mounts into a function pod.
const (
	certFile = "tls.crt"
	keyFile  = "tls.key"
	caFile   = "ca.crt"
)

// certificates serves mutual TLS from a directory. Each handshake compares the files with those in use, so that a
// rotation needs no restart. While the files are unreadable or do not belong together (the middle of a rotation), the last good ones stay.
type certificates struct {
	dir string
	log *slog.Logger

	mu     sync.Mutex
	files  [3][]byte
	config *tls.Config
}

// tlsConfig returns a server configuration for the directory; the error names the file and what is wrong with it.
func tlsConfig(dir string, log *slog.Logger) (*tls.Config, error) {
	c := &certificates{dir: dir, log: log}
	if err := c.reload(); err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: []string{"h2"},
		ClientAuth: tls.RequireAndVerifyClientCert,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			return c.current(), nil
		},
	}, nil
}

func (c *certificates) current() *tls.Config {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.reload(); err != nil {
		c.log.Warn("the TLS files changed and cannot be used; the previous ones stay in use", "error", err.Error())
	}
	return c.config
}

func (c *certificates) reload() error {
	var files [3][]byte
	for i, name := range []string{certFile, keyFile, caFile} {
		b, err := os.ReadFile(filepath.Join(c.dir, name)) //nolint:gosec // The directory is the operator's own flag.
		if err != nil {
			return fmt.Errorf("cannot read a TLS file; the directory needs %s, %s and %s: %w", certFile, keyFile, caFile, err)
		}
		files[i] = b
	}
	if c.config != nil && bytes.Equal(files[0], c.files[0]) && bytes.Equal(files[1], c.files[1]) && bytes.Equal(files[2], c.files[2]) {
		return nil
	}
	config, err := mutualTLS(c.dir, files)
	if err != nil {
		return err
	}
	c.files, c.config = files, config
	return nil
}

func mutualTLS(dir string, files [3][]byte) (*tls.Config, error) {
	cert, err := tls.X509KeyPair(files[0], files[1])
	if err != nil {
		return nil, fmt.Errorf("%s and %s in %s are not a certificate with its key, both PEM: %w", certFile, keyFile, dir, err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(files[2]) {
		return nil, fmt.Errorf("%s has no PEM certificate: %w", filepath.Join(dir, caFile), errNoCA)
	}
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		NextProtos:   []string{"h2"},
		Certificates: []tls.Certificate{cert},
		ClientCAs:    pool,
		ClientAuth:   tls.RequireAndVerifyClientCert,
	}, nil
}

var errNoCA = errors.New("it must hold the certificate authority that signed Crossplane's client certificate")
