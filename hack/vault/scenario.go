package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/translate"
)

type object = translate.Object

// scenario is an example, and what is changed in it so that everything can be tried.
type scenario struct {
	name, example string
	change        func(claim, environment object) []object
	// used says that the administrator has worked in the database before Vault issues the first user. Otherwise 20 workloads ask
	// for the first users at once.
	used bool
	// landing is the environment that it is in, one of those in landings.
	landing string
}

// scenarios that run when none is named on the command line.
func scenarios() []scenario {
	return []scenario{
		{"postgresql, with IAM", "examples/appdatabases/33-iam", everyLevel, false, issuerLanding},
		{"postgresql, from static to dynamic credentials", "examples/appdatabases/03-ready", everyLevel, true, beforeLanding},
		{"mysql, on MariaDB", "examples/appdatabases/05-mysql-preview", everyLevel, true, issuerLanding},
		{"mariadb", "examples/appdatabases/23-mariadb", everyLevel, false, beforeLanding},
		{"mariadb, claims flavour, with IAM", "examples/appdatabases/37-claim-mariadb-iam", everyLevel, false, issuerLanding},
		{"static", "examples/appdatabases/18-static-credentials", withCredentials, false, keysLanding},
	}
}

// everyLevel gives each level to a service account of its own.
func everyLevel(claim, _ object) []object {
	spec, _ := claim["spec"].(map[string]any)
	var access []any
	for _, level := range levels() {
		access = append(access, map[string]any{"serviceAccount": "orders-" + level, "role": level})
	}
	spec["access"] = access
	return nil
}

func levels() []string { return []string{"reader", "writer", "admin"} }

// withCredentials gives the database the Secret in which its provider would have left the administrator's credentials.
func withCredentials(_, _ object) []object {
	return []object{{
		"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"namespace": "team-checkout"},
		"data": map[string]any{
			"username": base64.StdEncoding.EncodeToString([]byte("dbmaster")),
			"password": base64.StdEncoding.EncodeToString([]byte(administratorPassword)),
		},
	}}
}

// rounds until nothing more is composed: a mount, its connection, the roles, a payload, its entry, and one to see that it rests.
const rounds = 8

// compose renders the scenario through our functions until nothing more is composed. What is composed in one round is there and
// ready in the next.
func (s scenario) compose(ctx context.Context, root, dir string, vault any) ([]object, error) {
	files, err := exampleFiles(root, s.example, dir)
	if err != nil {
		return nil, err
	}
	environment := object{}
	for _, o := range files["required.yaml"] {
		if translate.Text(o, "kind") == "Environment" {
			environment = o
		}
	}
	status, _ := environment["status"].(map[string]any)
	if len(files["xr.yaml"]) == 0 || status == nil {
		return nil, fmt.Errorf("%s has no claim, or no Environment with a status", s.example)
	}
	status["vault"] = vault
	// It is new in its environment: what it had in Vault, and what it remembers of that, is of another.
	delete(files["xr.yaml"][0], "status")
	files["observed.yaml"] = without(files["observed.yaml"], "vault-")
	if s.change != nil {
		files["required.yaml"] = append(files["required.yaml"], named(s.change(files["xr.yaml"][0], environment), files["observed.yaml"])...)
	}
	return settle(ctx, root, dir, s.example, files)
}

