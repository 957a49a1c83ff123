package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/translate"
)

// locked are the words of a database for a user whom Vault has taken back.
func locked() []string {
	return []string{"password authentication failed", "access denied", "locked", "not permitted to log in"}
}

// own says that the service has a mount of its own.
func (s *service) own() bool { return s.param("vault-database-mount", "path") != "" }

// levelGoes drops an access level while somebody has a user of it.
func (s *service) levelGoes(ctx context.Context, w *world) error {
	s.Section("an access level is dropped")
	u, err := s.issue(ctx, "writer")
	if err != nil {
		return err
	}
	files, err := s.files()
	if err != nil {
		return err
	}
	spec, _ := files["xr.yaml"][0]["spec"].(map[string]any)
	access, _ := spec["access"].([]any)
	spec["access"] = slices.DeleteFunc(slices.Clone(access), func(a any) bool { return translate.Text(a, "role") == "writer" })
	composed, err := s.rendered(ctx, w.root, "level", files)
	if err != nil {
		return err
	}
	s.Is("what goes", "vault-"+s.method()+"-writer vault-policy-writer vault-role-writer", strings.Join(s.missing(composed), " "))
	if err := s.remove(ctx, s.missing(composed)); err != nil {
		return err
	}
	_, err = s.root.Do(ctx, http.MethodPut, "sys/leases/renew", map[string]any{"lease_id": u.lease})
	s.Cannot(u.String(), "stay for longer than its lease", err, "could not find role")
	s.Can("Vault", "take it back at its end, by what the lease remembers", s.revoke(ctx, u))
	_, err = s.open(ctx, u)
	s.Cannot(u.String(), "log in", err, locked()...)
	_, err = s.tokens["writer"].Do(ctx, http.MethodGet, s.creds("writer"), nil)
	s.Cannot("workload of the writer", "get another user", err, "permission denied", "unknown role")
	return nil
}

// holders are two users of each level that is left, who can log in.
func (s *service) holders(ctx context.Context) ([]user, error) {
	var users []user
	for _, level := range []string{"reader", "admin", "reader", "admin"} {
		u, err := s.issue(ctx, level)
		if err != nil {
			return nil, err
		}
		in, err := s.open(ctx, u)
		s.Can(u.String(), "log in", err)
		if err == nil {
			in.close()
		}
		users = append(users, u)
	}
	return users, nil
}

func (s *service) takenBack(ctx context.Context, users []user) {
	for _, u := range users {
		_, err := s.open(ctx, u)
		s.Cannot(u.String(), "log in", err, locked()...)
	}
}

// deleted deletes the object: everything at once and nobody calls the functions, so that only what a Usage keeps stays. The mount is
// the last to be asked, which is the worst order.
func (s *service) deleted(ctx context.Context) error {
	s.Section("the object is deleted, with leases open")
	users, err := s.holders(ctx)
	if err != nil {
		return err
	}
	var kept []string
	for _, o := range s.objects {
		if strings.HasSuffix(translate.Text(o, "kind"), "Usage") && translate.Text(o, "spec", "by", "kind") == "Mount" {
			kept = append(kept, translate.Text(o, "spec", "of", "kind"))
		}
	}
	slices.Sort(kept)
	s.Note("until the mount is gone, Usages keep: %s", strings.Join(kept, ", "))
	s.Is("the way to the database is kept", "true", fmt.Sprint(slices.Contains(kept, "SecurityGroupIngressRule")))
	s.Is("the database is kept", "true", fmt.Sprint(slices.Contains(kept, "Instance") || slices.Contains(kept, "ClusterInstance")))
	var names []string
	for _, o := range s.objects {
		if name := translate.Text(o, "metadata", "annotations", resourceName); name != "vault-database-mount" {
			names = append(names, name)
		}
	}
	if err := s.remove(ctx, names); err != nil {
		return err
	}
	s.Can("Vault", fmt.Sprintf("unmount, with %d leases open", len(users)), s.remove(ctx, []string{"vault-database-mount"}))
	s.takenBack(ctx, users)
	return nil
}

// expired lets the preview expire: what is in Vault goes while the database is there, and then the database.
func (s *service) expired(ctx context.Context, w *world) error {
	s.Section("the preview expires, with leases open")
	users, err := s.holders(ctx)
	if err != nil {
		return err
	}
	files, err := s.files()
	if err != nil {
		return err
	}
	for _, o := range files["required.yaml"] {
		if status, _ := o["status"].(map[string]any); translate.Text(o, "kind") == "Environment" {
			status["phase"] = "Expired"
		}
	}
	composed, err := s.rendered(ctx, w.root, "expired", files)
	if err != nil {
		return err
	}
	gone := s.missing(composed)
	s.Is("what goes first is in Vault, and nothing else", "", strings.Join(slices.DeleteFunc(slices.Clone(gone), func(name string) bool {
		return strings.HasPrefix(name, "vault-")
	}), " "))
	s.Is("the mount is among it", "true", fmt.Sprint(slices.Contains(gone, "vault-database-mount")))
	s.Can("Vault", fmt.Sprintf("unmount, with %d leases open", len(users)), s.remove(ctx, gone))
	s.takenBack(ctx, users)
	files["observed.yaml"] = without(files["observed.yaml"], "vault-")
	steps := 0
	for ; steps < 3; steps++ {
		if composed, err = s.rendered(ctx, w.root, "expired", files); err != nil {
			return err
		}
		if s.of("database-instance") != nil && slices.Contains(s.missing(composed), "database-instance") {
			break
		}
		for _, name := range s.missing(composed) {
			files["observed.yaml"] = without(files["observed.yaml"], name)
		}
	}
	s.Is("the database goes after that", "true", fmt.Sprint(steps > 0 && steps < 3))
	return nil
}

// method is how the service's accounts log in, as the composition resource names have it.
func (s *service) method() string {
	if s.param("vault-jwt-reader", "backend") != "" {
		return "jwt"
	}
	return "auth"
}

// files are what the service was rendered from at last.
func (s *service) files() (map[string][]object, error) {
	files := map[string][]object{}
	for _, name := range []string{"xr.yaml", "required.yaml", "observed.yaml"} {
		documents, err := read(filepath.Join(s.dir, name))
		if err != nil {
			return nil, err
		}
		files[name] = documents
	}
	return files, nil
}

// rendered is what is composed once from some files.
func (s *service) rendered(ctx context.Context, root, name string, files map[string][]object) ([]object, error) {
	dir := filepath.Join(s.dir, name)
	if err := prepare(dir); err != nil {
		return nil, err
	}
	for file, documents := range files {
		if err := write(filepath.Join(dir, file), documents); err != nil {
			return nil, err
		}
	}
	return render(ctx, root, filepath.Join(dir, "xr.yaml"))
}

// missing are the names of what the service has and is not composed any more, sorted.
func (s *service) missing(composed []object) []string {
	names := func(objects []object) []string {
		var out []string
		for _, o := range objects {
			if name := translate.Text(o, "metadata", "annotations", resourceName); name != "" {
				out = append(out, name)
			}
		}
		return out
	}
	there := names(composed)
	out := slices.DeleteFunc(names(s.objects), func(name string) bool { return slices.Contains(there, name) })
	slices.Sort(out)
	return out
}

// remove does what the provider does when resources are deleted.
func (s *service) remove(ctx context.Context, names []string) error {
	for _, name := range names {
		d := translate.Deletion(s.of(name))
		if d == nil {
			continue
		}
		if _, err := s.root.Do(ctx, d.Method, d.Path, nil); err != nil && !strings.Contains(err.Error(), "no handler for route") {
			return err
		}
	}
	return nil
}
