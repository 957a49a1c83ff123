package servers

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"strconv"
)

// Login is how somebody logs in to a database.
type Login struct {
	// User and Password of whoever logs in.
	User, Password string
	// Database to connect to.
	Database string
	// Plain does without TLS.
	Plain bool
}

// Database is a server of either family.
type Database interface {
	// Name of the product.
	Name() string
	// Address is host:port.
	Address() string
	// Open logs in over TLS, with one connection that stays.
	Open(ctx context.Context, login Login) (*sql.Conn, error)
	// OpenURI logs in as a connection string says, whose host is this server already. It verifies the server.
	OpenURI(ctx context.Context, uri string) (*sql.Conn, error)
	// Superuser of the server, whom RDS keeps for itself.
	Superuser(database string) Login
	// Prepare makes an empty database and an administrator with the rights that RDS gives one.
	Prepare(ctx context.Context, database, administrator, password string) error
	// Stop ends the server.
	Stop()
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// keep holds one connection of a pool, so that closing it ends the session and the pool.
func keep(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(0)
	conn, err := db.Conn(ctx)
	if err != nil {
		db.Close() //nolint:errcheck // There is nothing to close.
		return nil, err
	}
	return conn, nil
}

// all runs statements until one fails.
func all(ctx context.Context, conn *sql.Conn, statements ...string) error {
	for _, statement := range statements {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
