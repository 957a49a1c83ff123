package environment

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Vault takes PEM and nothing else: "The provided CA PEM data contains no valid certificates".
func TestCertificates(t *testing.T) {
	t.Parallel()
	encoded := base64.StdEncoding.EncodeToString([]byte(clusterCA))
	key := strings.ReplaceAll(clusterCA, "CERTIFICATE", "RSA PRIVATE KEY")
	for reason, tc := range map[string]struct{ text, want string }{
		"PEM":                          {clusterCA, clusterCA},
		"no end of the last line":      {strings.TrimSpace(clusterCA), clusterCA},
		"base64, as EKS gives it":      {encoded, clusterCA},
		"base64 in lines":              {encoded[:20] + "\n  " + encoded[20:] + "\n", clusterCA},
		"several":                      {clusterCA + clusterCA, clusterCA + clusterCA},
		"several in base64":            {base64.StdEncoding.EncodeToString([]byte(clusterCA + "\n" + clusterCA)), clusterCA + "\n" + clusterCA},
		"nothing":                      {"", ""},
		"words":                        {"the certificate of the cluster", ""},
		"base64 of words":              {base64.StdEncoding.EncodeToString([]byte("words")), ""},
		"base64 of base64":             {base64.StdEncoding.EncodeToString([]byte(encoded)), ""},
		"half of one":                  {clusterCA[:40], ""},
		"one and a half":               {clusterCA + clusterCA[:40], ""},
		"a key":                        {key, ""},
		"a certificate and its key":    {clusterCA + key, ""},
		"an empty certificate":         {"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", ""},
		"words and then a certificate": {"a\n" + clusterCA, "a\n" + clusterCA},
	} {
		if got := certificates(tc.text); got != tc.want {
			t.Errorf("%s: %q, want %q", reason, got, tc.want)
		}
	}
}

// Base64 that an earlier version composed is repaired, whether EKS answers now or not.
func TestAuthConfigIsRepaired(t *testing.T) {
	t.Parallel()
	for reason, now := range map[string]func(*environment){
		"EKS answers": func(*environment) {}, "EKS is silent": func(e *environment) { e.cluster = cluster{} },
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := reviewedParts(t, nil)
			set(w.observed[nameAuthConfig], "spec.forProvider.kubernetesCaCert", base64.StdEncoding.EncodeToString([]byte(clusterCA))+"\n")
			got := forProvider(w.parts(now).plan, nameAuthConfig)
			equal(t, "configuration", []string{endpointURL, clusterCA}, []string{got.String("kubernetesHost"), got.String("kubernetesCaCert")})
		})
	}
}

func TestCertificateOfTheClaim(t *testing.T) {
	t.Parallel()
	for reason, tc := range map[string]struct {
		text, want string
		refused    bool
	}{
		"PEM":          {clusterCA, clusterCA, false},
		"base64":       {base64.StdEncoding.EncodeToString([]byte(clusterCA)), clusterCA, false},
		"a name of it": {"ca.crt", "", true},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := reviewedParts(t, nil).with(fields{"vault.kubernetesHost": "https://api.example.org", "vault.kubernetesCaCert": tc.text})
			var refusal *plan.Refusal
			_, err := w.call()
			if errors.As(err, &refusal) != tc.refused {
				t.Fatalf("answer: %v", err)
			}
			if tc.refused {
				equal(t, "words", `spec.vault.kubernetesCaCert: "ca.crt" is no certificate; write it in PEM, from -----BEGIN CERTIFICATE----- to `+
					`-----END CERTIFICATE-----, or in base64 as certificate-authority-data of a kubeconfig has it`, refusal.Message)
				return
			}
			equal(t, "certificate", tc.want, forProvider(w.parts().plan, nameAuthConfig).String("kubernetesCaCert"))
		})
	}
}
