package rdsca

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"
)

// Every region has the three roots of RDS and nothing else: each signed by itself, a certificate authority, of this region, with the key that
// its name promises, and good for decades.
func TestBundles(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(files, "data/*.pem")
	if err != nil || len(names) < 27 {
		t.Fatalf("%d regions, %v", len(names), err)
	}
	seen := map[string]string{}
	for _, name := range names {
		region := strings.TrimSuffix(strings.TrimPrefix(name, "data/"), ".pem")
		rest := []byte(Bundle(region))
		for _, key := range []string{"RSA2048", "RSA4096", "ECC384"} {
			var block *pem.Block
			if block, rest = pem.Decode(rest); block == nil || block.Type != "CERTIFICATE" {
				t.Fatalf("%s: no certificate with a key of %s", region, key)
			}
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				t.Fatalf("%s: %v", region, err)
			}
			if want := "Amazon RDS " + region + " Root CA " + key + " G1"; cert.Subject.CommonName != want ||
				strings.Join(cert.Subject.Organization, "") != "Amazon Web Services, Inc." {
				t.Errorf("%s: subject %s, want %s", region, cert.Subject, want)
			}
			if got := kindOfKey(cert); got != key {
				t.Errorf("%s: key %s, want %s", region, got, key)
			}
			if err := cert.CheckSignatureFrom(cert); err != nil || !cert.IsCA || !cert.BasicConstraintsValid {
				t.Errorf("%s %s: not an authority of its own: %v", region, key, err)
			}
			if cert.NotBefore.After(time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)) || cert.NotAfter.Before(time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC)) {
				t.Errorf("%s %s: good from %s to %s", region, key, cert.NotBefore, cert.NotAfter)
			}
			public := fmt.Sprintf("%x", cert.RawSubjectPublicKeyInfo)
			if other := seen[public]; other != "" {
				t.Errorf("%s %s has the key of %s", region, key, other)
			}
			seen[public] = region + " " + key
		}
		if len(strings.TrimSpace(string(rest))) > 0 {
			t.Errorf("%s: more than three certificates: %.60s", region, rest)
		}
	}
}

func kindOfKey(cert *x509.Certificate) string {
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA%d", key.N.BitLen())
	case *ecdsa.PublicKey:
		return fmt.Sprintf("ECC%d", key.Params().BitSize)
	default:
		return fmt.Sprintf("%T", key)
	}
}

func TestUnknownRegions(t *testing.T) {
	t.Parallel()
	for _, region := range []string{"", "cn-north-1", "us-gov-west-1", "../rdsca", "eu-west-1/.", "*"} {
		if got := Bundle(region); got != "" {
			t.Errorf("%q has %d bytes", region, len(got))
		}
	}
}
