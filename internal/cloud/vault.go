package cloud

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
