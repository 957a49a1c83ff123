package main

import (
	"context"
	"fmt"

	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/servers"
)

// ownership is PostgreSQL's: what users create is the group's, and stays usable when a pooler made them act as themselves.
func (s *service) ownership(ctx context.Context) error {
	owner := s.login.Database + "_owner"
	got, err := s.super(ctx, "SELECT tableowner FROM pg_tables WHERE tablename = 'notes'")
	if err != nil {
		return err
	}
	s.Is("the owner of the table", owner, got)
	users, in, err := s.logins(ctx)
	if err != nil {
		return err
	}
	admin, writer, reader := in["admin"], in["writer"], in["reader"]
	s.Can(users["admin"].String(), "go on after DISCARD ALL and SET ROLE NONE, and create a table and a schema",
		all(admin, "DISCARD ALL", "SET ROLE NONE", "CREATE TABLE own (id SERIAL)", "CREATE SCHEMA apart", "CREATE TABLE apart.own (id INT)"))
	s.Can(users["writer"].String(), "insert into a table that is the admin's own", writer.do("INSERT INTO own DEFAULT VALUES"))
	s.Can(users["writer"].String(), "insert in a schema of the admin", writer.do("INSERT INTO apart.own VALUES (1)"))
	_, err = reader.text("SELECT COUNT(*) FROM apart.own")
	s.Can(users["reader"].String(), "read in a schema of the admin", err)
	s.Cannot(users["writer"].String(), "act as the owner group", writer.do(fmt.Sprintf("SET ROLE %q", owner)), refused()...)
	s.Cannot(users["reader"].String(), "act as the writer group",
		reader.do(fmt.Sprintf("SET ROLE %q", s.login.Database+"_writer")), refused()...)
	s.Cannot(users["admin"].String(), "act as the administrator", admin.do(fmt.Sprintf("SET ROLE %q", s.login.User)), refused()...)
	s.Cannot(users["writer"].String(), "create a schema", writer.do("CREATE SCHEMA mine"), refused()...)
	s.Can("Vault", "take back "+users["admin"].String()+", who owns tables", s.revoke(ctx, users["admin"]))
	if got, err = s.super(ctx, "SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables WHERE tablename = 'own'"); err != nil {
		return err
	}
	s.Is("the owner of what was the admin's own", owner, got)
	_, err = reader.text("SELECT COUNT(*) FROM own")
	s.Can(users["reader"].String(), "still read it", err)
	for _, session := range in {
		session.close()
	}
	return nil
}

// otherDatabase leaves something behind where no statement of ours reaches: the role stays, and nobody can log in as it.
func (s *service) otherDatabase(ctx context.Context) error {
	u, err := s.issue(ctx, "admin")
	if err != nil {
		return err
	}
	conn, err := s.db.Open(ctx, servers.Login{User: u.name, Password: u.password, Database: "postgres"})
	if err != nil {
		return err
	}
	in := &session{ctx, conn}
	defer in.close()
	s.Can(u.String(), "leave a large object in another database", all(in, "SET ROLE NONE", "SELECT lo_create(0)"))
	s.Can("Vault", "take back "+u.String()+" all the same", s.revoke(ctx, u))
	_, err = s.open(ctx, u)
	s.Cannot(u.String(), "log in again", err, "not permitted to log in", "password authentication failed")
	return nil
}

// definers is the MySQL family's: a view and a trigger go on when the admin who created them is gone.
func (s *service) definers(ctx context.Context) error {
	users, in, err := s.logins(ctx)
	if err != nil {
		return err
	}
	s.Can(users["admin"].String(), "create a view and a trigger", all(in["admin"], "CREATE VIEW seen AS SELECT id FROM notes",
		"CREATE TRIGGER fix BEFORE INSERT ON notes FOR EACH ROW SET NEW.text = 'fixed'"))
	s.Can("Vault", "take back "+users["admin"].String()+", who is their definer", s.revoke(ctx, users["admin"]))
	_, err = s.open(ctx, users["admin"])
	s.Cannot(users["admin"].String(), "log in again", err, "locked", "access denied")
	s.Can(users["writer"].String(), "insert, which runs the trigger", in["writer"].do("INSERT INTO notes (id) VALUES (9)"))
	_, err = in["reader"].text("SELECT COUNT(*) FROM seen")
	s.Can(users["reader"].String(), "read the view", err)
	for _, session := range in {
		session.close()
	}
	return nil
}
