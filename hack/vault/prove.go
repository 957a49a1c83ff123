package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/servers"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/translate"
)

// prove tries everything that the service's credentials are for, and what they are not for.
func (s *service) prove(ctx context.Context, w *world, used bool) error {
	if err := s.identities(ctx); err != nil {
		return err
	}
	if !s.has("reader") && !s.has("writer") && !s.has("admin") {
		return s.static(ctx, w)
	}
	first := s.firstLeases
	if used {
		first = s.earlier
	}
	proofs := []func(context.Context) error{first, s.rights, s.renewal, s.revocation, s.gone, s.dynamicURI, s.rotation}
	if s.db.Name() == "PostgreSQL" {
		proofs = append(proofs, s.ownership, s.otherDatabase)
	} else {
		proofs = append(proofs, s.definers)
	}
	for _, proof := range proofs {
		if err := proof(ctx); err != nil {
			return err
		}
	}
	if err := s.iam(ctx); err != nil {
		return err
	}
	s.policies(ctx, w)
	if err := s.transport(ctx, w); err != nil {
		return err
	}
	return s.logs(ctx, w)
}

// unlogged looks for every password that Vault has issued, in all that the servers and Vault have written.
func (s *service) unlogged(w *world) error {
	leaks := 0
	for name, password := range s.issued {
		found, err := w.logged(password)
		if err != nil {
			return err
		}
		if found != "" {
			leaks++
			s.Note("the password of %s is in %s", name, found)
		}
	}
	s.Is(fmt.Sprintf("passwords in files, of %d that were issued", len(s.issued)), "0", fmt.Sprint(leaks))
	return nil
}

// logins issues a user of each level and logs them in.
func (s *service) logins(ctx context.Context) (map[string]user, map[string]*session, error) {
	users, sessions := map[string]user{}, map[string]*session{}
	for _, level := range levels() {
		u, err := s.issue(ctx, level)
		if err != nil {
			return nil, nil, err
		}
		users[level] = u
		if sessions[level], err = s.open(ctx, u); err != nil {
			return nil, nil, fmt.Errorf("%s cannot log in: %w", u, err)
		}
	}
	return users, sessions, nil
}

// refused are the words of PostgreSQL and of MariaDB when somebody lacks a right.
func refused() []string {
	return []string{"permission denied", "must be owner", "command denied", "access denied"}
}

// rights are those of the three levels on a table that is newer than the users.
func (s *service) rights(ctx context.Context) error {
	users, in, err := s.logins(ctx)
	if err != nil {
		return err
	}
	reader, writer, admin := users["reader"].String(), users["writer"].String(), users["admin"].String()
	s.Can(admin, "create a table, after the reader and the writer logged in", in["admin"].do("CREATE TABLE notes (id INT)"))
	s.Can(admin, "alter it", in["admin"].do("ALTER TABLE notes ADD COLUMN text VARCHAR(20)"))
	s.Can(writer, "insert into it", in["writer"].do("INSERT INTO notes VALUES (1, 'a'), (2, 'b')"))
	s.Can(writer, "update it", in["writer"].do("UPDATE notes SET text = 'c' WHERE id = 1"))
	s.Can(writer, "delete from it", in["writer"].do("DELETE FROM notes WHERE id = 2"))
	s.Can(writer, "make a temporary table", in["writer"].do("CREATE TEMPORARY TABLE scratch (id INT)"))
	count, err := in["reader"].text("SELECT COUNT(*) FROM notes")
	s.Can(reader, "read it", err)
	s.Is("rows that the reader sees", "1", count)
	for who, in := range map[string]*session{writer: in["writer"], reader: in["reader"]} {
		for what, statement := range map[string]string{
			"create a table": "CREATE TABLE mine (id INT)", "alter a table": "ALTER TABLE notes ADD COLUMN more INT",
			"drop a table": "DROP TABLE notes", "empty a table": "TRUNCATE TABLE notes", "create a view": "CREATE VIEW v AS SELECT 1",
			"create a user": createUser(s.db),
		} {
			s.Cannot(who, what, in.do(statement), refused()...)
		}
	}
	for what, statement := range map[string]string{
		"insert": "INSERT INTO notes VALUES (3, 'd')", "update": "UPDATE notes SET id = 4", "delete": "DELETE FROM notes",
		"make a temporary table": "CREATE TEMPORARY TABLE scratch (id INT)",
	} {
		s.Cannot(reader, what, in["reader"].do(statement), refused()...)
	}
	s.Cannot(admin, "create a user", in["admin"].do(createUser(s.db)), refused()...)
	s.Can(admin, "drop a table of theirs", all(in["admin"], "CREATE TABLE passing (id INT)", "DROP TABLE passing"))
	for _, level := range levels() {
		in[level].close()
	}
	another, err := s.issue(ctx, "admin")
	if err != nil {
		return err
	}
	second, err := s.open(ctx, another)
	if err != nil {
		return err
	}
	defer second.close()
	s.Can("another "+another.String(), "alter the table of the first one", second.do("ALTER TABLE notes ADD COLUMN another INT"))
	return nil
}

func createUser(db servers.Database) string {
	if db.Name() == "PostgreSQL" {
		return `CREATE ROLE intruder LOGIN`
	}
	return `CREATE USER 'intruder'@'%'`
}

func all(in *session, statements ...string) error {
	for _, statement := range statements {
		if err := in.do(statement); err != nil {
			return err
		}
	}
	return nil
}

// super runs a query as the superuser.
func (s *service) super(ctx context.Context, query string) (string, error) {
	conn, err := s.db.Open(ctx, s.db.Superuser(s.login.Database))
	if err != nil {
		return "", err
	}
	in := &session{ctx, conn}
	defer in.close()
	return in.text(query)
}

// dynamicURI puts issued credentials into the connection string of the KV entry.
func (s *service) dynamicURI(ctx context.Context) error {
	u, err := s.issue(ctx, "reader")
	if err != nil {
		return err
	}
	return s.connect(ctx, "reader", url.UserPassword(u.name, u.password))
}

// connect logs in with the connection string that a workload reads. Its host is RDS's, so host and port are replaced.
func (s *service) connect(ctx context.Context, level string, credentials *url.Userinfo) error {
	answer, err := s.tokens[level].Do(ctx, http.MethodGet, s.path, nil)
	if err != nil {
		return err
	}
	uri := translate.Text(answer.Data, "data", "uri")
	u, err := url.Parse(uri)
	if err != nil {
		return fmt.Errorf("uri of the KV entry: %w", err)
	}
	s.Note("uri of the KV entry: %s, host and port replaced", u.Redacted())
	u.Host = s.db.Address()
	if credentials != nil {
		s.Is("the uri holds credentials", "false", fmt.Sprint(u.User != nil))
		u.User = credentials
	}
	conn, err := s.db.OpenURI(ctx, u.String())
	s.Can(level+"'s workload", "connect with the uri of the KV entry", err)
	if err == nil {
		return conn.Close()
	}
	return nil
}

// static has the administrator's credentials in the entry and nothing else.
func (s *service) static(ctx context.Context, w *world) error {
	for _, level := range levels() {
		if s.tokens[level] == nil {
			continue
		}
		if err := s.connect(ctx, level, nil); err != nil {
			return err
		}
		break
	}
	s.policies(ctx, w)
	for _, o := range s.objects {
		if kind := translate.Text(o, "kind"); strings.HasPrefix(kind, "SecretBackend") {
			s.Is("what is composed with static credentials", "no "+kind, kind)
		}
	}
	s.Is("a connection of Vault to the database with static credentials", "", s.param("vault-connection", "name"))
	return nil
}
