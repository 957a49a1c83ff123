package runtime

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
)

// rootCA is the Secret in which core keeps the authority that its client trusts.
const rootCA = "crossplane-root-ca"

// authority signs the server certificates of functions, as core's Deployment runtime does.
type authority struct {
	certificate *x509.Certificate
	key         any
	pem         []byte
}

func readAuthority(ctx context.Context, c client.Client) (*authority, error) {
	s := &corev1.Secret{}
	if err := c.Get(ctx, types.NamespacedName{Namespace: kube.SystemNamespace, Name: rootCA}, s); err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(s.Data["tls.crt"], s.Data["tls.key"])
	if err != nil {
		return nil, fmt.Errorf("the Secret %s holds no authority: %w", rootCA, err)
	}
	certificate, err := x509.ParseCertificate(pair.Certificate[0])
	return &authority{certificate: certificate, key: pair.PrivateKey, pem: s.Data["tls.crt"]}, err
}

// issue makes a server certificate for loopback: the files that a Secret of core's runtime would hold.
func (a *authority) issue(name string, now time.Time) (map[string][]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		DNSNames: []string{"localhost", name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"ca.crt":  a.pem,
		"tls.crt": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		"tls.key": pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}),
	}, nil
}

func writeFiles(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var failed []error
	for name, content := range files {
		failed = append(failed, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	return errors.Join(failed...)
}

// secret keeps a server certificate where core looks for it.
func secret(ctx context.Context, c client.Client, name string, files map[string][]byte) error {
	s := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: kube.SystemNamespace, Name: name}, Type: corev1.SecretTypeOpaque, Data: files,
	}
	if err := c.Create(ctx, s); err == nil || !apierrors.IsAlreadyExists(err) {
		return err
	}
	return c.Update(ctx, s)
}
