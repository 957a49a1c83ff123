package environment

import (
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// certificates are those in a text, as Vault takes them: in PEM, every line ended. EKS and kubeconfigs give them in base64. Empty for
// what is neither.
// https://docs.aws.amazon.com/eks/latest/APIReference/API_Certificate.html
// https://github.com/hashicorp/vault-plugin-auth-kubernetes/blob/main/path_config.go
func certificates(text string) string {
	text = strings.TrimSpace(text)
	if holdsCertificate(text) {
		return text + "\n"
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if decoded := strings.TrimSpace(string(raw)); err == nil && holdsCertificate(decoded) {
		return decoded + "\n"
	}
	return ""
}

// holdsCertificate says that a text is PEM with one certificate at least, and nothing else in it.
func holdsCertificate(text string) bool {
	rest := []byte(text + "\n")
	for found := false; ; found = true {
		block, after := pem.Decode(rest)
		switch {
		case block == nil:
			return found && strings.TrimSpace(string(rest)) == ""
		case block.Type != "CERTIFICATE" || len(block.Bytes) == 0:
			return false
		}
		rest = after
	}
}

// vaultCertificate refuses what Vault would refuse.
func vaultCertificate(e *environment) *plan.Refusal {
	switch v := e.claim.vault; {
	case v == nil || v.KubernetesCACert == "":
		return nil
	case v.KubernetesHost == "" && e.authMethod() == pipelinev1.AuthJWT && e.ownAuth():
		return plan.Refuse(v1.ConditionVaultReady, conditions.InvalidSpec,
			"spec.vault.kubernetesCaCert: Vault takes the keys of tokens from the issuer, and not from the API server that this certificate is "+
				"of. Remove the field, or write spec.vault.kubernetesHost too")
	case certificates(v.KubernetesCACert) != "":
		return nil
	}
	return plan.Refuse(v1.ConditionVaultReady, conditions.InvalidSpec, fmt.Sprintf(
		"spec.vault.kubernetesCaCert: %.40q is no certificate; write it in PEM, from -----BEGIN CERTIFICATE----- to "+
			"-----END CERTIFICATE-----, or in base64 as certificate-authority-data of a kubeconfig has it", e.claim.vault.KubernetesCACert))
}
