package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/report"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/translate"
)

// landings are environments that differ in how service accounts log in. All are on EKS.
const (
	// issuerLanding trusts the issuer of the cluster, as new ones do.
	issuerLanding = "issuer"
	// keysLanding takes the keys from the API server.
	keysLanding = "keys"
	// beforeLanding has the Kubernetes method, as those from before have.
	beforeLanding = "before"
)

const landingExample = "examples/environments/03-staging-dedicated-network"

func landings() []string { return []string{issuerLanding, keysLanding, beforeLanding} }

// landing is an Environment that is composed and applied.
type landing struct {
	objects []object
	// vault is its status.vault, by which services find it.
	vault map[string]any
}

// land composes the Environments and applies what they have in Vault.
func (w *world) land(ctx context.Context, out *report.Report) error {
	for _, name := range landings() {
		out.Section("environment, %s: %s", name, landingExample)
		l, err := w.composeLanding(ctx, name)
		if err != nil {
			return fmt.Errorf("environment %s: %w", name, err)
		}
		requests, err := translate.Requests(l.objects, translate.Local{CA: string(w.certificate.CA)})
		if err != nil {
			return fmt.Errorf("environment %s: %w", name, err)
		}
		for _, r := range requests {
			_, err := w.vault.Do(ctx, r.Method, r.Path, r.Body)
			out.Can("Vault", "take "+r.Method+" "+r.Path+" as it is composed", err)
		}
		w.landings[name] = l
		if err := w.people(ctx, l, out); err != nil {
			return err
		}
	}
	return nil
}

// composeLanding renders the example, in which EKS answers with the address, the certificate and the issuer of the API server that we play.
func (w *world) composeLanding(ctx context.Context, name string) (landing, error) {
	dir := filepath.Join(w.dir, "landing-"+name)
	files, err := exampleFiles(w.root, landingExample, dir)
	if err != nil {
		return landing{}, err
	}
	if len(files["xr.yaml"]) == 0 {
		return landing{}, fmt.Errorf("%s has no claim", landingExample)
	}
	xr := files["xr.yaml"][0]
	delete(xr, "status")
	metadata, _ := xr["metadata"].(map[string]any)
	uid := translate.Text(xr, "metadata", "uid")
	// Each one has its own mounts.
	metadata["uid"] = uid[:len(uid)-len(name)] + strings.Map(hexadecimal, name)
	observed := without(without(files["observed.yaml"], "environment-vault-"), "environment-token-")
	for _, o := range observed {
		// They belong to the object with the other uid.
		metadata, _ := o["metadata"].(map[string]any)
		delete(metadata, "ownerReferences")
		if translate.Text(o, "metadata", "annotations", resourceName) == "environment-eks-cluster" {
			at, _ := translate.At(o, "status", "atProvider").(map[string]any)
			at["endpoint"] = w.server
			at["certificateAuthority"] = []any{map[string]any{"data": base64.StdEncoding.EncodeToString(w.certificate.CA)}}
			at["identity"] = []any{map[string]any{"oidc": []any{map[string]any{"issuer": w.server}}}}
		}
	}
	switch name {
	case keysLanding:
		if err := w.allowServer(dir); err != nil {
			return landing{}, err
		}
		vault, _ := translate.At(xr, "spec", "vault").(map[string]any)
		vault["kubernetesHost"] = w.server
	case beforeLanding:
		observed = append(observed, authFromBefore(translate.Text(xr, "metadata", "namespace")))
	}
	files["observed.yaml"] = observed
	l := landing{}
	if l.objects, err = settle(ctx, w.root, dir, landingExample, files); err != nil {
		return l, err
	}
	for _, o := range l.objects {
		if vault, ok := translate.At(o, "status", "vault").(map[string]any); ok && translate.Text(o, "kind") == "Environment" {
			l.vault = vault
		}
	}
	if l.vault == nil {
		return l, fmt.Errorf("%s publishes no Vault", landingExample)
	}
	if name == beforeLanding {
		// As earlier versions told it: services share the mount.
		delete(l.vault, "databaseMountPerService")
		delete(l.vault, "auth")
	}
	return l, nil
}

