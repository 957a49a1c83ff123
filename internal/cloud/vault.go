package cloud

import "encoding/pem"

func mount(r Resource) map[string]any {
	return map[string]any{"id": r.text("path"), "accessor": r.kept("accessor", r.text("type")+"_"+r.digits(8))}
}

func authBackend(r Resource) map[string]any {
	return map[string]any{"id": r.text("path"), "accessor": r.kept("accessor", "auth_"+r.text("type")+"_"+r.digits(8))}
}

// authConfig has one id for whatever it says.
// https://registry.terraform.io/providers/hashicorp/vault/latest/docs/resources/kubernetes_auth_backend_config
func authConfig(r Resource) map[string]any {
	return map[string]any{"id": "auth/" + r.text("backend") + "/config"}
}

// certificateRefused: Vault takes the authority of a cluster in PEM, and nothing else. EKS reports it in base64.
// https://github.com/hashicorp/vault-plugin-auth-kubernetes/blob/main/path_config.go
func certificateRefused(c Call) *Refusal {
	authority := stringIn("kubernetesCaCert", c.Sent)
	if block, _ := pem.Decode([]byte(authority)); authority == "" || block != nil && block.Type == "CERTIFICATE" {
		return nil
	}
	return &Refusal{Message: "The provided CA PEM data contains no valid certificates"}
}

// Unrevoked is what Vault says when it cannot unmount: a lease of a role is open, and nothing is left to revoke it with.
// https://github.com/hashicorp/vault/issues/3464
func Unrevoked(mountPath, role string) *Refusal {
	return &Refusal{Message: "failed to revoke \"" + mountPath + "/creds/" + role + "/...\" (1 / 1): failed to revoke entry: " +
		"resp: (*logical.Response)(nil) err: failed to find entry for connection"}
}
