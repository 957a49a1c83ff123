package landing

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// certificates writes an authority and a certificate of it into a directory.
func certificates(t *testing.T) (dir string, client *tls.Config) {
	t.Helper()
	dir = t.TempDir()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, content := range map[string][]byte{
		"tls.crt": certificate, "ca.crt": certificate, "tls.key": pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certificate)
	return dir, &tls.Config{
		MinVersion: tls.VersionTLS13, RootCAs: roots, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	lis, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer lis.Close() //nolint:errcheck // Only its address is wanted.
	return lis.Addr().String()
}

func call(t *testing.T, address string, config *tls.Config) (*fnv1.RunFunctionResponse, error) {
	t.Helper()
	conn, err := grpc.NewClient("dns:///"+address, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return fnv1.NewFunctionRunnerServiceClient(conn).RunFunction(ctx, observed(t, staging), grpc.WaitForReady(config.Certificates != nil))
}

func TestServe(t *testing.T) {
	t.Parallel()
	dir, client := certificates(t)
	address := freeAddress(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, address, dir, slog.New(slog.DiscardHandler)) }()
	rsp, err := call(t, address, client)
	if err != nil || rsp.GetDesired().GetComposite().GetReady() != fnv1.Ready_READY_TRUE {
		t.Errorf("with a certificate: %v, %v", rsp, err)
	}
	stranger := client.Clone()
	stranger.Certificates = nil
	if _, err := call(t, address, stranger); err == nil {
		t.Error("without a certificate it answers as well")
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ends with %v", err)
		}
	case <-time.After(drainTimeout + 5*time.Second):
		t.Error("it does not end with its context")
	}
}

func TestServeRefuses(t *testing.T) {
	t.Parallel()
	dir, _ := certificates(t)
	without := func(file string, content []byte) string {
		broken, _ := certificates(t)
		path := filepath.Join(broken, file)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if content != nil {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return broken
	}
	busy, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() })
	for reason, tc := range map[string]struct{ address, dir, want string }{
		"all interfaces":          {"0.0.0.0:0", dir, "listens on loopback only"},
		"any interface":           {":0", dir, "listens on loopback only"},
		"no port":                 {"127.0.0.1", dir, "write one such as 127.0.0.1:9443"},
		"a busy port":             {busy.Addr().String(), dir, "cannot listen on " + busy.Addr().String()},
		"no key":                  {"127.0.0.1:0", without("tls.key", nil), "it needs tls.crt, tls.key and ca.crt"},
		"no authority":            {"127.0.0.1:0", without("ca.crt", nil), "needs tls.crt, tls.key and ca.crt"},
		"an authority of nothing": {"127.0.0.1:0", without("ca.crt", []byte("nothing")), "holds no certificate"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		err := Serve(ctx, tc.address, tc.dir, slog.New(slog.DiscardHandler))
		cancel()
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", reason, err, tc.want)
		}
	}
}
