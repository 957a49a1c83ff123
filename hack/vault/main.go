// Command vault proves the Vault resources that we compose: it applies them to a real Vault beside a real PostgreSQL and a real
// MariaDB, and logs in with what Vault issues. Everything is on loopback and gone afterwards.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/identity"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/report"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/servers"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/translate"
)

func main() {
	root := flag.String("root", ".", "root of the repository")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "usage: vault [--root DIR] [EXAMPLE...]\n\n"+
			"EXAMPLE is the directory of an example with dynamic credentials, relative to the root; each gets all three levels.\n"+
			"Without one, PostgreSQL, the MySQL family and static credentials are proven.\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := prove(ctx, *root, flag.Args())
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "\nerror: %v\n", err)
		os.Exit(1)
	}
}

// prove runs every scenario and fails when anything did not end as it has to.
func prove(ctx context.Context, root string, examples []string) error {
	begin, out := time.Now(), report.New(os.Stdout)
	root, err := filepath.Abs(root)
	if err != nil {
		return fmt.Errorf("cannot find the root: %w", err)
	}
	todo := scenarios()
	if len(examples) > 0 {
		todo = nil
		for _, example := range examples {
			todo = append(todo, scenario{filepath.Base(example), example, everyLevel, false, issuerLanding})
		}
	}
	w, err := start(ctx, root)
	if err != nil {
		return err
	}
	defer w.stop()
	fmt.Printf("Vault, %s and %s answer after %.1f s\n", w.postgres.Name(), w.mariadb.Name(), time.Since(begin).Seconds())
	if err := w.land(ctx, out); err != nil {
		return err
	}
	for i, s := range todo {
		if err := w.prove(ctx, s, i, out); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if w.last != nil {
		if err := w.leave(ctx, w.last, out); err != nil {
			return err
		}
	}
	if err := out.Err(); err != nil {
		return err
	}
	fmt.Printf("\ne2e-vault: %d attempts of %d scenarios ended as they have to, %.0f s\n", out.Tried(), len(todo), time.Since(begin).Seconds())
	return nil
}

// world is what runs.
type world struct {
	root, dir string
	postgres  servers.Database
	mariadb   servers.Database
	vault     *servers.Vault
	issuer    *identity.Issuer
	// certificate of all servers; other is one that they do not have.
	certificate, other *servers.Certificate
	// server is the address of the API server that we play.
	server string
	// landings are the environments.
	landings map[string]landing
	// last is a service in an environment from before.
	last *service
	// neighbours are the paths of the services before.
	neighbours []string
	stops      []func()
}

func (w *world) stop() {
	for _, stop := range w.stops {
		stop()
	}
}

func start(ctx context.Context, root string) (_ *world, err error) {
	w := &world{root: root, dir: filepath.Join(root, "_output", "vault"), landings: map[string]landing{}}
	defer func() {
		if err != nil {
			w.stop()
		}
	}()
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return nil, fmt.Errorf("cannot make %s: %w", w.dir, err)
	}
	if w.certificate, err = servers.NewCertificate(); err != nil {
		return nil, err
	}
	if w.other, err = servers.NewCertificate(); err != nil {
		return nil, err
	}
	if w.vault, err = servers.StartVault(ctx, filepath.Join(root, "_output", "bin", "vault"), filepath.Join(w.dir, "vault")); err != nil {
		return nil, err
	}
	w.stops = append(w.stops, w.vault.Stop)
	if w.postgres, err = servers.StartPostgres(ctx, filepath.Join(w.dir, "postgresql"), w.certificate); err != nil {
		return nil, err
	}
	w.stops = append(w.stops, w.postgres.Stop)
	if w.mariadb, err = servers.StartMariaDB(ctx, filepath.Join(w.dir, "mariadb"), w.certificate); err != nil {
		return nil, err
	}
	w.stops = append(w.stops, w.mariadb.Stop)
	if w.issuer, err = identity.New(); err != nil {
		return nil, err
	}
	pair, err := w.certificate.Pair()
	if err != nil {
		return nil, err
	}
	reviewer := w.issuer.Serve(pair)
	w.stops = append(w.stops, reviewer.Close)
	w.server = reviewer.URL
	return w, nil
}

// prove composes a scenario, applies it and tries everything.
func (w *world) prove(ctx context.Context, sc scenario, number int, out *report.Report) error {
	out.Section("%s: %s", sc.name, sc.example)
	dir := filepath.Join(w.dir, fmt.Sprintf("scenario-%d", number))
	objects, err := sc.compose(ctx, w.root, dir, w.landings[sc.landing].vault)
	if err != nil {
		return err
	}
	s, err := newService(objects, w.vault, w.postgres, w.issuer, out)
	if err != nil {
		return err
	}
	s.dir, s.ca = dir, string(w.certificate.CA)
	if strings.HasPrefix(s.entry["uri"], "mysql:") || strings.HasPrefix(s.entry["uri"], "mariadb:") {
		s.db = w.mariadb
	}
	local := translate.Local{Address: s.db.Address(), Password: s.login.Password, CA: s.ca}
	if err := s.apply(ctx, local); err != nil {
		return err
	}
	if err := s.prove(ctx, w, sc.used); err != nil {
		return err
	}
	if err := s.unlogged(w); err != nil {
		return err
	}
	switch {
	case !s.has("reader"):
		return nil
	case !s.own():
		w.last = s
		return s.levelGoes(ctx, w)
	}
	if err := s.levelGoes(ctx, w); err != nil {
		return err
	}
	if translate.Text(s.of("database-instance"), "kind") != "" && sc.preview(w.root) {
		return s.expired(ctx, w)
	}
	return s.deleted(ctx)
}
