// Package identity plays the part of a Kubernetes API server that Vault needs: it signs tokens of service accounts, serves the
// TokenReview that verifies them, and tells the keys to verify them with, as an issuer does.
package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

// Issuer signs tokens and reviews them.
type Issuer struct {
	key *ecdsa.PrivateKey
	// name in the tokens: where it serves, or one that nobody serves.
	name string
}

// New makes an issuer with a key of its own.
func New() (*Issuer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("cannot make a key: %w", err)
	}
	return &Issuer{key: key, name: "https://kubernetes.default.svc"}, nil
}

// claims of a token, as Kubernetes writes them.
type claims struct {
	Issuer  string `json:"iss"`
	Subject string `json:"sub"`
	// Audiences are whom the token is for.
	Audiences []string `json:"aud,omitempty"`
	Issued    int64    `json:"iat"`
	Begins    int64    `json:"nbf"`
	Expires   int64    `json:"exp"`
	Bound     bound    `json:"kubernetes.io"`
}

type bound struct {
	Namespace string `json:"namespace"`
	Account   struct {
		Name string `json:"name"`
		UID  string `json:"uid"`
	} `json:"serviceaccount"`
}

// part is the size of one half of a signature with P-256.
const part = 32

// Token of a service account for some audiences, valid for an hour.
func (i *Issuer) Token(namespace, account string, audiences ...string) (string, error) {
	now := time.Now()
	c := claims{
		Issuer: i.name, Audiences: audiences, Subject: "system:serviceaccount:" + namespace + ":" + account,
		Issued: now.Unix(), Begins: now.Unix(), Expires: now.Add(time.Hour).Unix(),
	}
	c.Bound.Namespace, c.Bound.Account.Name, c.Bound.Account.UID = namespace, account, "uid-of-"+account
	body, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("cannot write the claims: %w", err)
	}
	signed := encode([]byte(`{"alg":"ES256","typ":"JWT","kid":"key"}`)) + "." + encode(body)
	sum := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, i.key, sum[:])
	if err != nil {
		return "", fmt.Errorf("cannot sign: %w", err)
	}
	signature := make([]byte, 2*part)
	r.FillBytes(signature[:part])
	s.FillBytes(signature[part:])
	return signed + "." + encode(signature), nil
}

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// verify returns the claims of a token that we signed and that has not expired.
func (i *Issuer) verify(token string) (claims, error) {
	var c claims
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return c, errors.New("not a token")
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || len(signature) != 2*part {
		return c, errors.New("not a signature")
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(&i.key.PublicKey, sum[:], new(big.Int).SetBytes(signature[:part]), new(big.Int).SetBytes(signature[part:])) {
		return c, errors.New("signed by somebody else")
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return c, fmt.Errorf("the claims are not encoded: %w", err)
	}
	if err := json.Unmarshal(body, &c); err != nil {
		return c, fmt.Errorf("the claims are not JSON: %w", err)
	}
	if time.Now().Unix() > c.Expires {
		return c, errors.New("expired")
	}
	return c, nil
}

// Serve answers over TLS on loopback until the server is closed. Tokens name the server as their issuer from then on.
func (i *Issuer) Serve(certificate tls.Certificate) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("/", i.review)
	mux.HandleFunc("GET /.well-known/openid-configuration", i.discovery)
	mux.HandleFunc("GET "+keysPath, i.keys)
	server := httptest.NewUnstartedServer(mux)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	i.name = server.URL
	return server
}

// keysPath is where an API server has its keys.
const keysPath = "/openid/v1/jwks"

// discovery says where the keys are.
// https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery
func (i *Issuer) discovery(w http.ResponseWriter, _ *http.Request) {
	tell(w, map[string]any{
		"issuer": i.name, "jwks_uri": i.name + keysPath, "response_types_supported": []string{"id_token"},
		"subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"ES256"},
	})
}

// keys are the public keys that tokens are verified with.
func (i *Issuer) keys(w http.ResponseWriter, _ *http.Request) {
	coordinate := func(n *big.Int) string { return encode(n.FillBytes(make([]byte, part))) }
	tell(w, map[string]any{"keys": []any{map[string]any{
		"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "key", "x": coordinate(i.key.X), "y": coordinate(i.key.Y),
	}}})
}

func tell(w http.ResponseWriter, answer map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	// A client that has gone needs no answer.
	_ = json.NewEncoder(w).Encode(answer)
}

func (i *Issuer) review(w http.ResponseWriter, r *http.Request) {
	var review struct {
		Spec struct {
			Token string `json:"token"`
		} `json:"spec"`
	}
	if r.URL.Path != "/apis/authentication.k8s.io/v1/tokenreviews" || json.NewDecoder(r.Body).Decode(&review) != nil {
		http.Error(w, "only TokenReviews are answered", http.StatusNotFound)
		return
	}
	status := map[string]any{"authenticated": false}
	if c, err := i.verify(review.Spec.Token); err != nil {
		status["error"] = err.Error()
	} else {
		status = map[string]any{"authenticated": true, "user": map[string]any{
			"username": c.Subject, "uid": c.Bound.Account.UID,
			"groups": []string{"system:serviceaccounts", "system:serviceaccounts:" + c.Bound.Namespace},
		}}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	// A client that has gone needs no answer.
	_ = json.NewEncoder(w).Encode(map[string]any{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "status": status})
}
