package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/servers"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/translate"
)

// earlier are what the administrator created while credentials were static. One table is in use when the first user is issued.
func (s *service) earlier(ctx context.Context) error {
	conn, err := s.db.Open(ctx, s.login)
	if err != nil {
		return err
	}
	administrator := &session{ctx, conn}
	defer administrator.close()
	if err := all(administrator, "CREATE TABLE earlier (id INT)", "CREATE TABLE busy (id INT)", "BEGIN",
		"INSERT INTO busy VALUES (1)"); err != nil {
		return err
	}
	u, err := s.issue(ctx, "reader")
	s.Can("workload of the reader", "get a first user while a table is in use", err)
	if err != nil {
		return err
	}
	in, err := s.open(ctx, u)
	if err != nil {
		return err
	}
	defer in.close()
	_, err = in.text("SELECT COUNT(*) FROM earlier")
	s.Can(u.String(), "read a table that the administrator created before", err)
	if err := administrator.do("COMMIT"); err != nil {
		return err
	}
	if u, err = s.issue(ctx, "admin"); err != nil {
		return err
	}
	admin, err := s.open(ctx, u)
	if err != nil {
		return err
	}
	defer admin.close()
	for _, table := range []string{"earlier", "busy"} {
		s.Can(u.String(), "alter the administrator's table "+table, admin.do("ALTER TABLE "+table+" ADD COLUMN more INT"))
	}
	_, err = administrator.text("SELECT COUNT(*) FROM earlier")
	s.Can("the administrator", "still read it", err)
	return nil
}

// twin is the suffix of a second connection with roles of its own. Vault asks one connection for one user at a time; two are as two
// Vaults that know nothing of each other.
const twin = "-twin"

func (s *service) twins(ctx context.Context) error {
	requests, err := translate.Requests(s.objects, translate.Local{Address: s.db.Address(), Password: s.login.Password, CA: s.ca})
	if err != nil {
		return err
	}
	for _, r := range requests {
		switch {
		case strings.Contains(r.Path, "/config/"):
			r.Body["allowed_roles"] = []string{"*"}
		case strings.Contains(r.Path, "/roles/"):
			r.Body["db_name"] = fmt.Sprint(r.Body["db_name"]) + twin
		default:
			continue
		}
		if _, err := s.root.Do(ctx, r.Method, r.Path+twin, r.Body); err != nil {
			return err
		}
	}
	return nil
}

// firstLeases asks for users all at once, of two connections, while the database knows nothing of them yet.
func (s *service) firstLeases(ctx context.Context) error {
	const leases = 20
	if err := s.twins(ctx); err != nil {
		return err
	}
	var wait sync.WaitGroup
	users := make([]user, leases)
	errs := make([]error, leases)
	for i := range leases {
		wait.Go(func() {
			level := levels()[i%3]
			if i%2 == 0 {
				users[i], errs[i] = s.issue(ctx, level)
				return
			}
			var answer *servers.Answer
			if answer, errs[i] = s.root.Do(ctx, http.MethodGet, s.creds(level)+twin, nil); errs[i] == nil {
				users[i] = user{level: level, lease: answer.LeaseID}
			}
		})
	}
	wait.Wait()
	failed := errors.Join(errs...)
	s.Can("workloads", fmt.Sprintf("get %d first users at once", leases), failed)
	if failed != nil {
		return nil
	}
	for i, u := range users {
		wait.Go(func() { errs[i] = s.revoke(ctx, u) })
	}
	wait.Wait()
	s.Can("Vault", fmt.Sprintf("take back %d users at once", leases), errors.Join(errs...))
	return nil
}

// renewal moves the end of the user's time; the MySQL family knows none.
func (s *service) renewal(ctx context.Context) error {
	u, err := s.issue(ctx, "reader")
	if err != nil {
		return err
	}
	query := "SELECT extract(epoch FROM rolvaliduntil)::bigint::text FROM pg_roles WHERE rolname = '" + u.name + "'"
	before, after := "", ""
	if s.db.Name() == "PostgreSQL" {
		if before, err = s.super(ctx, query); err != nil {
			return err
		}
	}
	_, err = s.tokens["reader"].Do(ctx, http.MethodPut, "sys/leases/renew", map[string]any{"lease_id": u.lease, "increment": 7200})
	s.Can("workload of the reader", "renew its lease", err)
	if s.db.Name() != "PostgreSQL" {
		return nil
	}
	if after, err = s.super(ctx, query); err != nil {
		return err
	}
	s.Is("the end of the reader's time after the renewal is later than before", "true", fmt.Sprint(after > before))
	return nil
}

