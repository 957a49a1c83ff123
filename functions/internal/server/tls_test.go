package server

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"testing"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"

	"google.golang.org/grpc"
)

func call(t *testing.T, address string, config *tls.Config) (serial int64, err error) {
	t.Helper()
	var p peer.Peer
	_, err = fnv1.NewFunctionRunnerServiceClient(dial(t, address, config)).RunFunction(testContext(t), &fnv1.RunFunctionRequest{}, grpc.Peer(&p))
	if info, ok := p.AuthInfo.(credentials.TLSInfo); ok && err == nil {
		serial = info.State.PeerCertificates[0].SerialNumber.Int64()
	}
	return serial, err
}

func TestMutualTLS(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	dir := t.TempDir()
	ours.write(dir, 100)
	s := start(t, echo, Options{TLSCertsDir: dir})
	address := s.Address("test")

	if serial, err := call(t, address, ours.client(ours)); err != nil || serial != 100 {
		t.Errorf("our client: %d, %v", serial, err)
	}
	if _, err := call(t, address, theirs.client(ours)); err == nil {
		t.Error("a client signed by another authority was let in")
	}
	anonymous := ours.client(ours)
	anonymous.Certificates = nil
	if _, err := call(t, address, anonymous); err == nil {
		t.Error("a client without a certificate was let in")
	}
	if _, err := call(t, address, nil); err == nil {
		t.Error("a client without TLS was let in")
	}
	old := ours.client(ours)
	old.MaxVersion = tls.VersionTLS12
	if _, err := call(t, address, old); err == nil {
		t.Error("TLS 1.2 was let in")
	}
}

func TestRotation(t *testing.T) {
	first, second := newAuthority(t), newAuthority(t)
	dir := t.TempDir()
	first.write(dir, 100)
	address := start(t, echo, Options{TLSCertsDir: dir}).Address("test")
	if serial, err := call(t, address, first.client(first)); err != nil || serial != 100 {
		t.Fatalf("before: %d, %v", serial, err)
	}
	// The middle of a rotation: the key is not that of the certificate.
	if err := os.WriteFile(filepath.Join(dir, keyFile), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if serial, err := call(t, address, first.client(first)); err != nil || serial != 100 {
		t.Errorf("in the middle: %d, %v", serial, err)
	}
	second.write(dir, 200)
	if serial, err := call(t, address, second.client(second)); err != nil || serial != 200 {
		t.Errorf("after: %d, %v", serial, err)
	}
	if _, err := call(t, address, first.client(second)); err == nil {
		t.Error("after: a client of the old authority was let in")
	}
}

func TestTLSErrorsNameTheFile(t *testing.T) {
	cases := map[string]struct {
		file, content string
		want          []string
	}{
		"no certificate": {certFile, "", []string{certFile, "no such file", keyFile, caFile}},
		"no key":         {keyFile, "", []string{keyFile, "no such file"}},
		"no authority":   {caFile, "", []string{caFile, "no such file"}},
		"broken key":     {keyFile, "nonsense", []string{certFile, keyFile, "PEM"}},
		"empty CA":       {caFile, "nonsense", []string{caFile, "no PEM certificate", "certificate authority"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			newAuthority(t).write(dir, 1)
			path := filepath.Join(dir, tc.file)
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if tc.content != "" {
				if err := os.WriteFile(path, []byte(tc.content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Listen(nil, Options{TLSCertsDir: dir})
			if err == nil {
				t.Fatal("no error")
			}
			if missing := without(tc.want, err.Error()); len(missing) > 0 || !strings.Contains(err.Error(), dir) {
				t.Errorf("%q does not say %q and the directory", err, missing)
			}
		})
	}
}
