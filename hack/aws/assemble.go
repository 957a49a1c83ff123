package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// What is done to the modules, and nothing else:
//
//   - internal/ cannot be imported from outside, so the two modules are copied, and our main (mini/) is put inside.
//   - Two generated lists of Terraform's provider, of service packages and of SDK clients, are shortened to what is kept (trim.go).
//   - mini/go.mod replaces the provider's, for the upjet of v2.6.0: with that of v2.5.0 no SecurityGroupIngressRule is ever created
//     (https://github.com/crossplane-contrib/provider-upjet-aws/issues/2003, mended by pull request 2040 there). That upjet brings a
//     controller-runtime whose constructor of webhooks takes the object as an argument (rewriteWebhooks). So what runs is v2.6.0 but for
//     the storage versions of its CRDs: the Terraform provider under it is the same, and the schemas of our kinds are.
const terraformModule = "github.com/hashicorp/terraform-provider-aws"

// assemble writes the tree to a directory, in place of what was there.
func assemble(out string, s Source) error {
	from, err := download(s.Dir, s.Module+"@"+s.Version)
	if err != nil {
		return err
	}
	if from.Sum != s.Sum {
		return fmt.Errorf("%s %s has the sum %s, and hack/schemas/providers.yaml pins %s", s.Module, s.Version, from.Sum, s.Sum)
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	target, terraform := filepath.Join(out, "provider-aws"), filepath.Join(out, "terraform-provider-aws")
	groups := s.groups()
	if err := copyTree(from.Dir, target, keepOfProvider(groups)); err != nil {
		return err
	}
	// The fork of Terraform's provider that the provider's go.mod names, checked against its go.sum.
	upstream, err := download(target, terraformModule)
	if err != nil {
		return err
	}
	kept := services(groups)
	if err := copyTree(upstream.Dir, terraform, keepOfTerraform(kept)); err != nil {
		return err
	}
	return errors.Join(
		trimServices(filepath.Join(terraform, "internal", "provider", "sdkv2", "service_packages_gen.go"), kept),
		trimClients(terraform),
		rewriteWebhooks(filepath.Join(target, "internal", "controller")),
		putMini(target, s),
	)
}

// keepOfProvider chooses files of the provider: of its controllers, those of the groups.
func keepOfProvider(groups []string) func(rel string) bool {
	kept := set(groups)
	return func(rel string) bool {
		p := strings.Split(rel, "/")
		switch {
		case strings.HasSuffix(rel, "_test.go"):
			return false
		case len(p) > 2 && p[0] == "internal" && p[1] == "controller":
			return len(p) == 6 && p[2] == "namespaced" && kept[p[3]]
		default:
			return set([]string{"apis", "config", "hack", "internal", "go.mod", "go.sum"})[p[0]]
		}
	}
}

// keepOfTerraform chooses files of Terraform's provider: of its services, those that are listed.
func keepOfTerraform(services []string) func(rel string) bool {
	kept := set(services)
	return func(rel string) bool {
		p := strings.Split(rel, "/")
		switch {
		case strings.HasSuffix(rel, "_test.go"):
			return false
		case len(p) > 3 && p[0] == "internal" && p[1] == "service":
			return kept[p[2]] && p[3] != "testdata" && p[3] != "test-fixtures"
		case p[0] == "internal":
			return p[1] != "acctest"
		default:
			return set([]string{"names", "version", "xpprovider", "go.mod"})[p[0]]
		}
	}
}

// putMini puts our main into the provider, with the list of what it runs, and our pins in the place of the provider's.
func putMini(target string, s Source) error {
	mini := filepath.Join(s.Dir, "mini")
	err := copyTree(mini, filepath.Join(target, "cmd", "mini"), func(rel string) bool {
		return strings.HasSuffix(rel, ".go") && !strings.HasSuffix(rel, "_test.go")
	})
	if err != nil {
		return err
	}
	lists, err := kindLists(s)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(target, "cmd", "mini", "kinds_gen.go"), lists, 0o600),
		copyFile(filepath.Join(mini, "go.mod"), filepath.Join(target, "go.mod")),
		copyFile(filepath.Join(mini, "go.sum"), filepath.Join(target, "go.sum")),
	)
}

// module is what the go command says about one that it has downloaded.
type module struct{ Dir, Sum, Error string }

// download gets a module and checks it as the go command does: against go.sum of the directory, or the checksum database.
func download(dir, query string) (module, error) {
	cmd := exec.Command("go", "mod", "download", "-json", query) //nolint:gosec,noctx // Our own arguments; it ends with us.
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	raw, err := cmd.Output()
	var m module
	if parsed := json.Unmarshal(raw, &m); parsed != nil || err != nil {
		return m, fmt.Errorf("cannot download %s: %w: check the network and GOPROXY, then run this again", query,
			errors.Join(err, parsed, said(m.Error)))
	}
	return m, nil
}

func said(words string) error {
	if words == "" {
		return nil
	}
	return errors.New(words)
}

func set(names []string) map[string]bool {
	s := map[string]bool{}
	for _, n := range names {
		s[n] = true
	}
	return s
}