// rotation changes the administrator's password by hand, as the claim's status says: in the Secret, which the database's provider and
// Vault's provider both follow. Vault keeps what it has until its provider has told it, and tries the new one before it keeps it.
func (s *service) rotation(ctx context.Context) error {
	const another = "An0ther-Master+Passw0rd"
	tell := func(password string) error {
		requests, err := translate.Requests(s.objects, translate.Local{Address: s.db.Address(), Password: password, CA: s.ca})
		if err != nil {
			return err
		}
		for _, r := range requests {
			if strings.Contains(r.Path, "/config/") {
				_, err = s.root.Do(ctx, r.Method, r.Path, r.Body)
			}
		}
		return err
	}
	s.Cannot("Vault", "take the administrator's next password before the database has it", tell(another),
		"error verifying connection", "error verifying - ping")
	_, err := s.issue(ctx, "reader")
	s.Can("workload of the reader", "get a user all the same", err)
	if err := s.setPassword(ctx, another); err != nil {
		return err
	}
	s.Can("Vault", "take it when the database has it", tell(another))
	u, err := s.issue(ctx, "reader")
	s.Can("workload of the reader", "get a user by it", err)
	if err == nil {
		s.Can("Vault", "take back "+u.String(), s.revoke(ctx, u))
	}
	if err := s.setPassword(ctx, s.login.Password); err != nil {
		return err
	}
	return tell(s.login.Password)
}

// setPassword of the administrator, as RDS does when its provider has another one.
func (s *service) setPassword(ctx context.Context, password string) error {
	conn, err := s.db.Open(ctx, s.db.Superuser(s.login.Database))
	if err != nil {
		return err
	}
	in := &session{ctx, conn}
	defer in.close()
	if s.db.Name() == "PostgreSQL" {
		return in.do(fmt.Sprintf("ALTER ROLE %q PASSWORD '%s'", s.login.User, password))
	}
	return in.do(fmt.Sprintf("ALTER USER '%s'@'%%' IDENTIFIED BY '%s'", s.login.User, password))
}

// revoke takes a lease back and waits until it is.
func (s *service) revoke(ctx context.Context, u user) error {
	_, err := s.root.Do(ctx, http.MethodPut, "sys/leases/revoke", map[string]any{"lease_id": u.lease, "sync": true})
	return err
}

// revocation ends every session of the user, and what the user created stays.
func (s *service) revocation(ctx context.Context) error {
	for _, level := range []string{"writer", "admin"} {
		u, err := s.issue(ctx, level)
		if err != nil {
			return err
		}
		var sessions []*session
		for range 3 {
			in, err := s.open(ctx, u)
			if err != nil {
				return err
			}
			sessions = append(sessions, in)
		}
		if level == "admin" {
			s.Can(u.String(), "create a table that is to stay", sessions[0].do("CREATE TABLE kept (id INT)"))
		}
		s.Can("Vault", "take back "+u.String()+" with 3 open sessions", s.revoke(ctx, u))
		for i, in := range sessions {
			s.Cannot(u.String(), fmt.Sprintf("go on in session %d", i+1), in.do("SELECT 1"),
				"terminat", "closed", "bad connection", "invalid connection", "eof", "reset", "broken pipe", "killed")
			in.close()
		}
		_, err = s.open(ctx, u)
		s.Cannot(u.String(), "log in again", err, "password authentication failed", "access denied", "locked")
	}
	u, err := s.issue(ctx, "reader")
	if err != nil {
		return err
	}
	in, err := s.open(ctx, u)
	if err != nil {
		return err
	}
	defer in.close()
	_, err = in.text("SELECT COUNT(*) FROM kept")
	s.Can(u.String(), "read the table of the admin who is gone", err)
	return nil
}

// gone revokes a user whom somebody has dropped by hand.
func (s *service) gone(ctx context.Context) error {
	u, err := s.issue(ctx, "reader")
	if err != nil {
		return err
	}
	conn, err := s.db.Open(ctx, s.db.Superuser(s.login.Database))
	if err != nil {
		return err
	}
	in := &session{ctx, conn}
	defer in.close()
	drop := fmt.Sprintf(`DROP USER '%s'@'%%'`, u.name)
	if s.db.Name() == "PostgreSQL" {
		drop = fmt.Sprintf(`DROP ROLE %q`, u.name)
	}
	if err := in.do(drop); err != nil {
		return err
	}
	s.Can("Vault", "take back "+u.String()+", whom somebody has dropped", s.revoke(ctx, u))
	return nil
}