// allowServer lets the namespaces of the examples name the API server that we play.
func (w *world) allowServer(dir string) error {
	const allowed = "https://api.example.org"
	raw, err := os.ReadFile(filepath.Join(w.root, "examples", "platform", "environments", "composition.yaml"))
	if err != nil {
		return fmt.Errorf("cannot read the Composition of the examples: %w", err)
	}
	text := strings.Replace(string(raw), allowed, w.server, 1)
	if text == string(raw) {
		return fmt.Errorf("the Composition of the examples does not allow %s", allowed)
	}
	if err := os.WriteFile(filepath.Join(dir, "composition.yaml"), []byte(text), 0o600); err != nil {
		return fmt.Errorf("cannot write the Composition: %w", err)
	}
	return nil
}

// hexadecimal makes a digit of a UUID of a letter.
func hexadecimal(r rune) rune { return rune("0123456789abcdef"[r%16]) }

// authFromBefore is what an earlier version composed.
func authFromBefore(namespace string) object {
	return object{
		"apiVersion": "auth.vault.m.upbound.io/v1alpha1", "kind": "Backend",
		"metadata": map[string]any{
			"name": "before-kubernetes", "namespace": namespace, "annotations": map[string]any{resourceName: "environment-vault-kubernetes-auth"},
		},
		"spec":   map[string]any{"forProvider": map[string]any{"type": "kubernetes", "path": "before-kubernetes"}},
		"status": map[string]any{"conditions": []any{condition("Synced"), condition("Ready")}},
	}
}

// people of the team see what there is, and get no credentials.
func (w *world) people(ctx context.Context, l landing, out *report.Report) error {
	policy, namespace := "", ""
	for _, o := range l.objects {
		if translate.Text(o, "kind") == "Policy" {
			policy = translate.Text(o, "spec", "forProvider", "name")
		}
		if translate.Text(o, "kind") == "Environment" {
			namespace = translate.Text(o, "metadata", "namespace")
		}
	}
	answer, err := w.vault.Do(ctx, http.MethodPost, "auth/token/create", map[string]any{"policies": []string{policy}})
	if err != nil {
		return err
	}
	person, kv, database := w.vault.As(answer.Auth.ClientToken), translate.Text(l.vault, "kvMount"), translate.Text(l.vault, "databaseMount")
	entry := kv + "/data/" + namespace + "/appdatabase/seen"
	if _, err := w.vault.Do(ctx, http.MethodPost, entry, map[string]any{"data": map[string]any{"uri": "x"}}); err != nil {
		return err
	}
	_, err = person.Do(ctx, "LIST", kv+"/metadata/"+namespace+"/appdatabase", nil)
	out.Can("a person of the team", "list the entries of the namespace", err)
	_, err = person.Do(ctx, http.MethodGet, entry, nil)
	out.Can("a person of the team", "read an entry where people work on what runs", err)
	for _, attempt := range [][2]string{
		{http.MethodPost, entry}, {http.MethodGet, kv + "/data/other/appdatabase/seen"}, {http.MethodGet, database + "/creds/any"},
		{"LIST", database + "/config"}, {http.MethodGet, "sys/policies/acl/root"},
	} {
		_, err = person.Do(ctx, attempt[0], attempt[1], map[string]any{})
		out.Cannot("a person of the team", attempt[0]+" "+attempt[1], err, "permission denied")
	}
	return nil
}

// leave takes an environment from before down while Vault has issued what nobody can take back any more: somebody has deleted the
// connection first. Vault does not unmount, and does with what the condition tells.
func (w *world) leave(ctx context.Context, s *service, out *report.Report) error {
	out.Section("an environment whose mount has leases that nobody can take back")
	mount := translate.Text(w.landings[beforeLanding].vault, "databaseMount")
	u, err := s.issue(ctx, "reader")
	if err != nil {
		return err
	}
	for _, name := range []string{"vault-role-reader", "vault-connection"} {
		if d := translate.Deletion(s.of(name)); d != nil {
			if _, err := s.root.Do(ctx, d.Method, d.Path, nil); err != nil {
				return err
			}
		}
	}
	in, err := s.open(ctx, u)
	s.Can(u.String(), "still log in when role and connection are deleted: that revokes nothing", err)
	if err == nil {
		in.close()
	}
	unmount := func() error { _, err := w.vault.Do(ctx, http.MethodDelete, "sys/mounts/"+mount, nil); return err }
	out.Cannot("Vault", "unmount "+mount, unmount(), "failed to find entry for connection")
	_, err = w.vault.Do(ctx, http.MethodPut, "sys/leases/revoke-force/"+mount, nil)
	out.Can("the platform team", "vault lease revoke -force -prefix "+mount+"/", err)
	out.Can("Vault", "unmount it now", unmount())
	return nil
}
