package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/servers"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/translate"
)

// iamSQL is what the claim's status prints for a level, if anything.
func (s *service) iamSQL(level string) string {
	for _, o := range s.objects {
		users, _ := translate.At(o, "status", "iam", "users").([]any)
		for _, u := range users {
			if translate.Text(u, "role") == level {
				return translate.Text(u, "sql")
			}
		}
	}
	return ""
}

// awsPlugin is RDS's own. A password takes its place: who the users are is not what is tried here, but what they may do.
const (
	awsPlugin   = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'"
	iamPassword = "t0ken"
)

// iam runs the SQL of the status as the administrator, twice, and logs in as the users that it makes.
func (s *service) iam(ctx context.Context) error {
	if s.iamSQL("reader")+s.iamSQL("writer")+s.iamSQL("admin") == "" {
		return nil
	}
	for range 2 {
		for _, level := range levels() {
			s.Can("the administrator", "run the SQL of status.iam for the "+level, s.runIAM(ctx, level))
		}
	}
	in := map[string]*session{}
	for _, level := range levels() {
		conn, err := s.db.Open(ctx, servers.Login{User: "iam_" + level, Password: iamPassword, Database: s.login.Database})
		if err != nil {
			return fmt.Errorf("iam_%s cannot log in: %w", level, err)
		}
		in[level] = &session{ctx, conn}
	}
	defer func() {
		for _, session := range in {
			session.close()
		}
	}()
	s.Can("iam_admin", "create a table", in["admin"].do("CREATE TABLE tokens (id INT)"))
	s.Can("iam_admin", "alter a table of a user of Vault", in["admin"].do("ALTER TABLE notes ADD COLUMN iam INT"))
	s.Can("iam_writer", "insert into it", in["writer"].do("INSERT INTO tokens VALUES (1)"))
	_, err := in["reader"].text("SELECT COUNT(*) FROM tokens")
	s.Can("iam_reader", "read it", err)
	s.Cannot("iam_writer", "create a table", in["writer"].do("CREATE TABLE mine (id INT)"), refused()...)
	s.Cannot("iam_writer", "drop a table", in["writer"].do("DROP TABLE tokens"), refused()...)
	s.Cannot("iam_reader", "insert", in["reader"].do("INSERT INTO tokens VALUES (2)"), refused()...)
	u, err := s.issue(ctx, "writer")
	if err != nil {
		return err
	}
	vaults, err := s.open(ctx, u)
	if err != nil {
		return err
	}
	defer vaults.close()
	s.Can(u.String(), "insert into the table of iam_admin", vaults.do("INSERT INTO tokens VALUES (3)"))
	if s.db.Name() != "PostgreSQL" {
		return nil
	}
	members, err := s.super(ctx, "SELECT count(*)::text FROM pg_auth_members JOIN pg_roles r ON r.oid = roleid "+
		"WHERE rolname LIKE 'iam\\_%' AND member = (SELECT oid FROM pg_roles WHERE rolname = '"+s.login.User+"')")
	s.Is("number of IAM users that the administrator is a member of", "0", members)
	return err
}

// runIAM runs the SQL of a level and gives the user a password.
func (s *service) runIAM(ctx context.Context, level string) error {
	conn, err := s.db.Open(ctx, s.login)
	if err != nil {
		return err
	}
	administrator := &session{ctx, conn}
	defer administrator.close()
	text := s.iamSQL(level)
	if s.db.Name() != "PostgreSQL" {
		text = strings.ReplaceAll(text, awsPlugin, "IDENTIFIED BY '"+iamPassword+"'")
		return all(administrator, strings.Split(strings.TrimSuffix(strings.TrimSpace(text), ";"), ";\n")...)
	}
	return all(administrator, text, fmt.Sprintf("ALTER ROLE iam_%s PASSWORD '%s'", level, iamPassword))
}
