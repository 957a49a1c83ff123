package servers

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// superuser and its password, of both servers.
const (
	superuser         = "rdsadmin"
	superuserPassword = "superuser"
)

// Postgres is a PostgreSQL that refuses who does not encrypt, as with rds.force_ssl.
type Postgres struct {
	*Process
	port        int
	certificate *Certificate
}

// StartPostgres makes a new cluster in dir and starts it.
func StartPostgres(ctx context.Context, dir string, certificate *Certificate) (*Postgres, error) {
	as, err := accountOf("postgres")
	if err != nil {
		return nil, err
	}
	initdb, err := find("initdb", "/usr/lib/postgresql/*/bin")
	if err != nil {
		return nil, err
	}
	if resolved, err := filepath.EvalSymlinks(initdb); err == nil {
		initdb = resolved
	}
	if err := fresh(dir, as); err != nil {
		return nil, err
	}
	data, password := filepath.Join(dir, "data"), filepath.Join(dir, "password")
	if err := os.WriteFile(password, []byte(superuserPassword), 0o600); err != nil {
		return nil, fmt.Errorf("cannot write the password: %w", err)
	}
	if err := as.own(password); err != nil {
		return nil, err
	}
	if err := run(ctx, dir, as, initdb, "-D", data, "-U", superuser, "--pwfile="+password, "--auth=scram-sha-256", "--no-sync",
		"-E", "UTF8"); err != nil {
		return nil, err
	}
	if err := certificate.write(dir, as); err != nil {
		return nil, err
	}
	hba := filepath.Join(data, "pg_hba.conf")
	if err := os.WriteFile(hba, []byte("hostssl all all 127.0.0.1/32 scram-sha-256\n"), 0o600); err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", hba, err)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	p := &Postgres{port: port, certificate: certificate}
	cmd := exec.Command(filepath.Join(filepath.Dir(initdb), "postgres"), "-D", data, "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "ssl=on", "-c", "fsync=off",
		"-c", "ssl_cert_file="+filepath.Join(dir, "cert.pem"), "-c", "ssl_key_file="+filepath.Join(dir, "key.pem"))
	cmd.Dir, cmd.SysProcAttr = dir, as.attributes()
	p.Process, err = start(ctx, cmd, "PostgreSQL", dir+".log", func(ctx context.Context) error {
		conn, err := p.Open(ctx, p.Superuser("postgres"))
		if err != nil {
			return err
		}
		return conn.Close()
	})
	return p, err
}

// Name implements Database.
func (p *Postgres) Name() string { return "PostgreSQL" }

// Address implements Database.
func (p *Postgres) Address() string { return address(p.port) }

// Superuser implements Database.
func (p *Postgres) Superuser(database string) Login {
	return Login{User: superuser, Password: superuserPassword, Database: database}
}

// Open implements Database.
func (p *Postgres) Open(ctx context.Context, login Login) (*sql.Conn, error) {
	u := url.URL{Scheme: "postgresql", User: url.UserPassword(login.User, login.Password), Host: p.Address(), Path: "/" + login.Database}
	config, err := pgx.ParseConfig(u.String() + "?sslmode=disable")
	if err != nil {
		return nil, fmt.Errorf("the login is wrong: %w", err)
	}
	// Several statements may stand in one text, as in what a person pastes.
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	if !login.Plain {
		config.TLSConfig = p.certificate.Client()
	}
	return keep(ctx, stdlib.OpenDB(*config))
}

// OpenURI implements Database.
func (p *Postgres) OpenURI(ctx context.Context, uri string) (*sql.Conn, error) {
	config, err := pgx.ParseConfig(uri)
	if err != nil {
		return nil, fmt.Errorf("the connection string is wrong: %w", err)
	}
	if config.TLSConfig == nil || config.TLSConfig.InsecureSkipVerify {
		return nil, fmt.Errorf("the connection string does not verify the server")
	}
	config.TLSConfig.RootCAs = p.certificate.Client().RootCAs
	return keep(ctx, stdlib.OpenDB(*config))
}

// Prepare implements Database: LOGIN, CREATEROLE and CREATEDB, the owner of the database, not a superuser.
func (p *Postgres) Prepare(ctx context.Context, database, administrator, password string) error {
	conn, err := p.Open(ctx, p.Superuser("postgres"))
	if err != nil {
		return fmt.Errorf("the superuser cannot log in: %w", err)
	}
	defer conn.Close() //nolint:errcheck // The session ends with the process at the latest.
	const unless = "DO $$ BEGIN CREATE ROLE %q %s; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
	return all(ctx, conn,
		fmt.Sprintf("DROP DATABASE IF EXISTS %q WITH (FORCE)", database),
		fmt.Sprintf(unless, administrator, "LOGIN CREATEROLE CREATEDB"),
		fmt.Sprintf(unless, "rds_iam", "NOLOGIN"),
		fmt.Sprintf("GRANT rds_iam TO %q WITH ADMIN OPTION", administrator),
		fmt.Sprintf("ALTER ROLE %q PASSWORD '%s'", administrator, password),
		fmt.Sprintf("CREATE DATABASE %q OWNER %q", database, administrator))
}