// exampleFiles are the inputs of an example, and an empty directory for others. An example may lack all but the claim.
func exampleFiles(root, example, dir string) (map[string][]object, error) {
	if err := prepare(dir); err != nil {
		return nil, err
	}
	files := map[string][]object{}
	for _, name := range []string{"xr.yaml", "required.yaml", "observed.yaml"} {
		documents, err := read(filepath.Join(root, example, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		files[name] = documents
	}
	return files, nil
}

func prepare(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("cannot empty %s: %w", dir, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot make %s: %w", dir, err)
	}
	return nil
}

// settle renders until nothing more is composed. The files in dir are what it was rendered from at last.
func settle(ctx context.Context, root, dir, example string, files map[string][]object) ([]object, error) {
	for range rounds {
		for name, documents := range files {
			if err := write(filepath.Join(dir, name), documents); err != nil {
				return nil, err
			}
		}
		composed, err := render(ctx, root, filepath.Join(dir, "xr.yaml"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", example, err)
		}
		fresh := unseen(composed, files["observed.yaml"])
		if len(fresh) == 0 {
			return composed, nil
		}
		files["observed.yaml"] = append(files["observed.yaml"], fresh...)
	}
	return nil, fmt.Errorf("%s: something more is composed every time", example)
}

// without are the objects whose composition resource names do not begin like that.
func without(objects []object, prefix string) []object {
	return slices.DeleteFunc(slices.Clone(objects), func(o object) bool {
		return strings.HasPrefix(translate.Text(o, "metadata", "annotations", resourceName), prefix)
	})
}

// named gives a Secret the name under which the database's connection details are looked for.
func named(added, observed []object) []object {
	for _, o := range observed {
		for _, secret := range added {
			if name := translate.Text(o, "spec", "writeConnectionSecretToRef", "name"); name != "" {
				secret["metadata"] = map[string]any{"name": name, "namespace": translate.Text(o, "metadata", "namespace")}
			}
		}
	}
	return added
}

// render runs our functions once. What is composed bears the name of its composition resource; the claim with its status does not.
func render(ctx context.Context, root, xr string) ([]object, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(root, "_output", "bin", "harness"), "render", "--xr", xr)
	cmd.Dir = root
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("harness render: %w\n%s", err, errs.String())
	}
	documents, err := parse(out)
	if err != nil {
		return nil, err
	}
	var composed []object
	for _, o := range documents {
		if translate.Text(o, "metadata", "annotations", resourceName) != "" || slices.ContainsFunc(claimKinds(), func(kind string) bool {
			return strings.HasSuffix(translate.Text(o, "kind"), kind)
		}) {
			composed = append(composed, o)
		}
	}
	if len(composed) < 2 {
		return nil, errors.New("nothing is composed")
	}
	return composed, nil
}

// claimKinds end the kind of the composite, which is XAppDatabase in the claims flavour.
func claimKinds() []string { return []string{"AppDatabase", "Environment"} }

// resourceName is the annotation with the name of a composition resource.
const resourceName = "crossplane.io/composition-resource-name"

// unseen are the composed resources that are not observed yet, as they are once their provider has made them.
func unseen(composed, observed []object) []object {
	seen := make(map[string]bool, len(observed))
	for _, o := range observed {
		seen[translate.Text(o, "metadata", "annotations", resourceName)] = true
	}
	var out []object
	for _, o := range composed {
		if name := translate.Text(o, "metadata", "annotations", resourceName); name == "" || seen[name] {
			continue
		}
		if translate.At(o, "spec", "forProvider") != nil {
			o["status"] = map[string]any{"conditions": []any{condition("Synced"), condition("Ready")}}
		}
		out = append(out, o)
	}
	return out
}

func condition(kind string) map[string]any {
	return map[string]any{"type": kind, "status": "True", "reason": "Available", "lastTransitionTime": "2026-01-01T00:00:00Z"}
}

func read(path string) ([]object, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the example: %w", err)
	}
	return parse(raw)
}

func parse(raw []byte) ([]object, error) {
	var out []object
	for _, document := range strings.Split("\n"+string(raw), "\n---") {
		var o object
		if err := yaml.Unmarshal([]byte(document), &o); err != nil {
			return nil, fmt.Errorf("a document is not YAML: %w", err)
		}
		if len(o) > 0 {
			out = append(out, o)
		}
	}
	return out, nil
}

func write(path string, documents []object) error {
	var out bytes.Buffer
	for _, o := range documents {
		raw, err := yaml.Marshal(o)
		if err != nil {
			return fmt.Errorf("cannot write %s: %w", path, err)
		}
		out.WriteString("---\n")
		out.Write(raw)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

// preview says that the example's environment expires.
func (s scenario) preview(root string) bool {
	required, err := read(filepath.Join(root, s.example, "required.yaml"))
	return err == nil && slices.ContainsFunc(required, func(o object) bool {
		return translate.Text(o, "kind") == "Environment" && translate.Text(o, "spec", "type") == "preview"
	})
}
