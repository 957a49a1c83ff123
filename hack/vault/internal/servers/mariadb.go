package servers

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/go-sql-driver/mysql"
)

// MariaDB refuses who does not encrypt, with require_secure_transport.
type MariaDB struct {
	*Process
	port        int
	certificate *Certificate
}

// sbin has programs of Debian's that are not on everybody's PATH.
const sbin = "/usr/sbin"

// StartMariaDB makes a new server in dir and starts it.
func StartMariaDB(ctx context.Context, dir string, certificate *Certificate) (*MariaDB, error) {
	as, err := accountOf("mysql")
	if err != nil {
		return nil, err
	}
	install, err := find("mariadb-install-db", sbin)
	if err != nil {
		return nil, err
	}
	server, err := find("mariadbd", sbin)
	if err != nil {
		return nil, err
	}
	if err := fresh(dir, as); err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if err := run(ctx, dir, as, install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db",
		"--skip-name-resolve"); err != nil {
		return nil, err
	}
	if err := certificate.write(dir, as); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	m := &MariaDB{port: port, certificate: certificate}
	// A path of a socket may have 107 bytes; a relative one is below the data.
	cmd := exec.Command(server, "--no-defaults", "--datadir="+data, "--port="+strconv.Itoa(port), "--bind-address=127.0.0.1",
		"--socket=socket",
		"--pid-file="+filepath.Join(dir, "pid"), "--require-secure-transport=ON", "--ssl-cert="+filepath.Join(dir, "cert.pem"),
		"--ssl-key="+filepath.Join(dir, "key.pem"), "--ssl-ca="+filepath.Join(dir, "ca.pem"), "--innodb-flush-log-at-trx-commit=0",
		"--skip-name-resolve", "--innodb-fast-shutdown=2")
	cmd.Dir, cmd.SysProcAttr = dir, as.attributes()
	m.Process, err = start(ctx, cmd, "MariaDB", dir+".log", func(ctx context.Context) error {
		conn, err := m.Open(ctx, m.Superuser(""))
		if err != nil {
			return err
		}
		return conn.Close()
	})
	return m, err
}

// Stop implements Database. The server takes no SIGINT.
func (m *MariaDB) Stop() { m.end(syscall.SIGTERM) }

// Name implements Database.
func (m *MariaDB) Name() string { return "MariaDB" }

// Address implements Database.
func (m *MariaDB) Address() string { return address(m.port) }

// Superuser implements Database.
func (m *MariaDB) Superuser(database string) Login { return Login{User: "root", Database: database} }

// Open implements Database.
func (m *MariaDB) Open(ctx context.Context, login Login) (*sql.Conn, error) {
	config := mysql.NewConfig()
	config.Net, config.Addr, config.User, config.Passwd, config.DBName = "tcp", m.Address(), login.User, login.Password, login.Database
	// A session that is ended from outside is what the proofs are about.
	config.Logger = &mysql.NopLogger{}
	if !login.Plain {
		config.TLS = m.certificate.Client()
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, fmt.Errorf("the login is wrong: %w", err)
	}
	return keep(ctx, sql.OpenDB(connector))
}

// OpenURI implements Database. Go's driver takes no URL, so its parts are taken; who connects verifies the server by the CA bundle.
func (m *MariaDB) OpenURI(ctx context.Context, uri string) (*sql.Conn, error) {
	u, err := url.Parse(uri)
	if err != nil || u.User == nil {
		return nil, fmt.Errorf("the connection string is no URL with a user")
	}
	if u.Host != m.Address() {
		return nil, fmt.Errorf("the connection string is for %s", u.Host)
	}
	password, _ := u.User.Password()
	return m.Open(ctx, Login{User: u.User.Username(), Password: password, Database: strings.TrimPrefix(u.Path, "/")})
}

// administratorRights are those of an administrator on RDS, and no SUPER.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
const administratorRights = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, " +
	"CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, " +
	"EVENT, TRIGGER, REPLICATION SLAVE"

// Prepare implements Database. mysql.rds_kill stands for the one of RDS: it ends a session with the rights of the superuser.
func (m *MariaDB) Prepare(ctx context.Context, database, administrator, password string) error {
	conn, err := m.Open(ctx, m.Superuser(""))
	if err != nil {
		return fmt.Errorf("the superuser cannot log in: %w", err)
	}
	defer conn.Close() //nolint:errcheck // The session ends with the process at the latest.
	return all(ctx, conn,
		fmt.Sprintf("CREATE OR REPLACE USER '%s'@'%%' IDENTIFIED BY '%s'", administrator, password),
		fmt.Sprintf("GRANT %s ON *.* TO '%s'@'%%' WITH GRANT OPTION", administratorRights, administrator),
		fmt.Sprintf("CREATE OR REPLACE DATABASE `%s`", database),
		"CREATE PROCEDURE IF NOT EXISTS mysql.rds_kill(IN thread BIGINT) SQL SECURITY DEFINER KILL thread")
}
